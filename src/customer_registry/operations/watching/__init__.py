"""Watch a journal: what deserves a second look, told as alerts."""

from customer_registry.operations.watching.alert import Alert
from customer_registry.operations.watching.detectors import (
    Detector,
    bank_account_changed_and_back,
    export_at_night,
    many_reveals,
    repeated_denials,
)
from customer_registry.operations.watching.watch import Watched, watch

__all__ = [
    "Alert",
    "Detector",
    "Watched",
    "bank_account_changed_and_back",
    "export_at_night",
    "many_reveals",
    "repeated_denials",
    "watch",
]
