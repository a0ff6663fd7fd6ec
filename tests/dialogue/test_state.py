from __future__ import annotations

from dialogue.state import DialogueState


def test_a_new_talk_keeps_language_guesses_and_returns_and_nothing_else() -> None:
    kept = {"language": "en", "wrong_proofs": 2, "opened_returns": {"1": "R1"}}
    before = DialogueState(**kept, slots={"order_id": "1"}, verified_orders=("1",), turns=3)
    assert before.afresh() == DialogueState(**kept)
