"""A register for tests: it says what its script says, and remembers who asked."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.verification import Outcome, Verification

__all__ = ["FakeVerifier"]


def _now() -> datetime:
    return datetime.now(UTC)


class FakeVerifier:
    """A verifier whose script tells the outcome of each number, or the exception it raises.

    A list of outcomes is gone through answer by answer, its last one stays. Of other numbers it
    says nothing. `asked` holds the numbers in the order in which they were asked for.

    >>> verifier = FakeVerifier({"BE0477472701": ["unknown", "confirmed"]})
    >>> number = TaxIdentifier("be.vat", "BE0477472701")
    >>> [str(verifier(number).outcome) for _ in range(3)]
    ['unknown', 'confirmed', 'confirmed']
    """

    def __init__(
        self,
        script: Mapping[str, str | Exception | list[str]],
        *,
        source: str = "test register",
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.asked: list[str] = []
        self._script = {
            number: list(said) if isinstance(said, list) else [said]
            for number, said in script.items()
        }
        self._source = source
        self._clock = clock

    def __call__(self, tax_identifier: TaxIdentifier, /) -> Verification | None:
        """Return what the script says next of a number; raises what it holds."""
        number = str(tax_identifier.number)
        self.asked.append(number)
        answers = self._script.get(number)
        if answers is None:
            return None
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(said, Exception):
            raise said
        return Verification(outcome=Outcome(said), source=self._source, at=self._clock())
