"""Leave no trace in the store of what was replaced or erased."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["scrub"]


def scrub(registry: "CustomerRegistry", *, whole: bool = True) -> None:
    """Leave nothing in the store of words, numbers and documents that are there no more.

    With `whole` the file is written anew, beyond doubt; without it what search went by is cleared,
    which takes seconds for a million. Raises NotPermitted, and
    StorageBusy where somebody goes on reading what was there before.

    >>> from customer_registry import CustomerRegistry
    >>> scrub(CustomerRegistry())
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    office.asked("scrub")
    office.repository.scrub(whole=whole)
