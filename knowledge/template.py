"""The text that a new article begins with, and what of it was left as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.article import Article
from knowledge.errors import Problem
from knowledge.passages import split_question

UNANSWERED = "（请在这里写下回答）"
"""What stands for the answer in an article that was begun from customers' questions."""

_HEADING = re.compile(r"^#{1,6}\s+(.*?)[\s#]*$", re.MULTILINE)


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
    from, for the lines."""
    asked = [*article.questions, *(test.question for test in article.tests)]
    questions = {split_question(question)[0] for question in asked}
    headings = set(_HEADING.findall(article.body))
    found: list[str] = []
    for template in TEMPLATES.values():
        found += [template.title] if article.title == template.title else []
        found += [template.question] if template.question in questions else []
        found += [template.heading] if template.heading in headings else []
        found += [template.answer] if template.answer in article.body else []
    found += [UNANSWERED] if UNANSWERED in article.body else []
    return [
        Problem(
            article.id,
            f"`{words}` is still as the template has it; write your own, or remove it.",
            _line_of(words, source),
        )
        for words in found
    ]


def _line_of(words: str, source: str | None) -> int | None:
    """The first line that says nothing else."""
    for number, line in enumerate((source or "").splitlines(), start=1):
        if re.fullmatch(rf"\W*(?:title\s*:)?\W*{re.escape(words)}\W*(?:->.*)?", line):
            return number
    return None
