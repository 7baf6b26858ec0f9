// Draws the charts, makes tables sortable and downloadable, and filters the index. No network.
(() => {
  "use strict";
  const ROWS_SHOWN = 25;
  const PRINT_WIDTH = 660;
  const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, showTips: false, doubleClick: false };
  const darkScreen = window.matchMedia("(prefers-color-scheme: dark)");
  const narrowScreen = window.matchMedia("(max-width: 40rem)");
  const readJson = (node) => (node ? JSON.parse(node.textContent) : null);
  const make = (tag, text, attributes = {}) => {
    const node = document.createElement(tag);
    node.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    return node;
  };

  // ---- charts -------------------------------------------------------------------------------
  const theme = readJson(document.getElementById("theme"));
  const CLEAR = "rgba(0,0,0,0)";
  if (theme) Object.assign(theme.template.layout, { paper_bgcolor: CLEAR, plot_bgcolor: CLEAR });
  const escapeText = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const cut = (text, length) => (text.length <= length ? text : text.slice(0, length - 1).trimEnd() + "…");
  const isText = (value) => typeof value === "string";

  const darken = (node) => {
    if (isText(node)) return theme.dark[node] ?? node.replace(/(?<=^<span style="color:)#[0-9a-f]{6}/, (hex) => theme.dark[hex] ?? hex);
    if (Array.isArray(node)) return node.map(darken);
    if (node === null || typeof node !== "object") return node;
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, darken(value)]));
  };

  const halve = (axis) => {
    if (!axis || !Array.isArray(axis.tickvals) || axis.tickvals.length < 5) return axis;
    const isDated = axis.type === "date";
    const zero = (isDated ? axis.tickvals.length - 1 : Math.max(axis.tickvals.indexOf(0), 0)) % 2;
    const keep = (_, place) => place % 2 === zero;
    return { ...axis, tickvals: axis.tickvals.filter(keep), ticktext: axis.ticktext.filter(keep) };
  };

  const fitNarrow = (spec, layout) => {
    if (spec.labels.length) {
      layout.yaxis = { ...layout.yaxis, ticktext: spec.labels.map((label) => escapeText(cut(label, 17))) };
    }
    if (layout.coloraxis === undefined) layout.xaxis = { ...halve(layout.xaxis), nticks: 4 };
    if (layout.annotations && spec.series) {
      layout.annotations = [];
      layout.showlegend = true;
      layout.legend = { orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom" };
      layout.margin = { ...layout.margin, r: 12, b: layout.margin.b + 19 * spec.series + 10 };
      layout.height += 19 * spec.series;
    }
    layout.font = { size: 12 };
  };

  const drawChart = (div, spec, { dark, width }) => {
    const layout = { ...spec.layout, template: theme.template };
    if (width) layout.width = Math.min(width, parseFloat(div.style.maxWidth) || width);
    if (!width && narrowScreen.matches) fitNarrow(spec, layout);
    div.style.height = `${layout.height}px`;
    const figure = dark ? darken({ data: spec.data, layout }) : { data: structuredClone(spec.data), layout };
    return window.Plotly.react(div, figure.data, figure.layout, { ...CONFIG, responsive: !width });
  };

  const setUpCharts = () => {
    const charts = [...document.querySelectorAll(".plot")].map((div) => ({
      div,
      spec: readJson(div.closest("figure").querySelector(".chart-json")),
    }));
    if (!charts.length || !window.Plotly) return;
    const drawAll = (how) => charts.forEach(({ div, spec }) => drawChart(div, spec, how));
    const drawForScreen = () => drawAll({ dark: darkScreen.matches });
    drawForScreen();
    darkScreen.addEventListener("change", drawForScreen);
    narrowScreen.addEventListener("change", drawForScreen);
    window.addEventListener("beforeprint", () => drawAll({ dark: false, width: PRINT_WIDTH }));
    window.addEventListener("afterprint", drawForScreen);
  };

  // ---- tables -------------------------------------------------------------------------------
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const isNumber = (head) => head.classList.contains("n");
  const readCell = (cell, head) => {
    if (isNumber(head)) return cell.dataset.v === undefined ? null : Number(cell.dataset.v);
    return cell.textContent === "–" ? null : cell.textContent;
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));

  const sortBy = (table, heads, place, direction) => {
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => [readCell(row.cells[place], heads[place]), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return direction * compare(a, b);
    });
    body.append(...keyed.map(([, row]) => row));
    heads.forEach((head, k) => head.setAttribute("aria-sort", k !== place ? "none" : direction > 0 ? "ascending" : "descending"));
  };

  const makeSortable = (table, heads, fold) => {
    heads.forEach((head, place) => {
      const button = make("button", head.textContent, { type: "button" });
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const sorted = head.getAttribute("aria-sort");
        const first = isNumber(head) ? -1 : 1;
        const direction = sorted === "none" ? first : sorted === "ascending" ? -1 : 1;
        sortBy(table, heads, place, direction);
        fold();
      });
    });
  };

  const guard = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const quote = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const writeCsv = (table, heads) => {
    const lines = [heads.map((head) => quote(guard(head.textContent)))];
    for (const row of table.tBodies[0].rows) {
      lines.push([...row.cells].map((cell, place) => {
        const value = readCell(cell, heads[place]);
        if (value === null) return "";
        return isNumber(heads[place]) ? cell.dataset.v : quote(guard(value));
      }));
    }
    return "\ufeff" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
  };

  const download = (name, text) => {
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    const link = make("a", "", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  const fileName = (caption) => {
    const words = caption.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-");
    return (words.slice(0, 60).replace(/^-+|-+$/g, "") || "table") + ".csv";
  };

  const setUpTable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const count = table.tBodies[0].rows.length;
    const actions = make("div", "", { class: "actions" });
    let isFolded = count > ROWS_SHOWN + 10;
    const fold = () => [...table.tBodies[0].rows].forEach((row, place) => {
      row.classList.toggle("folded", isFolded && place >= ROWS_SHOWN);
      row.hidden = isFolded && place >= ROWS_SHOWN;
    });
    if (isFolded) {
      const label = () => (isFolded ? `Show all ${count} rows` : `Show the first ${ROWS_SHOWN} rows`);
      const more = make("button", label(), { type: "button", class: "more" });
      more.addEventListener("click", () => { isFolded = !isFolded; more.textContent = label(); fold(); });
      actions.append(more);
      fold();
    }
    makeSortable(table, heads, fold);
    const csv = make("button", "Download as CSV", { type: "button", class: "csv" });
    csv.addEventListener("click", () => download(fileName(table.dataset.name), writeCsv(table, heads)));
    actions.append(csv);
    table.closest(".scroll").after(actions);
  };

  // ---- index --------------------------------------------------------------------------------
  const setUpIndex = () => {
    const form = document.querySelector(".filters");
    if (!form) return;
    const [search, report, state] = ["search", "by-report", "by-state"].map((id) => document.getElementById(id));
    const periods = [...document.querySelectorAll(".period")].map((body) => {
      const head = body.querySelector(".period-head").textContent;
      const rows = [...body.querySelectorAll(".run")];
      return { body, rows: rows.map((row) => ({ row, text: `${head} ${row.textContent}`.toLowerCase().replace(/\s+/g, " ") })) };
    });
    const total = periods.reduce((sum, period) => sum + period.rows.length, 0);
    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const { body, rows } of periods) {
        let here = 0;
        for (const { row, text } of rows) {
          const fits = (!report.value || row.dataset.report === report.value)
            && (!state.value || row.dataset.state === state.value)
            && words.every((word) => text.includes(word));
          row.hidden = !fits;
          here += fits;
        }
        body.hidden = !here;
        found += here;
      }
      document.querySelector(".found").textContent = found === total ? `${total} runs` : `${found} of ${total} runs`;
      document.querySelector(".nothing").hidden = found > 0;
    };
    let waiting;
    search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
    [report, state].forEach((choice) => choice.addEventListener("change", apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
  };

  setUpCharts();
  document.querySelectorAll("table.data").forEach(setUpTable);
  setUpIndex();
})();
