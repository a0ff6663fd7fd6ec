// The editor: source, form and preview of one text; saved as a draft, then on its way to customers.

import { api } from "./api.js";
import { articles, draftOf, isConflict } from "./articles/calls.js";
import { badges } from "./articles/state.js";
import { askToDiscard, standing } from "./articles/steps.js";
import { el, fill } from "./dom.js";
import { asking } from "./editor/asking.js";
import { conflict } from "./editor/conflict.js";
import { Form } from "./editor/form.js";
import { Keeper, LocalCopy } from "./editor/keeper.js";
import { keepWhatIsTyped, takeUp } from "./editor/keeping.js";
import { Lines, listProblems } from "./editor/lines.js";
import { nextSteps } from "./editor/next.js";
import { pictures } from "./editor/pictures.js";
import { DraftTests } from "./editor/testing.js";
import { toolbar } from "./editor/toolbar.js";
import { page } from "./pagedata.js";
import { complain, icon, refill, settled, tabs, toast } from "./parts.js";
import { explain } from "./problems.js";
import { clock, t } from "./text.js";

const byId = (id) => document.getElementById(id);
const [source, preview, side, saved, problems, banner] = ["source", "preview", "side", "saved", "problems", "banner"].map(byId);
const { rights } = page;
const state = { id: page.article, article: null, draft: null, base: null, problems: [], front: null, leaving: false, panel: "preview" };

const home = () => `/knowledge/${encodeURIComponent(state.id)}`;
const comparison = () => `${home()}/compare?from=live&to=draft`;
const open = () => !state.draft || state.draft.state === "draft";

const lines = new Lines(source, byId("back"), byId("scroll"));
const form = new Form(byId("form"), source, { isNew: !page.article });
const copy = () => new LocalCopy(page.me.id, state.id);
const tests = new DraftTests(byId("tested"), () => (open() && !state.problems.length && !keeper.dirty ? state.draft : null));
const keeper = new Keeper({ read: () => source.value, save: store, copy, tell: tellSaved });

// ---- saving

/** What the article is called here; while its title is the template's, it is not begun. */
function mustHaveTitle() {
  if (!state.front) throw new NotYet("FrontMatterUnreadable");
  if (!state.front.title || state.front.title === page.template.title) throw new NotYet("TitleMissing");
}

/** What only the writer can mend before the server has to know of it. */
class NotYet extends Error {
  constructor(code) {
    super(code);
    Object.assign(this, { status: 422, code });
  }
}

async function store(markdown) {
  if (state.id) {
    state.draft = await articles.save(state.id, markdown, state.draft?.version || 0, state.draft ? null : state.base);
  } else {
    await draw();
    mustHaveTitle();
    const before = copy();
    state.draft = await articles.begin(markdown, state.front?.id || null);
    state.id = state.draft.article_id;
    before.forget();
    history.replaceState(null, "", `${home()}/edit`);
    byId("leave").href = home();
    form.fixId();
  }
  state.base = null;
  await refresh();
}

/** The article's own state after a step; the text in the editor is left alone. */
async function refresh() {
  state.article = await articles.show(state.id);
  drawHead();
}

function tellSaved(now, error = null) {
  const words = {
    clean: state.draft ? t("草稿已保存") : "", dirty: t("有改动，马上保存"), saving: t("正在保存…"),
    saved: t("草稿已保存 {time}", { time: clock(new Date()) }), failed: t("没有保存到服务器，已存在这台电脑上"),
  }[now];
  saved.textContent = words;
  saved.classList.toggle("bad", now === "failed");
  if (now === "failed") refused(error);
  else if (now === "saved") { fill(banner, standingBanner()); tests.soon(); }
  drawSteps();
}

/** The server did not take the text; nothing is lost, and the way on is shown. */
function refused(error) {
  if (isConflict(error)) { settle(error); return; }
  const waits = { TitleMissing: t("写好标题就会自动保存"), FrontMatterUnreadable: t("抬头改好后会自动保存") }[error.code];
  if (waits) { saved.textContent = waits; saved.classList.remove("bad"); return; }
  if (error.code === "DraftLocked" || error.code === "DraftNotFound") { reload().catch(complain); return; }
  if (error.status === 401) return;
  fill(banner, el("p", { class: "problem editor-banner", role: "alert" }, icon("alert", "icon-s"), el("span", {}, explain(error)), el("button", { type: "button", class: "button button-s", on: { click: () => keeper.flush().catch(() => {}) } }, t("再试一次"))));
}

/** The draft has moved on in other hands: what is written here stays, the rest is read again. */
async function reload() {
  await refresh();
  state.draft = await draftOf(state.article);
  if (!state.draft) state.base = state.article.revision;
  keeper.settle(state.draft?.markdown ?? state.article.markdown);
  drawAll();
}

/** Both texts side by side; what the writer settles on becomes the draft. */
function settle(error) {
  if (document.querySelector("dialog")) return;
  const theirs = error.details;
  if (!theirs) { complain(error); return; }
  const live = error.code !== "DraftMoved";
  keeper.held = true;
  const take = async (text, { theirs: given }) => {
    await refresh();
    state.draft = await draftOf(state.article);
    const stands = state.draft?.markdown ?? state.article.markdown;
    state.base = live ? theirs.number : null;
    source.value = text;
    if (!given || live || text !== stands) state.draft = await articles.save(state.id, text, state.draft?.version || 0, live ? theirs.number : null);
    state.base = null;
    keeper.held = false;
    keeper.settle(text);
    await refresh();
    drawAll();
  };
  conflict({
    theirs, mine: source.value, take,
    words: live ? t("{name} 在你写的时候发布了第 {n} 版。", { name: theirs.by || t("同事"), n: theirs.number }) : t("{name} 也在改这份草稿，先保存了。", { name: theirs.by || t("同事") }),
  });
}

