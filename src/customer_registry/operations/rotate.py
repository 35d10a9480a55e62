"""Go over to new keys."""

from typing import TYPE_CHECKING

from customer_registry.operations.progress import Progress
from customer_registry.operations.resealing import go_over, proven, refuse_before

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["rotate"]


def rotate(registry: "CustomerRegistry", *, on_progress: Progress | None = None) -> int:
    """Seal and index everything anew with the newest keys; returns how many customers that took.

    Others go on reading and writing meanwhile, if they have the new keyring: give it to all
    processes first, the store keeps to its present keys until this is called. `on_progress` hears
    how many customers are done, and of how many. Interrupted, call it again. Once it has returned,
    nothing in the store is under an older key, and `keyring.without_old_keys()` is enough.

    Raises NotPermitted, KeyUnavailable, StorageBusy where somebody goes on reading what was there
    before, and StorageError for a store that is not wholly sealed yet.
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("rotate") as work:
        now = proven(work)
    if now is None or now.phase == "sealing":
        refuse_before("seal", "this store is not sealed yet: call seal first")
    return go_over(office, "rotate", on_progress)
