"""Pack: what an industry pack gives the dialogue: wording, flows and conduct, checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dialogue.conduct import Conduct, load_conduct
from dialogue.flow_files import Messages, load_flows
from dialogue.flows import Flow
from dialogue.wording import Wording, check_order_words, load_wording

COMMON = "common"
"""The folder beside the packs with what they share; a pack overrides it and adds to it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The dialogue's part of a pack. `wording` maps a language to everything said in it."""

    wording: Mapping[str, Wording]
    flows: tuple[Flow, ...]
    conduct: Conduct

    @property
    def is_about_orders(self) -> bool:
        """Whether a task of this pack asks a shop's system."""
        return any(flow.is_about_an_order for flow in self.flows)


def load_pack(folder: Path) -> Pack:
    """Read `wording/*.yml`, `flows/*.yml` and `conduct.yml` of a folder, over those in common.

    Any of them may be missing: what the packs share stands in for it. Raises BadFlow with file,
    line and remedy.
    """
    common = folder.parent / COMMON
    wording = load_wording(folder / "wording", base=common / "wording")
    messages = _messages(wording)
    choices = next(iter(wording.values())).choices
    flows = load_flows(folder / "flows", messages=messages, choices=choices)
    orders = any(flow.is_about_an_order for flow in flows)
    if orders:
        check_order_words(wording, folder / "wording")
    conduct = load_conduct(
        folder / "conduct.yml",
        messages=messages,
        base=common / "conduct.yml",
        orders=orders,
    )
    return Pack(wording=wording, flows=flows, conduct=conduct)


def _messages(wording: Mapping[str, Wording]) -> Messages:
    """Every message with the variables in it, in whatever language."""
    keys = next(iter(wording.values())).messages
    return {
        key: frozenset().union(*(words.variables(key) for words in wording.values()))
        for key in keys
    }
