"""What can go wrong in knowledge.

KnowledgeError
├── BadArticle         files that cannot be read as articles; file, line and remedy of each
├── ArticleNotFound    no article has this id
└── IndexUnavailable   the index cannot be built or read
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one file: where, what, and what to do; `line` counts from 1."""

    file: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """`file:line: message`, as compilers write it."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class KnowledgeError(Exception):
    """Base of everything that `knowledge` raises on purpose."""


class BadArticle(KnowledgeError):
    """Files that cannot be read as articles; `problems` names each with file, line and remedy."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class ArticleNotFound(KnowledgeError):
    """No article has this id."""


class IndexUnavailable(KnowledgeError):
    """The index cannot be built or read."""
