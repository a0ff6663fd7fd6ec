"""Pack: what an industry pack gives the dialogue: wording, flows and conduct, checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dialogue.conduct import Conduct, load_conduct
from dialogue.flows import Flow, load_flows
from dialogue.wording import Wording, load_wording


@dataclass(frozen=True, slots=True)
class Pack:
    """The dialogue's part of a pack. `wording` maps a language to everything said in it."""

    wording: Mapping[str, Wording]
    flows: tuple[Flow, ...]
    conduct: Conduct


def load_pack(folder: Path) -> Pack:
    """Read `wording/*.yml`, `flows/*.yml` and `conduct.yml` of a folder.

    Raises BadFlow with file, line and remedy.
    """
    wording = load_wording(folder / "wording")
    words = next(iter(wording.values()))
    return Pack(
        wording=wording,
        flows=load_flows(folder / "flows", messages=words.messages, choices=words.choices),
        conduct=load_conduct(folder / "conduct.yml", messages=words.messages),
    )
