"""What customers asked in vain: groups of questions, and one click from there to a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint
from pydantic import AwareDatetime, Field

from knowledge.article import Scope
from webapp import gap_drafts
from webapp.api.ready import meaning
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.errors import InvalidInput
from webapp.gap_grouping import KEPT, refresh_gaps, says_something
from webapp.learning_records import GapGroup, GapState, MissedQuestion
from webapp.masking import without_numbers
from webapp.operations import Answered, Body, Operations, Query
from webapp.reports.knowledge_gaps import DISLIKED, gap_group, gap_groups
from webapp.shapes.gaps import (
    DraftMade,
    GapDetail,
    GapOut,
    GapQuestionOut,
    GapReplyOut,
    GapsOut,
    GapsRefreshed,
    NearestOut,
)

bp = Blueprint("api_gaps", __name__)
route = Operations(bp)

_NEAR = 3
_COUNTED = 200  # questions that are in no group yet: more are shown as so many
_PATH = "/api/v1/knowledge/gaps"


class GapsQuery(Query):
    """Which groups."""

    state: GapState = GapState.OPEN
    limit: int = Field(default=50, ge=1, le=200)


class DecisionIn(Body):
    """What is decided about a group; `until` (with a time zone) is for `snoozed`."""

    state: GapState = Field(strict=False)
    until: AwareDatetime | None = Field(default=None, strict=False)
    article_id: str | None = Field(default=None, max_length=100)


class SimilarIn(Body):
    """The article that answers the group, the heading that does, and the questions to add there:
    those of these messages, or all."""

    article_id: str = Field(min_length=1, max_length=100)
    heading: str | None = Field(default=None, min_length=1, max_length=300)
    message_ids: list[int] | None = Field(default=None, max_length=200)


class DraftIn(Body):
    """A new article: its title, and the agents' messages to take over; all of them by default."""

    title: str | None = Field(default=None, min_length=1, max_length=200)
    message_ids: list[int] | None = Field(default=None, max_length=50)


@route("GET", _PATH, query=GapsQuery, answers={200: GapsOut})
def list_gaps(query: GapsQuery) -> Answered:
    """What customers asked in vain, by meaning; first what costs most hand-offs"""
    with services().db.read() as work:
        groups = gap_groups(work, state=query.state, now=now(), limit=query.limit)
        new = work.gaps.new_questions(since=now() - KEPT, limit=_COUNTED)
    waiting = sum(says_something(question) for question in new)
    return GapsOut(items=[_out(group) for group in groups], waiting=waiting)


@route("POST", f"{_PATH}/refresh", answers={200: GapsRefreshed})
def refresh() -> Answered:
    """Take in the latest questions now; otherwise that happens every few minutes"""
    return GapsRefreshed(questions=refresh_gaps(services().db, meaning(), now=now()))


@route("GET", f"{_PATH}/<int:gap_id>", answers={200: GapDetail})
def show_gap(gap_id: int) -> Answered:
    """One group with its questions and what agents said about them"""
    with services().db.read() as work:
        group = gap_group(work, gap_id, now=now())
        questions = work.gaps.questions(gap_id)
        replies = work.gaps.replies(gap_id)
    return GapDetail(
        **dict(_out(group)),
        questions=[_question_out(question) for question in questions],
        replies=_distinct(replies),
        near=_near(group.name, _NEAR),
    )


@route("POST", f"{_PATH}/<int:gap_id>/state", body=DecisionIn, answers={200: GapOut})
def decide(gap_id: int, body: DecisionIn) -> Answered:
    """Dismiss a group, put it off, call it solved, or open it again"""
    moment = now()
    if (body.state is GapState.SNOOZED) != (body.until is not None):
        raise InvalidInput("until: name the moment for `snoozed`, and for nothing else.")
    if body.until is not None and body.until <= moment:
        raise InvalidInput("until: this moment is past; choose a later one.")
    return _decided(gap_id, body.state, moment, until=body.until, article_id=body.article_id)


