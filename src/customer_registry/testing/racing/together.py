"""Threads that run all at once, taking turns far more often than Python lets them by itself."""

import sys
import threading
from collections.abc import Iterable

__all__ = ["run_together"]

_SWITCH_INTERVAL = 1e-5
"""Seconds after which a running thread has to let another go on; 0.005 by default."""


def run_together(threads: Iterable[threading.Thread]) -> None:
    """Start threads and wait for all of them."""
    threads = list(threads)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
