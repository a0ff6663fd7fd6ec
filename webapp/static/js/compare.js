// Two texts of an article side by side, and as customers would see the newer one; the place where a
// draft is reviewed and an earlier text is brought back.

import { articles, draftOf } from "./articles/calls.js";
import { comparison, tally } from "./articles/diff.js";
import { askToDiscard, askToPublish, askToReject, askToRollBack, standing, withdraw } from "./articles/steps.js";
import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { complain, empty, icon, loadInto, tabs } from "./parts.js";
import { problemWords } from "./problemwords.js";
import { exact, t } from "./text.js";

const byId = (id) => document.getElementById(id);
const { rights } = page;
const query = new URLSearchParams(location.search);
const sides = { from: query.get("from") || "live", to: query.get("to") || "draft" };
const home = `/knowledge/${encodeURIComponent(page.article)}`;
const state = { view: null };

const button = (words, click, tone = "") => el("button", { type: "button", class: `button ${tone}`, on: { click } }, words);
const leave = () => location.assign(home);

/** After a draft was given up: the page has nothing to compare any more, the toast still undoes. */
function gone(left) {
  for (const id of ["actions", "standing", "views"]) fill(byId(id));
  fill(byId("texts"), empty("check", t("草稿已放弃"), t("客户看到的内容没有变。"), el("a", { class: "button", href: left ? home : "/knowledge" }, left ? t("回到文章") : t("全部知识"))));
}

/** What one side is called: the live text, the draft, or a revision with who and when. */
function sideWords(name, side, article) {
  const when = side.at ? `${side.author || ""} ${exact(side.at)}`.trim() : "";
  if (name === "draft") return `${t("草稿")} · ${when}`;
  if (!side.number) return t("还没有发布过");
  const words = side.number === article.revision && article.status === "published" ? t("现在发布的第 {n} 版", { n: side.number }) : t("第 {n} 版", { n: side.number });
  return when ? `${words} · ${when}` : words;
}

function steps({ article, draft }) {
  if (sides.to === "draft" && draft) {
    const open = draft.state === "draft";
    const own = draft.author === page.me.name && !rights.publish; // a second person is needed
    return [
      page.may.edit && !open && button(t("撤回"), () => withdraw(draft, load).catch(complain)),
      page.may.edit && open && button(t("放弃草稿"), () => askToDiscard(draft, gone), "button-danger"),
      page.may.edit && open && el("a", { class: "button", href: `${home}/edit` }, icon("edit", "icon-s"), t("接着写")),
      rights.review && !open && button(t("退回修改"), () => askToReject(draft, load), "button-danger"),
      rights.review && !open && !own && button(t("通过并发布"), () => askToPublish(draft, leave, { reviewing: true }), "button-main"),
      page.may.edit && rights.publish && open && !draft.problems.length && button(t("发布"), () => askToPublish(draft, leave), "button-main"),
    ];
  }
  const earlier = /^\d+$/.test(sides.to) ? Number(sides.to) : null;
  return [earlier && earlier !== article.revision && rights.bring_back && button(t("恢复到这一版"), () => askToRollBack(article, earlier, leave), "button-main")];
}

function stand({ draft }) {
  if (sides.to !== "draft" || !draft) return null;
  return [
    el("p", { class: "banner" }, icon("edit", "icon-s"), el("span", { class: "banner-words" }, standing(draft))),
    draft.base !== draft.live_revision && el("p", { class: "problem" }, icon("alert", "icon-s"), t("这份草稿是从第 {n} 版改起的，之后又发布了第 {m} 版。要先在编辑器里对一下再发布。", { n: draft.base, m: draft.live_revision })),
    draft.problems.length > 0 && el("div", { class: "problem", role: "alert" }, el("ul", { class: "problem-lines" }, draft.problems.map((problem) => el("li", {}, [problem.line && t("第 {n} 行", { n: problem.line }), problemWords(problem.message)].filter(Boolean).join("：")))))
  ];
}

/** The newer text as customers would see it. */
function whole(shown) {
  return el("article", { class: "card-box card-body-box" }, shown.title && el("h2", { class: "rich-title" }, shown.title), el("div", { class: "rich", html: shown.html }));
}

function view(found) {
  state.view ||= found.diff.old.number === 0 ? "whole" : "changes"; // of a new article everything is a change
  tabs(byId("views"), [["changes", t("改动"), null], ["whole", t("客户会看到的样子"), null]], state.view, (wanted) => { state.view = wanted; view(found); });
  const { diff, article } = found;
  fill(byId("texts"), state.view === "whole" ? whole(found.shown) : [
    el("p", { class: "muted diff-tally" }, tally(diff.rows)),
    comparison(diff.rows, [sideWords(sides.from, diff.old, article), sideWords(sides.to, diff.new, article)]),
  ]);
}

function show(found) {
  document.title = `${t("对比")} · ${found.article.title} · ${t("接待")}`;
  fill(byId("title"), sides.to === "draft" ? t("改动：{title}", { title: found.article.title }) : found.article.title);
  fill(byId("actions"), steps(found));
  fill(byId("standing"), stand(found));
  view(found);
  return byId("texts").firstChild ? [...byId("texts").childNodes] : [];
}

async function find() {
  const article = await articles.show(page.article);
  const [diff, draft] = await Promise.all([articles.diff(page.article, sides.from, sides.to), draftOf(article)]);
  const shown = sides.to === "draft" ? draft : sides.to === "live" ? article : await articles.revision(page.article, sides.to);
  return { article, diff, draft, shown };
}

const load = () => loadInto(byId("texts"), find, show);

load();
