"""Which backups in a folder stay: the newest that are proven, and always the one just made."""

import time
from pathlib import Path

from customer_registry.operations.backups.manifest import Manifest
from customer_registry.operations.backups.reading import begins

__all__ = ["ENDING", "UNFINISHED", "prune", "sweep"]

ENDING = ".backup"
UNFINISHED = ".unfinished"
_A_DAY = 86_400


def prune(made: Manifest, key: bytes | None, keep: int) -> None:
    """Remove the oldest backups beside one that was just proven, so that `keep` stay.

    Counted and removed are those of the same registry whose beginning this key proves: no file that
    somebody lays there takes a backup's place.
    """
    found = [begins(path, key) for path in sorted(made.path.parent.glob(f"*{ENDING}"))]
    others = [
        each
        for each in found
        if each is not None and each.identity == made.identity and each.path != made.path
    ]
    others.sort(key=lambda each: each.created, reverse=True)
    for old in others[keep - 1 :]:
        old.path.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what a killed process left unfinished; who still writes touches it all the while."""
    for left in folder.glob(f"*{ENDING}*{UNFINISHED}"):
        if left.stat().st_mtime < time.time() - _A_DAY:
            left.unlink(missing_ok=True)
