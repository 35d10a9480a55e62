"""What the headers of a customer file mean: each a field of the raw customer."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import count
from types import MappingProxyType
from typing import Any

import attrs

from customer_registry.domain.customer import RawCustomer
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.simplified import simplified
from customer_registry.exchange.cells import plain

__all__ = [
    "ECHOES",
    "Column",
    "Heading",
    "Vocabulary",
    "grouped",
    "header_key",
    "heading",
    "lent_by",
    "meaning",
    "vocabulary",
    "word_key",
]

_NEXT_FREE = "+"
_ENTRY = ".#"
_LONGEST = 300
_NOISE = re.compile("[\\s*:\u00ad\u200b\u200c\u200d\u2060\ufeff]+")
_BRACKETED = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
_UNIT = re.compile(r"(.+)\(([^()]*)\)")
_PARTS = re.compile(r"[()/\n]+")
_NUMBERED = (
    re.compile(r"([^0-9#(]+)[#(]?([1-9][0-9]?)\)?([^0-9]*)"),
    re.compile(r"([^一二三四五六七八九]+)([一二三四五六七八九])([^一二三四五六七八九]*)"),
)
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")
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
    value that is no text, `beside` what such a column says about its neighbours. `entry` names
    the entry of its list where that is not the first: 联系人2, 收货地址; a `number` does so only
    where another column has that entry, else it is one more of its kind: 电话2.
    """

    field: str
    key: str = ""
    reads: str = ""
    form: str = ""
    unit: str | int = ""
    entry: str = ""
    number: str = ""
    beside: Mapping[str, object] = attrs.field(factory=dict[str, object])
    flag: Mapping[str, str] = attrs.field(factory=dict[str, str])

    @property
    def is_read(self) -> bool:
        """Whether the cells of this column become part of the raw customer."""
        return bool(self.field)


@attrs.frozen(kw_only=True)
class Aside:
    """Words that mean the column `means` where columns of all the `others` stand beside them."""

    words: frozenset[str]
    others: frozenset[str]
    means: str


@attrs.frozen(kw_only=True)
class Vocabulary:
    """The words of `headers.toml`, compared by their keys."""

    aliases: Mapping[str, Column]
    columns: Mapping[str, Column]
    marks: frozenset[str]
    reasons: frozenset[str]
    asides: tuple[Aside, ...]
    entries: Mapping[str, str]
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
    """Return what two spellings of a word share: NFKC, caseless, without spaces, simplified.

    >>> word_key("客戶 名稱") == word_key("客户名称")
    True
    """
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    return simplified(_NOISE.sub("", unicodedata.normalize("NFKC", folded)))


def header_key(text: str) -> str:
    """Return the key of a header: a word's key without full stops, low lines and remarks.

    >>> header_key("*客户 名称（必填）："), header_key("ＱＱ"), header_key("VAT No.")
    ('客户名称', 'qq', 'vatno')
    """
    marks = vocabulary().marks
    return _BRACKETED.sub(lambda m: "" if m[1] in marks else m[0], _bare(text))


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
    lent = lent_by(group)
    composed = lent + text.strip().lstrip("*＊")
    return composed if lent and meaning(composed) else text


def lent_by(group: str) -> str:
    """Return the word that a header above others lends to each of them, "" where it lends none.

    >>> lent_by("开票信息"), lent_by("联系人2")
    ('开票', '联系人2')
    """
    key, groups = header_key(group), vocabulary().groups
    for head, number, rest in _numbers_in(key):
        if head in groups and not rest:
            return groups[head] + number
    return groups.get(key, "")


def heading(headers: Sequence[str]) -> Heading:
    """Return what the headers mean together: lists get their places, neighbours their roles."""
    found = {at: column for at, text in enumerate(headers) if (column := meaning(text))}
    _heed_neighbours(found, headers)
    _place_entries(found)
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
        _bare(alias): columns[key]
        for key, table in given["columns"].items()
        for alias in table["aliases"]
    }
    aliases |= {_bare(word): Column(field="", key="ignored") for word in given["ignored"]}
    return Vocabulary(
        aliases=MappingProxyType(aliases),
        columns=MappingProxyType(columns),
        marks=_keys(given["marks"]),
        reasons=_keys(given["reasons"]),
        asides=tuple(map(_aside, given["asides"])),
        entries=MappingProxyType({_bare(word): str(to) for word, to in given["entries"].items()}),
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
    taken |= {name: table[name] for name in ("reads", "entry") if name in table}
    return Column(key=key, field=str(table["field"]), **taken)  # type: ignore[arg-type]  # the data file is ours


def _aside(table: Mapping[str, Any]) -> Aside:
    others = frozenset(table["others"])
    return Aside(words=_keys(table["words"]), others=others, means=table["means"])


def _bare(text: str) -> str:
    return word_key(text).replace(".", "").replace("_", "")


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_bare, words))


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
    column = _spoken(key)
    if column is not None:
        return column
    measured = _UNIT.fullmatch(key)
    column = _spoken(measured[1]) if measured else None
    if column is None or measured is None or measured[2] not in vocabulary().units:
        return None
    return attrs.evolve(column, unit=vocabulary().units[measured[2]])


def _spoken(key: str) -> Column | None:
    """Return what a header means by its words; 联系人2电话 is 联系人电话 of a certain entry."""
    aliases = vocabulary().aliases
    if key in aliases:
        return aliases[key]
    for head, label, rest in (*_numbers_in(key), *_entry_words_in(key)):
        column = aliases.get(head + rest)
        if column is not None and (_ENTRY in column.field or _NEXT_FREE in column.field):
            return _of_entry(column, label, firm=bool(rest))
    return None


