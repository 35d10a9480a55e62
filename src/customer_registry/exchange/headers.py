"""What the headers of a customer file mean: each a field of the raw customer."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType

import attrs

from customer_registry.domain.customer import RawCustomer
from customer_registry.domain.issues import Issue, Severity
from customer_registry.exchange.cells import plain

__all__ = [
    "ECHOES",
    "Column",
    "Heading",
    "Vocabulary",
    "grouped",
    "header_key",
    "heading",
    "meaning",
    "vocabulary",
    "word_key",
]

_NEXT_FREE = "+"
_LONGEST = 300
_NOISE = re.compile("[\\s*:\u00ad\u200b\u200c\u200d\u2060\ufeff]+")
_BRACKETED = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
_UNIT = re.compile(r"(.+)\(([^()]*)\)")
_PARTS = re.compile(r"[()/\n]+")
_PATH = re.compile(r"[a-z_]+(?:\.[^\s.():]+)*(?::[a-z]+)?")
_ROOTS = frozenset(RawCustomer.__annotations__) - {
    "id",
    "version",
    "phone",
    "email",
    "contact",
    "address",
    "postal_code",
}
ECHOES = frozenset(
    {
        "approval",
        "created_at",
        "former_codes",
        "id",
        "merged_into",
        "updated_at",
        "verified_at",
        "version",
    }
)


@attrs.frozen(kw_only=True)
class Column:
    """What one column holds: the dotted path of its field, and how its cells are read.

    `key` names the alias table it was found in (empty for a path), `form` the written form of a
    value that is no text, `beside` what such a column says about its neighbours.
    """

    field: str
    key: str = ""
    reads: str = ""
    form: str = ""
    unit: str | int = ""
    beside: Mapping[str, object] = attrs.field(factory=dict[str, object])
    flag: Mapping[str, str] = attrs.field(factory=dict[str, str])

    @property
    def is_read(self) -> bool:
        """Whether the cells of this column become part of the raw customer."""
        return bool(self.field)


@attrs.frozen(kw_only=True)
class Vocabulary:
    """The words of `headers.toml`, compared by their keys."""

    aliases: Mapping[str, Column]
    columns: Mapping[str, Column]
    marks: frozenset[str]
    reasons: frozenset[str]
    beside_a_name: frozenset[str]
    totals: frozenset[str]
    help: frozenset[str]
    units: Mapping[str, str | int]
    groups: Mapping[str, str]
    answers: Mapping[str, str]
    statuses: Mapping[str, str]
    simple: Mapping[str, Mapping[str, str]]


@attrs.frozen(kw_only=True)
class Heading:
    """The header row of a file: headers as written, the columns they mean, what was unclear."""

    headers: tuple[str, ...]
    columns: Mapping[int, Column]
    issues: tuple[Issue, ...]


def word_key(text: str) -> str:
    """Return what two spellings of a word in a file share: NFKC, caseless, without spaces."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    return _NOISE.sub("", unicodedata.normalize("NFKC", folded))


def header_key(text: str) -> str:
    """Return the key of a header: a word's key without remarks in brackets such as （必填）.

    >>> header_key("*客户 名称（必填）："), header_key("ＱＱ")
    ('客户名称', 'qq')
    """
    marks = vocabulary().marks
    return _BRACKETED.sub(lambda m: "" if m[1] in marks else m[0], word_key(text))


def meaning(text: str) -> Column | None:
    """Return the column that a header announces, None for a header nobody knows.

    >>> meaning("统一社会信用代码").field, meaning("联系人 2 的电话 (contacts.1.phones.0)").field
    ('tax_identifiers.+', 'contacts.1.phones.0')
    """
    if len(text) > _LONGEST:
        return None
    return _by_path(text) or _by_alias(text) or _by_parts(text)


def grouped(text: str, group: str) -> str:
    """Return the header in full: 名称 below the group header 开票信息 is 开票名称."""
    lent = vocabulary().groups.get(header_key(group), "")
    composed = lent + text.strip().lstrip("*＊")
    return composed if lent and meaning(composed) else text


def heading(headers: Sequence[str]) -> Heading:
    """Return what the headers mean together: lists get their places, neighbours their roles."""
    found = {at: column for at, text in enumerate(headers) if (column := meaning(text))}
    _tell_contact_from_customer(found, headers)
    _place_addresses(found)
    _number_entries(found)
    issues = (*_unknown(headers, found), *_duplicates(headers, found))
    read = {at: column for at, column in found.items() if column.is_read}
    return Heading(headers=tuple(headers), columns=MappingProxyType(read), issues=issues)


