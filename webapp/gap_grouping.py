"""Collects the questions that got no good answer and groups them by meaning."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from knowledge.gaps import central, group_questions
from knowledge.meaning import Meaning
from webapp.db.database import Database
from webapp.learning_records import MissedQuestion
from webapp.masking import without_numbers

KEPT = timedelta(days=180)
"""How far back questions are looked at."""

_LONGEST = 300
_AT_ONCE = 2000


def refresh_gaps(db: Database, meaning: Meaning, *, now: datetime) -> int:
    """Put what was missed since the last time into groups; returns how many questions that were.

    Groups that somebody has decided about keep their questions and get new ones. What is computed
    takes seconds and happens outside the transactions; two that run at once do no harm. Raises
    StoreUnavailable.
    """
    since = now - KEPT
    with db.write() as work:
        work.gaps.wake(now)
        work.gaps.forget_other_encoders(meaning.encoder)
    with db.read() as work:
        found = work.gaps.new_questions(since=since, limit=_AT_ONCE)
        old, groups, vectors = work.gaps.grouped(since=since, encoder=meaning.encoder)
        fixed = work.gaps.fixed()
    new = [question for question in map(_masked, found) if says_something(question)]
    if not new:
        return 0
    questions = [*old, *new]
    fresh = meaning.passing([question.text for question in new])
    everything = np.concatenate([vectors, fresh]) if len(vectors) else fresh
    # in the order in which they were asked: only the latest are grouped anew
    order = sorted(range(len(questions)), key=lambda place: questions[place].message_id)
    known = [*groups, *[None] * len(new)]
    placed = group_questions(
        [questions[place].text for place in order],
        everything[order],
        [known[place] for place in order],
        fixed=fixed,
    )
    labels = dict(zip(order, placed, strict=True))
    names = _names(questions, everything, labels)
    with db.write() as work:
        ids = {label: work.gaps.add_group(names[label], now=now) for label in names if label < 0}
        work.gaps.rename({label: name for label, name in names.items() if label > 0})
        for place, label in labels.items():
            group_id = ids.get(label, label)
            if place >= len(old):
                question = questions[place]
                work.gaps.put(question, group_id, everything[place], encoder=meaning.encoder)
            elif group_id != groups[place]:
                work.gaps.move([questions[place].message_id], group_id)
        work.gaps.forget_empty()
    return len(new)


def _names(
    questions: list[MissedQuestion], vectors: np.ndarray, labels: dict[int, int]
) -> dict[int, str]:
    """Each group's most central question."""
    members: dict[int, list[int]] = {}
    for place, label in labels.items():
        members.setdefault(label, []).append(place)
    names = {}
    for label, places in members.items():
        texts = [questions[place].text for place in places]
        names[label] = texts[central(texts, vectors[places])]
    return names


def _masked(question: MissedQuestion) -> MissedQuestion:
    return MissedQuestion(
        question.message_id,
        question.conversation_id,
        question.seq,
        without_numbers(question.text)[:_LONGEST],
        question.reason,
        question.asked_at,
    )


def says_something(question: MissedQuestion) -> bool:
    """Whether there are words in it; what has none is never in a group."""
    return sum(character.isalpha() for character in question.text) >= 2
