// The paper behind the source: line numbers, and what is wrong beside the line it is in.

import { el, fill } from "../dom.js";
import { problemWords } from "../problemwords.js";
import { t } from "../text.js";

/** Draws `source` again behind itself, line by line, so that numbers stand where lines wrap. */
export class Lines {
  constructor(source, paper, scroll) {
    Object.assign(this, { source, paper, scroll, texts: [], problems: new Map() });
  }

  /** Follow the text: only lines that changed are touched. */
  follow() {
    const now = this.source.value.split("\n");
    const before = this.texts;
    let same = 0;
    while (same < before.length && same < now.length && before[same] === now[same]) same += 1;
    let tail = 0;
    while (tail < before.length - same && tail < now.length - same && before.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
    for (let at = before.length - tail - 1; at >= same; at -= 1) this.paper.children[at].remove();
    const next = this.paper.children[same] || null;
    for (const text of now.slice(same, now.length - tail)) this.paper.insertBefore(el("div", { class: "line" }, text || "\u200b"), next);
    this.texts = now;
  }

  /** Show `[{line, message}]` beside their lines. */
  mark(problems) {
    for (const marked of this.paper.querySelectorAll(".line.wrong")) {
      marked.classList.remove("wrong");
      marked.querySelector(".line-problem").remove();
    }
    for (const { line, message } of problems) {
      const row = line && this.paper.children[line - 1];
      if (!row || row.classList.contains("wrong")) continue;
      row.classList.add("wrong");
      row.append(el("span", { class: "line-problem" }, message));
    }
  }

  /** Put the caret at the beginning of a line and bring it into view. */
  jump(line) {
    const before = this.texts.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    this.source.focus({ preventScroll: true });
    this.source.setSelectionRange(before, before + (this.texts[line - 1] || "").length);
    const row = this.paper.children[line - 1];
    if (row) this.scroll.scrollTop = row.offsetTop - this.scroll.clientHeight / 3;
  }
}

/** List what is wrong in `box`, too, each with the way to its line; `before()` brings the source into view. */
export function listProblems(box, lines, problems, before) {
  const told = problems.map(({ line, message }) => ({ line, message: problemWords(message) }));
  lines.mark(told);
  const key = JSON.stringify(told);
  if (key === box.dataset.told) return; // read aloud each time it is drawn
  box.dataset.told = key;
  fill(box, told.length > 0 && [
    el("strong", {}, t("发布前要改好 {n} 处", { n: told.length })),
    el("ul", {}, told.map(({ line, message }) => el("li", {}, line ? el("button", { type: "button", class: "problem-jump", on: { click: () => { before(); lines.jump(line); } } }, t("第 {n} 行", { n: line })) : "", message))),
  ]);
}
