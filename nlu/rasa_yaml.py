"""Reads Rasa NLU YAML 3.1: intents, synonyms, regexes and lookup tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from nlu.entity_regex import slow_regex
from nlu.rasa_markup import read_marks
from nlu.training_data import Example, Place, Problem, Section, TrainingData, WordList
from nlu.yaml_values import read_values

_DEEPEST: Final = 32  # far below where libyaml's composer overruns the stack and ends the program
_KINDS: Final = ("intent", "synonym", "regex", "lookup")
_OURS: Final = ("version", "nlu")
_NOT_YAML: Final = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class _Reader:
    file: str
    problems: list[Problem]
    examples: list[Example]
    lists: dict[str, list[WordList]]
    sections: list[Section]

    def complain(self, message: str, line: int) -> None:
        self.problems.append(Problem("unreadable", message, Place(self.file, line)))


@dataclass(frozen=True, slots=True)
class _Line:
    """An example as it is written, the line of the file, and what is said beside it."""

    text: str
    number: int
    metadata: str = ""


def read_yaml(text: str, *, file: str) -> tuple[TrainingData, list[Problem]]:
    """What one file holds, and everything in it that could not be read.

    Other sections of a Rasa file (stories, rules, responses, domain) are kept as they are.
    """
    reader = _Reader(file, [], [], {kind: [] for kind in _KINDS[1:]}, [])
    root = _compose(reader, text)
    if root is None:
        pass
    elif not isinstance(root, yaml.MappingNode):
        reader.complain("expected `version:` and `nlu:` at the top", _line(root))
    else:
        _read_root(reader, root)
    data = TrainingData(
        examples=tuple(reader.examples),
        synonyms=tuple(reader.lists["synonym"]),
        regexes=tuple(reader.lists["regex"]),
        lookups=tuple(reader.lists["lookup"]),
        sections=tuple(reader.sections),
    )
    return data, reader.problems


def _compose(reader: _Reader, text: str) -> yaml.Node | None:
    """The file's nodes, or None when it is none, which has been complained of."""
    unprintable = [
        (number, match[0])
        for number, line in enumerate(text.split("\n"), 1)
        if (match := _NOT_YAML.search(line))
    ]
    for number, character in unprintable:
        message = f"the control character U+{ord(character):04X} cannot stand in YAML: remove it"
        reader.complain(message, number)
    if unprintable:
        return None
    try:
        too_deep = _line_too_deep(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader) if too_deep is None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        reader.complain(f"not YAML: {problem}", mark.line + 1 if mark else 0)
        return None
    if too_deep is not None:
        reader.complain("nested too deeply for training data", too_deep)
    elif root is None:
        reader.complain("the file is empty", 0)
    return root


def _read_root(reader: _Reader, root: yaml.MappingNode) -> None:
    for key, value in root.value:
        if key.value not in _OURS:
            alone = yaml.MappingNode(root.tag, [(key, value)])
            kept = yaml.serialize(alone, Dumper=yaml.CSafeDumper, allow_unicode=True)
            reader.sections.append(Section(str(key.value), kept, Place(reader.file, _line(key))))
    sections = _fields(reader, root)
    version = sections.get("version")
    if version is not None and not str(version.value).startswith("3."):
        message = f"version {version.value!r} is not understood: expected '3.1'"
        reader.complain(message, _line(version))
    items = sections.get("nlu")
    if items is None or items.tag == "tag:yaml.org,2002:null":
        return
    if not isinstance(items, yaml.SequenceNode):
        reader.complain("`nlu:` must be a list of `- intent: …` items", _line(items))
        return
    for item in items.value:
        _read_item(reader, item)


