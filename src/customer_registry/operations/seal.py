"""Seal the sensitive fields of a store that holds customers already."""

from typing import TYPE_CHECKING

from customer_registry.operations.progress import Progress
from customer_registry.operations.resealing import go_over, proven, refuse_before

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["seal"]


def seal(registry: "CustomerRegistry", *, on_progress: Progress | None = None) -> int:
    """Seal what is sensitive, while others go on writing; returns how many customers that took.

    Every entry of the journal is to have a key from here on; sealing vouches for those before, so
    `verify` first. Everybody who writes needs the keyring from now on, so give it to all processes
    first. Custom fields that the company's policy has called sensitive since are sealed as well.
    `on_progress` hears how many customers are done, and of how many. Interrupted, call it again.

    At the end nothing of the plain values is left in the store: not in its log, its free pages,
    its search words or its receipts. For that the file is written anew, with twice its room and
    nobody writing meanwhile. Copies and backups from before hold them still.

    Raises NotPermitted, KeyUnavailable, StorageBusy where somebody goes on reading what was there
    before, and StorageError for a store under a rotation: finish that.
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("seal") as work:
        now, newest = proven(work), work.sealer.newest
    settled = now is not None and now.is_whole and now.keys == newest
    if now is not None and now.phase != "sealing" and not settled:
        refuse_before("rotate", "this store is sealed, with older keys: call rotate")
    return go_over(office, "seal", on_progress)
