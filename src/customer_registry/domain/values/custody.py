"""How the law lets a customer's data be held: on what basis, under a hold, restricted, erased."""

from datetime import date, datetime
from enum import StrEnum

import attrs

__all__ = ["NO_CUSTODY", "Consent", "Custody", "Hold", "LawfulBasis"]


class LawfulBasis(StrEnum):
    """Why personal data may be processed (PIPL 2021, article 13; GDPR 2016/679, article 6)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_INTEREST = "public_interest"
    LEGITIMATE_INTERESTS = "legitimate_interests"
    MADE_PUBLIC = "made_public"


@attrs.frozen(kw_only=True)
class Consent:
    """A purpose that a customer's data serve, and the basis it rests on.

    `text_version` names the text that was shown, `given_on` is the day, `withdrawn_on` the one on
    which a consent was taken back.
    """

    purpose: str
    basis: LawfulBasis = LawfulBasis.CONSENT
    text_version: str | None = None
    given_on: date | None = None
    withdrawn_on: date | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it was not taken back."""
        return self.withdrawn_on is None


@attrs.frozen(kw_only=True)
class Hold:
    """A duty to keep a customer's data, such as a lawsuit: until a day, or until it is lifted."""

    reason: str = attrs.field(repr=False)
    until: date | None = None

    def stands(self, today: date) -> bool:
        """Return whether the duty still stands; the last day belongs to it."""
        return self.until is None or today <= self.until


@attrs.frozen(kw_only=True)
class Custody:
    """What is recorded of how one customer's data are held.

    `restricted` is why nothing but storing is done with them (PIPL, article 47; GDPR, article 18);
    `erased_at` when they were erased, after which only the code and the times stand.
    """

    hold: Hold | None = None
    restricted: str | None = attrs.field(default=None, repr=False)
    erased_at: datetime | None = None


NO_CUSTODY = Custody()
"""Nothing recorded, which is how customers begin."""
