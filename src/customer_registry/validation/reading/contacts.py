"""Readers of contacts and the ways to reach them."""

from collections.abc import Iterable, Mapping, Sequence

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Severity
from customer_registry.domain.values import text
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.email import EmailAddress, split_display
from customer_registry.domain.values.phone import PhoneLevel, PhoneNumber
from customer_registry.validation.reading.basics import short
from customer_registry.validation.reading.masking import restored, telling_masks, unmasked
from customer_registry.validation.reading.parts import (
    read_entries,
    read_names,
    read_parts,
    with_parts,
)
from customer_registry.validation.reading.typed import (
    Reader,
    Value,
    each,
    is_number,
    line,
    parsed,
    refuse_unknown,
)
from customer_registry.validation.scene import Scene

__all__ = ["read_contacts", "read_email", "read_person", "read_phone"]

read_person = unmasked(short(), "person_name")
"""Reads the name of a person, in which a mask of the name that was there means that name."""

_NOBODY = Contact()
_YES = frozenset({"true", "yes", "y", "1", "on", "是", "√"})
_NO = frozenset({"false", "no", "n", "0", "off", "否", "×", ""})


def read_contacts(typed: object, scene: Scene, before: Sequence[Contact]) -> tuple[Contact, ...]:
    """Read a list of contacts; a text alone is a contact's name. One of them is the primary one."""
    return _with_one_primary(read_entries("contact", _read_contact, typed, scene, before))


def read_phone(
    typed: object, scene: Scene, before: Sequence[PhoneNumber] = ()
) -> PhoneNumber | None:
    """Read a phone number, given as text, number, or a mapping of `number` and `use`."""
    use = None
    if not isinstance(typed, str):
        typed, use = _number_and_use(typed, scene)
    for known in before:
        if isinstance(typed, str) and typed == known.international and use == known.use:
            return known
    phone = parsed(lambda words: _dialled(words, scene, use), typed, scene, or_none=True)
    if phone is not None and phone.is_local and scene.policy.area_code:
        phone = phone.with_area_code(scene.policy.area_code)
        scene.say("phone.area_code_added", Severity.WARNING)
    if phone is not None:
        scene.meet("phone", phone)
    return phone


def read_email(
    typed: object, scene: Scene, before: Sequence[EmailAddress] = ()
) -> EmailAddress | None:
    """Read an e-mail address, `"Name" <a@b>` too."""
    for known in before:
        if isinstance(typed, str) and typed == str(known):
            return known
    email = parsed(_mailed, typed, scene, or_none=True)
    if email is not None:
        if isinstance(typed, str) and text.width_folded(typed) != typed:
            scene.say("email.fullwidth", Severity.INFO)
        scene.meet("email", email)
    return email


def _number_and_use(typed: object, scene: Scene) -> tuple[object, str | None]:
    """Return the number in what was typed, and what it is used for; a cell's number is told."""
    use = None
    if isinstance(typed, Mapping):
        refuse_unknown(typed, ("number", "use"), scene)
        use = line(typed.get("use"), scene.below("use"))
        typed = typed.get("number")
    if is_number(typed):
        scene.say("phone.from_number", Severity.WARNING)
    return typed, use


@telling_masks
def _mailed(words: str) -> EmailAddress:
    return EmailAddress.parse(split_display(words)[1])


@telling_masks
def _dialled(words: str, scene: Scene, use: str | None) -> PhoneNumber:
    """Return a number as dialled in the address's country, or else a sound one of the company's.

    The company's region is asked where that country refuses the number or knows no such range.
    """
    home = None if scene.country == scene.policy.region else scene.policy.region
    try:
        phone = PhoneNumber.parse(words, scene.country, use=use)
    except InvalidValue:
        found = home and _sound_number(words, home, use)
        if not found:
            raise
        return found
    if home is None or phone.level is not PhoneLevel.UNKNOWN_RANGE:
        return phone
    return _sound_number(words, home, use) or phone


def _sound_number(words: str, region: str, use: str | None) -> PhoneNumber | None:
    """Return a number of the region; local and service numbers are others in every country."""
    try:
        phone = PhoneNumber.parse(words, region, use=use)
    except InvalidValue:
        return None
    return phone if phone.key and phone.level is PhoneLevel.VALID else None


def _read_contact(typed: object, scene: Scene, before: Contact | None) -> Contact | None:
    if isinstance(typed, str):
        typed = _contact_written(typed)
    contact = read_parts(_NOBODY, _CONTACT, typed, scene, before)
    return None if contact is None else _named_by_display(contact, typed)


def _contact_written(typed: str) -> Mapping[str, object]:
    """Return the parts of a contact in one text: a name, an e-mail address, or `name <address>`."""
    name, address = split_display(typed)
    try:
        EmailAddress.parse(address)
    except InvalidValue:
        return {"name": typed}
    return {"name": name, "emails": [address]}


def _read_phones(
    typed: object, scene: Scene, before: Sequence[PhoneNumber]
) -> tuple[PhoneNumber, ...]:
    typed = restored(typed, before)
    return _distinct(read_phone(one, here, before) for here, one in each(typed, scene))


def _read_emails(
    typed: object, scene: Scene, before: Sequence[EmailAddress]
) -> tuple[EmailAddress, ...]:
    typed = restored(typed, before)
    return _distinct(read_email(one, here, before) for here, one in each(typed, scene))


def _distinct(values: Iterable[Value | None]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _read_messengers(typed: object, scene: Scene, before: Mapping[str, str]) -> dict[str, str]:
    return read_names(typed, scene, before, line)


def _read_language(typed: object, scene: Scene, _before: object) -> str | None:
    word = line(typed, scene)
    if word is not None and not _is_language_tag(word):
        scene.say("language.unknown", params={"value": word})
    return word


def _is_language_tag(word: str) -> bool:
    """Whether the text has the form of a language tag (BCP 47): a language, then subtags."""
    language, *subtags = word.split("-")
    return (
        word.isascii()
        and language.isalpha()
        and len(language) in {2, 3}
        and all(tag.isalnum() and len(tag) < 9 for tag in subtags)  # noqa: PLR2004  RFC 5646
    )


def _read_flag(typed: object, scene: Scene, _before: object) -> bool:
    if typed is None:
        return False
    spoken = isinstance(typed, (str, bool)) or is_number(typed)
    word = str(typed).strip().lower() if spoken else "?"
    if word in _NO:
        return False
    if word not in _YES:
        scene.say("field.type", params={"expected": "yes/no"})
    return True


_CONTACT: Mapping[str, Reader] = {
    "name": read_person,
    "title": short(),
    "phones": _read_phones,
    "emails": _read_emails,
    "messengers": _read_messengers,
    "language": _read_language,
    "is_primary": _read_flag,
}


def _named_by_display(contact: Contact, typed: object) -> Contact:
    """Give a nameless contact the name that stood before its e-mail address."""
    emails = typed.get("emails") if isinstance(typed, Mapping) else None
    first = emails[0] if isinstance(emails, (list, tuple)) and emails else emails
    if contact.name is not None or not isinstance(first, str) or not contact.emails:
        return contact
    return with_parts(contact, {"name": split_display(first)[0]})


def _with_one_primary(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Keep only the first primary mark; a list without one marks its first contact."""
    marked = next((at for at, contact in enumerate(contacts) if contact.is_primary), 0)
    return tuple(
        contact
        if contact.is_primary is (at == marked)
        else with_parts(contact, {"is_primary": at == marked})
        for at, contact in enumerate(contacts)
    )
