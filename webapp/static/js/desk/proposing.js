// An agent proposes replies as knowledge, and sees what became of it.

import { api } from "../api.js";
import { el } from "../dom.js";
import { complain, field, icon, sheet, toast } from "../parts.js";
import { t } from "../text.js";

/** Whether this person may propose a message: a stored reply to the customer, one's own or a team's. */
export function proposable(message, me) {
  const own = message.author_name === me.name || ["admin", "supervisor"].includes(me.role);
  return message.sender === "agent" && !message.internal && Boolean(message.id) && own;
}

/** What was proposed of a message last, if anything. */
export function proposalOf(talk, message) {
  return (talk?.proposed || []).findLast((one) => one.message_ids.includes(message.id)) || null;
}

/** The replies that stand together with this one, with nothing of the customer's between them. */
function around(thread, message, me) {
  const at = thread.indexOf(message);
  const ends = (one) => one.sender === "customer";
  const before = thread.slice(0, at).findLastIndex(ends);
  const after = thread.findIndex((one, place) => place > at && ends(one));
  return thread.slice(before + 1, after < 0 ? undefined : after).filter((one) => proposable(one, me));
}

/** What the customer said last before a message. */
const askedBefore = (thread, message) => thread.slice(0, thread.indexOf(message)).findLast((one) => one.sender === "customer")?.content || "";

/** Ask what to propose of a message, and do it. */
export function propose(store, message) {
  const talk = store.open;
  const together = around(store.thread, message, store.me).filter((one) => one === message || !waits(talk, one));
  const question = el("textarea", { class: "area", rows: 2, required: true, maxLength: 300, value: askedBefore(store.thread, message).slice(0, 300) });
  const boxes = together.map((one) => [one.id, el("input", { type: "checkbox", checked: one === message })]);
  const replies = el("fieldset", { class: "checks" }, el("legend", {}, t("回答")),
    together.map((one, at) => el("label", { class: "check" }, boxes[at][1], el("span", { class: "pre-line" }, one.content))));
  sheet({
    title: t("提议为知识"), submit: t("提议"),
    body: () => [
      el("p", { class: "muted small" }, t("知识编辑会在“待学习”里看到，写成草稿或者说明为什么不用。手机号、证件号、邮箱会先去掉；姓名和地址认不出，请留意。")),
      field(t("客户的问题"), question, t("客户会怎么问，写成一句")), replies],
    onSubmit: async () => {
      const ids = boxes.filter(([, box]) => box.checked).map(([id]) => id);
      if (!ids.length) throw Object.assign(new Error(t("选一条回答。")), { status: 422 });
      try {
        const made = await api.post("/knowledge/proposals", { message_ids: ids, question: question.value.trim() });
        const now = store.details.get(talk.id) || talk; // another answer may have taken its place
        now.proposed = [...(now.proposed || []), made];
        store.refetchSoon(); // as one that was asked for before may do yet
        toast(t("已提议，知识编辑会看到"));
      } catch (error) {
        if (error.code !== "AlreadyExists") throw error;
        toast(t("同事已经提议过了"));
        store.refetchSoon();
      }
      store.changed("thread");
    },
  });
}

const waits = (talk, message) => { const made = proposalOf(talk, message); return Boolean(made) && made.state !== "refused"; };

/** The line under a message: the button, or what became of it. */
export function proposing(store, message) {
  if (!proposable(message, store.me)) return null;
  const made = proposalOf(store.open, message);
  const told = made && {
    waiting: t("已提议为知识，等编辑看"),
    accepted: t("已写成知识草稿"),
    refused: t("没有采用：{reason}", { reason: made.reason || "" }),
  }[made.state];
  if (made) return el("p", { class: "said-extra proposed", data: { state: made.state } }, icon(made.state === "refused" ? "alert" : "check", "icon-s"), told);
  return el("p", { class: "said-extra said-propose" },
    el("button", { type: "button", class: "button button-quiet button-s", on: { click: () => propose(store, message) } }, icon("book", "icon-s"), t("提议为知识")));
}

/** Propose one's latest reply: what the key does. */
export function proposeLatest(store) {
  const latest = store.open && store.thread.findLast((one) => proposable(one, store.me) && !waits(store.open, one));
  if (latest) propose(store, latest);
  else complain(Object.assign(new Error(t("这段对话里没有可以提议的回复。")), { status: 422 }));
}
