// The page of `exportgate report` in a real browser: it shows, filters, opens a difference, is usable by keyboard, asks nobody for
// anything, and what a hostile record says stays text.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const { chromium } = await import(pathToFileURL(process.env.PLAYWRIGHT));
const source = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = mkdtempSync(join(tmpdir(), "exportgate-browser-"));
const recordings = join(source, "tests", "recordings");
const cell = "dynamic_cache/plain/strict/named/b3c5";
const hostile = '</script><script>window.hurt = 1</script><img src="http://127.0.0.1:9/x" onerror="window.hurt = 2"> {{data}} \u2028 javascript:hurt';

let browser;

/// The page about these files. Whatever its verdict is, it must be there.
function report(name, ...files) {
  const output = join(folder, name);
  try {
    execFileSync(process.env.EXPORTGATE, ["report", ...files, "-o", output, "--cases", join(source, "cases"), "--golden", join(source, "golden")], { stdio: "pipe" });
  } catch (failed) {
    if (failed.status === 2 && !readable(join(output, "index.html"))) throw new Error(String(failed.stderr));
  }
  return join(output, "index.html");
}

function readable(path) {
  try {
    return readFileSync(path, "utf8").length > 0;
  } catch {
    return false;
  }
}

const recording = (release) => join(recordings, release + ".jsonl");

/// An opened page, and all that it did that it must not do.
async function open(path, { width = 1400, scheme = "light", hash = "" } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push("console: " + message.text()));
  page.on("pageerror", (error) => wrong.push("error: " + error.message));
  page.on("request", (request) => request.url().startsWith("file://" + path) || wrong.push("request: " + request.url()));
  page.on("dialog", (dialog) => {
    wrong.push("dialog: " + dialog.message());
    dialog.dismiss();
  });
  await page.goto("file://" + path + hash);
  await page.waitForSelector("html[data-ready]", { timeout: 30000 });
  return { page, wrong, close: () => context.close() };
}

const visibleRows = (page) => page.locator("#grid tbody tr:not(.group):visible").count();

function bench() {
  const rows = [];
  const add = (name, ns, leaves) => rows.push({ name, run_name: name, run_type: "iteration", iterations: 9, real_time: ns, cpu_time: ns, time_unit: "ns", leaves });
  for (const layers of [1, 8, 32]) {
    add("kv_cache/floor/layers:" + layers, 30 + 8 * layers, 2 * layers);
    for (const kind of ["plain", "native"]) add("kv_cache/flatten/" + kind + "/pytree/layers:" + layers, 500 + 400 * layers, 2 * layers);
  }
  const path = join(folder, "bench.json");
  writeFileSync(path, JSON.stringify({ context: { date: "2026-11-25T15:00:00+00:00", exportgate: "0.1.0", environment: hostile, torch: "2.13.0+cpu", machine: "a" }, benchmarks: rows }));
  return path;
}

function hostileRecord() {
  const lines = readFileSync(recording("2.13.0"), "utf8").trimEnd().split("\n").map((line) => {
    const value = JSON.parse(line);
    if (value.record) value.record.environment.packages[hostile] = hostile;
    if (value.cell !== cell) return JSON.stringify(value);
    delete value.exported;
    delete value.earlier;
    return JSON.stringify({ ...value, rejected: { stage: "export", exception: "a.B", message: hostile } });
  });
  const path = join(folder, "hostile.jsonl");
  writeFileSync(path, lines.join("\n") + "\n");
  return path;
}

let four;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.BROWSER,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  four = report("four", ...["2.8.0", "2.9.1", "2.10.0", "2.13.0"].map(recording), bench());
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("opens without errors or requests, light and dark, wide and narrow", async () => {
  for (const width of [1400, 390]) {
    for (const scheme of ["light", "dark"]) {
      const { page, wrong, close } = await open(four, { width, scheme });
      assert.deepEqual(wrong, []);
      assert.ok(await page.locator("h1").isVisible());
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, "the page itself does not scroll sideways");
      await close();
    }
  }
});

