// Cells x releases, with filters. Arrow keys move in the table; Enter opens a cell's detail.

const noFilters = { case: "", kind: "", mode: "", dims: "", letter: "", verdict: "", change: "", text: "", changing: false };
const filters = { ...noFilters };

/// One per row of the table: {cell, row, buttons (one per release, as they stand, or null), haystack}.
const rows = [];

function entryLabel(cell, release, entry) {
  const parts = [cell.name, "torch " + matrix.releases[release].name, letterNames.get(entry.letter) || entry.letter,
    matrix.verdicts[entry.verdict].label];
  if (entry.change) parts.push(matrix.verdicts[entry.change].label + " since the release before");
  return parts.join(", ");
}

function entryButton(cell, release, entry) {
  const unexpected = matrix.verdicts[entry.verdict].fails;
  const button = el("button", {
    type: "button",
    tabindex: "-1",
    class: "entry l" + (entry.letter === "/" ? "x" : entry.letter) + (unexpected ? " unexpected" : "") + (entry.change ? " turned" : ""),
    "aria-label": entryLabel(cell, release, entry),
    "aria-haspopup": "dialog",
  }, letterText(entry));
  if (unexpected) button.dataset.mark = verdictSymbols[entry.verdict];
  else if (entry.verdict === 2) button.dataset.mark = "w";
  else if (entry.change) button.dataset.mark = verdictSymbols[entry.change];
  if (entry.change) button.classList.add("to-" + verdictKinds[entry.change]);
  return button;
}

function cellRow(cell) {
  const buttons = order.map((release) => (cell.entries[release] ? entryButton(cell, release, cell.entries[release]) : null));
  const row = el("tr", {},
    el("th", { scope: "row" }, el("span", {}, cell.kind), " ", el("span", {}, cell.mode), " ", el("span", {}, cell.dims), " ", el("span", {}, cell.pair)),
    buttons.map((button) => el("td", {}, button || el("span", { class: "undeclared", title: "not declared for this release" }, "–"))));
  const said = cell.entries.filter(Boolean).flatMap((entry) => [entry.note, entry.difference, ...(entry.reasons || [])]);
  const haystack = [cell.name, ...said.filter(Boolean)].join("\n").toLowerCase();
  buttons.forEach((button, i) => {
    if (button) button.addEventListener("click", () => openDetail(cell, order[i], button));
  });
  rows.push({ cell, row, buttons, haystack, at: rows.length });
  return row;
}

function table() {
  const releases = order.map((release) => matrix.releases[release]).map((each) => el("th", { scope: "col", title: "torch " + each.torch }, each.name));
  const counts = el("tr", { id: "counts" }, el("th", { scope: "row" }, "cells by letter"), order.map(() => el("td", {})));
  const head = el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span", {}, "kind"), " ", el("span", {}, "mode"), " ", el("span", {}, "dims"), " ", el("span", {}, "pair")), releases), counts);
  const bodies = matrix.cases.map((one, number) => {
    const cells = matrix.cells.filter((cell) => cell.case === number);
    if (!cells.length) return null;
    const title = el("th", { scope: "rowgroup", colspan: matrix.releases.length + 1 },
      el("span", { class: "case" }, one.name), el("span", { class: "summary" }, one.summary));
    return el("tbody", { "data-case": number }, el("tr", { class: "group" }, title), cells.map(cellRow));
  });
  return el("table", { id: "grid", class: "grid", role: "grid", "aria-labelledby": "cells-title", "aria-describedby": "grid-help" }, head, bodies);
}

function passes({ cell, haystack }) {
  if (filters.case && matrix.cases[cell.case].name !== filters.case) return false;
  if (filters.kind && cell.kind !== filters.kind) return false;
  if (filters.mode && cell.mode !== filters.mode) return false;
  if (filters.dims && cell.dims !== filters.dims) return false;
  const entries = cell.entries.filter(Boolean);
  if (filters.letter && !entries.some((entry) => entry.letter === filters.letter)) return false;
  if (filters.verdict && !entries.some((entry) => String(entry.verdict) === filters.verdict)) return false;
  if (filters.change && !entries.some((entry) => String(entry.change) === filters.change)) return false;
  if (filters.changing && !entries.some((entry) => entry.change)) return false;
  return filters.text.split(/\s+/).every((word) => haystack.includes(word));
}

