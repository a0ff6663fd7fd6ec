"""Reads and writes Rasa NLU YAML 3.1: intents, synonyms, regexes and lookup tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from typing import Final

import yaml

from nlu.training_data import Annotation, Example, Place, Problem, TrainingData, WordList

_ANNOTATION: Final = re.compile(
    r"\[(?P<text>[^\[\]]+)\](?:\((?P<entity>[^():]+)(?::(?P<value>[^()]*))?\)|(?P<json>\{[^{}]*\}))"
)
_DEEPEST: Final = 32  # far below where libyaml's composer overruns the stack and ends the program
_KINDS: Final = ("intent", "synonym", "regex", "lookup")


@dataclass(slots=True)
class _Reader:
    file: str
    problems: list[Problem]
    examples: list[Example]
    lists: dict[str, list[WordList]]

    def complain(self, message: str, line: int) -> None:
        self.problems.append(Problem("unreadable", message, Place(self.file, line)))


def read_yaml(text: str, *, file: str) -> tuple[TrainingData, list[Problem]]:
    """What one file holds, and everything in it that could not be read.

    Other sections of a Rasa file (stories, rules, responses, domain) are left alone.
    """
    reader = _Reader(file, [], [], {kind: [] for kind in _KINDS[1:]})
    try:
        too_deep = _line_too_deep(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader) if too_deep is None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        reader.complain(f"not YAML: {problem}", mark.line + 1 if mark else 0)
        return TrainingData(), reader.problems
    if too_deep is not None:
        reader.complain("nested too deeply for training data", too_deep)
    elif root is None:
        reader.complain("the file is empty", 0)
    elif not isinstance(root, yaml.MappingNode):
        reader.complain("expected `version:` and `nlu:` at the top", _line(root))
    else:
        _read_root(reader, root)
    data = TrainingData(
        examples=tuple(reader.examples),
        synonyms=tuple(reader.lists["synonym"]),
        regexes=tuple(reader.lists["regex"]),
        lookups=tuple(reader.lists["lookup"]),
    )
    return data, reader.problems


def write_yaml(data: TrainingData) -> str:
    """The data as Rasa NLU YAML 3.1; reading it again gives the same data but for the places."""
    out = StringIO()
    out.write('version: "3.1"\nnlu:\n')
    for intent, examples in groupby(data.examples, key=lambda e: e.intent):
        _write_item(out, "intent", intent, [_marked(e) for e in examples])
    for kind, lists in (
        ("synonym", data.synonyms),
        ("regex", data.regexes),
        ("lookup", data.lookups),
    ):
        for words in lists:
            _write_item(out, kind, words.name, words.values)
    return out.getvalue()


def _read_root(reader: _Reader, root: yaml.MappingNode) -> None:
    sections = {key.value: value for key, value in root.value}
    version = sections.get("version")
    if version is not None and not str(version.value).startswith("3."):
        message = f"version {version.value!r} is not understood: expected '3.1'"
        reader.complain(message, _line(version))
    items = sections.get("nlu")
    if items is None:
        return
    if not isinstance(items, yaml.SequenceNode):
        reader.complain("`nlu:` must be a list of `- intent: …` items", _line(items))
        return
    for item in items.value:
        _read_item(reader, item)


def _read_item(reader: _Reader, item: yaml.Node) -> None:
    if not isinstance(item, yaml.MappingNode):
        reader.complain("expected `- intent: name` with `examples: |`", _line(item))
        return
    fields = {key.value: value for key, value in item.value}
    kind = next((k for k in _KINDS if k in fields), None)
    if kind is None:
        names = ", ".join(str(name) for name in fields)
        reader.complain(f"expected one of {', '.join(_KINDS)}, found {names}", _line(item))
        return
    name = fields[kind].value
    if not isinstance(name, str) or not name.strip():
        reader.complain(f"this {kind} has no name", _line(fields[kind]))
        return
    lines = list(_example_lines(reader, fields.get("examples"), label=f"{kind} {name!r}"))
    if not lines:
        reader.complain(f"{kind} {name!r} has no examples: write some, or remove it", _line(item))
    elif kind == "intent":
        reader.examples.extend(_example(reader, name.strip(), text, line) for text, line in lines)
    else:
        values = tuple(text for text, _ in lines)
        if kind == "regex":
            _check_patterns(reader, lines)
        reader.lists[kind].append(WordList(name.strip(), values, Place(reader.file, _line(item))))


def _example_lines(
    reader: _Reader, node: yaml.Node | None, *, label: str
) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _listed_example(reader, entry)
    elif isinstance(node, yaml.ScalarNode):
        yield from _block_lines(reader, node)
    elif node is not None:
        reader.complain(f"the examples of {label} must be text after `examples: |`", _line(node))


def _block_lines(reader: _Reader, node: yaml.ScalarNode) -> Iterator[tuple[str, int]]:
    first = _line(node) + (1 if node.style in {"|", ">"} else 0)
    for number, raw in enumerate(node.value.split("\n"), first):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if not line.startswith("-"):
            reader.complain(f"an example begins with `- `, not {line[:40]!r}", number)
        elif text := line.removeprefix("-").strip():
            yield text, number
        else:
            reader.complain("an empty example: write it, or remove the line", number)


def _listed_example(reader: _Reader, entry: yaml.Node) -> Iterator[tuple[str, int]]:
    """Rasa's long form: `- text: |` with metadata, or a plain list of strings."""
    node = entry
    if isinstance(entry, yaml.MappingNode):
        node = next((v for k, v in entry.value if k.value == "text"), entry)
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        reader.complain("an example must be text, or have a `text:`", _line(entry))
        return
    yield node.value.strip().removeprefix("- ").strip(), _line(node)


