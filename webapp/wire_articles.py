"""Articles, drafts and revisions in the shapes that leave the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.article import Article, ArticleStatus
from knowledge.compare import Row, Span, compare_texts
from knowledge.draft import Draft
from knowledge.errors import BadArticle
from knowledge.loader import read_article
from knowledge.revision import Revision
from webapp.db.work import Work
from webapp.editing import problems_in
from webapp.markdown import render_body, render_markdown
from webapp.shapes.articles import ArticleDetail, ArticleOut, ArticleTestOut
from webapp.shapes.drafts import (
    DiffOut,
    DraftBrief,
    DraftOut,
    DraftProblem,
    RevisionDetail,
    RevisionOut,
    RowOut,
    SideOut,
    SpanOut,
)


def article_out(article: Article, *, today: date, draft: Draft | None = None) -> ArticleOut:
    """The article as a list shows it, with the draft that stands beside it."""
    return ArticleOut(
        id=article.id,
        title=article.title,
        status=article.status,
        product=article.product,
        versions=list(article.versions),
        channels=list(article.channels),
        tags=list(article.tags),
        category=list(article.category),
        valid_until=article.valid_until,
        expired=article.is_expired(today),
        updated_at=article.updated_at,
        updated_by=article.updated_by,
        revision=article.revision,
        draft=draft_brief(draft) if draft else None,
    )


def article_detail(work: Work, article: Article, *, today: date) -> ArticleDetail:
    """The whole article with its source as it was written; nothing but the draft of one that was
    never live."""
    listed = article_out(article, today=today, draft=work.drafts.find(article.id))
    return ArticleDetail(
        **dict(listed),
        body=article.body,
        markdown=work.articles.live_text(article).markdown,
        html=render_body(article.body, title=article.title),
        questions=list(article.questions),
        tests=[ArticleTestOut(question=t.question, heading=t.heading) for t in article.tests],
    )


def draft_brief(draft: Draft) -> DraftBrief:
    """The draft as a list shows it."""
    return DraftBrief(
        article_id=draft.article_id,
        title=draft.title,
        state=draft.state,
        version=draft.version,
        base=draft.base,
        author=draft.author,
        written_at=draft.written_at,
        step_by=draft.step_by,
        step_at=draft.step_at,
        reason=draft.reason,
        publish_at=draft.publish_at,
        failure=draft.failure,
        try_at=draft.try_at,
    )


def draft_out(draft: Draft, article: Article) -> DraftOut:
    """The whole draft with what is wrong with it."""
    return DraftOut(
        **dict(draft_brief(draft)),
        markdown=draft.markdown,
        html=_rendered(draft.markdown),
        problems=[
            DraftProblem(line=p.line, message=p.message) for p in problems_in(draft, article)
        ],
        live_revision=article.revision,
    )


def revision_out(revision: Revision, article: Article) -> RevisionOut:
    """One step of the article's history."""
    published = article.status is ArticleStatus.PUBLISHED
    return RevisionOut(
        number=revision.number,
        state=revision.state,
        title=revision.title,
        author=revision.author,
        by=revision.by,
        at=revision.at,
        reason=revision.reason,
        restores=revision.restores,
        live=published and revision.number == article.revision,
    )


def revision_detail(revision: Revision, article: Article, *, markdown: str) -> RevisionDetail:
    """One step with its text."""
    return RevisionDetail(
        **dict(revision_out(revision, article)), markdown=markdown, html=_rendered(markdown)
    )


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an article, for comparing."""

    side: SideOut
    markdown: str


def text_of(work: Work, article_id: str, name: str) -> Text:
    """The text that a name stands for: `live`, `draft` or the number of a revision.

    That of an article that was never live is empty. Raises ArticleNotFound, DraftNotFound,
    RevisionNotFound.
    """
    article = work.articles.get(article_id)
    if name == "draft":
        draft = work.drafts.get(article_id)
        side = SideOut(number=None, title=draft.title, author=draft.author, at=draft.written_at)
        return Text(side, draft.markdown)
    if name == "live":
        live = work.articles.live_text(article)
        title = article.title if live.number else ""
        side = SideOut(number=live.number, title=title, author=live.by, at=live.at)
        return Text(side, live.markdown)
    found = work.revisions.get(article_id, int(name))
    side = SideOut(number=found.number, title=found.title, author=found.author, at=found.at)
    return Text(side, work.revisions.markdown(article_id, found.number))


def diff_out(old: Text, new: Text) -> DiffOut:
    """Two texts side by side."""
    rows = compare_texts(old.markdown, new.markdown)
    return DiffOut(old=old.side, new=new.side, rows=[_row_out(row) for row in rows])


def _row_out(row: Row) -> RowOut:
    return RowOut(
        kind=row.kind,
        old_line=row.old_line,
        new_line=row.new_line,
        old=_spans(row.old),
        new=_spans(row.new),
    )


def _spans(spans: tuple[Span, ...]) -> list[SpanOut]:
    return [SpanOut(text=span.text, changed=span.changed) for span in spans]


def _rendered(markdown: str) -> str:
    """What customers would see; a text whose front matter cannot be read is shown whole."""
    try:
        article = read_article(markdown, file="preview.md")
    except BadArticle:
        return render_markdown(markdown)
    return render_body(article.body, title=article.title)
