"""The numbers abroad that we know by name: whose they are and how they are written.

Whether such a number is right is not said here: `abroad` asks python-stdnum, when a host asks it.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from customer_registry.domain.values.identifiers import folded

__all__ = ["Scheme", "aliases", "schemes"]

_INDIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


class Scheme(NamedTuple):
    """A kind of number: `holder` is `person`, `organization` or `either`."""

    name: str
    holder: str
    separators: str
    prefixes: tuple[str, ...]

    @property
    def country(self) -> str:
        """The country that gives the number out, `EU` for the Union."""
        return self.name[:2].upper()

    def canonical(self, typed: str) -> str:
        """Return the number without its separators and country prefix, right or not.

        Raises InvalidValue `text.forbidden` or `too_long`.

        >>> schemes()["uy.rut"].canonical("UY 21-55217500-17")
        '215521750017'
        """
        text = folded(typed).translate(_INDIC_DIGITS)
        number = "".join(char for char in text if char not in self.separators)
        for prefix in self.prefixes:
            if number.startswith(prefix) and len(number) > len(prefix):
                return self.canonical(number[len(prefix) :])
        return number


@cache
def schemes() -> Mapping[str, Scheme]:
    """Return every scheme abroad by its name.

    >>> schemes()["fr.siren"].country, schemes()["us.ssn"].holder
    ('FR', 'person')
    """
    from customer_registry.domain.values.identifiers._schemes import TABLE  # noqa: PLC0415  read at first use

    rows = (row.split(" ") for row in TABLE.splitlines())
    return MappingProxyType(
        {
            name: Scheme(name, holder, " " if separators == "=" else " " + separators, tuple(more))
            for name, holder, separators, *more in rows
        }
    )


@cache
def aliases() -> Mapping[str, str]:
    """Return other names of schemes, such as `fr.vat` for `fr.tva`."""
    from customer_registry.domain.values.identifiers._schemes import ALIASES  # noqa: PLC0415  read at first use

    rows = (row.partition(" ") for row in ALIASES.splitlines())
    return MappingProxyType({other: name for other, _, name in rows})
