// What came of an import: counts, the bad files with line, reason and remedy, a list to take away.

import { testLines } from "./articles/steps.js";
import { el } from "./dom.js";
import { icon } from "./parts.js";
import { locale, number, t } from "./text.js";

const FEW = 12;

function articles(title, tone, ids) {
  if (!ids.length) return null;
  return el("details", { class: "card-box card-body-box", open: ids.length <= FEW },
    el("summary", {}, el("h2", {}, title, " ", el("span", { class: `tag ${tone}` }, number(ids.length)))),
    el("ul", { class: "plain-list" }, ids.map((id) => el("li", {}, el("a", { href: `/knowledge/${encodeURIComponent(id)}` }, id)))));
}

const wordsOf = (entry) => (locale() === "zh" && entry.message_zh) || entry.message;

/** `a; b` of the server is a reason and its remedy. */
function halves(message) {
  const at = message.search(/(; |；)(?=[^;；]*$)/);
  return at < 0 ? [message, ""] : [message.slice(0, at), message.slice(at + 1).trim()];
}

function place({ file, line }) {
  return el("p", { class: "place" }, el("code", {}, file || t("整个导入")), line ? el("span", { class: "muted small" }, t("第 {n} 行", { n: line })) : null);
}

function problem(entry) {
  const [reason, remedy] = halves(wordsOf(entry));
  return el("li", {}, place(entry), el("p", {}, reason), remedy && el("p", { class: "muted small" }, t("怎么办：{remedy}", { remedy })));
}

function files(title, tone, entries, { open }) {
  if (!entries.length) return null;
  return el("details", { class: "card-box card-body-box", open },
    el("summary", {}, el("h2", {}, title, " ", el("span", { class: `tag ${tone}` }, number(entries.length)))),
    el("ul", { class: "plain-list problem-list" }, entries.map(problem)));
}

/** A cell of a CSV; what a spreadsheet would take for a formula is made a text. */
function cell(value) {
  const text = String(value ?? "");
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

function listOf(report) {
  const rows = [
    [t("结果"), t("文件或文章"), t("行"), t("说明")],
    ...report.failed.map((entry) => [t("失败"), entry.file, entry.line, wordsOf(entry)]),
    ...report.remarks.map((entry) => [t("请留意"), entry.file, entry.line, wordsOf(entry)]),
    ...report.held.flatMap((held) => [...held.failing, ...held.broken].map((test) => [t("知识测试没通过"), held.file, "", `${test.question} → ${test.found} (${fates()[held.fate]})`])),
    ...report.waiting.map((id) => [t("等待审核"), id]),
    ...report.added.map((id) => [t("新增"), id]),
    ...report.changed.map((id) => [t("更新"), id]),
    ...report.unchanged.map((id) => [t("没有变化"), id]),
  ];
  return `\uFEFF${rows.map((row) => [0, 1, 2, 3].map((at) => cell(row[at])).join(",")).join("\r\n")}\r\n`;
}

function download(report) {
  const address = URL.createObjectURL(new Blob([listOf(report)], { type: "text/csv" }));
  el("a", { href: address, download: t("导入清单.csv") }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const fates = () => ({ draft: t("存成了草稿"), taken: t("照样收下了"), left: t("没有收下") });

/** What tests of knowledge speak against: the article, the questions, what was found. */
function heldUp(entries) {
  if (!entries.length) return null;
  const item = (held) => el("li", {},
    el("p", { class: "place" }, el("a", { href: `/knowledge/${encodeURIComponent(held.article_id)}` }, held.article_id), el("span", { class: "muted small" }, `${held.file} · ${fates()[held.fate]}`)),
    el("ul", { class: "problem-lines" }, testLines(held)));
  return el("details", { class: "card-box card-body-box", open: true, data: { part: "held" } },
    el("summary", {}, el("h2", {}, t("知识测试没通过"), " ", el("span", { class: "tag tag-red" }, number(entries.length)))),
    el("p", { class: "muted small" }, t("改好内容或测试再发布；要照样收下，勾上“知识测试没通过的也照样收下”再导入一次。")),
    el("ul", { class: "plain-list problem-list" }, entries.map(item)));
}

function verdict({ added, changed, unchanged, waiting, held, failed }) {
  const taken = added.length + changed.length;
  const drafts = held.filter((one) => one.fate === "draft").length;
  if (drafts) {
    const counts = { n: number(taken + waiting.length), held: number(drafts), bad: number(failed.length) };
    return el("p", { class: "caution" }, icon("alert", "icon-s"), failed.length ? t("{n} 篇已收下；{held} 篇知识测试没通过，存成了草稿；{bad} 处没有导入。", counts) : t("{n} 篇已收下；{held} 篇知识测试没通过，存成了草稿。", counts));
  }
  if (waiting.length && !failed.length) return el("p", { class: "good" }, icon("check", "icon-s"), t("{n} 篇已提交审核，通过后上线。", { n: number(waiting.length) }));
  if (waiting.length) return el("p", { class: "caution" }, icon("alert", "icon-s"), t("{n} 篇已提交审核，{bad} 处没有导入。", { n: number(waiting.length), bad: number(failed.length) }));
  if (failed.length && !taken && !unchanged.length) return el("p", { class: "problem" }, icon("alert", "icon-s"), t("什么都没有导入。按下面的说明改好，再拖进来。"));
  if (failed.length) return el("p", { class: "caution" }, icon("alert", "icon-s"), t("{n} 篇已导入，{bad} 处没有导入。改好后只拖那几个文件就行。", { n: number(taken), bad: number(failed.length) }));
  return el("p", { class: "good" }, icon("check", "icon-s"), taken ? t("导入完成，几秒内生效。") : t("没有新内容：全部和现有的一样。"));
}

/** The whole report as an element. */
export function reportOf(report) {
  return el("div", { class: "stack", data: { state: "done" } },
    verdict(report),
    files(t("没有导入的文件"), "tag-red", report.failed, { open: true }),
    heldUp(report.held),
    files(t("请留意"), "tag-amber", report.remarks, { open: report.remarks.length <= FEW }),
    articles(t("等待审核"), "tag-accent", report.waiting),
    articles(t("新增"), "tag-green", report.added),
    articles(t("更新"), "tag-accent", report.changed),
    articles(t("没有变化"), "", report.unchanged),
    el("button", { type: "button", class: "button", on: { click: () => download(report) } }, t("下载清单（CSV）")));
}