@cache
def vocabulary() -> Vocabulary:
    """Return the words of `headers.toml`."""
    import tomllib  # noqa: PLC0415  a process that reads no file should not pay for the parser

    text = (
        resources.files("customer_registry.exchange")
        .joinpath("headers.toml")
        .read_text(encoding="utf-8")
    )
    given = tomllib.loads(text)
    columns = {key: _column(key, table) for key, table in given["columns"].items()}
    aliases = {
        word_key(alias): columns[key]
        for key, table in given["columns"].items()
        for alias in table["aliases"]
    }
    aliases |= {word_key(word): Column(field="", key="ignored") for word in given["ignored"]}
    return Vocabulary(
        aliases=MappingProxyType(aliases),
        columns=MappingProxyType(columns),
        marks=_keys(given["marks"]),
        reasons=_keys(given["reasons"]),
        beside_a_name=_keys(given["beside_a_name"]),
        totals=_keys(given["totals"]),
        help=_keys(given["help"]),
        units=MappingProxyType({word_key(unit): does for unit, does in given["units"].items()}),
        groups=MappingProxyType({word_key(group): to for group, to in given["groups"].items()}),
        answers=_inverted(given["answers"]),
        statuses=_inverted(given["statuses"]),
        simple=MappingProxyType(given["simple"]),
    )


def _column(key: str, table: Mapping[str, object]) -> Column:
    taken = {"beside": table.get("with", {}), "flag": table.get("flag", {})}
    return Column(key=key, field=str(table["field"]), reads=str(table.get("reads", "")), **taken)  # type: ignore[arg-type]  # the data file is ours


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(word_key, words))


def _inverted(table: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    return MappingProxyType({word_key(word): to for to, words in table.items() for word in words})


def _by_path(text: str) -> Column | None:
    """Read `label (contacts.0.name)` as an export writes it, or the path alone."""
    text = text.strip()
    opened = max(text.rfind("("), text.rfind("（"))
    bracketed = opened >= 0 and text.endswith((")", "）"))
    path = text[opened + 1 : -1].strip() if bracketed else text
    if not _PATH.fullmatch(path) or not (bracketed or "." in path):
        return None
    field, _, form = path.partition(":")
    root, _, rest = field.partition(".")
    if root in ECHOES and not rest:
        return Column(field="", key="ignored")
    return Column(field=field, form=form) if root in _ROOTS else None


def _by_alias(text: str) -> Column | None:
    key = header_key(text)
    known = vocabulary().aliases
    if key in known:
        return known[key]
    measured = _UNIT.fullmatch(key)
    if measured and measured[1] in known and measured[2] in vocabulary().units:
        return attrs.evolve(known[measured[1]], unit=vocabulary().units[measured[2]])
    return None


def _by_parts(text: str) -> Column | None:
    """Read a header in two languages, or one with an explanation on its next line."""
    first, broken, _ = text.strip().partition("\n")
    if broken and (column := _by_alias(first)):
        return column
    parts = [part for part in _PARTS.split(unicodedata.normalize("NFKC", text)) if part.strip()]
    columns = [_by_alias(part) for part in parts]
    alike = len(columns) > 1 and all(column == columns[0] for column in columns)
    return columns[0] if alike else None


def _tell_contact_from_customer(found: dict[int, Column], headers: Sequence[str]) -> None:
    """Let 姓名 name the contact where another column names the customer."""
    names = [at for at, column in found.items() if column.key == "name"]
    persons = [at for at in names if header_key(headers[at]) in vocabulary().beside_a_name]
    if len(persons) < len(names):
        found.update(dict.fromkeys(persons, vocabulary().columns["contact"]))


def _place_addresses(found: dict[int, Column]) -> None:
    """Make a free address the street line where other columns hold parts of the address."""
    in_parts = any(column.field.startswith("addresses.0.") for column in found.values())
    for at, column in found.items():
        if in_parts and column.key == "address":
            found[at] = attrs.evolve(column, field="addresses.0.street_address")


def _number_entries(found: dict[int, Column]) -> None:
    """Give the columns of a list their places, after those that a path has placed already."""
    for at in sorted(found):
        entries, next_free, below = found[at].field.partition(_NEXT_FREE)
        if next_free:
            place = _free_place(entries, found.values())
            found[at] = attrs.evolve(found[at], field=f"{entries}{place}{below}")


def _free_place(entries: str, columns: Iterable[Column]) -> int:
    fields = [column.field for column in columns if column.field.startswith(entries)]
    taken = {field.removeprefix(entries).partition(".")[0] for field in fields}
    return next(place for place in range(len(taken) + 1) if str(place) not in taken)


def _unknown(headers: Sequence[str], found: Mapping[int, Column]) -> Iterator[Issue]:
    for at, text in enumerate(headers):
        if text.strip() and at not in found:
            shown = " ".join(text.split())[:60]
            params = {"header": shown}
            yield Issue("import.header_unknown", (), Severity.WARNING, params)


def _duplicates(headers: Sequence[str], found: Mapping[int, Column]) -> Iterator[Issue]:
    """Tell of headers that mean one field, and of one word for two entries of a list."""
    alike: dict[str, list[int]] = {}
    for at in sorted(found):
        column = found[at]
        listed = (
            column.key and _NEXT_FREE in vocabulary().columns[column.key].field
            if column.is_read
            else False
        )
        alike.setdefault(column.key if listed else column.field, []).append(at)
    for places in alike.values():
        if len(places) > 1 and found[places[0]].is_read:
            field = found[places[0]].field
            written = "、".join(plain(headers[at]).strip() for at in places)
            params = {"field": field, "headers": written}
            yield Issue(
                "import.header_duplicate", tuple(field.split(".")), Severity.WARNING, params
            )
