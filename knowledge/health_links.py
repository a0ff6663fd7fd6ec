"""Links of articles that lead nowhere, and stored files that no article shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

from knowledge.article import Article
from knowledge.health import Excerpt, Finding, FindingKind
from knowledge.loader import KEPT
from knowledge.passages import Passage

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
_ARTICLE_PAGE = re.compile(r"^/knowledge/([^/]+)$")
_HOST = re.compile(r"^[\w\-.]+\.[\w\-]{2,}$|^localhost$|^[\d.]+$|^\[[0-9a-fA-F:]+\]$")
_MARKDOWN = frozenset({".md", ".markdown"})
_NO_FILE = frozenset({"mailto", "tel", "sms"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture of an article as it is written."""

    target: str
    words: str
    picture: bool


def links_of(article: Article) -> tuple[Link, ...]:
    """Every link and picture of an article's body, in reading order."""
    found: list[Link] = []
    for token in _PARSER.parse(article.body):
        children = token.children or []
        for place, child in enumerate(children):
            if child.type == "image":
                found.append(
                    Link(unquote(str(child.attrs.get("src", ""))), child.content, picture=True)
                )
            elif child.type == "link_open":
                words = children[place + 1].content if place + 1 < len(children) else ""
                found.append(Link(unquote(str(child.attrs.get("href", ""))), words, picture=False))
    return tuple(found)


def examine_links(
    articles: Sequence[Article],
    passages: Mapping[str, Sequence[Passage]],
    *,
    files: Mapping[str, str] | None,
) -> Iterator[Finding]:
    """Dead links of these articles, and files that none of them names.

    `passages` are by article id. Addresses of other sites are only read, never fetched: an address
    without a host is dead. `files` None: nothing is known of files, and none is missed.
    """
    named: set[str] = set()
    for article in articles:
        for link in links_of(article):
            reason = _what_is_wrong(link, article, passages, files, named)
            if reason is not None:
                text = f"[{link.words}]({link.target})"
                start = text.rindex("](") + 2
                excerpt = Excerpt(
                    article.id,
                    article.title,
                    _heading_of(link, passages.get(article.id, ())),
                    text,
                    ((start, start + len(link.target)),),
                )
                detail = {"target": link.target, "reason": reason}
                yield Finding(FindingKind.DEAD_LINK, (excerpt,), detail)
    for address in sorted(set(files or ()) - named):
        name = (files or {})[address]
        yield Finding(FindingKind.ORPHAN_FILE, (Excerpt("", name, "", address),), {"file": name})


def _what_is_wrong(
    link: Link,
    article: Article,
    passages: Mapping[str, Sequence[Passage]],
    files: Mapping[str, str] | None,
    named: set[str],
) -> str | None:
    """Why the link leads nowhere (a stable word), or None; a file that it names is noted."""
    try:
        address = urlsplit(link.target)
    except ValueError:
        return "address"
    if address.scheme in _NO_FILE:
        return None
    if address.scheme or address.netloc:
        sound = address.scheme in {"http", "https", ""} and _HOST.match(address.hostname or "")
        return None if sound else "address"
    path, fragment = address.path, address.fragment
    page = _ARTICLE_PAGE.match(path)
    wanted = article.id if not path else page.group(1) if page else _article_named(path)
    if wanted is not None:
        if wanted not in passages:
            return "article"
        return None if _has_heading(passages[wanted], fragment) else "heading"
    kept = path.startswith(KEPT)
    if path.startswith("/") and not kept:  # another page of this or the shop's site
        return None
    # what is kept is named by its content: /files/<hash>/<name>
    name = "/".join(path.split("/")[:3]) if kept else str(PurePosixPath(path))
    named.add(name)
    return None if files is None or name in files else "file"


def _article_named(path: str) -> str | None:
    """`returns` for `returns.md` and `../sales/returns.md`: an id is a file's own name."""
    name = PurePosixPath(path)
    return name.stem if name.suffix.lower() in _MARKDOWN else None


def _has_heading(passages: Sequence[Passage], fragment: str) -> bool:
    wanted = _slug(fragment)
    return not wanted or any(
        wanted in (_slug(heading), _slug(heading).replace("-", ""))
        for passage in passages
        for heading in passage.heading_path
    )


def _slug(heading: str) -> str:
    """A heading as the tools of the trade make an anchor of it."""
    return re.sub(r"[^\w\-]+", "", re.sub(r"\s+", "-", heading.strip().lower()))


def _heading_of(link: Link, passages: Sequence[Passage]) -> str:
    return next((p.heading for p in passages if link.target in p.markdown), "")
