// Import: drop a file, see what became of it, line by line where it went wrong.

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { empty, icon, skeleton } from "./parts.js";
import { explain } from "./problems.js";
import { t } from "./text.js";

const [drop, input, result] = ["drop", "files", "result"].map((id) => document.getElementById(id));

function group(title, tone, ids) {
  if (!ids?.length) return null;
  return el("section", { class: "card-box card-body-box" }, el("h2", {}, title, " ", el("span", { class: `tag ${tone}` }, String(ids.length))),
    el("ul", { class: "plain-list" }, ids.map((id) => el("li", {}, el("a", { href: `/knowledge/${encodeURIComponent(id)}` }, id)))));
}

function bad(files) {
  if (!files?.length) return null;
  return el("section", { class: "card-box card-body-box" }, el("h2", {}, t("有问题的文件"), " ", el("span", { class: "tag tag-red" }, String(files.length))),
    el("ul", { class: "plain-list" }, files.map((file) => el("li", {}, el("code", {}, file.file || file.name), file.line ? t(" 第 {n} 行", { n: file.line }) : "", el("p", { class: "small" }, file.message || file.remedy)))));
}

function show(report) {
  const failed = report.bad?.length || report.errors?.length;
  const nothing = !report.added?.length && !report.changed?.length && !failed;
  fill(result, el("div", { class: "stack" },
    failed ? el("p", { class: "problem" }, icon("alert", "icon-s"), t("有文件没通过检查，所以什么都没有导入。改好后再拖进来。"))
      : el("p", { class: "good" }, icon("check", "icon-s"), nothing ? t("没有新内容：全部和现有的一样。") : t("导入完成，几秒内生效。")),
    bad(report.bad || report.errors), group(t("新增"), "tag-green", report.added), group(t("更新"), "tag-accent", report.changed), group(t("没有变化"), "", report.unchanged)));
}

async function send(file) {
  fill(result, skeleton(4));
  const form = new FormData();
  form.append("file", file);
  try {
    show(await api.upload("/articles/import", form));
  } catch (error) {
    const details = error.details;
    if (Array.isArray(details)) show({ bad: details });
    else if (details?.bad) show(details);
    else fill(result, empty("alert", t("没有导入"), explain(error)));
  }
  input.value = "";
}

input.addEventListener("change", () => { if (input.files[0]) send(input.files[0]); });
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
  });
}
