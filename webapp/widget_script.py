"""Builds `/widget.js`: the widget's modules joined into one script, its style and words inside."""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from webapp.localisation import LOCALES, catalogue, strings_of

STATIC = Path(__file__).parent / "static"
MODULES = (
    "text", "dom", "keyed", "emitter", "stream",
    "chat/kept", "chat/server", "chat/messages", "chat/delivery", "chat/attention", "chat/chat",
    "chat/icons", "chat/rows", "chat/rating", "chat/view",
    "widget",
)  # fmt: skip
_STYLES = ("widget", "tokens", "icon", "chat")
_IMPORT = re.compile(r"^import\b.*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_COMMENT = re.compile(r"(?:^|\s)//[^\n\"'`]*$", re.MULTILINE)
_ROOT = re.compile(r":root|\[data-bs-theme=\"light\"\]")


@cache
def widget_script() -> str:
    """The whole widget as one classic script; its modules share one function scope."""
    parts = [_embedded(), *(_module(name) for name in MODULES)]
    return '(()=>{"use strict";\n' + "\n".join(parts) + "\n})();\n"


@cache
def widget_version() -> str:
    """Changes whenever the script does: `/widget.js?v=…` may be cached for ever."""
    return sha256(widget_script().encode()).hexdigest()[:12]


def _module(name: str) -> str:
    source = (STATIC / "js" / f"{name}.js").read_text(encoding="utf-8")
    return _squeeze(_LINE_COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", source))))


def _embedded() -> str:
    scripts = [STATIC / "js" / f"{name}.js" for name in MODULES]
    wanted = {string for script in scripts for string in strings_of(script)}
    catalogues = {
        locale: {k: v for k, v in catalogue(locale).items() if k in wanted} for locale in LOCALES
    }
    words = json.dumps(catalogues, ensure_ascii=False, separators=(",", ":"))
    return f"const CATALOGUES={words};\nconst STYLE={json.dumps(_style(), ensure_ascii=False)};"


def _style() -> str:
    css = "\n".join(
        (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES
    )
    scoped = _ROOT.sub(":host", css).replace(
        '[data-bs-theme="dark"]', ':host([data-bs-theme="dark"])'
    )
    return re.sub(r"\s*([{};,])\s*", r"\1", _squeeze(scoped))


def _squeeze(source: str) -> str:
    lines = (line.strip() for line in _BLOCK_COMMENT.sub("", source).splitlines())
    return "\n".join(line for line in lines if line)
