"""What is worth a second look in an e-mail address that can be kept."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.email import EmailAddress

__all__ = ["RULES"]


def email_is_carried_everywhere(email: EmailAddress) -> Iterator[Issue]:
    """An e-mail address is made of ASCII, which every mail system carries.

    Source: RFC 6531; systems without SMTPUTF8 refuse other addresses.
    """
    if email.is_international:
        yield Issue("email.idn", severity=Severity.WARNING)


def email_domain_receives_mail(email: EmailAddress) -> Iterator[Issue]:
    """An e-mail address does not lie under a top-level name reserved from use.

    Source: RFC 6761, 6762 and 7686 (test, invalid, localhost, local, onion) and arpa.
    """
    if email.is_reserved:
        params = {"domain": email.domain}
        yield Issue("email.special_domain", severity=Severity.WARNING, params=params)


RULES = (email_is_carried_everywhere, email_domain_receives_mail)
