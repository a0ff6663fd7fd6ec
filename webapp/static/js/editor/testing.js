// The knowledge tests of a saved draft: what would be answered wrongly if it were live.

import { articles } from "../articles/calls.js";
import { testLines } from "../articles/steps.js";
import { el, fill } from "../dom.js";
import { t } from "../text.js";

const PAUSE = 3000;

/** Asks the tests once the text has rested, and tells in `box`; `draft()` is the one to ask, or null. */
export class DraftTests {
  constructor(box, draft) {
    Object.assign(this, { box, draft });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), PAUSE);
  }

  async run() {
    if (document.querySelector("dialog")) { this.soon(); return; } // a step may be on its way
    const draft = this.draft();
    if (!draft) { this.tell(null); return; }
    try {
      const verdict = await articles.tests(draft.article_id);
      if (this.draft()?.version === draft.version) this.tell(verdict);
    } catch { this.tell(null); } // whoever publishes asks them again
  }

  tell(verdict) {
    const wrong = verdict ? testLines(verdict) : [];
    this.box.classList.toggle("fails", wrong.length > 0);
    if (wrong.length) fill(this.box, el("strong", {}, t("知识测试：{n} 条会答错", { n: wrong.length })), el("ul", {}, wrong));
    else fill(this.box, verdict?.run.cases > 0 && t("知识测试：{n} 条都答得对", { n: verdict.run.cases }));
  }
}
