"""A text while it is written: how it would look, what it says of itself, what is wrong with it."""

from __future__ import annotations

from flask import Blueprint
from pydantic import Field

from knowledge.article import Article
from knowledge.errors import BadArticle, Problem
from knowledge.front_matter import FrontMatter, read_front_matter, split_source
from knowledge.loader import read_article
from knowledge.passages import split_article, split_question
from webapp.api.fields import MAX_SOURCE, SOURCE_BYTES, NewArticleId
from webapp.current import services
from webapp.editing import read_unsaved
from webapp.live import must_fit
from webapp.markdown import render_body
from webapp.operations import Answered, Body, Operations
from webapp.shapes.drafts import DraftProblem
from webapp.shapes.preview import FrontMatterOut, PreviewOut, RoutedQuestion

bp = Blueprint("api_preview", __name__)
route = Operations(bp)

_FILE = "preview.md"


class PreviewIn(Body):
    """Markdown that nobody sees yet; `id` is that of the article it belongs to, if any."""

    markdown: str = Field(max_length=MAX_SOURCE)
    id: NewArticleId | None = None


@route(
    "POST",
    "/api/v1/articles/preview",
    body=PreviewIn,
    answers={200: PreviewOut},
    max_bytes=SOURCE_BYTES,
)
def preview_article(body: PreviewIn) -> Answered:
    """Markdown as customers would see it, its front matter, and what is wrong with it"""
    text = body.markdown.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    yaml_text, markdown, _ = split_source(text)
    front: FrontMatter | None = FrontMatter()
    if yaml_text is not None:
        read, unreadable = read_front_matter(yaml_text, _FILE, zone=services().settings.zone)
        front = None if unreadable else read
    problems = _problems(text, body.id)
    title = _title(front, text)
    return PreviewOut(
        html=render_body(markdown or text, title=title),
        title=title,
        problem="\n".join(_placed(problem) for problem in problems) or None,
        problems=[DraftProblem(line=p.line, message=p.message) for p in problems],
        front_matter=_front_out(front) if front else None,
        headings=_headings(front, markdown),
    )


def _problems(text: str, article_id: str | None) -> tuple[Problem, ...]:
    try:
        article = read_unsaved(article_id, text, zone=services().settings.zone)
        must_fit(article, source=text, live=_live(article_id))
    except BadArticle as error:
        return error.problems
    return ()


def _live(article_id: str | None) -> Article | None:
    if article_id is None:
        return None
    with services().db.read() as work:
        return work.articles.find(article_id)


def _title(front: FrontMatter | None, text: str) -> str | None:
    if front is not None and front.title:
        return front.title
    try:
        return read_article(text, file=_FILE).title
    except BadArticle:
        return None


def _headings(front: FrontMatter | None, markdown: str) -> list[str]:
    """The headings with words below them, in reading order; the title where words come first."""
    title = (front.title if front else None) or ""
    passages = split_article(Article(id="preview", title=title, body=markdown))
    return [heading for heading in dict.fromkeys(p.heading for p in passages) if heading]


def _front_out(front: FrontMatter) -> FrontMatterOut:
    parted = [split_question(question) for question in front.questions]
    return FrontMatterOut(
        id=front.id,
        title=front.title,
        category=list(front.category),
        product=front.product,
        versions=list(front.versions),
        channels=list(front.channels),
        tags=list(front.tags),
        publish_at=front.publish_at,
        valid_until=front.valid_until,
        questions=[RoutedQuestion(question=q, heading=heading) for q, heading in parted],
        tests=[RoutedQuestion(question=t.question, heading=t.heading) for t in front.tests],
    )


def _placed(problem: Problem) -> str:
    return problem.message if problem.line is None else f"{problem.line}: {problem.message}"
