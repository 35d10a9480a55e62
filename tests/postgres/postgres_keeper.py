"""Ends the PostgreSQL of a folder, and removes it, as soon as nobody holds this process's input.

    python -S postgres_keeper.py FOLDER

Whoever starts a server starts this as well: however he ends, killed or interrupted, his server does
not stay behind.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["end"]

PATIENCE = 5
"""Seconds a server has after the wish to end at once."""


def end(folder: Path) -> None:
    """End what runs in the folder, and remove it."""
    for noted in folder.glob("*/postmaster.pid"):
        _end_one(int(noted.read_text().split()[0]))
    shutil.rmtree(folder, ignore_errors=True)


def _end_one(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.stdin.buffer.read(1)
    end(Path(sys.argv[1]))
