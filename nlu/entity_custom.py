"""Entities of one's own: learnt from regexes, lookup tables, synonyms and annotated examples."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nlu.entity_found import Found, Rank
from nlu.entity_lexicon import Alias, Lexicon, group_aliases, names_in
from nlu.text import NormalisedText, normalise
from nlu.training_data import TrainingData

BUILT_IN: Final = frozenset(
    {
        "age", "bank_card", "date", "date_range", "datetime", "duration", "duration_range", "email",
        "id_card", "measure", "money", "number", "order_id", "ordinal", "percent", "phone",
        "phone_tail", "plate", "quantity", "recurrence", "sentiment_target", "time", "time_range",
        "tracking_no", "url",
    }
)  # fmt: skip
"""Entities with a form that is understood; annotated examples teach nothing about them."""


@dataclass(frozen=True, slots=True)
class CustomEntities:
    """What training files say about entities, ready for finding.

    `patterns` are regexes with their entity. `listed` are the names of lookup tables, `taught`
    those of annotated examples, both by their first character. `synonyms` maps what was found, in
    normal form, to the value that it stands for.
    """

    patterns: tuple[tuple[str, re.Pattern[str]], ...] = ()
    listed: Mapping[str, Sequence[Alias]] = field(default_factory=dict)
    taught: Mapping[str, Sequence[Alias]] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the files said nothing."""
        return not (self.patterns or self.listed or self.taught or self.synonyms)


NO_CUSTOM: Final = CustomEntities()


def learn_entities(data: TrainingData) -> CustomEntities:
    """What the training files say about entities.

    An annotated example teaches its words as a name of the entity, unless they stand unmarked in
    more examples than marked, are a single character or have no letter. Variants of a synonym
    whose value is a name become names, too.
    """
    synonyms = {
        normalise(variant).text: words.name for words in data.synonyms for variant in words.values
    }
    listed = {
        alias.text: alias
        for words in data.lookups
        for alias in (Alias(normalise(v).text, words.name, v) for v in words.values)
        if alias.text
    }
    taught = {text: alias for text, alias in _taught(data).items() if text not in listed}
    for variant, value in synonyms.items():
        meant = normalise(value).text
        for names in (listed, taught):
            if variant and meant in names and variant not in listed and variant not in taught:
                names[variant] = Alias(variant, names[meant].entity, value)
    return CustomEntities(
        patterns=tuple(
            (words.name, _compiled(pattern)) for words in data.regexes for pattern in words.values
        ),
        listed=group_aliases(listed.values()),
        taught=group_aliases(taught.values()),
        synonyms=synonyms,
    )


def write_entities(custom: CustomEntities) -> str:
    """JSON that `read_entities` reads again."""

    def flat(names: Mapping[str, Sequence[Alias]]) -> list[list[str | None]]:
        return [[a.text, a.entity, a.value] for group in names.values() for a in group]

    content = {
        "patterns": [[entity, pattern.pattern] for entity, pattern in custom.patterns],
        "listed": flat(custom.listed),
        "taught": flat(custom.taught),
        "synonyms": dict(custom.synonyms),
    }
    return json.dumps(content, ensure_ascii=False)


def read_entities(text: str) -> CustomEntities:
    """What `write_entities` wrote. Raises KeyError, ValueError or TypeError for anything else."""
    content = json.loads(text)
    try:
        patterns = tuple((entity, _compiled(p)) for entity, p in content["patterns"])
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return CustomEntities(
        patterns=patterns,
        listed=group_aliases(Alias(*row) for row in content["listed"]),
        taught=group_aliases(Alias(*row) for row in content["taught"]),
        synonyms=content["synonyms"],
    )


def custom_entities(
    original: str, normal: NormalisedText, custom: CustomEntities, lexicon: Lexicon
) -> Iterator[Found]:
    """What the training files taught, in a text; spans index the normal form.

    The value of a regex is what was typed, in half width. Names that examples teach count only for
    entities that no file of the pack's lexicon lists.
    """
    for entity, pattern in custom.patterns:
        for match in pattern.finditer(normal.text):
            if match.end() > match.start():
                start, end = normal.span(*match.span())
                typed = unicodedata.normalize("NFKC", original[start:end]).strip()
                value = custom.synonyms.get(normalise(typed).text, typed)
                yield Found(entity, value, *match.span(), Rank.CODE)
    for found in names_in(normal.text, custom.listed, Rank.NAME):
        yield _meant(found, custom)
    for found in names_in(normal.text, custom.taught, Rank.NAME):
        if found.name not in lexicon.entities:
            yield _meant(found, custom)


def _meant(found: Found, custom: CustomEntities) -> Found:
    value = custom.synonyms.get(normalise(found.value).text, found.value)
    return Found(found.name, value, found.start, found.end, found.rank)


def _taught(data: TrainingData) -> dict[str, Alias]:
    """The names that annotated examples teach, by their normal form."""
    marked: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for example in data.examples:
        for a in example.annotations:
            words = normalise(example.text[a.start : a.end]).text
            known = a.entity not in BUILT_IN and len(words) > 1
            if known and any(c.isalpha() for c in words):
                marked[words][a.entity, a.value] += 1
    aliases = {}
    for words, meanings in marked.items():
        (entity, value), _ = meanings.most_common(1)[0]
        aliases[words] = Alias(words, entity, value)
    seen: Counter[str] = Counter()
    by_first = group_aliases(aliases.values())
    for example in data.examples:
        text = normalise(example.text).text
        seen.update(text[f.start : f.end] for f in names_in(text, by_first, Rank.NAME))
    return {w: a for w, a in aliases.items() if 2 * marked[w].total() >= seen[w]}


def _compiled(pattern: str) -> re.Pattern[str]:
    """A regex for texts in normal form: small letters, half width, simplified."""
    simple = "".join(c if c.isascii() else normalise(c).text or c for c in pattern)
    return re.compile(simple, re.IGNORECASE)
