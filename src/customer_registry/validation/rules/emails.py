"""What is worth a second look in an e-mail address that can be kept."""

from collections.abc import Iterable, Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.values.email import EmailAddress

__all__ = ["RULES"]


def email_is_carried_everywhere(email: EmailAddress) -> Iterator[Issue]:
    """An e-mail address is made of ASCII, which every mail system carries.

    Source: RFC 6531; systems without SMTPUTF8 refuse other addresses.
    """
    if email.is_international:
        yield Issue("email.idn", severity=Severity.WARNING)


def email_domain_receives_mail(email: EmailAddress, policy: CompanyPolicy) -> Iterator[Issue]:
    """An e-mail address lies under no reserved top-level name, but for the company's own domains.

    Source: RFC 6761, 6762, 7686 and 9476 (test, invalid, localhost, local, onion, alt), arpa, and
    internal (ICANN, 2024); the policy's `special_domains`, with all below them, are accepted.
    """
    if email.is_reserved and not _is_below(email.domain, policy.special_domains):
        params = {"domain": email.domain}
        yield Issue("email.special_domain", severity=Severity.WARNING, params=params)


def email_is_written_out(email: EmailAddress) -> Iterator[Issue]:
    """An e-mail address is the address itself and not a mask of one, `l****@example.com`.

    Source: the house; stars are lawful in an address (RFC 5321) and nobody has several in a row.
    """
    if "**" in email.local:
        yield Issue("email.looks_masked", severity=Severity.WARNING)


RULES = (email_is_carried_everywhere, email_domain_receives_mail, email_is_written_out)


def _is_below(domain: str, accepted: Iterable[str]) -> bool:
    names = (name.lower() for name in accepted)
    return any(domain == name or domain.endswith(f".{name}") for name in names)
