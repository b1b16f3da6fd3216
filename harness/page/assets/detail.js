// One cell in one release: asked, observed, expected, and what differs. Made when it is opened.

const dialog = document.getElementById("detail");
let opener = null;

const checkSymbols = { pass: "✓", fail: "✗", "n/a": "–" };

function extentText(extent, pair) {
  return typeof extent === "number" ? String(extent) : extent + "=" + pair[extent];
}

function asked(cell) {
  const one = matrix.cases[cell.case];
  const pair = one.pairs[cell.pair] || {};
  const styles = { named: (dim) => 'Dim("' + dim.name + '", min=' + dim.min + ", max=" + dim.max + ")", spec: (dim) => 'ShapeVar("' + dim.name + '", min=' + dim.min + ", max=" + dim.max + ")", auto: () => "Dim.AUTO", dynamic: () => "Dim.DYNAMIC" };
  const style = styles[cell.dims];
  return el("section", {}, el("h3", {}, "Asked"),
    el("p", {}, cell.kind + " of class ", el("code", {}, one.class_name), ", " + cell.mode + ", dims " + cell.dims + ", at " + cell.pair),
    el("table", { class: "plain" }, el("caption", { class: "hidden" }, "Inputs"),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "input"), el("th", { scope: "col" }, "type"), el("th", { scope: "col" }, "shape"))),
      el("tbody", {}, one.leaves.map((leaf) => el("tr", {}, el("th", { scope: "row" }, el("code", {}, leaf.name)), el("td", {}, leaf.dtype),
        el("td", {}, leaf.dtype === "None" ? "" : "(" + leaf.shape.map((extent) => extentText(extent, pair)).join(", ") + ")"))))),
    style ? el("ul", { class: "bare" }, one.dims.map((dim) => el("li", {}, dim.name + ": ", el("code", {}, style(dim))))) : el("p", { class: "quiet" }, "no dim is asked to be dynamic"),
    one.mutates.length ? el("p", { class: "quiet" }, "changes in place: " + one.mutates.join(", ")) : null);
}

function checkList(outcome) {
  if (!outcome.checks.length) return null;
  return el("ul", { class: "checks" }, outcome.checks.map((check) => el("li", { class: check.status === "n/a" ? "na" : check.status },
    el("span", { class: "symbol", "aria-hidden": "true" }, checkSymbols[check.status]), el("b", {}, check.name), " " + check.status,
    check.reasons.length ? reasonList(check.reasons) : null,
    check.notes.length ? el("div", { class: "quiet" }, "noted", reasonList(check.notes)) : null)));
}

/// Long lists are folded after the first few.
function reasonList(reasons) {
  const most = 3;
  const items = (list) => el("ul", {}, list.map((reason) => el("li", {}, reason)));
  if (reasons.length <= most + 1) return items(reasons);
  return [items(reasons.slice(0, most)), el("details", {}, el("summary", {}, counted(reasons.length - most, "more reason")), items(reasons.slice(most)))];
}

function observed(entry) {
  const outcome = entry.observed === undefined ? null : matrix.outcomes[entry.observed];
  return el("section", {}, el("h3", {}, "Observed"),
    el("p", {}, outcome ? outcome.headline : "nothing: " + (entry.note || "the record does not hold this cell")),
    entry.difference ? el("p", { class: "quiet" }, "other than " + entry.letter + " before: " + entry.difference) : null,
    outcome ? checkList(outcome) : null,
    entry.seconds ? el("p", { class: "quiet" }, entry.seconds.toFixed(1) + " s") : null);
}

function golden(entry) {
  const outcome = entry.expected === undefined ? null : matrix.outcomes[entry.expected];
  const same = entry.expected !== undefined && entry.expected === entry.observed;
  return el("section", {}, el("h3", {}, "Golden"),
    el("p", {}, verdictChip(entry.verdict, false), entry.waiver ? " " + entry.waiver : null),
    el("p", {}, outcome ? (same ? "the same outcome" : outcome.headline) : "nothing is expected"),
    entry.expectation ? el("p", { class: "quiet" }, entry.expectation) : null,
    entry.reasons ? el("ul", { class: "reasons" }, entry.reasons.map((reason) => el("li", {}, reason))) : null,
    outcome && !same ? checkList(outcome) : null,
    entry.golden_file ? el("p", { class: "quiet" }, el("code", {}, entry.golden_file)) : null);
}

/// [title of the choice, left title, number of the difference]
function differencesOf(release, entry) {
  const name = matrix.releases[release].name;
  const all = [];
  const add = (against, what, numbers) => {
    if (!numbers) return;
    if (numbers.program !== undefined) all.push(["against " + what, against, numbers.program]);
    if (numbers.decomposed !== undefined) all.push(["decomposed, against " + what, against, numbers.decomposed]);
  };
  add("golden", "the golden", entry.against_golden);
  if (entry.before !== undefined) add(matrix.releases[entry.before].name, matrix.releases[entry.before].name, entry.against_before);
  return all.map(([title, left, number]) => ({ title, left, right: left === "golden" ? "observed in " + name : name, number }));
}

