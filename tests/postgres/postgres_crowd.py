"""Lets a crowd of processes register gapless codes in one PostgreSQL at once.

    python tests/postgres/postgres_crowd.py                        eight processes, ten seconds
    python tests/postgres/postgres_crowd.py --seconds 600 --clients 16
    python tests/postgres/postgres_crowd.py --desk broken          what has to be accused

One registration in ten is refused after its number was drawn. Nobody may be refused by the store
below the waiting time, no number may be missing, and none given twice.
"""

import argparse
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import attrs
from postgres_binaries import found
from postgres_clients import Client, Clients, Notes, faults_of, opened
from postgres_server import SAFE, Server

__all__ = ["CONTROLS", "Crowd", "crowded"]

CONTROLS = {"drawn-before": "gaps", "largest": "duplicates", "serializable": "errors"}
"""Desks broken on purpose, and what each has to be accused of."""


@attrs.frozen
class Crowd:
    """What came of a crowd: what its clients noted, in how many seconds, and what is wrong."""

    desk: str
    notes: Notes
    seconds: float
    faults: set[str]

    def share(self, percent: float) -> float:
        """Return within how many seconds so many percent of the registrations were done."""
        waits = self.notes.waits
        return waits[min(len(waits) - 1, int(len(waits) * percent / 100))] if waits else 0

    def __str__(self) -> str:
        waits = ", ".join(f"p{each} {self.share(each) * 1000:.0f} ms" for each in (50, 99))
        told = len(self.notes.told)
        rate = told / self.seconds
        return (
            f"{self.desk:<13}{told} registered in {self.seconds:.1f} s: {rate:.0f}/s, "
            f"{waits}, longest {self.share(100) * 1000:.0f} ms, {self.notes.refused} refused, "
            f"{len(self.notes.errors)} errors: {', '.join(sorted(self.faults)) or 'sound'}"
        )


def crowded(
    desk: str,
    conninfo: str,
    schema: str,
    *,
    seconds: float,
    clients: int = 8,
    refusing: float = 0.1,
) -> Crowd:
    """Let clients register for some seconds; call it in a process without threads."""
    with closing(opened(desk, conninfo, schema)) as first:
        first.register(0)
    with tempfile.TemporaryDirectory() as folder:
        client = Client(desk, conninfo, schema, time.monotonic() + seconds, refusing, patience=5)
        began = time.monotonic()
        notes = Clients(client, Path(folder), clients).ended()
        took = time.monotonic() - began
    with closing(opened(desk, conninfo, schema)) as last:
        faults = faults_of(notes, last) | ({"errors"} if notes.errors else set())
    return Crowd(desk, notes, took, faults)


def main(arguments: list[str] | None = None) -> int:
    """Crowd what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    desks = list(CONTROLS) if asked.desk == "broken" else [asked.desk]
    surprises = 0
    with Server(found()[asked.version], SAFE) as server:
        print(f"{server.binaries}, fsync on, {asked.clients} processes")  # noqa: T201  a report
        for at, desk in enumerate(desks):
            crowd = crowded(
                desk, server.conninfo(), f"crowd{at}", seconds=asked.seconds, clients=asked.clients
            )
            print(crowd, flush=True)  # noqa: T201  a report
            for error in sorted(set(crowd.notes.errors))[:3]:
                print(f"    {error}")  # noqa: T201  a report
            surprises += (
                (CONTROLS[desk] not in crowd.faults) if desk in CONTROLS else bool(crowd.faults)
            )
    return min(surprises, 1)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument(
        "--desk", choices=["registry", "plain", *CONTROLS, "broken"], default="registry"
    )
    parser.add_argument("--version", type=int, default=0, help="0 for the newest that is here")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
