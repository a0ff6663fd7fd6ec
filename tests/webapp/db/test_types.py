"""What the columns keep comes back the same."""

from __future__ import annotations

import json

from dialogue.state import Choice, DialogueState, FlowPosition, ShownArticle
from webapp.db.types import JsonOf

STATES = JsonOf[DialogueState](DialogueState).adapter


def test_a_state_survives_being_stored() -> None:
    state = DialogueState(
        language="en",
        flow=FlowPosition("track_order", "run", asked="order_id", failures=1, intent="x"),
        slots={"order_id": "1"},
        intents=("greet",),
        articles=(ShownArticle("a", "退货", "期限"),),
        verified_orders=("1",),
        pending_choice=(Choice("greet", "打招呼"),),
        offer="vip",
    )
    for kept in (state, DialogueState()):
        stored = json.loads(json.dumps(STATES.dump_python(kept, mode="json")))
        assert STATES.validate_python(stored) == kept


def test_what_another_release_stored_is_read_as_far_as_it_is_known() -> None:
    assert STATES.validate_python({"language": "en", "mystery": 1}) == DialogueState("en")
