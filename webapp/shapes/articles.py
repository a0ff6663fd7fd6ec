"""Articles, what a search finds in them, and what an import did."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from knowledge.article import ArticleStatus
from webapp.shapes.drafts import DraftBrief
from webapp.shapes.wire import Wire


class ArticleTestOut(Wire):
    """A question with the heading that must answer it; None means: must abstain."""

    question: str
    heading: str | None


class ArticleOut(Wire):
    """One article as a list shows it.

    `revision` is the one that customers get, 0 when they never got any. `expired` says that its
    last day is past. `draft` is the text that is being worked on beside it.
    """

    id: str
    title: str
    status: ArticleStatus
    product: str | None = None
    versions: list[str] = Field(default_factory=list)
    channels: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    category: list[str] = Field(default_factory=list)
    valid_until: date | None = None
    expired: bool = False
    updated_at: datetime | None = None
    updated_by: str | None = None
    revision: int = 1
    draft: DraftBrief | None = None


class ArticleDetail(ArticleOut):
    """One article whole; `markdown` is its source with front matter, `html` the safe rendering of
    what stands below the title."""

    body: str
    markdown: str
    html: str
    questions: list[str] = Field(default_factory=list)
    tests: list[ArticleTestOut] = Field(default_factory=list)


class ArticlesOut(Wire):
    """Articles by title."""

    items: list[ArticleOut]


class HitOut(Wire):
    """One passage that may answer; `score` in [0, 1] and what contributed to it.

    `rows` are those of its tables that the question asks for, from 0; `short` is what customers are
    told first, as Markdown, null when that is all of it.
    """

    article_id: str
    title: str
    heading: str
    heading_path: list[str]
    passage: str
    html: str
    score: float
    why: dict[str, float]
    rows: list[int] = Field(default_factory=list)
    short: str | None = None


class ReadTermOut(Wire):
    """What was said in the question, and the term that it was read as."""

    said: str
    term: str


class SearchOut(Wire):
    """What the bot would use, best first.

    `answerable` is whether the first is an answer, which takes a score of `min_score`; customers
    are told it from `told_from` on, which is more when the bot takes the question for none of the
    shop's business. `read` names the words of the question that were read as terms.
    """

    answerable: bool
    min_score: float
    told_from: float
    hits: list[HitOut]
    read: list[ReadTermOut] = Field(default_factory=list)


class DraftSearchOut(SearchOut):
    """What would be used if a text were live; `article_id` is what that text is called, so that its
    own passages are told from others'."""

    article_id: str
