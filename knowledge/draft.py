"""Draft: the text of an article that is being worked on, beside the one that customers get.

    draft --submit--> review --approve---------> published, and the draft is gone
      ^                 |  '---approve, later--> scheduled --its time--> published
      '-reject, withdraw-'---reject, withdraw---------'

Whoever may publish without review goes from draft to published or scheduled at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from knowledge.errors import (
    BadSchedule,
    DraftLocked,
    DraftMoved,
    LiveMoved,
    NotInReview,
    ReasonMissing,
    Theirs,
)

FURTHEST = timedelta(days=2 * 366)
"""How far ahead a text may be scheduled; later than this is a slip of the year."""


class DraftState(StrEnum):
    """What a draft waits for: its writer, a reviewer, or its time."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"


def must_be_ahead(publish_at: datetime, *, at: datetime) -> None:
    """Refuse a time that is past, or more than two years away; raises BadSchedule."""
    if publish_at <= at:
        raise BadSchedule("This moment is past: publish now, or choose a later one.")
    if publish_at > at + FURTHEST:
        raise BadSchedule("This is more than two years ahead: check the year.")


@dataclass(eq=False, kw_only=True)
class Draft:
    """A working text with its state; there is at most one for an article.

    `base` is the revision of the live text that it started from, 0 for an article that was never
    live. `version` counts every change, so that a step can name what its maker has seen.
    `author` wrote the text last, at `written_at`; `step_by` made the last step, at `step_at`, and
    said `reason`. `failure` is why it could not be published or was sent back by the program;
    `failures` counts, and `try_at` is when a scheduled text is tried next. Times are aware UTC.
    """

    article_id: str
    markdown: str
    title: str
    author: str
    written_at: datetime
    step_by: str
    step_at: datetime
    base: int = 0
    state: DraftState = DraftState.DRAFT
    version: int = 1
    reason: str | None = None
    publish_at: datetime | None = None
    failure: str | None = None
    failures: int = 0
    try_at: datetime | None = None

    def must_be(self, version: int) -> None:
        """Refuse a step of somebody who has not seen the latest text; raises DraftMoved."""
        if version == self.version:
            return
        by, at = max((self.author, self.written_at), (self.step_by, self.step_at), key=_moment)
        raise DraftMoved(
            f"{by} changed this draft at {at:%Y-%m-%d %H:%M} UTC to version {self.version}, you "
            f"have seen version {version}: compare the two and try again.",
            theirs=Theirs(by, at, self.version, self.markdown),
        )

    def must_start_from(self, live: Theirs) -> None:
        """Refuse to replace a live text that the writer has not seen; raises LiveMoved."""
        if self.base != live.number:
            raise LiveMoved(
                f"{live.by or 'Somebody'} published revision {live.number} since this draft was "
                f"begun from revision {self.base}: compare the two texts and save the draft again.",
                theirs=live,
            )

    def rebase(self, base: int, live: Theirs) -> None:
        """Its writer has now seen the live text of revision `base`; raises LiveMoved when that is
        not the one any more."""
        self.base = base
        self.must_start_from(live)

    def write(self, markdown: str, *, title: str, by: str, at: datetime) -> None:
        """Change the text; raises DraftLocked while somebody reviews it or its time is set."""
        self.must_be_open()
        self.markdown, self.title = markdown, title
        self.author, self.written_at = by, at
        self._forget_failure()
        self.version += 1

    def submit(self, *, by: str, at: datetime, reason: str | None = None) -> None:
        """Ask for a review; raises DraftLocked when that was done already."""
        self.must_be_open()
        self._step(DraftState.REVIEW, by=by, at=at, reason=reason)

    def withdraw(self, *, by: str, at: datetime, reason: str | None = None) -> None:
        """Take it back to work on; raises NotInReview when it was not given away."""
        if self.state is DraftState.DRAFT:
            raise NotInReview("This draft is being edited; there is nothing to withdraw.")
        self._step(DraftState.DRAFT, by=by, at=at, reason=reason)

    def reject(self, *, by: str, at: datetime, reason: str) -> None:
        """Give it back to its writer; raises NotInReview, and ReasonMissing without words."""
        self.must_be_submitted()
        if not reason.strip():
            raise ReasonMissing("Say what has to change, so that the writer can mend it.")
        self._step(DraftState.DRAFT, by=by, at=at, reason=reason.strip())

    def must_be_submitted(self) -> None:
        """Refuse to decide about what is being written; raises NotInReview.

        What is scheduled may be decided about again: published now, later, or not at all.
        """
        if self.state is DraftState.DRAFT:
            raise NotInReview("This draft is being written: submit it first, then decide.")

    def must_be_open(self) -> None:
        """Refuse to pass over a reviewer or a plan; raises DraftLocked."""
        if self.state is DraftState.REVIEW:
            raise DraftLocked("This draft is in review: withdraw it first.")
        if self.state is DraftState.SCHEDULED:
            raise DraftLocked("This draft is scheduled: withdraw it first.")

    def schedule(
        self, publish_at: datetime, *, by: str, at: datetime, reason: str | None = None
    ) -> None:
        """Let it wait for its time; raises BadSchedule for one that is past or years away."""
        must_be_ahead(publish_at, at=at)
        self._step(DraftState.SCHEDULED, by=by, at=at, reason=reason)
        self.publish_at = self.try_at = publish_at

    def is_due(self, now: datetime) -> bool:
        """Whether its time has come, and the time of the next attempt after a failure."""
        if self.state is not DraftState.SCHEDULED or self.try_at is None:
            return False
        return self.try_at <= now

    def fail(self, failure: str, *, try_at: datetime) -> None:
        """Its time had come but it could not be published; it will be tried again."""
        self.failure, self.try_at = failure, try_at
        self.failures += 1

    def give_back(self, failure: str, *, by: str, at: datetime) -> None:
        """It can never be published as it is: somebody has to mend it."""
        publish_at = self.publish_at
        self._step(DraftState.DRAFT, by=by, at=at, reason=failure)
        self.failure, self.publish_at = failure, publish_at

    def _step(self, state: DraftState, *, by: str, at: datetime, reason: str | None) -> None:
        self.state, self.step_by, self.step_at = state, by, at
        self.reason = reason.strip() or None if reason else None
        self._forget_failure()
        self.version += 1

    def _forget_failure(self) -> None:
        self.failure = self.publish_at = self.try_at = None
        self.failures = 0


def _moment(step: tuple[str, datetime]) -> datetime:
    return step[1]
