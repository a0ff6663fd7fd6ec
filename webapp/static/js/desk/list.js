// The left pane: queue, my conversations, everything; search; how long people have waited.

import { el, fill } from "../dom.js";
import { empty, moment, settled, skeleton, tabs } from "../parts.js";
import { explain } from "../problems.js";
import { exact, initial, t, waited } from "../text.js";
import { reasonTone, reasonWords, statusWords } from "../words.js";

const LATE_MS = 120000;

const customer = (talk) => talk.contact?.name || talk.contact?.identifier || t("访客 {id}", { id: talk.id.slice(0, 4) });

/** What a conversation's customer is called. */
export { customer as customerName };

export class List {
  constructor(store, { onSelect }) {
    Object.assign(this, { store, onSelect, group: "queue", wanted: "", chosen: false });
    this.box = document.getElementById("talks");
    this.tabs = document.getElementById("tabs");
    const find = document.getElementById("find");
    find.addEventListener("input", settled(() => { this.wanted = find.value.trim().toLowerCase(); this.draw(); }, 120));
    store.onChange((what) => { if (what === "list") this.draw(); });
    setInterval(() => this.draw(), 30000);
    this.draw();
  }

  draw() {
    if (!this.chosen && this.store.loaded) {
      this.chosen = true;
      if (!this.store.group("queue").length && this.store.group("mine").length) this.group = "mine";
    }
    const [queue, mine] = [this.store.group("queue"), this.store.group("mine")];
    tabs(this.tabs, [["queue", t("排队"), queue.length], ["mine", t("我的"), mine.length], ["all", t("全部"), null]], this.group, (group) => { this.group = group; this.chosen = true; this.draw(); });
    this.drawRailCount(queue.length + mine.filter((talk) => talk.unread).length);
    const focused = document.activeElement?.closest?.(".talk")?.dataset.id;
    fill(this.box, this.content());
    if (focused) this.box.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  content() {
    if (this.store.failure) return empty("alert", t("没有载入成功"), explain(this.store.failure), el("button", { class: "button", type: "button", on: { click: () => this.store.load() } }, t("再试一次")));
    if (!this.store.loaded) return skeleton(9);
    const talks = this.shown();
    if (talks.length) return talks.map((talk) => this.row(talk));
    if (this.wanted) return empty("search", t("没有找到"), t("换个词，或者到“全部”里找。"));
    if (this.group === "queue") return empty("check", t("没有人在排队"), t("机器人答不了的客户会出现在这里，新来的会自动亮起。"));
    if (this.group === "mine") return empty("chat", t("你手上没有对话"), t("到“排队”里接待一位，按 a 就行。"));
    return empty("chat", t("还没有对话"), t("客户打开网页上的聊天窗后，这里就有了。"), el("a", { class: "button", href: "/", target: "_blank", rel: "noopener" }, t("打开演示商城")));
  }

  shown() {
    const talks = this.store.group(this.group);
    if (!this.wanted) return talks;
    const text = (talk) => [customer(talk), talk.last_message?.content, talk.handoff && reasonWords(talk.handoff.reason), talk.handoff?.summary, talk.contact?.phone, talk.assignee?.name].join(" ").toLowerCase();
    return talks.filter((talk) => text(talk).includes(this.wanted));
  }

  row(talk) {
    const unread = talk.unread > 0;
    return el("button", { type: "button", class: `talk${unread ? " unread" : ""}`, data: { id: talk.id }, "aria-current": talk.id === this.store.selected ? "true" : null, on: { click: () => this.onSelect(talk.id) } },
      el("span", { class: "face", "aria-hidden": "true" }, initial(customer(talk))),
      el("span", { class: "talk-top" }, el("span", { class: "talk-name" }, customer(talk)), this.when(talk)),
      el("span", { class: "talk-foot" }, el("span", { class: "talk-last" }, this.last(talk)), unread && el("span", { class: "count", "aria-label": t("{n} 条未读", { n: talk.unread }) }, String(talk.unread))),
      this.tagsOf(talk));
  }

  when(talk) {
    if (talk.holder === "queue" && talk.status !== "resolved" && talk.queued_at) {
      const late = Date.now() - new Date(talk.queued_at) > LATE_MS;
      return el("span", { class: `talk-when${late ? " late" : ""}`, title: exact(talk.queued_at) }, t("等了 {time}", { time: waited(talk.queued_at) }));
    }
    return el("span", { class: "talk-when" }, moment(talk.last_message?.created_at || talk.updated_at));
  }

  last(talk) {
    const message = talk.last_message;
    if (!message) return t("还没有说话");
    const who = { agent: message.internal ? t("备注：") : t("客服："), bot: t("机器人：") }[message.sender] || "";
    return who + message.content.replace(/[#*`>|]/g, "").replace(/\s+/g, " ").slice(0, 80);
  }

  tagsOf(talk) {
    const tags = [];
    if (talk.handoff) tags.push(el("span", { class: `tag ${reasonTone(talk.handoff.reason)}` }, reasonWords(talk.handoff.reason)));
    if (this.group === "all") tags.push(el("span", { class: "tag" }, talk.status === "resolved" ? statusWords("resolved") : talk.holder === "agent" ? talk.assignee?.name || statusWords("open") : talk.holder === "queue" ? t("排队中") : statusWords("pending")));
    if (talk.locale === "en") tags.push(el("span", { class: "tag" }, "EN"));
    return tags.length ? el("span", { class: "talk-tags" }, tags) : null;
  }

  drawRailCount(count) {
    const mark = document.getElementById("rail-count");
    if (!mark) return;
    mark.hidden = !count;
    mark.textContent = count > 99 ? "99+" : count;
    mark.setAttribute("aria-label", t("{n} 段对话等你", { n: count }));
    document.title = document.title.replace(/^\(\d+\) /, "");
    if (count) document.title = `(${count}) ${document.title}`;
  }

  /** The neighbour of the open conversation, for j and k. */
  neighbour(step) {
    const talks = this.shown();
    const at = talks.findIndex((talk) => talk.id === this.store.selected);
    return talks[at < 0 ? 0 : Math.min(talks.length - 1, Math.max(0, at + step))]?.id;
  }
}
