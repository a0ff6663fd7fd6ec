"""Where in a paragraph its markup stands, so that nobody cuts through a link or an emphasis."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

Span = tuple[int, int]
"""The first character and the one after the last."""

_Rule = Callable[[StateInline, bool], bool]


def markup_in(paragraph: str) -> tuple[Span, ...]:
    """What of a paragraph must stay together, in order and apart from each other.

    A link with its address, a picture, code, a tag, an emphasis from its first mark to its last.
    """
    found: list[Span] = []
    _PARSER.parseInline(paragraph, {"length": len(paragraph), "found": found, "marks": {}})
    return _apart(found)


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    whole: list[Span] = []
    for first, after in sorted(spans):
        if whole and first < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(after, whole[-1][1]))
        else:
            whole.append((first, after))
    return tuple(whole)


def _noted(rule: _Rule) -> _Rule:
    """The same rule, which notes where its markup stands."""

    def noting(state: StateInline, silent: bool) -> bool:
        start = state.pos
        done = rule(state, silent)
        if done and not silent and _is_paragraph(state):
            state.env["found"].append((start, state.pos))
        return done

    return noting


def _noted_marks(rule: _Rule) -> _Rule:
    """The same rule, which notes where the marks of an emphasis stand, by their tokens."""

    def noting(state: StateInline, silent: bool) -> bool:
        start = state.pos
        done = rule(state, silent)
        if done and not silent and _is_paragraph(state):
            # One token a mark, behind that of the text before them.
            first = len(state.tokens) - (state.pos - start)
            tokens = range(first, len(state.tokens))
            state.env["marks"].update(zip(tokens, range(start, state.pos), strict=True))
        return done

    return noting


def _note_pairs(state: StateInline) -> None:
    """Which marks belong together is known at the end; those within links stay within these."""
    if not _is_paragraph(state):
        return
    marks = state.env["marks"]
    for opening in state.delimiters:
        if opening.end >= 0:
            closing = state.delimiters[opening.end]
            state.env["found"].append((marks[opening.token], marks[closing.token] + 1))


def _is_paragraph(state: StateInline) -> bool:
    """Rather than the words of a picture in it, which are read by themselves."""
    return len(state.src) == int(state.env["length"])


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True})
    ruler = parser.inline.ruler
    rules = dict(zip(ruler.get_active_rules(), ruler.getRules(""), strict=True))
    for name in ("escape", "backticks", "link", "image", "autolink", "html_inline", "entity"):
        ruler.at(name, _noted(rules[name]))
    ruler.at("emphasis", _noted_marks(rules["emphasis"]))
    parser.inline.ruler2.after("balance_pairs", "note_pairs", _note_pairs)
    return parser


_PARSER = _make_parser()
