"""From typed fields to sound values: one reader per field, everything wrong said at once.

A reader takes what was typed and its scene; it returns the value, None for nothing, and says what
is wrong at the scene, which has then `failed`.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias, cast

import attrs

from customer_registry.domain.customer import Customer, CustomerStatus, CustomValue, PartyKind
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Severity
from customer_registry.domain.values import text
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import (
    BankAccount,
    account_number,
    bic_code,
    cnaps_code,
)
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.email import EmailAddress, split_display
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.postal import postal_code
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.validation.scene import Scene

__all__ = ["FLAT", "READERS", "Reader", "country_typed", "read_kind", "read_small_form"]

Reader: TypeAlias = Callable[[Any, Scene, Any], Any]
"""`(typed, scene, before) -> value`; `before` is the stored value that the typed one replaces."""

FLAT = ("contact", "phone", "email", "address", "postal_code")
"""The fields of the small form: they mean the primary contact and the first address."""

_MOST_ENTRIES = 200
_EXACT_DIGITS = 15  # what a spreadsheet's number keeps
_WORD = 100
_NOTES = 4000

_KINDS = {
    PartyKind.PERSON: "person individual natural_person consumer b2c c 个人 个人客户 自然人 散客 c端 个体",
    PartyKind.ORGANIZATION: (
        "organization organisation company enterprise business corporate corporation b2b b "
        "企业 企业客户 公司 公司客户 单位 单位客户 法人 机构 组织 个体工商户 个体户 政府 事业单位 b端"
    ),
}
_KIND_WORDS = {word: kind for kind, words in _KINDS.items() for word in words.split()}

_STATUSES = {
    CustomerStatus.PROSPECT: "prospect lead potential 潜在 潜在客户 意向",
    CustomerStatus.ACTIVE: "active enabled normal 正常 启用 在用 有效 正式 活跃",
    CustomerStatus.BLOCKED: "blocked frozen hold 冻结 锁定 暂停",
    CustomerStatus.INACTIVE: "inactive disabled 停用 禁用 失效 无效 注销",
    CustomerStatus.BLACKLISTED: "blacklisted blacklist 黑名单",
}
_STATUS_WORDS = {word: status for status, words in _STATUSES.items() for word in words.split()}


def read_kind(typed: object, scene: Scene, before: object = None) -> PartyKind | None:  # noqa: ARG001  a reader's shape
    """Read a customer's kind, in the words of the trade too: 企业, 个人, company."""
    word = _line(typed, scene)
    if word is None:
        return None
    kind = _KIND_WORDS.get(text.match_key(word).replace("-", "_"))
    if kind is None:
        scene.say("kind.unknown")
    return kind


def _read_status(typed: object, scene: Scene, before: object) -> CustomerStatus | None:
    word = _line(typed, scene)
    status = None if word is None else _STATUS_WORDS.get(text.match_key(word))
    if word is not None and status is None:
        scene.say("status.unknown", params={"allowed": [str(each) for each in CustomerStatus]})
    elif before is not None and status != before:
        scene.say("read_only")
    return status


def _read_code(typed: object, scene: Scene, before: object) -> CustomerCode | None:
    word = _parsed(CustomerCode.parse, typed, scene)
    if before is not None and word != before:
        scene.say("code.immutable")
    return word


def _read_echo(typed: object, scene: Scene, before: object) -> object:
    """Read what only the registry writes: an echo of the stored value is fine."""
    if not _is_blank(typed) and str(typed) != str(before):
        scene.say("read_only")
    return before


def _read_name(typed: object, scene: Scene, before: object) -> PartyName | None:  # noqa: ARG001  a reader's shape
    name = _parsed(lambda words: PartyName.parse(words, scene.kind), typed, scene)
    if name is not None:
        _tell_characters(str(typed), name.text, scene, "name.control_chars", "name.pua_char")
    return name


