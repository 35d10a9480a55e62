"""The command line from its arguments to its exit status."""

import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version

from cyclopts import App

from customer_registry.cli.backups import BackupCommands
from customer_registry.cli.codes import CodeCommands
from customer_registry.cli.commands import Commands
from customer_registry.cli.errors import DONE, STOPPED, Unusable, explained
from customer_registry.cli.help import HelpPage
from customer_registry.cli.screen import Screen
from customer_registry.cli.speech import Speech, language_of, without_wishes
from customer_registry.cli.store import StoreCommands
from customer_registry.domain.messages import LANGUAGES

__all__ = ["run"]

NAME = "customer-registry"


def run(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Carry out one command and return its exit status; nothing is ever raised.

    0 the work was done, 1 refused or not found, 2 unusable as written, 70 a fault of ours,
    130 stopped by Ctrl-C.
    """
    wishes, rest = without_wishes(arguments)
    language = wishes.language
    say = Speech(language if language in LANGUAGES else language_of(environment))
    screen = Screen(say)
    commands = Commands(screen, environment, keyring_file=wishes.keyring)
    try:
        _refuse_unknown(language, say)
        return _called(commands, rest)
    except KeyboardInterrupt:
        screen.complain("", commands.stopped())
        return STOPPED
    except Exception as error:  # noqa: BLE001  a clerk is never shown a traceback unasked
        status, lines = explained(error, say, commands.database, commands.address)
        if wishes.debug:
            traceback.print_exception(error, file=sys.stderr)
        screen.complain(*lines)
        return status


def _called(commands: Commands, arguments: Sequence[str]) -> int:
    status = app(commands)(
        list(arguments), exit_on_error=False, print_error=False, result_action="return_value"
    )
    return status if isinstance(status, int) else DONE


def app(commands: Commands) -> App:
    """Return the command line's grammar, made of the methods of `commands`."""
    say, screen = commands.screen.say, commands.screen
    grammar = App(
        NAME,
        help=say.about(NAME),
        help_format="plaintext",
        help_formatter=HelpPage(screen),
        version=lambda: f"{NAME} {version(NAME)}",
        console=screen.out,
        error_console=screen.err,
        suppress_keyboard_interrupt=False,
    )
    daily = {
        **commands.by_name(),
        **StoreCommands(commands).by_name(),
        **BackupCommands(commands).by_name(),
    }
    _fill(grammar, daily, say)
    codes = App("codes", help=say.about("codes"), sort_key=len(daily))
    _fill(codes, CodeCommands(commands).by_name(), say)
    grammar.command(codes)
    return grammar


def _fill(grammar: App, commands: Mapping[str, Callable[..., int]], say: Speech) -> None:
    for place, (name, command) in enumerate(commands.items()):
        grammar.command(command, name=name, help=say.about(name), sort_key=place)


def _refuse_unknown(language: str | None, say: Speech) -> None:
    if language is not None and language not in LANGUAGES:
        choices = say("choices", words=say.listed(LANGUAGES))
        raise Unusable(say("CoercionError", argument="--lang", token=language, choices=choices))
