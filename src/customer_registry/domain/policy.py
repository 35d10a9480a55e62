"""What a company decides for its customers, read from TOML text."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import attrs

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodeMode, CodePolicy, ManualCodes
from customer_registry.domain.customer import PartyKind, RawCustomer
from customer_registry.domain.errors import InvalidValue, PolicyError
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.messages import LANGUAGES, catalogue
from customer_registry.domain.spelling import hint
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.money import Money

if TYPE_CHECKING:
    from os import PathLike

__all__ = [
    "CODE_LISTS",
    "DUPLICATE_CODES",
    "FIXED_CODES",
    "UNIQUE_KEYS",
    "CompanyPolicy",
    "Unique",
]

CODE_LISTS = (
    "category",
    "credit_rating",
    "department",
    "grade",
    "industry",
    "payment_method",
    "sales_region",
    "source",
    "tags",
)
"""The fields whose words a company may list."""


class Unique(StrEnum):
    """What happens when two customers share a key."""

    BLOCK = "block"
    WARN = "warn"
    OFF = "off"


UNIQUE_KEYS: Mapping[str, Unique] = MappingProxyType(
    {
        "tax_identifier": Unique.BLOCK,
        "identity_document": Unique.BLOCK,
        "organization_name": Unique.WARN,
        "person_name": Unique.OFF,
        "phone": Unique.WARN,
        "email": Unique.WARN,
    }
)
"""The keys that duplicates are found by, and what happens where no company decides."""

DUPLICATE_CODES: Mapping[str, str] = MappingProxyType(
    {
        "tax_identifier": "tax_id.duplicate",
        "identity_document": "identity.duplicate",
        "organization_name": "name.duplicate",
        "person_name": "name.duplicate",
        "phone": "phone.duplicate",
        "email": "email.duplicate",
    }
)
"""The issue that tells of a shared key."""

FIXED_CODES = frozenset(
    """
    bank_account.format bic.format cnaps.length code.format code.immutable code.required
    country.unknown credit.days_range currency.unknown custom.name email.format
    email.multiple email.too_long entry.id entry.too_many entry.twice entry.unknown
    field.twice field.type field.unknown hk_br.format hkid.check_digit hkid.format
    iban.check_digit id.birth_date id.charset id.check_digit id.length import.date_in_text
    import.precision_loss import.scientific kind.unknown mo.format money.format
    name.required org_code.check_digit org_code.format payment_term.range phone.extension
    phone.invalid phone.letters phone.mobile_length phone.mobile_prefix phone.multiple
    phone.scientific phone.too_long phone.too_short postal.format postal.invalid
    postal.too_long raw.type read_only required status.unknown tax_id.check_digit
    tax_id.format tax_id.scheme text.forbidden too_long tw_ubn.check_digit tw_ubn.length
    uscc.charset uscc.check_digit uscc.length uscc.placeholder uscc.region_digits
    """.split()
)
"""The codes after which nothing sound is left to store: they can only be errors."""

_OFF = "off"
_FIELDS = tuple(RawCustomer.__annotations__)
_DEFAULTABLE = tuple(
    name
    for name in _FIELDS
    if name not in {"code", "kind", "name", "contact", "phone", "email", "address", "postal_code"}
)
_REQUIRABLE = (*_FIELDS, "contacts.phones", "contacts.emails", "contacts.name")

Table: TypeAlias = dict[str, Any]


def _every_key(given: Mapping[str, Unique]) -> Mapping[str, Unique]:
    """Return what happens for every key; a word is taken for what it means."""
    words = {word.value: word for word in Unique}
    return {**UNIQUE_KEYS, **{key: words.get(word, word) for key, word in given.items()}}


@attrs.frozen(kw_only=True)
class CompanyPolicy:
    """A company's decisions; the defaults are those of a company that decided nothing.

    `required` and `defaults` go by kind, `severities` turn an issue code to `error warning info`
    or None (silent), `lists` are ordered code lists, `unique` says per key whether a duplicate
    blocks, warns or passes. `time_zone` is an IANA name; `sentences` overlay the catalogues.

    >>> CompanyPolicy.loads('region = "HK"').region
    'HK'
    """

    region: str = "CN"
    currency: str = "CNY"
    time_zone: str = "UTC"
    area_code: str | None = None
    required: Mapping[PartyKind, tuple[str, ...]] = attrs.field(factory=dict)
    defaults: Mapping[PartyKind, Mapping[str, object]] = attrs.field(factory=dict)
    severities: Mapping[str, Severity | None] = attrs.field(factory=dict)
    lists: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    unique: Mapping[str, Unique] = attrs.field(factory=dict, converter=_every_key)
    codes: CodePolicy | None = None
    sentences: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    whom_to_ask: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what no company can mean; raise PolicyError with every mistake."""
        mistakes = list(_mistakes(self))
        if mistakes:
            raise PolicyError(mistakes)

    @classmethod
    def load(cls, path: "str | PathLike[str]") -> Self:
        """Return the policy in a TOML file; raises PolicyError with all its mistakes."""
        try:
            with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123  pathlib is slow to import
                text = file.read()
        except OSError as error:
            raise PolicyError(f"{path!s}: {error.strerror or 'cannot be opened'}") from error
        except UnicodeDecodeError as error:
            raise PolicyError(f"{path!s}: this is no UTF-8 text") from error
        return cls.loads(text)

    @classmethod
    def loads(cls, text: str) -> Self:
        """Return the policy in a TOML text; raises PolicyError with all its mistakes."""
        import tomllib  # noqa: PLC0415  only who has a policy file pays for the parser

        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"not TOML: {error}") from error
        reading = _Reading()
        decided = {
            part: read(table[part], reading) for part, read in _PARTS.items() if part in table
        }
        reading.known("the file", table, _PARTS)
        fields: Table = {_NAMES.get(part, part): value for part, value in decided.items()}
        try:
            policy = cls(**fields)
        except PolicyError as error:
            raise PolicyError(dict.fromkeys([*reading.mistakes, *error.mistakes])) from None
        if reading.mistakes:
            raise PolicyError(dict.fromkeys(reading.mistakes))
        return policy

    @property
    def zone(self) -> tzinfo:
        """The company's time zone; raises PolicyError where this machine does not know it."""
        return UTC if self.time_zone == "UTC" else _zone(self.time_zone)

    def weighed(self, issue: Issue) -> Issue | None:
        """Return the issue with the company's severity, None where the company silenced it."""
        if issue.code not in self.severities:
            return issue
        severity = self.severities[issue.code]
        return None if severity is None else attrs.evolve(issue, severity=severity)

    def uniqueness(self, key: str) -> Unique:
        """Return what happens when two customers share a key of this name.

        A company that made the issue less than an error does not block by it either.
        """
        chosen = self.unique.get(key, Unique.OFF)
        severity = self.severities.get(DUPLICATE_CODES.get(key, ""), Severity.ERROR)
        if chosen is Unique.BLOCK and severity is not Severity.ERROR:
            return Unique.OFF if severity is None else Unique.WARN
        return chosen


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  UTC, the default, needs no table of zones

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise PolicyError(
            f"time_zone: this machine knows no zone {name!r}; is the package tzdata installed?"
        ) from error


