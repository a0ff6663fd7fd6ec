"""What customers are answered from: every way of publishing and archiving ends here, inside its
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import String

from knowledge.article import Article, ArticleStatus
from knowledge.errors import BadArticle, Problem
from knowledge.revision import RevisionState
from knowledge.source_text import format_source
from knowledge.template import left_over
from webapp.db import tables
from webapp.db.work import Work
from webapp.records import Announcement, JsonObject
from webapp.webhooks import announce


def make_live(
    work: Work,
    article: Article,
    *,
    markdown: str | None = None,
    seen_revision: int | None = None,
    by: str,
    author: str | None = None,
    reason: str | None = None,
    restores: int | None = None,
    now: datetime,
) -> Article:
    """Answer customers from this text from now on, and keep it as the article's next revision.

    `author` wrote it, where that was not `by`. `markdown` is its source as it was written.
    Raises EditConflict and AlreadyExists as `webapp.db.articles.Articles.put` does.
    """
    article.status = ArticleStatus.PUBLISHED
    article.updated_at, article.updated_by = now, author or by
    stored = work.articles.put(article, seen_revision=seen_revision)
    work.revisions.add(
        stored.id,
        RevisionState.PUBLISHED,
        format_source(article) if markdown is None else markdown,
        title=stored.title,
        author=author or by,
        by=by,
        at=now,
        reason=reason,
        restores=restores,
        number=stored.revision,
    )
    announce(work, Announcement.ARTICLE_PUBLISHED, _told(stored), now=now)
    return stored


def take_out(
    work: Work, article_id: str, *, by: str, reason: str | None = None, now: datetime
) -> Article:
    """Answer nobody from this article any more, but keep it; doing so twice changes nothing.

    Raises ArticleNotFound, NotPublished.
    """
    article = work.articles.lock(article_id)
    if article.status is ArticleStatus.ARCHIVED:
        return article
    live = work.articles.live_text(article)
    article = work.articles.archive(article_id)
    article.updated_at, article.updated_by = now, by
    work.revisions.add(
        article_id,
        RevisionState.ARCHIVED,
        live.markdown,
        title=article.title,
        author=live.by,
        by=by,
        at=now,
        reason=reason,
        number=article.revision,
    )
    work.audit.add("article.archived", f"article:{article_id}", actor=by, now=now)
    announce(work, Announcement.ARTICLE_ARCHIVED, _told(article), now=now)
    return article


def _told(article: Article) -> JsonObject:
    """What other systems are told of an article; its text they fetch."""
    return {
        "id": article.id,
        "title": article.title,
        "category": list(article.category),
        "revision": article.revision,
        "updated_by": article.updated_by,
    }


def must_fit(article: Article, *, source: str | None = None, live: Article | None = None) -> None:
    """Refuse what is not fit for customers: what the tables have no room for, and what still says
    what a template says, unless the `live` article says so as well.

    `source` is the text that the article was read from. Raises BadArticle with everything.
    """
    problems = [*too_long(article), *newly_left(left_over(article, source=source), live)]
    if problems:
        raise BadArticle(problems)


def newly_left(left: Sequence[Problem], live: Article | None) -> list[Problem]:
    """What is left of a template, without what the live article says already."""
    if not left or live is None or not live.revision:
        return list(left)
    said = {problem.message for problem in left_over(live)}
    return [problem for problem in left if problem.message not in said]


def must_have_room(articles: Sequence[Article]) -> None:
    """Refuse what the tables have no room for; raises BadArticle with everything."""
    problems = [problem for article in articles for problem in too_long(article)]
    if problems:
        raise BadArticle(problems)


def too_long(article: Article) -> list[Problem]:
    """What of an article the tables have no room for."""
    columns = tables.articles.c
    texts = {"id": article.id, "title": article.title, "product": article.product or ""}
    most = {name: cast("String", columns[name].type).length or 0 for name in texts}
    return [
        Problem(article.id[:100], f"{name} has {len(text)} characters; write at most {most[name]}.")
        for name, text in texts.items()
        if len(text) > most[name]
    ]
