// Somebody else saved first: both texts, the difference between them, and a hand to merge them.

import { comparison } from "../articles/diff.js";
import { el } from "../dom.js";
import { field, moment, sheet } from "../parts.js";
import { t } from "../text.js";

const MOST = 4_000_000; // pairs of lines; longer texts are shown without what is the same

/** Rows of two texts by their longest common lines, in the shape of the API's comparison. */
export function compareLines(old, now) {
  const [a, b] = [old.split("\n"), now.split("\n")];
  const rows = [];
  const row = (kind, i, j) => rows.push({ kind, old_line: i === null ? null : i + 1, new_line: j === null ? null : j + 1, old: i === null ? [] : [{ text: a[i], changed: kind !== "equal" }], new: j === null ? [] : [{ text: b[j], changed: kind !== "equal" }] });
  if (a.length * b.length > MOST) {
    a.forEach((_, i) => row("removed", i, null));
    b.forEach((_, j) => row("added", null, j));
    return rows;
  }
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { row("equal", i, j); i += 1; j += 1; }
    else if (j >= b.length || (i < a.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) { row("removed", i, null); i += 1; }
    else { row("added", null, j); j += 1; }
  }
  return rows;
}

/**
 * Ask what shall become of the two texts. `theirs` is {by, at, number, markdown}; `take(text)` is
 * given the text that the writer settles on, and may throw to keep the dialog open.
 */
export function conflict({ theirs, mine, words, take }) {
  const merged = el("textarea", { class: "area conflict", rows: 12, value: mine, spellcheck: false });
  const other = el("textarea", { class: "area conflict", rows: 12, readOnly: true, value: theirs.markdown });
  const theirsWords = t("{name} 的", { name: theirs.by || t("同事") });
  sheet({
    title: t("别人刚改过这篇"), submit: t("保存右边的"), wide: true,
    body: (close) => [
      el("p", {}, words, theirs.at && el("span", { class: "muted" }, " (", moment(theirs.at), ") "), t("你的内容还在，没有丢，也没有盖掉别人的。把两边合成一份，再保存右边的。")),
      comparison(compareLines(theirs.markdown, mine), [theirsWords, t("我的")]),
      el("div", { class: "two-texts" }, field(theirsWords, other), field(t("我的（在这里合并）"), merged)),
      el("div", { class: "row-line" }, el("button", { type: "button", class: "button", on: { click: async () => { await take(theirs.markdown, { theirs: true }); close(); } } }, t("放弃我的，用对方的")),
        el("button", { type: "button", class: "button", on: { click: close } }, t("先不处理，接着写"))),
    ],
    onSubmit: () => take(merged.value, { theirs: false }),
  });
}
