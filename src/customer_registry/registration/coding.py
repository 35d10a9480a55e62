"""Which code a new customer gets: the typed one, the one kept for this form, or the next."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import attrs

from customer_registry.domain.codes.policy import (
    CodeContext,
    CodeMode,
    CodePolicy,
    Counting,
    Guarantee,
    ReadableCodes,
)
from customer_registry.domain.codes.reservation import Reservation, ReservationRules
from customer_registry.domain.codes.segments.attribute import ATTRIBUTES, CUSTOM
from customer_registry.domain.errors import CodesExhausted, InvalidValue
from customer_registry.domain.issues import Issue, Path, Severity
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.drawing import Drawing
from customer_registry.registration.raising import raise_numbers
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.blocks import Blocks
    from customer_registry.registration.rehearsal import Rehearsal

__all__ = ["Coding", "is_free", "path_of", "path_to"]

_FAR = 1000
"""A typed number is far ahead of its counter by more than this, or a tenth of a small range."""

_OF_THE_FIRST_ADDRESS = frozenset({"country", "region"})

_TRIES_OF_A_HOST = 100_000
"""Taken codes in a row after which a host's own numbers do not lead anywhere."""

_TRIES_BY_CHANCE = 200
"""Taken codes in a row after which codes by chance are as good as used up."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Coding:
    """How this registry codes its customers: the policy, and what the company grants open forms.

    With `lifts` counters go on behind codes that came from elsewhere, however far ahead they are.
    """

    policy: CodePolicy
    reservations: ReservationRules = attrs.field(factory=ReservationRules)
    fiscal_year_start: int = 1
    lifts: bool = False
    blocks: "Blocks | None" = attrs.field(
        default=attrs.Factory(lambda self: _blocks(self.policy), takes_self=True)
    )

    def context(self, facts: Mapping[str, Any], today: date) -> CodeContext:
        """Return what a code may be made of, out of a customer's sound fields."""
        if isinstance(self.policy, ReadableCodes):
            names: Iterable[str] = self.policy.fields
        else:
            names = (
                *ATTRIBUTES,
                "parent",
                *(f"{CUSTOM}{name}" for name in facts.get("custom") or ()),
            )
        fields = {name: _text(_fact(facts, name)) for name in names}
        return CodeContext(fields, today, self.fiscal_year_start)

    def judged(self, facts: Mapping[str, Any]) -> Iterator[Issue]:
        """Yield what is wrong with a typed code, or its lack, without asking the store."""
        typed: CustomerCode | None = facts.get("code")
        if typed is None:
            if "code" in facts and self.policy.mode == CodeMode.MANUAL:
                yield Issue("code.required", ("code",))
            return
        if self.policy.mode != CodeMode.AUTOMATIC:
            yield from self.off_rule(typed)
        yield from self._differing(typed, facts)

    def off_rule(self, typed: CustomerCode) -> Iterator[Issue]:
        """Yield how a typed code departs from the rule, whoever may write codes."""
        if self.policy.accepts(typed):
            return
        try:
            if isinstance(self.policy, ReadableCodes):
                self.policy.refuse(typed)
        except InvalidValue as refusal:
            if refusal.code != "code.off_pattern":
                yield refusal.issue(("code",))
                return
        params = {"pattern": self.policy.pattern}
        yield Issue("code.off_pattern", ("code",), Severity.WARNING, params)

    def looked_up(
        self,
        typed: CustomerCode,
        work: UnitOfWork,
        actor: str,
        now: datetime,
        *,
        in_any_mode: bool = False,
    ) -> Iterator[Issue]:
        """Yield what only the store can tell of a typed code: whose it is, and how far ahead.

        Where the policy alone writes codes, a typed one is refused unless the actor keeps it, or
        `in_any_mode` says that this is no matter of the mode.
        """
        kept = work.numbers.reserved(typed)
        if work.customers.is_retired(typed):
            yield Issue("code.retired", ("code",), params={"value": str(typed)})
        elif kept is not None and kept.is_active(now) and kept.owner != actor:
            yield Issue("code.reserved", ("code",), params={"value": str(typed)})
        elif kept is None or not kept.is_active(now):
            by_hand = in_any_mode or self.policy.mode != CodeMode.AUTOMATIC
            if kept is not None and kept.owner == actor and kept.released_at is None:
                weight = Severity.WARNING if by_hand else Severity.ERROR
                params = {"value": str(typed)}
                yield Issue("code.reservation_expired", ("code",), weight, params)
            elif by_hand:
                yield from self._far_ahead(typed, work)
            else:
                yield Issue("code.manual_not_allowed", ("code",))
        yield from self._parentless(typed, work)

    def code_for(
        self, facts: Mapping[str, Any], work: UnitOfWork, today: date, now: datetime, *, by: str
    ) -> CustomerCode:
        """Return the customer's code, in the transaction that saves him, `by` whom.

        Raises InvalidValue naming the `field`, or CodesExhausted.
        """
        typed: CustomerCode | None = facts.get("code")
        if typed is None:
            return self.next(facts, work, today, now)[0]
        self.take(typed, work, by, now)
        return typed

    def take(self, typed: CustomerCode, work: UnitOfWork, by: str, now: datetime) -> None:
        """Let a code that was not drawn just now be a customer's: it is kept for nobody any more.

        The counter steps over it if it would come next, or goes on behind it if codes `lift`; the
        journal then tells which numbers it leaves out.
        """
        work.numbers.forget(typed)
        if (drawn := self.drawn_from(typed)) is None:
            return
        name, number = drawn
        if work.numbers.peek(name) == number:
            self.drawing(work).raise_to(name, self.passing(name, number))
        elif self.lifts:
            last = self.passing(name, number)
            raise_numbers(self.drawing(work), work, name, last, by=by, now=now)

    def passing(self, name: str, number: int) -> int:
        """Return the last number that a counter has passed when it has given this one."""
        counting = self._counting(name)
        return number + counting.step - 1 if counting else number

    def next(
        self, facts: Mapping[str, Any], work: UnitOfWork, today: date, now: datetime
    ) -> tuple[CustomerCode, tuple[str, int] | None]:
        """Return the next code that nobody has, with the range and number drawn for it."""
        drawing = Drawing(work.numbers, self.blocks, self._refill_at(now))
        code = self._first_free(self.context(facts, today), drawing, work, now)
        for kept in drawing.refilled:  # what another rule gave back and this one cannot show
            if (kept.range, kept.number) != drawing.drawn and is_free(kept.code, work, now):
                work.numbers.reserve(kept)
        return code, drawing.drawn

    def preview(
        self, facts: Mapping[str, Any], work: UnitOfWork, today: date, now: datetime
    ) -> CustomerCode:
        """Return the code that would come next; nothing is drawn, a reading unit is enough."""
        from customer_registry.registration.rehearsal import Rehearsal  # noqa: PLC0415  seldom

        rehearsal = Rehearsal(work.numbers, self.blocks, self._refill_at(now))
        return self._first_free(self.context(facts, today), rehearsal, work, now)

    def drawing(self, work: UnitOfWork) -> Drawing:
        """Return the number ranges together with what this process has taken from them."""
        return Drawing(work.numbers, self.blocks)

    def drawn_from(self, code: CustomerCode | str) -> tuple[str, int] | None:
        """Return the range that a code belongs to, and its number there; None for neither."""
        if not isinstance(self.policy, ReadableCodes):
            return None
        return self.policy.drawn_from(str(code), fiscal_year_start=self.fiscal_year_start)

    def is_far(self, number: int, current: int) -> bool:
        """Return whether a number is so far ahead of its counter that it may be a slip."""
        return number - current > max(1, min(_FAR, _capacity(self.policy) // 10))

    def _exhausted(self) -> CodesExhausted:
        capacity = _capacity(self.policy)
        return CodesExhausted(width=len(str(capacity)), maximum=capacity)

    def _refill_at(self, now: datetime) -> datetime | None:
        refills = self.policy.guarantee == Guarantee.GAPLESS and self.reservations.refill
        return now if refills else None

    def _first_free(
        self, context: CodeContext, numbers: "Drawing | Rehearsal", work: UnitOfWork, now: datetime
    ) -> CustomerCode:
        """Return the first code that nobody has: numbers lead somewhere, chance may not."""
        if self.policy.mode == CodeMode.MANUAL:
            raise InvalidValue("code.required")
        of_a_host = not isinstance(self.policy, ReadableCodes)
        for tried in count(1):
            code = self.policy.assign(context, numbers)
            if of_a_host:  # which may give what no code is
                code = CustomerCode.parse(str(code))
            if is_free(code, work, now):
                return code
            by_chance = numbers.drawn is None and tried >= _TRIES_BY_CHANCE
            if by_chance or (of_a_host and tried >= _TRIES_OF_A_HOST):
                break
        raise self._exhausted()

    def _differing(self, typed: CustomerCode, facts: Mapping[str, Any]) -> Iterator[Issue]:
        """Yield that a code was made for another kind of customer."""
        if isinstance(self.policy, ReadableCodes):
            context = self.context(facts, date.min)
            for field in self.policy.differing(typed, context):
                params = {"value": str(typed)}
                path = path_to(field)
                yield Issue("code.field_differs", path, Severity.WARNING, params)

    def _far_ahead(self, typed: CustomerCode, work: UnitOfWork) -> Iterator[Issue]:
        if self.lifts or (drawn := self.drawn_from(typed)) is None:
            return
        name, number = drawn
        current = max(work.numbers.peek(name), self._first_of(name)) - 1
        if self.is_far(number, current):
            params = {"value": str(typed), "current": current}
            yield Issue("code.far_ahead", ("code",), Severity.WARNING, params)

    def _counting(self, name: str) -> Counting | None:
        return self.policy.counting(name) if isinstance(self.policy, ReadableCodes) else None

    def _first_of(self, name: str) -> int:
        counting = self._counting(name)
        return counting.start if counting else 1

    def _parentless(self, typed: CustomerCode, work: UnitOfWork) -> Iterator[Issue]:
        """Yield that a code of a lower level has none above it."""
        if not isinstance(self.policy, ReadableCodes) or not self.policy.accepts(typed):
            return
        above = self.policy.parent_of(typed)
        if above is not None and work.customers.by_code(above) is None:
            yield Issue("code.parent_missing", ("code",), params={"parent": str(above)})


def path_of(refusal: InvalidValue) -> Path:
    """Return the field that a code could not be made of; a custom field by its own path."""
    return path_to(str(refusal.params.get("field", "code")))


def path_to(field: str) -> Path:
    """Return the path of a field that codes are made of."""
    return tuple(field.split(".", 1)) if field.startswith(CUSTOM) else (field,)


def _blocks(policy: CodePolicy) -> "Blocks | None":
    """Return where this process keeps its blocks of numbers; None where it takes single ones."""
    if policy.guarantee != Guarantee.UNIQUE:
        return None
    from customer_registry.registration.blocks import Blocks  # noqa: PLC0415  seldom

    return Blocks(getattr(policy, "block", 1))


def is_free(code: CustomerCode, work: UnitOfWork, now: datetime) -> bool:
    """Return whether nobody has a code, nor had it and was erased, nor keeps it now."""
    kept: Reservation | None = work.numbers.reserved(code)
    if work.customers.by_code(code) is not None or work.customers.is_retired(code):
        return False
    return not (kept and kept.is_active(now))


def _capacity(policy: CodePolicy) -> int:
    return policy.capacity if isinstance(policy, ReadableCodes) else _FAR * 10


def _fact(facts: Mapping[str, Any], name: str) -> object:
    """Return a customer's field by the name that codes know it by."""
    if name.startswith(CUSTOM):
        return (facts.get("custom") or {}).get(name.removeprefix(CUSTOM))
    if name not in _OF_THE_FIRST_ADDRESS:
        return facts.get(name)
    addresses = facts.get("addresses")
    return getattr(addresses[0], name) if addresses else None


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)
