// Makes tables sortable, searchable and downloadable.
const Tables = (() => {
  "use strict";
  const ROWS_SHOWN = 25;
  const LEAST_FOLDED = 10;
  const LEAST_SEARCHED = 10; // from so many rows on the eye alone is slow
  const UNKNOWN = "–";
  const { say, make } = Words;
  const collator = new Intl.Collator(Words.language, { numeric: true });
  const isNumber = (head) => head.classList.contains("n");
  const rowsOf = (table) => [...table.tBodies[0].rows];

  const readCell = (cell, head) => {
    if (isNumber(head)) return cell.dataset.v === undefined ? null : Number(cell.dataset.v);
    return cell.textContent === UNKNOWN ? null : cell.textContent;
  };
  const readTable = (table, heads) => ({
    caption: table.dataset.name,
    columns: heads.map((head) => ({ text: head.textContent, kind: head.dataset.kind, decimals: Number(head.dataset.decimals) })),
    rows: rowsOf(table).map((row) => [...row.cells].map((cell, place) => ({ value: readCell(cell, heads[place]), raw: cell.dataset.v }))),
  });

  // ---- order ----------------------------------------------------------------------------------
  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
  const sortBy = (table, heads, place, direction) => {
    const keyed = rowsOf(table).map((row) => [readCell(row.cells[place], heads[place]), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return direction * compare(a, b);
    });
    table.tBodies[0].append(...keyed.map(([, row]) => row));
    heads.forEach((head, k) => head.setAttribute("aria-sort", k !== place ? "none" : direction > 0 ? "ascending" : "descending"));
  };
  const makeSortable = (table, heads, show) => heads.forEach((head, place) => {
    const button = make("button", head.textContent, { type: "button" });
    head.dataset.text = head.textContent; // for paper, where there are no buttons
    head.replaceChildren(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const sorted = head.getAttribute("aria-sort");
      const first = isNumber(head) ? -1 : 1;
      sortBy(table, heads, place, sorted === "none" ? first : sorted === "ascending" ? -1 : 1);
      show();
    });
  });

  // ---- rows shown: those that fit the search, or the first ones ---------------------------------
  const textOf = (row) => {
    const shown = [...row.cells].map((cell) => cell.textContent).join(" ");
    return Words.fold(`${shown} ${shown.replace(/\u202f/g, "")}`); // 4 182 is found as 4182 too
  };
  const makeView = (table) => {
    const view = { isFolded: rowsOf(table).length > ROWS_SHOWN + LEAST_FOLDED, words: [], texts: new Map() };
    const fits = (row) => {
      if (!view.words.length) return true;
      if (!view.texts.has(row)) view.texts.set(row, textOf(row));
      return view.words.every((word) => view.texts.get(row).includes(word));
    };
    view.show = () => rowsOf(table).reduce((found, row, place) => {
      const isFound = fits(row);
      const isBeyond = view.isFolded && !view.words.length && place >= ROWS_SHOWN;
      row.classList.toggle("folded", isBeyond);
      row.hidden = !isFound || isBeyond;
      return found + isFound;
    }, 0);
    return view;
  };

  const makeSearch = (table, view) => {
    const total = rowsOf(table).length;
    const box = make("input", "", { type: "search", autocomplete: "off", spellcheck: "false" });
    const label = make("label", say("searchTable"));
    label.append(" ", box);
    const said = make("p", "", { class: "rows-found", role: "status" });
    const apply = () => {
      view.words = Words.split(box.value);
      const found = view.show();
      said.textContent = view.words.length ? say("rowsFound", { found, total }, total) : "";
    };
    box.addEventListener("input", apply);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.value) return;
      event.preventDefault();
      box.value = "";
      apply();
    });
    const find = make("div", "", { class: "find" });
    find.append(label, said);
    return find;
  };

  const makeUnfolder = (view, count) => {
    const label = () => (view.isFolded ? say("showAll", { count }, count) : say("showFirst", { count: ROWS_SHOWN }, ROWS_SHOWN));
    const more = make("button", label(), { type: "button", class: "more" });
    more.addEventListener("click", () => {
      view.isFolded = !view.isFolded;
      more.textContent = label();
      view.show();
    });
    return more;
  };
  const makeDownload = (table, heads, format, ending) => {
    const button = make("button", say(ending), { type: "button", class: ending });
    button.addEventListener("click", () => {
      const content = readTable(table, heads);
      Files.hand(Files.name(content.caption, ending), format.write(content), format.type);
    });
    return button;
  };

  const setUp = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const count = rowsOf(table).length;
    const view = makeView(table);
    const actions = make("div", "", { class: "actions" });
    if (view.isFolded) actions.append(makeUnfolder(view, count));
    makeSortable(table, heads, view.show);
    actions.append(makeDownload(table, heads, Csv, "csv"), makeDownload(table, heads, Xlsx, "xlsx"));
    const place = table.closest(".scroll");
    place.after(actions);
    if (count > LEAST_SEARCHED) place.before(makeSearch(table, view));
    view.show();
  };
  return { setUp };
})();
