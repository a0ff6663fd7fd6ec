// The front matter as a form: what is typed here goes into the source, and the other way round.

import { el, fill } from "../dom.js";
import { field, icon, select } from "../parts.js";
import { t } from "../text.js";
import { withKey } from "./frontmatter.js";

const commas = (text) => [...new Set(text.split(/[,，、;；\n]+/).map((word) => word.trim()).filter(Boolean))];
const pad = (number) => String(number).padStart(2, "0");

/** A moment as `datetime-local` has it, in the reader's own zone. */
function localMoment(iso) {
  const at = new Date(iso);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** The same with the offset of the zone, as it is written into the source. */
function zoned(local) {
  const minutes = -new Date(local).getTimezoneOffset();
  const offset = Math.abs(minutes);
  return `${local}:00${minutes < 0 ? "-" : "+"}${pad(Math.floor(offset / 60))}:${pad(offset % 60)}`;
}

const FIELDS = () => [
  ["title", t("标题"), null, {}],
  ["id", t("编号"), t("留空时从标题来；保存以后不能改。"), {}],
  ["category", t("分类"), t("最多三层，用 / 隔开，例如 手机/屏幕/碎屏"), { read: (value) => value.join("/"), list: true }],
  ["product", t("商品"), t("只对问这个商品的客户有效；留空对所有人有效。"), { list: true }],
  ["versions", t("版本"), t("用逗号隔开"), { read: (value) => value.join(t("，")), write: commas }],
  ["channels", t("渠道"), t("用逗号隔开，例如 web, wechat"), { read: (value) => value.join(t("，")), write: commas }],
  ["tags", t("标签"), t("用逗号隔开"), { read: (value) => value.join(t("，")), write: commas }],
  ["publish_at", t("发布时间"), t("发布时先等到这个时间"), { type: "datetime-local", read: (value) => (value ? localMoment(value) : ""), write: (text) => (text ? zoned(text) : "") }],
  ["valid_until", t("有效期至"), t("过了这一天，机器人不再用它回答。"), { type: "date" }],
];

/** A list of questions, each with the heading that answers it. */
class Questions {
  constructor(key, { title, hint, none, placeholder }, change) {
    Object.assign(this, { key, none, placeholder, change, rows: [], headings: [] });
    this.list = el("div", { class: "question-rows" });
    const add = el("button", { type: "button", class: "button button-s", on: { click: () => { this.rows.push({ question: "", heading: null }); this.draw(); this.list.lastElementChild.querySelector("input").focus(); } } }, icon("plus", "icon-s"), t("加一条"));
    this.node = el("fieldset", { class: "questions" }, el("legend", { class: "label" }, title), el("p", { class: "hint" }, hint), this.list, add);
  }

  get value() {
    return this.rows.filter(({ question }) => question.trim()).map(({ question, heading }) => ({ question: question.trim(), heading }));
  }

  show(value, headings) {
    const same = JSON.stringify([value, headings]) === JSON.stringify([this.value, this.headings]);
    if (same || (this.list.contains(document.activeElement) && JSON.stringify(headings) === JSON.stringify(this.headings))) return;
    this.headings = headings;
    if (this.list.contains(document.activeElement)) return;
    this.rows = value.map((row) => ({ ...row }));
    this.draw();
  }

  draw() {
    fill(this.list, this.rows.map((row, at) => this.row(row, at)));
  }

  row(row, at) {
    const n = at + 1;
    const input = el("input", { class: "input", value: row.question, maxLength: 500, placeholder: this.placeholder, "aria-label": t("第 {n} 个问题", { n }) });
    const known = this.headings.map((heading) => [heading, heading]);
    const gone = row.heading && !this.headings.includes(row.heading) ? [[row.heading, t("{heading}（没有这个小标题）", { heading: row.heading })]] : [];
    const target = select("heading", [["", this.none], ...known, ...gone], row.heading || "");
    target.setAttribute("aria-label", t("第 {n} 个问题由哪一段回答", { n }));
    input.addEventListener("input", () => { row.question = input.value; this.change(); });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.rows.splice(at + 1, 0, { question: "", heading: row.heading });
      this.draw();
      this.list.children[at + 1].querySelector("input").focus();
    });
    target.addEventListener("change", () => { row.heading = target.value || null; this.change(); });
    const remove = () => {
      this.rows.splice(at, 1);
      this.draw();
      this.change();
      (this.list.children[Math.min(at, this.rows.length - 1)]?.querySelector("input") || this.node.querySelector(":scope > button")).focus();
    };
    return el("div", { class: "question-row" }, input, target, el("button", { type: "button", class: "button button-quiet button-icon", "aria-label": t("删掉第 {n} 个问题", { n }), on: { click: remove } }, icon("close", "icon-s")));
  }
}

