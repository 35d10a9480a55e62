"""What a register outside says about a tax number: asked by the host, never by us."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol, cast

import attrs

from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.values.text import line

__all__ = ["Outcome", "Remembering", "Verification", "Verifier", "asked"]


class Outcome(StrEnum):
    """What came of asking: the register knows the number, does not, or nobody can say."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the time of a verification needs a zone")
    return at.astimezone(UTC)


@attrs.frozen(kw_only=True)
class Verification:
    """An answer: its outcome, the register that gave it, and when, an aware time.

    >>> from datetime import datetime, UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> Verification(outcome="confirmed", source="VIES", at=at).is_confirmed
    True
    """

    outcome: Outcome = attrs.field(converter=Outcome)
    source: str = attrs.field(converter=line)
    at: datetime = attrs.field(converter=_in_utc)

    @property
    def is_confirmed(self) -> bool:
        """Whether the register knows the number."""
        return self.outcome is Outcome.CONFIRMED

    @property
    def is_refuted(self) -> bool:
        """Whether the register says that there is no such number."""
        return self.outcome is Outcome.REFUTED


class Verifier(Protocol):
    """The host's way to a register: a function, or an object that can be called."""

    def __call__(self, tax_identifier: TaxIdentifier, /) -> Verification | None:
        """Return what the register says; None for a number that is not its business."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


def asked(
    verifier: Verifier, tax_identifier: TaxIdentifier, *, clock: Callable[[], datetime] = _now
) -> Verification | None:
    """Return what a verifier says; one that raises could not say, which is `unknown`.

    Raises TypeError for an answer that is no Verification.
    """
    name = getattr(verifier, "__name__", type(verifier).__name__)
    try:
        answer = cast("object", verifier(tax_identifier))  # a host's function may return anything
    except Exception:  # noqa: BLE001  a register out of reach is not the customer's fault
        return Verification(outcome=Outcome.UNKNOWN, source=name, at=clock())
    if answer is None or isinstance(answer, Verification):
        return answer
    raise TypeError(f"{name} returned a {type(answer).__name__}, no Verification and not None")


@attrs.frozen(eq=False, repr=False)
class Remembering:
    """A verifier that asks another one only once in a while for the same number.

    Answers younger than `age` are given again with the time they were first given; `unknown` is
    asked again each time. It keeps the last `most` numbers, in memory alone.

    >>> verifier = Remembering(lambda number: None)
    >>> verifier(TaxIdentifier.parse("9144030071526726XG"))
    """

    verifier: Verifier
    age: timedelta = timedelta(days=30)
    clock: Callable[[], datetime] = _now
    most: int = 10_000
    _known: OrderedDict[tuple[str, str], Verification] = attrs.field(
        factory=OrderedDict[tuple[str, str], Verification], init=False
    )

    def __call__(self, tax_identifier: TaxIdentifier, /) -> Verification | None:
        """Return the remembered answer, else what the verifier says now."""
        number = (tax_identifier.scheme, str(tax_identifier.number))
        known = self._known.get(number)
        if known is not None and self.clock() - known.at < self.age:
            return known
        answer = self.verifier(tax_identifier)
        if isinstance(answer, Verification) and answer.outcome is not Outcome.UNKNOWN:
            self._keep(number, answer)
        return answer

    def _keep(self, number: tuple[str, str], answer: Verification) -> None:
        self._known[number] = answer
        while len(self._known) > self.most:
            self._known.popitem(last=False)
