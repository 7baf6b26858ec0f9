// A table as CSV by RFC 4180, with a mark of UTF-8 for Excel; no cell of text is a formula.
const Csv = (() => {
  "use strict";
  const guard = (text) => (/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text);
  const quote = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const field = ({ value, raw }) => (value === null ? "" : typeof value === "number" ? raw : quote(guard(value)));

  const write = ({ columns, rows }) => {
    const lines = [columns.map((column) => quote(guard(column.text))), ...rows.map((cells) => cells.map(field))];
    return `\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
  };
  return { write, type: "text/csv;charset=utf-8" };
})();