def _example(reader: _Reader, intent: str, marked: str, line: int) -> Example:
    plain: list[str] = []
    annotations: list[Annotation] = []
    length = last = 0
    for match in _ANNOTATION.finditer(marked):
        plain.append(marked[last : match.start()])
        length += len(plain[-1])
        last = match.end()
        end = length + len(match["text"])
        annotation = _annotation(match, length, end, lambda m: reader.complain(m, line))
        if annotation is not None:
            annotations.append(annotation)
        plain.append(match["text"])
        length = end
    plain.append(marked[last:])
    return Example("".join(plain), intent, tuple(annotations), Place(reader.file, line))


def _annotation(
    match: re.Match[str], start: int, end: int, complain: Callable[[str], None]
) -> Annotation | None:
    if match["entity"]:
        value = match["value"] if match["value"] is not None else match["text"]
        return Annotation(match["entity"].strip(), value, start, end)
    try:
        fields = json.loads(match["json"])
    except ValueError as error:
        complain(f"{match['json']} is not JSON: {error}")
        return None
    if not isinstance(fields.get("entity"), str):
        complain(f"{match['json']} names no entity")
        return None
    return Annotation(
        fields["entity"],
        str(fields.get("value", match["text"])),
        start,
        end,
        role=str(fields.get("role", "")),
        group=str(fields.get("group", "")),
    )


def _check_patterns(reader: _Reader, lines: Sequence[tuple[str, int]]) -> None:
    for pattern, line in lines:
        try:
            re.compile(pattern)
        except re.error as error:
            reader.complain(f"{pattern!r} is no regular expression: {error}", line)


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


def _marked(example: Example) -> str:
    parts: list[str] = []
    last = 0
    for a in sorted(example.annotations, key=lambda a: a.start):
        shown = example.text[a.start : a.end]
        parts.append(example.text[last : a.start])
        if a.value == shown and not a.role and not a.group:
            parts.append(f"[{shown}]({a.entity})")
        else:
            fields = {"entity": a.entity, "value": a.value, "role": a.role, "group": a.group}
            kept = {k: v for k, v in fields.items() if v or k == "value"}
            parts.append(f"[{shown}]{json.dumps(kept, ensure_ascii=False)}")
        last = a.end
    parts.append(example.text[last:])
    return "".join(parts)


def _write_item(out: StringIO, kind: str, name: str, lines: Sequence[str]) -> None:
    plain = re.fullmatch(r"\w[\w+./-]*", name) and not re.fullmatch(
        r"[\d.]+|(?i:y|n|yes|no|on|off|true|false|null)", name
    )
    out.write(f"- {kind}: {name if plain else json.dumps(name, ensure_ascii=False)}\n")
    out.write("  examples: |\n")
    out.writelines(f"    - {' '.join(line.split())}\n" for line in lines)
