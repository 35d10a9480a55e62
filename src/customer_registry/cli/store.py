"""The commands about a database itself: how it stands, and whether everything in it agrees."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import attrs

from customer_registry.cli.commands import Commands, In
from customer_registry.cli.errors import DONE, REFUSED, Unusable
from customer_registry.exchange.placing import placed
from customer_registry.operations import (
    Agreement,
    HeadFile,
    copy,
    health,
    report,
    rotate,
    seal,
    verify,
)
from customer_registry.storage.opening import MEMORY, is_address, shown

__all__ = ["StoreCommands"]


@attrs.frozen
class StoreCommands:
    """The commands about a database: it stands behind the command, or where it does elsewhere."""

    main: Commands

    def by_name(self) -> dict[str, Callable[..., int]]:
        """Return the commands by the names that people type."""
        return {
            "verify": self.verify,
            "health": self.health,
            "report": self.report,
            "copy": self.copy,
            "seal": self.seal,
            "rotate": self.rotate,
            "new-keyring": self.new_keyring,
        }

    def verify(
        self,
        database: str | None = None,
        /,
        *,
        in_: In = None,
        policy: Path | None = None,
        head_file: Path | None = None,
    ) -> int:
        """Compare everything in a database with everything else; nothing is changed."""
        named, decided = self._existing(database or in_), self.main.policy_in(policy)
        with self.main.opened(named, decided) as registry, self.main.progress("verifying") as tick:
            heads = HeadFile(head_file) if head_file else None
            agreement = verify(registry, head=heads, on_progress=tick)
        self._tell(agreement)
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

    def report(
        self,
        database: str | None = None,
        /,
        *,
        in_: In = None,
        policy: Path | None = None,
        since: date | None = None,
        until: date | None = None,
        to: Path | None = None,
    ) -> int:
        """Tell what was done in a time: on the screen, or in a page or JSON."""
        named, decided = self._existing(database or in_), self.main.policy_in(policy)
        screen, language = self.main.screen, self.main.screen.say.language
        written = self._form(to)
        if since and until and since > until:
            raise Unusable(screen.say("period.backwards"))
        with self.main.opened(named, decided) as registry:
            told = report(registry, since=since, until=until)
        if to is None:
            for line in told.text(language).splitlines():
                screen.line(line)
            return DONE
        text = told.html(language) if written == ".html" else told.json()
        placed(to, lambda fresh: fresh.write_text(text, "utf-8"))
        screen.line(screen.say("reported", file=to))
        return DONE

    def copy(self, source: str, target: str, /) -> int:
        """Copy everything in a database into another one, of any kind."""
        say = self.main.screen.say
        given = self.main.named(source, "SOURCE", existing=True)
        if target == MEMORY:
            raise Unusable(say("no.store", db=target))
        if _is_same(given, target):
            raise Unusable(say("copy.same", db=self.main.database))
        with self.main.opened(given, None) as registry, self.main.progress("copying") as tick:
            self.main.named(target, "TARGET")
            made = copy(registry, target, keyring=self.main.keyring, on_progress=tick)
        counted = {"customers": made.customers, "entries": made.head.number}
        told = "copy.found" if made.found else "copied"
        self.main.screen.line(say(told, source=shown(given), db=shown(target), **counted))
        return DONE

    def seal(self, database: str | None = None, /, *, in_: In = None) -> int:
        """Seal the sensitive fields of a database."""
        named = self._sealable(database or in_)
        with self.main.opened(named, None) as registry, self.main.progress("sealing") as tick:
            many = seal(registry, on_progress=tick)
        self.main.screen.line(self.main.screen.say("sealed", db=self.main.database, n=many))
        return DONE

    def rotate(self, database: str | None = None, /, *, in_: In = None) -> int:
        """Go over to the newest keys of a keyring."""
        named = self._sealable(database or in_)
        with self.main.opened(named, None) as registry, self.main.progress("rotating") as tick:
            many = rotate(registry, on_progress=tick)
        self.main.screen.line(self.main.screen.say("rotated", db=self.main.database, n=many))
        return DONE

    def new_keyring(self, file: Path, /) -> int:
        """Make a keyring."""
        from customer_registry.sealing.keyring import Keyring  # noqa: PLC0415  seldom

        say = self.main.screen.say
        try:
            Keyring.generate().save(file)
        except FileExistsError as error:
            raise Unusable(say("key.exists", file=file)) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Unusable(say("unwritable", file=file, reason=reason)) from error
        self.main.screen.line(say("keyring.made", file=file))
        return DONE

    def _form(self, to: Path | None) -> str:
        """Return how a report is written: by the ending of its file."""
        ending = to.suffix.lower() if to else ""
        if to is not None and ending not in {".html", ".json"}:
            raise Unusable(self.main.screen.say("report.ending", file=to))
        return ending

    def _sealable(self, given: str | None) -> str:
        """Return the database meant; without keys nothing is sealed."""
        named = self._existing(given)
        if self.main.keyring is None:
            raise Unusable(self.main.screen.say("keyring.missing"))
        return named

    def _tell(self, agreement: Agreement) -> None:
        screen, database = self.main.screen, self.main.database
        counted = {"entries": agreement.entries, "customers": agreement.customers}
        codes = {each.code for each in agreement.disagreements}
        key = "verified" if agreement.ok else "disagrees"
        screen.line(screen.say("unkeyed" if codes == {_UNKEYED} else key, db=database, **counted))
        for each in agreement.disagreements:
            screen.line(f"  {each.code}  {each.where}")
        if self.main.keyring is None and _UNKEYED in codes:
            screen.line(screen.say("keyring.needed"))
        elif not codes.isdisjoint({_UNKEYED, "store.unopened"}):
            screen.line(screen.say("keyring.other"))

    def _existing(self, given: str | None) -> str:
        return self.main.named(given, "--in", existing=True)


_UNKEYED = "journal.unverified"


def _is_same(source: str, target: str) -> bool:
    """Return whether two names are those of one database."""
    if is_address(source) or is_address(target):
        return source == target
    return Path(source).resolve() == Path(target).resolve()
