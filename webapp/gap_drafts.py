"""From a gap or a proposal to a draft: customers see nothing of it before it is published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from knowledge.article import Article, KnowledgeTest
from knowledge.draft import Draft
from knowledge.errors import ArticleNotFound
from knowledge.front_matter import HOME
from knowledge.loader import read_article
from knowledge.passages import split_article
from knowledge.source_text import format_source
from knowledge.template import UNANSWERED
from webapp import editing
from webapp.db.work import Work
from webapp.errors import InvalidInput
from webapp.masking import without_numbers

_UNSAFE = re.compile(r"[^\w\-]+")
_MOST_QUESTIONS = 12
_MOST_REPLIES = 6
_SHORTEST_REPLY = 8


def new_article(
    work: Work,
    *,
    title: str,
    questions: Sequence[str],
    replies: Sequence[str],
    by: str,
    now: datetime,
) -> Draft:
    """A draft of an article: the questions as similar ones, what agents said as its text.

    Personal numbers are taken out of everything; the rest is for its editor to read through.
    """
    title = without_numbers(title).strip() or "…"
    asked = _distinct(without_numbers(question) for question in questions)[:_MOST_QUESTIONS]
    said = _distinct(
        without_numbers(reply).strip() for reply in replies if len(reply) >= _SHORTEST_REPLY
    )[:_MOST_REPLIES]
    article = Article(
        id=_free_id(work, title),
        title=title,
        body=f"## {_heading(title)}\n\n" + ("\n\n".join(map(_as_paragraph, said)) or UNANSWERED),
        questions=tuple(asked),
        tests=tuple(KnowledgeTest(question, _heading(title)) for question in asked[:1]),
    )
    return editing.begin_article(work, article.id, format_source(article), by=by, now=now)


def add_questions(
    work: Work,
    article_id: str,
    questions: Sequence[str],
    *,
    heading: str | None,
    by: str,
    now: datetime,
    zone: tzinfo = HOME,
) -> Draft:
    """A draft of the article with these as similar questions, aimed at a heading where one is
    named; into the draft that there is already. Raises ArticleNotFound, BadArticle, DraftLocked,
    InvalidInput for a heading that is not there."""
    live = work.articles.get(article_id)
    draft = work.drafts.find(article_id)
    if draft is None and live.revision == 0:
        raise ArticleNotFound(article_id)
    markdown = draft.markdown if draft else work.articles.live_text(live).markdown
    article = read_article(markdown, file=f"{article_id}.md", zone=zone)
    if heading is not None and heading not in {p.heading for p in split_article(article)}:
        raise InvalidInput(
            f"heading: {article.title} has no heading {heading!r}; choose one of it."
        )
    new = [
        question if heading is None else f"{question} -> {heading}"
        for question in _distinct(without_numbers(question) for question in questions)
    ]
    article = replace(article, questions=tuple(_distinct((*article.questions, *new))))
    return editing.save_draft(
        work,
        article_id,
        format_source(article),
        seen_version=draft.version if draft else 0,
        by=by,
        now=now,
    )


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _heading(title: str) -> str:
    return title.lstrip("#").strip() or title


def _as_paragraph(reply: str) -> str:
    """What was typed, as one paragraph: a # at its beginning is not a heading."""
    return re.sub(r"(?m)^([#>\-+*=]|\d+\.)", r"\\\1", reply)


def _free_id(work: Work, title: str) -> str:
    """An id after the title that no article has."""
    stem = _UNSAFE.sub("-", title).strip("-_")[:60] or "article"
    number, free = 1, stem
    while work.articles.find(free) is not None:
        number += 1
        free = f"{stem}-{number}"
    return free
