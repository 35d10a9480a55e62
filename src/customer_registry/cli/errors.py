"""What went wrong, said in the reader's language, and the exit status that goes with it."""

from collections.abc import Iterator
from typing import Any, cast

import attrs
import cyclopts
from cyclopts.exceptions import CycloptsError

from customer_registry.cli.speech import Speech
from customer_registry.cli.their_words import their_words
from customer_registry.domain.errors import (
    BackupDamaged,
    CodesExhausted,
    CommitOutcomeUnknown,
    InvalidValue,
    MissingExtra,
    NotPermitted,
    OlderBackup,
    PolicyError,
    RegistryError,
    StorageError,
    StorageOccupied,
    StorageUnavailable,
    TamperedRecord,
    UnreadableFile,
    ValidationFailed,
    WrongBackupKey,
)
from customer_registry.domain.issues import Report
from customer_registry.storage.opening import is_address

__all__ = ["DONE", "REFUSED", "STOPPED", "NotThere", "Unusable", "explained"]

DONE, REFUSED, UNUSABLE, UNEXPECTED, STOPPED = 0, 1, 2, 70, 130


class Unusable(Exception):
    """A command that cannot be carried out as it was written; says so in the reader's language."""

    status = UNUSABLE


class NotThere(Unusable):
    """A customer that the command names and nobody knows."""

    status = REFUSED


def explained(
    error: Exception, say: Speech, database: str | None, address: str | None = None
) -> tuple[int, tuple[str, ...]]:
    """Return the exit status for an exception, and the lines that explain it.

    `database` is how people read of it, `address` what was given, password and all.
    """
    match error:
        case ValidationFailed() | CodesExhausted():
            return REFUSED, tuple(_refusal(error.report, say))
        case PolicyError(mistakes=mistakes):
            return UNUSABLE, (say("policy.wrong"), *(f"  {each}" for each in mistakes))
        case CycloptsError():
            return UNUSABLE, (say("error") + _misspelt(error, say), _see(error, say))
        case _:
            status, sentence = _in_a_sentence(error, say, database, address)
            return status, (say("error") + sentence, *_beside(error, say, address))


def _in_a_sentence(
    error: Exception, say: Speech, database: str | None, address: str | None
) -> tuple[int, str]:
    match error:
        case Unusable():
            return error.status, str(error)
        case OlderBackup() | StorageOccupied():
            return REFUSED, _how_far(error, say, database)
        case WrongBackupKey(key_id=key_id):
            sentence = "WrongBackupKey" if key_id else "backup.unsealed"
            return REFUSED, say(sentence, key_id=key_id)
        case BackupDamaged() | TamperedRecord():
            return REFUSED, say(_key(error, say), db=database, reason=error)
        case NotPermitted(action=action):
            return REFUSED, say.catalogue.sentence("permission.denied", {"action": action})
        case UnreadableFile(issue=issue):
            status = REFUSED if issue.code == "heads.empty" else UNUSABLE
            return status, issue.line(say.language)
        case InvalidValue():
            return UNUSABLE, error.issue().line(say.language)
        case MissingExtra(extra=extra):
            return UNUSABLE, say("extra.missing", extra=extra)
        case RegistryError():
            return UNUSABLE, _plainly(error, say, database, address)
        case _:
            return UNEXPECTED, say("unexpected", error=type(error).__name__)


def _beside(error: Exception, say: Speech, address: str | None) -> Iterator[str]:
    """Yield what another package's store said itself, where it is not in the sentence already."""
    if not isinstance(error, StorageError) or isinstance(error, _TOLD):
        return
    is_in_the_sentence = type(error) is StorageUnavailable
    if not is_in_the_sentence and (words := their_words(error, address)):
        yield say("their.words", words=words)


_TOLD = (CommitOutcomeUnknown, StorageOccupied)
"""Errors whose words are always our own."""


def _how_far(error: OlderBackup | StorageOccupied, say: Speech, database: str | None) -> str:
    """Return what a refusal says that knows how far the journals of both sides go."""
    if isinstance(error, OlderBackup):
        return say("OlderBackup", db=database, number=error.number, known=error.known)
    key = "occupied.other" if error.number is None else "occupied.same"
    return say(key, db=database, number=error.number, expected=error.expected)


def _plainly(error: RegistryError, say: Speech, database: str | None, address: str | None) -> str:
    """Return what is wrong, with the database or with another file that has its own sentence."""
    key, path = _key(error, say), error.path if isinstance(error, StorageError) else None
    if isinstance(error, StorageError) and error.first is not None:
        return say(f"{error.first}.first", db=database)
    if type(error) is StorageUnavailable and database is not None and is_address(database):
        reason = their_words(error, address) or error
        return say("StorageUnavailable.address", db=database, reason=reason)
    if path is not None and say.can_say(f"{key}.file"):
        return say(f"{key}.file", file=path)
    return say(key, db=database, reason=error)


def _refusal(report: Report, say: Speech) -> Iterator[str]:
    """Yield what keeps a customer from being saved, then what else is worth knowing."""
    others = [issue for issue in report.issues if issue not in report.errors]
    yield say("not.saved")
    yield from _indented(attrs.evolve(report, issues=report.errors), say)
    if others:
        yield say("by.the.way")
        yield from _indented(attrs.evolve(report, issues=others), say)


def _indented(report: Report, say: Speech) -> Iterator[str]:
    yield from (f"  {line}" for line in report.lines(say.language))


def _key(error: Exception, say: Speech) -> str:
    """Return the key of the sentence for the nearest kind of error that has one."""
    names = (kind.__name__ for kind in type(error).__mro__)
    return next(name for name in names if say.can_say(name))


def _misspelt(error: CycloptsError, say: Speech) -> str:
    """Return what is wrong with the way a command was written."""
    token, argument, words = _token(error), _argument(error), _choices(error)
    match error:
        case cyclopts.UnknownCommandError() | cyclopts.UnknownOptionError():
            return say(_key(error, say), token=token)
        case cyclopts.UnusedCliTokensError() | cyclopts.RepeatArgumentError():
            return say(_key(error, say), token=token)
        case cyclopts.MissingArgumentError() if argument.startswith("-"):
            return say("missing.value", argument=argument)
        case cyclopts.MissingArgumentError():
            return say(_key(error, say), argument=argument, about=say.about(argument))
        case cyclopts.CoercionError():
            choices = say("choices", words=say.listed(words)) if words else ""
            return say(_key(error, say), argument=argument, token=token, choices=choices)
        case _:
            return say("CycloptsError", reason=error)


def _see(error: CycloptsError, say: Speech) -> str:
    return say("usage.help", command=" ".join(["customer-registry", *(error.command_chain or ())]))


def _token(error: CycloptsError) -> str:
    token = getattr(error, "token", None)
    if token is None:
        unused = error.unused_tokens or [""]
        return unused[0] if isinstance(error, cyclopts.UnknownCommandError) else " ".join(unused)
    keyword, value = getattr(token, "keyword", None), getattr(token, "value", "")
    said = value if isinstance(error, cyclopts.CoercionError) else keyword or value
    return str(said)


def _argument(error: CycloptsError) -> str:
    return str(error.argument.name) if error.argument else ""


def _choices(error: CycloptsError) -> tuple[str, ...]:
    argument: Any = cast("Any", error.argument)
    return tuple(argument.get_choices() or ()) if argument else ()
