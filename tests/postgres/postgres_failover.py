"""Kills a PostgreSQL primary in the middle of writes, promotes its standby, and looks who goes on.

    python tests/postgres/postgres_failover.py                           once, some ten seconds
    python tests/postgres/postgres_failover.py --times 20
    python tests/postgres/postgres_failover.py --setting asynchronous    what has to be accused

Four processes register customers; they know both servers (`host=a,b
target_session_attrs=read-write`). The primary streams to the standby, and with the setting
`synchronous` waits for it (`synchronous_standby_names`). The stream stalls for a moment, as
networks do; then all processes of the primary are killed, and the standby is promoted. Whoever met
an error tries the same customer again under the same idempotency key. Nothing that anybody was told
may be missing on the standby, and everybody goes on.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import attrs
import psycopg
from postgres_binaries import found
from postgres_clients import Client, Clients, Notes, chance, faults_of, opened
from postgres_desks import Desk
from postgres_server import SAFE, Server

__all__ = ["CONTROL", "Failover", "fail_over"]

CONTROL = "asynchronous"
"""The setting by which the primary tells before the standby knows."""

CLIENTS = 4
PATIENCE = 60
STALL = 0.5
"""Seconds in which nothing comes to the standby before the primary dies."""

GOING_ON = 2
"""Seconds that clients register on the promoted standby."""

_SENDERS = "SELECT pid, sync_state FROM pg_stat_replication WHERE state = 'streaming'"


@attrs.frozen
class Failover:
    """What came of one failover; `waited` is the longest that a caller did, all in seconds."""

    setting: str
    told: int
    stored: int
    lost: int
    promoted: float
    waited: float
    went_on: int
    errors: Counter[str]
    faults: set[str]

    def __str__(self) -> str:
        met = ", ".join(f"{error} {times}" for error, times in sorted(self.errors.items()))
        return (
            f"{self.setting:<13}{self.told} customers told, {self.stored} stored, {self.lost} "
            f"lost, promoted within {self.promoted:.1f} s, longest wait {self.waited:.1f} s, "
            f"{self.went_on} registered afterwards, met {met or 'no error'}: "
            f"{', '.join(sorted(self.faults)) or 'sound'}"
        )


def fail_over(setting: str, *, desk: str, version: int = 0, seed: object = 1) -> Failover:
    """Return what comes of a primary's death; call it in a process without threads."""
    rng = chance(f"{seed} {setting}")
    names = {"synchronous_standby_names": "standby" if setting == "synchronous" else ""}
    with (
        Server(found()[version], {**SAFE, **names}) as primary,
        Server(primary.binaries, SAFE, copy_of=primary) as standby,
    ):
        both = _either(primary, standby)
        sender = _sender(primary, "sync" if setting == "synchronous" else "async")
        with closing(opened(desk, both, "failing")) as founder:
            founder.register(0)
        with tempfile.TemporaryDirectory() as folder:
            client = Client(
                desk, both, "failing", time.monotonic() + PATIENCE, 0, PATIENCE, waiting=10
            )
            clients = Clients(client, Path(folder), CLIENTS)
            clients.wait_until_all_told()
            time.sleep(rng.random())
            began, promoted = _taken_over(primary, sender, standby)
            time.sleep(GOING_ON)
            clients.end()
            notes = clients.ended()
        with closing(opened(desk, both, "failing")) as after:
            return _judged(setting, notes, after, began, promoted)


def _taken_over(primary: Server, sender: int, standby: Server) -> tuple[int, int]:
    """Stall the stream, kill the primary and promote the standby; tell when that began and ended.

    Both in nanoseconds of one clock.
    """
    os.kill(sender, signal.SIGSTOP)
    time.sleep(STALL)
    primary.kill()
    began = time.monotonic_ns()
    standby.promote()
    return began, time.monotonic_ns()


def _either(primary: Server, standby: Server) -> str:
    """Return how to reach whichever of both takes writes."""
    return primary.conninfo(
        host=f"{primary.folder},{standby.folder}", target_session_attrs="read-write"
    )


def _sender(primary: Server, state: str) -> int:
    """Return the process that streams to the standby, once it does so in this way."""
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(primary.conninfo(), autocommit=True) as connection:
        while time.monotonic() < deadline:
            for pid, found_state in connection.execute(_SENDERS):
                if found_state == state:
                    return pid
            time.sleep(0.02)
    raise RuntimeError("the standby does not follow")


def _judged(setting: str, notes: Notes, after: Desk, began: int, promoted: int) -> Failover:
    codes, stored = {each.code for each in notes.told}, set(after.stored())
    went_on = sum(each.began > promoted for each in notes.told)
    return Failover(
        setting=setting,
        told=len(notes.told),
        stored=len(stored),
        lost=len(notes.told) - len(codes & stored),
        promoted=(promoted - began) / 1e9,
        waited=notes.waits[-1],
        went_on=went_on,
        errors=Counter(each.split()[0] for each in notes.errors),
        faults=faults_of(notes, after) | (set() if went_on else {"stuck"}),
    )


def main(arguments: list[str] | None = None) -> int:
    """Fail over as often as asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    print(f"{found()[asked.version]}, seed {asked.seed}")  # noqa: T201  a report
    surprises = 0
    for at in range(asked.times):
        seed = f"{asked.seed} {at}"
        outcome = fail_over(asked.setting, desk=asked.desk, version=asked.version, seed=seed)
        print(outcome, flush=True)  # noqa: T201  a report
        surprises += not outcome.lost if asked.setting == CONTROL else bool(outcome.faults)
    return min(surprises, 1)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--setting", choices=["synchronous", CONTROL], default="synchronous")
    parser.add_argument("--desk", choices=["registry", "plain"], default="registry")
    parser.add_argument("--version", type=int, default=0, help="0 for the newest that is here")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