def _short(longest: int = _WORD) -> Reader:
    """Return the reader of a plain line of text."""

    def read(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
        return _line(typed, scene, longest=longest)

    return read


def _listed(field: str) -> Reader:
    """Return the reader of a word that the company may list."""

    def read(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
        word = _line(typed, scene)
        return None if word is None else _of_list(field, word, scene)

    return read


def _of_list(field: str, word: str, scene: Scene) -> str:
    """Return the listed spelling of a word; an empty list takes every word."""
    listed = scene.policy.lists.get(field, ())
    same = (each for each in listed if text.match_key(each) == text.match_key(word))
    found = next(same, None)
    if listed and found is None:
        scene.say("not_in_list", params={"value": word, "allowed": listed})
    return found or word


def _read_notes(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    written = _text(typed, scene)
    notes = _parsed(lambda words: text.block(words, longest=_NOTES), written, scene)
    return notes or None


def _read_mnemonic(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    word = _line(typed, scene)
    return None if word is None else text.width_folded(word).upper()


def _read_website(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    written = _line(typed, scene, longest=500)
    if written is None:
        return None
    address = text.width_folded(written).replace("。", ".")
    scheme, found, host = address.rpartition("://")
    named = host.partition("/")[0]
    if (
        " " in address
        or "." not in named.strip(".")
        or (found and scheme.lower() not in {"http", "https"})
    ):
        scene.say("website.format")
    return address


def _read_currency(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    word = _line(typed, scene)
    money = _parsed(lambda words: Money.parse("0", words.upper()), word, scene)
    return None if money is None else money.currency


def _read_money(typed: object, scene: Scene, before: object) -> Money | None:  # noqa: ARG001  a reader's shape
    currency = scene.policy.currency
    return _parsed(lambda words: Money.parse(words, currency), typed, scene)


def _read_terms(typed: object, scene: Scene, before: object) -> PaymentTerms | None:  # noqa: ARG001  a reader's shape
    if isinstance(typed, Mapping):
        return _attempt(lambda: PaymentTerms.from_mapping(typed), scene)
    if isinstance(typed, (int, float)) and not isinstance(typed, bool):
        typed = f"{typed:g}天" if math.isfinite(typed) else typed
    return _parsed(PaymentTerms.parse, typed, scene)


def _read_tags(typed: object, scene: Scene, before: object) -> tuple[str, ...]:  # noqa: ARG001  a reader's shape
    if isinstance(typed, str):
        typed = [part for part in typed.translate(_TAG_BREAKS).split("\n") if part.strip()]
    words = [_listed("tags")(each, part, None) for part, each in _each(typed, scene)]
    return tuple({text.match_key(word): word for word in reversed(words) if word}.values())[::-1]


_TAG_BREAKS = str.maketrans(dict.fromkeys(",，;；、|", "\n"))


def _read_tax_identifiers(typed: object, scene: Scene, before: object) -> tuple[TaxIdentifier, ...]:  # noqa: ARG001  a reader's shape
    read = [_read_tax_identifier(each, part) for part, each in _each(typed, scene)]
    return tuple(dict.fromkeys(each for each in read if each is not None))


def _read_tax_identifier(typed: object, scene: Scene) -> TaxIdentifier | None:
    scheme, at = None, scene
    if isinstance(typed, Mapping):
        _refuse_unknown(typed, ("scheme", "number"), scene)
        scheme = _line(typed.get("scheme"), scene.below("scheme"))
        typed, at = typed.get("number"), scene.below("number")
    number = _identifying(typed, at)
    if number is None:
        return _nothing_but(scheme, scene)
    value = _attempt(
        lambda: TaxIdentifier.parse(number, scheme, country=scene.country, kind=scene.kind), at
    )
    if value is None or scene.failed:
        return None
    if scheme is None:
        scene.say("tax_id.scheme_taken", Severity.INFO, params={"scheme": value.scheme})
    scene.meet("tax_identifier", value)
    return value


def _nothing_but(scheme: str | None, scene: Scene) -> None:
    """Say that a number is missing where only its scheme was typed."""
    if scheme is not None and not scene.failed:
        scene.below("number").say("required")


def _read_identity(typed: object, scene: Scene, before: object) -> IdentityDocument | None:  # noqa: ARG001  a reader's shape
    sort, at = "cn.resident_id", scene
    if isinstance(typed, Mapping):
        _refuse_unknown(typed, ("type", "number"), scene)
        sort = _line(typed.get("type"), scene.below("type")) or sort
        typed, at = typed.get("number"), scene.below("number")
    number = _identifying(typed, at)
    if number is None:
        return None
    return _attempt(lambda: IdentityDocument.parse(number, sort), at)


def _read_invoice(
    typed: object, scene: Scene, before: InvoiceProfile | None
) -> InvoiceProfile | None:
    return _read_parts(InvoiceProfile, _INVOICE, typed, scene, before or InvoiceProfile())


def _read_email_text(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    email = read_email(typed, scene)
    return None if email is None else str(email)


def _read_account(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    number = _identifying(typed, scene)
    return None if number is None else _attempt(lambda: account_number(number), scene)


def _read_tax_text(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    number = _identifying(typed, scene)
    if number is None:
        return None
    value = _attempt(
        lambda: TaxIdentifier.parse(number, country=scene.country, kind=scene.kind), scene
    )
    return None if value is None else str(value)


def _coded(parse: Callable[[str], str]) -> Reader:
    def read(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
        return _parsed(parse, typed, scene)

    return read


_INVOICE: Mapping[str, Reader] = {
    "title": _short(200),
    "tax_number": _read_tax_text,
    "address": _short(400),
    "phone": _short(),
    "bank": _short(200),
    "account": _read_account,
    "invoice_type": _short(),
    "email": _read_email_text,
}

_BANK_ACCOUNT: Mapping[str, Reader] = {
    "bank": _short(200),
    "number": _read_account,
    "holder": _short(200),
    "cnaps": _coded(cnaps_code),
    "bic": _coded(bic_code),
}


def _read_bank_accounts(
    typed: object, scene: Scene, before: Sequence[BankAccount]
) -> tuple[BankAccount, ...]:
    def read(each: object, part: Scene, known: BankAccount | None) -> BankAccount | None:
        blank = known or BankAccount(number="")
        account = _read_parts(BankAccount, _BANK_ACCOUNT, each, part, blank)
        if account is not None and not account.number and not part.failed:
            part.below("number").say("required")
        return account

    return _entries("bank_account", read, typed, scene, before)


def _read_country(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    country = _parsed(CountryCode.parse, typed, scene)
    return scene.country if country is None else str(country)


def _read_purposes(typed: object, scene: Scene, before: object) -> tuple[str, ...]:
    return _read_tags(
        typed, attrs.evolve(scene, policy=attrs.evolve(scene.policy, lists={})), before
    )


def _read_postal_code(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    if isinstance(typed, (int, float)) and not isinstance(typed, bool) and scene.country == "CN":
        digits = f"{typed:.0f}" if math.isfinite(typed) else ""
        if len(digits) == 5:  # noqa: PLR2004  a spreadsheet ate the leading zero of 01…07
            scene.say("postal.leading_zero_restored", Severity.WARNING)
            typed = f"0{digits}"
    return _parsed(lambda words: postal_code(words, scene.country), typed, scene) or None


_ADDRESS: Mapping[str, Reader] = {
    "country": _read_country,
    "region": _short(),
    "locality": _short(),
    "district": _short(),
    "street_address": _short(400),
    "postal_code": _read_postal_code,
    "purposes": _read_purposes,
}


def _read_addresses(
    typed: object, scene: Scene, before: Sequence[PostalAddress]
) -> tuple[PostalAddress, ...]:
    def read(each: object, part: Scene, known: PostalAddress | None) -> PostalAddress | None:
        if isinstance(each, str):
            each = {"street_address": each}
        country = country_typed(each) or (known.country if known else scene.country)
        part = attrs.evolve(part, country=country)
        blank = known or PostalAddress(country=country)
        return _read_parts(PostalAddress, _ADDRESS, each, part, blank)

    return _entries("address", read, typed, scene, before)


def country_typed(typed: object) -> str | None:
    """Return the country an address names, if it names a known one; says nothing about it."""
    if not isinstance(typed, Mapping) or not isinstance(named := typed.get("country"), str):
        return None
    try:
        return str(CountryCode.parse(named))
    except InvalidValue:
        return None


def read_phone(
    typed: object, scene: Scene, before: Sequence[PhoneNumber] = ()
) -> PhoneNumber | None:
    """Read a phone number, given as text, number, or a mapping of `number` and `use`."""
    use = None
    if isinstance(typed, Mapping):
        _refuse_unknown(typed, ("number", "use"), scene)
        use = _line(typed.get("use"), scene.below("use"))
        typed = typed.get("number")
    for known in before:
        if typed == known.international and use == known.use:
            return known
    if isinstance(typed, (int, float)) and not isinstance(typed, bool):
        scene.say("phone.from_number", Severity.WARNING)
    phone = _parsed(lambda words: PhoneNumber.parse(words, scene.country, use=use), typed, scene)
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
        if typed == str(known):
            return known
    email = _parsed(lambda words: EmailAddress.parse(split_display(words)[1]), typed, scene)
    if email is not None:
        if isinstance(typed, str) and text.width_folded(typed) != typed:
            scene.say("email.fullwidth", Severity.INFO)
        scene.meet("email", email)
    return email


def _read_phones(
    typed: object, scene: Scene, before: Sequence[PhoneNumber]
) -> tuple[PhoneNumber, ...]:
    read = [read_phone(each, part, before) for part, each in _each(typed, scene)]
    return tuple(dict.fromkeys(each for each in read if each is not None))


def _read_emails(
    typed: object, scene: Scene, before: Sequence[EmailAddress]
) -> tuple[EmailAddress, ...]:
    read = [read_email(each, part, before) for part, each in _each(typed, scene)]
    return tuple(dict.fromkeys(each for each in read if each is not None))


def _read_messengers(typed: object, scene: Scene, before: Mapping[str, str]) -> dict[str, str]:
    return _merged(typed, scene, before, lambda each, part: _line(each, part))


def _read_language(typed: object, scene: Scene, before: object) -> str | None:  # noqa: ARG001  a reader's shape
    word = _line(typed, scene)
    if word is not None and not _is_language_tag(word):
        scene.say("language.unknown", params={"value": word})
    return word


def _is_language_tag(word: str) -> bool:
    """Whether the text has the form of a BCP 47 tag: a language, then subtags."""
    language, *subtags = word.split("-")
    sized = 2 <= len(language) <= 3 and all(1 <= len(tag) <= 8 for tag in subtags)  # noqa: PLR2004  RFC 5646
    return sized and word.isascii() and language.isalpha() and all(map(str.isalnum, subtags))


def _read_flag(typed: object, scene: Scene, before: object) -> bool:  # noqa: ARG001  a reader's shape
    if isinstance(typed, str):
        typed = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(
            typed.strip().lower(), typed
        )
    if isinstance(typed, bool) or typed in (0, 1):
        return bool(typed)
    scene.say("field.type", params={"expected": "yes/no"})
    return False


_YES = ("true", "yes", "y", "1", "on", "是", "√")
_NO = ("false", "no", "n", "0", "off", "否", "", "×")

_CONTACT: Mapping[str, Reader] = {
    "name": _short(),
    "title": _short(),
    "phones": _read_phones,
    "emails": _read_emails,
    "messengers": _read_messengers,
    "language": _read_language,
    "is_primary": _read_flag,
}


def _read_contacts(typed: object, scene: Scene, before: Sequence[Contact]) -> tuple[Contact, ...]:
    def read(each: object, part: Scene, known: Contact | None) -> Contact | None:
        if isinstance(each, str):
            each = {"name": each}
        contact = _read_parts(Contact, _CONTACT, each, part, known or Contact())
        return contact and _named_by_display(contact, each)

    return _with_one_primary(_entries("contact", read, typed, scene, before))


def _named_by_display(contact: Contact, typed: object) -> Contact:
    """Give a nameless contact the name that stood before its e-mail address."""
    emails = typed.get("emails") if isinstance(typed, Mapping) else None
    first = emails[0] if isinstance(emails, (list, tuple)) and emails else emails
    if contact.name is not None or not isinstance(first, str):
        return contact
    return attrs.evolve(contact, name=split_display(first)[0])


def _with_one_primary(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Keep only the first primary mark; a list without one marks its first contact."""
    marked = next((at for at, contact in enumerate(contacts) if contact.is_primary), 0)
    return tuple(
        contact
        if contact.is_primary == (at == marked)
        else attrs.evolve(contact, is_primary=at == marked)
        for at, contact in enumerate(contacts)
    )


def _read_custom(
    typed: object, scene: Scene, before: Mapping[str, CustomValue]
) -> dict[str, CustomValue]:
    return _merged(typed, scene, before, _read_custom_value)


def _read_custom_value(typed: object, scene: Scene) -> CustomValue:
    match typed:
        case bool() | None:
            return typed
        case datetime():
            return typed.date()
        case int() if abs(typed) < 10**30:
            return typed
        case Decimal() if typed.is_finite():
            return typed
        case float() if math.isfinite(typed):
            return Decimal(repr(typed))
        case date():
            return typed
        case str():
            return _parsed(lambda words: text.block(words, longest=_NOTES), typed, scene) or None
        case _:
            scene.say("field.type", params={"expected": "text, number, date, yes/no"})
            return None


def _read_parent(typed: object, scene: Scene, before: object) -> CustomerCode | None:  # noqa: ARG001  a reader's shape
    return _parsed(CustomerCode.parse, typed, scene)


READERS: Mapping[str, Reader] = {
    "id": _read_echo,
    "version": _read_echo,
    "code": _read_code,
    "status": _read_status,
    "kind": read_kind,
    "name": _read_name,
    "short_name": _short(),
    "foreign_name": _short(200),
    "mnemonic": _read_mnemonic,
    "contacts": _read_contacts,
    "addresses": _read_addresses,
    "tax_identifiers": _read_tax_identifiers,
    "identity_document": _read_identity,
    "bank_accounts": _read_bank_accounts,
    "invoice_profile": _read_invoice,
    "grade": _listed("grade"),
    "credit_rating": _listed("credit_rating"),
    "credit_limit": _read_money,
    "payment_terms": _read_terms,
    "payment_method": _listed("payment_method"),
    "currency": _read_currency,
    "tags": _read_tags,
    "category": _listed("category"),
    "industry": _listed("industry"),
    "source": _listed("source"),
    "owner": _short(),
    "department": _listed("department"),
    "sales_region": _listed("sales_region"),
    "parent": _read_parent,
    "website": _read_website,
    "legal_representative": _short(),
    "notes": _read_notes,
    "custom": _read_custom,
}
"""The reader of every field, in the order of the form."""


def read_small_form(
    raw: Mapping[str, object], scene: Scene, before: Customer | None
) -> Iterator[tuple[str, tuple[Contact, ...] | tuple[PostalAddress, ...] | None]]:
    """Yield the lists that the flat fields mean, under their field's name; None where unsound.

    In an edit a flat field replaces just that: the name, the first phone or the first e-mail of
    the primary contact, the street line or the postal code of the first address.
    """
    if raw.keys() & {"contact", "phone", "email"}:
        at = scene.below()
        contacts = _small_contact(raw, at, before)
        yield "contacts", None if at.failed else contacts
    if raw.keys() & {"address", "postal_code"}:
        at = scene.below()
        addresses = _small_address(raw, at, before)
        yield "addresses", None if at.failed else addresses


def _small_contact(
    raw: Mapping[str, object], scene: Scene, before: Customer | None
) -> tuple[Contact, ...]:
    known = before.primary_contact if before else None
    contact = known or Contact(is_primary=True)
    changed: dict[str, Any] = {}
    if "contact" in raw:
        changed["name"] = _line(raw["contact"], scene.below("contact"))
    if "phone" in raw:
        phone = read_phone(raw["phone"], scene.below("phone"), contact.phones)
        changed["phones"] = _first_replaced(contact.phones, phone)
    if "email" in raw:
        email = read_email(raw["email"], scene.below("email"), contact.emails)
        changed["emails"] = _first_replaced(contact.emails, email)
    others = before.contacts if before else ()
    return _put_back(others, known, attrs.evolve(contact, **changed), Contact(is_primary=True))


def _small_address(
    raw: Mapping[str, object], scene: Scene, before: Customer | None
) -> tuple[PostalAddress, ...]:
    others = before.addresses if before else ()
    known = others[0] if others else None
    address = known or PostalAddress(country=scene.country)
    changed: dict[str, Any] = {}
    if "address" in raw:
        changed["street_address"] = _line(raw["address"], scene.below("address"), longest=400)
    if "postal_code" in raw:
        changed["postal_code"] = _read_postal_code(
            raw["postal_code"], scene.below("postal_code"), None
        )
    changed_address = attrs.evolve(address, **changed)
    if changed_address != known and not scene.failed:
        scene.below("address").meet("address", changed_address)
    return _put_back(others, known, changed_address, PostalAddress(country=scene.country))


def _first_replaced(known: tuple[Any, ...], first: object) -> tuple[Any, ...]:
    """Return `known` with another first entry, or without its first one."""
    rest = known[1:]
    return rest if first is None else (first, *(each for each in rest if each != first))


def _put_back(
    others: tuple[Any, ...], known: object, changed: Any, blank: object
) -> tuple[Any, ...]:  # noqa: ANN401  contacts or addresses
    """Return the list with the changed entry in the place of the known one, unless it is empty."""
    if known is None:
        return others if changed == blank else (*others, changed)
    return tuple(changed if each is known else each for each in others)


def _entries(
    called: str,
    read: Callable[[object, Scene, Any], Any],
    typed: object,
    scene: Scene,
    before: Sequence[Any],
) -> tuple[Any, ...]:
    """Read a list of entries; one that returns with its id is the same entry as before."""
    known = {entry.id: entry for entry in before}
    found: dict[str | None, Any] = {}
    nameless: list[Any] = []
    for part, each in _each(typed, scene):
        entry_id = _entry_id(each, part)
        if entry_id is not None and entry_id in found:
            part.below("id").say("entry.twice")
        if entry_id is not None and before and entry_id not in known:
            part.below("id").say("entry.unknown")
        entry = read(each, part, known.get(entry_id))
        if entry is None or part.failed:
            continue
        if entry != known.get(entry_id):
            part.meet(called, entry)
        found[entry_id or f"\0{len(nameless)}"] = attrs.evolve(entry, id=entry_id)
        nameless.append(entry)
    return tuple(found.values())


def _entry_id(typed: object, scene: Scene) -> str | None:
    if not isinstance(typed, Mapping) or _is_blank(typed.get("id")):
        return None
    word = str(typed["id"])
    if (
        len(word) > 36
        or not all(char.isalnum() or char in ".-_" for char in word)
        or not word.isascii()
    ):  # noqa: PLR2004  a UUID's text
        scene.below("id").say("entry.id")
        return None
    return word


def _read_parts(
    made: type,
    readers: Mapping[str, Reader],
    typed: object,
    scene: Scene,
    before: Any,  # noqa: ANN401  any value class
) -> Any:  # noqa: ANN401  an instance of `made`
    """Read a mapping part by part into `before`: an absent part stays as it was."""
    if _is_blank(typed):
        return None
    if not isinstance(typed, Mapping):
        scene.say("field.type", params={"expected": "mapping"})
        return None
    _refuse_unknown(typed, ("id", *readers), scene)
    changed = {
        part: read(typed[part], scene.below(part), getattr(before, part))
        for part, read in readers.items()
        if part in typed
    }
    entry = attrs.evolve(before, **changed)
    return None if entry == made_blank(made, before) else entry


def made_blank(made: type, like: Any) -> object:  # noqa: ANN401  any value class
    """Return the empty entry that stands for nothing typed at all."""
    kept = {name: getattr(like, name) for name in ("country",) if hasattr(like, name)}
    return made(number="", **kept) if made is BankAccount else made(**kept)


def _merged(
    typed: object, scene: Scene, before: Mapping[str, Any], read: Callable[[object, Scene], Any]
) -> dict[str, Any]:
    """Read a mapping of free names: a name not typed stays, one typed empty goes."""
    if _is_blank(typed):
        return {}
    if not isinstance(typed, Mapping):
        scene.say("field.type", params={"expected": "mapping"})
        return {}
    merged = dict(before)
    for name, each in typed.items():
        spoken = _free_name(name, scene)
        if spoken is not None:
            merged[spoken] = read(each, scene.below(spoken))
    return {name: value for name, value in merged.items() if value is not None}


def _free_name(name: object, scene: Scene) -> str | None:
    try:
        spoken = text.line(name, longest=60) if isinstance(name, str) else ""
    except InvalidValue:
        spoken = ""
    if not spoken:
        scene.say("custom.name", params={"name": shown(name)})
    return spoken or None


def _refuse_unknown(typed: Mapping[Any, object], known: Sequence[str], scene: Scene) -> None:
    for name in typed:
        if name not in known:
            scene.below(shown(name)).say("field.unknown", params={"name": shown(name), "hint": ""})


def shown(name: object) -> str:
    """Return a key that people may have typed, short and fit for a sentence."""
    if not isinstance(name, str):
        return f"<{type(name).__name__}>"
    return "".join(char if char.isprintable() else "�" for char in name[:60])


def _each(typed: object, scene: Scene) -> Iterator[tuple[Scene, object]]:
    """Yield the entries of a list with their scenes; a text or mapping alone is its only entry."""
    if _is_blank(typed):
        return
    if isinstance(typed, (str, int, float, Mapping)) and not isinstance(typed, bool):
        yield scene.below(), typed
    elif not isinstance(typed, (list, tuple)):
        scene.say("field.type", params={"expected": "list"})
    elif len(typed) > _MOST_ENTRIES:
        scene.say("entry.too_many", params={"max": _MOST_ENTRIES})
    else:
        for at, each in enumerate(cast("Sequence[object]", typed)):
            if not _is_blank(each):
                yield scene.below(at), each


def _line(typed: object, scene: Scene, *, longest: int = _WORD) -> str | None:
    """Read one line of text; None for nothing."""
    written = _text(typed, scene)
    tidy = _parsed(lambda words: text.line(words, longest=longest), written, scene)
    if tidy:
        _tell_characters(str(written), tidy, scene, "text.invisible", "text.unusual_char")
    return tidy or None


def _tell_characters(typed: str, tidy: str, scene: Scene, invisible: str, unusual: str) -> None:
    if text.has_invisible(typed):
        scene.say(invisible, Severity.INFO)
    for char in text.unusual_characters(tidy):
        scene.say(unusual, Severity.WARNING, params={"pos": tidy.index(char) + 1})
        break


def _text(typed: object, scene: Scene) -> str | None:
    """Return what was typed as text; numbers count as their digits."""
    match typed:
        case None:
            return None
        case str():
            return typed
        case bool():
            pass
        case int() if abs(typed) < 10**40:
            return str(typed)
        case float() if math.isfinite(typed):
            return f"{typed:.0f}" if typed.is_integer() and abs(typed) < 10**15 else repr(typed)
        case Decimal() if typed.is_finite():
            return f"{typed:f}"
        case date():
            scene.say("import.date_in_text")
            return None
        case _:
            pass
    scene.say("field.type", params={"expected": "text"})
    return None


def _identifying(typed: object, scene: Scene) -> str | None:
    """Return an identifying number as text, unless a spreadsheet has spoilt it."""
    if isinstance(typed, (int, float)) and not isinstance(typed, bool):
        if not math.isfinite(typed) or abs(typed) >= 10**_EXACT_DIGITS:
            scene.say("import.precision_loss")
            return None
    written = _text(typed, scene)
    if written is None or not written.strip():
        return None
    if _is_scientific(written):
        scene.say("import.scientific")
        return None
    return written


def _is_scientific(written: str) -> bool:
    """Whether a text is what a spreadsheet shows for a long number: 9.11E+17."""
    mantissa, e, exponent = written.strip().upper().partition("E+")
    return (
        bool(e)
        and exponent.isdigit()
        and "." in mantissa
        and mantissa.replace(".", "", 1).isdigit()
    )


def _parsed(parse: Callable[[str], Any], typed: object, scene: Scene) -> Any:  # noqa: ANN401  whatever `parse` gives
    """Return what `parse` makes of the typed text, None for nothing or for a refusal said."""
    written = _text(typed, scene)
    if written is None or not written.strip():
        return None
    return _attempt(lambda: parse(written), scene)


def _attempt(make: Callable[[], Any], scene: Scene) -> Any:  # noqa: ANN401  whatever `make` gives
    try:
        return make()
    except InvalidValue as refusal:
        scene.refuse(refusal)
        return None


def _is_blank(typed: object) -> bool:
    if isinstance(typed, str):
        return not typed.strip()
    return typed is None or (isinstance(typed, (list, tuple, Mapping)) and not typed)