/// How many of the cells that are shown came to each letter, by release.
function showCounts() {
  const shown = rows.filter((each) => !each.row.hidden).map((each) => each.cell);
  order.forEach((release, i) => {
    const entries = shown.map((cell) => cell.entries[release]).filter(Boolean);
    const lines = matrix.letters.map(({ letter, meaning }) => [letter, meaning, entries.filter((entry) => entry.letter === letter).length]);
    document.querySelectorAll("#counts td")[i].replaceChildren(...lines.filter(([, , count]) => count).map(([letter, meaning, count]) =>
      el("span", { class: "count", title: counted(count, "cell") + ": " + meaning }, el("b", { class: "l" + (letter === "/" ? "x" : letter) }, letter), " " + count)));
  });
}

function applyFilters() {
  let shown = 0;
  for (const each of rows) {
    each.row.hidden = !passes(each);
    if (!each.row.hidden) shown += 1;
  }
  for (const body of document.querySelectorAll("#grid tbody"))
    body.hidden = ![...body.rows].some((row) => !row.hidden && !row.classList.contains("group"));
  document.getElementById("shown").textContent = shown === rows.length ? "all " + counted(shown, "cell") : shown.toLocaleString("en") + " of " + counted(rows.length, "cell");
  document.getElementById("nothing").hidden = shown > 0;
  showCounts();
  const first = rows.find((each) => !each.row.hidden && each.buttons.some(Boolean));
  const current = document.querySelector('#grid button[tabindex="0"]');
  if (first && (!current || current.closest("tr").hidden)) makeCurrent(first.buttons.find(Boolean));
}

/// The filters as an address, so that what is seen can be sent: "#filter&letter=F&mode=strict".
function showAddress() {
  const set = Object.entries(filters).filter(([, value]) => value).map(([name, value]) => [name, String(value)]);
  const words = new URLSearchParams(set).toString();
  if (words || location.hash.includes("=")) history.replaceState(null, "", words ? "#filter&" + words : location.pathname + location.search);
}

function filtersChanged() {
  applyFilters();
  showAddress();
}

/// What no filter is called, and what no option offers, is left away.
function filterFromAddress() {
  if (!location.hash.startsWith("#filter&") || !document.getElementById("grid")) return;
  const asked = new URLSearchParams(location.hash.slice("#filter&".length));
  Object.assign(filters, noFilters);
  for (const control of document.querySelectorAll("[data-filter]")) {
    const name = control.dataset.filter;
    const value = asked.get(name) || "";
    if (control.type === "checkbox") filters[name] = control.checked = value === "true";
    else {
      control.value = value;
      if (control.value !== value) control.value = "";
      filters[name] = name === "text" ? control.value.toLowerCase() : control.value;
    }
  }
  applyFilters();
}

/// The one entry that the Tab key reaches.
function makeCurrent(button) {
  const before = document.querySelector('#grid button[tabindex="0"]');
  if (before) before.tabIndex = -1;
  button.tabIndex = 0;
}

function move(event) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity], PageUp: [-12, 0], PageDown: [12, 0] }[event.key];
  const button = event.target.closest("button.entry");
  if (!step || !button) return;
  event.preventDefault();
  const visible = rows.filter((each) => !each.row.hidden);
  let row = visible.findIndex((each) => each.buttons.includes(button));
  let column = visible[row].buttons.indexOf(button);
  const last = matrix.releases.length - 1;
  if (Math.abs(step[1]) === Infinity) {
    column = step[1] < 0 ? -1 : last + 1;
    step[1] = step[1] < 0 ? 1 : -1;
  }
  // Over what is not declared.
  for (;;) {
    row += step[0];
    column += step[1];
    if (Math.abs(step[0]) > 1) row = Math.max(0, Math.min(visible.length - 1, row));
    if (row < 0 || row >= visible.length || column < 0 || column > last) return;
    if (visible[row].buttons[column]) break;
    if (Math.abs(step[0]) > 1) step[0] = Math.sign(step[0]);
  }
  const next = visible[row].buttons[column];
  makeCurrent(next);
  next.focus();
}

function filterSelect(name, title, options) {
  return el("label", {}, title, el("select", {
    "data-filter": name,
    change: (event) => {
      filters[name] = event.target.value;
      filtersChanged();
    },
  }, el("option", { value: "" }, "any"), options.map(([value, text]) => el("option", { value }, text))));
}

