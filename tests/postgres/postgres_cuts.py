"""Cuts the wire to a PostgreSQL at every statement of a registration, or ends its process there.

    python tests/postgres/postgres_cuts.py                 every statement, three ways
    python tests/postgres/postgres_cuts.py --desk broken   what has to be accused

Each statement of a registration is lost, or its answer is, or the process that serves us is ended
by `pg_terminate_backend` when it comes. Whoever registers hears a typed error; CommitOutcomeUnknown
exactly where COMMIT was sent and no answer came. Nothing is half saved, and trying again with the
same idempotency key ends with one customer, one code, no gap.
"""

import argparse
import logging
import sys
from collections import Counter
from contextlib import closing

import attrs
from postgres_binaries import found
from postgres_clients import opened
from postgres_desks import Desk, told_of
from postgres_server import Server
from postgres_wire import Cut, How, Wire

__all__ = ["CONTROLS", "Cuts", "cut_everywhere"]

CONTROLS = {"half": "half", "sure": "sure", "swallowing": "lost", "bare": "bare errors"}
"""Desks broken on purpose, and what each has to be accused of."""

WAITING = 5


@attrs.define
class Cuts:
    """What came of all cuts of one desk."""

    desk: str
    cuts: int = 0
    told: Counter[str] = attrs.field(factory=Counter)
    faults: Counter[str] = attrs.field(factory=Counter)
    first: dict[str, str] = attrs.field(factory=dict)

    def accuse(self, faults: set[str], cut: Cut) -> None:
        """Count faults, and remember where the first of its kind was."""
        self.faults.update(faults)
        for fault in faults:
            self.first.setdefault(fault, f"statement {cut.at} {cut.how}")

    def __str__(self) -> str:
        told = ", ".join(f"{each} {times}" for each, times in sorted(self.told.items()))
        accused = ", ".join(
            f"{fault} {times} (first {self.first[fault]})"
            for fault, times in sorted(self.faults.items())
        )
        return f"{self.desk:<12}{self.cuts} cuts, told {told}: {accused or 'sound'}"


def cut_everywhere(desk: str, wire: Wire, schema: str, *, every: int = 1) -> Cuts:
    """Return what came of cuts at every statement, or every so many, in each way."""
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # it tells of every new try
    outcome, seed = Cuts(desk), 1
    with (
        closing(opened(desk, wire.direct, schema, WAITING)) as judging,
        closing(opened(desk, wire.conninfo, schema, WAITING)) as cut_off,
    ):
        cut_off.register(0)
        for how in How:
            cut = Cut(1, how)
            while _cut_once(outcome, cut_off, judging, wire, cut, seed):
                cut, seed = Cut(cut.at + every, how), seed + 1
            seed += 1
            outcome.accuse(judging.unsound(), cut)
    return outcome


def _cut_once(  # noqa: PLR0917  one place calls it
    outcome: Cuts, desk: Desk, judging: Desk, wire: Wire, cut: Cut, seed: int
) -> bool:
    """Register while the wire is cut, and judge; tell whether it came to the cut."""
    before = set(judging.stored())
    wire.cut = cut
    told, code = _told(desk, seed)
    wire.cut = None
    if cut.is_made:
        outcome.cuts += 1
        outcome.told[told] += 1
        outcome.accuse(_faults(told, code, cut, set(judging.stored()) - before), cut)
    outcome.accuse(_faults_of_again(desk, judging, seed, before), cut)
    return cut.is_made


def _told(desk: Desk, seed: int) -> tuple[str, str | None]:
    try:
        return "done", desk.register(seed)
    except Exception as error:  # noqa: BLE001  any other error is a finding
        return told_of(error), None


def _faults(told: str, code: str | None, cut: Cut, new: set[str]) -> set[str]:
    """Return the words for what is wrong when somebody was told this, and these are new."""
    unknown = told == "CommitOutcomeUnknown"
    wrong = {
        "bare errors": told.startswith("bare "),
        "lost": told == "done" and new != {code},
        "sure": cut.is_commit and not unknown and told != "done",
        "unsure": unknown and not cut.is_commit,
        "half": bool(new) and told != "done" and not cut.is_commit,
    }
    return {word for word, is_wrong in wrong.items() if is_wrong}


def _faults_of_again(desk: Desk, judging: Desk, seed: int, before: set[str]) -> set[str]:
    """Return what is wrong when the same customer is registered again under the same key."""
    told, code = _told(desk, seed)
    stored = judging.stored()
    numbers = sorted(int(each[1:]) for each in stored)
    wrong = {
        "unsettled": told != "done" or set(stored) != before | {code},
        "gaps": numbers != list(range(1, len(numbers) + 1)),
    }
    return {word for word, is_wrong in wrong.items() if is_wrong}


def main(arguments: list[str] | None = None) -> int:
    """Cut what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    surprises = 0
    with Server(found()[asked.version]) as server:
        print(server.binaries)  # noqa: T201  a report
        for desk in CONTROLS if asked.desk == "broken" else [asked.desk]:
            with server.database() as conninfo, Wire(conninfo) as wire:
                outcome = cut_everywhere(desk, wire, "cuts", every=asked.every)
            print(outcome, flush=True)  # noqa: T201  a report
            surprises += (
                CONTROLS[desk] not in outcome.faults if desk in CONTROLS else bool(outcome.faults)
            )
    return min(surprises, 1)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--desk", choices=["registry", "plain", *CONTROLS, "broken"], default="registry"
    )
    parser.add_argument("--every", type=int, default=1, help="cut at every so many statements")
    parser.add_argument("--version", type=int, default=0, help="0 for the newest that is here")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
