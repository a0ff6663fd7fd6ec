"""Section: one mapping of a YAML file, read with the lines its keys stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import yaml

from dialogue.errors import BadFlow

_NULL = "tag:yaml.org,2002:null"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is built


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping of a YAML file; every accessor raises BadFlow with file, line and remedy."""

    path: Path
    line: int
    nodes: dict[str, yaml.Node]

    def wrong(self, remedy: str, *, key: str | None = None) -> BadFlow:
        """The error to raise about this section, or about one of its keys."""
        if key is not None and key in self.nodes:
            return BadFlow(f"{_place(self.nodes[key])}: {remedy}")
        return BadFlow(f"{self.path}:{self.line}: {remedy}")

    def only(self, *allowed: str) -> None:
        """Refuse keys that nobody reads: a misspelt key would be silently without effect."""
        for key in self.nodes:
            if key not in allowed:
                known = ", ".join(allowed)
                raise self.wrong(f"unknown key “{key}”; use one of: {known}", key=key)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.nodes

    def text(self, key: str, default: str | None = None) -> str:
        """The text under a key; without a default the key must be there."""
        if key not in self.nodes:
            if default is None:
                raise self.wrong(f"“{key}” is missing; add it")
            return default
        node = self.nodes[key]
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.wrong(f"“{key}” must be a text that is not empty", key=key)
        return str(node.value)

    def flag(self, key: str) -> bool:
        """A true or false; false when it is not there."""
        if key not in self.nodes:
            return False
        value = self.text(key).lower()
        if value not in ("true", "false"):
            raise self.wrong(f"“{key}” must be true or false", key=key)
        return value == "true"

    def count(self, key: str) -> int | None:
        """A whole number above zero, or None when it is not there."""
        if key not in self.nodes:
            return None
        text = self.text(key)
        if not (text.isascii() and text.isdecimal() and int(text) > 0):
            raise self.wrong(f"“{key}” must be a whole number above 0", key=key)
        return int(text)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts under a key: a list, a single text, or none when it is not there."""
        if key not in self.nodes:
            return ()
        node = self.nodes[key]
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not items or not all(isinstance(i, yaml.ScalarNode) and i.value for i in items):
            raise self.wrong(f"“{key}” must be a text or a list of texts", key=key)
        return tuple(str(item.value) for item in items)

    def section(self, key: str) -> Section:
        """The mapping under a key; it must be there."""
        if key not in self.nodes:
            raise self.wrong(f"“{key}” is missing; add it")
        return _section(self.path, self.nodes[key], f"“{key}” must be a mapping (name: value)")

    def sections(self, key: str) -> tuple[Section, ...]:
        """The list of mappings under a key; it must be there and not be empty."""
        if key not in self.nodes:
            raise self.wrong(f"“{key}” is missing; add it")
        node = self.nodes[key]
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.wrong(f"“{key}” must be a list that is not empty", key=key)
        remedy = f"every item of “{key}” must be a mapping (name: value)"
        return tuple(_section(self.path, item, remedy) for item in node.value)

    def is_section(self, key: str) -> bool:
        """Whether a mapping stands under a key."""
        return isinstance(self.nodes.get(key), yaml.MappingNode)

    def optional_texts(self) -> dict[str, str | None]:
        """This mapping as names and texts; null stands for None."""
        nulls = {n for n, node in self.nodes.items() if node.tag == _NULL}
        return {name: None if name in nulls else self.text(name) for name in self.nodes}

    def names(self) -> Iterator[str]:
        """The keys in the order of the file."""
        return iter(self.nodes)

    def table(self, key: str) -> dict[str, str]:
        """A mapping of names to texts."""
        inner = self.section(key)
        return {name: inner.text(name) for name in inner.names()}


_TOP = "the file must be a mapping (name: value)"


def read_section(path: Path) -> Section:
    """Read a YAML file whose top is a mapping; raises BadFlow with file, line and remedy."""
    return _section(path, _composed(path), _TOP)


def read_over(base: Path | None, path: Path) -> Section:
    """Read a file that overrides and adds to another one; either may be missing, not both.

    Mappings are joined name by name, `name: ~` takes away what `base` has, anything else replaces
    it. An error names the file that its key stands in.
    """
    if base is None or not base.exists():
        return read_section(path)
    if not path.exists():
        return read_section(base)
    below, above = _composed(base), _composed(path)
    _section(base, below, _TOP)
    _section(path, above, _TOP)
    return _section(path, _joined(below, above), _TOP)


def read_document(path: Path) -> Section | tuple[Section, ...]:
    """Read a YAML file that is a mapping or a list of mappings; raises BadFlow likewise."""
    node = _composed(path)
    remedy = "the file must be a mapping (name: value) or a list of mappings"
    if isinstance(node, yaml.SequenceNode) and node.value:
        return tuple(_section(path, item, remedy) for item in node.value)
    return _section(path, node, remedy)


def _joined(below: yaml.Node | None, above: yaml.Node | None) -> yaml.Node | None:
    if not isinstance(below, yaml.MappingNode) or not isinstance(above, yaml.MappingNode):
        return above
    pairs = {str(key.value): (key, value) for key, value in below.value}
    _refuse_twice(above)
    for key, value in above.value:
        name = str(key.value)
        _, kept = pairs.get(name, (None, None))
        if value.tag != _NULL:
            pairs[name] = (key, _joined(kept, value) if kept is not None else value)
        elif kept is None:
            raise BadFlow(f"{_place(key)}: there is no “{name}” to take away; remove this line")
        elif value.value:  # a name with nothing after it adds nothing and takes nothing away
            del pairs[name]
    return yaml.MappingNode(above.tag, list(pairs.values()), above.start_mark, above.end_mark)


class _NamedText(StringIO):
    """A text that the parser knows the file of, so that every node does."""

    name: str


def _place(node: yaml.Node) -> str:
    return f"{node.start_mark.name}:{node.start_mark.line + 1}"


def _composed(path: Path) -> yaml.Node | None:
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadFlow(f"{path}:1: not UTF-8 ({error.reason}); save the file as UTF-8") from error
    except OSError as error:
        raise BadFlow(f"{path}:1: cannot be read ({error.strerror})") from error
    stream = _NamedText(source)
    stream.name = str(path)
    try:
        return yaml.compose(stream, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFlow(f"{path}:{line}: not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadFlow(f"{path}:1: not valid YAML: {error}") from error


def _section(path: Path, node: yaml.Node | None, remedy: str) -> Section:
    if not isinstance(node, yaml.MappingNode):
        place = _place(node) if node is not None else f"{path}:1"
        raise BadFlow(f"{place}: {remedy}")
    _refuse_twice(node)
    nodes = {str(key.value): value for key, value in node.value}
    return Section(Path(node.start_mark.name), node.start_mark.line + 1, nodes)


def _refuse_twice(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if str(key.value) in seen:
            raise BadFlow(f"{_place(key)}: “{key.value}” stands here twice; remove one")
        seen.add(str(key.value))
