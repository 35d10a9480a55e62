"""An idempotent request: the same key and content get the same answer, once."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Self, cast

import attrs

from customer_registry.domain.errors import (
    CommitOutcomeUnknown,
    CustomerNotFound,
    IdempotencyConflict,
    InvalidValue,
    ValidationFailed,
)
from customer_registry.domain.issues import Issue, Report, Severity
from customer_registry.domain.journal import body_digest
from customer_registry.domain.values import text
from customer_registry.registration.office import Office
from customer_registry.repository import IMPORT, Receipt, StoredReceipt, UnitOfWork
from customer_registry.validation.required import field_behind

__all__ = ["Request", "canonical"]


@attrs.frozen(eq=False, repr=False)
class Request:
    """One call of a writing verb, by its actor, its key and the canonical form of its content.

    Without a key it is a request like any other that is never remembered.
    """

    actor: str
    key: str
    content: bytes

    @classmethod
    def of(cls, office: Office, key: object, verb: str, raw: object, target: object = None) -> Self:
        """Return the request behind a call; raises ValidationFailed for a key that is no text."""
        tidy = _tidy(key, raw)
        content = canonical([verb, str(target), raw]) if tidy else b""
        return cls(office.actor.id, tidy, content)

    @property
    def is_keyed(self) -> bool:
        """Whether the caller gave a key."""
        return bool(self.key)

    def replayed(self, office: Office, work: UnitOfWork) -> Receipt | None:
        """Return the first receipt as it stands now, None for a new request.

        Raises IdempotencyConflict when the key was used with other content.
        """
        stored = work.receipts.get(self.actor, self.key) if self.is_keyed else None
        if stored is None:
            return None
        if stored.digest != self._digest(stored.salt):
            raise IdempotencyConflict
        customer = office.found(work, stored.customer_id)
        told = [issue for issue in stored.issues if _may_be_told(office, work, issue)]
        report = Report(told, sentences=office.engine.policy.spoken)
        return Receipt(customer=customer, version=stored.version, report=report, replayed=True)

    def remember(self, office: Office, work: UnitOfWork, receipt: Receipt) -> None:
        """Keep what a retry needs: id, version and warnings, never the customer."""
        if not self.is_keyed:
            return
        _forget_old_ones(office, work)
        salt = office.salt(16)
        work.receipts.add(
            StoredReceipt(
                actor=self.actor,
                key=self.key,
                salt=salt,
                digest=self._digest(salt),
                customer_id=receipt.customer.id,
                version=receipt.version,
                issues=tuple(
                    attrs.evolve(issue, suggestion=None)
                    for issue in receipt.report.issues
                    if issue.severity is Severity.WARNING
                ),
                at=office.clock(),
            )
        )

    @contextmanager
    def in_doubt(self) -> Generator[None, None, None]:
        """Return a context in which a commit of unknown outcome names the key to retry with."""
        try:
            yield
        except CommitOutcomeUnknown as unknown:
            raise CommitOutcomeUnknown(self.key or None) from unknown

    def _digest(self, salt: bytes) -> bytes:
        return body_digest(salt, self.content)


def _may_be_told(office: Office, work: UnitOfWork, issue: Issue) -> bool:
    """Whether the reader of a replayed receipt sees whom an issue names, and by what it found him.

    Whoever sent the request first may have seen more.
    """
    code = issue.params.get("code")
    if code is None or office.view.is_whole:
        return True
    try:
        named = office.found(work, str(code))
    except CustomerNotFound:
        return False
    return not issue.path or field_behind(str(issue.path[0])) not in office.view.unseen(named)


def canonical(raw: object) -> bytes:
    """Return one spelling for raw content, whatever the order of its keys.

    >>> canonical({"b": 1, "a": "张"}) == canonical({"a": "张", "b": 1})
    True
    """
    try:
        return json.dumps(raw, sort_keys=True, default=_spelt).encode()
    except Exception:  # noqa: BLE001  the texts of foreign objects may do anything
        return repr(type(raw)).encode()  # unkeyable content is refused by the readers anyway


def _spelt(value: object) -> object:
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else str(value)


def _tidy(key: object, raw: object) -> str:
    """Return the key as one line of text, empty for none; refuse what is no text."""
    if key is None:
        return ""
    issue = Issue("field.type", ("idempotency_key",), params={"expected": "text"})
    if isinstance(key, str):
        try:
            return text.line(key)
        except InvalidValue as refusal:
            issue = refusal.issue(issue.path)
    echo = raw if isinstance(raw, Mapping) else {"": raw}
    raise ValidationFailed(Report([issue], cast("Mapping[str, object]", echo)))


def _forget_old_ones(office: Office, work: UnitOfWork) -> None:
    """Prune the receipts now and then; those of imports are pruned by hand."""
    if office.chance() < _SELDOM:
        work.receipts.prune(office.clock() - office.receipts_kept, keep_actor=IMPORT)


_SELDOM = 1 / 256
