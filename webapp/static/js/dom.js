// Builds elements. Text always goes in as text; only `html` (sanitised by the server) is markup.

const NAMES = { class: "className", for: "htmlFor" };

/**
 * An element. `props`: `on` maps events to handlers, `data` to data attributes, `html` is the
 * server's sanitised rendering; names with a dash and `role` become attributes.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "html") node.innerHTML = value;
    else if (name.includes("-") || name === "role" || name === "list") node.setAttribute(name, value === true ? "" : value);
    else node[NAMES[name] || name] = value;
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Replace everything in `parent`. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

const ADDRESS = /https?:\/\/[\w\-.~:/?#@!$&*+,;=%[\]]*[\w/#=&-]/g;

/** Plain words as nodes, web addresses in them as links. */
export function linked(words) {
  const nodes = [];
  let end = 0;
  for (const { 0: address, index } of words.matchAll(ADDRESS)) {
    nodes.push(words.slice(end, index), el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, address));
    end = index + address.length;
  }
  return [...nodes, words.slice(end)];
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon drawn from path data on a 24 px grid. */
export function drawn(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
  for (const path of paths) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
  }
  return svg;
}

/** A random id that nobody else makes: what a retry is recognised by. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
