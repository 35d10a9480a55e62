"""Hand over all that is held about a customer: for a machine, and for people to read."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.journal import JournalEntry
from customer_registry.domain.messages import Catalogue, catalogue
from customer_registry.repository import StoredReceipt, UnitOfWork, WaitingEdit

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["SubjectExport", "export_subject"]

FORMAT = "customer-registry/subject/1"
"""What the machine-readable form calls itself."""


@attrs.frozen(kw_only=True)
class SubjectExport:
    """All that is held about one customer, sensitive values included: hand it to nobody else.

    `customer` as it stands, `entries` who did what and when, `receipts` of saves that may be
    retried, `edits` that wait for a second person, `children` how many name it as their parent.
    Nothing in it is about anybody else: of warnings that named others only the codes are told.
    """

    customer: Customer = attrs.field(repr=False)
    at: datetime
    entries: tuple[JournalEntry, ...] = attrs.field(repr=False)
    receipts: tuple[StoredReceipt, ...] = attrs.field(repr=False)
    edits: tuple[WaitingEdit, ...] = attrs.field(repr=False)
    children: int = 0

    def mapping(self) -> dict[str, object]:
        """Return everything as JSON holds it."""
        return {
            "format": FORMAT,
            "exported_at": self.at.isoformat(),
            "customer": _customer(self.customer),
            "journal": [_entry(entry) for entry in self.entries],
            "receipts": [_receipt(receipt) for receipt in self.receipts],
            "waiting_edits": [_edit(edit) for edit in self.edits],
            "parent_of": self.children,
        }

    def json(self) -> str:
        """Return the machine-readable form: JSON, UTF-8, indented by two."""
        return json.dumps(self.mapping(), ensure_ascii=False, indent=2, default=str)

    def text(self, language: str = "zh") -> str:
        """Return the readable form: a line for each filled field, then what was done and when.

        Edits that wait for a second person follow, each field that they would change.
        """
        spoken = catalogue(language)
        lines = list(_lines(cast("Mapping[str, Any]", self.mapping()["customer"]), spoken))
        lines += ["", *(_told(entry) for entry in self.entries)]
        for edit in self.edits:
            lines += ["", _headed(edit, spoken), *_lines(edit.fields, spoken)]
        return "\n".join(lines)


def export_subject(registry: "CustomerRegistry", customer: Customer) -> SubjectExport:
    """Return all that is held about a customer (PIPL 2021, article 45; GDPR 2016/679, article 15).

    Nothing is masked, whoever asks: the permission is `export_subject`. The journal says that it
    was done. Raises CustomerNotFound, NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> customer = registry.register(kind="person", name="王芳").customer
    >>> print(export_subject(registry, customer).text("zh").splitlines()[1])
    客户编码：C000001
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("export_subject", customer, writing=True) as work:
        export = _exported(office, work, office.found(work, customer))
        work.journal.append(
            JournalEntry(
                at=export.at,
                actor=office.actor.id,
                action="subject_exported",
                customer_id=export.customer.id,
                version=export.customer.version,
            )
        )
    return export


def _exported(office: "Office", work: UnitOfWork, customer: Customer) -> SubjectExport:
    codes = {customer.code, *customer.former_codes}
    children = sum(1 for _, each in work.customers.iterate() if each.parent in codes)
    return SubjectExport(
        customer=customer,
        at=office.clock(),
        entries=work.journal.of(customer.id),
        receipts=work.receipts.of(customer.id),
        edits=work.edits.of(customer.id),
        children=children,
    )


def _customer(customer: Customer) -> dict[str, object]:
    """Return the form and everything that it does not show."""
    beyond: dict[str, object] = {
        "former_codes": [code.text for code in customer.former_codes],
        "approval": customer.approval,
        "merged_into": customer.merged_into and str(customer.merged_into),
        "created_at": customer.created_at.isoformat(),
        "updated_at": customer.updated_at.isoformat(),
        "verified_at": customer.verified_at and customer.verified_at.isoformat(),
        "custody": attrs.asdict(customer.custody),
    }
    return {**customer.raw(), **beyond}


def _entry(entry: JournalEntry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "version": entry.version,
        "reason": entry.reason,
        "changes": [
            {"field": change.path, "sensitive": True}
            if change.hidden
            else {"field": change.path, "before": change.before, "after": change.after}
            for change in entry.changes
        ],
    }


def _receipt(receipt: StoredReceipt) -> dict[str, object]:
    return {
        "actor": receipt.actor,
        "key": receipt.key,
        "at": receipt.at.isoformat(),
        "version": receipt.version,
        "issues": [issue.code for issue in receipt.issues],
    }


def _edit(edit: WaitingEdit) -> dict[str, object]:
    return {
        "actor": edit.actor,
        "at": edit.at.isoformat(),
        "until": edit.until.isoformat(),
        "fields": dict(edit.fields),
    }


def _lines(
    parts: Mapping[str, Any], spoken: Catalogue, path: tuple[str, ...] = ()
) -> Iterator[str]:
    for name, value in parts.items():
        here = (*path, name)
        if isinstance(value, Mapping):
            yield from _lines(cast("Mapping[str, Any]", value), spoken, here)
        elif isinstance(value, list):
            for each in cast("list[object]", value):
                if isinstance(each, Mapping):
                    yield from _lines(cast("Mapping[str, Any]", each), spoken, here)
                else:
                    yield _line(spoken, here, each)
        elif value is not None and value not in ("", False):
            yield _line(spoken, here, value)


def _line(spoken: Catalogue, path: tuple[str, ...], value: object) -> str:
    line = spoken.grammar["line"].format(label=spoken.label(path), sentence=value)
    return line[:1].upper() + line[1:]


def _told(entry: JournalEntry) -> str:
    changed = ", ".join(change.path for change in entry.changes)
    told = (f"{entry.at:%Y-%m-%d %H:%M}", entry.actor, entry.action, changed, entry.reason)
    return "  ".join(part for part in told if part)


def _headed(edit: WaitingEdit, spoken: Catalogue) -> str:
    waiting = spoken.sentence("approval.waiting", {})
    return f"{edit.at:%Y-%m-%d %H:%M}  {edit.actor}  {waiting}"
