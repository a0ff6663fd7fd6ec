// What people read: translated strings, times and numbers as they are said.
// The source strings are Chinese; a catalogue maps them to the locale's words.

const text = { locale: "zh", catalogue: {} };

/** Use the words of `locale`; `catalogue` maps Chinese source strings to them. */
export function useLocale(locale, catalogue) {
  text.locale = locale;
  text.catalogue = catalogue || {};
}

/** The locale in use: "zh" or "en". */
export function locale() {
  return text.locale;
}

/** The string in the reader's language; `{name}` is replaced from `values`. */
export function t(source, values = {}) {
  const words = text.catalogue[source] || source;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const language = () => (text.locale === "en" ? "en-GB" : "zh-CN");

/** A count with thousands separators. */
export function number(value) {
  return new Intl.NumberFormat(language()).format(value);
}

/** What stands in a face for a name: 王 for 小王, A for Anna. */
export function initial(name) {
  const plain = (name || "?").trim();
  return /^[\u4e00-\u9fff]{2,4}$/.test(plain) ? plain.at(-1) : plain.slice(0, 1).toUpperCase();
}

/** The clock time of a moment, 14:05. */
export function clock(moment) {
  return new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(moment));
}

/** The exact moment, for a title on hover. */
export function exact(moment) {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium", hour12: false }).format(new Date(moment));
}

function daysBetween(moment, now) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(moment)) / 86400000);
}

/** A moment as people say it: 刚刚, 3 分钟前, 14:05, 昨天 14:05, 11月5日. */
export function said(value, now = new Date()) {
  const moment = new Date(value);
  const minutes = Math.floor((now - moment) / 60000);
  if (minutes < 1) return t("刚刚");
  if (minutes < 60) return t("{n} 分钟前", { n: minutes });
  const days = daysBetween(moment, now);
  if (days === 0) return clock(moment);
  if (days === 1) return t("昨天 {time}", { time: clock(moment) });
  const sameYear = moment.getFullYear() === now.getFullYear();
  const parts = sameYear ? { month: "short", day: "numeric" } : { year: "numeric", month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(language(), parts).format(moment);
}

/** The heading of a day in a thread: 今天, 昨天, 11月5日. */
export function day(value, now = new Date()) {
  const days = daysBetween(new Date(value), now);
  if (days === 0) return t("今天");
  if (days === 1) return t("昨天");
  return new Intl.DateTimeFormat(language(), { month: "long", day: "numeric", weekday: "short" }).format(new Date(value));
}

/** How long somebody has waited, short: 45 秒, 3 分钟, 2 小时. */
export function waited(since, now = new Date()) {
  const seconds = Math.max(0, Math.floor((now - new Date(since)) / 1000));
  if (seconds < 60) return t("{n} 秒", { n: seconds });
  if (seconds < 3600) return t("{n} 分钟", { n: Math.floor(seconds / 60) });
  if (seconds < 172800) return t("{n} 小时", { n: Math.floor(seconds / 3600) });
  return t("{n} 天", { n: Math.floor(seconds / 86400) });
}
