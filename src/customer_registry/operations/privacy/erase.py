"""Erase a person's data: everywhere, for good, and so that the journal still holds."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.errors import StorageError, ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.domain.messages import catalogue
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.custody import Custody
from customer_registry.domain.values.name import PartyName
from customer_registry.operations.privacy.holding import told
from customer_registry.registration.raising import PATH, RAISED
from customer_registry.registration.saving import stale
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Erasure", "erase", "retained_until"]

_AS_LETTERS = str.maketrans("0123456789", "ghjkmnpqrs")
_TELLING = 2
"""Letters that are enough for a code to tell of a name: its initials."""

_LONG_NUMBER = 6
_SEVERAL = 3
"""As many other customers whose codes begin alike do so because the company writes them so."""


@attrs.frozen(kw_only=True)
class Erasure:
    """What an erasure left: the customer's code, which nobody gets again, and older backups.

    `entries` is how many entries of the journal have no body any more, `backups` when backups were
    made that hold the data still: they go with their retention. Unless `scrubbed`, pages of the
    file may hold traces: somebody was still reading them, or nobody wanted it yet.
    """

    code: CustomerCode
    at: datetime
    entries: int
    backups: tuple[datetime, ...] = ()
    scrubbed: bool = False

    def message(self, language: str = "zh") -> str:
        """Return the sentence that tells what was done, and what older backups still hold."""
        spoken, told = catalogue(language), []
        told.append(spoken.sentence("erased", {"code": self.code}))
        if not self.scrubbed:
            told.append(spoken.sentence("erased.traces", {}))
        if self.backups:
            params = {"count": len(self.backups), "last": f"{max(self.backups):%Y-%m-%d %H:%M}"}
            told.append(spoken.sentence("erased.backups", params))
        return "\n".join(told)


def erase(
    registry: "CustomerRegistry",
    customer: Customer,
    reason: str,
    *,
    keep_code: bool = False,
    scrub: bool = True,
) -> Erasure:
    """Erase all that is known of a customer but the code and the times (PIPL, article 47).

    Gone are the document, everything that found it, the bodies of its journal entries, receipts,
    reservations, edits that wait, and what receipts of others say of it. What stays is a customer
    without a name, under the old code. A code that may tell of the person is replaced first, and
    the old one is refused for ever by a digest: one that people typed, unless its letters are those
    that other codes begin with too, or one made of a field of the company's own. `keep_code` says
    that somebody looked, and that it tells nothing. The journal's chain still verifies, an entry
    `erased` says who did it and why: give a reason without personal data.

    `scrub` writes the file anew, so that no page of it holds a trace; put it off by False while
    many are erased, and call `operations.scrub` once at the end. Older backups hold the data until
    they are deleted.

    Raises ValidationFailed: `erase.held` or `erase.held_until` under legal hold, `erase.retained`
    before the company's retention is over; StaleVersion, CustomerNotFound, NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> customer = registry.register(kind="person", name="王芳", phone="13800138000").customer
    >>> erase(registry, customer, "本人申请").code
    CustomerCode('C000001')
    >>> registry.find(phone="13800138000"), str(registry.get("C000001").name)
    ((), 'C000001')
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    why = told(office, reason)
    with office.unit("erase", customer, writing=True) as work:
        before = office.found(work, customer)
        if before.version != customer.version:
            raise stale(work, before, customer.version, frozenset())
        _refuse_kept(office, before)
        erasure = _erased(office, work, before, why, keep_code=keep_code)
    return attrs.evolve(erasure, scrubbed=scrub and _scrubbed(office))


def retained_until(policy: CompanyPolicy, customer: Customer) -> date | None:
    """Return the day before which the company has to keep a customer's data, if there is one."""
    kept = policy.retention.get(customer.kind)
    if kept is None or kept.at_least is None:
        return None
    return kept.at_least.after(customer.updated_at.astimezone(policy.zone).date())


def _scrubbed(office: "Office") -> bool:
    """Return whether no trace is left in the store; the erasure stands either way."""
    try:
        office.repository.scrub(whole=True)
    except StorageError:
        return False
    return True


def _refuse_kept(office: "Office", customer: Customer) -> None:
    """Raise ValidationFailed with the duties that stand against an erasure."""
    issues = tuple(_duties(office, customer))
    if issues:
        raise ValidationFailed(Report(issues, sentences=office.engine.policy.spoken))


def _duties(office: "Office", customer: Customer) -> Iterator[Issue]:
    today, held = office.today(), customer.custody.hold
    if customer.custody.erased_at is not None:
        yield Issue("customer.erased")
        return
    if held is not None and held.stands(today):
        if held.until is None:
            yield Issue("erase.held")
        else:
            yield Issue("erase.held_until", params={"until": held.until.isoformat()})
    until = retained_until(office.engine.policy, customer)
    if until is not None and today < until:
        yield Issue("erase.retained", params={"until": until.isoformat()})