def _numbers_in(key: str) -> Iterator[tuple[str, str, str]]:
    """Yield what stands before a number, the number and what follows it."""
    for pattern in _NUMBERED:
        if found := pattern.fullmatch(key):
            yield found[1], found[2].translate(_NUMERALS), found[3]


def _entry_words_in(key: str) -> Iterator[tuple[str, str, str]]:
    for word, label in vocabulary().entries.items():
        if key.startswith(word):
            yield key.removeprefix(word), label, ""


def _of_entry(column: Column, label: str, *, firm: bool) -> Column:
    """Return a column of the labelled entry; one of several in an entry needs the `firm` word."""
    if _ENTRY not in column.field or (_NEXT_FREE in column.field and not firm):
        return attrs.evolve(column, number=label)
    first = label == "1"
    return column if first else attrs.evolve(column, entry=column.entry + label)


def _by_parts(text: str) -> Column | None:
    """Read a header in two languages, or one with an explanation on its next line."""
    first, broken, _ = text.strip().partition("\n")
    if broken and (column := _by_alias(first)):
        return column
    parts = [part for part in _PARTS.split(unicodedata.normalize("NFKC", text)) if part.strip()]
    columns = [_by_alias(part) for part in parts]
    alike = len(columns) > 1 and all(column == columns[0] for column in columns)
    return columns[0] if alike else None


def _heed_neighbours(found: dict[int, Column], headers: Sequence[str]) -> None:
    """Let a header mean what its neighbours make of it: 姓名 beside a company is the contact."""
    for aside in vocabulary().asides:
        spoken = [at for at in found if header_key(headers[at]) in aside.words]
        others = {column.key for at, column in found.items() if at not in spoken}
        if aside.others <= others:
            found.update(dict.fromkeys(spoken, vocabulary().columns[aside.means]))


def _place_entries(found: dict[int, Column]) -> None:
    """Give the columns of an entry its place: the first, that of its number, the next free one."""
    places = _places(found)
    for at, column in found.items():
        entries, is_open, below = column.field.partition(_ENTRY)
        if is_open:
            place = places.get((entries, column.entry or column.number), 0)
            found[at] = attrs.evolve(column, field=f"{entries}.{place}{below}")


def _places(found: Mapping[int, Column]) -> dict[tuple[str, str], int]:
    """Return the places of the named entries by list and label, the numbered ones first."""
    fields = ((found[at].field.partition(_ENTRY)[0], found[at].entry) for at in sorted(found))
    named = dict.fromkeys((entries, label) for entries, label in fields if label)
    places = {(entries, label): int(label) - 1 for entries, label in named if label.isdecimal()}
    for entries, label in named:
        if (entries, label) not in places:
            taken = _taken(f"{entries}.", found.values())
            taken |= {str(place) for (others, _), place in places.items() if others == entries}
            places[entries, label] = next(at for at in count(1) if str(at) not in taken)
    return places


def _place_addresses(found: dict[int, Column]) -> None:
    """Make a free address the street line where other columns hold parts of the address."""
    for at, column in found.items():
        parts = (other.field for other in found.values() if other.key != column.key)
        if column.key == "address" and any(part.startswith(f"{column.field}.") for part in parts):
            found[at] = attrs.evolve(column, field=f"{column.field}.street_address")


def _number_entries(found: dict[int, Column]) -> None:
    """Give the columns of a list their places, after those that a path has placed already."""
    free: dict[str, Iterator[int]] = {}
    for at in sorted(found):
        entries, next_free, below = found[at].field.partition(_NEXT_FREE)
        if next_free:
            if entries not in free:
                free[entries] = _free_places(entries, found.values())
            found[at] = attrs.evolve(found[at], field=f"{entries}{next(free[entries])}{below}")


def _free_places(entries: str, columns: Iterable[Column]) -> Iterator[int]:
    taken = _taken(entries, columns)
    return (place for place in count() if str(place) not in taken)


def _taken(entries: str, columns: Iterable[Column]) -> set[str]:
    """Return the places of a list that columns have."""
    fields = [column.field for column in columns if column.field.startswith(entries)]
    return {field.removeprefix(entries).partition(".")[0] for field in fields}


def _unknown(headers: Sequence[str], found: Mapping[int, Column]) -> Iterator[Issue]:
    for at, text in enumerate(headers):
        if text.strip() and at not in found:
            shown = " ".join(text.split())[:60]
            params = {"header": shown}
            yield Issue("import.header_unknown", (), Severity.WARNING, params)


def _duplicates(headers: Sequence[str], found: Mapping[int, Column]) -> Iterator[Issue]:
    """Tell of headers that mean one field."""
    alike: dict[str, list[int]] = {}
    for at in sorted(found):
        if found[at].reads != "joined":
            alike.setdefault(found[at].field, []).append(at)
    for places in alike.values():
        if len(places) > 1 and found[places[0]].is_read:
            field = found[places[0]].field
            written = "、".join(plain(headers[at]).strip() for at in places)
            params = {"field": field, "headers": written}
            yield Issue(
                "import.header_duplicate",
                tuple(map(_step, field.split("."))),
                Severity.WARNING,
                params,
            )


def _step(part: str) -> str | int:
    return int(part) if part.isdecimal() else part
