"""What an editor sees of a text while it is written."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from webapp.shapes.drafts import DraftProblem
from webapp.shapes.wire import Wire


class RoutedQuestion(Wire):
    """A question and the heading that answers it. Without a heading, a similar question belongs to
    the whole article, and a test says that nothing may answer it.
    """

    question: str
    heading: str | None


class FrontMatterOut(Wire):
    """The front matter of a text, for a form; None and empty where it says nothing."""

    id: str | None
    title: str | None
    category: list[str]
    product: str | None
    versions: list[str]
    channels: list[str]
    tags: list[str]
    publish_at: datetime | None
    valid_until: date | None
    questions: list[RoutedQuestion]
    tests: list[RoutedQuestion]


class PreviewOut(Wire):
    """Markdown as customers would see it; `html` is what stands below the title.

    `problem` is everything that is wrong with the source in one text, `problems` one by one with
    their lines. `front_matter` is None where it cannot be read; `headings` are those that can
    answer a question.
    """

    html: str
    title: str | None = None
    problem: str | None = None
    problems: list[DraftProblem] = Field(default_factory=list)
    front_matter: FrontMatterOut | None = None
    headings: list[str] = Field(default_factory=list)
