"""Processes that begin anew, and yet at once: of a server that has loaded the package already."""

import multiprocessing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

__all__ = ["begun_anew"]

_LOADED = (
    "cattrs.preconf.json",
    "customer_registry.storage.sqlite",
    "customer_registry.storage.wire",
    "customer_registry.testing.racing.race",
    "phonenumbers",
    "pytest",
)
"""What every process of a race would load for itself."""


def begun_anew() -> "ForkServerContext | SpawnContext":
    """Return the context of processes that have nothing of their parent's, no thread and no file.

    Where there is no such server, each is a new Python.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED))
    return context
