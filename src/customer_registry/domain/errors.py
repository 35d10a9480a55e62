"""What goes wrong in ways that are facts, not findings about the typed text."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from customer_registry.domain.issues import Issue, Path, Report

if TYPE_CHECKING:
    from uuid import UUID

__all__ = [
    "BackupDamaged",
    "CodesExhausted",
    "CommitOutcomeUnknown",
    "CustomerNotFound",
    "IdempotencyConflict",
    "InvalidCursor",
    "InvalidValue",
    "KeyUnavailable",
    "MissingExtra",
    "NotPermitted",
    "OlderBackup",
    "PolicyError",
    "RegistryError",
    "RetryTransaction",
    "SchemaTooNew",
    "SchemaTooOld",
    "StorageBusy",
    "StorageCorrupt",
    "StorageError",
    "StorageForeign",
    "StorageFull",
    "StorageMissing",
    "StorageOccupied",
    "StorageUnavailable",
    "TamperedRecord",
    "UnreadableFile",
    "ValidationFailed",
    "WrongBackupKey",
]


class RegistryError(Exception):
    """Whatever this package raises on purpose; it can be pickled, with all its fields."""

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args, self.__dict__)


def _again(
    kind: type[RegistryError], args: tuple[object, ...], fields: dict[str, object]
) -> object:
    """Return an exception as it was raised in another process."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(fields)
    return error


