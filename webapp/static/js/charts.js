// Small charts as SVG: a spark line of counts, and lines of shares over time.

import { el } from "./dom.js";
import { exact, t } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const title = (words) => { const node = shape("title", {}); node.textContent = words; return node; };

/** Counts as bars, the latest last; `words` say it to those who do not see it. */
export function spark(counts, words, { width = 96, height = 24 } = {}) {
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const bars = counts.map((count, at) => {
    const tall = count ? Math.max(2, (count / most) * (height - 2)) : 1;
    return shape("rect", { x: (at * step + 1).toFixed(1), y: (height - tall).toFixed(1), width: (step - 2).toFixed(1), height: tall.toFixed(1), rx: 1, class: count ? "spark-bar" : "spark-none" });
  });
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "spark", role: "img", "aria-label": words }, title(words), ...bars);
}

const WIDE = 720;
const TALL = 220;
const LEFT = 40;
const BELOW = 22;

/**
 * Lines of shares in [0, 1] over runs, the earliest first. `series` are [name, words, values]; a
 * value null leaves a hole. `moments` are the runs' times.
 */
export function lines(series, moments) {
  const known = series.flatMap(([, , values]) => values).filter((value) => value !== null);
  const low = Math.min(0.9, Math.floor(Math.min(1, ...known) * 10) / 10);
  const x = (at) => LEFT + (moments.length < 2 ? 0.5 : at / (moments.length - 1)) * (WIDE - LEFT - 12);
  const y = (value) => 8 + (1 - (value - low) / (1 - low)) * (TALL - BELOW - 8);
  const marks = Array.from({ length: 5 }, (_, at) => low + ((1 - low) * at) / 4);
  const grid = marks.map((value) => {
    const label = shape("text", { x: LEFT - 8, y: y(value) + 4, class: "chart-label", "text-anchor": "end" });
    label.textContent = `${Math.round(value * 100)}%`;
    return shape("g", {}, shape("line", { x1: LEFT, x2: WIDE - 12, y1: y(value), y2: y(value), class: "chart-grid" }), label);
  });
  const drawn = series.map(([name, words, values]) => {
    const points = values.map((value, at) => (value === null ? null : [x(at), y(value), value, at])).filter(Boolean);
    const path = points.map(([px, py], at) => `${at ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`).join("");
    return shape("g", { class: `chart-line chart-${name}` }, shape("path", { d: path || "M0 0" }),
      ...points.map(([px, py, value, at]) => shape("circle", { cx: px.toFixed(1), cy: py.toFixed(1), r: 3 }, title(`${words} ${(value * 100).toFixed(1)}% · ${exact(moments[at])}`))));
  });
  const words = series.map(([, name, values]) => `${name} ${values.at(-1) === null ? "–" : `${(values.at(-1) * 100).toFixed(1)}%`}`).join("、");
  return el("figure", { class: "chart" },
    shape("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, role: "img", "aria-label": t("最近一次：{words}", { words }) }, ...grid, ...drawn),
    el("figcaption", { class: "chart-legend" }, series.map(([name, called]) => el("span", { class: `chart-key chart-${name}` }, called))));
}
