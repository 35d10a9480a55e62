"""Prints what an access policy costs inside a registration.

    python tests/benchmarks/access.py             about two minutes
    python tests/benchmarks/access.py --rounds 5  a quick look

CPU time of one registration, in memory and on SQLite, without a policy and with two of them. They
take turns, a round each, in another order every time; the lower quartile of the rounds is shown,
since what else the machine does only adds to it.
"""

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from customer_registry import AccessPolicy, AccessRules, Actor, CustomerRegistry, Role, Sight
from customer_registry.domain.access import unrestricted
from customer_registry.testing import make_raw

ROWS = 60
SEED = 20261124
CLERK = Actor("li.lei", roles={"sales"})
POLICIES: Mapping[str, AccessPolicy] = {
    "unrestricted": unrestricted,
    "roles, all fields edited": AccessRules(
        {"sales": Role(actions={"get", "register"}, scope="own", default=Sight.EDITED)}
    ),
    "roles, two fields masked": AccessRules(
        {
            "sales": Role(
                actions={"get", "register"},
                fields={"bank_accounts": Sight.MASKED, "notes": Sight.HIDDEN},
                default=Sight.EDITED,
            )
        }
    ),
}


def main(rounds: int) -> None:
    """Measure everything and print it."""
    print(f"seed {SEED}, {rounds} rounds of {ROWS} registrations")  # noqa: T201  a report
    with tempfile.TemporaryDirectory() as name:
        for line in (*_figures("memory", None, rounds), *_figures("SQLite", Path(name), rounds)):
            print(line)  # noqa: T201  a report


def _figures(store: str, folder: Path | None, rounds: int) -> Iterator[str]:
    """Yield the microseconds of one registration under each policy, and the share of the policy."""
    with ExitStack() as opened:
        registries = {
            called: opened.enter_context(_registry(folder, at, access))
            for at, (called, access) in enumerate(POLICIES.items())
        }
        spent = _measured(registries, rounds)
    least = {called: statistics.quantiles(times, n=4)[0] for called, times in spent.items()}
    for called, time_of_one in least.items():
        share = (time_of_one / least["unrestricted"] - 1) * 100
        yield f"{store}, {called:28}{time_of_one:9.0f} µs {share:+6.1f} %"


def _registry(folder: Path | None, at: int, access: AccessPolicy) -> CustomerRegistry:
    where = "memory:" if folder is None else folder / f"{at}.db"
    return CustomerRegistry.open(where, access=access, actor=CLERK)


def _measured(registries: Mapping[str, CustomerRegistry], rounds: int) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {called: [] for called in registries}
    chance = random.Random(SEED)  # noqa: S311  no secret
    for turn in range(rounds):
        rows = [_row(turn * ROWS + at) for at in range(ROWS)]
        for called in chance.sample(list(registries), len(registries)):
            spent[called].append(_time_of_one(registries[called], rows))
    return spent


def _row(seed: int) -> dict[str, object]:
    kind = "organization" if seed % 2 else "person"
    return {**make_raw(kind, seed), "owner": CLERK.id, "bank_accounts": [], "notes": None}


def _time_of_one(registry: CustomerRegistry, rows: Sequence[Mapping[str, object]]) -> float:
    gc.collect()
    gc.disable()
    began = time.process_time()
    for row in rows:
        registry.register(row)
    ended = time.process_time()
    gc.enable()
    return (ended - began) / len(rows) * 1e6


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    main(parser.parse_args().rounds)
