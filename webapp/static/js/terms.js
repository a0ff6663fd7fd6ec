// Terms: what customers call what the articles name; search, add, change in place, import, export.

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { complain, empty, field, icon, loadInto, moment, settled, toast } from "./parts.js";
import { explain } from "./problems.js";
import { locale, number, t } from "./text.js";

const PATH = "/knowledge/terms";
const box = document.getElementById("list");
const report = el("div", { class: "terms-report", "aria-live": "polite" });
const state = { q: "", page: 1, items: [], editing: null };

/** The words in a field, set apart by commas: an English one may hold a space. */
const wordsIn = (text) => text.split(/[|,，、;；\n]+/).map((word) => word.trim()).filter(Boolean);
const reason = (error) => (locale() === "zh" && error.details?.message_zh) || explain(error);

// ---- one term

/** The form for a term, or for a new one; `done` is told what stands there then. */
function editor(term, done) {
  const name = el("input", { class: "input", required: true, maxLength: 60, value: term.term, autocomplete: "off" });
  const synonyms = el("textarea", { class: "area", rows: 2, value: term.synonyms.join(t("、")), placeholder: t("例如：运费险、退货运费险") });
  const meaning = el("textarea", { class: "area", rows: 2, maxLength: 500, value: term.meaning });
  const brand = el("input", { class: "input", maxLength: 64, value: term.brand || "" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const save = el("button", { type: "submit", class: "button button-main" }, t("保存"));
  const close = () => { state.editing = null; draw(); };
  const form = el("form", { class: "term-form", on: {
    submit: async (event) => {
      event.preventDefault();
      save.disabled = true;
      const body = { term: name.value.trim(), synonyms: wordsIn(synonyms.value), meaning: meaning.value.trim(), brand: brand.value.trim() || null };
      try {
        const kept = term.id ? await api.put(`${PATH}/${term.id}`, { ...body, revision: term.revision }) : await api.post(PATH, body);
        state.editing = null;
        done(kept);
      } catch (error) {
        problem.hidden = false;
        problem.textContent = reason(error);
        save.disabled = false;
        save.focus();
      }
    },
    keydown: (event) => { if (event.key === "Escape" && !event.isComposing) { event.preventDefault(); close(); } },
  } },
    field(t("词条"), name, t("文章里用的那个词")),
    field(t("别的说法"), synonyms, t("用顿号或逗号隔开；不分大小写和简繁")),
    field(t("含义（选填）"), meaning, t("给同事看的，不参与查找")),
    field(t("品牌（选填）"), brand, t("空着：对所有品牌都有效")),
    problem, // beside the button: on a phone the form is higher than the screen
    el("div", { class: "row-line" }, save, el("button", { type: "button", class: "button", on: { click: close } }, t("取消"))));
  return el("tr", {}, el("td", { colSpan: 4 }, form));
}

function edit(id) {
  state.editing = id;
  draw();
  box.querySelector(".term-form .input")?.focus();
}

async function remove(term) {
  try {
    await api.remove(`${PATH}/${term.id}`);
    await load();
    const { id, revision, ...rest } = term;
    toast(t("删掉了“{term}”", { term: term.term }), { undo: () => api.post(PATH, { term: rest.term, synonyms: rest.synonyms, meaning: rest.meaning, brand: rest.brand }).then(load, complain) });
  } catch (error) { complain(error); }
}

function row(term) {
  if (state.editing === term.id) return editor(term, (kept) => { Object.assign(term, kept); draw(); toast(t("保存了，从下一个问题起生效")); });
  const name = el("td", { class: "term-name" }, el("strong", {}, term.term), term.brand && el("span", { class: "tag" }, term.brand),
    term.unused && el("p", { class: "small" }, el("span", { class: "tag tag-amber" }, t("文章里没有用过这个词：换成文章里的说法，或者补一篇"))),
    term.meaning && el("p", { class: "small muted" }, term.meaning));
  const actions = page.may.edit && el("td", { class: "term-actions" },
    el("button", { type: "button", class: "button button-small", "aria-label": t("修改 {title}", { title: term.term }), on: { click: () => edit(term.id) } }, icon("edit", "icon-s"), el("span", { class: "hide-phone" }, t("修改"))), " ",
    el("button", { type: "button", class: "button button-quiet button-small", "aria-label": t("删除 {title}", { title: term.term }), on: { click: () => remove(term) } }, icon("close", "icon-s")));
  return el("tr", {}, name,
    el("td", {}, el("div", { class: "term-words" }, term.synonyms.map((word) => el("span", { class: "tag" }, word)))),
    el("td", { class: "muted small hide-phone" }, moment(term.updated_at), el("p", {}, term.updated_by)), actions);
}

// ---- the list

function nothing() {
  if (state.q) return empty("search", t("没有找到"), t("换个词，或者放宽条件。"));
  return empty("book", t("还没有同义词"), t("客户的叫法和文章里的不一样时，机器人常常找不到。在这里对上就好。"), page.may.edit && el("button", { type: "button", class: "button button-main", on: { click: () => edit("new") } }, t("加一个词条")));
}

function pager() {
  const pages = Math.ceil(state.total / 50);
  if (pages < 2) return null;
  const turn = (to, words) => el("button", { type: "button", class: "button button-s", disabled: to < 1 || to > pages, on: { click: () => { state.page = to; load(); } } }, words);
  return el("nav", { class: "row-line", "aria-label": t("翻页") }, turn(state.page - 1, t("上一页")), el("span", { class: "num small" }, `${number(state.page)} / ${number(pages)}`), turn(state.page + 1, t("下一页")));
}

function show() {
  const fresh = state.editing === "new" && editor({ term: "", synonyms: [], meaning: "", brand: null }, () => { load(); toast(t("保存了，从下一个问题起生效")); });
  if (!state.items.length && !fresh) return el("div", { class: "card-box" }, nothing());
  const heads = [t("词条"), t("别的说法"), [t("最近改动"), "hide-phone"], ...(page.may.edit ? [[el("span", { class: "unseen" }, t("操作")), ""]] : [])];
  const head = el("thead", {}, el("tr", {}, heads.map((one) => (Array.isArray(one) ? el("th", { scope: "col", class: one[1] }, one[0]) : el("th", { scope: "col" }, one)))));
  return [el("div", { class: "card-box" }, el("table", { class: "list-table" }, head, el("tbody", {}, fresh, state.items.map(row)))), pager()];
}

const draw = () => fill(box, show());

const load = () => loadInto(box, () => api.get(PATH, { q: state.q, page: state.page }), (found) => {
  Object.assign(state, { items: found.items, total: found.total });
  return show();
});

// ---- files

function told(done) {
  const words = t("加了 {added} 个，改了 {changed} 个，{unchanged} 个没有变化", { added: number(done.added), changed: number(done.changed), unchanged: number(done.unchanged) });
  if (!done.failed.length) return el("p", { class: "good" }, icon("check", "icon-s"), words);
  return el("div", { class: "problem" }, el("div", {}, el("strong", {}, t("{n} 处没有导入", { n: number(done.failed.length) })), el("p", {}, words),
    el("ul", {}, done.failed.map((one) => el("li", {}, one.line ? `${t("第 {n} 行", { n: one.line })} ` : "", (locale() === "zh" && one.message_zh) || one.message)))));
}

async function take(input) {
  const [file] = input.files;
  if (!file) return;
  const form = new FormData();
  form.append("file", file);
  input.value = "";
  try {
    const done = await api.upload(`${PATH}/import`, form);
    fill(report, told(done));
    await load();
  } catch (error) {
    const [first] = Array.isArray(error.details) ? error.details : [];
    fill(report, el("p", { class: "problem" }, first ? `${first.line ? `${t("第 {n} 行", { n: first.line })} ` : ""}${(locale() === "zh" && first.message_zh) || first.message}` : reason(error)));
  }
}

const upload = el("input", { type: "file", class: "unseen", accept: ".csv,.tsv,.yml,.yaml", "aria-label": t("选一个词表文件"), tabIndex: -1, on: { change: () => take(upload) } });
const find = el("input", { class: "input", type: "search", maxLength: 200, placeholder: t("词条、说法或含义"), "aria-label": t("查找同义词"), on: { input: settled(() => { state.q = find.value.trim(); state.page = 1; load(); }) } });

document.getElementById("tabs").replaceWith(el("div", { class: "search-field terms-find", role: "search" }, icon("search"), find));
fill(document.getElementById("actions"),
  el("a", { class: "button button-quiet", href: "/api/v1/knowledge/terms/export", download: "" }, t("导出")),
  page.may.edit && [upload,
    el("button", { type: "button", class: "button", title: t("CSV 或 YAML：term、synonyms、meaning、brand"), on: { click: () => upload.click() } }, icon("upload", "icon-s"), t("导入")),
    el("button", { type: "button", class: "button button-main", on: { click: () => edit("new") } }, icon("plus", "icon-s"), t("加一个词条"))]);
box.before(report);
load();