function differenceSection(release, entry) {
  const choices = differencesOf(release, entry);
  const reasons = entry.before_reasons || [];
  if (!choices.length && !reasons.length) return null;
  const place = el("div", {});
  const show = (choice) => place.replaceChildren(diffTable(choice.number, choice.left, choice.right));
  const picks = choices.map((choice, i) => el("label", { class: "pick" },
    el("input", { type: "radio", name: "difference", checked: i === 0, change: () => show(choice) }), choice.title));
  if (choices.length) show(choices[0]);
  return el("section", { class: "differences" }, el("h3", {}, "Difference"),
    reasons.length ? el("div", {}, el("p", {}, "From ", matrix.releases[entry.before].name, ": ", verdictChip(entry.change || 0, true)), el("ul", { class: "reasons" }, reasons.map((reason) => el("li", {}, reason)))) : null,
    picks.length > 1 ? el("fieldset", {}, el("legend", {}, "Show"), picks) : null, place);
}

/// What stands between backticks is code.
function withCode(text) {
  return text.split("`").map((part, i) => (i % 2 ? el("code", {}, part) : part));
}

/// What `exportgate explain` says.
function causeSection(cell, entry) {
  if (!entry.causes) return null;
  return el("section", { class: "causes" }, el("h3", {}, "Why, and what to do"), entry.causes.map((number) => {
    const cause = matrix.causes[number];
    return el("div", {}, el("p", {}, el("strong", {}, withCode(cause.title)), " ", el("code", { class: "quiet" }, cause.id)),
      el("p", {}, "Cause: ", withCode(cause.cause)), el("p", {}, "Remedy: ", withCode(cause.fix)));
  }));
}

function wholeText(title, number) {
  if (number === undefined) return null;
  const node = el("details", {}, el("summary", {}, title));
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) node.append(el("pre", { tabindex: "0" }, matrix.texts[number]));
  });
  return node;
}

function releaseTabs(cell, release) {
  if (matrix.releases.length < 2) return null;
  return el("div", { class: "tabs", role: "group", "aria-label": "Release" }, order.map((number) => {
    const each = matrix.releases[number];
    const entry = cell.entries[number];
    return el("button", { type: "button", disabled: !entry, "aria-current": number === release ? "true" : null, click: () => fill(cell, number, true) },
      el("span", {}, each.name), entry ? el("span", { class: "entry l" + (entry.letter === "/" ? "x" : entry.letter), "aria-label": letterNames.get(entry.letter) }, letterText(entry)) : "–");
  }));
}

function fill(cell, release, refocus) {
  const entry = cell.entries[release];
  const outcome = entry.observed === undefined ? null : matrix.outcomes[entry.observed];
  const each = matrix.releases[release];
  dialog.replaceChildren(
    el("div", { class: "detail-head" },
      el("div", {}, el("p", { class: "quiet" }, "torch " + each.torch + ", Python " + each.python + ", " + each.platform),
        el("h2", { id: "detail-title", tabindex: "-1" }, cell.name)),
      el("button", { type: "button", class: "close", click: () => dialog.close() }, "Close")),
    el("p", { class: "detail-verdict" }, verdictChip(entry.verdict, false), entry.change ? [" ", verdictChip(entry.change, true), " since the release before"] : null,
      " ", el("span", { class: "entry l" + (entry.letter === "/" ? "x" : entry.letter), "aria-hidden": "true" }, letterText(entry)), " ", outcome ? outcome.headline : "not observed"),
    releaseTabs(cell, release) || "",
    el("div", { class: "columns" }, asked(cell), observed(entry), golden(entry)),
    causeSection(cell, entry) || "",
    differenceSection(release, entry) || "",
    outcome ? el("section", { class: "whole" }, wholeText("The whole outcome, canonical", outcome.text) || "", wholeText("What it decomposes to", outcome.decomposed) || "") : "",
    el("p", { class: "quiet command" }, "The program as torch printed it, and what the child wrote: ", el("code", {}, "exportgate show " + cell.name + " --record " + each.file + " --print")));
  history.replaceState(null, "", "#cell=" + encodeURIComponent(cell.name) + "@" + encodeURIComponent(each.name));
  if (refocus) dialog.querySelector('.tabs [aria-current="true"]').focus();
}

function openDetail(cell, release, from) {
  opener = from;
  fill(cell, release, false);
  dialog.showModal();
  dialog.scrollTop = 0;
  document.getElementById("detail-title").focus();
}

function openCell(name, release) {
  const cell = matrix.cells.find((each) => each.name === name);
  if (!cell) return false;
  const wanted = matrix.releases.findIndex((each) => each.name === release);
  const number = wanted >= 0 && cell.entries[wanted] ? wanted : cell.entries.findIndex(Boolean);
  if (number < 0) return false;
  openDetail(cell, number, document.activeElement);
  return true;
}

function openFromAddress() {
  const match = /^#cell=([^@]*)@(.*)$/.exec(location.hash);
  if (!match) return;
  try {
    openCell(decodeURIComponent(match[1]), decodeURIComponent(match[2]));
  } catch (broken) {
    return;  // an address that is no name
  }
}

dialog.addEventListener("close", () => {
  history.replaceState(null, "", location.pathname + location.search);
  if (document.getElementById("grid")) showAddress();
  dialog.replaceChildren();
  if (opener) opener.focus();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();  // the backdrop
});
window.addEventListener("hashchange", () => {
  filterFromAddress();
  openFromAddress();
});
