"""The parts of a policy file, one reader each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from string import Formatter
from types import MappingProxyType
from typing import cast

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import InvalidValue, PolicyError
from customer_registry.domain.issues import Severity
from customer_registry.domain.messages import LANGUAGES, catalogue
from customer_registry.domain.policy.coding import (
    fiscal_year_start,
    read_codes,
    read_reservations,
)
from customer_registry.domain.policy.custody import (
    read_approval,
    read_consent,
    read_retention,
)
from customer_registry.domain.policy.custom_field import read_custom_fields
from customer_registry.domain.policy.names import (
    CODE_LISTS,
    DEFAULTABLE,
    FORMATTABLE,
    REQUIRABLE,
)
from customer_registry.domain.policy.reading import Keys, Reading, Table, spelt
from customer_registry.domain.policy.text_format import TextFormat, read_format
from customer_registry.domain.policy.uniqueness import UNIQUE_KEYS, Unique
from customer_registry.domain.values.cn_phone import is_area_code
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.money import Money

__all__ = ["PARTS", "category_defaults", "defaults", "overlaid", "required", "zone"]

_LONGEST = 4000
_MIDNIGHT = 24
_OFF = "off"


def region(given: object, reading: Reading) -> str:
    """Read a country code."""
    text = reading.text(("region",), given)
    try:
        return str(CountryCode.parse(text))
    except InvalidValue:
        reading.say(("region",), f"region is a country code such as CN, not {text!r}")
        return text


def currency(given: object, reading: Reading) -> str:
    """Read a currency code."""
    text = reading.text(("currency",), given)
    try:
        return Money.parse("0", text).currency
    except InvalidValue:
        reading.say(("currency",), f"currency is a code such as CNY, not {text!r}")
        return text


def time_zone(given: object, reading: Reading) -> str:
    """Read the name of a time zone."""
    text = reading.text(("time_zone",), given)
    if text != "UTC":
        try:
            zone(text)
        except PolicyError as error:
            reading.say(("time_zone",), str(error))
    return text


def working_hours(given: object, reading: Reading) -> tuple[int, ...]:
    """Read the hour in which work begins, and the one before which it ends."""
    keys, told = ("working_hours",), "working_hours is two different hours from 0 to 24"
    hours = tuple(cast("Sequence[object]", given)) if isinstance(given, (list, tuple)) else ()
    whole = tuple(hour for hour in hours if type(hour) is int and 0 <= hour <= _MIDNIGHT)
    if len(hours) != len(whole) or len(set(whole)) != 2:  # noqa: PLR2004  from and until
        reading.say(keys, f"{told}, such as [8, 18]")
    return whole


def area_code(given: object, reading: Reading) -> str:
    """Read an area code."""
    text = reading.text(("area_code",), given)
    if not is_area_code(text):
        reading.say(("area_code",), "area_code is one of mainland China, such as 010 or 0755")
    return text


def special_domains(given: object, reading: Reading) -> tuple[str, ...]:
    """Read the e-mail domains that pass although the outer world does not know them."""
    domains = reading.texts(("special_domains",), given)
    for at, domain in enumerate(domains):
        if not _is_domain(domain):
            reading.say(("special_domains", at), f"special_domains: {domain!r} is no domain")
    return tuple(domain.lower() for domain in domains)


def _is_domain(text: str) -> bool:
    labels = text.split(".")
    return all(label.replace("-", "").isalnum() for label in labels) and len(text) < 254  # noqa: PLR2004  RFC 1035


def required(given: object, reading: Reading) -> dict[PartyKind, tuple[str, ...]]:
    """Read which fields are required, by kind."""
    by_kind: dict[PartyKind, tuple[str, ...]] = {}
    for kind, lists in _by_kind("required", given, ["all", *PartyKind], reading).items():
        names: dict[str, None] = {}
        for keys, listed in lists:
            read = reading.texts(keys, listed)
            reading.listed(keys, read, REQUIRABLE)
            names |= dict.fromkeys(read)
        by_kind[kind] = tuple(names)
    return by_kind


def defaults(given: object, reading: Reading) -> dict[PartyKind, Table]:
    """Read what is filled in, by kind."""
    parts = _by_kind("defaults", given, ["all", *PartyKind, "category"], reading)
    by_kind: dict[PartyKind, Table] = {}
    for kind, tables in parts.items():
        merged: dict[str, object] = {}
        for keys, table in tables:
            merged = overlaid(merged, _filled_in(keys, table, DEFAULTABLE, reading))
        by_kind[kind] = MappingProxyType(merged)
    return by_kind


def overlaid(below: Table, above: Table) -> dict[str, object]:
    """Return the defaults of two tables, the second's first; custom fields each by itself."""
    merged: dict[str, object] = {**below, **above}
    shared = below.get("custom"), above.get("custom")
    if all(isinstance(each, Mapping) for each in shared):
        merged["custom"] = {**below["custom"], **above["custom"]}
    return merged


def category_defaults(given: object, reading: Reading) -> dict[str, Table]:
    """Read what is filled in, by category."""
    keys = ("defaults", "category")
    table = given.get("category", {}) if isinstance(given, Mapping) else {}
    names = [name for name in DEFAULTABLE if name != "category"]
    return {
        category: MappingProxyType(_filled_in((*keys, category), given, names, reading))
        for category, given in reading.table(keys, table).items()
    }


