// Writes single keys of the front matter into the source and leaves the rest as it was written.

const ORDER = ["id", "title", "category", "product", "versions", "channels", "tags", "publish_at", "valid_until", "questions", "tests"];
const BLOCKS = ["questions", "tests"];
const PLAIN = /^[\p{L}\p{N}_][^:#[\]{},\n]*$/u;
const OTHER_KIND = /^(?:true|false|yes|no|on|off|null|~|[-+]?[\d.,_:eExXoO-]+)$/i;

/** A text as YAML reads it back: in quotes where it would be something else. */
export function scalar(text) {
  const plain = PLAIN.test(text) && !OTHER_KIND.test(text) && text === text.trim();
  return plain ? text : JSON.stringify(text);
}

const test = ({ question, heading }) => `  - question: ${scalar(question)}\n    heading: ${heading ? scalar(heading) : "null"}`;
const question = ({ question: words, heading }) => `  - ${scalar(heading ? `${words} -> ${heading}` : words)}`;

/** The lines of one key; none for what is empty. Moments and days are written as they are. */
export function written(key, value) {
  if (value === null || value === "" || value.length === 0) return [];
  if (BLOCKS.includes(key)) return [`${key}:`, ...value.map(key === "tests" ? test : question).join("\n").split("\n")];
  if (Array.isArray(value)) return [`${key}: [${value.map(scalar).join(", ")}]`];
  return [`${key}: ${["publish_at", "valid_until"].includes(key) ? value : scalar(value)}`];
}

/** The source in three: lines of the front matter (null without one) and what follows it. */
function parted(source) {
  const lines = source.split("\n");
  if (lines[0].trimEnd() !== "---") return { head: null, rest: source };
  const end = lines.findIndex((line, at) => at > 0 && ["---", "..."].includes(line.trimEnd()));
  if (end < 0) return { head: lines.slice(1), rest: "" };
  return { head: lines.slice(1, end), rest: lines.slice(end + 1).join("\n") };
}

const keyOf = (line) => /^([\w-]+)\s*:/.exec(line)?.[1] ?? null;

function blockOf(head, key) {
  const start = head.findIndex((line) => keyOf(line) === key);
  if (start < 0) return null;
  let end = start + 1;
  while (end < head.length && (/^(\s|-(\s|$))/.test(head[end]) || head[end] === "")) end += 1;
  while (end > start + 1 && head[end - 1] === "") end -= 1;
  return { start, end };
}

/** Where a key that is not there yet goes: behind the nearest one that stands before it. */
function placeOf(head, key) {
  const before = ORDER.slice(0, ORDER.indexOf(key)).reverse();
  for (const other of before) {
    const block = blockOf(head, other);
    if (block) return block.end;
  }
  return 0;
}

/** The source with another value of one key. */
export function withKey(source, key, value) {
  const { head, rest } = parted(source);
  const lines = written(key, value);
  if (head === null) return lines.length ? `---\n${lines.join("\n")}\n---\n\n${rest}` : source;
  const block = blockOf(head, key) || { start: placeOf(head, key), end: placeOf(head, key) };
  const changed = [...head.slice(0, block.start), ...lines, ...head.slice(block.end)];
  return ["---", ...changed, "---", rest].join("\n");
}
