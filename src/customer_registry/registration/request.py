"""An idempotent request: the same key and content get the same answer, once."""

import json
from collections.abc import Mapping
from typing import cast

import attrs

from customer_registry.domain.errors import IdempotencyConflict, InvalidValue, ValidationFailed
from customer_registry.domain.issues import Report, Severity
from customer_registry.domain.journal import body_digest
from customer_registry.domain.values import text
from customer_registry.registration.office import Office
from customer_registry.repository import Receipt, StoredReceipt, UnitOfWork

__all__ = ["Request", "canonical"]


@attrs.frozen(eq=False, repr=False)
class Request:
    """One call of a writing verb, by its actor, its key and the canonical form of its content."""

    actor: str
    key: str
    content: bytes = attrs.field(repr=False)

    @classmethod
    def of(
        cls, office: Office, key: object, verb: str, raw: object, target: object = None
    ) -> "Request | None":
        """Return the request behind a call; None without a key, or with a blank one.

        Raises ValidationFailed for a key that is no line of text.
        """
        if key is None:
            return None
        try:
            tidy = text.line(key) if isinstance(key, str) else _no_text()
        except InvalidValue as refusal:
            echo = raw if isinstance(raw, Mapping) else {"": raw}
            issues = [refusal.issue(("idempotency_key",))]
            raise ValidationFailed(Report(issues, cast("Mapping[str, object]", echo))) from None
        if not tidy:
            return None
        return cls(office.actor.id, tidy, canonical([verb, str(target), raw]))

    def replayed(self, office: Office, work: UnitOfWork) -> Receipt | None:
        """Return the first receipt as it stands now, None for a new request.

        Raises IdempotencyConflict when the key was used with other content.
        """
        stored = work.receipts.get(self.actor, self.key)
        if stored is None:
            return None
        if stored.digest != self._digest(stored.salt):
            raise IdempotencyConflict
        customer = office.found(work, stored.customer_id)
        report = Report(stored.issues, sentences=office.engine.policy.sentences)
        return Receipt(customer=customer, version=stored.version, report=report, replayed=True)

    def remember(self, office: Office, work: UnitOfWork, receipt: Receipt) -> None:
        """Keep what a retry needs: id, version and warnings, never the customer.

        Now and then the receipts that are older than `office.receipts_kept` are forgotten, those
        of imports apart.
        """
        salt, now = office.salt(16), office.clock()
        if salt[0] == 0:  # once in 256 times is often enough
            work.receipts.prune(now - office.receipts_kept)
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
                at=now,
            )
        )

    def _digest(self, salt: bytes) -> bytes:
        return body_digest(salt, self.content)


def _no_text() -> str:
    raise InvalidValue("field.type", expected="text")


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
