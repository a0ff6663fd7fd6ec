"""Tasks: carries a flow from one question to the next, up to its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dialogue.business import Order, OrderSystem
from dialogue.conversation import Button
from dialogue.customer import Customer
from dialogue.draft import Draft
from dialogue.endings import finish, open_ticket, order_values, refusal_of, refuse, shown
from dialogue.errors import BusinessSystemUnavailable
from dialogue.flows import (
    CONFIRM,
    PHONE_TAIL,
    Act,
    Check,
    Collect,
    Confirm,
    Finish,
    Flow,
    Prove,
    Step,
)
from dialogue.proof import MAX_WRONG_PROOFS, MIN_DIGITS, owns
from dialogue.state import FlowPosition
from handoff.reason import Reason


@dataclass(slots=True, kw_only=True)
class Run:
    """One message's pass through a flow.

    `order` is set once its owner is proved; `reused` when the order was proved in an earlier task
    and this one takes it for granted.
    """

    flow: Flow
    draft: Draft
    orders: OrderSystem
    customer: Customer
    delivery_trouble: re.Pattern[str]
    skill: str | None = None
    confirmed: bool = False
    reused: bool = False
    order: Order | None = None

    @property
    def slots(self) -> dict[str, str]:
        """What is known so far."""
        return self.draft.state.slots


def start(
    run: Run, *, intent: str, run_id: str, values: Mapping[str, str], product: str | None = None
) -> None:
    """Begin the task with what the message already said.

    An order that was spoken of before is meant again, unless a `product` is named that it has not.
    """
    stale = {step.slot for step in run.flow.steps if isinstance(step, Collect)}
    if run.slots.get("order_id") not in run.draft.state.verified_orders:
        stale.add(PHONE_TAIL)
    kept = {k: v for k, v in run.slots.items() if k == "order_id" or k not in stale}
    item = kept.get("item")
    if product is not None and item is not None and not _alike(product, item):
        kept = {k: v for k, v in kept.items() if k not in ("order_id", "item", PHONE_TAIL)}
    run.reused = "order_id" in kept and "order_id" not in values
    run.draft.change(slots=kept)
    run.draft.in_flow(FlowPosition(run.flow.name, run_id, intent=intent))
    _fill(run, values)
    advance(run)


def carry_on(run: Run, values: Mapping[str, str]) -> None:
    """Take over what the message said and go on."""
    _fill(run, values)
    if PHONE_TAIL in values and "order_id" not in run.slots:
        run.draft.say("proof_noted")
    advance(run)


def clear_last(run: Run, *, order_meant: bool) -> None:
    """Forget the value that was given last (or the order number), and ask for it again."""
    steps = [s for s in run.flow.steps if isinstance(s, Collect) and s.slot in run.slots]
    if steps:
        names_order = order_meant and any(step.slot == "order_id" for step in steps)
        slot = "order_id" if names_order else steps[-1].slot
        gone = {slot, PHONE_TAIL, "item"} if slot == "order_id" else {slot}
        run.draft.change(slots={k: v for k, v in run.slots.items() if k not in gone})
        run.draft.say("cleared")
    advance(run)


def remind(run: Run) -> None:
    """Repeat the open question in short."""
    position = run.draft.position
    step = run.flow.asking(position.asked)
    if step is None:
        advance(run)
        return
    run.draft.say(step.prompt.remind, buttons=_buttons(run, step))


def retry(run: Run, *, miss: bool) -> None:
    """Put the open question once more, in other words."""
    position = run.draft.position
    if miss:
        run.draft.change(misses=run.draft.state.misses + 1)
    run.draft.in_flow(replace(position, failures=position.failures + 1))
    step = run.flow.asking(position.asked)
    if step is None:
        advance(run)
        return
    run.draft.say(step.prompt.retry, buttons=_buttons(run, step))
    run.draft.show_human_button()


def forget_unproved(draft: Draft) -> None:
    """Forget an order number that was not proved to be the customer's, and the proof."""
    state = draft.state
    proved = state.slots.get("order_id") in state.verified_orders
    gone = {PHONE_TAIL} if proved else {PHONE_TAIL, "order_id", "item"}
    draft.change(slots={k: v for k, v in state.slots.items() if k not in gone})


def advance(run: Run) -> None:
    """Go on from step to step until something must be asked, or the task is done."""
    try:
        _walk(run)
    except BusinessSystemUnavailable:
        run.draft.in_flow(replace(run.draft.position, asked=None))
        run.draft.say("system_down")
        run.draft.offer_human(Reason.FLOW_FAILED)


def _walk(run: Run) -> None:
    for step in run.flow.steps:
        if not _passes(run, step):
            return


