"""Which backups in a folder stay: the newest that are proven, and always the one just made."""

import time
from contextlib import suppress
from pathlib import Path

from customer_registry.domain.errors import BackupDamaged, StorageUnavailable, WrongBackupKey
from customer_registry.operations.backups.manifest import Manifest
from customer_registry.operations.backups.reading import begun, verify_backup

__all__ = ["ENDING", "UNFINISHED", "prune", "sweep"]

ENDING = ".backup"
UNFINISHED = ".unfinished"
_A_DAY = 86_400
_NO_BACKUP = (BackupDamaged, WrongBackupKey, StorageUnavailable)


def prune(made: Manifest, key: bytes | None, keep: int) -> None:
    """Remove the oldest backups beside one that was just proven, so that `keep` stay.

    Counted and removed are those of the same registry whose beginning this key proves: no file that
    somebody lays there takes a backup's place. What goes is older than `keep` that were read to
    their end, now: one that is damaged displaces none that is sound.
    """
    older, sound = _older(made, key), 1
    for old in older if len(older) >= keep else ():
        if sound >= keep:
            old.unlink(missing_ok=True)
        else:
            sound += _is_sound(old, key)


def sweep(folder: Path) -> None:
    """Remove what a killed process left unfinished; who still writes touches it all the while."""
    for left in _files(folder, f"*{ENDING}*{UNFINISHED}"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - _A_DAY:
                left.unlink()


def _older(made: Manifest, key: bytes | None) -> list[Path]:
    """Return the other backups of a registry and key in a folder, the newest first."""
    found = [_begun(path, key) for path in _files(made.path.parent, f"*{ENDING}")]
    others = [each for each in found if each is not None and each.identity == made.identity]
    others.sort(key=lambda each: each.created, reverse=True)
    return [each.path for each in others if each.path != made.path]


def _files(folder: Path, pattern: str) -> list[Path]:
    """Return the regular files of a name; a link is none, and a pipe would be waited for."""
    return [
        path for path in sorted(folder.glob(pattern)) if path.is_file() and not path.is_symlink()
    ]


def _begun(path: Path, key: bytes | None) -> Manifest | None:
    """Return the manifest of a file that begins as a backup of this key does, else None."""
    try:
        return begun(path, key)
    except _NO_BACKUP:
        return None


def _is_sound(path: Path, key: bytes | None) -> bool:
    try:
        verify_backup(path, key=key, plain=key is None)
    except _NO_BACKUP:
        return False
    return True
