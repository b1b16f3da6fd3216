// What changed from each release to the next, in groups; the content of a group is made when it is opened.

/// <details> whose content is made when it is opened first, or printed.
function lazily(attributes, summary, make) {
  const node = el("details", attributes, summary);
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) node.append(make());
  });
  return node;
}

function groupBody(upgrade, group) {
  const most = 12;
  const link = (name) => el("li", {}, el("button", { type: "button", class: "link", click: () => openCell(name, upgrade.after) }, name));
  return el("div", { class: "group-body" },
    el("dl", { class: "sides" }, el("dt", {}, upgrade.before), el("dd", {}, group.before || "nothing"), el("dt", {}, upgrade.after), el("dd", {}, group.after || "nothing")),
    group.reasons.length ? el("ul", { class: "reasons" }, group.reasons.map((reason) => el("li", {}, reason))) : null,
    group.gains.length ? el("ul", { class: "reasons" }, group.gains.map((gain) => el("li", {}, "gained: " + gain))) : null,
    group.message.length ? el("pre", { tabindex: "0" }, group.message.join("\n")) : null,
    group.diff.length ? unifiedDiff(group.diff) : null,
    group.decomposed_diff.length ? [el("p", {}, "the program after run_decompositions():"), unifiedDiff(group.decomposed_diff)] : null,
    group.others || group.steps.length ? el("p", { class: "quiet" }, "Shown is " + group.cells[0] + (group.others ? "; " + group.others : "") + ".") : null,
    group.steps.length ? el("ul", { class: "reasons" }, group.steps.map((step) => el("li", {}, step))) : null,
    el("p", {}, counted(group.cells.length, "cell") + ":"),
    el("ul", { class: "cells" }, group.cells.slice(0, most).map(link)),
    group.cells.length > most ? el("details", {}, el("summary", {}, counted(group.cells.length - most, "more cell")), el("ul", { class: "cells" }, group.cells.slice(most).map(link))) : null);
}

function groupNode(upgrade, group) {
  const symbol = verdictSymbols[Math.max(0, matrix.verdicts.findIndex((each) => each.label === group.verdict))];
  const sets = group.sets[0] + (group.sets.length > 1 ? " and " + (group.sets.length - 1) + " more" : "");
  return lazily({ class: "change" }, el("summary", {},
    chip(kindOfLabel(group.verdict), symbol, group.verdict), " ", el("b", {}, counted(group.cells.length, "cell")), " ",
    el("span", {}, group.summary), " ", el("code", { class: "quiet" }, sets)), () => groupBody(upgrade, group));
}

const goKinds = ["better", "worse", "unseen"];
const goWords = ["good", "fails", "could not be judged"];
const goSymbols = ["✓", "✗", "?"];

function upgradeNode(upgrade) {
  const changed = upgrade.groups.length > 0 || upgrade.problems.length > 0 || upgrade.programs.headline;
  const summary = [chip(goKinds[upgrade.exit_code], goSymbols[upgrade.exit_code], upgrade.sentence), el("span", { class: "quiet" }, upgrade.counts)];
  const title = el("h3", {}, upgrade.before, " → ", upgrade.after);
  if (!changed) return el("div", { class: "upgrade" }, title, summary);
  return el("div", { class: "upgrade" }, title, summary,
    upgrade.other_differences.length ? el("p", { class: "quiet" }, "Also different: " + upgrade.other_differences.join(", ")) : null,
    problemList(upgrade.problems, "Could not be judged"),
    upgrade.groups.map((group) => groupNode(upgrade, group)),
    upgrade.programs.headline ? el("p", { class: "quiet" }, "Saved programs: " + upgrade.programs.headline + ".") : null);
}

function upgradesSection() {
  if (!data.upgrades.length) return;
  section("upgrades", "From release to release",
    el("p", { class: "quiet" }, "What a move from each release to the next makes of the same cells. Cells with an identical change are one group. This is no part of the verdict above, which is against the goldens."),
    data.upgrades.map(upgradeNode));
}
