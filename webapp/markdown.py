"""Markdown into HTML that is safe to insert: no raw HTML, no scripts, known link schemes only."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

# Rendering already escapes raw HTML; sanitising the result anyway means that a mistake in either
# of the two libraries alone does not reach a browser (docs: reliability of HTML and Markdown).
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img",
    "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto"}

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"loading": "lazy"}},
)


def render_body(text: str, *, title: str | None) -> str:
    """An article's text below its title: a first heading that says the title is left out."""
    tokens = _markdown.parse(text)
    if tokens and tokens[0].tag == "h1" and tokens[1].content.strip() == (title or "").strip():
        tokens = tokens[3:]
    return _cleaner.clean(_markdown.renderer.render(tokens, _markdown.options, {}))


def render_markdown(text: str) -> str:
    """The text as sanitised HTML; links open in a new tab without access to this page."""
    return _cleaner.clean(_markdown.render(text))
