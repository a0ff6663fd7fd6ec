"""The front matter of an article: YAML between two lines of `---`, read with line numbers."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from knowledge.article import Article, KnowledgeTest
from knowledge.errors import Problem

KEYS = ("id", "title", "product", "versions", "channels", "tags", "valid_until", "questions",
        "tests")  # fmt: skip
_LONGEST = 64 * 1024
_SCALARS = ("str", "int", "float", "bool", "timestamp")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says; None and empty where it says nothing."""

    id: str | None = None
    title: str | None = None
    product: str | None = None
    versions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
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


def read_front_matter(source: str, file: str) -> tuple[FrontMatter, list[Problem]]:
    """Read the YAML; every problem with its line in the file, counted with the opening `---`."""
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
    return _read_values(root, file)


def _read_values(root: yaml.MappingNode, file: str) -> tuple[FrontMatter, list[Problem]]:
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for key_node, node in root.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 2
        if key in values:
            problems.append(Problem(file, f"`{key}` is there twice; keep one.", line))
        elif key not in KEYS:
            problems += _misspelt(key, file, line)
        else:
            try:
                values[key] = _READERS[key](node, key)
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
            return str(node.value).strip()
    raise BadValue(f"`{key}` must be one text; write `{key}: …` on one line.", node)


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
        before, arrow, after = str(node.value).partition("->")
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
    "product": _text,
    "versions": _texts,
    "channels": _texts,
    "tags": _texts,
    "valid_until": _date,
    "questions": _texts,
    "tests": _tests,
}


def format_source(article: Article) -> str:
    """The article as a file that reads back to the same article."""
    entries: dict[str, object] = {"id": article.id, "title": article.title}
    if article.product:
        entries["product"] = article.product
    for key in ("versions", "channels", "tags", "questions"):
        values = list(getattr(article, key))
        if values:
            entries[key] = values
    if article.valid_until:
        entries["valid_until"] = article.valid_until
    if article.tests:
        entries["tests"] = [{"question": t.question, "heading": t.heading} for t in article.tests]
    head = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{head}---\n\n{article.body.strip()}\n"