test("what would be wrong is noticed: a request, an error", async () => {
  const mutant = join(folder, "mutant.html");
  const text = readFileSync(four, "utf8");
  writeFileSync(mutant, text.replace(/<meta http-equiv[^>]*>/, "").replace("<main", '<img src="http://127.0.0.1:9/x.png"><main').replace("openFromAddress();\ndocument", "openFromAddress();\nsetTimeout(() => absent.there);\ndocument"));
  const { page, wrong, close } = await open(mutant);
  await page.waitForTimeout(200);
  assert.ok(wrong.some((each) => each.startsWith("request: http://127.0.0.1:9")), wrong.join("\n"));
  assert.ok(wrong.some((each) => each.startsWith("error: absent is not defined")), wrong.join("\n"));
  await close();
});

test("says how long it takes to open", async () => {
  for (const [what, path] of [["4 records", four], ["10 records", report("ten", ...["2.6.0", "2.7.1", "2.8.0", "2.9.1", "2.10.0", "2.11.0", "2.12.1", "2.13.0", "2.14.1", "2.15.0"].map(recording))]]) {
    const { page, wrong, close } = await open(path);
    const [results, ms] = await page.evaluate(() => [document.querySelectorAll("#grid button").length, performance.getEntriesByType("navigation")[0].loadEventEnd]);
    console.log(`${what}, ${results} cell results: loaded after ${Math.round(ms)} ms`);
    assert.ok(results > 600);
    assert.deepEqual(wrong, []);
    await close();
  }
});

test("filters show the cells that they say", async () => {
  const { page, wrong, close } = await open(four);
  const all = await visibleRows(page);
  await page.selectOption('[data-filter="case"]', "dynamic_cache");
  assert.equal(await visibleRows(page), 64);
  await page.selectOption('[data-filter="kind"]', "module");
  await page.selectOption('[data-filter="mode"]', "strict");
  await page.selectOption('[data-filter="dims"]', "named");
  assert.equal(await visibleRows(page), 2);
  assert.match(await page.locator("#shown").textContent(), /^2 of /);
  await page.click('.filters button[type="reset"]');
  await page.waitForFunction(() => document.getElementById("shown").textContent.startsWith("all "));
  assert.equal(await visibleRows(page), all);
  await page.fill('[data-filter="text"]', "NameError plain/strict");
  const named = await visibleRows(page);
  assert.ok(named > 0 && named < all);
  await page.fill('[data-filter="text"]', "no cell says this");
  assert.equal(await visibleRows(page), 0);
  assert.ok(await page.locator("#nothing").isVisible());
  await page.fill('[data-filter="text"]', "");
  await page.selectOption('[data-filter="change"]', { label: "! regressed" });
  const regressed = await visibleRows(page);
  assert.equal(regressed, await page.locator("#grid tr:has(button.to-worse)").count());
  assert.ok(regressed > 0 && regressed < all);
  await page.selectOption('[data-filter="change"]', "");
  await page.selectOption('[data-filter="letter"]', "R");
  assert.equal(await visibleRows(page), await page.locator("#grid tr:has(button.lR)").count());
  await page.selectOption('[data-filter="letter"]', "");
  await page.selectOption('[data-filter="verdict"]', { label: "✓ as expected" });
  assert.equal(await visibleRows(page), await page.locator('#grid tr:has(button[aria-label*="as expected"])').count());
  assert.deepEqual(wrong, []);
  await close();
});

test("a cell opens with its difference side by side, and equal lines unfold", async () => {
  const { page, wrong, close } = await open(four);
  await page.click(`#grid button[aria-label^="${cell}, torch 2.9.1"]`);
  assert.ok(await page.locator("dialog#detail").isVisible());
  assert.equal(await page.locator("#detail-title").textContent(), cell);
  for (const heading of ["Asked", "Observed", "Golden", "Difference"]) assert.ok(await page.locator("dialog h3", { hasText: heading }).first().isVisible());
  assert.match(await page.locator("dialog .diff").textContent(), /aten\._assert_scalar\.default/);
  const before = await page.locator("dialog .diff tbody tr").count();
  await page.locator("dialog .fold button").first().click();
  assert.ok((await page.locator("dialog .diff tbody tr").count()) > before);
  await page.locator("dialog .tabs button", { hasText: "2.8.0" }).click();
  assert.match(await page.locator("dialog .detail-head").textContent(), /torch 2\.8\.0/);
  assert.match(page.url(), /#cell=.*%2Fb3c5@2\.8\.0$/);
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("dialog#detail").isVisible()));
  assert.deepEqual(wrong, []);
  await close();
});

