"""A country or territory by its code (ISO 3166-1 alpha-2)."""

from functools import cache
from typing import NamedTuple, Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.text import line, match_key

__all__ = ["CountryCode"]

_LONGEST = 100


@attrs.frozen
class CountryCode:
    """A country, read from its codes or its English or Chinese name.

    >>> [str(CountryCode.parse(typed)) for typed in ("中国", "chn", "香港")]
    ['CN', 'CN', 'HK']
    """

    alpha2: str

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a code or a name; raises InvalidValue `country.unknown` (`value`)."""
        text = line(typed, longest=_LONGEST)
        found = text if text in _entries() else _by_name().get(match_key(text))
        if not found:
            raise InvalidValue("country.unknown", value=text)
        return cls(found)

    @property
    def alpha3(self) -> str:
        """The code of three letters, as passports print it."""
        return _entries()[self.alpha2].alpha3

    @property
    def numeric(self) -> str:
        """The code of three digits."""
        return _entries()[self.alpha2].numeric

    def name(self, language: str = "zh") -> str:
        """Return the short name for a language tag: `zh…` is Chinese, everything else English.

        >>> CountryCode("HK").name("en"), CountryCode("HK").name("zh")
        ('Hong Kong, China', '中国香港')
        """
        entry = _entries()[self.alpha2]
        return entry.chinese if language.casefold().startswith("zh") else entry.english

    def __str__(self) -> str:
        return self.alpha2


class _Entry(NamedTuple):
    alpha3: str
    numeric: str
    english: str
    chinese: str


@cache
def _entries() -> dict[str, _Entry]:
    from customer_registry.domain.values._countries import TABLE  # noqa: PLC0415  read at first use

    entries: dict[str, _Entry] = {}
    for row in TABLE.splitlines():
        alpha2, alpha3, numeric, names = row.split(" ", 3)
        english, chinese = names.split("|")
        entries[alpha2] = _Entry(alpha3, numeric, english, chinese)
    return entries


@cache
def _by_name() -> dict[str, str]:
    """Every code and name, folded, with the alpha-2 code it stands for."""
    from customer_registry.domain.values._countries import ALIASES  # noqa: PLC0415  read at first use

    found: dict[str, str] = {}
    for row in ALIASES.splitlines():
        alpha2, names = row.split(" ", 1)
        found.update((match_key(name), alpha2) for name in names.split("|"))
    for alpha2, entry in _entries().items():
        found.update((match_key(name), alpha2) for name in (alpha2, *entry))
    return found
