// The next step of a text, as buttons: save, submit, publish; or take it back from who has it.

import { askForReview, askToPublish, withdraw } from "../articles/steps.js";
import { el } from "../dom.js";
import { complain } from "../parts.js";
import { t } from "../text.js";

const button = (words, click, { tone = "", disabled = false, id = "" } = {}) => el("button", { type: "button", class: `button ${tone}`, disabled, id, on: { click } }, words);
const future = (moment) => (moment && new Date(moment) > new Date() ? moment : null);

/**
 * What can be done with a text of this `state`, `isOpen` while it may be written. `ready(act)` saves and calls
 * `act(draft)`, `stepping(act)` shows both texts when somebody was faster; `reload` and `published` follow.
 */
export function nextSteps({ state, rights, isOpen, keeper, compare, ready, stepping, reload, published }) {
  if (!isOpen) {
    return [
      button(t("撤回"), () => withdraw(state.draft, reload).catch(complain)),
      rights.review && el("a", { class: "button button-main", href: compare }, t("去审核")),
    ];
  }
  const disabled = !state.draft && !keeper.dirty;
  const submit = () => ready((draft) => askForReview(draft, reload, stepping));
  const publish = () => ready((draft) => askToPublish(draft, published, { wanted: future(state.front?.publish_at), act: stepping }));
  return [
    button(t("保存"), () => keeper.flush().catch(() => {}), { disabled: !keeper.dirty, id: "save" }),
    button(t("提交审核"), submit, { disabled, tone: rights.publish ? "" : "button-main", id: "submit" }),
    rights.publish && button(t("发布"), publish, { disabled, tone: "button-main", id: "publish" }),
  ];
}