test("an address opens its cell", async () => {
  const { page, wrong, close } = await open(four, { hash: "#cell=" + encodeURIComponent(cell) + "@2.9.1" });
  assert.equal(await page.locator("#detail-title").textContent(), cell);
  assert.deepEqual(wrong, []);
  await close();
});

test("filters are in the address, and an address sets them", async () => {
  const { page, wrong, close } = await open(four);
  await page.selectOption('[data-filter="case"]', "dynamic_cache");
  await page.selectOption('[data-filter="letter"]', "R");
  await page.fill('[data-filter="text"]', "Strict");
  const [shown, address] = [await visibleRows(page), await page.evaluate(() => location.hash)];
  assert.equal(address, "#filter&case=dynamic_cache&letter=R&text=strict");
  await page.locator("#grid tbody tr:not(.group):visible button").first().click();
  assert.match(await page.evaluate(() => location.hash), /^#cell=/);
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => location.hash), address);
  await page.click('.filters button[type="reset"]');
  await page.waitForFunction(() => location.hash === "");
  await close();
  const sent = await open(four, { hash: address });
  assert.equal(await visibleRows(sent.page), shown);
  assert.equal(await sent.page.inputValue('[data-filter="letter"]'), "R");
  await sent.close();
  const unknown = await open(four, { hash: "#filter&letter=Q&nothing=1&changing=true" });
  assert.ok(await unknown.page.isChecked('[data-filter="changing"]'));
  assert.equal(await unknown.page.inputValue('[data-filter="letter"]'), "");
  assert.ok((await visibleRows(unknown.page)) > 0);
  assert.deepEqual([...wrong, ...sent.wrong, ...unknown.wrong], []);
  await unknown.close();
});

test("the head counts the letters of the cells that are shown", async () => {
  const { page, wrong, close } = await open(four);
  for (const filter of ["", "dynamic_cache"]) {
    await page.selectOption('[data-filter="case"]', filter);
    const differing = await page.evaluate(() => {
      const rows = [...document.querySelectorAll("#grid tbody tr:not(.group)")].filter((row) => !row.hidden);
      return [...document.querySelectorAll("#counts td")].filter((cell, i) => {
        const letters = rows.map((row) => row.cells[i + 1].querySelector("button")?.textContent[0]).filter(Boolean);
        const told = Object.fromEntries([...cell.querySelectorAll(".count")].map((count) => count.textContent.split(" ")));
        return !letters.length || Object.values(told).reduce((sum, count) => sum + Number(count), 0) !== letters.length
          || letters.some((letter) => Number(told[letter]) !== letters.filter((each) => each === letter).length);
      }).length;
    });
    assert.equal(differing, 0);
  }
  assert.deepEqual(wrong, []);
  await close();
});

test("on a phone the newest release comes first", async () => {
  const titles = (page) => page.locator("#grid thead tr").first().locator("th").allTextContents();
  const wide = await open(four);
  assert.deepEqual((await titles(wide.page)).slice(1), ["2.8.0", "2.9.1", "2.10.0", "2.13.0"]);
  await wide.close();
  const { page, wrong, close } = await open(four, { width: 390 });
  assert.deepEqual((await titles(page)).slice(1), ["2.13.0", "2.10.0", "2.9.1", "2.8.0"]);
  await page.locator("#grid tbody tr:not(.group) td:nth-child(2) button").first().click();
  assert.match(await page.locator("dialog .detail-head").textContent(), /torch 2\.13\.0/);
  assert.deepEqual(wrong, []);
  await close();
});

