"""Writes training data as Rasa NLU YAML 3.1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from itertools import groupby
from typing import Final

import yaml

from nlu.errors import BadTrainingData
from nlu.rasa_markup import write_marks
from nlu.training_data import Example, Section, TrainingData

# What does not stand on a line of its own in a block, or not in YAML at all.
_NO_LINE: Final = re.compile(
    r"^\s|\s$|[^\t -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def write_yaml(data: TrainingData) -> str:
    """The data as Rasa NLU YAML 3.1; reading it again gives the same data but for the places.

    Raises BadTrainingData that lists every text that this form cannot hold, and every section that
    two files fill differently.
    """
    out = StringIO()
    out.write('version: "3.1"\n')
    if any((data.examples, data.synonyms, data.regexes, data.lookups)):
        out.write("nlu:\n")
    problems: list[str] = []
    _write_intents(out, data.examples, problems)
    for kind, lists in (
        ("synonym", data.synonyms),
        ("regex", data.regexes),
        ("lookup", data.lookups),
    ):
        for words in lists:
            _write_head(out, kind, words.name)
            _write_lines(out, words.values)
    for section in _merged(data.sections, problems):
        out.write(section)
    if problems:
        raise BadTrainingData("\n".join(problems))
    return out.getvalue()


def _write_intents(out: StringIO, examples: Sequence[Example], problems: list[str]) -> None:
    for (intent, metadata), group in groupby(examples, key=lambda e: (e.intent, e.intent_metadata)):
        own = list(group)
        marked = _marked(own, problems)
        _write_head(out, "intent", intent)
        if metadata:
            out.write(f"  metadata: {metadata}\n")
        if any(e.metadata for e in own) or any(_NO_LINE.search(m) for m in marked):
            _write_long(out, own, marked)
        else:
            _write_lines(out, marked)


def _marked(examples: Sequence[Example], problems: list[str]) -> list[str]:
    marked = []
    for example in examples:
        try:
            marked.append(write_marks(example))
        except BadTrainingData as error:
            problems.append(str(error))
    return marked


def _write_head(out: StringIO, kind: str, name: str) -> None:
    plain = re.fullmatch(r"\w[\w+./-]*", name) and not re.fullmatch(
        r"[\d.]+|(?i:y|n|yes|no|on|off|true|false|null)", name
    )
    out.write(f"- {kind}: {name if plain else _quoted(name)}\n")


def _write_lines(out: StringIO, lines: Sequence[str]) -> None:
    out.write("  examples: |\n")
    out.writelines(f"    - {line}\n" for line in lines)


def _write_long(out: StringIO, examples: Sequence[Example], marked: Sequence[str]) -> None:
    out.write("  examples:\n")
    for example, text in zip(examples, marked, strict=False):
        out.write(f"  - text: {_quoted(text)}\n")
        if example.metadata:
            out.write(f"    metadata: {example.metadata}\n")


def _quoted(text: str) -> str:
    # `width` keeps it on one line; YAML knows how to write control characters.
    written = yaml.safe_dump(text, allow_unicode=True, default_style='"', width=len(text) * 8 + 80)
    return str(written).strip()


def _merged(sections: Sequence[Section], problems: list[str]) -> list[str]:
    """Sections as text, those of one name from several files made into one."""
    names = list(dict.fromkeys(section.name for section in sections))
    return [_one([s for s in sections if s.name == name], problems) for name in names]


def _one(sections: Sequence[Section], problems: list[str]) -> str:
    if len(sections) == 1 or len({s.yaml for s in sections}) == 1:
        return sections[0].yaml
    roots = [_root(section) for section in sections]
    key, first = roots[0].value[0]
    parts = [root.value[0][1] for root in roots]
    if all(isinstance(part, yaml.SequenceNode) for part in parts):
        first.value = [item for part in parts for item in part.value]
    elif all(isinstance(part, yaml.MappingNode) for part in parts):
        first.value = [pair for part in parts for pair in part.value]
        _complain_of_twice(first, sections, problems)
    else:
        _complain(key.value, sections, problems)
    roots[0].value = [(key, first)]
    return str(yaml.serialize(roots[0], Dumper=yaml.CSafeDumper, allow_unicode=True))


def _root(section: Section) -> yaml.MappingNode:
    root = yaml.compose(section.yaml, Loader=yaml.CSafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise TypeError(f"the section {section.name} is {section.yaml!r}, no `name: …`")
    return root


def _complain_of_twice(
    node: yaml.MappingNode, sections: Sequence[Section], problems: list[str]
) -> None:
    names = [str(key.value) for key, _ in node.value]
    for name in sorted({name for name in names if names.count(name) > 1}):
        _complain(f"{sections[0].name}: {name}", sections, problems)


def _complain(name: str, sections: Sequence[Section], problems: list[str]) -> None:
    places = " and ".join(str(section.place) for section in sections)
    problems.append(f"`{name}` is at {places}: convert these files one by one")
