"""The small form: flat fields that mean the primary contact and the first address."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.masked import Masked
from customer_registry.validation.reading.addresses import read_postal_code
from customer_registry.validation.reading.basics import short
from customer_registry.validation.reading.contacts import read_email, read_person, read_phone
from customer_registry.validation.reading.masking import restored, unmasked
from customer_registry.validation.reading.parts import with_parts
from customer_registry.validation.scene import Scene

__all__ = ["read_small_form"]

Entry = TypeVar("Entry", Contact, PostalAddress)
Value = TypeVar("Value")

_STREET = 400
_read_street = unmasked(short(_STREET), "address")
_OF_A_CONTACT = {"contact", "phone", "email"}
_OF_AN_ADDRESS = {"address", "postal_code"}
_NOBODY = Contact(is_primary=True)
_PERSON = {"": "contact", "name": "contact"}
_STREET_LINE = {"": "address", "street_address": "address"}


def read_small_form(
    raw: Mapping[str, object], scene: Scene, before: Customer | None
) -> Iterator[tuple[str, tuple[Contact, ...] | tuple[PostalAddress, ...] | None]]:
    """Yield the lists that the flat fields mean, under their names; None where unsound.

    In an edit a flat field replaces just that: the name, the first phone or the first e-mail of
    the primary contact, the street line or the postal code of the first address.
    """
    if raw.keys() & _OF_A_CONTACT:
        here = scene.below()
        contacts = _contacts(raw, here, before)
        yield "contacts", None if here.failed else contacts
    if raw.keys() & _OF_AN_ADDRESS:
        here = scene.below()
        addresses = _addresses(raw, here, before)
        yield "addresses", None if here.failed else addresses


def _contacts(
    raw: Mapping[str, object], scene: Scene, before: Customer | None
) -> tuple[Contact, ...]:
    known = before.primary_contact if before else None
    contact = known or _NOBODY
    phones = tuple(each for each in contact.phones if not isinstance(each, Masked))
    emails = tuple(each for each in contact.emails if not isinstance(each, Masked))
    changed: dict[str, Any] = {}
    if "contact" in raw:
        changed["name"] = read_person(raw["contact"], scene.below("contact"), contact.name)
    if "phone" in raw:
        typed = restored(raw["phone"], phones[:1])
        phone = read_phone(typed, scene.below("phone"), phones)
        changed["phones"] = _first_replaced(phones, phone)
    if "email" in raw:
        typed = restored(raw["email"], emails[:1])
        email = read_email(typed, scene.below("email"), emails)
        changed["emails"] = _first_replaced(emails, email)
    entry = with_parts(contact, changed)
    if entry != contact and not scene.failed:
        scene.meet("contact", entry, **_PERSON)
    return _put_back(before.contacts if before else (), known, entry)


def _addresses(
    raw: Mapping[str, object], scene: Scene, before: Customer | None
) -> tuple[PostalAddress, ...]:
    others = before.addresses if before else ()
    known = others[0] if others else None
    address = known or PostalAddress(country=scene.country)
    changed: dict[str, Any] = {}
    if "address" in raw:
        street = _read_street(raw["address"], scene.below("address"), address.street_address)
        changed["street_address"] = street
    if "postal_code" in raw:
        there = scene.in_country(address.country).below("postal_code")
        changed["postal_code"] = read_postal_code(raw["postal_code"], there)
    entry = with_parts(address, changed)
    if entry != address and not scene.failed:
        scene.meet("address", entry, **_STREET_LINE)
    return _put_back(others, known, entry)


def _first_replaced(known: tuple[Value, ...], first: Value | None) -> tuple[Value, ...]:
    """Return `known` with another first entry, or without its first one."""
    rest = known[1:]
    return rest if first is None else (first, *(each for each in rest if each != first))


def _put_back(others: Sequence[Entry], known: Entry | None, changed: Entry) -> tuple[Entry, ...]:
    """Return the list with the changed entry in its place, or at the end; empty ones go."""
    entries = list(others)
    if known is not None:
        entries[entries.index(known)] = changed
    else:
        entries.append(changed)
    return tuple(entry for entry in entries if not entry.is_empty)
