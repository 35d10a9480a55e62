"""A postal address, by its parts or as one free text."""

from functools import cached_property
from typing import TYPE_CHECKING, Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text
from customer_registry.domain.values.address_templates import LARGE_TO_SMALL, template_for
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.postal import postal_code as read_postal_code

if TYPE_CHECKING:
    from customer_registry.domain.values.country_rules import CountryRules
    from customer_registry.domain.values.split_address import SplitAddress

__all__ = ["PostalAddress"]

_LONGEST = 400


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
    street_address: str | Masked | None = attrs.field(default=None, repr=False)
    postal_code: str | Masked | None = attrs.field(default=None, repr=False)
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
        street = text.line(typed, longest=_LONGEST)
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

    @classmethod
    def split(cls, typed: str) -> Self:
        """Return the Chinese address whose free text is `typed`, by its parts, each as typed.

        A text that names no division, or one of several places, stays whole in `street_address`;
        `split_address` tells which places and which names are of former times. Raises InvalidValue
        `required` for nothing visible, else what `text.line` refuses.

        >>> address = PostalAddress.split("广东省深圳市南山区科技园")
        >>> address.region, address.locality, address.district, address.street_address
        ('广东省', '深圳市', '南山区', '科技园')
        """
        found = _split(typed)
        address = cls(
            region=found.region,
            locality=found.locality,
            district=found.district,
            street_address=found.street_address,
            postal_code=read_postal_code(found.postal_code) if found.postal_code else None,
        )
        if address.is_empty:
            raise InvalidValue("required")
        return address

    @property
    def parts(self) -> tuple[str, ...]:
        """The filled parts from the largest to the smallest, postal code and country apart."""
        parts = (self.region, self.locality, self.district, self.street_address)
        return tuple(str(part) for part in dict.fromkeys(parts) if part)

    @cached_property
    def divisions(self) -> "SplitAddress | None":
        """What the parts of a Chinese address name together; None where no Chinese is written.

        >>> PostalAddress.parse("深圳市南山区科技园").divisions.division.path
        ('广东省', '深圳市', '南山区')
        """
        written = " ".join(self.parts)[:_LONGEST]
        if self.country != "CN" or not any(map(text.is_han, written)):
            return None
        return _official(self) or _split(written)

    @property
    def is_empty(self) -> bool:
        """Whether the address says no more than a country."""
        return not self.parts and self.postal_code is None

    def lines(
        self, language: str = "zh", *, name: str | None = None, rules: "CountryRules | None" = None
    ) -> tuple[str, ...]:
        """Return the address as one writes it on a letter, `name` on the first line.

        Chinese goes from the province down to the house and names a foreign country, English goes
        up from the house to the country; nothing is translated. `rules` are those of
        `country_rules`, where the small table here is not enough.
        """
        from customer_registry.domain.values.written_address import filled  # noqa: PLC0415  for who writes one

        spoken = "zh" if language.casefold().startswith("zh") else "en"
        template = rules.templates[spoken] if rules else template_for(self.country, spoken)
        parts = {**self._named_parts(), "country": self._country_name(spoken)}
        written = filled(template, parts).splitlines()
        return (*([name] if name else ()), *written)

    def formatted(
        self, language: str = "zh", *, name: str | None = None, rules: "CountryRules | None" = None
    ) -> str:
        """Return `lines` as one line; English parts are set apart by commas.

        >>> address = PostalAddress.parse("No. 27 Zhongguancun Street", region="Beijing",
        ...     district="Haidian District", postal_code="100083")
        >>> address.formatted("en")
        'No. 27 Zhongguancun Street, Haidian District, Beijing 100083, China'
        >>> PostalAddress.parse("海淀区中关村大街27号", locality="北京市").formatted()
        '北京市海淀区中关村大街27号'
        """
        chinese = language.casefold().startswith("zh") and self.country in LARGE_TO_SMALL
        return (" " if chinese else ", ").join(self.lines(language, name=name, rules=rules))

    def _named_parts(self) -> dict[str, str | None]:
        """Return the parts by name, a municipality once."""
        locality = self.locality if self.locality != self.region else None
        return {
            "region": self.region,
            "locality": locality,
            "district": self.district if self.district != locality else None,
            "street_address": _text(self.street_address),
            "postal_code": _text(self.postal_code),
        }

    def _country_name(self, language: str) -> str | None:
        """Return the country's name; Chinese leaves out its own and one the address begins with."""
        if language == "zh" and self.country == "CN":
            return None
        try:
            name = CountryCode.parse(self.country).name(language)
        except InvalidValue:
            return self.country
        begun = self.parts[0].removeprefix("中国") if self.parts else ""
        return None if begun and begun.startswith(name.removeprefix("中国")) else name

    def __str__(self) -> str:
        if self.country in LARGE_TO_SMALL:
            return "".join(self.parts)
        return ", ".join(part for part in (*reversed(self.parts), _text(self.postal_code)) if part)


def _text(part: str | Masked | None) -> str | None:
    return None if part is None else str(part)


def _official(address: PostalAddress) -> "SplitAddress | None":
    if not address.region:
        return None
    from customer_registry.domain.values.split_address import official_parts  # noqa: PLC0415  foreign addresses need none

    region, locality, district = address.region, address.locality, address.district
    street = _text(address.street_address)
    if locality == region and street not in {region, district}:
        locality = None  # as forms write a municipality
    return official_parts(region, locality, district, street)


def _split(written: str) -> "SplitAddress":
    from customer_registry.domain.values.split_address import split_address  # noqa: PLC0415  as above

    return split_address(written)
