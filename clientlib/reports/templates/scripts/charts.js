// Draws the charts in the colours and at the width of the screen, or of the paper.
const Charts = (() => {
  "use strict";
  const PRINT_WIDTH = 660;
  const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, showTips: false, doubleClick: false };
  const darkScreen = window.matchMedia("(prefers-color-scheme: dark)");
  const narrowScreen = window.matchMedia("(max-width: 40rem)");
  const readJson = (node) => (node ? JSON.parse(node.textContent) : null);

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

  const setUp = () => {
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

  return { setUp };
})();
