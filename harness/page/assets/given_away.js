// Where programs go: which consumers take them, and what they say of the others.

const givenClasses = { taken: "taken", fails: "failed", "n/a": "na", "": "" };

function givenEntry(entry) {
  return el("td", { class: "given " + givenClasses[entry.word] }, entry.word ? el("b", {}, entry.word) : null,
    entry.reasons ? el("span", { class: "quiet" }, " " + entry.reasons) : null);
}

function givenAwaySection() {
  const given = data.given_away;
  if (!given.columns.length) return;
  const rows = given.rows.map((row, i) => el("tr", {},
    el("th", { scope: "row" }, i && given.rows[i - 1].case === row.case ? el("span", { class: "hidden" }, row.case) : row.case),
    el("td", {}, row.cells.map((cells) => el("code", {}, cells))),
    row.entries.map(givenEntry)));
  section("given-away", "Where it goes",
    el("p", {}, "Taken: the consumer returns what the model returns at every pair, and refuses what the program refuses. Blank: it was not given to it, or it did not export."),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Where it goes" }, el("table", { class: "plain given-away" },
      el("thead", {}, el("tr", {}, ["case", "cells", ...given.columns].map((title) => el("th", { scope: "col" }, title)))),
      el("tbody", {}, rows))));
}
