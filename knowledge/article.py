"""The vocabulary of knowledge: what other packages import (standard library only)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ArticleStatus(StrEnum):
    """Where an article stands; only published articles are searched.

    DRAFT and REVIEW are for what customers were never answered from; a new text of a published
    article is a draft (`knowledge.draft`) beside it and leaves its status alone.
    """

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class KnowledgeTest:
    """A question with the heading that must answer it; `heading` None means: must abstain."""

    question: str
    heading: str | None


@dataclass(eq=False, kw_only=True)
class Article:
    """One Markdown document that customers are answered from.

    `body` is the Markdown without its front matter. `category` is its place in the tree, at most
    three names from the top down. `publish_at` is when its text was meant to become live.
    `content_hash` is the SHA-256 hex digest of the whole source, so that an unchanged import
    changes nothing. `revision` is the number of the revision that is live; 0 when none ever was.
    """

    id: str
    title: str
    body: str
    brand_id: str = "default"
    status: ArticleStatus = ArticleStatus.PUBLISHED
    product: str | None = None
    versions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    publish_at: datetime | None = None
    valid_until: date | None = None
    questions: tuple[str, ...] = ()
    tests: tuple[KnowledgeTest, ...] = ()
    content_hash: str = ""
    updated_at: datetime | None = None
    updated_by: str | None = None
    revision: int = 1

    def is_expired(self, on: date) -> bool:
        """Whether its last day is past; the search leaves it out then."""
        return self.valid_until is not None and self.valid_until < on


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles may answer; a None field does not restrict."""

    brand_id: str = "default"
    product: str | None = None
    version: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that may answer a question.

    `passage` is Markdown, `heading_path` runs from the article's title down to `heading`.
    `score` is one calibrated number in [0, 1]: the probability that this passage answers.
    `why` names what contributed (for example `{"dense": 0.81, "lexical": 0.4}`). `rows` are those
    of the passage's tables that the question asks for, counted from 0 through all of them; none
    when it asks for none in particular. `short` is what is told of the passage first, as Markdown;
    empty when the passage is short.
    """

    article_id: str
    title: str
    heading: str
    heading_path: tuple[str, ...]
    passage: str
    score: float
    why: dict[str, float] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    short: str = ""


@dataclass(frozen=True, slots=True)
class ReadTerm:
    """What was said in a question, and the term of the house that it was read as."""

    said: str
    term: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search came to: ranked hits, and whether the best one is good enough to be said.

    `read` names the words of the question that were read as terms.
    """

    hits: tuple[Hit, ...]
    answerable: bool
    read: tuple[ReadTerm, ...] = ()
