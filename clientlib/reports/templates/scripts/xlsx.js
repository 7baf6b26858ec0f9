// A table as an Excel workbook: parts of XML in a ZIP without compression. Text is inline text,
// which Excel never takes for a formula; numbers, shares and days keep their kind.
const Xlsx = (() => {
  "use strict";
  const LONGEST_CELL = 32767;
  const DAY_MS = 86400000;
  const DAY_ZERO = Date.UTC(1899, 11, 30);
  const FIRST_DAY = "1900-03-01"; // Excel counts a day in 1900 that there was not
  const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
  const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

  // ---- text that XML can hold -----------------------------------------------------------------
  const legal = (text) => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
  const escape = (text) => legal(text).replace(/[&<>"]/g, (sign) => ENTITIES[sign]);
  const cutCell = (text) => legal(text.slice(0, LONGEST_CELL));
  // Excel reads _x000D_ as a character by its number, unless the underscore is written so itself.
  const plain = (text) => escape(cutCell(text).replace(/_(?=x[0-9a-f]{4}_)/gi, "_x005F_"));
  const sheetName = (caption) => {
    const words = legal(caption).replace(/[[\]:*?/\\\p{Cc}\p{Cf}]+/gu, " ").replace(/\s+/g, " ");
    const cut = legal(words.trim().slice(0, 31)).replace(/^'+|'+$/g, "").trim();
    return !cut || /^history$/i.test(cut) ? "Table" : cut;
  };

  // ---- the sheet ------------------------------------------------------------------------------
  const formatOf = ({ kind, decimals }) => {
    const places = decimals ? `.${"0".repeat(decimals)}` : "";
    if (kind === "date") return "yyyy\\-mm\\-dd";
    if (kind === "percent") return `0${places}%`;
    return kind === "text" ? "General" : `#,##0${places}`;
  };
  const letterOf = (place) => (place < 26 ? "" : letterOf(Math.floor(place / 26) - 1)) + String.fromCharCode(65 + (place % 26));
  const dayNumber = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && text >= FIRST_DAY ? (Date.parse(`${text}T00:00Z`) - DAY_ZERO) / DAY_MS : NaN);
  const numberOf = (value, column) => (column.kind === "date" && value !== null ? dayNumber(value) : value);

  const writeText = (at, text, style) => `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${plain(text)}</t></is></c>`;
  const writeCell = ({ value }, column, place, line) => {
    const at = `${letterOf(place)}${line}`;
    const number = numberOf(value, column);
    if (value === null) return "";
    return Number.isFinite(number) ? `<c r="${at}" s="${place + 2}"><v>${number}</v></c>` : writeText(at, value, 0);
  };
  const widthOf = ({ kind, text }, longest) => Math.min(Math.max(kind === "text" ? longest : 12, text.length / 1.5, 8), 60);

  const writeSheet = ({ columns, rows }) => {
    const longest = columns.map((_, place) => Math.max(0, ...rows.map((cells) => String(cells[place].value ?? "").length)));
    const widths = columns.map((column, k) => `<col min="${k + 1}" max="${k + 1}" width="${widthOf(column, longest[k])}" customWidth="1"/>`);
    const heads = columns.map((column, place) => writeText(`${letterOf(place)}1`, column.text, 1));
    const lines = rows.map((cells, k) => `<row r="${k + 2}">${cells.map((cell, place) => writeCell(cell, columns[place], place, k + 2)).join("")}</row>`);
    const pane = '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>';
    return `<worksheet xmlns="${MAIN}"><sheetViews>${pane}</sheetViews><cols>${widths.join("")}</cols>`
      + `<sheetData><row r="1">${heads.join("")}</row>${lines.join("")}</sheetData>`
      + `<autoFilter ref="A1:${letterOf(columns.length - 1)}${rows.length + 1}"/></worksheet>`;
  };

  const writeStyles = (columns) => {
    const formats = columns.map((column, k) => `<numFmt numFmtId="${164 + k}" formatCode="${escape(formatOf(column))}"/>`);
    const styles = columns.map((_, k) => `<xf numFmtId="${164 + k}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`);
    const font = (inner) => `<font>${inner}<sz val="11"/><name val="Calibri"/></font>`;
    const fills = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>';
    return `<styleSheet xmlns="${MAIN}"><numFmts count="${columns.length}">${formats.join("")}</numFmts>`
      + `<fonts count="2">${font("")}${font("<b/>")}</fonts><fills count="2">${fills}</fills>`
      + '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
      + `<cellXfs count="${columns.length + 2}"><xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/>${styles.join("")}</cellXfs>`
      + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
  };

  // ---- the package ----------------------------------------------------------------------------
  const relations = (items) => `<Relationships xmlns="${PACKAGE}/relationships">${items.map(([kind, target], k) =>
    `<Relationship Id="rId${k + 1}" Type="${DOCUMENT}/${kind}" Target="${target}"/>`).join("")}</Relationships>`;
  const override = (part, kind) => `<Override PartName="/xl/${part}.xml" ContentType="${TYPE}.${kind}+xml"/>`;
  const writeParts = (table) => ({
    "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
      + `${override("workbook", "sheet.main")}${override("worksheets/sheet1", "worksheet")}${override("styles", "styles")}</Types>`,
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets><sheet name="${escape(sheetName(table.caption))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations([["worksheet", "worksheets/sheet1.xml"], ["styles", "styles.xml"]]),
    "xl/styles.xml": writeStyles(table.columns),
    "xl/worksheets/sheet1.xml": writeSheet(table),
  });

  // ---- the ZIP --------------------------------------------------------------------------------
  const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    return sum;
  });
  const crc32 = (bytes) => (bytes.reduce((sum, byte) => CRC_TABLE[(sum ^ byte) & 255] ^ (sum >>> 8), -1) ^ -1) >>> 0;
  // Numbers of so many bytes, the lowest byte first.
  const pack = (...fields) => Uint8Array.from(fields.flatMap(([size, value]) => Array.from({ length: size }, (_, k) => (value >>> (8 * k)) & 255)));
  const join = (chunks) => {
    const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    chunks.reduce((at, chunk) => (whole.set(chunk, at), at + chunk.length), 0);
    return whole;
  };
  const UTF8 = 0x0800;
  const DAY_ONE = 0x21; // 1 January 1980, where the time of ZIP begins: the same table, the same bytes
  const describe = (name, bytes) => [[2, 20], [2, UTF8], [2, 0], [2, 0], [2, DAY_ONE], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]];

  const zip = (parts) => {
    const local = [];
    const central = [];
    let at = 0;
    for (const [part, text] of Object.entries(parts)) {
      const [name, bytes] = [part, HEADER + text].map((words) => new TextEncoder().encode(words));
      const head = pack([4, 0x04034b50], ...describe(name, bytes));
      local.push(head, name, bytes);
      central.push(pack([4, 0x02014b50], [2, 20], ...describe(name, bytes), [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), name);
      at += head.length + name.length + bytes.length;
    }
    const count = Object.keys(parts).length;
    const listed = join(central);
    return join([...local, listed, pack([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, listed.length], [4, at], [2, 0])]);
  };

  return { write: (table) => zip(writeParts(table)), type: `${TYPE}.sheet` };
})();