@route(
    "POST",
    f"{_PATH}/<int:gap_id>/similar",
    body=SimilarIn,
    answers={201: DraftMade},
    problems=(409,),
)
def add_similar(gap_id: int, body: SimilarIn) -> Answered:
    """Add the group's questions to an article's draft as similar ones; the group is solved"""
    staff, moment = required_staff(), now()
    with services().db.write() as work:
        asked = work.gaps.questions(gap_id)
        wanted = {q.message_id for q in asked} if body.message_ids is None else body.message_ids
        chosen = [q.text for q in asked if q.message_id in wanted]
        if not chosen:
            raise InvalidInput("message_ids: none of these is a question of this group.")
        draft = gap_drafts.add_questions(
            work,
            body.article_id,
            chosen,
            heading=body.heading,
            by=staff.name,
            now=moment,
            zone=services().settings.zone,
        )
        work.gaps.decide(
            gap_id, GapState.SOLVED, by=staff.name, now=moment, article_id=body.article_id
        )
        return DraftMade(article_id=draft.article_id, title=draft.title, version=draft.version)


@route(
    "POST",
    f"{_PATH}/<int:gap_id>/draft",
    body=DraftIn,
    answers={201: DraftMade},
    problems=(409,),
)
def draft(gap_id: int, body: DraftIn) -> Answered:
    """Begin an article from the group, filled from the agents' replies; the group is solved"""
    staff, moment = required_staff(), now()
    with services().db.write() as work:
        group = gap_group(work, gap_id, now=moment)
        asked = [question.text for question in work.gaps.questions(gap_id)]
        replies = [
            text
            for key, text in work.gaps.replies(gap_id)
            if body.message_ids is None or key in body.message_ids
        ]
        made = gap_drafts.new_article(
            work,
            title=body.title or group.name,
            questions=[group.name, *asked],
            replies=replies,
            by=staff.name,
            now=moment,
        )
        work.gaps.decide(
            gap_id, GapState.SOLVED, by=staff.name, now=moment, article_id=made.article_id
        )
        return DraftMade(article_id=made.article_id, title=made.title, version=made.version)


def _decided(
    gap_id: int,
    state: GapState,
    moment: datetime,
    *,
    until: datetime | None,
    article_id: str | None,
) -> GapOut:
    with services().db.write() as work:
        work.gaps.decide(
            gap_id,
            state,
            by=required_staff().name,
            now=moment,
            until=until,
            article_id=article_id,
        )
        return _out(gap_group(work, gap_id, now=moment))


def _out(group: GapGroup) -> GapOut:
    near = _near(group.name, 1) if group.state is GapState.OPEN else []
    return GapOut(
        id=group.id,
        name=group.name,
        state=group.state,
        size=group.size,
        handed_over=group.handed_over,
        weeks=list(group.weeks),
        reasons=group.reasons,
        first_at=group.first_at,
        last_at=group.last_at,
        until=group.until,
        article_id=group.article_id,
        changed_by=group.changed_by,
        changed_at=group.changed_at,
        nearest=near[0] if near else None,
    )


def _near(question: str, limit: int) -> list[NearestOut]:
    """The nearest passages; none while there is no index."""
    knowledge = services().knowledge
    if knowledge is None:
        return []
    found = knowledge.search(question, scope=Scope(), limit=limit, now=now())
    return [
        NearestOut(article_id=h.article_id, title=h.title, heading=h.heading, score=h.score)
        for h in found.hits
    ]


def _distinct(replies: Sequence[tuple[int, str]]) -> list[GapReplyOut]:
    """What agents said without personal numbers, the same words once."""
    said: dict[str, int] = {}
    for message_id, text in replies:
        said.setdefault(without_numbers(text), message_id)
    return [GapReplyOut(message_id=message_id, text=text) for text, message_id in said.items()]


def _question_out(question: MissedQuestion) -> GapQuestionOut:
    return GapQuestionOut(
        message_id=question.message_id,
        conversation_id=question.conversation_id,
        text=question.text,
        reason=question.reason.value if question.reason else DISLIKED,
        asked_at=question.asked_at,
    )
