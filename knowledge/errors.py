"""What can go wrong in knowledge.

KnowledgeError
├── BadArticle         a file that cannot be read as an article; file, line and remedy
├── ArticleNotFound    no article has this id
└── IndexUnavailable   the index cannot be built or read
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of everything that `knowledge` raises on purpose."""


class BadArticle(KnowledgeError):
    """A file that cannot be read as an article; the message names file, line and remedy."""


class ArticleNotFound(KnowledgeError):
    """No article has this id."""


class IndexUnavailable(KnowledgeError):
    """The index cannot be built or read."""
