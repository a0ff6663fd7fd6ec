"""Holds a journey's conversation over HTTP, as a customer's window would, with a look behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import httpx

from dialogue.errors import BusinessSystemUnavailable
from dialogue.journeys import Journey, Outcome
from webapp.auth.identity import identifier_hash


class ServerRefused(BusinessSystemUnavailable):
    """The server under test answered with an error."""


@dataclass(slots=True)
class HttpTalk:
    """One conversation with a running server.

    With a supervisor's token everything is seen; without one only what the customer sees, and
    the other expectations are left out.
    """

    client: httpx.Client
    conversation_id: str
    token: str
    staff_token: str | None = None
    tickets: set[int] = field(default_factory=set)

    def say(self, text: str) -> Outcome:
        """Say something as the customer, and read what came of it."""
        sent = _read(
            self.client.post(
                f"/api/v1/widget/conversations/{self.conversation_id}/messages",
                json={"content": text, "client_msg_id": uuid4().hex},
                headers=_bearer(self.token),
            )
        )
        replies = sent["replies"]
        return self._look_behind(
            Outcome(
                replies=tuple(reply["content"] for reply in replies),
                buttons=tuple(b["label"] for reply in replies for b in reply["buttons"]),
                sources=tuple(
                    f"{source['title']} ({source['article_id']})"
                    for reply in replies
                    for source in reply["sources"]
                ),
                holder=self._state()["holder"],
            ),
            sent["message"]["seq"],
        )

    def _state(self) -> dict[str, Any]:
        path = f"/api/v1/widget/conversations/{self.conversation_id}"
        return _read(self.client.get(path, headers=_bearer(self.token)))

    def _look_behind(self, outcome: Outcome, seq: int) -> Outcome:
        if self.staff_token is None:
            return outcome
        path = f"/api/v1/conversations/{self.conversation_id}"
        detail = _read(self.client.get(path, headers=_bearer(self.staff_token)))
        opened = [t for t in detail["tickets"] if t["id"] not in self.tickets]
        self.tickets.update(ticket["id"] for ticket in opened)
        intents = [seen["name"] for seen in detail["intents"] if seen["seq"] == seq]
        handoff = detail["handoff"] or {}
        return replace(
            outcome,
            intent=intents[0] if intents else "",
            reason=handoff.get("reason", ""),
            language=detail["locale"],
            tickets=tuple(ticket["kind"] for ticket in opened),
            slots=detail["slots"],
            trace=(f"conversation {self.conversation_id}, flow {detail['flow']}",),
        )


def talks_over_http(
    client: httpx.Client, *, staff_token: str | None = None, identity_key: str | None = None
) -> Callable[[Journey], HttpTalk]:
    """How `run_journey` opens a conversation with a server.

    `identity_key` lets journeys with a proved `phone` be held, see `can_hold`.
    """

    def open_talk(journey: Journey) -> HttpTalk:
        body: dict[str, Any] = {"locale": journey.locale}
        if journey.phone is not None:
            body["contact"] = {
                "identifier": journey.phone,
                "phone": journey.phone,
                "identifier_hash": identifier_hash(identity_key or "", journey.phone),
            }
        opened = _read(client.post("/api/v1/widget/conversations", json=body))
        return HttpTalk(client, opened["id"], opened["token"], staff_token)

    return open_talk


def can_hold(journey: Journey, *, identity_key: str | None = None) -> bool:
    """Whether a journey can be held with a server whose shop runs."""
    return not journey.shop_down and (journey.phone is None or identity_key is not None)


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _read(response: httpx.Response) -> dict[str, Any]:
    if response.is_error:
        raise ServerRefused(f"{response.request.url.path}: {response.status_code} {response.text}")
    body: dict[str, Any] = response.json()
    return body
