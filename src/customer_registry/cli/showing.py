"""Customers as people read them: one as a page, many as a table, and what happened to one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from customer_registry.cli.screen import Column, Screen
from customer_registry.cli.speech import Speech
from customer_registry.domain.customer import Customer
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.phone import PhoneNumber

if TYPE_CHECKING:
    from customer_registry.domain.values.bank import BankAccount

__all__ = ["show_customer", "show_customers", "show_history"]

_OWN_WORDS = frozenset({"kind", "status", "scheme", "type", "purposes"})
_SHOWN_APART = frozenset({"contacts", "addresses", "tax_identifiers", "id", "version"})


def show_customer(screen: Screen, customer: Customer) -> None:
    """Show everything that is known of a customer."""
    screen.facts((label, text) for label, text in _facts(customer, screen.say) if text)


def show_customers(screen: Screen, customers: Iterable[Customer]) -> None:
    """Show customers as a table, a row each."""
    say = screen.say
    columns = [
        Column(say("column.code"), whole=True),
        Column(say("column.name")),
        Column(say("column.kind"), whole=True, expendable=1),
        Column(say.label("status"), whole=True, expendable=2),
        Column(say.label("contacts"), expendable=3),
        Column(say.label("phone"), whole=True),
        Column(say("column.city"), expendable=4),
    ]
    screen.table(columns, (_row(customer, say) for customer in customers))


def show_history(screen: Screen, entries: Sequence[JournalEntry], customer: Customer) -> None:
    """Show who did what to a customer, in local time, oldest first."""
    say = screen.say
    columns = [
        Column(say("column.when"), whole=True),
        Column(say("column.who")),
        Column(say("column.act"), whole=True),
        Column(say("column.changes")),
    ]
    rows = (
        (_local(entry.at), entry.actor, say.word(entry.action), _told(entry, customer, say))
        for entry in entries
    )
    screen.table(columns, rows)


def _facts(customer: Customer, say: Speech) -> Iterator[tuple[str, str]]:
    raw = customer.raw()
    for field in ("code", "name", "kind", "status"):
        yield say.label(field), _spoken(field, raw[field], say)
    for at, contact in enumerate(customer.contacts):
        yield say.label("contacts", at), _contact(contact, say)
    for at, address in enumerate(customer.addresses):
        yield say.label("addresses", at), _address(address, say)
    for tax_identifier in customer.tax_identifiers:
        scheme = say.word(tax_identifier.scheme)
        yield say.label("tax_identifiers"), f"{tax_identifier.number}  {scheme}"
    for field, value in raw.items():
        if field not in _SHOWN_APART | {"code", "name", "kind", "status"}:
            yield from _field(field, value, say)
    yield say.label("former_codes"), say.listed([str(code) for code in customer.former_codes])
    yield say.label("created_at"), _local(customer.created_at)
    yield say.label("updated_at"), _local(customer.updated_at)
    yield say.label("version"), str(customer.version)


def _field(field: str, value: object, say: Speech) -> Iterator[tuple[str, str]]:
    """Yield a field, part by part where it has parts."""
    if field == "custom":
        for name, given in cast("Mapping[str, object]", value).items():
            yield f"{say.label('custom')} {name}", _spoken(field, given, say)
    elif field == "bank_accounts":
        for at, account in enumerate(cast("list[Mapping[str, object]]", value)):
            yield say.label(field, at), _parts(field, account, say)
    elif isinstance(value, Mapping) and field != "payment_terms":
        yield say.label(field), _parts(field, cast("Mapping[str, object]", value), say)
    else:
        yield say.label(field), _spoken(field, value, say)


def _parts(field: str, parts: Mapping[str, object], say: Speech) -> str:
    filled = {name: part for name, part in parts.items() if part and name != "id"}
    labels = say.catalogue.labels
    return "\n".join(
        f"{labels.get(f'{field}.{name}', name)}  {_spoken(name, part, say)}"
        for name, part in filled.items()
    )


def _contact(contact: Contact, say: Speech) -> str:
    primary = say("primary") if contact.is_primary else ""
    named = (contact.name, contact.title, primary)
    who = say.listed([str(part) for part in named if part])
    phones = [_phone(phone, say) for phone in contact.phones]
    emails = [str(email) for email in contact.emails]
    messengers = [f"{name} {account}" for name, account in contact.messengers.items()]
    return "\n".join(part for part in (who, *phones, *emails, *messengers) if part)


def _phone(phone: PhoneNumber | Masked, say: Speech) -> str:
    use = None if isinstance(phone, Masked) else phone.use
    return _with_use(_number(phone), use, say)


def _number(phone: PhoneNumber | Masked) -> str:
    return phone.text if isinstance(phone, Masked) else phone.international


def _address(address: PostalAddress, say: Speech) -> str:
    purposes = say.listed([say.word(purpose) for purpose in address.purposes])
    postal_code = str(address.postal_code or "")
    return "  ".join(part for part in (_place(address), postal_code, purposes) if part)


def _place(address: PostalAddress) -> str:
    """Return an address as it is written: from large to small in Chinese."""
    larger = (address.region, address.locality, address.district)
    parts = [str(part) for part in dict.fromkeys(larger) if part]
    street = str(address.street_address or "")
    chinese = address.country in {"CN", "HK", "MO", "TW"}
    return "".join([*parts, street]) if chinese else ", ".join([street, *reversed(parts)])


def _row(customer: Customer, say: Speech) -> tuple[str, ...]:
    contact, address = customer.primary_contact, customer.address_for("")
    phones = contact.phones if contact else ()
    city = (str(address.locality or "") or _place(address)) if address else ""
    return (
        str(customer.code),
        str(customer.name),
        say.word(customer.kind),
        say.word(customer.status),
        str(contact.name or "") if contact else "",
        _number(phones[0]) if phones else "",
        city,
    )


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _told(entry: JournalEntry, customer: Customer, say: Speech) -> str:
    """Return what an entry changed, a line for each field, and why."""
    lists: tuple[Sequence[Contact | PostalAddress | BankAccount], ...] = (
        customer.contacts,
        customer.addresses,
        customer.bank_accounts,
    )
    places = {part.id: at for entries in lists for at, part in enumerate(entries)}
    lines = [_change(change, places, say) for change in entry.changes]
    reason = [f"{say.label('reason')} {entry.reason}"] if entry.reason else []
    return "\n".join(lines + reason)


def _change(change: Change, places: Mapping[str | None, int], say: Speech) -> str:
    parts = change.path.split(".")
    label = say.label(*_named(parts, places))
    field = next((part for part in reversed(parts) if not part.isdigit()), "")
    if change.hidden:
        return f"{label}  {say('changed.secretly')}"
    before, after = (_spoken(field, value, say) for value in (change.before, change.after))
    if change.before is None:
        return f"{label}  {after}"
    return f"{label}  {before} → {after or say('cleared')}"


def _named(parts: Sequence[str], places: Mapping[str | None, int]) -> Iterator[str | int]:
    """Yield a path with the place of an entry for its id; one that is gone has no place."""
    for at, part in enumerate(parts):
        if at == 1 and parts[0] in {"contacts", "addresses", "bank_accounts"}:
            if part in places:
                yield places[part]
        else:
            yield int(part) if part.isdigit() else part


def _spoken(field: str, value: object, say: Speech) -> str:
    """Return a raw value as one says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, (list, tuple)):
        return say.listed([_spoken(field, each, say) for each in cast("list[object]", value)])
    if isinstance(value, Mapping):
        return _composed(cast("Mapping[str, object]", value), say)
    return say.word(str(value)) if field in _OWN_WORDS else str(value)


def _composed(value: Mapping[str, object], say: Speech) -> str:
    """Return a phone with its use, a number with its scheme, terms as they were typed."""
    number = value.get("number") or value.get("text")
    if number is None:
        return say.listed([f"{name} {part}" for name, part in value.items()])
    return _with_use(str(number), value.get("use"), say)


def _with_use(number: str, use: object, say: Speech) -> str:
    return f"{number} {say.word(str(use))}" if use else number
