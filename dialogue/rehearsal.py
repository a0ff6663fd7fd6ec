"""Rehearsal: holds a journey's conversation with the bot itself, without storing anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dialogue.bot import Bot
from dialogue.business import Order, ReturnReceipt
from dialogue.conversation import Holder
from dialogue.customer import Customer
from dialogue.errors import BusinessSystemUnavailable
from dialogue.journeys import Journey, Outcome
from dialogue.state import DialogueState
from nlu.understanding import Understanding


class ClosedShop:
    """A business system that is down, for journeys that say so."""

    def find_order(self, order_id: str) -> Order | None:
        """Fail as a system does that is down."""
        raise BusinessSystemUnavailable("The journey says that the shop is down.")

    def open_return(self, order_id: str, reason: str, request_id: str) -> ReturnReceipt:
        """Fail as a system does that is down."""
        raise BusinessSystemUnavailable("The journey says that the shop is down.")


@dataclass(slots=True)
class Rehearsal:
    """One conversation with the bot; silent once a person has been fetched."""

    bot: Bot
    customer: Customer
    now: datetime
    state: DialogueState
    reason: str = ""

    def say(self, text: str) -> Outcome:
        """Let the bot answer, as `dialogue.exchange.receive` would let it."""
        if self.reason:
            return self._outcome(())
        turn = self.bot.respond(self.state, text, customer=self.customer, now=self.now)
        self.state = turn.state
        self.reason = turn.handoff.reason.value if turn.handoff is not None else ""
        understanding = turn.understanding
        return replace(
            self._outcome(tuple(reply.content for reply in turn.replies)),
            buttons=tuple(b.label for reply in turn.replies for b in reply.buttons),
            sources=tuple(f"{s.title} ({s.article_id})" for r in turn.replies for s in r.sources),
            intent=turn.intent.name if turn.intent is not None else "",
            tickets=tuple(draft.kind for draft in turn.tickets),
            trace=(*turn.trace, _understood(understanding)),
        )

    def _outcome(self, replies: tuple[str, ...]) -> Outcome:
        holder = Holder.QUEUE if self.reason else Holder.BOT
        return Outcome(
            replies=replies,
            holder=holder.value,
            reason=self.reason,
            language=self.state.language,
            slots=self.state.slots,
        )


def rehearses(bot: Bot, *, now: datetime) -> Callable[[Journey], Rehearsal]:
    """How `run_journey` opens a conversation with this bot."""

    def open_talk(journey: Journey) -> Rehearsal:
        return Rehearsal(
            bot=replace(bot, orders=ClosedShop()) if journey.shop_down else bot,
            customer=Customer(verified_phone=journey.phone),
            now=now,
            state=DialogueState(language=journey.locale),
        )

    return open_talk


def _understood(understanding: Understanding | None) -> str:
    """What was understood, on one line for a terminal; nothing when the bot failed."""
    seen = [understanding] if understanding is not None else []
    parts = [f"{u.intent.name} {u.intent.confidence:.2f} {u.mood.value}" for u in seen]
    parts += [f"{e.name}={e.value}" for u in seen for e in u.entities]
    return " ".join(["understood:", *parts])
