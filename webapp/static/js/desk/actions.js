// What one can do with a conversation: claim, transfer, return, open a ticket, end.

import { api } from "../api.js";
import { el } from "../dom.js";
import { complain, empty, field, icon, select, sheet, toast } from "../parts.js";
import { t } from "../text.js";
import { kindWords, knownSlots, skillWords, slotWords, valueWords } from "../words.js";
import { customerName } from "./list.js";

const KINDS = ["question", "return", "exchange", "refund", "complaint", "repair", "invoice", "logistics"];
const KIND_OF_INTENT = {
  apply_return: "return", query_return_progress: "return", apply_exchange: "exchange", query_refund_progress: "refund",
  complain_service: "complaint", complain_quality: "complaint", ask_repair: "repair", request_invoice: "invoice",
  fix_invoice: "invoice", query_logistics: "logistics", urge_shipping: "logistics", report_lost_package: "logistics",
};

/** The kind of ticket that a conversation asks for: a complaint, its task, or the last matter that has a kind. */
function kindOf(talk) {
  if (talk.handoff?.reason === "complaint") return "complaint";
  if (/return/.test(talk.flow || "")) return "return";
  const matter = (talk.intents || []).findLast((intent) => KIND_OF_INTENT[intent.name]);
  return matter ? KIND_OF_INTENT[matter.name] : "question";
}

export class Actions {
  constructor(store, { onTaken }) {
    this.store = store;
    this.onTaken = onTaken;
  }

  get mine() {
    const talk = this.store.talks.get(this.store.selected);
    return talk?.holder === "agent" && talk.assignee?.id === this.store.me.id && talk.status !== "resolved";
  }

  get oversees() { return ["admin", "supervisor"].includes(this.store.me.role); }

  /** The buttons that make sense for a conversation as it is. */
  buttons(talk) {
    const live = talk.status !== "resolved";
    const held = live && talk.holder === "agent" && (talk.assignee?.id === this.store.me.id || this.oversees);
    const able = [
      [t("开工单"), "ticket", true, () => this.ticket()],
      [t("转给同事"), "swap", held || (live && talk.holder === "queue"), () => this.assign()],
      [t("退回队列"), "undo", held, () => this.giveBack()],
      [t("结束"), "check", held, () => this.end()],
    ].filter(([, , possible]) => possible);
    const wide = able.map(([words, symbol, , act]) => el("button", { type: "button", class: "button button-s wide", on: { click: act } }, icon(symbol, "icon-s"), words));
    return [...wide, this.menu(able)];
  }

  menu(able) {
    const box = el("div", { class: "menu", role: "menu", hidden: true }, able.map(([words, symbol, , act]) => el("button", { type: "button", role: "menuitem", on: { click: () => { box.hidden = true; act(); } } }, icon(symbol, "icon-s"), words)));
    const button = el("button", { type: "button", class: "button button-quiet button-icon", "aria-haspopup": "menu", "aria-label": t("更多操作"), on: { click: () => { box.hidden = !box.hidden; if (!box.hidden) box.querySelector("button").focus(); } } }, icon("more"));
    return el("div", { class: "only-phone menu-holder", on: { keydown: (event) => { if (event.key === "Escape") { box.hidden = true; button.focus(); } } } }, button, box);
  }

  /** Claim; out of somebody else's or the bot's hands where one may. */
  async take() {
    const talk = this.store.open;
    if (!talk || this.mine) return;
    try {
      if (talk.holder === "agent") await this.store.act("assign", { agent_id: this.store.me.id });
      else await this.store.act("claim");
      this.onTaken();
    } catch (error) {
      complain(error);
      this.store.refresh();
    }
  }

  /** Transfer: pick a colleague, leave them a note. */
  async assign() {
    let staff;
    try { staff = await api.get("/staff"); } catch (error) { complain(error); return; }
    const others = (staff.items || staff.staff || staff).filter((person) => person.id !== this.store.me.id);
    const people = others.map((person) => [String(person.id), [person.name, (person.skills || []).map(skillWords).join("、")].filter(Boolean).join(" · ")]);
    if (!people.length) {
      sheet({ title: t("转给同事"), body: () => empty("people", t("还没有别的同事"), t("请管理员在“设置 › 账号”里添加。")) });
      return;
    }
    const who = select("agent", people, people[0][0]);
    const note = el("textarea", { class: "area", maxLength: 2000, placeholder: t("例如：已核对订单，客户想改地址") });
    sheet({
      title: t("转给同事"), submit: t("转接"),
      body: () => [field(t("同事"), who), field(t("交代一句（内部备注，选填）"), note)],
      onSubmit: async () => {
        const words = note.value.trim();
        const name = who.selectedOptions[0].textContent;
        if (words) await this.store.send(words, true);
        await this.store.act("assign", { agent_id: Number(who.value) });
        toast(t("已转给 {name}", { name }));
        this.store.loadSoon();
      },
    });
  }

  async giveBack() {
    try {
      await this.store.act("queue");
      toast(t("已退回队列"), { undo: () => this.take() });
    } catch (error) { complain(error); }
  }

  /** End the conversation, after asking. */
  end() {
    const talk = this.store.talks.get(this.store.selected);
    sheet({
      title: t("结束这段会话？"), submit: t("结束会话"),
      body: () => el("p", {}, t("{name} 会看到会话已结束，并可以评价。客户再说话时会重新由机器人接待。", { name: customerName(talk) })),
      onSubmit: async () => { await this.store.act("resolve"); toast(t("会话已结束")); this.store.loadSoon(); },
    });
  }

  /** Open a ticket, filled from what the conversation knows. */
  ticket() {
    const talk = this.store.open;
    if (!talk) return;
    const slots = knownSlots(talk.slots);
    const known = Object.fromEntries(slots);
    const kind = kindOf(talk);
    const title = el("input", { class: "input", required: true, maxLength: 200, value: [kindWords(kind), known.item || known.product, known.order_id].filter(Boolean).join(" · ") });
    const kinds = select("kind", KINDS.map((name) => [name, kindWords(name)]), kind);
    const order = el("input", { class: "input num", maxLength: 40, value: known.order_id || "", inputMode: "numeric" });
    const body = el("textarea", { class: "area", rows: 5, maxLength: 8000, value: talk.summary || "" });
    const extra = slots.filter(([name]) => name !== "order_id");
    sheet({
      title: t("开工单"), submit: t("建立工单"),
      body: () => [field(t("标题"), title), field(t("类型"), kinds), field(t("订单号"), order), field(t("说明"), body), extra.length > 0 && el("div", { class: "field" }, el("span", { class: "label" }, t("会一并带上")), el("p", { class: "row-line" }, extra.map(([name, value]) => el("span", { class: "tag" }, `${slotWords(name)} ${valueWords(name, value)}`))))],
      onSubmit: async () => {
        // `fields` stays out: the server has the whole values, this page perhaps masked ones.
        const ticket = await api.post("/tickets", { title: title.value.trim(), kind: kinds.value, order_id: order.value.trim() || null, body: body.value.trim(), conversation_id: talk.id });
        toast(t("工单 #{id} 已建立", { id: ticket.id }));
        this.store.refetchSoon();
      },
    });
  }
}