test("says against what, and a cell says why", async () => {
  const { page, wrong, close } = await open(four, { hash: "#cell=" + encodeURIComponent(cell) + "@2.9.1" });
  assert.match(await page.locator("#verdict .against").textContent(), /Judged against the goldens in .*golden/);
  const causes = await page.locator("dialog .causes").textContent();
  assert.match(causes, /name-error-l/);
  assert.match(causes, /Cause: .+Remedy: .+/s);
  await page.locator("dialog .tabs button", { hasText: "2.8.0" }).click();
  assert.doesNotMatch(await page.locator("dialog").textContent(), /name-error-l/);
  assert.deepEqual(wrong, []);
  await close();
});

test("the table is used by keyboard alone", async () => {
  const { page, wrong, close } = await open(four);
  await page.locator('#grid button[tabindex="0"]').focus();
  const label = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  const first = await label();
  await page.keyboard.press("ArrowRight");
  const second = await label();
  assert.notEqual(second, first);
  assert.equal(second.split(",")[0], first.split(",")[0]);
  await page.keyboard.press("ArrowDown");
  assert.notEqual((await label()).split(",")[0], first.split(",")[0]);
  await page.keyboard.press("End");
  assert.match(await label(), /torch 2\.13\.0/);
  assert.equal(await page.locator('#grid button[tabindex="0"]').count(), 1);
  const opened = await label();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("dialog#detail").isVisible());
  assert.equal(await page.evaluate(() => document.activeElement.id), "detail-title");
  await page.keyboard.press("Escape");
  assert.equal(await label(), opened, "the focus comes back");
  assert.deepEqual(wrong, []);
  await close();
});

test("groups of an upgrade open, and their cells too", async () => {
  const { page, wrong, close } = await open(four);
  const group = page.locator(".upgrade", { hasText: "2.8.0 → 2.9.1" }).locator("details.change").first();
  await group.locator("summary").first().click();
  await group.locator("text=NameError").first().waitFor();
  await group.locator("button.link").first().click();
  assert.match(await page.locator("dialog .detail-head").textContent(), /torch 2\.9\.1/);
  assert.deepEqual(wrong, []);
  await close();
});

test("charts follow the theme and have their tables", async () => {
  const { page, wrong, close } = await open(four);
  const line = page.locator("figure svg path[stroke='#b04a00']").first();
  const colour = () => line.evaluate((node) => getComputedStyle(node).stroke);
  assert.equal(await colour(), "rgb(176, 74, 0)");
  await page.selectOption("#theme", "dark");
  assert.equal(await colour(), "rgb(255, 163, 92)");
  assert.equal(await page.locator("figure svg[role=img] title").count(), await page.locator("figure").count());
  assert.match(await page.locator("table.numbers").first().textContent(), /floor/);
  assert.deepEqual(wrong, []);
  await close();
});

test("every button and field has a name", async () => {
  const { page, close } = await open(four);
  await page.click(`#grid button[aria-label^="${cell}, torch 2.9.1"]`);
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, select, input, summary")].filter((node) => !(node.textContent.trim() || node.getAttribute("aria-label") || node.labels?.length)).map((node) => node.outerHTML));
  assert.deepEqual(nameless, []);
  await close();
});

test("a hostile record does nothing", async () => {
  const path = report("hostile", recording("2.12.1"), hostileRecord(), bench());
  const { page, wrong, close } = await open(path);
  await page.click(`#grid button[aria-label^="${cell}, torch 2.13.0"]`);
  assert.match(await page.locator("dialog").textContent(), /window\.hurt = 1/);
  await page.locator("dialog details summary", { hasText: "whole outcome" }).click();
  await page.keyboard.press("Escape");
  for (const summary of await page.locator("details.change > summary").all()) await summary.click();
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.equal(await page.locator("img, a[href^=javascript]").count(), 0);
  assert.deepEqual(wrong, []);
  await close();
});

test("paper shows what is folded, but for the groups", async () => {
  const { page, wrong, close } = await open(four);
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 50000);
  assert.deepEqual(wrong, []);
  await close();
});
