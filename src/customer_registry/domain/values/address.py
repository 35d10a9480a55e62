"""A postal address, by its parts or as one free text."""

from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text

__all__ = ["PostalAddress"]

_LARGE_TO_SMALL = frozenset({"CN", "HK", "MO", "TW", "JP", "KR"})


@attrs.frozen(kw_only=True)
class PostalAddress:
    """Where a customer is reached; a free text stands in `street_address` whole.

    `country` is ISO 3166 alpha-2, `region` a province or state, `locality` a city, `purposes`
    words such as `billing` and `shipping`; `id` names the entry within its customer.

    >>> address = PostalAddress.parse("海淀区中关村大街27号", locality="北京市")
    >>> str(address)
    '北京市海淀区中关村大街27号'
    """

    id: str | None = None
    country: str = "CN"
    region: str | None = attrs.field(default=None, repr=False)
    locality: str | None = attrs.field(default=None, repr=False)
    district: str | None = attrs.field(default=None, repr=False)
    street_address: str | None = attrs.field(default=None, repr=False)
    postal_code: str | None = attrs.field(default=None, repr=False)
    purposes: tuple[str, ...] = ()

    @classmethod
    def parse(
        cls,
        typed: str,
        *,
        country: str = "CN",
        region: str | None = None,
        locality: str | None = None,
        district: str | None = None,
        postal_code: str | None = None,
    ) -> Self:
        """Return the address whose street line is `typed`.

        Raises InvalidValue `required` for nothing visible, else what `text.line` refuses.
        """
        street = text.line(typed, longest=400)
        if not street:
            raise InvalidValue("required")
        return cls(
            country=country,
            region=region,
            locality=locality,
            district=district,
            street_address=street,
            postal_code=postal_code,
        )

    @property
    def parts(self) -> tuple[str, ...]:
        """The filled parts from the largest to the smallest, postal code and country apart."""
        parts = (self.region, self.locality, self.district, self.street_address)
        return tuple(part for part in dict.fromkeys(parts) if part)

    @property
    def is_empty(self) -> bool:
        """Whether the address says no more than a country."""
        return not self.parts and self.postal_code is None

    def __str__(self) -> str:
        if self.country in _LARGE_TO_SMALL:
            return "".join(self.parts)
        return ", ".join(part for part in (*reversed(self.parts), self.postal_code) if part)
