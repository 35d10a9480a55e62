"""A rule that asks the host's register; no set has it unless the host adds it."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.verification import Outcome, Verifier, asked
from customer_registry.validation.rule_set import Rule

__all__ = ["verified_by"]


def verified_by(verifier: Verifier) -> Rule:
    """Return a rule that has every new tax number verified: `STANDARD + [verified_by(vies)]`.

    It runs while a customer is judged, on `check` as well, before a store is opened, and so may
    take its time; wrap the verifier in `Remembering` where forms are checked while people type.
    """

    def tax_number_is_known_to_the_register(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
        """A tax number is one that the register of its authority knows."""
        answer = asked(verifier, tax_identifier)
        if answer is None or answer.outcome is Outcome.CONFIRMED:
            return
        if answer.outcome is Outcome.REFUTED:
            yield Issue("tax_id.refuted", params={"source": answer.source})
        else:
            yield Issue("tax_id.unverifiable", severity=Severity.WARNING)

    return tax_number_is_known_to_the_register
