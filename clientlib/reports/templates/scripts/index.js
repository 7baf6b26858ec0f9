// Filters the index, and the page of a batch, by words, report and state.
const Index = (() => {
  "use strict";

  const setUp = () => {
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
      document.querySelector(".found").textContent = found === total ? Words.say("runsTotal", { count: total }, total) : Words.say("runsFound", { found, total }, total);
      document.querySelector(".nothing").hidden = found > 0;
    };
    let waiting;
    search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
    [report, state].forEach((choice) => choice.addEventListener("change", apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
  };

  return { setUp };
})();
