"""Show one value that is masked, to who says why: an act of its own that the journal keeps."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import attrs

from customer_registry.domain.access import MASKABLE, Sight
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import KeyUnavailable, NotPermitted, ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.domain.values.masked import Masked
from customer_registry.registration.reason import read_reason
from customer_registry.validation.reading.typed import shown

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["REVEALED", "reveal"]

REVEALED = "revealed"
"""The act of revealing a value, as the journal calls it; its change names the path."""


def reveal(registry: "CustomerRegistry", customer: Customer, field: str, reason: str) -> object:
    """Return the value that stands at a path of a customer, as `Customer.raw` gives it.

    A path is a field such as `notes`, or goes on into it: by the `id` of an entry, or by its place
    from 0: `bank_accounts.1-1.number`, `contacts.1-1.phones.0`. A company's own fields are revealed
    one by one: `custom.会员号`. The journal keeps who asked, the path and the reason, never the
    value, before it is returned.

    Raises NotPermitted without the right to `reveal`, and for a field that is hidden from the
    actor, which nobody reveals to him; CustomerNotFound; ValidationFailed for a missing reason or a
    path that leads nowhere (`field.unknown`); KeyUnavailable where the store is sealed and its key
    is not here.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> receipt = registry.register(kind="person", name="王芳", phone="138 0013 8000")
    >>> reveal(registry, receipt.customer, "contacts.1-1.phones.0", "核对回访电话")
    '+86 138 0013 8000'
    >>> registry.history(receipt.customer)[-1].action
    'revealed'
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    told, lacking = read_reason(reason, required=True)
    with office.unit("reveal", customer, writing=True) as work:
        stored = office.found(work, customer)
        _refuse_hidden(office, stored, field)
        value = _NOWHERE if field == "custom" else _value_at(_opened(stored, field), field)
        if lacking or value is _NOWHERE:
            issues = [*lacking, *([_unknown(field)] if value is _NOWHERE else [])]
            raise ValidationFailed(Report(issues, sentences=office.engine.policy.spoken))
        work.journal.append(
            JournalEntry(
                at=office.clock(),
                actor=office.actor.id,
                action=REVEALED,
                customer_id=stored.id,
                changes=(Change(field, hidden=True),),
                reason=told,
            )
        )
    return value


_NOWHERE = object()


def _refuse_hidden(office: "Office", customer: Customer, field: str) -> None:
    """Raise NotPermitted for a field that the actor is to know nothing of."""
    whole = field.partition(".")[0]
    if whole not in MASKABLE:
        return
    asked = field if whole == "custom" else whole
    if office.view.sight(asked, customer) is Sight.HIDDEN:
        whom = office.engine.policy.whom_to_ask
        raise NotPermitted("reveal", whom, customer_id=customer.id)


def _opened(customer: Customer, field: str) -> Mapping[str, object]:
    """Return a customer as a form shows him; KeyUnavailable where what is asked for is sealed."""
    value = getattr(customer, field.partition(".")[0], None)
    if _holds_mask(value):
        raise KeyUnavailable("the store is sealed, and its key is not here")
    return customer.raw()


def _holds_mask(value: object) -> bool:
    if isinstance(value, Masked):
        return True
    if isinstance(value, Mapping):
        return any(map(_holds_mask, cast("Mapping[str, object]", value).values()))
    if isinstance(value, tuple):
        return any(map(_holds_mask, cast("tuple[object, ...]", value)))
    kind = type(value)
    return attrs.has(kind) and any(
        _holds_mask(getattr(value, part.name)) for part in attrs.fields(kind)
    )


def _value_at(known: Mapping[str, object], path: str) -> object:
    """Return what stands at a path; `_NOWHERE` where nothing can."""
    if path.startswith("custom.") and isinstance(custom := known["custom"], Mapping):
        return cast("Mapping[str, object]", custom).get(path.removeprefix("custom."), _NOWHERE)
    here: object = known
    for step in path.split("."):
        here = _step(here, step)
    return here


def _step(here: object, step: str) -> object:
    if isinstance(here, Mapping):
        return cast("Mapping[str, object]", here).get(step, _NOWHERE)
    if not isinstance(here, list):
        return _NOWHERE
    entries = cast("Sequence[object]", here)
    named = (each for each in entries if isinstance(each, Mapping) and each.get("id") == step)
    found = next(named, _NOWHERE)
    if found is _NOWHERE and step.isdecimal() and int(step) < len(entries):
        return entries[int(step)]
    return found


def _unknown(field: str) -> Issue:
    return Issue("field.unknown", ("field",), params={"name": shown(field), "hint": ""})
