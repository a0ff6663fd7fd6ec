"""Rating: how content the customer was at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialogue.errors import BadRating

WORST, BEST = 1, 5


@dataclass(frozen=True, slots=True)
class Rating:
    """One to five stars; `agent_id` None means that the bot alone served this customer.

    Raises BadRating when the score is out of range.
    """

    conversation_id: str
    score: int
    rated_at: datetime
    comment: str = ""
    agent_id: int | None = None

    def __post_init__(self) -> None:
        if not WORST <= self.score <= BEST:
            raise BadRating(f"A rating is a whole number from {WORST} to {BEST}.")