@attrs.frozen(eq=False, repr=False)
class _Reading:
    """Collects the mistakes of a policy file."""

    mistakes: list[str] = attrs.field(factory=list)

    def known(self, where: str, given: Iterable[str], known: Iterable[str]) -> None:
        names = list(known)
        for name in given:
            if name not in names:
                self.mistakes.append(f"{where} knows no {name!r}{hint(name, names)}")

    def table(self, where: str, given: object) -> Table:
        if isinstance(given, dict):
            return given
        self.mistakes.append(f"{where} is a table")
        return {}

    def text(self, where: str, given: object) -> str:
        if not isinstance(given, str):
            self.mistakes.append(f"{where} is a text")
        return str(given)

    def texts(self, where: str, given: object) -> tuple[str, ...]:
        if not isinstance(given, list):
            self.mistakes.append(f"{where} is a list of texts")
            return ()
        return tuple(self.text(where, each) for each in given)

    def word(self, where: str, given: object, words: Iterable[str]) -> str:
        if given not in (listed := list(words)):
            self.mistakes.append(f"{where} is one of {', '.join(listed)}, not {given!r}")
            return listed[0]
        return str(given)


def _region(given: object, reading: _Reading) -> str:
    text = reading.text("region", given)
    try:
        return str(CountryCode.parse(text))
    except InvalidValue:
        reading.mistakes.append(f"region is a country code such as CN, not {text!r}")
        return text


def _currency(given: object, reading: _Reading) -> str:
    text = reading.text("currency", given)
    try:
        return Money.parse("0", text).currency
    except InvalidValue:
        reading.mistakes.append(f"currency is a code such as CNY, not {text!r}")
        return text


def _time_zone(given: object, reading: _Reading) -> str:
    text = reading.text("time_zone", given)
    try:
        if text != "UTC":
            _zone(text)
    except PolicyError as error:
        reading.mistakes.extend(error.mistakes)
    return text


def _area_code(given: object, reading: _Reading) -> str:
    text = reading.text("area_code", given)
    if not (text.isascii() and text.isdigit() and text.startswith("0") and 3 <= len(text) <= 4):  # noqa: PLR2004  010 … 0755
        reading.mistakes.append("area_code is three or four digits from 0, such as 010")
    return text


def _kinds(where: str, given: object, reading: _Reading) -> dict[PartyKind, list[Any]]:
    """Return what a table says per kind, `all` first."""
    table = reading.table(where, given)
    reading.known(where, table, ["all", *PartyKind])
    shared = [table["all"]] if "all" in table else []
    return {kind: [*shared, *([table[kind]] if kind in table else [])] for kind in PartyKind}


