// How content the customer was: five stars and a word, in place.

import { el } from "../dom.js";
import { t } from "../text.js";
import { icon } from "./icons.js";

/** The box that asks, or thanks for the score given; `submit(score, comment)` tells whether it was stored. */
export function ratingBox(rated, submit) {
  if (rated) return el("div", { class: "jd-rating" }, el("p", {}, t("谢谢你的评价！")), stars(rated));
  let score = 0;
  const comment = el("input", { class: "jd-comment", maxLength: 500, placeholder: t("想说的话（选填）"), "aria-label": t("想说的话（选填）") });
  const button = el("button", { type: "button", class: "jd-choice jd-strong", disabled: true }, t("提交评价"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    button.disabled = await submit(score, comment.value.trim());
  });
  const choose = (chosen) => { score = chosen; button.disabled = false; };
  return el("div", { class: "jd-rating" }, el("p", {}, t("这次服务怎么样？")), stars(0, choose), comment, button);
}

function stars(value, choose) {
  const names = [t("很不满意"), t("不满意"), t("一般"), t("满意"), t("很满意")];
  const all = names.map((label, at) => el("button", {
    type: "button", class: "jd-star", "aria-label": label, title: label, disabled: !choose, "aria-pressed": String(at < value),
    on: { click: () => { show(all, at + 1); choose(at + 1); } },
  }, icon("star")));
  return el("div", { class: "jd-stars", role: "group", "aria-label": t("评分") }, all);
}

function show(all, value) { all.forEach((star, at) => star.setAttribute("aria-pressed", String(at < value))); }
