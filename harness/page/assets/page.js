// The verdict, then the parts in their order.

function releasesTable() {
  if (!matrix.releases.length) return null;
  const counts = (release) => release.counts.slice().reverse().map(([verdict, count]) => [verdictChip(verdict, false), " " + count + " "]);
  return el("div", { class: "scroll" }, el("table", { class: "plain releases" }, el("caption", { class: "hidden" }, "The records and their verdicts"),
    el("thead", {}, el("tr", {}, ["torch", "cells", "Python", "platform", "record"].map((title) => el("th", { scope: "col" }, title)))),
    el("tbody", {}, matrix.releases.map((release) => el("tr", {}, el("th", { scope: "row" }, release.torch), el("td", {}, counts(release)),
      el("td", {}, release.python), el("td", {}, release.platform), el("td", {}, el("code", {}, release.file)))))));
}

function verdictSection() {
  const conclusion = data.conclusion;
  const kind = conclusion.word === "SHOWN" ? "same" : goKinds[conclusion.exit_code];
  const symbol = conclusion.word === "SHOWN" ? "○" : goSymbols[conclusion.exit_code];
  document.title = conclusion.word + ": exportgate report";
  const problems = matrix.releases.flatMap((release) => release.problems);
  const failures = matrix.releases.flatMap((release) => release.failures);
  const releases = releasesTable();
  document.getElementById("main").append(el("section", { id: "verdict", class: "verdict " + kind, tabindex: "-1", "aria-labelledby": "verdict-title" },
    el("h1", { id: "verdict-title" }, el("span", { class: "symbol", "aria-hidden": "true" }, symbol), conclusion.word),
    el("ul", { class: "parts" }, conclusion.parts.map((part) => el("li", {},
      conclusion.parts.length > 1 ? el("span", { class: "symbol " + goKinds[part.exit_code], "aria-label": goWords[part.exit_code], role: "img" }, goSymbols[part.exit_code]) : null, part.sentence))),
    data.against ? el("p", { class: "against" }, data.against) : null,
    problemList(problems, "Could not be judged"), problemList(failures, "Fails besides the cells"),
    releases && matrix.releases.length > 4 ? el("details", {}, el("summary", {}, counted(matrix.releases.length, "record")), releases) : releases));
}

/// What is folded is printed, too: a page on paper cannot be opened.
function printing() {
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const node of document.querySelectorAll("main details:not([open])")) {
      if (node.closest(".change") || node.closest("dialog")) continue;
      node.open = true;
      node.dispatchEvent(new Event("toggle"));
      opened.push(node);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const node of opened.splice(0)) node.open = false;
  });
}

themeSwitch();
verdictSection();
if (matrix.cells.length && matrix.releases.length) cellsSection();
givenAwaySection();
upgradesSection();
benchmarksSection();
document.getElementById("foot").append(el("p", {}, "Made by " + data.made_by + " with ", el("code", {}, "exportgate report"), ". One file, no network: it can be kept and sent as it is."));
printing();
filterFromAddress();
openFromAddress();
document.documentElement.dataset.ready = "true";