function occurring(values) {
  return [...new Set(values)].map((value) => [value, value]);
}

function verdictOptions(numbers, asChange) {
  const present = [...new Set(numbers)].filter((number) => number !== undefined && !(asChange && number === 0));
  return present.sort((a, b) => a - b).map((number) => [String(number), verdictSymbols[number] + " " + matrix.verdicts[number].label]);
}

function filterBar() {
  const cells = matrix.cells;
  const entries = cells.flatMap((cell) => cell.entries.filter(Boolean));
  const letters = new Set(entries.map((entry) => entry.letter));
  const text = el("input", {
    type: "search",
    "data-filter": "text",
    placeholder: "layers_8 NameError",
    input: (event) => {
      filters.text = event.target.value.trim().toLowerCase();
      filtersChanged();
    },
  });
  const several = matrix.releases.length > 1;
  return el("form", { class: "filters", role: "search", "aria-label": "Filter the cells", submit: (event) => event.preventDefault(), reset: () => setTimeout(clearFilters) },
    el("label", { class: "text" }, "text in name or reason", text),
    filterSelect("case", "case", matrix.cases.filter((one, number) => cells.some((cell) => cell.case === number)).map((one) => [one.name, one.name])),
    filterSelect("kind", "kind", occurring(cells.map((cell) => cell.kind))),
    filterSelect("mode", "mode", occurring(cells.map((cell) => cell.mode))),
    filterSelect("dims", "dims", occurring(cells.map((cell) => cell.dims))),
    filterSelect("letter", "outcome", matrix.letters.filter((each) => letters.has(each.letter)).map((each) => [each.letter, each.letter + "  " + each.meaning])),
    filterSelect("verdict", "verdict", verdictOptions(entries.map((entry) => entry.verdict), false)),
    several ? filterSelect("change", "from release to release", verdictOptions(entries.map((entry) => entry.change), true)) : null,
    several ? el("label", { class: "tick" }, el("input", { type: "checkbox", "data-filter": "changing", change: (event) => {
      filters.changing = event.target.checked;
      filtersChanged();
    } }), "only cells that change") : null,
    el("button", { type: "reset" }, "Clear"),
    el("output", { id: "shown", "aria-live": "polite" }));
}

function clearFilters() {
  Object.assign(filters, noFilters);
  filtersChanged();
}

function legend() {
  const entries = matrix.cells.flatMap((cell) => cell.entries.filter(Boolean));
  const letters = new Set(entries.map((entry) => entry.letter));
  const items = matrix.letters.filter((each) => letters.has(each.letter)).map((each) =>
    el("li", {}, el("span", { class: "entry l" + (each.letter === "/" ? "x" : each.letter) }, each.letter), el("span", {}, each.meaning)));
  if (entries.some((entry) => entry.variant > 1))
    items.push(el("li", {}, el("span", { class: "entry lE" }, "E²"), "raised number: another outcome with the same letter"));
  const changes = [...new Set(entries.map((entry) => entry.change))].filter(Boolean).sort();
  for (const change of changes)
    items.push(el("li", {}, el("span", { class: "entry turned to-" + verdictKinds[change], "data-mark": verdictSymbols[change] }), matrix.verdicts[change].label + " since the release before"));
  if (entries.some((entry) => matrix.verdicts[entry.verdict].fails))
    items.push(el("li", {}, el("span", { class: "entry unexpected", "data-mark": "!", "aria-hidden": "true" }, " "), "framed: not as the golden expects"));
  return el("ul", { class: "legend", "aria-label": "What the letters mean" }, items);
}

function cellsSection() {
  const grid = table();
  grid.addEventListener("keydown", move);
  grid.addEventListener("focusin", (event) => {
    if (event.target.matches("button.entry")) makeCurrent(event.target);
  });
  section("cells", "Cells",
    el("p", { id: "grid-help", class: "quiet" }, "A letter is what a cell came to in a release; open it for what was asked, observed and expected. In the table, the arrow keys move and Enter opens."),
    filterBar(), legend(),
    el("div", { class: matrix.releases.length > 10 ? "scroll" : "scroll fits", tabindex: "-1" }, grid),
    el("p", { id: "nothing", hidden: true }, "No cell passes these filters."));
  applyFilters();
}
