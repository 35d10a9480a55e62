"""The commands about a database itself: how it stands, and whether everything in it agrees."""

from collections.abc import Callable
from pathlib import Path

import attrs

from customer_registry.cli.commands import Commands, In
from customer_registry.cli.errors import DONE, REFUSED
from customer_registry.operations import Agreement, health, verify

__all__ = ["StoreCommands"]


@attrs.frozen
class StoreCommands:
    """`verify` and `health`; the database stands behind the command, or where it does elsewhere."""

    main: Commands

    def by_name(self) -> dict[str, Callable[..., int]]:
        """Return the commands by the names that people type."""
        return {"verify": self.verify, "health": self.health}

    def verify(
        self,
        database: str | None = None,
        /,
        *,
        in_: In = None,
        policy: Path | None = None,
    ) -> int:
        """Compare everything in a database with everything else; nothing is changed."""
        named, decided = self._existing(database or in_), self.main.policy_in(policy)
        with self.main.opened(named, decided) as registry, self.main.progress("verifying") as tick:
            agreement = verify(registry, on_progress=tick)
        self._tell(agreement, named)
        return DONE if agreement.ok else REFUSED

    def health(
        self,
        database: str | None = None,
        /,
        *,
        in_: In = None,
        policy: Path | None = None,
    ) -> int:
        """Say what a database guarantees, and how it stands."""
        named, decided = self._existing(database or in_), self.main.policy_in(policy)
        with self.main.opened(named, decided) as registry:
            told = health(registry)
        for line in told.lines(self.main.screen.say.language):
            self.main.screen.line(line)
        return DONE

    def _tell(self, agreement: Agreement, database: str) -> None:
        screen = self.main.screen
        counted = {"entries": agreement.entries, "customers": agreement.customers}
        key = "verified" if agreement.ok else "disagrees"
        screen.line(screen.say(key, db=database, **counted))
        for each in agreement.disagreements:
            screen.line(f"  {each.code}  {each.where}")

    def _existing(self, given: str | None) -> str:
        return self.main.named(given, "--in", existing=True)
