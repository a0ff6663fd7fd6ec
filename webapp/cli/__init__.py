"""The program `jiedai`: its commands live in the modules beside this one, loaded when called."""

from __future__ import annotations

from importlib import import_module

import click

# command → where it is. Loading a command may load models or Flask; `--help` must not.
_COMMANDS = {
    "init": "webapp.cli.setup:init",
    "up": "webapp.cli.serve:up",
    "doctor": "webapp.cli.doctor:doctor",
    "user": "webapp.cli.accounts:user",
    "token": "webapp.cli.accounts:token",
    "train": "webapp.cli.nlu:train",
    "test": "webapp.cli.nlu:test",
    "parse": "webapp.cli.nlu:parse",
    "shell": "webapp.cli.chat:shell",
    "data": "webapp.cli.data:data",
    "benchmark": "webapp.cli.benchmark:benchmark",
    "kb": "webapp.cli.kb:kb",
    "chat": "webapp.cli.chat:chat",
    "encoder": "webapp.cli.encoder:encoder",
    "webhook": "webapp.cli.webhooks:webhook",
}
_HELP = {
    "init": "Create or update a data folder.",
    "up": "Start every process under one supervisor.",
    "doctor": "Check the whole chain and name the remedies.",
    "user": "Create accounts of staff.",
    "token": "Create API tokens.",
    "train": "Train models.",
    "test": "Test models.",
    "parse": "Understand one text.",
    "shell": "Talk to the bot in the terminal.",
    "data": "Check, split and convert training data.",
    "benchmark": "Measure on a folder of examples.",
    "kb": "Import, search, test and publish knowledge.",
    "chat": "Run conversation tests.",
    "encoder": "Make and check the sentence encoder.",
    "webhook": "Tell other systems what happens here.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which one needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself."""
        address = _COMMANDS.get(cmd_name)
        if address is None:
            return None
        module, _, attribute = address.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{address} is not a click command.")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _HELP[name]) for name in _COMMANDS])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jiedai", prog_name="jiedai")
def main() -> None:
    """Jiedai 接待: a customer service of your own, with a bot that fetches a person in time."""
