"""The command line. Each command is imported only when it is called, so all of them start fast."""

from __future__ import annotations

from importlib import import_module

import click

from transition_exchange.process_memory import forbid_core_dumps

COMMANDS = {
    "administrators": (
        "transition_exchange.commands.administrators:group",
        "Invite an administrator where nobody is left who could.",
    ),
    "audit": ("transition_exchange.commands.audit:group", "Check the chains of events."),
    "demo": ("transition_exchange.commands.demo:demo", "Serve a sample area in a fresh database."),
    "init": (
        "transition_exchange.commands.installation:init",
        "Set up keys and the database; found an area.",
    ),
    "pack": ("transition_exchange.commands.pack:pack", "Print the pack of a record in a file."),
    "proforma": ("transition_exchange.commands.proforma:group", "List, show and check versions of the form."),
    "serve": ("transition_exchange.commands.serving:serve", "Serve the pages."),
    "upgrade": ("transition_exchange.commands.installation:upgrade", "Bring the database up to date."),
    "work": ("transition_exchange.commands.serving:work", "Send mails, sign heads, delete what is due."),
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is called or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where the name is unknown."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in sorted(COMMANDS.items())])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="transition-exchange")
def main() -> None:
    """What helps a young person learn, carried safely from school to the next place."""
    forbid_core_dumps()


if __name__ == "__main__":
    main()
