// The editor: Markdown with front matter beside its preview; a conflict is shown, never overwritten.

import { api } from "./api.js";
import { askBox } from "./ask.js";
import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { settled, sheet, tabs, toast } from "./parts.js";
import { explain } from "./problems.js";
import { t } from "./text.js";

const byId = (id) => document.getElementById(id);
const [source, preview, problem, saved, save] = ["source", "preview", "problem", "saved", "save"].map(byId);
const draftKey = `jiedai:article:${page.article || "new"}`;
const state = { revision: null, stored: "" };

const template = () => `---\ntitle: ${t("文章标题")}\ntags: []\nquestions:\n  - ${t("客户会怎么问")}\n---\n\n## ${t("小标题")}\n\n${t("一段能直接发给客户的回答。")}\n`;

// The template is no article: published as it stands, customers would read it.
const start = () => state.stored || template();
const changed = () => source.value !== start();

function showProblem(error) {
  const told = JSON.stringify([error?.status, error?.message, error?.details]);
  if (told === state.told) return; // an alert is read aloud each time it is drawn
  state.told = told;
  if (!error) { fill(problem); return; }
  const lines = (Array.isArray(error.details) ? error.details : []).map((detail) => el("li", {}, [detail.line && t("第 {n} 行", { n: detail.line }), detail.message || detail.problem].filter(Boolean).join("：")));
  fill(problem, el("div", { class: "problem editor-problem", role: "alert" }, el("span", {}, explain(error)), lines.length > 0 && el("ul", {}, lines)));
}

const draw = settled(async () => {
  try {
    const shown = await api.post("/articles/preview", { markdown: source.value });
    fill(preview, shown.title && el("h1", {}, shown.title), el("div", { html: shown.html })); // sanitised by the server
    showProblem(shown.problem ? { status: 422, message: shown.problem } : null);
  } catch (error) { showProblem(error); }
}, 350);

function follow() {
  saved.textContent = changed() ? t("有未发布的改动，已存在这台电脑上") : "";
  save.disabled = !changed();
  if (changed()) localStorage.setItem(draftKey, source.value);
  else localStorage.removeItem(draftKey);
}

async function publish() {
  save.disabled = true;
  try {
    const markdown = source.value;
    const article = page.article
      ? await api.put(`/articles/${encodeURIComponent(page.article)}`, { markdown, revision: state.revision })
      : await api.post("/articles", { markdown });
    state.stored = markdown;
    localStorage.removeItem(draftKey);
    showProblem(null);
    if (!page.article) { location.assign(`/knowledge/${encodeURIComponent(article.id)}`); return; }
    state.revision = article.revision;
    toast(t("已发布，几秒内生效"));
  } catch (error) {
    if (error.status === 409 && page.article) conflict();
    else showProblem(error);
  }
  follow();
}

async function conflict() {
  const theirs = await api.get(`/articles/${encodeURIComponent(page.article)}`);
  const compare = el("textarea", { class: "area conflict", readOnly: true, rows: 12, value: theirs.markdown, "aria-label": t("现在发布的内容") });
  sheet({
    title: t("别人刚改过这篇"), submit: t("用我的覆盖"), danger: true,
    body: (close) => [
      el("p", {}, t("{name} 发布了第 {n} 版。你的内容还在编辑框里，没有丢。", { name: theirs.updated_by || t("同事"), n: theirs.revision })), compare,
      el("button", { type: "button", class: "button", on: { click: () => { source.value = theirs.markdown; state.stored = theirs.markdown; state.revision = theirs.revision; follow(); draw(); close(); } } }, t("放弃我的，用新的")),
    ],
    onSubmit: async () => { state.revision = theirs.revision; await publish(); },
  });
}

function panes(shown) {
  byId("editor").dataset.shown = shown;
  tabs(byId("switch"), [["source", t("编辑"), null], ["preview", t("预览"), null]], shown, panes);
}

function shortcuts(event) {
  if ((event.ctrlKey || event.metaKey) && ["s", "Enter"].includes(event.key)) { event.preventDefault(); if (changed()) publish(); }
}

async function begin() {
  if (page.article) {
    try {
      const article = await api.get(`/articles/${encodeURIComponent(page.article)}`);
      Object.assign(state, { revision: article.revision, stored: article.markdown });
      byId("editor-title").textContent = article.title;
    } catch (error) { showProblem(error); return; }
  }
  const draft = localStorage.getItem(draftKey);
  source.value = draft || start();
  if (draft) toast(t("接着上次没发布的内容写"), { undo: () => { source.value = start(); follow(); draw(); } });
  follow();
  draw();
}

source.addEventListener("input", () => { follow(); draw(); });
source.addEventListener("keydown", shortcuts);
save.addEventListener("click", publish);
panes("source");
askBox();
begin();
