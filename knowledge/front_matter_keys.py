"""Write single keys of the front matter into a source, and leave the rest as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import yaml

from knowledge.errors import BadArticle, Problem
from knowledge.front_matter import KEYS, split_source

Value = str | date | Sequence[str] | None
"""A text, a day or a list of texts; None and what is empty take the key away."""


def with_keys(source: str, values: Mapping[str, Value], *, file: str) -> str:
    """The source with these keys of the front matter changed; a source without one gets one.

    Raises BadArticle for a front matter that is not lines of `key: value`.
    """
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head, body, _ = split_source(text)
    lines = [] if head is None else head.split("\n")
    for key, value in values.items():
        lines = _with_key(lines, key, value, file)
    if head is None:
        return "\n".join(["---", *lines, "---", "", text.lstrip("\n")]) if lines else text
    return "\n".join(["---", *lines, "---", body])


def _with_key(lines: list[str], key: str, value: Value, file: str) -> list[str]:
    blocks = _blocks(lines, file)
    start, end = blocks.get(key, (None, None))
    if start is None or end is None:
        before = [blocks[k][1] for k in KEYS[: KEYS.index(key)] if k in blocks]
        start = end = max(before, default=0)
    return [*lines[:start], *_written(key, value), *lines[end:]]


def _blocks(lines: Sequence[str], file: str) -> dict[str, tuple[int, int]]:
    """For each key its first line and the line after its value; comments belong to nobody."""
    try:
        root = yaml.compose("\n".join(lines), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise _unreadable(file) from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise _unreadable(file)
    starts = [key.start_mark.line for key, _ in root.value]
    found = {}
    for (key, _), start, following in zip(
        root.value, starts, [*starts[1:], len(lines)], strict=True
    ):
        end = following
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        found[str(key.value)] = (start, end)
    return found


def _written(key: str, value: Value) -> list[str]:
    if not value:
        return []
    plain: object = list(value) if isinstance(value, (list, tuple)) else value
    flow = yaml.safe_dump({key: plain}, allow_unicode=True, default_flow_style=True, width=10_000)
    return [str(flow).strip()[1:-1]]  # without the braces around it


def _unreadable(file: str) -> BadArticle:
    message = "its front matter cannot be read; mend it in the editor first."
    return BadArticle([Problem(file, message, 1)])
