"""What sort of line a telephone number leads to."""

from enum import StrEnum

__all__ = ["PhoneKind"]


class PhoneKind(StrEnum):
    """The kind of a telephone number; what it is used for is told apart from it.

    >>> PhoneKind("mobile")
    <PhoneKind.MOBILE: 'mobile'>
    """

    MOBILE = "mobile"
    LANDLINE = "landline"
    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    SERVICE = "service"
    IOT = "iot"
    SATELLITE = "satellite"
    OTHER = "other"
