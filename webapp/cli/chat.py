"""`jiedai chat` and `jiedai shell`: run conversation tests, talk in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from dialogue.errors import BadFlow
from webapp.cli.nlu import shell_nlu
from webapp.cli.options import Misuse, data_option, existing, plain_errors, typed_lines

if TYPE_CHECKING:
    from dialogue.bot import Bot
    from dialogue.journeys import Journey, Talks

_Opens = Callable[["Journey"], "Talks"]


@click.group()
def chat() -> None:
    """Run conversation tests."""


@chat.command("test")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@data_option
@click.option("--url", help="Talk to this running server instead of the bot alone.")
@click.option(
    "--token", help="A supervisor's API token for --url, to check slots, intents and reasons."
)
def test(path: Path, data: Path | None, url: str | None, token: str | None) -> None:
    """Run the conversations of PATH (a YAML file or a folder); exit 1 when one fails.

    The bot alone is tried with a fresh demo shop, so that nothing real is changed.
    """
    journeys = _journeys(path)
    with plain_errors():
        if url is not None:
            failed = _run_over_http(journeys, url, token)
        else:
            with _rehearsed(data) as opens:
                failed = _run(journeys, opens, skipped=0)
    if failed:
        raise SystemExit(1)


@click.group(invoke_without_command=True)
@data_option
@click.pass_context
def shell(context: click.Context, data: Path | None) -> None:
    """Talk to the bot in the terminal; an empty line or Ctrl-D ends."""
    if context.invoked_subcommand is not None:
        return
    from dialogue.journeys import Journey

    with plain_errors(), _rehearsed(data) as opens:
        talk = opens(Journey(Path("shell"), "shell", ()))
        for text in typed_lines():
            outcome = talk.say(text)
            for reply in outcome.replies:
                click.echo(reply)
            if outcome.buttons:
                click.echo("  ".join(f"[{label}]" for label in outcome.buttons))
            for line in outcome.trace:
                click.echo(click.style(f"  {line}", dim=True), err=True)
            if outcome.reason:
                click.echo(f"(handed over: {outcome.reason})", err=True)
                return


shell.add_command(shell_nlu)


def _journeys(path: Path) -> tuple[Journey, ...]:
    from dialogue.journeys import load_journeys

    try:
        return load_journeys(path)
    except BadFlow as error:
        raise Misuse(str(error)) from error


def _run(journeys: tuple[Journey, ...], opens: _Opens, *, skipped: int) -> int:
    from dialogue.journeys import run_journey

    failures = [f for journey in journeys if (f := run_journey(journey, opens)) is not None]
    for failure in failures:
        click.echo(f"{failure}\n")
    passed = len(journeys) - len(failures)
    left_out = f", {skipped} left out" if skipped else ""
    click.echo(f"{passed} passed, {len(failures)} failed{left_out}", err=True)
    return len(failures)


def _run_over_http(journeys: tuple[Journey, ...], url: str, token: str | None) -> int:
    import httpx

    from webapp.journey_client import can_hold, talks_over_http

    held = tuple(journey for journey in journeys if can_hold(journey))
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        opens = talks_over_http(client, staff_token=token)
        try:
            return _run(held, opens, skipped=len(journeys) - len(held))
        except httpx.TransportError as error:
            raise click.ClickException(f"{url} does not answer ({error}); is it up?") from error


@contextmanager
def _rehearsed(data: Path | None) -> Iterator[_Opens]:
    """The bot of a data folder with a demo shop of its own."""
    from dialogue.rehearsal import rehearses
    from webapp.bootstrap import build_services
    from webapp.db.database import utc_now

    services = build_services(existing(data))
    if services.bot is None:
        faults = "; ".join(f"{part}: {fault}" for part, fault in services.faults.items())
        raise click.ClickException(f"The bot cannot be loaded. {faults}")
    with demo_shop(services.bot) as bot:
        yield rehearses(bot, now=utc_now())


@contextmanager
def demo_shop(bot: Bot) -> Iterator[Bot]:
    """The bot with a fresh demo shop that is really asked over HTTP."""
    from threading import Thread

    from werkzeug.serving import make_server

    from webapp.connectors.shop import ShopConnector
    from webapp.demo_shop.__main__ import QuietHandler
    from webapp.demo_shop.app import create_app
    from webapp.demo_shop.store import ShopStore

    with TemporaryDirectory() as folder:
        store = ShopStore(Path(folder) / "shop.db")
        store.prepare()
        app = create_app(store, service_key="rehearsal")
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        connector = ShopConnector(f"http://127.0.0.1:{server.server_port}", service_key="rehearsal")
        try:
            yield replace(bot, orders=connector)
        finally:
            connector.close()
            server.shutdown()
            thread.join()
            server.server_close()
