// Figures of the benchmarks, each group with the table that says the same.

function figureNode(figure) {
  const template = document.getElementById("figure-" + figure.name);
  if (!template) return el("p", { class: "problem" }, figure.title + ": the chart was left away with --no-charts");
  return el("figure", { class: figure.wide ? "wide" : "" }, template.content.cloneNode(true));
}

const markKinds = { slower: "worse", faster: "better", same: "same", inconclusive: "changed" };
const markSymbols = { slower: "▲", faster: "▼", same: "✓", inconclusive: "◇" };

function tableNode(table) {
  const isNumber = (cell) => /^[\d.]/.test(cell);
  const numbers = table.columns.map((column, i) => i >= table.headers && table.rows.some((row) => isNumber(row.cells[i])));
  const head = el("tr", {}, table.columns.map((column, i) => el("th", { scope: "col", class: numbers[i] ? "figure" : null }, column)));
  const rows = table.rows.map((row) => el("tr", { class: row.mark ? "mark-" + (markKinds[row.mark] || "none") : null }, row.cells.map((cell, i) => {
    if (i < table.headers) return el("th", { scope: "row" }, cell);
    if (row.mark && cell === row.mark) return el("td", {}, chip(markKinds[cell] || "same", markSymbols[cell] || "", cell));
    return el("td", { class: numbers[i] && isNumber(cell) ? "figure" : cell.length > 40 ? "note" : null }, cell);
  })));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": table.caption },
    el("table", { class: "numbers" }, el("caption", {}, table.caption), el("thead", {}, head), el("tbody", {}, rows)));
}

function blockNode(block) {
  const make = () => el("div", { class: "block" }, el("div", { class: "figures" }, block.figures.map(figureNode)), tableNode(block.table));
  const node = lazily({ class: "benchmark" }, el("summary", {}, el("h4", {}, block.heading)), make);
  if (block.open) {
    node.append(make());
    node.open = true;
  }
  return node;
}

function partNode(part) {
  return el("div", { class: "part" }, el("h3", {}, part.title),
    part.verdict ? el("p", {}, chip(goKinds[part.exit_code], goSymbols[part.exit_code], part.verdict)) : null,
    part.cautions.length ? el("div", { class: "problem", role: "note" }, part.cautions.map((caution) => el("p", {}, caution))) : null,
    part.facts.length ? el("ul", { class: "facts" }, part.facts.map((fact) => el("li", {}, fact))) : null,
    part.blocks.map(blockNode),
    part.not_available.length ? el("details", {}, el("summary", {}, "Not available"),
      el("ul", {}, part.not_available.map((line) => el("li", {}, line)))) : null);
}

function benchmarksSection() {
  if (!data.benchmarks.length) return;
  section("benchmarks", "Benchmarks",
    data.benchmarks.map(partNode));
}
