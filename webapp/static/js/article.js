// One article as readers see it: where it stands, its similar questions, its tests, the next step.

import { api } from "./api.js";
import { articles, draftOf } from "./articles/calls.js";
import { badges } from "./articles/state.js";
import { askToArchive, askToPublish, askToRestore, standing } from "./articles/steps.js";
import { askBox } from "./ask.js";
import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { icon, loadInto, moment } from "./parts.js";
import { number, t } from "./text.js";

const box = document.getElementById("article");
const beside = document.getElementById("beside");
const { rights } = page;
const at = (article, place = "") => `/knowledge/${encodeURIComponent(article.id)}${place}`;

const pair = (name, value) => value && [el("dt", {}, name), el("dd", {}, value)];
const button = (words, click, tone = "") => el("button", { type: "button", class: `button ${tone}`, on: { click } }, words);

function buttons(article, draft) {
  const archived = article.status === "archived";
  return [
    rights.history && el("a", { class: "button button-quiet", href: at(article, "/history") }, icon("clock", "icon-s"), t("历史")),
    page.may.edit && !archived && article.revision > 0 && button(t("归档"), () => askToArchive(article, load), "button-danger"),
    rights.bring_back && archived && button(t("恢复"), () => askToRestore(article, load)),
    page.may.edit && rights.publish && draft?.state === "draft" && !draft.problems.length && button(t("发布"), () => askToPublish(draft, load)),
    page.may.edit && el("a", { class: "button button-main", href: at(article, "/edit") }, icon("edit", "icon-s"), draft?.state === "draft" ? t("接着写") : t("编辑")),
  ];
}

/** What stands beside the live text, and the way to it. */
function draftBanner(article, draft) {
  if (!draft) return null;
  const look = draft.state === "draft" ? t("看改动") : rights.review ? t("去审核") : t("看改动");
  return el("div", { class: "banner" }, icon("edit", "icon-s"), el("p", { class: "banner-words" }, standing(draft)), el("a", { class: "button button-s", href: at(article, "/compare?from=live&to=draft") }, look));
}

/** A question as it is written: "question" or "question -> heading", the heading that answers it. */
function parted(written) {
  const arrow = written.lastIndexOf("->");
  return arrow < 0 ? { question: written, heading: null } : { question: written.slice(0, arrow).trim(), heading: written.slice(arrow + 2).trim() };
}

/** Give each heading of the article an address; heading's words → its id. */
function addressed(body) {
  return new Map([...body.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading, place) => {
    heading.id = `part-${place + 1}`;
    heading.tabIndex = -1;
    return [heading.textContent.trim(), heading.id];
  }));
}

/** question → the heading that answers it; `otherwise` stands where no heading is named. */
function route({ question, heading }, headings, otherwise = null) {
  const id = headings.get(heading);
  const target = !heading ? otherwise : id ? el("a", { href: `#${id}` }, heading) : el("span", { class: "tag tag-red", title: t("文章里没有这个小标题") }, heading);
  return el("li", {}, el("span", {}, question), target && el("span", { class: "route-to" }, icon("arrow", "icon-s"), el("span", { class: "unseen" }, t("由这一段回答：")), target));
}

function facts(article, answers) {
  return el("section", { class: "card-box card-body-box detail-list" }, el("dl", {}, [
    pair(t("编号"), article.id), pair(t("分类"), article.category.join(" / ")), pair(t("商品"), article.product), pair(t("版本"), article.versions.join("、")), pair(t("渠道"), article.channels.join("、")), pair(t("标签"), article.tags.join("、")), pair(t("有效期至"), article.valid_until),
    answers !== null && pair(t("使用"), t("最近 30 天回答了 {n} 次", { n: number(answers) })),
    pair(t("版次"), article.revision ? t("第 {n} 版", { n: article.revision }) : t("还没有发布过")), pair(t("更新"), article.updated_at && el("span", {}, moment(article.updated_at), article.updated_by ? ` · ${article.updated_by}` : "")),
  ].filter(Boolean)));
}

const section = (title, rows) => rows.length > 0 && el("section", { class: "card-box card-body-box" }, el("h2", {}, title), el("ul", { class: "plain-list routes" }, rows));

function show({ article, draft, answers }) {
  document.title = `${article.title} · ${t("接待")}`;
  const shown = article.revision || !draft ? article : draft;
  const body = el("article", { class: "card-box card-body-box rich", html: shown.html });
  const headings = addressed(body);
  fill(beside, facts(article, answers),
    section(t("相似问题"), article.questions.map((written) => route(parted(written), headings))),
    section(t("知识测试"), article.tests.map((test) => route(test, headings, el("span", { class: "muted" }, t("不该回答"))))));
  return [
    el("header", { class: "page-head" }, el("h1", {}, article.title), el("span", { class: "row-line" }, badges(article)), el("span", { class: "row-line head-buttons" }, buttons(article, draft))),
    el("div", { class: "stack" },
      draftBanner(article, draft),
      article.status === "archived" && el("p", { class: "banner" }, icon("alert", "icon-s"), t("这篇已经归档，机器人不用它回答客户。")),
      article.expired && el("p", { class: "banner" }, icon("alert", "icon-s"), t("有效期到 {date} 为止，机器人已经不用它回答。改一下有效期再发布就能恢复。", { date: article.valid_until })),
      !article.revision && el("p", { class: "banner" }, icon("eye", "icon-s"), t("还没有发布过：下面是草稿，客户看不到。")),
      body),
  ];
}

async function used() {
  if (!rights.history) return null;
  try {
    const { items } = await api.get("/knowledge/use", { days: 30, article_id: page.article });
    return items.reduce((sum, use) => sum + use.answers, 0);
  } catch { return null; }
}

const load = () => loadInto(box, async () => {
  const [article, answers] = await Promise.all([articles.show(page.article), used()]);
  return { article, answers, draft: rights.history ? await draftOf(article) : null };
}, show);

load();
askBox({ own: () => page.article });
if (matchMedia("(max-width: 860px)").matches) document.getElementById("ask-box").open = false;