def _passes(run: Run, step: Step) -> bool:
    """Do one step; False when the walk ends here."""
    match step:
        case Collect():
            return step.slot in run.slots or _ask(run, step, step.slot)
        case Prove():
            return _prove(run, step)
        case Check():
            return _check(run)
        case Confirm():
            return run.confirmed or _ask(run, step, CONFIRM)
        case _:
            return _finish(run, step)


def _finish(run: Run, step: Finish) -> bool:
    if step.ticket is not None:
        slots = [each.slot for each in run.flow.steps if isinstance(each, Collect)]
        open_ticket(step, run.draft, {name: run.slots[name] for name in slots})
        return True
    if step.act is Act.HAND_OVER:
        run.draft.hand_over(step.reason, skill=run.skill, key=step.message)
        return True
    order, trouble = _proved(run), run.delivery_trouble
    finish(step.act, run.draft, order, orders=run.orders, delivery_trouble=trouble)
    if run.reused and step.act is Act.SHOW_ORDER:
        run.draft.say("order_reused")
    return True


def _check(run: Run) -> bool:
    order = _proved(run)
    opened = run.draft.state.opened_returns.get(order.order_id)
    if opened is not None:
        run.draft.in_flow(None)
        run.draft.say("return_already_open", {"return_no": opened})
        return False
    refusal = refusal_of(order)
    if refusal is not None:
        refuse(run.draft, refusal)
    return refusal is None


def _ask(run: Run, step: Collect | Prove | Confirm, asked: str) -> bool:
    position = run.draft.position
    again = position.asked == asked
    failures = position.failures if again else 0
    run.draft.in_flow(replace(position, asked=asked, failures=failures))
    values = shown(run.slots, run.draft.words)
    if run.order is not None:
        values |= order_values(run.order, run.draft.words)
        values["reason"] = values.get("return_reason", "")
    shortly = again and isinstance(step, Collect)
    key = step.prompt.remind if shortly else step.prompt.ask
    run.draft.say(key, values, buttons=_buttons(run, step))
    return False


def _prove(run: Run, step: Prove) -> bool:
    state = run.draft.state
    order_id, tail = run.slots[step.slot], run.slots.get(PHONE_TAIL)
    proved = order_id in state.verified_orders
    if not proved and tail is None and run.customer.verified_phone is None:
        return _ask(run, step, PHONE_TAIL)
    order = run.orders.find_order(order_id)
    if order is not None and (
        proved or owns(order, run.customer.verified_phone) or owns(order, tail)
    ):
        run.order = order
        slots = run.slots | {"item": order.item}
        if tail is not None:
            slots[PHONE_TAIL] = tail[-MIN_DIGITS:]
        verified = tuple(dict.fromkeys((*state.verified_orders, order_id)))
        run.draft.change(slots=slots, verified_orders=verified)
        return True
    return _ask(run, step, PHONE_TAIL) if tail is None else _wrong_proof(run)


def _wrong_proof(run: Run) -> bool:
    """Unknown order and wrong proof are told in the same words: nothing is revealed."""
    draft = run.draft
    wrong = draft.state.wrong_proofs + 1
    draft.change(wrong_proofs=wrong, slots={k: v for k, v in run.slots.items() if k != PHONE_TAIL})
    if wrong >= MAX_WRONG_PROOFS:
        draft.hand_over(Reason.FLOW_FAILED, skill=run.skill, key="handoff_proof_failed")
        return False
    draft.in_flow(replace(run.draft.position, asked=PHONE_TAIL, failures=0))
    draft.say("wrong_proof")
    return False


def _fill(run: Run, values: Mapping[str, str]) -> None:
    slots, position = dict(run.slots), run.draft.position
    for slot, value in values.items():
        before = slots.get(slot)
        slots[slot] = value
        corrected = f"corrected_{slot}"
        if before in (None, value):
            continue
        if corrected in run.draft.words.messages:
            shown = run.draft.words.choices.get(value, value)
            run.draft.say(corrected, {"value": shown})
        if slot == "order_id":
            slots.pop("item", None)
            if PHONE_TAIL not in values:
                slots.pop(PHONE_TAIL, None)  # the proof was for another order
    run.draft.change(slots=slots)
    run.draft.in_flow(replace(position, failures=0))


def _buttons(run: Run, step: Collect | Prove | Confirm) -> tuple[Button, ...]:
    words = run.draft.words
    if isinstance(step, Confirm):
        return (words.buttons["confirm"], words.buttons["decline"])
    if isinstance(step, Collect) and step.choices is not None:
        labels = [words.choices[name] for name in step.choices]
        return tuple(Button(label, label) for label in labels)
    return ()


def _alike(product: str, item: str) -> bool:
    """Whether two names of goods share two characters in a row."""
    return any(product[i : i + 2].lower() in item.lower() for i in range(len(product) - 1))


def _proved(run: Run) -> Order:
    if run.order is None:
        raise AssertionError("this flow needs a “prove” step before this one")
    return run.order
