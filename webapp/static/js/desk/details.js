// The right pane: why a person was called, what is known, what was understood and shown.

import { el, fill } from "../dom.js";
import { icon, moment, skeleton } from "../parts.js";
import { exact, t } from "../text.js";
import { flowWords, intentWords, kindWords, knownSlots, reasonTone, reasonWords, skillWords, slotWords, statusTone, statusWords, valueWords } from "../words.js";

const INTENTS_SHOWN = 5;

const section = (title, ...content) => el("section", { class: "detail" }, el("h3", {}, title), content);

const pairs = (rows) => el("dl", {}, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));

export class Details {
  constructor(store, actions, { onClose }) {
    Object.assign(this, { store, actions, onClose });
    this.pane = document.getElementById("details-pane");
    store.onChange((what) => { if (what === "details" || what === "list") this.draw(what); });
  }

  draw() {
    const { open, selected } = this.store;
    const signature = selected + JSON.stringify(open ? { ...open, messages: 0, unread: 0, last_message: 0, readSeq: 0, updated_at: 0, last_seq: 0 } : null);
    if (signature === this.shown) return;
    this.shown = signature;
    if (!selected) { fill(this.pane); return; }
    const head = el("header", { class: "pane-head" }, el("h2", { class: "thread-who" }, t("客户与上下文")),
      el("button", { type: "button", class: "button button-quiet button-icon only-tablet", "aria-label": t("关闭"), on: { click: this.onClose } }, icon("close")));
    const body = el("div", { class: "pane-scroll", tabIndex: 0, role: "region", "aria-label": t("客户与上下文") }, open ? this.sections(open) : skeleton());
    fill(this.pane, head, body);
  }

  sections(talk) {
    return [this.handoff(talk), this.slots(talk), this.contact(talk), this.tickets(talk), this.intents(talk), this.articles(talk), this.about(talk)];
  }

  handoff(talk) {
    if (!talk.handoff) return null;
    return section(t("为什么找人"),
      el("p", { class: "row-line" }, el("span", { class: `tag ${reasonTone(talk.handoff.reason)}` }, reasonWords(talk.handoff.reason)), talk.handoff.skill && el("span", { class: "tag" }, skillWords(talk.handoff.skill)), el("span", { class: "muted small" }, moment(talk.handoff.at))),
      talk.summary && el("p", { class: "pre small detail-summary" }, talk.summary));
  }

  slots(talk) {
    const known = knownSlots(talk.slots);
    if (!known.length && !talk.flow) return null;
    return section(t("已经知道"),
      talk.flow && el("p", { class: "small muted" }, t("正在办：{flow}", { flow: flowWords(talk.flow) })),
      pairs(known.map(([slot, value]) => [slotWords(slot), el("span", { class: "num" }, valueWords(slot, value))])));
  }

  contact(talk) {
    const { contact } = talk;
    if (!contact) return section(t("客户"), el("p", { class: "muted small" }, t("没有登录的访客，网站没有传来身份。")));
    const rows = [[t("姓名"), contact.name], [t("手机号"), contact.phone], [t("邮箱"), contact.email], [t("编号"), contact.identifier]].filter(([, value]) => value);
    return section(t("客户"), el("p", { class: "row-line" }, el("span", { class: `tag ${contact.verified ? "tag-green" : ""}` }, contact.verified ? t("身份已核实") : t("身份未核实"))), pairs(rows));
  }

  tickets(talk) {
    const open = el("button", { type: "button", class: "button button-s", on: { click: () => this.actions.ticket() } }, icon("plus", "icon-s"), t("开工单"));
    const rows = (talk.tickets || []).map((ticket) => el("li", {}, el("a", { href: `/tickets/${ticket.id}` }, `#${ticket.id} ${ticket.title}`), " ", el("span", { class: `tag ${statusTone(ticket.status)}` }, statusWords(ticket.status)), el("span", { class: "muted small" }, ` ${kindWords(ticket.kind)}`)));
    return section(t("工单"), rows.length ? el("ul", {}, rows) : null, el("p", {}, open));
  }

  intents(talk) {
    const seen = (talk.intents || []).slice(-INTENTS_SHOWN).reverse();
    if (!seen.length) return null;
    return section(t("机器人的理解"), el("ul", { class: "intents" }, seen.map((intent) => el("li", { title: intent.name }, el("span", {}, intentWords(intent.name)),
      intent.confidence !== null && el("span", { class: "muted small num" }, el("progress", { class: "bar", max: 1, value: intent.confidence, "aria-label": t("把握") }), ` ${Math.round(intent.confidence * 100)}%`)))));
  }

  articles(talk) {
    if (!talk.articles?.length) return null;
    return section(t("给客户看过的知识"), el("ul", {}, talk.articles.map((article) => el("li", {}, el("a", { href: `/knowledge/${encodeURIComponent(article.id)}`, target: "_blank", rel: "noopener" }, article.title)))));
  }

  about(talk) {
    const rows = [[t("开始"), el("time", { title: exact(talk.created_at) }, exact(talk.created_at))], [t("语言"), talk.locale === "en" ? "English" : "中文"]];
    if (talk.page) rows.push([t("页面"), talk.page]);
    if (talk.rating) rows.push([t("评价"), el("span", {}, el("span", { class: "stars", "aria-label": t("{n} 星", { n: talk.rating.score }) }, "★".repeat(talk.rating.score)), talk.rating.comment ? ` ${talk.rating.comment}` : "")]);
    return section(t("会话"), pairs(rows));
  }
}
