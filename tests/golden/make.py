"""Write a store as this version writes it, to be read by all later ones.

    python tests/golden/make.py            tests/golden/schema<number>.db, of today's schema

A file that is there already stays: a golden store is written once, by the version it is of.
"""

import sys
from pathlib import Path

from customer_registry import Actor, CodePattern, CustomerRegistry
from customer_registry.storage.sqlite.migrating import SCHEMA
from customer_registry.testing import make_raw

CODES = CodePattern("KH{number:05}", mode="editable")


def main() -> None:
    path = Path(__file__).with_name(f"schema{SCHEMA}.db")
    if path.exists():
        sys.exit(f"{path.name} is there already; a golden store is written once")
    with CustomerRegistry.open(path, codes=CODES) as registry:
        fill(registry)
    path.with_name(f"{path.name}-lock").unlink()
    print(path.name)  # noqa: T201  a command


def fill(registry: CustomerRegistry) -> None:
    """Do with a registry what people do: all fields, edits, states, a reservation, receipts."""
    for seed in range(3):
        registry.register(make_raw(seed=seed), idempotency_key=f"full-{seed}")
    registry.register(make_raw("person", seed=3))
    registry.register(
        kind="person", name="王芳", phone="13800138000", code="OLD-7", idempotency_key="k1"
    )
    registry.register(kind="organization", name="Bäckerei Grün GmbH", email="post@grün.example.com")
    clerk = registry.acting_as(Actor("han.meimei"))
    clerk.update("OLD-7", version=1, grade="A", tags=["重点"], short_name="小王")
    clerk.change_status("KH00001", "blocked", reason="欠款", version=1)
    registry.load([{"kind": "organization", "name": "导入一号公司"}, {"kind": "organization"}])
    clerk.reserve_code(kind="person")


if __name__ == "__main__":
    main()
