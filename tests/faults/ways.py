"""Ways of numbering customers that are raced: ours, each with its promise, and two broken ones."""

import threading
import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import ClassVar

from customer_registry import (
    CodePattern,
    CompanyPolicy,
    CustomerRegistry,
    ReservationRules,
    ValidationFailed,
)
from customer_registry.domain.codes.policy import CodeMode, CodePolicy, Guarantee
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Numbers
from customer_registry.testing.racing.numbering import Promise

__all__ = ["BROKEN", "OURS", "WAYS", "LeftUnsaved", "Way"]

TEMPLATE = "C{number:07}"
LASTING = timedelta(milliseconds=100)


class LeftUnsaved(Exception):
    """A form was closed with its code reserved and nothing saved, or saved when it was too late."""


class Way:
    """Gapless, in one counter: every save draws its number in its own transaction."""

    name: ClassVar = "gapless"
    promise: ClassVar = Promise(gapless=True)

    def codes(self) -> CodePolicy:
        """Return the code policy."""
        return CodePattern(TEMPLATE)

    def policy(self) -> CompanyPolicy:
        """Return the company's decisions."""
        return CompanyPolicy()

    def register(
        self, registry: CustomerRegistry, raw: dict[str, object], rng: Random
    ) -> CustomerCode:
        """Register a raw customer; returns the code that the clerk is told."""
        return registry.register(raw).customer.code

    def settle(self, registry: CustomerRegistry) -> int:
        """Return how many must still register before the numbers are as promised."""
        return 0

    def explained(self, numbers: Numbers) -> set[int]:
        """Return the numbers that nobody has, with the store's consent."""
        return set()


class Reserved(Way):
    """Gapless, the code shown on the form before it is saved; some forms are closed unsaved.

    A code is kept for a tenth of a second, and some clerks have tea: theirs goes to somebody else.
    """

    name = "reserved"
    refill = True
    left_unsaved = 0.15
    having_tea = 0.02

    def policy(self):
        return CompanyPolicy(reservations=ReservationRules(lasting=LASTING, refill=self.refill))

    def register(self, registry, raw, rng):
        with (form := registry.reserve_code(kind="person")) as code:
            if rng.random() < self.left_unsaved:
                raise LeftUnsaved
            if rng.random() < self.having_tea:
                time.sleep(1.5 * LASTING.total_seconds())
            try:
                return registry.register(raw, code=str(code)).customer.code
            except ValidationFailed as refused:
                if datetime.now(UTC) < form.until or not _is_about_the_code(refused):
                    raise
                raise LeftUnsaved from refused

    def settle(self, registry):
        time.sleep(LASTING.total_seconds())
        with registry.unit("search") as work:
            return len(work.numbers.reservations())


class WithoutRefill(Reserved):
    """Gapless, and no number is drawn again: codes rise as time does, and some are left out."""

    name = "gapless-norefill"
    promise = Promise(gapless=True, ordered=True)
    refill = False
    reserving = 0.2

    def register(self, registry, raw, rng):
        if rng.random() < self.reserving:
            return super().register(registry, raw, rng)
        return registry.register(raw).customer.code

    def settle(self, registry):
        return 0

    def explained(self, numbers):
        return {each.number for each in numbers.reservations() if each.number is not None}


class UniqueBlocks(Way):
    """Unique: every process takes fifty numbers at a time."""

    name = "unique"
    promise = Promise()

    def codes(self):
        return CodePattern(TEMPLATE, guarantee="unique", block=50)


class ByChance(Way):
    """Unique and in no order."""

    name = "random"
    promise = Promise()

    def codes(self):
        return CodePattern("{random:8}")


class FoundOut:
    """A host's policy: the number that its clerk found out before, or the next one still free."""

    guarantee = Guarantee.GAPLESS
    mode = CodeMode.AUTOMATIC
    pattern = "C*"

    def __init__(self):
        self.clerk = threading.local()

    def assign(self, context, numbers):
        number = self.clerk.number
        self.clerk.number += 1
        return self.code(number)

    def accepts(self, code):
        return True

    def code(self, number):
        return CustomerCode.parse(f"C{number:07}")


class MaxPlusOne(Way):
    """Broken: the form shows the largest code that a reading transaction sees, and one more."""

    name = "max-plus-one"
    promise = Promise(gapless=True, ordered=True)

    def codes(self):
        return FoundOut()

    def register(self, registry, raw, rng):
        number = registry.codes.clerk.number = self.next_number(registry)
        registry.register(raw)
        return registry.codes.code(number)

    def next_number(self, registry):
        newest = registry.search(limit=20)
        return max((int(each.code.text[1:]) for each in newest), default=0) + 1


class DrawnBefore(MaxPlusOne):
    """Broken: the number is drawn in a transaction of its own, before the one that saves."""

    name = "drawn-before"

    def next_number(self, registry):
        with registry.unit("register", writing=True) as work:
            return work.numbers.next("customer")


def _is_about_the_code(refused: ValidationFailed) -> bool:
    return all(issue.path == ("code",) for issue in refused.report.errors)


OURS: dict[str, Way] = {
    way.name: way for way in (Way(), WithoutRefill(), UniqueBlocks(), ByChance(), Reserved())
}
BROKEN: dict[str, Way] = {way.name: way for way in (MaxPlusOne(), DrawnBefore())}
WAYS = OURS | BROKEN
