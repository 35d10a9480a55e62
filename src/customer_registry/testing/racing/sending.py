"""What opens a store, on its way to other processes; what keeps it from arriving is told."""

import pickle
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess

from customer_registry.repository import Repository

__all__ = ["expect_arrived", "expect_sendable"]

_ADVICE = (
    "give functools.partial of your class, or a function that stands at the top of a module;"
    " a lambda, and what is defined inside a test, stays where it is"
)


def expect_sendable(open_store: Callable[[], Repository]) -> None:
    """Raise AssertionError with advice unless other processes can be given what opens a store.

    >>> from functools import partial
    >>> expect_sendable(partial(dict, kept="customers.db"))
    """
    try:
        pickle.dumps(open_store)
    except Exception as error:
        raised = f"{type(error).__name__}: {error}"
        raise AssertionError(
            f"open_store can be sent to another process: {_ADVICE}\n  raised: {raised}"
        ) from error


def expect_arrived(processes: Sequence[BaseProcess]) -> None:
    """Raise AssertionError where a process ended by itself before it could tell anything."""
    ended = sorted({status for each in processes if (status := each.exitcode or 0) > 0})
    if ended:
        raise AssertionError(
            "open_store arrives in another process: there its module can be imported by its name,"
            f" and what it needs is there\n  ended with status: {', '.join(map(str, ended))}"
        )
