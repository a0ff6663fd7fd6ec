// Two texts side by side, or one under the other where there is no room; never by colour alone.

import { el } from "../dom.js";
import { t } from "../text.js";

const AROUND = 3;
const narrow = matchMedia("(max-width: 860px)");

const MARKS = { added: "+", removed: "−", changed: "~", equal: "" };
const words = (kind) => ({ added: t("新增的一行"), removed: t("删掉的一行"), changed: t("改过的一行"), equal: "" }[kind]);

function line(spans, tag) {
  if (!spans.length) return [];
  return spans.map(({ text, changed }) => (changed ? el(tag, {}, text) : text));
}

const mark = (kind) => el("td", { class: "diff-mark" }, el("span", { "aria-hidden": "true" }, MARKS[kind]), kind !== "equal" && el("span", { class: "unseen" }, words(kind)));
const cell = (spans, tag, kind, side) => el("td", { class: `diff-text diff-${side}${kind === "equal" || !spans ? "" : ` diff-${kind}`}` }, spans && line(spans, tag));
const place = (at) => el("td", { class: "diff-line num" }, at ?? "");

function beside(row) {
  const old = row.old_line === null ? null : row.old;
  const now = row.new_line === null ? null : row.new;
  return [el("tr", {}, mark(row.kind), place(row.old_line), cell(old, "del", row.kind, "old"), place(row.new_line), cell(now, "ins", row.kind, "new"))];
}

function below(row) {
  const single = (kind, at, spans, tag, side) => el("tr", {}, mark(kind), place(at), cell(spans, tag, kind, side));
  if (row.kind === "equal") return [single("equal", row.new_line, row.new, "ins", "new")];
  return [
    row.old_line !== null && single("removed", row.old_line, row.old, "del", "old"),
    row.new_line !== null && single("added", row.new_line, row.new, "ins", "new"),
  ].filter(Boolean);
}

/** Runs of rows, the equal ones far from a change folded: `{folded, rows}`. */
export function folds(rows) {
  const near = rows.map((_, at) => rows.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((row) => row.kind !== "equal"));
  const runs = [];
  rows.forEach((row, at) => {
    if (runs.at(-1)?.folded !== !near[at]) runs.push({ folded: !near[at], rows: [] });
    runs.at(-1).rows.push(row);
  });
  return runs.map((run) => ({ ...run, folded: run.folded && run.rows.length > 2 }));
}

function fold(run, draw, columns) {
  const row = el("tr", { class: "diff-fold" }, el("td", { colSpan: columns }, el("button", { type: "button", class: "button button-quiet button-s", on: { click: () => {
    const rows = run.rows.flatMap(draw);
    row.replaceWith(...rows);
    const first = rows[0];
    first.tabIndex = -1;
    first.focus();
  } } }, t("相同的 {n} 行，点开看", { n: run.rows.length }))));
  return [row];
}

/** How much changed, in words. */
export function tally(rows) {
  const count = (kind) => rows.filter((row) => row.kind === kind).length;
  const [added, removed, changed] = ["added", "removed", "changed"].map(count);
  if (!added && !removed && !changed) return t("两边完全一样。");
  return [added && t("新增 {n} 行", { n: added }), removed && t("删掉 {n} 行", { n: removed }), changed && t("改了 {n} 行", { n: changed })].filter(Boolean).join(t("，"));
}

function table(rows, titles) {
  const [draw, columns] = narrow.matches ? [below, 3] : [beside, 5];
  const number = () => el("th", { class: "diff-line" }, el("span", { class: "unseen" }, t("行号")));
  const head = narrow.matches
    ? [number(), el("th", {}, `− ${titles[0]}　+ ${titles[1]}`)]
    : [number(), el("th", {}, titles[0]), number(), el("th", {}, titles[1])];
  return el("table", { class: `diff${narrow.matches ? " diff-one" : ""}` }, el("caption", { class: "unseen" }, tally(rows)),
    el("thead", {}, el("tr", {}, el("th", { class: "diff-mark" }, el("span", { class: "unseen" }, t("改动"))), head)),
    el("tbody", {}, folds(rows).flatMap((run) => (run.folded ? fold(run, draw, columns) : run.rows.flatMap(draw)))));
}

/** The comparison as a node that follows the width of the window. `titles` are those of the sides. */
export function comparison(rows, titles) {
  const box = el("div", { class: "diff-box" }, table(rows, titles));
  narrow.addEventListener("change", () => { if (box.isConnected) box.replaceChildren(table(rows, titles)); });
  return box;
}
