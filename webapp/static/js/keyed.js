// A list drawn again and again of which only what changed is touched: selections, open details and
// the focus stay, and screen readers hear new rows once.

/** Keeps the rows inside `parent`. */
export class Keyed {
  constructor(parent) {
    this.parent = parent;
    this.known = new Map();
  }

  /** `rows` are `{key, signature, make}`; `make()` builds the node again when the signature is another. */
  draw(rows) {
    const known = new Map(rows.map(({ key, signature, make }) => {
      const before = this.known.get(key);
      return [key, before?.signature === signature ? before : { signature, node: make() }];
    }));
    this.known = known;
    const nodes = [...known.values()].map((row) => row.node);
    const wanted = new Set(nodes);
    for (const child of [...this.parent.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, at) => { if (this.parent.children[at] !== node) this.parent.insertBefore(node, this.parent.children[at] || null); });
  }
}
