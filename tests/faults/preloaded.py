"""Libraries that are preloaded in front of libc: built from their source, once for a process."""

import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["built", "can_build"]


def can_build() -> bool:
    """Return whether this machine has what it takes: Linux and gcc."""
    return sys.platform == "linux" and shutil.which("gcc") is not None


def built(name: str) -> Path:
    """Return the library of a source beside this one; it is gone with this process."""
    library = Path(_folder().name, name).with_suffix(".so")
    if not library.exists():
        source = Path(__file__).with_name(name)
        compiling = ["gcc", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"]
        subprocess.run(compiling, check=True)
    return library


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="preloaded-")