/** The form in `parent`; `source` is the text area that it writes into. */
export class Form {
  constructor(parent, source, { isNew }) {
    Object.assign(this, { parent, source, inputs: new Map() });
    parent.addEventListener("submit", (event) => event.preventDefault());
    const fields = FIELDS().map(([key, words, hint, how]) => {
      const input = el("input", { class: "input", type: how.type || "text", autocomplete: "off", maxLength: how.type ? undefined : 500, list: how.list ? `known-${key}` : null });
      this.inputs.set(key, { input, ...how });
      input.addEventListener("input", () => this.write(key, (how.write || ((text) => text.trim()))(input.value)));
      return [field(words, input, hint), how.list && el("datalist", { id: `known-${key}` })];
    });
    this.inputs.get("id").input.readOnly = !isNew;
    const change = (key) => () => this.write(key, this[key].value);
    this.questions = new Questions("questions", { title: t("相似问题"), hint: t("客户会怎么问。每个问题可以指定由哪个小标题回答。"), none: t("整篇文章"), placeholder: t("例如：拆开了还能退吗") }, change("questions"));
    this.tests = new Questions("tests", { title: t("知识测试"), hint: t("发布前拿来试问：应该由哪一段回答，或者不该回答。"), none: t("不该回答"), placeholder: t("例如：收到货超过一周还给退不") }, change("tests"));
    this.unreadable = el("p", { class: "problem", hidden: true }, icon("alert", "icon-s"), t("抬头现在读不出来，先在原文里改好标红的那一行。"));
    this.all = el("fieldset", { class: "form-all stack" }, el("legend", { class: "unseen" }, t("属性")), el("div", { class: "form-grid" }, fields), this.questions.node, this.tests.node);
    fill(parent, this.unreadable, this.all);
  }

  write(key, value) {
    const { source } = this;
    const { selectionStart: start, selectionEnd: end } = source;
    const changed = withKey(source.value, key, value);
    if (changed === source.value) return;
    const grown = changed.length - source.value.length;
    source.value = changed;
    source.setSelectionRange(Math.max(0, start + grown), Math.max(0, end + grown));
    source.dispatchEvent(new Event("input"));
  }

  /** Show what the source says; the field that is being typed in is left alone. */
  show(front, headings) {
    this.unreadable.hidden = Boolean(front);
    this.all.disabled = !front || this.source.readOnly;
    if (!front) return;
    for (const [key, { input, read }] of this.inputs) {
      const words = read ? read(front[key]) : front[key] ?? "";
      if (input !== document.activeElement && input.value !== words) input.value = words;
    }
    this.questions.show(front.questions, headings);
    this.tests.show(front.tests, headings);
  }

  /** Offer what other articles use. */
  suggest({ categories, products }) {
    const offer = (key, values) => fill(document.getElementById(`known-${key}`), values.map((value) => el("option", { value })));
    offer("category", [...new Set(categories.filter(({ path }) => path.length).map(({ path }) => path.join("/")))]);
    offer("product", products);
  }

  /** The article has been saved under its id for good. */
  fixId() {
    this.inputs.get("id").input.readOnly = true;
  }
}
