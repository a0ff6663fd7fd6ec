// The steps in an article's life, each with its question: why, and when.

import { el, fill } from "../dom.js";
import { field, moment, sheet, toast } from "../parts.js";
import { exact, t } from "../text.js";
import { articles } from "./calls.js";

const reasonArea = (required) => el("textarea", { class: "area", rows: 3, maxLength: 1000, required });

function local(date) {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60000);
  return shifted.toISOString().slice(0, 16);
}

/** "Now" or "at": a choice whose `value()` is null or the moment in ISO form. */
function when(wanted = null) {
  const at = el("input", { class: "input", type: "datetime-local", value: wanted ? local(new Date(wanted)) : "", min: local(new Date()) });
  const now = el("input", { type: "radio", name: "when", checked: !wanted });
  const later = el("input", { type: "radio", name: "when", checked: Boolean(wanted) });
  const follow = () => { at.required = later.checked; };
  for (const choice of [now, later]) choice.addEventListener("change", () => { follow(); if (later.checked) at.focus(); });
  at.addEventListener("input", () => { later.checked = true; follow(); });
  follow();
  const node = el("fieldset", { class: "choices" }, el("legend", { class: "label" }, t("什么时候发布")),
    el("label", {}, now, t("现在，几秒内生效")), el("label", {}, later, t("定时")), field(t("发布时间"), at));
  return { node, value: () => (later.checked ? new Date(at.value).toISOString() : null) };
}

/** The tests that speak against a text, as items of a list: what was asked, wanted, and found. */
export function testLines({ failing = [], broken = [] }) {
  const unsure = (test) => test.heading && !test.answerable;
  const found = (test) => (unsure(test) ? t("，最接近的是 {found}，但把握不够，不会说", { found: test.found }) : t("，找到的是 {found}", { found: test.found }));
  const line = (test, words) => el("li", {}, words, `${test.question} → ${test.heading || t("不该回答")}`, test.found && el("span", { class: "muted" }, found(test)));
  return [...failing.map((test) => line(test, t("这篇答不对："))), ...broken.map((test) => line(test, t("别的文章会答错：")))];
}

/** What is shown when tests of knowledge speak against publishing: which, and why it is done anyway. */
function gate() {
  const why = reasonArea(false);
  const list = el("ul", { class: "problem-lines" });
  const node = el("div", { class: "stack", hidden: true }, list, field(t("仍然发布的理由（会记下来）"), why));
  const override = () => (node.hidden || !why.value.trim() ? {} : { override: why.value.trim() });
  const show = (details) => {
    fill(list, testLines(details));
    node.hidden = false;
    why.focus();
  };
  /** Do it with the reason that was given; where tests speak against it, they are shown. */
  const guard = async (act) => {
    try {
      return await act(override());
    } catch (error) {
      if (error.code === "KnowledgeTestsFail") show(error.details);
      throw error;
    }
  };
  return { node, guard };
}

function question({ title, words, label, submit, required = false, danger = false, time = null, tests = null, act }) {
  const reason = reasonArea(required);
  sheet({
    title, submit, danger,
    body: () => [words && el("p", {}, words), time?.node, field(label, reason), tests?.node],
    onSubmit: () => act(reason.value.trim() || null, time?.value() ?? null),
  });
}

/** Hand a draft to somebody else to read. */
export const askForReview = (draft, done, act = direct) => question({
  title: t("提交审核"), words: t("主管或管理员会看到改动，通过后才会发布。审核期间不能再改，可以撤回。"), label: t("给审核人的话（选填）"), submit: t("提交"),
  act: (reason) => act(async () => { await articles.step(draft.article_id, "submit", { version: draft.version, reason }); toast(t("已提交，等待审核")); await done(); }),
});

/** Make a draft live, now or later; `reviewing` approves what was submitted. */
export function askToPublish(draft, done, { reviewing = false, wanted = null, act = direct } = {}) {
  const tests = gate();
  const publish = (body) => tests.guard((override) => articles.step(draft.article_id, reviewing ? "approve" : "publish", { version: draft.version, ...body, ...override }));
  question({
    title: reviewing ? t("通过并发布") : t("发布"), label: t("改了什么、为什么（选填，留在历史里）"), submit: reviewing ? t("通过") : t("发布"), time: when(wanted), tests,
    act: (reason, publishAt) => act(async () => {
      const article = await publish({ reason, ...(publishAt && { publish_at: publishAt }) });
      const planned = article.draft?.publish_at;
      toast(planned ? t("定好了，{time} 发布", { time: exact(planned) }) : t("已发布，几秒内生效"));
      await done(article);
    }),
  });
}

