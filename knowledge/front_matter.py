"""The front matter of an article: YAML between two lines of `---`, read with line numbers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import yaml

from knowledge.article import KnowledgeTest
from knowledge.errors import Problem

KEYS = ("id", "title", "brand", "category", "product", "versions", "channels", "tags",
        "questions", "publish_at", "valid_until", "tests")  # fmt: skip
DEFAULT_BRAND = "default"
MAX_CATEGORY_LEVELS = 3
MAX_CATEGORY_NAME = 60
HOME: Final[tzinfo] = ZoneInfo("Asia/Shanghai")
"""The zone of a time that names none, where nothing else is said."""
_BRAND = re.compile(r"[\w][\w.\-]{0,63}")
_LONGEST = 64 * 1024
_SCALARS = ("str", "int", "float", "bool", "timestamp")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says; None and empty where it says nothing."""

    id: str | None = None
    title: str | None = None
    brand: str | None = None
    category: tuple[str, ...] = ()
    product: str | None = None
    versions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    publish_at: datetime | None = None
    valid_until: date | None = None
    questions: tuple[str, ...] = ()
    tests: tuple[KnowledgeTest, ...] = ()


class BadValue(Exception):
    """A value of the wrong kind, with its place; kept inside this package."""

    def __init__(self, message: str, node: yaml.Node) -> None:
        super().__init__(message)
        self.line = int(node.start_mark.line)


def split_source(text: str) -> tuple[str | None, str, int]:
    """The YAML (None when there is none), the Markdown after it, and how many lines came before
    the Markdown.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 1
    return "\n".join(lines[1:]), "", len(lines)


def read_front_matter(
    source: str, file: str, *, zone: tzinfo = HOME
) -> tuple[FrontMatter, list[Problem]]:
    """Read the YAML; every problem with its line in the file, counted with the opening `---`.

    `zone` is that of a time that names none.
    """
    if len(source) > _LONGEST:
        message = (
            f"the front matter is longer than {_LONGEST // 1024} kB; is the closing --- there?"
        )
        return FrontMatter(), [Problem(file, message, 1)]
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 2
        message = f"the front matter is not valid YAML ({error.problem}); mend this line, and put"
        return FrontMatter(), [Problem(file, f"{message} texts with : or # in quotes.", line)]
    except yaml.YAMLError as error:
        return FrontMatter(), [Problem(file, f"the front matter is not valid YAML ({error}).", 1)]
    except RecursionError:
        message = "the front matter is nested too deeply; write lines of `key: value`."
        return FrontMatter(), [Problem(file, message, 1)]
    if root is None:
        return FrontMatter(), []
    if not isinstance(root, yaml.MappingNode):
        message = "the front matter must be lines of `key: value`; write for example `title: …`."
        return FrontMatter(), [Problem(file, message, 2)]
    return _read_values(root, file, zone)


def _read_values(
    root: yaml.MappingNode, file: str, zone: tzinfo
) -> tuple[FrontMatter, list[Problem]]:
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for key_node, node in root.value:
        key = _shown(str(key_node.value))
        line = key_node.start_mark.line + 2
        if key in values:
            problems.append(Problem(file, f"`{key}` is there twice; keep one.", line))
        elif key not in KEYS:
            problems += _misspelt(key, file, line)
        else:
            try:
                read = _READERS[key](node, key)
                values[key] = _placed(read, node, key, zone) if isinstance(read, datetime) else read
            except BadValue as error:
                values[key] = None
                problems.append(Problem(file, str(error), error.line + 2))
    if problems:
        return FrontMatter(), problems
    given = {key: value for key, value in values.items() if value is not None}
    return FrontMatter(**given), []  # type: ignore[arg-type]


def _misspelt(key: str, file: str, line: int) -> list[Problem]:
    # Keys of other programs (author, layout …) are left alone; ours must not be lost to a typo.
    near = difflib.get_close_matches(key.lower(), KEYS, n=1, cutoff=0.75)
    if not near:
        return []
    return [Problem(file, f"`{key}` is not known; did you mean `{near[0]}`?", line)]


def _kind(node: yaml.Node) -> str:
    return str(node.tag).rsplit(":", 1)[-1]


def _text(node: yaml.Node, key: str) -> str | None:
    if isinstance(node, yaml.ScalarNode):
        if _kind(node) == "null":
            return None
        if _kind(node) in _SCALARS:
            return _storable(str(node.value).strip(), node, key)
    raise BadValue(f"`{key}` must be one text; write `{key}: …` on one line.", node)


def _shown(key: str) -> str:
    """A key as a message can carry it."""
    return key.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def _storable(text: str, node: yaml.Node, key: str) -> str:
    """Refuse what YAML can write with escapes and no database can keep."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadValue(f"`{key}` has a character that is none (\\0 or \\uD8…); remove it.", node)
    return text


