"""What a code policy is: how it assigns codes, and what it guarantees."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.code import CustomerCode

__all__ = [
    "CodeContext",
    "CodeMode",
    "CodePolicy",
    "Counting",
    "Guarantee",
    "ManualCodes",
    "NumberRanges",
    "ReadableCodes",
]


class Guarantee(StrEnum):
    """What a code policy promises of its numbers.

    `gapless`: drawn in the transaction that saves, a failed save returns its number; `unique`:
    never twice, gaps possible; `random`: never twice, in no order; `given`: people decide.
    """

    GAPLESS = "gapless"
    UNIQUE = "unique"
    RANDOM = "random"
    GIVEN = "given"


class CodeMode(StrEnum):
    """Who writes the code: the policy, people, or the policy unless people do."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    EDITABLE = "editable"


class NumberRanges(Protocol):
    """Counters by name, part of the transaction that saves the customer."""

    def next(self, name: str) -> int:
        """Return the next number of a range, from 1."""
        ...

    def peek(self, name: str) -> int:
        """Return what `next` would return, without taking it."""
        ...

    def raise_to(self, name: str, number: int) -> None:
        """Make sure that the range never again gives `number` or a smaller one."""
        ...


@attrs.frozen
class CodeContext:
    """What a code may be made of: the customer's plain fields, and the company's date.

    `fiscal_year_start` is the month in which the company's fiscal year begins.
    """

    fields: Mapping[str, str | None]
    today: date
    fiscal_year_start: int = 1

    def needed(self, field: str) -> str:
        """Return a field's text; raise InvalidValue `code.field_missing` where it is empty."""
        text = self.fields.get(field)
        if not text:
            raise InvalidValue("code.field_missing", field=field)
        return text


class CodePolicy(Protocol):
    """How a company codes its customers."""

    @property
    def guarantee(self) -> Guarantee:
        """What this policy promises of its numbers."""
        ...

    @property
    def mode(self) -> CodeMode:
        """Who writes the code."""
        ...

    @property
    def pattern(self) -> str:
        """How a code looks, as people are told who type another one."""
        ...

    def assign(self, context: CodeContext, numbers: NumberRanges) -> CustomerCode:
        """Return a code, drawing from `numbers` inside the running transaction.

        Raises CodesExhausted, or InvalidValue `code.field_missing` or `code.field_unmapped` naming
        the `field`.
        """
        ...

    def accepts(self, code: CustomerCode) -> bool:
        """Return whether a code typed by people follows the rule."""
        ...


@attrs.frozen
class Counting:
    """How a range counts, in the numbers that it keeps: from `start` to `maximum` by `step`.

    `fit` returns the first number from one on that may be shown, `offset` is by how much a number
    is smaller in a code than in the range.
    """

    start: int
    maximum: int
    step: int
    fit: Callable[[int], int] = attrs.field(repr=False)
    offset: int = 0

    @classmethod
    def common(cls, ways: "Sequence[Counting]") -> "Counting | None":
        """Return how a range counts that is counted in several ways; None for no way.

        Only what is a number in all of them is one, for what one way leaves out proves no gap.
        """
        if len(ways) < 2:  # noqa: PLR2004  nothing to agree on
            return next(iter(ways), None)

        def fit(number: int) -> int:
            while (fitting := max(each.fit(number) for each in ways)) != number:
                number = fitting
            return number

        return cls(
            start=min(each.start for each in ways),
            maximum=max(each.maximum for each in ways),
            step=max(each.step for each in ways),
            fit=fit,
            offset=ways[0].offset,
        )


class ReadableCodes(ABC):
    """What a code policy can do besides whose codes tell where they come from; ours all do."""

    __slots__ = ()

    @property
    @abstractmethod
    def fields(self) -> tuple[str, ...]:
        """The fields that codes are made of or chosen by, as `kind` or `custom.<name>`."""

    @property
    @abstractmethod
    def capacity(self) -> int:
        """How many codes one range holds, the smallest where there are several."""

    @abstractmethod
    def drawn_from(self, code: str, *, fiscal_year_start: int = 1) -> tuple[str, int] | None:
        """Return the range that a code belongs to, and its number there; None for neither."""

    @abstractmethod
    def counting(self, name: str) -> "Counting | None":
        """Return how the range of this name counts; None for one that is none of the rule's."""

    @abstractmethod
    def refuse(self, code: CustomerCode) -> None:
        """Raise InvalidValue, which says why, for a code that does not follow the rule."""

    @abstractmethod
    def explain(self, language: str = "zh") -> str:
        """Return what the rule means in a few lines, with examples, in `zh` or `en`."""

    def differing(self, code: CustomerCode, context: CodeContext) -> tuple[str, ...]:  # noqa: ARG002  most codes show no field
        """Return the fields that a code shows otherwise than the customer has them."""
        return ()

    def parent_of(self, code: CustomerCode) -> CustomerCode | None:  # noqa: ARG002  most codes stand alone
        """Return the code that has to be there before this one; None where none has."""
        return None


@attrs.frozen
class ManualCodes:
    """People give every code; a customer without one is refused."""

    @property
    def guarantee(self) -> Guarantee:
        """People decide."""
        return Guarantee.GIVEN

    @property
    def mode(self) -> CodeMode:
        """People write the code."""
        return CodeMode.MANUAL

    @property
    def pattern(self) -> str:
        """Any code will do."""
        return "*"

    def assign(self, context: CodeContext, numbers: NumberRanges) -> CustomerCode:  # noqa: ARG002  the protocol's shape
        """Raise InvalidValue `code.required`: nobody but people can give a code."""
        raise InvalidValue("code.required")

    def accepts(self, code: CustomerCode) -> bool:  # noqa: ARG002  the protocol's shape
        """Return True: people decide."""
        return True
