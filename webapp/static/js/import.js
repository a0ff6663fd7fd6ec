// Import: drop files, watch how far it is, see what became of each, and what to do about the bad ones.

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { reportOf } from "./importreport.js";
import { empty } from "./parts.js";
import { explain } from "./problems.js";
import { number, t } from "./text.js";

const POLL_MS = 700;
const PATIENCE = 5;
const NOTHING = { added: [], changed: [], unchanged: [], waiting: [], held: [], failed: [], remarks: [] };
const [drop, input, result, anyway, why] = ["drop", "files", "result", "anyway", "why"].map((id) => document.getElementById(id));

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const isZip = (file) => /\.zip$/i.test(file.name);

function showProgress(words, done = null, total = null) {
  let box = result.querySelector(".progress-box");
  if (!box) {
    box = el("section", { class: "card-box card-body-box progress-box" }, el("p", {}), el("progress", { "aria-label": t("导入进度") }));
    fill(result, box);
  }
  const bar = box.querySelector("progress");
  box.querySelector("p").textContent = words;
  if (total) Object.assign(bar, { max: total, value: done });
  else bar.removeAttribute("value");
}

/** The job when it has ended. A connection that fails now and then does not end the watch. */
async function watched(id) {
  for (let failures = 0; ; ) {
    try {
      const job = await api.get(`/articles/imports/${encodeURIComponent(id)}`);
      if (job.state !== "running") return job;
      failures = 0;
      if (job.total) showProgress(t("已处理 {done} / {total} 篇。可以离开这一页，导入会继续。", { done: number(job.done), total: number(job.total) }), job.done, job.total);
      else showProgress(t("正在检查文件…"));
    } catch (error) {
      failures += 1;
      if (error.status || failures > PATIENCE) throw error;
    }
    await later(POLL_MS);
  }
}

async function importTogether(files) {
  showProgress(files.length === 1 ? t("正在上传 {name}…", { name: files[0].name }) : t("正在上传 {n} 个文件…", { n: files.length }));
  const form = new FormData();
  for (const file of files) form.append("file", file);
  const override = anyway.checked ? `?override=${encodeURIComponent(why.value.trim())}` : "";
  const begun = await api.upload(`/articles/imports${override}`, form);
  history.replaceState(null, "", `#job=${begun.id}`);
  return (await watched(begun.id)).report;
}

/** Every zip is an import of its own; everything else goes together, so that pictures are found. */
function bundles(files) {
  const loose = files.filter((file) => !isZip(file));
  return [...(loose.length ? [loose] : []), ...files.filter(isZip).map((zip) => [zip])];
}

function sum(one, other) {
  return Object.fromEntries(Object.keys(NOTHING).map((name) => [name, [...one[name], ...other[name]]]));
}

async function guarded(act) {
  drop.classList.add("busy");
  input.disabled = true;
  try {
    fill(result, reportOf(await act()));
  } catch (error) {
    fill(result, empty("alert", t("没有导入"), error.status === 413 ? t("文件一共超过了 20 MB。分成几个 zip 再导入。") : explain(error)));
  }
  drop.classList.remove("busy");
  input.disabled = false;
  input.value = "";
}

function send(files) {
  if (!files.length || input.disabled) return;
  if (anyway.checked && !why.reportValidity()) return;
  guarded(async () => {
    let report = NOTHING;
    for (const bundle of bundles([...files])) report = sum(report, await importTogether(bundle));
    return report;
  });
}

anyway.addEventListener("change", () => {
  why.closest("label").hidden = !anyway.checked;
  why.required = anyway.checked;
  if (anyway.checked) why.focus();
});
input.addEventListener("change", () => send(input.files));
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") send(event.dataTransfer.files);
  });
}

const begun = /^#job=(\w+)$/.exec(location.hash);
if (begun) guarded(async () => (await watched(begun[1])).report);
