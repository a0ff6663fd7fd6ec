"""Links of an article to files that lie beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# The destination of [text](destination "title") and ![alt](<destination>), and of a reference.
_INLINE = re.compile(r"(\]\(\s*)(?:<([^<>\n]+)>|([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*))")
_REFERENCE = re.compile(r"^( {0,3}\[[^\]\n]+\]:\s*)(?:<([^<>\n]+)>|(\S+))")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|#")

Rewrite = Callable[[str], str | None]
"""From a link's destination, without %XX, to the new one; None leaves it."""


def rewrite_links(markdown: str, rewrite: Rewrite) -> str:
    """The Markdown with other destinations of its links and pictures; code is left alone."""
    lines = []
    fence = ""
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            line = _rewritten(line, rewrite)
        lines.append(line)
    return "\n".join(lines)


def file_beside(destination: str, file: str) -> str | None:
    """The name of the file that a link in `file` means; None for another site, an anchor, or a
    way out of the folder. A leading `/` means the import's own root."""
    path = unquote(destination.split("#")[0].split("?")[0]).replace("\\", "/")
    if not path or _SCHEME.match(destination):
        return None
    parts = [] if path.startswith("/") else list(PurePosixPath(file).parent.parts)
    for part in PurePosixPath(path.lstrip("/")).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or None


def as_destination(path: str) -> str:
    """A path as a link's destination."""
    return quote(path, safe="/-_.~")


def _rewritten(line: str, rewrite: Rewrite) -> str:
    def replace(match: re.Match[str]) -> str:
        found = rewrite(match[2] or match[3])
        return match[0] if found is None else match[1] + found

    return _REFERENCE.sub(replace, _INLINE.sub(replace, line))
