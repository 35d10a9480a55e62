"""What an actor may type: fields that he may edit, and the masks of others as he was shown them."""

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from customer_registry.domain.access import Sight
from customer_registry.domain.access.roles import ECHOES
from customer_registry.domain.customer import SMALL_FORM, Customer, RawCustomer
from customer_registry.domain.issues import Issue
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.validation.reading.typed import is_blank

__all__ = ["editable", "refusal"]

_KNOWN = frozenset(RawCustomer.__annotations__) - ECHOES

Sees = Callable[[str], Sight]


def refusal(path: tuple[str, ...], whom_to_ask: str | None) -> Issue:
    """Return the issue of a field that one may not fill in, whatever was typed."""
    return Issue("field.not_permitted", path, params={"ask": whom_to_ask or "administrator"})


def editable(
    raw: Mapping[str, object], sees: Sees, shown: Customer | None
) -> tuple[dict[str, object], tuple[tuple[str, ...], ...]]:
    """Return the part of a raw customer that an actor may type, and where he typed what he may not.

    `shown` is the customer as he sees it, None for a new one. What comes back as it was shown is
    left out, and so is nothing at all where nothing was shown: neither is an edit.
    """
    known = {} if shown is None else {**shown.raw(), **_small(shown)}
    kept: dict[str, object] = {}
    refused: list[tuple[str, ...]] = []
    for name, typed in raw.items():
        if name not in _KNOWN:
            kept[name] = typed
        elif name == "custom" and (isinstance(typed, Mapping) or is_blank(typed)):
            fields, below = _custom(typed, sees, shown)
            refused += below
            if fields:  # an empty mapping would clear what is hidden
                kept[name] = fields
        elif sees(SMALL_FORM.get(name, name).partition(".")[0]) is Sight.EDITED:
            kept[name] = typed
        elif not _is_unchanged(typed, known.get(name)):
            refused.append((name,))
    return kept, tuple(refused)


def _is_unchanged(typed: object, shown: object) -> bool:
    return _same(typed, shown) or (is_blank(typed) and is_blank(shown))


def _same(typed: object, shown: object) -> bool:
    try:
        return type(typed) is type(shown) and typed == shown
    except Exception:  # noqa: BLE001  a foreign object's own equality may do anything
        return False


def _custom(
    typed: object, sees: Sees, shown: Customer | None
) -> tuple[dict[str, object], list[tuple[str, ...]]]:
    """Return a company's own fields that the actor may type, and where he typed others.

    Nothing at all clears all that he was shown.
    """
    known = cast("Mapping[str, object]", shown.raw()["custom"]) if shown else {}
    fields = dict.fromkeys(known) if is_blank(typed) else cast("Mapping[str, object]", typed)
    kept = {name: value for name, value in fields.items() if sees(f"custom.{name}") is Sight.EDITED}
    others = (name for name in fields if name not in kept)
    return kept, [
        ("custom", str(name)) for name in others if not _is_unchanged(fields[name], known.get(name))
    ]


def _small(shown: Customer) -> Mapping[str, object]:
    """Return the flat fields of a small form as the actor sees them."""
    return dict(_flat(shown))


def _flat(shown: Customer) -> Iterator[tuple[str, object]]:
    contact = shown.primary_contact
    if contact is not None:
        yield "contact", None if contact.name is None else str(contact.name)
        yield "phone", next(map(_dialled, contact.phones), None)
        yield "email", next(map(str, contact.emails), None)
    for address in shown.addresses[:1]:
        yield "address", None if address.street_address is None else str(address.street_address)
        yield "postal_code", None if address.postal_code is None else str(address.postal_code)


def _dialled(phone: PhoneNumber | Masked) -> str:
    return phone.text if isinstance(phone, Masked) else phone.international
