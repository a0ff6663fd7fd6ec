// What is wrong with a Markdown source, in the reader's language. The server says it in English; what
// is not known here is shown as it came.

import { t } from "./text.js";

const KNOWN = () => [
  [/^the front matter is longer than (?<n>\d+) kB/, t("抬头超过 {n} kB：结尾的 --- 是不是漏了？")],
  [/^the front matter is not valid YAML/, t("抬头写得不对：检查这一行；带 : 或 # 的文字要加引号。")],
  [/^the front matter is nested too deeply/, t("抬头嵌套太深：每行写成“名称: 内容”。")],
  [/^the front matter must be lines/, t("抬头要写成一行行的“名称: 内容”，例如“title: …”。")],
  [/^`(?<key>\w+)` is there twice/, t("{key} 写了两次，留一个。")],
  [/^`(?<key>[^`]+)` is not known; did you mean `(?<near>\w+)`/, t("不认识 {key}，是不是要写 {near}？")],
  [/^`(?<key>\w+)` must be one text/, t("{key} 只能是一段文字，写在一行里。")],
  [/^`(?<key>\w+)` must be letters, digits/, t("{key} 只能用字母、数字、点、- 和 _，最多 64 个。")],
  [/^`(?<key>\w+)` has \d+ levels/, t("分类最多三层，例如 手机/屏幕/碎屏。")],
  [/^`(?<key>\w+)` has an empty name/, t("分类里有空的名字，写成 手机/屏幕/碎屏 这样。")],
  [/^`(?<key>\w+)` has a name of \d+ characters; write (?<n>\d+)/, t("分类的名字太长，每层最多 {n} 个字。")],
  [/^`(?<key>\w+)` must be a time as/, t("{key} 要写成 2026-12-31 09:00 这样的时间。")],
  [/^`(?<key>\w+)` is no time/, t("{key} 不是日历上有的时间。")],
  [/^`(?<key>\w+)` must be a date as/, t("{key} 要写成 2026-12-31 这样的日期。")],
  [/^`(?<key>\w+)` must be a list of texts/, t("{key} 要写成列表，例如 [甲, 乙]。")],
  [/^every entry of `(?<key>\w+)` must be a text/, t("{key} 的每一项都要是文字；带 : 的要加引号。")],
  [/^`tests` must be a list/, t("测试要写成一项项的 question 和 heading；没有 heading 表示不该回答。")],
  [/^there is no text; write/, t("还没有正文：在抬头下面写上回答。")],
  [/^`(?<question>.+)` names a heading that is not there/, t("文章里没有 -> 后面写的小标题，改一下：{question}")],
  [/^`(?<words>.+)` is still as the template has it/, t("“{words}”还是模板里的字，换成自己的，或者删掉。")],
  [/^the id '(?<id>.*)' must be letters/, t("编号“{id}”只能用字母、数字、点、- 和 _，最多 120 个。")],
  [/^`id` says '(?<id>.*)', this article is '(?<own>.*)'/, t("编号不能改：这一篇是 {own}，不是 {id}。")],
  [/^title has \d+ characters; write at most (?<n>\d+)/, t("标题太长，最多 {n} 个字。")],
  [/^product has \d+ characters; write at most (?<n>\d+)/, t("商品名太长，最多 {n} 个字。")],
  [/^id has \d+ characters; write at most (?<n>\d+)/, t("编号太长，最多 {n} 个字。")],
];

/** The message in the reader's language. */
export function problemWords(message) {
  for (const [pattern, words] of KNOWN()) {
    const found = pattern.exec(message);
    if (found) return words.replace(/\{(\w+)\}/g, (_, name) => found.groups[name]);
  }
  return message;
}