// ---- what is wrong, and how it looks

async function draw() {
  const markdown = source.value;
  let shown;
  try {
    shown = await api.post("/articles/preview", state.id ? { markdown, id: state.id } : { markdown });
  } catch (error) {
    if (error.status !== 401) saved.textContent = explain(error);
    return;
  }
  if (markdown !== source.value) return; // typed on: the next answer is on its way
  Object.assign(state, { problems: shown.problems, front: shown.front_matter });
  const key = `${shown.title}\n${shown.html}`;
  if (key !== state.shown) {
    state.shown = key;
    fill(preview, shown.title && el("h1", {}, shown.title), el("div", { html: shown.html })); // sanitised by the server
  }
  if (shown.title) byId("editor-title").textContent = shown.title;
  form.show(shown.front_matter, shown.headings);
  const untouched = !state.id && markdown === page.template.source; // nobody has begun: nothing is left over
  listProblems(problems, lines, untouched ? [] : shown.problems, () => panel("source"));
  drawSteps();
}
const drawSoon = settled(draw, 300);

// ---- the next step

/** Everything that is typed is saved, and can be published; then the step. */
async function ready(act) {
  try {
    await draw();
    await keeper.flush();
    if (state.problems.length) { problems.querySelector("button")?.focus(); toast(t("还有 {n} 处要改好", { n: state.problems.length }), { bad: true }); return; }
    if (!state.draft) return;
    act(state.draft);
  } catch (error) {
    if (!isConflict(error)) complain(error);
  }
}

/** A step of a dialog; when somebody was faster, both texts are shown instead. */
async function stepping(act) {
  try {
    await act();
  } catch (error) {
    if (!isConflict(error) || !error.details) throw error;
    for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
    settle(error);
  }
}

async function afterPublishing() {
  state.draft = null;
  await reload();
}

function drawSteps() {
  const steps = nextSteps({ state, rights, isOpen: open(), keeper, compare: comparison(), ready, stepping, reload, published: afterPublishing });
  refill(byId("steps"), steps.filter(Boolean));
}

function gone(left) {
  state.leaving = true;
  copy().forget();
  if (left) { state.draft = null; state.leaving = false; reload().then(() => { source.value = state.article.markdown; keeper.settle(source.value); drawAll(); }, complain); }
  else setTimeout(() => location.assign("/knowledge"), 8500);
}

function links() {
  if (!state.id) return [];
  return [
    state.draft && el("a", { class: "button button-quiet button-s", href: comparison() }, t("看改动")),
    el("a", { class: "button button-quiet button-s", href: `${home()}/history` }, icon("clock", "icon-s"), t("历史")),
    state.draft && open() && el("button", { type: "button", class: "button button-quiet button-s", on: { click: () => askToDiscard(state.draft, gone) } }, t("放弃草稿")),
  ].filter(Boolean);
}

function standingBanner() {
  const { draft } = state;
  const told = draft && (!open() || draft.failure || (draft.reason && draft.step_by !== draft.author));
  return told && el("p", { class: "banner editor-banner" }, icon(open() ? "edit" : "clock", "icon-s"), el("span", { class: "banner-words" }, standing(draft)), !open() && el("span", { class: "muted" }, t("要改的话，先撤回。")));
}

function drawHead() {
  fill(byId("badges"), state.article && badges(state.article));
  fill(byId("links"), links());
}

const tools = toolbar(byId("toolbar"), source, pictures(source, byId("picture"), { allowed: rights.attach, article: savedId }));

async function savedId() {
  if (!state.id) { await draw(); await keeper.flush(); }
  return state.id;
}

function drawAll() {
  source.readOnly = !open();
  tools.enable(open());
  fill(banner, standingBanner());
  lines.follow();
  drawHead();
  drawSteps();
  draw();
}

function panel(shown) {
  state.panel = shown;
  byId("editor").dataset.shown = shown;
  for (const one of document.querySelectorAll("[data-panel]")) one.hidden = one.dataset.panel !== (shown === "source" ? "preview" : shown);
  tabs(byId("switch"), [["source", t("编辑"), null], ["preview", t("预览"), null], ["form", t("属性"), null], ["ask", t("试问"), null]], shown, panel);
  side.scrollTop = 0;
}

// ---- begin

function typed() {
  lines.follow();
  keeper.typed(state.draft?.version || 0);
  drawSoon();
}

async function begin() {
  panel(matchMedia("(max-width: 860px)").matches ? "source" : "preview");
  let stands = page.template.source;
  if (state.id) {
    try {
      state.article = await articles.show(state.id);
      state.draft = await draftOf(state.article);
    } catch (error) {
      fill(banner, el("p", { class: "problem editor-banner", role: "alert" }, icon("alert", "icon-s"), explain(error)));
      source.readOnly = true;
      return;
    }
    if (!state.draft) state.base = state.article.revision;
    stands = state.draft?.markdown ?? state.article.markdown;
  }
  source.value = stands;
  keeper.stored = stands;
  tellSaved("clean");
  drawAll();
  takeUp(stands, {
    copy: copy(), state, isOpen: open(),
    write: (text) => { source.value = text; typed(); },
    settle: (mine, error) => { source.value = mine; settle(error); },
  });
  api.get("/knowledge/catalogue").then((known) => form.suggest(known), () => {}); // without it one types
}

source.addEventListener("input", typed);
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !["s", "Enter"].includes(event.key) || document.querySelector("dialog")) return;
  event.preventDefault();
  if (event.key === "s") keeper.flush().catch(() => {});
  else byId("steps").querySelector(".button-main:not(:disabled)")?.click();
});
keepWhatIsTyped({ keeper, state, banner });
asking(source, () => state.id);
begin();
