"""Backups: made while others write, proven before they count, restored whole or not at all."""

from customer_registry.operations.backups.backup import backup
from customer_registry.operations.backups.manifest import Manifest
from customer_registry.operations.backups.reading import verify_backup
from customer_registry.operations.backups.restore import restore

__all__ = ["Manifest", "backup", "restore", "verify_backup"]
