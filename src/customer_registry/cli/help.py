"""The page that `--help` shows, in the reader's language."""

from collections.abc import Iterator
from typing import Any

from cyclopts.help import HelpEntry, HelpPanel
from rich.console import Console, ConsoleOptions

from customer_registry.cli.screen import Screen

__all__ = ["HelpPage"]

_EVERYWHERE = ("--lang", "--keyring", "--debug")


class HelpPage:
    """Formats what cyclopts knows of a command with our own words."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """Show commands, or arguments and options, each with what it is for."""
        del console, options
        rows = [(_names(entry), self._about(entry)) for entry in panel.entries]
        if not rows:
            return
        if panel.format == "command":
            rows += [(name, self._screen.say.about(name)) for name in _EVERYWHERE]
        self._screen.tell()
        self._screen.tell(self._screen.say(f"help.{str(panel.title).casefold()}"), style="bold")
        self._screen.facts((f"  {name}", about) for name, about in rows)

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:  # noqa: ANN401  a renderable of cyclopts
        """Show how the command is written."""
        del console, options
        text = str(usage).removeprefix("Usage: ").strip()
        if text:
            self._screen.line(self._screen.say("help.usage") + text)

    def render_description(
        self,
        console: Console,
        options: ConsoleOptions,
        description: Any,  # noqa: ANN401  a renderable of cyclopts
    ) -> None:
        """Show what the command does."""
        del options
        with console.capture() as captured:
            console.print(description)
        if captured.get().strip():
            self._screen.tell()
            self._screen.tell(captured.get().strip())

    def _about(self, entry: HelpEntry) -> str:
        say = self._screen.say
        about = next((text for name in _spellings(entry) if (text := say.about(name))), "")
        return about + (say("help.required") if entry.required else "")


def _spellings(entry: HelpEntry) -> Iterator[str]:
    yield from entry.names
    label = getattr(entry, "positional_label", None)
    if label:
        yield label


def _names(entry: HelpEntry) -> str:
    return " ".join(_spellings(entry))
