"""Customer: who is being talked to, as far as it has been proved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """What the bot may know of the person.

    `verified_phone` is set only when the site's server vouched for that very number; what
    somebody merely typed, or a page merely says, is not proof.
    """

    contact_id: int | None = None
    name: str | None = None
    verified_phone: str | None = None