def _brand(node: yaml.Node, key: str) -> str | None:
    text = _text(node, key)
    if text and not _BRAND.fullmatch(text):
        raise BadValue(f"`{key}` must be letters, digits, dots, - and _, 64 at most.", node)
    return text or None


def _category(node: yaml.Node, key: str) -> tuple[str, ...]:
    if isinstance(node, yaml.SequenceNode):
        names = list(_texts(node, key))
    else:
        names = [name.strip() for name in (_text(node, key) or "").strip("/").split("/")]
    if names == [""]:
        return ()
    fault = category_fault(names)
    if fault:
        raise BadValue(f"`{key}` {fault}", node)
    return tuple(names)


def category_fault(names: Sequence[str]) -> str | None:
    """What is wrong with a place in the tree, with its remedy; None when nothing is."""
    if len(names) > MAX_CATEGORY_LEVELS:
        return f"has {len(names)} levels; write {MAX_CATEGORY_LEVELS} at most, as 手机/屏幕/碎屏."
    if any(not name or "/" in name for name in names):
        return "has an empty name; write it as 手机/屏幕/碎屏."
    longest = max(map(len, names), default=0)
    if longest > MAX_CATEGORY_NAME:
        return f"has a name of {longest} characters; write {MAX_CATEGORY_NAME} at most."
    return None


def _moment(node: yaml.Node, key: str) -> datetime | None:
    text = _text(node, key)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"`{key}` must be a time as 2026-12-31 09:00, not {text!r}."
        raise BadValue(message, node) from error
    return moment


def _placed(moment: datetime, node: yaml.Node, key: str, zone: tzinfo) -> datetime:
    """The same moment in UTC; one without a zone is in this one."""
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadValue(f"`{key}` is no time that a calendar has.", node) from error


def _texts(node: yaml.Node, key: str) -> tuple[str, ...]:
    if isinstance(node, yaml.ScalarNode):
        one = _text(node, key)
        return () if not one else (one,)
    if not isinstance(node, yaml.SequenceNode):
        raise BadValue(f"`{key}` must be a list of texts; write `{key}: [a, b]`.", node)
    found = []
    for item in node.value:
        text = _text(item, key) if isinstance(item, yaml.ScalarNode) else None
        if not text:
            message = f"every entry of `{key}` must be a text; put texts with : in quotes."
            raise BadValue(message, item)
        found.append(text)
    return tuple(dict.fromkeys(found))


def _date(node: yaml.Node, key: str) -> date | None:
    text = _text(node, key)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        message = f"`{key}` must be a date as 2026-12-31, not {text!r}."
        raise BadValue(message, node) from error


def _tests(node: yaml.Node, key: str) -> tuple[KnowledgeTest, ...]:
    if isinstance(node, yaml.MappingNode):
        return tuple(_pair(question, heading) for question, heading in node.value)
    if not isinstance(node, yaml.SequenceNode):
        raise BadValue(_TEST_REMEDY, node)
    return tuple(_test(item) for item in node.value)


_TEST_REMEDY = (
    "`tests` must be a list of `question: …` with `heading: …`; no heading means: abstain."
)


def _test(node: yaml.Node) -> KnowledgeTest:
    if isinstance(node, yaml.ScalarNode):
        text = _storable(str(node.value), node, "tests")
        before, arrow, after = text.partition("->")
        if not arrow or not before.strip():
            raise BadValue(_TEST_REMEDY, node)
        return KnowledgeTest(before.strip(), after.strip() or None)
    if not isinstance(node, yaml.MappingNode):
        raise BadValue(_TEST_REMEDY, node)
    fields = {str(key.value): value for key, value in node.value}
    if set(fields) <= {"question", "heading"} and "question" in fields:
        question = _text(fields["question"], "question") or ""
        heading = _text(fields["heading"], "heading") if "heading" in fields else None
        if not question:
            raise BadValue(_TEST_REMEDY, node)
        return KnowledgeTest(question, heading)
    if len(fields) != 1:
        raise BadValue(_TEST_REMEDY, node)
    ((key_node, value),) = node.value
    return _pair(key_node, value)


def _pair(question: yaml.Node, heading: yaml.Node) -> KnowledgeTest:
    text = _text(question, "question")
    if not text:
        raise BadValue(_TEST_REMEDY, question)
    return KnowledgeTest(text, _text(heading, "heading"))


_READERS: dict[str, Callable[[yaml.Node, str], object]] = {
    "id": _text,
    "title": _text,
    "brand": _brand,
    "category": _category,
    "product": _text,
    "versions": _texts,
    "channels": _texts,
    "tags": _texts,
    "publish_at": _moment,
    "valid_until": _date,
    "questions": _texts,
    "tests": _tests,
}
