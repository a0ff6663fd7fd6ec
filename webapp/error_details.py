"""What an error tells besides its words: every problem, tests that fail, what stands there now."""

from __future__ import annotations

from knowledge.errors import BadArticle, BadTerm, Overtaken, Theirs
from webapp.db.errors import EditConflict
from webapp.errors import WebError
from webapp.problem_words import in_chinese
from webapp.records import JsonValue


def details_of(error: Exception) -> JsonValue:
    """The `details` of an answer about this error; None when its words say all."""
    if isinstance(error, BadArticle):
        return [
            {
                "file": p.file,
                "line": p.line,
                "message": p.message,
                "message_zh": in_chinese(p.message),
            }
            for p in error.problems
        ]
    if isinstance(error, BadTerm):
        return {"message_zh": "".join(in_chinese(problem) for problem in error.problems)}
    if isinstance(error, (EditConflict, Overtaken)):
        return _told(error.theirs)
    return error.details if isinstance(error, WebError) else None


def _told(theirs: Theirs | None) -> JsonValue:
    if theirs is None:
        return None
    return {
        "by": theirs.by,
        "at": theirs.at.isoformat() if theirs.at else None,
        "number": theirs.number,
        "markdown": theirs.markdown,
    }