def _fields(reader: _Reader, node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """The values by their keys; YAML's own reader would quietly take the last of two."""
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            reader.complain(f"`{name}:` is here a second time: make one of both", _line(key))
        found[name] = value
    return found


def _read_item(reader: _Reader, item: yaml.Node) -> None:
    if not isinstance(item, yaml.MappingNode):
        reader.complain("expected `- intent: name` with `examples: |`", _line(item))
        return
    fields = _fields(reader, item)
    kind = next((k for k in _KINDS if k in fields), None)
    if kind is None:
        names = ", ".join(str(name) for name in fields)
        reader.complain(f"expected one of {', '.join(_KINDS)}, found {names}", _line(item))
        return
    for name in [name for name in fields if name not in {kind, "examples", "metadata"}]:
        known = "examples and metadata" if kind == "intent" else "examples"
        reader.complain(f"`{name}:` is not known beside `{kind}:`, only {known}", _line(item))
    name = fields[kind].value
    if not isinstance(name, str) or not name.strip():
        reader.complain(f"this {kind} has no name", _line(fields[kind]))
        return
    lines = list(_example_lines(reader, fields.get("examples"), label=f"{kind} {name!r}"))
    if not lines:
        reader.complain(f"{kind} {name!r} has no examples: write some, or remove it", _line(item))
    elif kind == "intent":
        beside = _metadata(reader, fields.get("metadata"))
        reader.examples.extend(_example(reader, name.strip(), line, beside) for line in lines)
    else:
        if kind == "regex":
            _check_patterns(reader, lines)
        values = tuple(line.text for line in lines)
        reader.lists[kind].append(WordList(name.strip(), values, Place(reader.file, _line(item))))


def _example_lines(reader: _Reader, node: yaml.Node | None, *, label: str) -> Iterator[_Line]:
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _listed_example(reader, entry)
    elif isinstance(node, yaml.ScalarNode):
        yield from _block_lines(reader, node)
    elif node is not None:
        reader.complain(f"the examples of {label} must be text after `examples: |`", _line(node))


def _block_lines(reader: _Reader, node: yaml.ScalarNode) -> Iterator[_Line]:
    first = _line(node) + (1 if node.style in {"|", ">"} else 0)
    for number, raw in enumerate(node.value.split("\n"), first):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if not line.startswith("-"):
            reader.complain(f"an example begins with `- `, not {line[:40]!r}", number)
        elif text := line.removeprefix("-").strip():
            yield _Line(text, number)
        else:
            reader.complain("an empty example: write it, or remove the line", number)


def _listed_example(reader: _Reader, entry: yaml.Node) -> Iterator[_Line]:
    """Rasa's long form: `- text: |` with metadata, or a plain list of strings."""
    node, metadata = entry, ""
    if isinstance(entry, yaml.MappingNode):
        fields = _fields(reader, entry)
        node, metadata = fields.get("text", entry), _metadata(reader, fields.get("metadata"))
        for name in [name for name in fields if name not in {"text", "metadata"}]:
            reader.complain(f"`{name}:` is not known beside `text:`, only metadata", _line(entry))
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        reader.complain("an example must be text, or have a `text:`", _line(entry))
        return
    block = node.style in {"|", ">"}
    yield _Line(node.value.strip(), _line(node) + (1 if block else 0), metadata)


def _metadata(reader: _Reader, node: yaml.Node | None) -> str:
    """What is said beside an example, on one line of YAML."""
    if node is None:
        return ""
    written = yaml.serialize(node, Dumper=yaml.CSafeDumper, allow_unicode=True)
    try:
        value = read_values(written)
    except ValueError as error:
        reader.complain(f"this metadata cannot be read: {error}", _line(node))
        return ""
    # The end mark stands after a lone scalar only.
    width = 8 * len(written) + 80
    line = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=width
    )
    return line.strip().removesuffix("...").strip()


def _example(reader: _Reader, intent: str, line: _Line, intent_metadata: str) -> Example:
    text, annotations = read_marks(line.text, lambda message: reader.complain(message, line.number))
    place = Place(reader.file, line.number)
    return Example(text, intent, annotations, place, line.metadata, intent_metadata)


def _check_patterns(reader: _Reader, lines: Sequence[_Line]) -> None:
    for line in lines:
        try:
            re.compile(line.text)
            slow = slow_regex(line.text)
        except re.error as error:
            reader.complain(f"{line.text!r} is no regular expression: {error}", line.number)
            continue
        if slow is not None:
            message = f"the search for {line.text!r} could take forever: {slow}"
            reader.complain(message, line.number)


def _line_too_deep(text: str) -> int | None:
    """The line where a file is nested deeper than any training data; None when it is not."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return event.start_mark.line + 1 if event.start_mark is not None else 0
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
