"""A person to talk to at a customer, with the ways to reach them."""

from collections.abc import Mapping

import attrs

from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.phone import PhoneNumber

__all__ = ["Contact"]


@attrs.frozen(kw_only=True)
class Contact:
    """A contact; `id` names the entry within its customer, `messengers` go by name: `wechat`.

    >>> Contact(name="李雷", is_primary=True)
    Contact(id=None, is_primary=True)
    """

    id: str | None = None
    name: str | Masked | None = attrs.field(default=None, repr=False)
    title: str | None = attrs.field(default=None, repr=False)
    phones: tuple[PhoneNumber | Masked, ...] = attrs.field(default=(), repr=False)
    emails: tuple[EmailAddress | Masked, ...] = attrs.field(default=(), repr=False)
    messengers: Mapping[str, str | Masked] = attrs.field(
        factory=dict[str, str | Masked],
        converter=FrozenMapping[str, str | Masked],
        repr=False,
        hash=False,
    )
    language: str | None = attrs.field(default=None, repr=False)
    is_primary: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of this contact."""
        known = (self.name, self.title, self.phones, self.emails, self.messengers, self.language)
        return not any(known)
