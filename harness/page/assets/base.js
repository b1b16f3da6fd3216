// What all parts of the page use. Text of records is only ever set as text, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const matrix = data.matrix;

/// The releases as they stand from left to right: on a phone, where the last ones would be out of sight, the newest first.
const order = [...matrix.releases.keys()];
if (window.matchMedia("(max-width: 720px)").matches) order.reverse();

/// An element with attributes ("class", "aria-label", ...; functions are listeners) and children:
/// nodes, or anything else as text. null and false are left out.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function counted(number, thing) {
  return number.toLocaleString("en") + " " + thing + (number === 1 ? "" : "s");
}

/// A number in letters too small for a table to need: a verdict as symbol and word.
function chip(kind, symbol, text) {
  return el("span", { class: "chip " + kind }, el("span", { class: "symbol", "aria-hidden": "true" }, symbol), text);
}

const verdictKinds = ["same", "same", "waived", "better", "changed", "worse", "changed", "unseen", "unseen"];
const verdictSymbols = ["✓", "=", "w", "+", "~", "!", "?", "×", "/"];

/// A verdict by its number. As a change from the release before, "as expected" is "same".
function verdictChip(number, asChange) {
  const label = asChange && number === 0 ? "same" : matrix.verdicts[number].label;
  return chip(verdictKinds[number], verdictSymbols[number], label);
}

function kindOfLabel(label) {
  const at = matrix.verdicts.findIndex((each) => each.label === label);
  return at < 0 ? "same" : verdictKinds[at];
}

const letterNames = new Map(matrix.letters.map((each) => [each.letter, each.meaning]));

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
function letterText(entry) {
  if (entry.variant === 1) return entry.letter;
  return entry.letter + [...String(entry.variant)].map((digit) => raised[Number(digit)]).join("");
}

/// {file, line, what, remedy} as the command line says it.
function problemList(problems, title) {
  if (!problems.length) return null;
  return el("div", { class: "problem", role: "note" },
    el("p", {}, el("strong", {}, title)),
    el("ul", {}, problems.map((each) => el("li", {},
      each.file ? el("code", {}, each.file + (each.line ? ":" + each.line : "")) : null,
      each.file ? ": " : null, each.what,
      each.remedy ? el("span", { class: "quiet" }, " (" + each.remedy + ")") : null))));
}

/// A section of the page, listed in the contents above.
function section(id, title, ...children) {
  const heading = el("h2", { id: id + "-title" }, title);
  document.getElementById("contents").append(el("a", { href: "#" + id }, title));
  const node = el("section", { id, "aria-labelledby": id + "-title" }, heading, children);
  document.getElementById("main").append(node);
  return node;
}

function themeSwitch() {
  const select = document.getElementById("theme");
  const apply = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    select.value = theme;
  };
  let kept = "";
  try {
    kept = localStorage.getItem("exportgate-theme") || "";
  } catch (refused) {
    kept = "";  // a browser that keeps nothing for files
  }
  apply(["light", "dark"].includes(kept) ? kept : "");
  select.addEventListener("change", () => {
    apply(select.value);
    try {
      localStorage.setItem("exportgate-theme", select.value);
    } catch (refused) {
      return;
    }
  });
}
