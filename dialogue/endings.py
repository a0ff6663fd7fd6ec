"""Endings: what a task does when nothing is left to ask, and when it must refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogue.business import Order, OrderStatus, OrderSystem, Refusal
from dialogue.conversation import Reply
from dialogue.draft import Draft
from dialogue.flows import Act, Finish
from dialogue.turn import TicketDraft
from dialogue.wording import Wording
from handoff.reason import Reason

_REFUSED_BY_STATUS = {
    OrderStatus.AWAITING_PAYMENT: Refusal.NOT_SHIPPED,
    OrderStatus.AWAITING_SHIPMENT: Refusal.NOT_SHIPPED,
    OrderStatus.REFUNDING: Refusal.REFUNDING,
    OrderStatus.REFUNDED: Refusal.REFUNDING,
    OrderStatus.CANCELLED: Refusal.CANCELLED,
}
MAX_TICKET_TITLE = 200
_NEEDS_A_PERSON = frozenset({Refusal.NOT_SHIPPED, Refusal.TOO_LATE, Refusal.OTHER})


def finish(
    act: Act,
    draft: Draft,
    order: Order,
    *,
    orders: OrderSystem,
    delivery_trouble: re.Pattern[str],
) -> None:
    """Do what the task is for; raises BusinessSystemUnavailable."""
    if act is Act.SHOW_ORDER:
        _show_order(draft, order, delivery_trouble)
    else:
        _open_return(draft, order, orders)


def open_ticket(step: Finish, draft: Draft, slots: Mapping[str, str]) -> None:
    """Leave a ticket with what was collected for the people behind, and say so."""
    form, staff = step.ticket, draft.staff_words
    if form is None:
        raise AssertionError("this step opens no ticket")
    values = shown(slots, staff)
    draft.tickets.append(
        TicketDraft(
            kind=form.kind,
            title=staff.say(form.title, values=values)[:MAX_TICKET_TITLE],
            body=staff.say(form.body, values=values),
            fields=values,
        )
    )
    draft.in_flow(None)
    draft.say(step.message, shown(slots, draft.words))


def shown(slots: Mapping[str, str], words: Wording) -> dict[str, str]:
    """Slots as they are said: a choice by its words, anything else as it is."""
    return {name: words.choices.get(value, value) for name, value in slots.items()}


def refusal_of(order: Order) -> Refusal | None:
    """Why an order in this status cannot be returned, or None when it can be tried."""
    return _REFUSED_BY_STATUS.get(order.status)


def refuse(draft: Draft, refusal: Refusal) -> None:
    """Explain why not, leave the task, and offer a person where one can still help."""
    draft.in_flow(None)
    draft.say(f"refusal_{refusal.value}")
    if refusal in _NEEDS_A_PERSON:
        draft.offer_human(Reason.FLOW_FAILED)


def _show_order(draft: Draft, order: Order, delivery_trouble: re.Pattern[str]) -> None:
    urged = draft.position.intent == "urge_shipping"
    draft.in_flow(None)
    values = order_values(order, draft.words)
    lines = [draft.words.say("order_card", values=values)]
    if order.logistics is not None:
        values |= {
            "carrier": order.logistics.carrier,
            "tracking_no": order.logistics.tracking_no,
        }
        lines.append(draft.words.say("order_logistics", values=values))
    if order.progress:
        progress = {"progress": order.progress}
        lines.append(draft.words.say("order_progress", values=progress))
    draft.replies.append(Reply("\n".join(lines)))
    opened = draft.state.opened_returns.get(order.order_id)
    if opened is not None:
        draft.say("order_has_return", {"return_no": opened})
    if urged and order.status is OrderStatus.AWAITING_SHIPMENT:
        _urge(draft, order)
    if delivery_trouble.search(order.progress) and order.status is OrderStatus.SHIPPED:
        draft.say("order_trouble")
        draft.offer_human(Reason.FLOW_FAILED)


def _urge(draft: Draft, order: Order) -> None:
    if draft.state.slots.get("urged_order") != order.order_id:
        words = draft.staff_words
        values = order_values(order, words)
        draft.tickets.append(
            TicketDraft(
                kind="urge_shipping",
                title=words.say("ticket_urge_title", values=values),
                body=words.say("ticket_urge_body", values=values),
                order_id=order.order_id,
            )
        )
        draft.change(slots=draft.state.slots | {"urged_order": order.order_id})
    draft.say("urge_noted")


def _open_return(draft: Draft, order: Order, orders: OrderSystem) -> None:
    slots, words = draft.state.slots, draft.staff_words
    reason = words.choices.get(slots["return_reason"], slots["return_reason"])
    receipt = orders.open_return(order.order_id, reason, draft.position.run_id)
    if receipt.return_no is None:
        refuse(draft, receipt.refusal or Refusal.OTHER)
        return
    draft.in_flow(None)
    opened = draft.state.opened_returns | {order.order_id: receipt.return_no}
    draft.change(opened_returns=opened)
    values = order_values(order, words) | {"reason": reason, "return_no": receipt.return_no}
    draft.tickets.append(
        TicketDraft(
            kind="return",
            title=words.say("ticket_return_title", values=values),
            body=words.say("ticket_return_body", values=values),
            order_id=order.order_id,
            fields={**slots, "return_no": receipt.return_no, "item": order.item},
        )
    )
    draft.say("return_done", values)


def order_values(order: Order, words: Wording) -> dict[str, str]:
    """What messages may say of an order."""
    return {
        "order_id": order.order_id,
        "item": order.item,
        "quantity": str(order.quantity),
        "amount": order.amount,
        "status": words.statuses[order.status.value],
    }
