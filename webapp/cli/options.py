"""What the commands share: the data folder's option, and errors that end with the right code."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from dialogue.errors import DialogueError
from handoff.errors import HandoffError
from knowledge.errors import KnowledgeError
from nlu.errors import BadTrainingData, NluError, UnusableFolder
from webapp.db.errors import StoreError
from webapp.errors import WeakPassword
from webapp.secrets import SecretsMissing
from webapp.setting_values import BadSettings
from webapp.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

_FAILED = (DialogueError, HandoffError, KnowledgeError, NluError, StoreError, SecretsMissing)
_MISUSED = (BadSettings, WeakPassword)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


SOURCES = click.option(
    "--data",
    "-u",
    "sources",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="A file or folder of training data (Rasa YAML, CSV, TSV); may be given several times.",
)


def data_option(command: F) -> F:
    """`--data DIR`, the folder of the installation."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="The data folder; default: JIEDAI_DATA, else ./var.",
    )(command)


def typed_lines() -> Iterator[str]:
    """What is typed, line by line; an empty line or the end of the input ends."""
    prompt = "> " if sys.stdin.isatty() else ""
    while True:
        try:
            text = input(prompt)
        except EOFError:
            return
        if not text.strip():
            return
        yield text


class Misuse(click.ClickException):
    """Wrong usage or bad input: exit code 2."""

    exit_code = 2


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn the errors that we raise on purpose into one line and an exit code (1, or 2)."""
    try:
        yield
    except _MISUSED as error:
        raise Misuse(str(error)) from error
    except _FAILED as error:
        raise click.ClickException(str(error) or type(error).__name__) from error


def existing(data: Path | None) -> Settings:
    """The settings of an installation that has been made; raises Misuse with the remedy."""
    settings = Settings.from_env(data=data)
    if not settings.secrets_folder.is_dir():
        raise Misuse(
            f"{settings.data} is no data folder yet: run `jiedai init --data {settings.data}`."
        )
    return settings


@contextmanager
def plain_file_errors() -> Iterator[None]:
    """Turn what the system says of a file that cannot be read or written into one line (1)."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            remedy = "free some space there, or name another place"
        elif error.errno in _FORBIDDEN:
            remedy = "let this user read and write there, or name another place"
        else:
            remedy = "see what is there, or name another place"
        where = error.filename or "a file"
        raise click.ClickException(f"{where}: {error.strerror or error}: {remedy}.") from error


@contextmanager
def bad_data() -> Iterator[None]:
    """As `plain_errors`, but bad training data and a folder of no use are bad input (2)."""
    with plain_errors(), plain_file_errors():
        try:
            yield
        except (BadTrainingData, UnusableFolder) as error:
            raise Misuse(str(error)) from error


def say(text: str) -> None:
    """Tell the person at the terminal; results go to stdout, this goes to stderr."""
    click.echo(text, err=True)
