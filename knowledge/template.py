"""The text that a new article begins with, and what of it was left as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.article import Article
from knowledge.errors import Problem
from knowledge.front_matter import split_source
from knowledge.passages import headings, split_question

UNANSWERED = "（请在这里写下回答）"
"""What stands for the answer in an article that was begun from customers' questions."""

_BETWEEN = re.compile(r"->|[:,]")
_AROUND = " \t\u3000-[]{}\"'"  # of an entry of the front matter


@dataclass(frozen=True, slots=True)
class Template:
    """What stands for each part of an article until its writer has written it."""

    title: str
    question: str
    heading: str
    answer: str

    def source(self) -> str:
        """A new article."""
        return (
            f"---\ntitle: {self.title}\ntags: []\nquestions:\n  - {self.question}\n---\n\n"
            f"## {self.heading}\n\n{self.answer}\n"
        )


TEMPLATES = {
    "zh": Template("文章标题", "客户会怎么问", "小标题", "一段能直接发给客户的回答。"),
    "en": Template(
        "Title of the article",
        "How customers ask",
        "heading",
        "An answer that can be sent to a customer as it is.",
    ),
}
"""By language."""


def left_over(article: Article, *, source: str | None = None) -> list[Problem]:
    """What of a template an article still says, each once; `source` is the text that it was read
    from, for the lines.

    A heading is left over only beside something else: alone it may be what somebody chose.
    """
    lines = _Lines(article, source)
    asked = [*article.questions, *(test.question for test in article.tests)]
    questions = {split_question(question)[0] for question in asked}
    found: list[tuple[str, int | None]] = []
    for template in TEMPLATES.values():
        if article.title == template.title:
            found.append((template.title, lines.in_front(template.title)))
        if template.question in questions:
            found.append((template.question, lines.in_front(template.question)))
        if template.answer in article.body:
            found.append((template.answer, lines.in_body(template.answer)))
    if UNANSWERED in article.body:
        found.append((UNANSWERED, lines.in_body(UNANSWERED)))
    if found:
        found += lines.headings()
    return [
        Problem(
            article.id,
            f"`{words}` is still as the template has it; write your own, or remove it.",
            line,
        )
        for words, line in sorted(found, key=lambda one: one[1] or 0)
    ]


class _Lines:
    """Where an article says something; without its source nobody knows the line."""

    def __init__(self, article: Article, source: str | None) -> None:
        self._body = article.body
        self._known = source is not None
        text = (source or "").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        front, body, before = split_source(text)
        self._front = (front or "").split("\n")
        self._before = before + len(body) - len(body.lstrip("\n"))

    def in_front(self, words: str) -> int | None:
        """The line of the front matter with an entry that says just this; for a title that is no
        such entry, the line of the heading."""
        if not self._known:
            return None
        for number, line in enumerate(self._front, start=2):
            if words in {entry.strip(_AROUND) for entry in _BETWEEN.split(line)}:
                return number
        return next((self._at(line) for text, line in headings(self._body) if text == words), None)

    def in_body(self, words: str) -> int | None:
        """The first line of the body with these words in it."""
        return self._at(self._body.count("\n", 0, self._body.index(words)))

    def headings(self) -> list[tuple[str, int | None]]:
        """The templates' headings that are headings here, each with its first line."""
        ours = {template.heading for template in TEMPLATES.values()}
        found: dict[str, int | None] = {}
        for text, line in headings(self._body):
            if text in ours:
                found.setdefault(text, self._at(line))
        return list(found.items())

    def _at(self, line: int) -> int | None:
        return self._before + line + 1 if self._known else None
