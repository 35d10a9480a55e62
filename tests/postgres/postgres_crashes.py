"""Stops a PostgreSQL hard in the middle of writes, again and again, and looks for what is lost.

    python tests/postgres/postgres_crashes.py                     ten stops
    python tests/postgres/postgres_crashes.py --stops 200         a long night
    python tests/postgres/postgres_crashes.py --setting asynchronous   what has to be accused

Four processes register customers and note what they were told. Then the server is stopped without
a checkpoint (`pg_ctl stop -m immediate`) or all its processes are killed (SIGKILL), by turns. It is
started again, and what it holds is judged. With synchronous_commit=off it has to lose some.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import attrs
from postgres_binaries import found
from postgres_clients import Client, Clients, Notes, chance, faults_of, opened
from postgres_server import SAFE, Server

__all__ = ["CONTROL", "Crashes", "crash"]

CLIENTS = 4
LONGEST_LIFE = 0.6
"""Seconds that clients go on, once all have been told something."""

SETTINGS = {"safe": SAFE, "asynchronous": {**SAFE, "synchronous_commit": "off"}}
CONTROL = "asynchronous"
"""A setting by which the server tells before anything is written."""


@attrs.define
class Crashes:
    """What came of all the stops of one server."""

    setting: str
    stops: int = 0
    told: int = 0
    stored: int = 0
    errors: Counter[str] = attrs.field(factory=Counter)
    faults: Counter[str] = attrs.field(factory=Counter)
    lost: int = 0
    longest: float = 0

    def __str__(self) -> str:
        accused = ", ".join(f"{fault} {times}" for fault, times in sorted(self.faults.items()))
        met = ", ".join(f"{error} {times}" for error, times in sorted(self.errors.items()))
        return (
            f"{self.setting:<13}{self.stops} stops, {self.told} customers told, {self.stored} "
            f"stored, {self.lost} lost, up again within {self.longest:.1f} s, clients met {met}: "
            f"{accused or 'sound'}"
        )


def crash(setting: str, *, desk: str, stops: int, version: int = 0, seed: int = 1) -> Crashes:
    """Return what is found after so many stops; call it in a process without threads."""
    outcome, rng = Crashes(setting), chance(f"{seed} {setting}")
    with Server(found()[version], SETTINGS[setting]) as server:
        with closing(opened(desk, server.conninfo(), "crashed")) as first:
            first.register(0)
        for at in range(1, stops + 1):
            notes = _written_until_stopped(server, desk, at, rng)
            began = time.monotonic()
            server.start()
            outcome.longest = max(outcome.longest, time.monotonic() - began)
            _judge(outcome, notes, desk, server)
    return outcome


def _written_until_stopped(server: Server, desk: str, at: int, rng) -> Notes:
    """Let clients write, stop the server, and return what they noted."""
    client = Client(desk, server.conninfo(), "crashed", time.monotonic() + 60, waiting=1)
    with tempfile.TemporaryDirectory() as folder:
        clients = Clients(client, Path(folder), CLIENTS, life=at)
        clients.wait_until_all_told()
        time.sleep(rng.random() * LONGEST_LIFE)
        if at % 2:
            server.stop("immediate")
        else:
            server.kill()
        return clients.ended()


def _judge(outcome: Crashes, notes: Notes, desk: str, server: Server) -> None:
    outcome.stops += 1
    outcome.told += len(notes.told)
    outcome.errors.update(each.split()[0] for each in notes.errors)
    with closing(opened(desk, server.conninfo(), "crashed")) as after:
        stored = set(after.stored())
        outcome.stored = len(stored)
        outcome.lost += len({each.code for each in notes.told} - stored)
        outcome.faults.update(faults_of(notes, after))


def main(arguments: list[str] | None = None) -> int:
    """Stop a server as often as asked for, print what came of it; return 1 for any surprise."""
    asked = _asked(arguments)
    print(f"{found()[asked.version]}, seed {asked.seed}")  # noqa: T201  a report
    outcome = crash(
        asked.setting, desk=asked.desk, stops=asked.stops, version=asked.version, seed=asked.seed
    )
    print(outcome)  # noqa: T201  a report
    return int("lost" not in outcome.faults if asked.setting == CONTROL else bool(outcome.faults))


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stops", type=int, default=10)
    parser.add_argument("--setting", choices=SETTINGS, default="safe")
    parser.add_argument("--desk", choices=["registry", "plain"], default="registry")
    parser.add_argument("--version", type=int, default=0, help="0 for the newest that is here")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
