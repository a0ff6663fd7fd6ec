// The tree of categories: three levels, counts, driven by arrows as every tree is.

import { el } from "../dom.js";
import { number, t } from "../text.js";

export const NOWHERE = "-";

/** Branches nested from `[{path: ["手机", "屏幕"], count}]`; a branch counts what is below it. */
export function nested(categories) {
  const root = { name: "", key: "", count: 0, branches: new Map() };
  for (const { path, count } of categories) {
    root.count += count;
    let here = root;
    const names = path.length ? path : [null];
    names.forEach((name, depth) => {
      const key = name === null ? NOWHERE : names.slice(0, depth + 1).join("/");
      if (!here.branches.has(key)) here.branches.set(key, { name: name ?? t("未分类"), key, count: 0, branches: new Map() });
      here = here.branches.get(key);
      here.count += count;
    });
  }
  return root;
}

/** Draws the tree into `list`; `choose(key)` is told, "" for everything. */
export class Tree {
  constructor(list, choose) {
    this.list = list;
    this.choose = choose;
    this.open = new Set();
    list.addEventListener("keydown", (event) => this.press(event));
    list.addEventListener("click", (event) => this.click(event));
  }

  draw(categories, chosen) {
    const root = nested(categories);
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    chosen.split("/").forEach((_, depth, names) => { if (depth) this.open.add(names.slice(0, depth).join("/")); });
    this.drawn = { categories, chosen };
    this.list.replaceChildren(this.item({ ...root, name: t("全部"), branches: new Map() }, 1), ...this.items(root, 1));
    const items = this.shown();
    const stop = items.find((item) => item.dataset.key === (focused ?? chosen)) || items[0];
    stop.tabIndex = 0;
    if (focused !== null) stop.focus();
  }

  items(branch, level) {
    const byName = (a, b) => (a.key === NOWHERE) - (b.key === NOWHERE) || a.name.localeCompare(b.name);
    return [...branch.branches.values()].sort(byName).map((below) => this.item(below, level));
  }

  item(branch, level) {
    const parent = branch.branches.size > 0;
    const open = this.open.has(branch.key);
    const chosen = branch.key === this.drawn.chosen;
    return el("li", { role: "treeitem", tabIndex: -1, class: "tree-item", data: { key: branch.key }, "aria-level": String(level), "aria-selected": String(chosen), "aria-label": `${branch.name} ${number(branch.count)}`, "aria-expanded": parent ? String(open) : null },
      el("div", { class: `tree-row level-${level}` }, el("span", { class: "tree-twist" }, parent && (open ? "▾" : "▸")), el("span", { class: "tree-name" }, branch.name), el("span", { class: "n" }, number(branch.count))),
      parent && open && el("ul", { role: "group" }, this.items(branch, level + 1)));
  }

  shown() {
    return [...this.list.querySelectorAll("[role=treeitem]")];
  }

  turn(item, open) {
    if (open) this.open.add(item.dataset.key);
    else this.open.delete(item.dataset.key);
    item.focus();
    this.draw(this.drawn.categories, this.drawn.chosen);
  }

  click(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item) return;
    if (event.target.closest(".tree-twist") && item.ariaExpanded) this.turn(item, item.ariaExpanded !== "true");
    else this.choose(item.dataset.key);
  }

  press(event) {
    const item = event.target.closest("[role=treeitem]");
    const items = this.shown();
    const at = items.indexOf(item);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[Math.max(0, Math.min(items.length - 1, to))].focus();
    else if (event.key === "ArrowRight" && item.ariaExpanded === "false") this.turn(item, true);
    else if (event.key === "ArrowRight") item.querySelector("[role=treeitem]")?.focus();
    else if (event.key === "ArrowLeft" && item.ariaExpanded === "true") this.turn(item, false);
    else if (event.key === "ArrowLeft") item.parentElement.closest("[role=treeitem]")?.focus();
    else if (["Enter", " "].includes(event.key)) this.choose(item.dataset.key);
    else return;
    event.preventDefault();
  }
}