def _required(given: object, reading: _Reading) -> dict[PartyKind, tuple[str, ...]]:
    by_kind: dict[PartyKind, tuple[str, ...]] = {}
    for kind, lists in _kinds("required", given, reading).items():
        names = [name for listed in lists for name in reading.texts(f"required.{kind}", listed)]
        reading.known("required", names, _REQUIRABLE)
        by_kind[kind] = tuple(dict.fromkeys(names))
    return by_kind


def _defaults(given: object, reading: _Reading) -> dict[PartyKind, Mapping[str, object]]:
    by_kind: dict[PartyKind, Mapping[str, object]] = {}
    for kind, tables in _kinds("defaults", given, reading).items():
        merged: Table = {}
        for table in tables:
            merged |= reading.table(f"defaults.{kind}", table)
        reading.known("defaults", merged, _DEFAULTABLE)
        by_kind[kind] = MappingProxyType(merged)
    return by_kind


def _severities(given: object, reading: _Reading) -> dict[str, Severity | None]:
    severities: dict[str, Severity | None] = {}
    for code, word in reading.table("severity", given).items():
        chosen = reading.word(f'severity."{code}"', word, [*Severity, _OFF])
        severities[code] = None if chosen == _OFF else Severity(chosen)
    return severities


def _lists(given: object, reading: _Reading) -> dict[str, tuple[str, ...]]:
    table = reading.table("lists", given)
    reading.known("lists", table, CODE_LISTS)
    return {field: reading.texts(f"lists.{field}", words) for field, words in table.items()}


def _unique(given: object, reading: _Reading) -> dict[str, Unique]:
    table = reading.table("unique", given)
    reading.known("unique", table, UNIQUE_KEYS)
    chosen = {
        key: Unique(reading.word(f"unique.{key}", word, Unique)) for key, word in table.items()
    }
    return {**UNIQUE_KEYS, **chosen}


def _codes(given: object, reading: _Reading) -> CodePolicy | None:
    table = reading.table("codes", given)
    reading.known("codes", table, ["pattern", "mode"])
    mode = CodeMode(reading.word("codes.mode", table.get("mode", "automatic"), CodeMode))
    if mode is CodeMode.MANUAL and "pattern" not in table:
        return ManualCodes()
    template = reading.text("codes.pattern", table.get("pattern", ""))
    try:
        return CodePattern(template, mode=mode)
    except PolicyError as error:
        reading.mistakes.extend(f"codes.pattern: {mistake}" for mistake in error.mistakes)
        return None


def _sentences(given: object, reading: _Reading) -> dict[str, Mapping[str, str]]:
    table = reading.table("messages", given)
    reading.known("messages", table, LANGUAGES)
    return {
        language: {
            code: reading.text(f'messages.{language}."{code}"', sentence)
            for code, sentence in reading.table(f"messages.{language}", sentences).items()
        }
        for language, sentences in table.items()
    }


def _whom_to_ask(given: object, reading: _Reading) -> str:
    return reading.text("whom_to_ask", given)


_PARTS: Mapping[str, Callable[[object, _Reading], object]] = {
    "region": _region,
    "currency": _currency,
    "time_zone": _time_zone,
    "area_code": _area_code,
    "required": _required,
    "defaults": _defaults,
    "severity": _severities,
    "lists": _lists,
    "unique": _unique,
    "codes": _codes,
    "messages": _sentences,
    "whom_to_ask": _whom_to_ask,
}
_NAMES = {"severity": "severities", "messages": "sentences"}


def _mistakes(policy: CompanyPolicy) -> Iterator[str]:
    """Yield what is wrong with a policy, wherever it was made."""
    reading = _Reading()
    _region(policy.region, reading)
    _currency(policy.currency, reading)
    _time_zone(policy.time_zone, reading)
    if policy.area_code is not None:
        _area_code(policy.area_code, reading)
    reading.known("unique", policy.unique, UNIQUE_KEYS)
    reading.known("lists", policy.lists, CODE_LISTS)
    for kind, names in policy.required.items():
        reading.known("required", [kind], PartyKind)
        reading.known("required", names, _REQUIRABLE)
    for kind, defaults in policy.defaults.items():
        reading.known("defaults", [kind], PartyKind)
        reading.known("defaults", defaults, _DEFAULTABLE)
    for key, word in policy.unique.items():
        reading.word(f"unique.{key}", word, Unique)
    yield from dict.fromkeys(reading.mistakes)
    yield from _weighed_wrongly(policy.severities, policy.sentences)


def _weighed_wrongly(
    severities: Mapping[str, Severity | None], sentences: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield the codes that nobody knows, and those after which there is nothing to store."""
    own = {code for language in sentences.values() for code in language}
    known = frozenset(catalogue("en").sentences) | own if severities else own
    for code, severity in severities.items():
        if code not in known:
            yield f'severity knows no "{code}"{hint(code, known)}'
        elif code in FIXED_CODES and severity is not Severity.ERROR:
            yield f'severity."{code}" stays an error: there is nothing sound to store'
