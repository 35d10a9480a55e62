"""What is worth a second look at a contact."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.contact import Contact

__all__ = ["RULES"]


def contact_can_be_reached(contact: Contact) -> Iterator[Issue]:
    """A contact has a phone, an e-mail address or a messenger.

    Source: the house; a name alone answers no call.
    """
    if not (contact.phones or contact.emails or contact.messengers):
        yield Issue("contact.unreachable", severity=Severity.WARNING)


RULES = (contact_can_be_reached,)
