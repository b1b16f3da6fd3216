// Two texts side by side. The data has the second one renumbered, so what is merely renamed lines up;
// what only moved is marked as moved, and both are set quietly.

const contextLines = 3;

function linesOf(number) {
  const lines = matrix.texts[number].split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/// "%12", "%new1": the value that a line gives; "" where it gives none.
function valueOf(line) {
  const match = /^\s*(%\w+) = /.exec(line);
  return match ? match[1] : "";
}

const withoutValue = (line) => line.replace(/^\s*%\w+ = /, "");
const withoutNames = (line) => line.replace(/%\w+/g, "%");

/// Rows {kind: "same", "gone", "new", "other", "renamed", "moved"; left, right: text; leftNumber,
/// rightNumber} of one difference.
function diffRows(difference) {
  const before = linesOf(difference.before);
  const rows = [];
  let left = 0;
  let right = 0;
  let gone = [];
  let added = [];
  const flush = () => {
    const free = added.slice();
    for (const line of gone) {
      const value = valueOf(line.text);
      const at = value ? free.findIndex((other) => valueOf(other.text) === value)
        : free.findIndex((other) => !valueOf(other.text) && other.text.slice(0, 6) === line.text.slice(0, 6));
      if (at < 0) {
        rows.push({ kind: "gone", left: line.text, leftNumber: line.number });
        continue;
      }
      for (const other of free.splice(0, at)) rows.push({ kind: "new", right: other.text, rightNumber: other.number });
      const other = free.shift();
      const kind = withoutNames(line.text) === withoutNames(other.text) ? "renamed" : "other";
      rows.push({ kind, left: line.text, leftNumber: line.number, right: other.text, rightNumber: other.number });
    }
    for (const other of free) rows.push({ kind: "new", right: other.text, rightNumber: other.number });
    gone = [];
    added = [];
  };
  for (const edit of difference.edits) {
    if (Array.isArray(edit)) {
      for (const text of edit) added.push({ text, number: ++right });
    } else if (edit < 0) {
      for (let i = 0; i < -edit; ++i) gone.push({ text: before[left], number: ++left });
    } else {
      flush();
      for (let i = 0; i < edit; ++i) {
        const text = before[left];
        rows.push({ kind: "same", left: text, right: text, leftNumber: ++left, rightNumber: ++right });
      }
    }
  }
  flush();
  markMoved(rows);
  return rows;
}

function markMoved(rows) {
  const added = new Map();
  for (const row of rows) {
    if (row.kind === "new" && withoutValue(row.right).trim()) added.set(withoutValue(row.right), row);
  }
  for (const row of rows) {
    if (row.kind !== "gone") continue;
    const twin = added.get(withoutValue(row.left));
    if (!twin || twin.kind !== "new") continue;
    row.kind = twin.kind = "moved";
  }
}

/// The words in which two lines differ, marked: [nodes of left, nodes of right].
function marked(left, right) {
  const a = left.split(/(\W)/);
  const b = right.split(/(\W)/);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) ++start;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) ++end;
  const part = (words) => {
    const middle = words.slice(start, words.length - end).join("");
    return [words.slice(0, start).join(""), middle ? el("mark", {}, middle) : null, words.slice(words.length - end).join("")];
  };
  return [part(a), part(b)];
}

const signs = { same: ["", ""], gone: ["−", ""], new: ["", "+"], other: ["−", "+"], renamed: ["≈", "≈"], moved: ["↕", "↕"] };
const signNames = { "−": "gone", "+": "new", "≈": "renamed", "↕": "moved" };

function sideCells(row, side, content) {
  const text = side === 0 ? row.left : row.right;
  if (text === undefined) return [el("td", { class: "number" }), el("td", { class: "code none" })];
  const sign = signs[row.kind][side];
  const kind = row.kind === "other" ? (side === 0 ? "gone" : "new") : row.kind;
  return [el("td", { class: "number" }, String(side === 0 ? row.leftNumber : row.rightNumber)),
    el("td", { class: "code " + kind },
      sign ? el("span", { class: "sign", role: "img", "aria-label": signNames[sign] }, sign) : el("span", { class: "sign" }), content || text)];
}

function diffRow(row) {
  const [left, right] = row.kind === "other" || row.kind === "renamed" ? marked(row.left, row.right) : [null, null];
  return el("tr", { class: row.kind }, sideCells(row, 0, left), sideCells(row, 1, right));
}

/// Runs of equal lines but for the context around differences: folded, one button each.
function foldedRows(rows) {
  const near = new Set();
  rows.forEach((row, i) => {
    if (row.kind === "same") return;
    for (let j = i - contextLines; j <= i + contextLines; ++j) near.add(j);
  });
  const nodes = [];
  for (let i = 0; i < rows.length; ++i) {
    if (near.has(i)) {
      nodes.push(diffRow(rows[i]));
      continue;
    }
    let end = i;
    while (end < rows.length && !near.has(end)) ++end;
    const hidden = rows.slice(i, end);
    const fold = el("tr", { class: "fold" }, el("td", { colspan: 4 }, el("button", {
      type: "button",
      click: () => {
        const shown = hidden.map(diffRow);
        fold.replaceWith(...shown);
        shown[0].tabIndex = -1;
        shown[0].focus();
      },
    }, "show " + counted(hidden.length, "equal line"))));
    nodes.push(fold);
    i = end - 1;
  }
  return nodes;
}

function diffTable(number, leftTitle, rightTitle) {
  const rows = diffRows(matrix.differences[number]);
  const count = (kind) => rows.filter((row) => row.kind === kind).length;
  const parts = [[count("gone"), "gone"], [count("new"), "new"], [count("other"), "other"], [count("renamed"), "renamed only"], [count("moved") / 2, "moved only"]]
    .filter(([lines]) => lines > 0).map(([lines, what]) => lines + " " + what);
  const column = (title) => [el("th", { class: "number", scope: "col" }, el("span", { class: "hidden" }, "line")), el("th", { scope: "col" }, title)];
  return el("div", { class: "difference" },
    el("p", { class: "quiet" }, "Lines: " + parts.join(", ") + "."),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Difference, " + leftTitle + " and " + rightTitle },
      el("table", { class: "diff" }, el("thead", {}, el("tr", {}, column(leftTitle), column(rightTitle))), el("tbody", {}, foldedRows(rows)))));
}

/// A unified diff, as the command line prints it.
function unifiedDiff(lines) {
  const kinds = { "-": "gone", "+": "new", "@": "place" };
  return el("pre", { class: "unified", tabindex: "0" }, lines.map((line) => {
    const header = /^(---|\+\+\+) /.test(line);
    return el("span", { class: header ? "place" : kinds[line[0]] || "same" }, line + "\n");
  }));
}
