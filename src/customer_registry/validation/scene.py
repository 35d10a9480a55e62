"""Where a reader stands: the path as typed, the company, and what was found so far."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, Self

import attrs

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.issues import Issue, Path, Severity
from customer_registry.domain.policy import CompanyPolicy

__all__ = ["Entry", "Scene", "Surroundings", "grouped"]


class Entry(NamedTuple):  # of few parts, and many of them are made, and sent between processes
    """A sound entry met while reading: what it is called, where it was typed, its value."""

    called: str
    path: Path
    value: Any
    flat: Mapping[str, str] = FrozenMapping({})

    def placed(self, issue: Issue) -> Issue:
        """Return what a rule said of the entry, standing where its part was typed.

        `flat` has the names that the small form gives to parts, and to the whole under `""`.
        """
        part = str(issue.path[0]) if issue.path else ""
        if part not in self.flat:
            return issue.under(self.path)
        return attrs.evolve(issue, path=(*self.path, self.flat[part], *issue.path[1:]))


def grouped(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return entries in order, by what they are called."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.called, []).append(entry)
    return groups


@attrs.define(eq=False, repr=False)  # frozen would cost, here and below: there are many of them
class _Found:
    """What all scenes of one reading share."""

    issues: list[Issue] = attrs.field(factory=list)
    errors: int = 0
    entries: list[Entry] = attrs.field(factory=list)


@attrs.frozen(eq=False, repr=False)
class Surroundings:
    """What every value of one customer is read in.

    `country` is that of the customer's first address, else of the company's region; `currency` the
    customer's, else the company's; `editing` whether a stored customer is being edited; `today`
    the company's day, None where nobody tells it.
    """

    policy: CompanyPolicy
    kind: PartyKind
    country: str
    currency: str = "CNY"
    editing: bool = False
    today: date | None = None


@attrs.define(eq=False, repr=False)
class Scene:
    """The place of a typed value, its surroundings, and the means to say what is wrong with it."""

    around: Surroundings
    path: Path = ()
    _found: _Found = attrs.field(factory=_Found)
    _errors_before: int = 0

    def below(self, *steps: str | int) -> Self:
        """Return the scene of a part of this value."""
        found = self._found
        return type(self)(self.around, self.path + steps, found, found.errors)

    def in_country(self, country: str) -> Self:
        """Return the same scene for what is typed in another country."""
        if country == self.country:
            return self
        there = attrs.evolve(self.around, country=country)
        return type(self)(there, self.path, self._found, self._errors_before)

    @property
    def policy(self) -> CompanyPolicy:
        """What the company decided."""
        return self.around.policy

    @property
    def kind(self) -> PartyKind:
        """The customer's kind."""
        return self.around.kind

    @property
    def country(self) -> str:
        """The country that a number without prefix or scheme belongs to."""
        return self.around.country

    @property
    def currency(self) -> str:
        """The currency of a bare amount."""
        return self.around.currency

    @property
    def editing(self) -> bool:
        """Whether a stored customer is being edited."""
        return self.around.editing

    @property
    def today(self) -> date | None:
        """The company's day."""
        return self.around.today

    @property
    def failed(self) -> bool:
        """Whether an error was said since this scene was entered."""
        return self._found.errors > self._errors_before

    @property
    def issues(self) -> list[Issue]:
        """Everything said so far, here and elsewhere."""
        return self._found.issues

    @property
    def entries(self) -> list[Entry]:
        """The sound entries met so far."""
        return self._found.entries

    def say(
        self,
        code: str,
        severity: Severity = Severity.ERROR,
        *,
        suggestion: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Note an issue at this path."""
        found = Issue(code, self.path, severity, params or {}, suggestion)
        weighed = self.around.policy.weighed(found)
        if weighed is not None:
            self._found.issues.append(weighed)
            self._found.errors += weighed.severity is Severity.ERROR

    def refuse(self, refusal: InvalidValue) -> None:
        """Note what a value type refused; no company can make it less than an error."""
        self._found.issues.append(refusal.issue(self.path))
        self._found.errors += 1

    def meet(self, called: str, value: object, **flat: str) -> None:
        """Remember a sound entry, so that rules about one entry find it.

        `flat` names the fields of the small form that its parts were typed in.
        """
        self._found.entries.append(Entry(called, self.path, value, flat))