class InvalidValue(RegistryError, ValueError):
    """A text that can never become the value asked for.

    `code` and `params` are those of the issue it becomes, `suggestion` the text that would pass.
    """

    def __init__(self, code: str, *, suggestion: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params
        self.suggestion = suggestion

    def issue(self, path: Path = ()) -> Issue:
        """Return this refusal as an issue standing at `path`."""
        return Issue(self.code, path, params=self.params, suggestion=self.suggestion)


class ValidationFailed(RegistryError):
    """Nothing was saved because the `report` holds errors."""

    def __init__(self, report: Report) -> None:
        faults = dict.fromkeys(f"{each.code} at {_spelt(each.path)}" for each in report.errors)
        super().__init__("not saved: " + ", ".join(faults))
        self.report = report


def _spelt(path: Path) -> str:
    return ".".join(map(str, path)) or "the whole"


class CustomerNotFound(RegistryError):
    """No customer with this code or id, as far as the reader may know."""

    def __init__(self) -> None:
        super().__init__("no such customer")

    def message(self, language: str = "zh") -> str:
        """Return the sentence that tells a clerk, the same whether he is missing or not seen.

        >>> CustomerNotFound().message("en")
        'There is no such customer, or you may not see it'
        """
        return Report().sentence("customer.unseen", {}, language)


class CodesExhausted(RegistryError):
    """The number range has no number left; `report` says so beside what else was found."""

    def __init__(self, *, width: int, maximum: int) -> None:
        super().__init__(f"all numbers of {width} digits are used")
        self.width = width
        self.maximum = maximum
        self.report = Report([self.issue()])

    def issue(self) -> Issue:
        """Return the issue that a report shows for it."""
        params = {"width": self.width, "max": self.maximum}
        return Issue("code.sequence_overflow", ("code",), params=params)


class IdempotencyConflict(RegistryError):
    """The idempotency key was used before, with other content."""

    def __init__(self) -> None:
        super().__init__("this idempotency key belongs to another request")


class InvalidCursor(RegistryError):
    """The text given as `after` is no cursor of this registry."""

    def __init__(self) -> None:
        super().__init__("not a cursor of this registry; start again from the first page")


class NotPermitted(RegistryError):
    """The actor may not do this; `whom_to_ask` comes from the company policy.

    `customer_id` is whom it concerned: a customer that the actor may see.
    """

    def __init__(
        self, action: str, whom_to_ask: str | None = None, *, customer_id: "UUID | None" = None
    ) -> None:
        ask = f"; ask {whom_to_ask}" if whom_to_ask else ""
        super().__init__(f"not permitted: {action}{ask}")
        self.action = action
        self.whom_to_ask = whom_to_ask
        self.customer_id = customer_id

    def message(self, language: str = "zh") -> str:
        """Return the sentence that tells a clerk, and whom to ask where the company says so.

        >>> NotPermitted("update", "王主管").message("en")
        'You may not do this (update); please ask 王主管'
        """
        params = {"action": self.action, "ask": self.whom_to_ask or "administrator"}
        return Report().sentence("permission.refused", params, language)


class PolicyError(RegistryError):
    """A company policy or code pattern that cannot be; `mistakes` lists them all.

    `source` is the path of the file, where there was one.
    """

    def __init__(self, mistakes: Iterable[str] | str, *, source: str | None = None) -> None:
        self.mistakes = (mistakes,) if isinstance(mistakes, str) else tuple(mistakes)
        self.source = source
        super().__init__((f"{source}: " if source else "") + "; ".join(self.mistakes))


class MissingExtra(RegistryError):
    """A part that is installed on request only; says what to install."""

    def __init__(self, extra: str) -> None:
        super().__init__(f'install it first: python -m pip install "customer-registry[{extra}]"')
        self.extra = extra


class UnreadableFile(RegistryError):
    """A file that cannot be imported, or not be written; `issue` says why."""

    def __init__(self, code: str, **params: object) -> None:
        self.issue = Issue(code, params=params)
        super().__init__(self.issue.line("en"))


class StorageError(RegistryError):
    """The store could not do its work.

    `path` is the file that it is about where that is another one than the store's: a backup.
    `first` is the operation that has to be called before: `seal` or `rotate`.
    """

    path: str | None = None
    first: str | None = None


class StorageBusy(StorageError):
    """Other writers kept the store for the whole waiting time; nothing was changed."""


class StorageFull(StorageError):
    """No room left on the device; nothing was changed."""


class StorageCorrupt(StorageError):
    """The store is damaged, or is no database at all."""


class StorageForeign(StorageError):
    """The file is somebody else's sound database, or another registry's backup; it stays."""


class StorageUnavailable(StorageError):
    """The store cannot be opened: a missing folder, no right to write, a network disk."""


class StorageMissing(StorageUnavailable):
    """No store is there, and none was to be made; nothing was written."""


class StorageOccupied(StorageUnavailable):
    """The store that was to take a copy holds something else; nothing was written to it.

    `number` is its last journal entry where it is the same registry, None for another one's.
    `expected` is the last entry of the registry that was to be copied.
    """

    def __init__(self, number: int | None, expected: int) -> None:
        held = "holds something else"
        if number == expected:
            held = "holds this registry otherwise than it is"
        elif number is not None:
            held = f"holds this registry as of entry {number}, not of entry {expected}"
        super().__init__(f"the store that is to take the copy {held}; give an empty one")
        self.number = number
        self.expected = expected


class SchemaTooNew(StorageError):
    """The store was written by a later version of this package."""


class SchemaTooOld(StorageError):
    """The store was written by an earlier version of this package; it has to be migrated first."""


class CommitOutcomeUnknown(StorageError):
    """The commit failed after it may have landed.

    Retry with the same `idempotency_key`: it answers with the first receipt or saves anew.
    """

    def __init__(self, idempotency_key: str | None = None) -> None:
        super().__init__("the commit may or may not have landed; retry with the idempotency key")
        self.idempotency_key = idempotency_key


class RetryTransaction(StorageError):
    """The host's own transaction lost a race and has to be run again as a whole."""


class KeyUnavailable(RegistryError):
    """A sealed field cannot be opened because its key is not here."""


class TamperedRecord(RegistryError):
    """A stored record does not answer to its seal or its chain."""


class BackupDamaged(RegistryError):
    """A file that is no backup, or not as it was written; nothing of it was taken."""

    def __init__(self) -> None:
        super().__init__("this is no backup, or it was altered or cut off; nothing was written")


class WrongBackupKey(RegistryError):
    """A backup that opens with another key, `key_id`, or that none has sealed (None)."""

    def __init__(self, key_id: str | None) -> None:
        opens = f"only the key {key_id} opens" if key_id else "no key sealed"
        super().__init__(f"{opens} this backup; nothing was written")
        self.key_id = key_id


class OlderBackup(RegistryError):
    """A backup whose journal ends at entry `number`; it is known to have come to `known`."""

    def __init__(self, number: int, known: int) -> None:
        super().__init__(
            f"the backup ends with journal entry {number}, the registry came to {known};"
            " accept_older=True gives up what came later"
        )
        self.number = number
        self.known = known
