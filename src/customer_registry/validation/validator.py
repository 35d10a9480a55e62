"""One check of one value, for whoever has no use for a registry."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Generic, Self, TypeAlias, TypeVar

import attrs

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue, Path, Severity
from customer_registry.domain.messages import catalogue
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.values.country import CountryCode
from customer_registry.validation.reading.typed import is_blank
from customer_registry.validation.rule_set import PreparedRule
from customer_registry.validation.rules import STANDARD
from customer_registry.validation.scene import Entry, Scene, Surroundings, grouped

__all__ = ["Read", "Validator"]

Value = TypeVar("Value")
Read: TypeAlias = Callable[[Any, Scene], Value | None]
"""`(typed, scene) -> value`; a reader that needs nothing but the typed text."""

_POLICY = CompanyPolicy()


def _rules_about(validator: "Validator[Any]") -> tuple[PreparedRule, ...]:
    """Return the rules that read nothing beside the value."""
    known = {validator.field, "kind", "policy", "today"}
    return tuple(rule for rule in STANDARD.prepared if known.issuperset(rule.takes))


@attrs.frozen(eq=False)
class Validator(Generic[Value]):
    """One check of one value: call it for the issues, `ok` for yes or no, `parse` for the value.

    It reads what a registry's form would read, and the standard rules that need nothing else speak
    too. Whatever is typed, a spreadsheet's number or an object that is no text, comes out as
    issues, never as a stray exception. Warnings are no fault; nothing typed is `required`.

    >>> from customer_registry.validation.validators import phone
    >>> [issue.line("en") for issue in phone("138 0013 800")]
    ['Phone: Mobile number must have 11 digits (got 10)']
    >>> phone.ok("138 0013 8000"), str(phone.parse("138 0013 8000"))
    (True, '+8613800138000')
    """

    path: Path
    _read: Read[Value] = attrs.field(repr=False)
    field: str | None = attrs.field(default=None, repr=False)  # under which rules read the value
    country: str = "CN"
    kind: PartyKind = attrs.field(default=PartyKind.ORGANIZATION, converter=PartyKind)
    currency: str = "CNY"
    _rules: tuple[PreparedRule, ...] = attrs.field(
        init=False, repr=False, default=attrs.Factory(_rules_about, takes_self=True)
    )

    def __call__(self, typed: object, *, today: date | None = None) -> tuple[Issue, ...]:
        """Return everything wrong, or worth knowing, with what was typed.

        Rules that need a date, such as one about births to come, speak only when `today` is given.
        """
        return self._judged(typed, today)[1]

    def ok(self, typed: object) -> bool:
        """Return whether nothing is wrong with what was typed; warnings are no fault."""
        return not any(map(_is_error, self(typed)))

    def parse(self, typed: object) -> Value:
        """Return the value that was typed, or raise InvalidValue with the first fault.

        The exception's text names field and fault in English, its `issue()` speaks both languages.
        It serves as an attrs converter: `attrs.field(converter=phone.parse)`.
        """
        value, issues = self._judged(typed, None)
        for issue in filter(_is_error, issues):
            raise _refusal(issue, issue.line("en"))
        if value is None:  # pragma: no cover  a reader says why it gives nothing
            raise InvalidValue("required")
        return value

    def validator(self, instance: object, attribute: "attrs.Attribute[Any]", typed: Any) -> None:  # noqa: ANN401  attrs gives anything
        """Refuse an attribute as attrs asks: `attrs.field(validator=phone.validator)`.

        Raises InvalidValue, a ValueError, with the first fault; its text begins with the
        attribute's name.
        """
        del instance
        for issue in filter(_is_error, self(typed)):
            told = catalogue("en").sentence(issue.code, {"label": "it", **issue.params})
            raise _refusal(issue, f"{attribute.name}: {told}")

    def given(
        self, *, country: str | None = None, kind: str | None = None, currency: str | None = None
    ) -> Self:
        """Return the same check in other surroundings.

        `country` (ISO 3166 alpha-2) is where a number without prefix or scheme belongs, `kind`
        (`person` or `organization`) whose it is, `currency` (ISO 4217) that of a bare amount.
        Raises InvalidValue for an unknown country, ValueError for an unknown kind.

        >>> from customer_registry.validation.validators import phone
        >>> str(phone.given(country="HK").parse("2987 6543"))
        '+85229876543'
        """
        return attrs.evolve(
            self,
            country=str(CountryCode.parse(country)) if country else self.country,
            kind=kind or self.kind,
            currency=currency or self.currency,
        )

    def _judged(self, typed: object, today: date | None) -> tuple[Value | None, tuple[Issue, ...]]:
        if is_blank(typed):
            return None, (Issue("required", self.path),)
        around = Surroundings(_POLICY, self.kind, self.country, self.currency, today=today)
        scene = Scene(around, path=self.path)
        value = self._read(typed, scene)
        issues = list(scene.issues)
        if value is not None and not scene.failed:
            issues += self._told(value, scene.entries, today)
        elif not scene.failed:  # it was said that there is none
            issues.append(Issue("required", self.path))
        whole = not isinstance(typed, Mapping)
        return value, tuple(_placed(issue, self.path, whole=whole) for issue in issues)

    def _told(self, value: Value, entries: Sequence[Entry], today: date | None) -> Iterator[Issue]:
        """Yield what the rules that read nothing but this value say of it."""
        given: dict[str, object] = {"kind": self.kind, "policy": _POLICY}
        if self.field is not None:
            given[self.field] = value
        if today is not None:
            given["today"] = today
        met = grouped(entries)
        for rule in self._rules:
            if rule.entry is None or rule.entry in met:
                told = rule.over(given, met)
                yield from (issue for issue in told if issue.path[: len(self.path)] == self.path)


def _is_error(issue: Issue) -> bool:
    return issue.severity is Severity.ERROR


def _placed(issue: Issue, path: Path, *, whole: bool) -> Issue:
    """Return the issue where the value stands: a text has no parts, a mapping has."""
    steps = path if whole else tuple(step for step in issue.path if isinstance(step, str))
    return attrs.evolve(issue, path=steps)


def _refusal(issue: Issue, sentence: str) -> InvalidValue:
    refusal = InvalidValue(issue.code, suggestion=issue.suggestion, **issue.params)
    refusal.args = (f"{sentence} ({issue.code})",)  # what tracebacks and other libraries show
    return refusal
