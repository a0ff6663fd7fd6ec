// Pictures that are dropped, pasted or chosen: uploaded, and written where the caret was.

import { api } from "../api.js";
import { complain, toast } from "../parts.js";
import { t } from "../text.js";

const LARGEST = 20 * 1024 * 1024;
let uploads = 0;

function write(source, words, at) {
  source.setRangeText(words, at, at, "end");
  source.dispatchEvent(new Event("input"));
}

function swap(source, words, other) {
  const at = source.value.indexOf(words);
  if (at < 0) return;
  source.setRangeText(other, at, at + words.length, "preserve");
  source.dispatchEvent(new Event("input"));
}

/** Upload one file and write it at the caret. `article()` is the article's id, which may have to be saved first. */
async function add(source, file, article) {
  if (file.size > LARGEST) { toast(t("{name} 太大了，最多 20 MB。", { name: file.name }), { bad: true }); return; }
  uploads += 1;
  const waiting = `![${t("正在上传 {name}", { name: file.name })} ${uploads}…]()`;
  write(source, waiting, source.selectionEnd);
  try {
    const form = new FormData();
    form.append("file", file, file.name || "picture.png");
    const id = await article();
    const kept = await api.upload(`/articles/${encodeURIComponent(id)}/files`, form);
    swap(source, waiting, kept.markdown);
  } catch (error) {
    swap(source, waiting, "");
    complain(error);
  }
}

const files = (list) => [...(list || [])].filter((file) => file.type.startsWith("image/"));

/** Wire drop, paste and the file field. Returns what the toolbar's button does. */
export function pictures(source, input, { article, allowed }) {
  const take = async (chosen) => {
    if (!allowed) { toast(t("这里还不能上传图片。"), { bad: true }); return; }
    for (const file of chosen) await add(source, file, article);
  };
  source.addEventListener("paste", (event) => {
    const pasted = files(event.clipboardData.files);
    if (!pasted.length || source.readOnly) return;
    event.preventDefault();
    take(pasted);
  });
  source.addEventListener("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
  source.addEventListener("drop", (event) => {
    const dropped = files(event.dataTransfer.files);
    if (!dropped.length || source.readOnly) return;
    event.preventDefault();
    take(dropped);
  });
  input.addEventListener("change", () => { take(files(input.files)).then(() => { input.value = ""; }); });
  return () => input.click();
}
