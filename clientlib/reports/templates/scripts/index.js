// Filters the index, and the page of a batch, by words and choices. Rows that are packed become
// rows of the page only when they are shown.
const Index = (() => {
  "use strict";
  const MOST_SHOWN = 300;
  const MOST_FOUND = 100; // of a search: what is typed must answer at once
  const { say, make } = Words;
  const CHOICES = ["report", "edition", "state"];

  // ---- rows -----------------------------------------------------------------------------------
  const readNode = (node) => ({ node, ...node.dataset, text: Words.fold(node.textContent) });
  const unpack = ([html, text, report, edition, state]) => ({ html, text, report, edition, state });
  const readPeriod = (body) => {
    const shown = [...body.querySelectorAll(".run")];
    const packed = body.querySelector(".packed");
    return {
      body,
      shown,
      packed,
      head: body.querySelector(".period-head"),
      day: Words.fold(body.querySelector(".when")?.textContent ?? ""),
      period: body.dataset.period,
      count: Number(body.dataset.count ?? shown.length),
      isOpen: false,
    };
  };
  const rowsOf = (period) => {
    period.rows ??= [...period.shown.map(readNode), ...JSON.parse(period.packed?.textContent ?? "[]").map(unpack)];
    return period.rows;
  };
  const makeNodes = (rows) => {
    const missing = rows.filter((row) => !row.node);
    const template = document.createElement("template");
    template.innerHTML = missing.map((row) => row.html).join("");
    [...template.content.children].forEach((node, place) => { missing[place].node = node; });
    return rows.map((row) => row.node);
  };

  // ---- what is shown --------------------------------------------------------------------------
  const makeMore = (period, count, redraw) => {
    const button = make("button", say("showRuns", { count }, count), { type: "button", class: "more" });
    button.addEventListener("click", () => {
      const place = period.body.querySelectorAll(".run").length;
      period.isOpen = true;
      redraw();
      period.body.querySelectorAll(".run")[place]?.querySelector("a")?.focus();
    });
    const row = document.createElement("tr");
    row.className = "more-row";
    row.append(make("td", "", { colspan: period.head.cells[0].colSpan }));
    row.cells[0].append(button);
    return row;
  };
  // Shows rows of a period, as many as there is room for, and tells how many.
  const show = (period, rows, count, room, redraw) => {
    period.body.hidden = !count;
    const shown = Math.min(count, period.isOpen ? count : Math.max(room, 0));
    const found = rows ?? (shown > period.shown.length ? rowsOf(period) : null);
    const nodes = found ? makeNodes(found.slice(0, shown)) : period.shown.slice(0, shown);
    const more = shown < count ? [makeMore(period, count, redraw)] : [];
    period.body.replaceChildren(period.head, ...nodes, ...more);
    return shown;
  };

  const setUp = () => {
    const form = document.querySelector(".filters");
    if (!form) return;
    const search = document.getElementById("search");
    const choices = Object.fromEntries([...form.querySelectorAll("select")].map((choice) => [choice.dataset.of, choice]));
    const periods = [...document.querySelectorAll(".period")].map(readPeriod);
    const total = periods.reduce((sum, period) => sum + period.count, 0);

    const find = (period, words) => {
      const chosen = CHOICES.filter((name) => choices[name]?.value).map((name) => [name, choices[name].value]);
      if (choices.period?.value && choices.period.value !== period.period) return [];
      const left = words.filter((word) => !period.day.includes(word));
      if (!left.length && !chosen.length) return null; // all of them
      return rowsOf(period).filter((row) => chosen.every(([name, value]) => row[name] === value)
        && left.every((word) => row.text.includes(word)));
    };
    const apply = () => {
      const words = Words.split(search.value);
      const isAsked = words.length || Object.values(choices).some((choice) => choice.value);
      let [found, room] = [0, isAsked ? MOST_FOUND : MOST_SHOWN];
      for (const period of periods) {
        const rows = find(period, words);
        const count = rows ? rows.length : period.count;
        found += count;
        room -= show(period, rows, count, room, apply);
      }
      document.querySelector(".found").textContent = found === total ? say("runsTotal", { count: total }, total) : say("runsFound", { found, total }, total);
      document.querySelector(".nothing").hidden = found > 0;
    };
    const unpackNext = () => {
      const waiting = periods.find((period) => !period.rows);
      if (!waiting) return;
      rowsOf(waiting);
      (window.requestIdleCallback ?? setTimeout)(unpackNext);
    };

    search.addEventListener("input", apply);
    Object.values(choices).forEach((choice) => choice.addEventListener("change", apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
    (window.requestIdleCallback ?? setTimeout)(unpackNext);
  };
  return { setUp };
})();
