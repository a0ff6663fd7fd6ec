// Convert: drop documents, look at what was recognised in them, then publish it or keep it as drafts.

import { api } from "./api.js";
import { articles } from "./articles/calls.js";
import { testLines } from "./articles/steps.js";
import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { icon, skeleton } from "./parts.js";
import { explain } from "./problems.js";
import { locale, number, t } from "./text.js";

const [drop, input, result, take] = ["drop", "files", "result", "take"].map((id) => document.getElementById(id));
const pieces = new Set();
const wordsOf = (remark) => (locale() === "zh" && remark?.message_zh) || remark?.message || "";

/** The article's source: a JSON text is a YAML text. */
const sourceOf = (piece) => `---\ntitle: ${JSON.stringify(piece.title.value.trim())}\n---\n\n${piece.text.value.trim()}\n`;

function preview(piece) {
  const shown = el("div", { class: "rich convert-preview", hidden: true });
  const button = el("button", { type: "button", class: "button button-quiet", "aria-pressed": "false", on: { click: async () => {
    const open = shown.hidden;
    button.setAttribute("aria-pressed", String(open));
    shown.hidden = !open;
    piece.text.hidden = open;
    if (!open) return;
    fill(shown, skeleton(3));
    try {
      const found = await api.post("/articles/preview", { markdown: sourceOf(piece) });
      fill(shown, el("div", { html: found.html })); // sanitised by the server
    } catch (error) {
      fill(shown, el("p", { class: "problem" }, explain(error)));
    }
  } } }, icon("eye", "icon-s"), t("预览"));
  return [button, shown];
}

/** One article to be: whether to take it, its title, its text. */
function pieceOf({ title, markdown }) {
  const piece = {
    chosen: el("input", { type: "checkbox", checked: true, "aria-label": t("采用这一篇"), on: { change: count } }),
    title: el("input", { class: "input", value: title, maxLength: 300, "aria-label": t("标题") }),
    text: el("textarea", { class: "area convert-text", value: markdown, rows: Math.min(14, markdown.split("\n").length + 1), "aria-label": t("内容（Markdown）"), spellcheck: false }),
    state: el("p", { class: "small", role: "status" }),
  };
  const [button, shown] = preview(piece);
  piece.box = el("section", { class: "convert-piece" }, el("div", { class: "convert-head" }, piece.chosen, piece.title, button), piece.text, shown, piece.state);
  pieces.add(piece);
  return piece;
}

function documentOf(found) {
  const box = el("div", { class: "stack" });
  let shown = [];
  const show = (split) => {
    for (const piece of shown) pieces.delete(piece);
    shown = (split ? found.parts : [found]).map(pieceOf);
    fill(box, shown.map((piece) => piece.box));
    count();
  };
  show(false);
  const split = found.parts.length > 1 && el("label", { class: "convert-split" },
    el("input", { type: "checkbox", on: { change: (event) => show(event.target.checked) } }), t("按标题拆成 {n} 篇", { n: number(found.parts.length) }));
  return [split, box];
}

function cardOf(name) {
  const body = el("div", { class: "stack" }, skeleton(3));
  result.append(el("section", { class: "card-box card-body-box" }, el("h2", {}, el("code", {}, name)), body));
  return body;
}

async function convert(file) {
  const body = cardOf(file.name);
  const form = new FormData();
  form.append("file", file);
  try {
    const found = await api.upload("/articles/convert", form);
    fill(body, found.remarks.map((remark) => el("p", { class: "caution" }, icon("alert", "icon-s"), wordsOf(remark))), found.documents.map(documentOf));
  } catch (error) {
    fill(body, el("p", { class: "problem" }, icon("alert", "icon-s"), error.status === 413 ? t("文件超过了 20 MB。拆小一点再试。") : wordsOf(error.details) || explain(error)));
  }
}

const chosen = () => [...pieces].filter((piece) => piece.chosen.checked && !piece.chosen.disabled);

function count() {
  const n = chosen().length;
  take.hidden = !pieces.size;
  const button = (words, main, step) => el("button", { type: "button", class: `button${main ? " button-main" : ""}`, disabled: !n, on: { click: () => takeOver(step) } }, words);
  const main = page.rights.publish ? button(t("发布 {n} 篇", { n: number(n) }), true, publish) : button(t("提交审核 {n} 篇", { n: number(n) }), true, submit);
  fill(take, main, button(t("存成草稿"), false, keep));
}

/** The ways to take a piece over; each returns the article's id and what was done. */
const publish = async (markdown) => [(await api.post("/articles", { markdown })).id, t("已发布")];
const keep = async (markdown) => [(await api.post("/articles/drafts", { markdown })).article_id, t("已存成草稿")];
async function submit(markdown) {
  const { article_id: id, version } = await api.post("/articles/drafts", { markdown });
  await articles.step(id, "submit", { version });
  return [id, t("已提交，等待审核")];
}

async function takeOver(step) {
  for (const button of take.querySelectorAll("button")) button.disabled = true;
  for (const piece of chosen()) {
    try {
      const [id, done] = await step(sourceOf(piece));
      for (const control of [piece.chosen, piece.title, piece.text]) control.disabled = true;
      piece.state.className = "good";
      fill(piece.state, icon("check", "icon-s"), el("a", { href: `/knowledge/${encodeURIComponent(id)}` }, done));
    } catch (error) {
      piece.state.className = "problem";
      const tests = error.code === "KnowledgeTestsFail" && [t("可以存成草稿，在编辑器里改好再发布。"), el("ul", { class: "problem-lines" }, testLines(error.details))];
      fill(piece.state, icon("alert", "icon-s"), explain(error, { AlreadyExists: t("已经有同名的文章。换一个标题再试。") }), tests);
    }
  }
  count();
}

async function send(files) {
  const wanted = [...files];
  input.value = "";
  for (const file of wanted) await convert(file);
}

input.addEventListener("change", () => send(input.files));
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") send(event.dataTransfer.files);
  });
}