def _by_kind(
    part: str, given: object, known: Sequence[str], reading: Reading
) -> dict[PartyKind, list[tuple[Keys, object]]]:
    """Return what a table says for every kind and where, `all` first."""
    table = reading.table((part,), given)
    reading.known((part,), table, known)
    return {
        kind: [((part, name), table[name]) for name in ("all", str(kind)) if name in table]
        for kind in PartyKind
    }


def _filled_in(
    keys: Keys, given: object, names: Sequence[str], reading: Reading
) -> dict[str, object]:
    table = reading.table(keys, given)
    reading.known(keys, table, names)
    return dict(table)


def _severities(given: object, reading: Reading) -> dict[str, Severity | None]:
    severities: dict[str, Severity | None] = {}
    for code, word in reading.table(("severity",), given).items():
        if isinstance(word, Mapping):  # TOML reads severity.name.digits as tables in tables
            whole = f"{code}.{next(iter(word), '')}"
            reading.say(("severity", code), f'severity: write "{whole}" in quotes')
            continue
        chosen = reading.word(("severity", code), word, [*Severity, _OFF])
        severities[code] = None if chosen == _OFF else Severity(chosen)
    return severities


def _lists(given: object, reading: Reading) -> dict[str, tuple[str, ...]]:
    table = reading.table(("lists",), given)
    reading.known(("lists",), table, CODE_LISTS)
    return {field: reading.words(("lists", field), words) for field, words in table.items()}


def _unique(given: object, reading: Reading) -> dict[str, Unique]:
    table = reading.table(("unique",), given)
    reading.known(("unique",), table, UNIQUE_KEYS)
    return {key: Unique(reading.word(("unique", key), word, Unique)) for key, word in table.items()}


def _formats(given: object, reading: Reading) -> dict[str, TextFormat]:
    table = reading.table(("formats",), given)
    reading.known(("formats",), table, FORMATTABLE)
    read = {name: read_format(("formats", name), each, reading) for name, each in table.items()}
    return {name: each for name, each in read.items() if each is not None}


def _max_lengths(given: object, reading: Reading) -> dict[str, int]:
    table = reading.table(("max_length",), given)
    reading.known(("max_length",), table, FORMATTABLE)
    return {
        name: reading.count(("max_length", name), number, _LONGEST)
        for name, number in table.items()
    }


def sentences(given: object, reading: Reading) -> dict[str, Mapping[str, str]]:
    """Read sentences by language and code, labels by `label.<field>`."""
    table = reading.table(("messages",), given)
    reading.known(("messages",), table, LANGUAGES)
    return {
        language: {
            code: _sentence(("messages", language, code), sentence, reading)
            for code, sentence in reading.table(("messages", language), spoken).items()
        }
        for language, spoken in table.items()
    }


def _sentence(keys: Keys, given: object, reading: Reading) -> str:
    sentence = reading.text(keys, given)
    code = str(keys[-1])
    if code.startswith("label."):
        reading.known(keys[:-1], [code], [f"label.{name}" for name in catalogue("en").labels])
    try:
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    except ValueError:
        names = [""]
    if not all(name.isidentifier() for name in names):
        reading.say(keys, f"{spelt(keys)}: words in braces are names such as {{label}}")
    return sentence


def _access(given: object, reading: Reading) -> object:
    from customer_registry.domain.policy.access import (  # noqa: PLC0415  for who declares access
        read_access,
    )

    return read_access(given, reading)


def _whom_to_ask(given: object, reading: Reading) -> str:
    return reading.text(("whom_to_ask",), given)


PARTS: Mapping[str, tuple[str, Callable[[object, Reading], object]]] = MappingProxyType(
    {
        "region": ("region", region),
        "currency": ("currency", currency),
        "time_zone": ("time_zone", time_zone),
        "working_hours": ("working_hours", working_hours),
        "area_code": ("area_code", area_code),
        "special_domains": ("special_domains", special_domains),
        "required": ("required", required),
        "defaults": ("defaults", defaults),
        "category_defaults": ("defaults", category_defaults),
        "severities": ("severity", _severities),
        "lists": ("lists", _lists),
        "formats": ("formats", _formats),
        "max_lengths": ("max_length", _max_lengths),
        "unique": ("unique", _unique),
        "codes": ("codes", read_codes),
        "reservations": ("reservations", read_reservations),
        "fiscal_year_start": ("fiscal_year_start", fiscal_year_start),
        "custom_fields": ("custom", read_custom_fields),
        "sentences": ("messages", sentences),
        "whom_to_ask": ("whom_to_ask", _whom_to_ask),
        "access": ("access", _access),
        "retention": ("retention", read_retention),
        "consent": ("consent", read_consent),
        "approval": ("approval", read_approval),
    }
)
"""The parts of a policy: what the file calls each one, and its reader."""


def zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name; raises PolicyError where this machine knows none."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415  UTC, the default, needs no table of zones

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise PolicyError(
            f"time_zone: this machine knows no zone {name!r}; is the package tzdata installed?"
        ) from error
