"""Finds the names a pack knows: products, colours, sizes, regions, carriers; and what moods are
about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from nlu.entity_found import Found, Rank
from nlu.errors import BadTrainingData
from nlu.text import normalise
from nlu.understanding import SENTIMENT_TARGET
from nlu.yaml_values import read_values

_LATIN: Final = re.compile(r"[a-z0-9]")
_TOUCHING: Final = re.compile(r"[a-z0-9'’/&_]")


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to write a name: normal form, the entity and the value that it stands for.

    `entity` is None for a longer word that only hides a name (北京时间 is no region).
    """

    text: str
    entity: str | None
    value: str


@dataclass(frozen=True)
class Lexicon:
    """The known names by their first character, longest first, and the waybill prefixes.

    `targets` are what a feeling can be about (客服, 包装); they are apart from the names, since the
    same word may be in both and a name says more.
    """

    aliases: Mapping[str, Sequence[Alias]] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    targets: Mapping[str, Sequence[Alias]] = field(default_factory=dict)

    @cached_property
    def entities(self) -> frozenset[str]:
        """The entities that have names here."""
        return frozenset(a.entity for group in self.aliases.values() for a in group if a.entity)


EMPTY_LEXICON: Final = Lexicon()


class _BadSection(Exception):
    """One file that does not have the form of a lexicon."""


def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon of a folder of YAML files, see `read_lexicon`.

    An empty or missing folder gives an empty lexicon. Raises BadTrainingData for a file that
    cannot be used.
    """
    return read_lexicon({p.name: p.read_text("utf-8") for p in sorted(folder.glob("*.yml"))})


def read_lexicon(texts: Mapping[str, str]) -> Lexicon:
    """The lexicon in the texts of YAML files, given by file name.

    Each file has `entity: <name>`, `names: {value: [other ways to write it]}` and maybe `ignore:
    [words that hide a name]` and `prefixes: [how waybill numbers begin]`. Raises BadTrainingData
    that lists every problem with its file.
    """
    problems: list[str] = []
    names: dict[str, Alias] = {}
    targets: dict[str, Alias] = {}
    prefixes: set[str] = set()
    for file, text in texts.items():
        try:
            section = _Section.read(text)
        except (ValueError, _BadSection) as error:
            problems.append(f"{file}: {error}")
            continue
        prefixes.update(section.prefixes)
        of_this_kind = targets if section.entity == SENTIMENT_TARGET else names
        for alias in section.aliases():
            known = of_this_kind.setdefault(alias.text, alias)
            if known != alias:
                problems.append(
                    f"{file}: {alias.text!r} already stands for {known.value!r}; keep one of them"
                )
    if problems:
        raise BadTrainingData("\n".join(problems))
    return Lexicon(
        group_aliases(names.values()),
        tuple(sorted(prefixes, key=_long_first)),
        group_aliases(targets.values()),
    )


def known_names(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """The names and targets in a text in normal form; of overlapping names the first and longest.

    Linear in the length of the text: at each place only names with that first character are
    tried.
    """
    yield from names_in(text, lexicon.aliases, Rank.NAME)
    yield from names_in(text, lexicon.targets, Rank.BARE)


def names_in(text: str, known: Mapping[str, Sequence[Alias]], rank: Rank) -> Iterator[Found]:
    """The names in a text in normal form; of overlapping ones the first and longest."""
    position = 0
    while position < len(text):
        alias = _alias_at(text, position, known)
        if alias is None:
            position += 1
            continue
        end = position + len(alias.text)
        if alias.entity is not None:
            yield Found(alias.entity, alias.value, position, end, rank)
        position = end


@dataclass(frozen=True, slots=True)
class _Section:
    entity: str
    names: Mapping[str, Sequence[str]]
    ignore: Sequence[str]
    prefixes: Sequence[str]

    @classmethod
    def read(cls, text: str) -> _Section:
        """One file; raises _BadSection that says what is missing."""
        raw = read_values(text)
        if not isinstance(raw, dict) or not isinstance(raw.get("entity"), str):
            raise _BadSection("give `entity: <name>` and `names: {value: [aliases]}`")
        names = raw.get("names")
        if not isinstance(names, dict) or not all(isinstance(v, list) for v in names.values()):
            raise _BadSection("`names` must map each value to a list of aliases (maybe empty)")
        lists = {}
        for key in ("ignore", "prefixes"):
            lists[key] = raw.get(key) or []
            if not isinstance(lists[key], list):
                raise _BadSection(f"`{key}` must be a list")
        return cls(
            entity=raw["entity"],
            names={str(name): [str(alias) for alias in more] for name, more in names.items()},
            ignore=[str(word) for word in lists["ignore"]],
            prefixes=[_normal(str(prefix)) for prefix in lists["prefixes"]],
        )

    def aliases(self) -> Iterator[Alias]:
        """Every way to write every name, in normal form and once each."""
        for value, more in self.names.items():
            for text in dict.fromkeys(_normal(written) for written in (value, *more)):
                if text:
                    yield Alias(text, self.entity, value)
        for word in dict.fromkeys(_normal(word) for word in self.ignore):
            yield Alias(word, None, "")


def _normal(written: str) -> str:
    # Not `canonical`: it squeezes repetitions, and XXXL would become XXL.
    return normalise(written).text


def _long_first(text: str) -> tuple[int, str]:
    return -len(text), text


def group_aliases(aliases: Iterable[Alias]) -> dict[str, tuple[Alias, ...]]:
    """Aliases by their first character, the longest first."""
    grouped: dict[str, list[Alias]] = {}
    for alias in aliases:
        grouped.setdefault(alias.text[0], []).append(alias)
    return {
        first: tuple(sorted(group, key=lambda a: _long_first(a.text)))
        for first, group in grouped.items()
    }


def _alias_at(text: str, position: int, known: Mapping[str, Sequence[Alias]]) -> Alias | None:
    for alias in known.get(text[position], ()):
        if text.startswith(alias.text, position) and _stands_alone(text, position, alias.text):
            return alias
    return None


def _stands_alone(text: str, start: int, alias: str) -> bool:
    """Whether Latin letters are not cut out of a longer word: L is not in DHL."""
    end = start + len(alias)
    before = start > 0 and _LATIN.match(alias[0]) and _TOUCHING.match(text[start - 1])
    after = end < len(text) and _LATIN.match(alias[-1]) and _TOUCHING.match(text[end])
    return not before and not after