def _erased(
    office: "Office", work: UnitOfWork, before: Customer, why: str, *, keep_code: bool
) -> Erasure:
    now = office.clock()
    codes = () if keep_code else (before.code, *before.former_codes)
    telling = [code for code in codes if _tells(office, work, code, before)]
    after = _remains(before, telling, now)
    if not work.customers.replace(after):
        raise stale(work, office.found(work, before.id), before.version, frozenset())
    for code in telling:
        _retire(office, work, code, now)
        _let_children_know(office, work, code, after, now)
    _forget(work, before)
    numbers = work.journal.erase(before.id)
    work.journal.append(
        JournalEntry(
            at=now,
            actor=office.actor.id,
            action="erased",
            customer_id=before.id,
            version=after.version,
            changes=tuple(Change(f"journal.{number}") for number in numbers),
            reason=why,
        )
    )
    backups = (each.at for each in work.journal.of(None) if each.action == "backed_up")
    return Erasure(code=after.code, at=now, entries=len(numbers), backups=tuple(backups))


def _retire(office: "Office", work: UnitOfWork, code: CustomerCode, now: datetime) -> None:
    """Let a code be nobody's again; its number stays explained as one that was left out."""
    work.customers.retire(code)
    if (drawn := office.coding.drawn_from(code)) is not None:
        name, number = drawn
        change = Change(f"{PATH}{name}", number - 1, office.coding.passing(name, number))
        act = JournalEntry(at=now, actor=office.actor.id, action=RAISED, changes=(change,))
        work.journal.append(act)


def _remains(before: Customer, telling: list[CustomerCode], now: datetime) -> Customer:
    """Return the customer of whom nothing is known any more but that there was one."""
    code = before.code if before.code not in telling else _neutral(before)
    return Customer(
        id=before.id,
        code=code,
        former_codes=tuple(each for each in before.former_codes if each not in telling),
        kind=before.kind,
        name=PartyName.parse(code.text),
        status=CustomerStatus.INACTIVE,
        version=before.version + 1,
        merged_into=before.merged_into,
        created_at=before.created_at,
        updated_at=now,
        custody=Custody(erased_at=now),
    )


def _neutral(customer: Customer) -> CustomerCode:
    """Return a code that tells nothing, and has no digit that a pattern could take for a number."""
    return CustomerCode.parse(f"ERASED-{customer.id.hex[-12:].translate(_AS_LETTERS)}")


def _tells(office: "Office", work: UnitOfWork, code: CustomerCode, customer: Customer) -> bool:
    """Return whether a code may tell of a person.

    One that the rule made of numbers and the company's own words does not. In any other, letters do
    unless other customers' codes begin with them too, and so does a long part of his own numbers.
    """
    if _is_the_rules_own(office, code):
        return False
    written = code.text.casefold()
    shared = _shared_beginning(work, code, customer)
    runs = re.findall(r"[^\W\d_]+", written[len(shared) :])
    digits = re.findall(f"[0-9]{{{_LONG_NUMBER},}}", written)
    numbers = _numbers_of(customer)
    return any(len(run) >= _TELLING or not run.isascii() for run in runs) or any(
        part in numbers for part in digits
    )


def _is_the_rules_own(office: "Office", code: CustomerCode) -> bool:
    """Return whether the rule made a code, and of nothing that a company may fill with names."""
    fields = getattr(office.coding.policy, "fields", ("custom.",))
    of_a_person = any(field.startswith("custom.") for field in fields)
    return not of_a_person and office.coding.drawn_from(code) is not None


def _shared_beginning(work: UnitOfWork, code: CustomerCode, customer: Customer) -> str:
    """Return the letters that a code begins with, if other customers' codes do so too."""
    begins = re.match(r"[^\W\d_]+", code.text)
    if begins is None:
        return ""
    own = {each.text for each in (customer.code, *customer.former_codes)}
    others = (each for each in work.customers.codes(begins[0]) if each not in own)
    is_shared = len(list(islice(others, _SEVERAL))) == _SEVERAL
    return begins[0] if is_shared else ""


def _numbers_of(customer: Customer) -> str:
    """Return the digits of everything that numbers a customer, with gaps between."""
    numbers: list[object] = [*customer.phones]
    numbers += [each.number for each in customer.tax_identifiers]
    numbers += [each.number for each in customer.bank_accounts]
    if customer.identity_document is not None:
        numbers.append(customer.identity_document.number)
    return " ".join(re.sub("[^0-9a-z]", "", str(number).casefold()) for number in numbers)


def _let_children_know(
    office: "Office", work: UnitOfWork, old: CustomerCode, parent: Customer, now: datetime
) -> None:
    """Let those who name a code as their parent name the one that replaced it."""
    below = [each for _, each in work.customers.iterate() if each.parent == old]
    for child in below:
        version = child.version + 1
        after = attrs.evolve(child, parent=parent.code, version=version, updated_at=now)
        work.customers.replace(after, office.claims(work, after, child))
        entry = JournalEntry(
            at=now,
            actor=office.actor.id,
            action="updated",
            customer_id=child.id,
            version=version,
            changes=(Change("parent", hidden=True),),
        )
        work.journal.append(entry)
    for edit in work.edits.of():
        if edit.fields.get("parent") == old.text:
            work.edits.drop(edit.id)
            work.edits.add(attrs.evolve(edit, fields={**edit.fields, "parent": parent.code.text}))


def _forget(work: UnitOfWork, customer: Customer) -> None:
    """Let go of everything beside the document that knows the customer."""
    codes = (customer.code, *customer.former_codes)
    work.receipts.forget(customer.id, codes)
    for edit in work.edits.of(customer.id):
        work.edits.drop(edit.id)
    for code in codes:
        work.numbers.forget(code)
