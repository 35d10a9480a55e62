"""The commands about backups: a key for them, making, checking and taking back."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import attrs
from cyclopts import Parameter, validators

from customer_registry.cli.commands import Commands, Flag, In, actor
from customer_registry.cli.errors import DONE, Unusable
from customer_registry.operations import HeadFile, Manifest, backup, restore, verify_backup
from customer_registry.storage.opening import MEMORY

__all__ = ["BackupCommands"]

KeyFile: TypeAlias = Path | None
Keep: TypeAlias = Annotated[int | None, Parameter(validator=validators.Number(gte=1))]


@attrs.frozen
class BackupCommands:
    """`backup`, `verify-backup`, `restore` and `new-key`."""

    main: Commands

    def by_name(self) -> dict[str, Callable[..., int]]:
        """Return the commands by the names that people type."""
        return {
            "backup": self.backup,
            "verify-backup": self.verify,
            "restore": self.restore,
            "new-key": self.new_key,
        }

    def backup(
        self,
        database: str | None = None,
        /,
        *,
        to: Path,
        in_: In = None,
        key_file: KeyFile = None,
        plain: Flag = False,
        keep: Keep = None,
    ) -> int:
        """Write a backup, and read it back."""
        key = self._key(key_file, plain=plain)
        if keep is not None and not to.is_dir():
            raise Unusable(self.main.screen.say("keep.folder", file=to))
        named = self.main.named(database or in_, "--in", existing=True)
        with self.main.opened(named, None) as registry, self.main.progress("backing.up") as tick:
            made = backup(registry, to, key=key, plain=plain, keep=keep, on_progress=tick)
        self._tell("backed.up", made)
        return DONE

    def verify(self, file: Path, /, *, key_file: KeyFile = None, plain: Flag = False) -> int:
        """Read a backup to its end; nothing is written."""
        key = self._key(key_file, plain=plain)
        self.main.database = str(file)
        with self.main.progress("verifying") as tick:
            made = verify_backup(file, key=key, plain=plain, on_progress=tick)
        self._tell("backup.verified", made)
        return DONE

    def restore(
        self,
        file: Path,
        /,
        *,
        into: Annotated[str | None, Parameter(name=["--into", "--in"])] = None,
        key_file: KeyFile = None,
        plain: Flag = False,
        accept_older: Flag = False,
        head_file: Path | None = None,
    ) -> int:
        """Take a backup back into a database that nobody has open."""
        key = self._key(key_file, plain=plain)
        named = self.main.named(into, "--into")
        if named == MEMORY:
            raise Unusable(self.main.screen.say("no.store", db=named))
        with self.main.progress("restoring") as tick:
            made = restore(
                file,
                named,
                key=key,
                plain=plain,
                accept_older=accept_older,
                head=HeadFile(head_file) if head_file else (),
                keyring=self.main.keyring,
                actor=actor(),
                on_progress=tick,
            )
        self._tell("restored", made)
        return DONE

    def new_key(self, file: Path, /) -> int:
        """Make a key for backups."""
        from customer_registry.sealing.key_file import new_key_file  # noqa: PLC0415  seldom

        say = self.main.screen.say
        try:
            new_key_file(file)
        except FileExistsError as error:
            raise Unusable(say("key.exists", file=file)) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Unusable(say("unwritable", file=file, reason=reason)) from error
        self.main.screen.line(say("key.made", file=file))
        return DONE

    def _key(self, file: Path | None, *, plain: bool) -> bytes | None:
        """Return the key of a file; that there is none has to be said as well."""
        from customer_registry.sealing.key_file import load_key  # noqa: PLC0415  seldom

        if (file is None) != plain:
            raise Unusable(self.main.screen.say("key.or.plain"))
        return None if file is None else load_key(file)

    def _tell(self, key: str, made: Manifest) -> None:
        screen, database = self.main.screen, self.main.database
        counted = {"customers": made.customers, "entries": made.head.number}
        at = made.created.astimezone().strftime("%Y-%m-%d %H:%M")
        screen.line(screen.say(key, db=database, file=made.path, at=at, **counted))