/** Give a draft back to its writer. */
export const askToReject = (draft, done) => question({
  title: t("退回修改"), words: t("写的人会看到你的理由，改好后再提交。"), label: t("要改什么"), submit: t("退回"), required: true, danger: true,
  act: async (reason) => { await articles.step(draft.article_id, "reject", { version: draft.version, reason }); toast(t("已退回给 {name}", { name: draft.author })); await done(); },
});

/** Take a draft back out of review or off the schedule. */
export async function withdraw(draft, done) {
  await articles.step(draft.article_id, "withdraw", { version: draft.version });
  toast(t("已撤回，可以接着改"));
  await done();
}

/** Give a draft up; the toast takes it back. `done(left)` hears whether the article is still there. */
export function askToDiscard(draft, done) {
  const never = draft.live_revision === 0;
  sheet({
    title: t("放弃这份草稿？"), submit: t("放弃草稿"), danger: true,
    body: () => el("p", {}, never ? t("这篇还没有发布过，会从列表里消失。放弃后可以马上撤销。") : t("客户看到的内容不变。放弃后可以马上撤销。")),
    onSubmit: async () => {
      const gone = await articles.discard(draft.article_id, draft.version);
      const back = async () => {
        if (gone.article_left) await articles.save(draft.article_id, draft.markdown, 0, null);
        else await articles.begin(draft.markdown, draft.article_id);
        location.assign(`/knowledge/${encodeURIComponent(draft.article_id)}/edit`);
      };
      toast(t("草稿已放弃"), { undo: back, seconds: 8 });
      await done(gone.article_left);
    },
  });
}

/** Take an article out of service. */
export const askToArchive = (article, done) => question({
  title: t("归档这篇文章？"), words: t("机器人马上不再用它回答。内容和历史都会保留，随时可以恢复。"), label: t("为什么（选填）"), submit: t("归档"), danger: true,
  act: async (reason) => { await articles.archive(article.id, reason); toast(t("已归档")); await done(); },
});

/** Answer customers from an archived article again. */
export function askToRestore(article, done) {
  const tests = gate();
  question({
    title: t("恢复这篇文章？"), words: t("机器人会重新用它回答客户。"), label: t("为什么（选填）"), submit: t("恢复"), tests,
    act: async (reason) => { await tests.guard((override) => articles.restore(article.id, { reason, ...override })); toast(t("已恢复，几秒内生效")); await done(); },
  });
}

/** Make the text of an earlier revision live again. */
export function askToRollBack(article, number, done) {
  const tests = gate();
  question({
    title: t("恢复到第 {n} 版？", { n: number }), words: t("这一版会作为新的一版马上发布；中间的各版都还留在历史里。"), label: t("为什么（选填）"), submit: t("恢复这一版"), tests,
    act: async (reason) => {
      await tests.guard((override) => articles.rollBack(article.id, number, { revision: article.revision || null, reason, ...override }));
      toast(t("已恢复，几秒内生效"));
      await done();
    },
  });
}

/** What a draft waits for, in a sentence. */
export function standing(draft) {
  const said = draft.reason && el("q", {}, draft.reason);
  const by = { name: draft.step_by };
  if (draft.state === "review") return [el("strong", {}, t("{name} 提交了审核", by)), moment(draft.step_at), said];
  if (draft.state === "scheduled") return [el("strong", {}, t("定于 {time} 发布", { time: exact(draft.publish_at) })), el("span", {}, t("由 {name} 决定", by)), said, draft.failure && el("span", { class: "bad" }, draft.failure)];
  if (draft.failure && !draft.publish_at) return [el("strong", {}, t("导入时知识测试没通过，先存成了草稿")), el("span", {}, t("改好内容或测试再发布；发布时会再测一遍。"))];
  if (draft.failure) return [el("strong", {}, t("没能按时发布，已退回草稿")), el("span", { class: "bad" }, draft.failure)];
  const returned = draft.reason && draft.step_by !== draft.author;
  if (returned) return [el("strong", {}, t("{name} 退回了这份草稿", by)), moment(draft.step_at), said];
  return [el("strong", {}, t("{name} 改了一份草稿，还没有发布", { name: draft.author })), moment(draft.written_at)];
}

const direct = (act) => act();
