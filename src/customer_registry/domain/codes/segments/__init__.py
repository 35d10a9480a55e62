"""The segments of a code template: each writes its part, and reads it back."""

from customer_registry.domain.codes.segments.attribute import Attribute
from customer_registry.domain.codes.segments.constant import Constant
from customer_registry.domain.codes.segments.counter import Counter
from customer_registry.domain.codes.segments.day import Day
from customer_registry.domain.codes.segments.segment import Draft, Segment, Shape

__all__ = [
    "Attribute",
    "Constant",
    "Counter",
    "Day",
    "Draft",
    "Segment",
    "Shape",
]
