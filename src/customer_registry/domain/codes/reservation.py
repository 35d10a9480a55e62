"""A code that is kept for somebody who has a form open, and how long the company keeps it."""

from datetime import datetime, timedelta

import attrs

from customer_registry.domain.values.code import CustomerCode

__all__ = ["Reservation", "ReservationRules"]


@attrs.frozen(kw_only=True)
class Reservation:
    """A code kept for its owner from `at` until `until`, or until he gives it back.

    `range` and `number` say where its number was drawn; both are None for a code without one.
    """

    code: CustomerCode
    owner: str
    at: datetime
    until: datetime
    range: str | None = None
    number: int | None = None
    released_at: datetime | None = None

    def is_active(self, now: datetime) -> bool:
        """Return whether nobody but the owner may take the code at this time."""
        return self.released_at is None and now < self.until

    def released(self, now: datetime) -> "Reservation":
        """Return the same reservation, given back."""
        return attrs.evolve(self, released_at=now)


@attrs.frozen(kw_only=True)
class ReservationRules:
    """What a company grants an open form.

    A code is kept for `lasting`, each actor may keep `per_actor` of them at a time. With `refill`
    a number that was given back, or that nobody came for, is drawn again, the smallest first
    (断号补号); without it numbers only rise, and what was given back stays an explained gap.
    """

    lasting: timedelta = timedelta(minutes=30)
    per_actor: int = 20
    refill: bool = True
