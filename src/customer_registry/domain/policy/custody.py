"""The tables of a policy file about how long data are kept, and what waits for a second person."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

import attrs

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy.names import REQUIRABLE
from customer_registry.domain.policy.reading import Keys, Reading, spelt

__all__ = [
    "ApprovalRules",
    "Period",
    "Retention",
    "read_approval",
    "read_consent",
    "read_retention",
]

_SPELT = re.compile("([1-9][0-9]{0,3}) (day|month|year)s?")
_MONTHS = 12
_LONGEST_WAIT = 366
_SMALL = frozenset({"code", "contact", "phone", "email", "address", "postal_code", "status"})
_AWAITED = tuple(name for name in REQUIRABLE if "." not in name and name not in _SMALL)


@attrs.frozen
class Period:
    """So many days and months, counted on the calendar.

    >>> Period.parse("18 months").after(date(2026, 8, 31))
    datetime.date(2028, 2, 29)
    """

    days: int = 0
    months: int = 0

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Return the period of a text such as `90 days`, `18 months`, `10 years`."""
        if (found := _SPELT.fullmatch(text)) is None:
            raise PolicyError(
                f"a period is written as 90 days, 18 months or 10 years, not {text!r}"
            )
        number, unit = int(found[1]), found[2]
        return {"day": cls(number), "month": cls(0, number), "year": cls(0, number * _MONTHS)}[unit]

    def after(self, day: date) -> date:
        """Return the day that lies a period after another; the last day of a month at most."""
        years, month = divmod(day.month - 1 + self.months, _MONTHS)
        year = min(day.year + years, date.max.year)
        for last in range(day.day, 0, -1):
            try:
                moved = date(year, month + 1, last)
            except ValueError:
                continue
            return _later(moved, self.days)
        raise AssertionError("a month has a first day")


@attrs.frozen(kw_only=True)
class Retention:
    """How long after the last change data are to be kept at least, and may be kept at most."""

    at_least: Period | None = None
    at_most: Period | None = None


def _as_set(fields: Iterable[str]) -> frozenset[str]:
    return frozenset(fields)


@attrs.frozen(kw_only=True)
class ApprovalRules:
    """What waits for a second person (四眼原则): edits of some fields, and new customers.

    What nobody looked at `lasting` is not done any more.
    """

    fields: frozenset[str] = attrs.field(default=frozenset(), converter=_as_set)
    new_customers: bool = False
    lasting: timedelta = timedelta(days=14)


def read_retention(given: object, reading: Reading) -> dict[PartyKind, Retention]:
    """Read how long data are kept, by kind."""
    table = reading.table(("retention",), given)
    reading.known(("retention",), table, ["all", *PartyKind])
    return {
        kind: _retention(("retention", name), table[name], reading)
        for kind in PartyKind
        for name in ("all", str(kind))
        if name in table
    }


def read_approval(given: object, reading: Reading) -> ApprovalRules:
    """Read what waits for a second person."""
    keys = ("approval",)
    table = reading.table(keys, given)
    reading.known(keys, table, ["fields", "new_customers", "days"])
    fields = reading.texts((*keys, "fields"), table.get("fields", ()))
    reading.listed((*keys, "fields"), fields, _AWAITED)
    new = table.get("new_customers", False)
    if not isinstance(new, bool):
        reading.say((*keys, "new_customers"), "approval.new_customers is true or false")
    days = reading.count((*keys, "days"), table.get("days", 14), _LONGEST_WAIT)
    return ApprovalRules(fields=fields, new_customers=bool(new), lasting=timedelta(days=days))


def read_consent(given: object, reading: Reading) -> dict[str, str]:
    """Read which fields ask for a purpose: the field, and the purpose it serves."""
    table = reading.table(("consent",), given)
    reading.known(("consent",), table, _AWAITED)
    return {field: reading.text(("consent", field), purpose) for field, purpose in table.items()}


def _retention(keys: Keys, given: object, reading: Reading) -> Retention:
    table = reading.table(keys, given)
    reading.known(keys, table, ["at_least", "at_most"])
    least, most = (_period((*keys, name), table.get(name), reading) for name in _ENDS)
    if least and most and most.after(_ANY_DAY) < least.after(_ANY_DAY):
        reading.say((*keys, "at_most"), f"{spelt(keys)}: at_most is shorter than at_least")
    return Retention(at_least=least, at_most=most)


_ENDS = ("at_least", "at_most")
_ANY_DAY = date(2000, 1, 1)


def _period(keys: Keys, given: object, reading: Reading) -> Period | None:
    if given is None:
        return None
    text = reading.text(keys, given)
    return reading.attempt(keys, lambda: Period.parse(text))


def _later(day: date, days: int) -> date:
    return date.max if (date.max - day).days < days else day + timedelta(days=days)
