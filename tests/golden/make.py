"""Write stores as this version writes them, to be read by all later ones.

    python tests/golden/make.py            tests/golden/schema<number>.db, of today's schema
                                           tests/golden/schema<number>-sealed.db, with its keyring
    PYTHONPATH=tests/postgres python tests/golden/make.py --postgres
                                           tests/golden/postgres<number>.sql, by the oldest server

A file that is there already stays: a golden store is written once, by the version it is of. The
keyring is no secret: nothing but the golden store is sealed with it.
"""

import subprocess
import sys
from pathlib import Path

from customer_registry import (
    Actor,
    CodePattern,
    CompanyPolicy,
    CustomerRegistry,
    Keyring,
    PostgresRepository,
)
from customer_registry.operations import erase, hold, restrict
from customer_registry.storage.postgres.opening import SCHEMA as POSTGRES_SCHEMA
from customer_registry.storage.sqlite.migrating import SCHEMA
from customer_registry.testing import make_raw

CODES = CodePattern("KH{number:05}", mode="editable")
POLICY = CompanyPolicy.loads('[approval]\nfields = ["bank_accounts"]')


def main() -> None:
    path = Path(__file__).with_name(f"schema{SCHEMA}.db")
    sealed = path.with_stem(f"{path.stem}-sealed")
    if path.exists() or sealed.exists():
        sys.exit(f"{path.name} is there already; a golden store is written once")
    keyring = Keyring.generate()
    sealed.with_suffix(".json").write_text(keyring.text(), "utf-8")
    for file, keys in ((path, None), (sealed, keyring)):
        with CustomerRegistry.open(file, codes=CODES, policy=POLICY, keyring=keys) as registry:
            fill(registry)
        file.with_name(f"{file.name}-lock").unlink()
        print(file.name)  # noqa: T201  a command


def dump() -> None:
    """Write a store as plain statements, which every later server runs."""
    from postgres_binaries import found  # noqa: PLC0415  with its folder on the path
    from postgres_server import Server  # noqa: PLC0415  as above

    path = Path(__file__).with_name(f"postgres{POSTGRES_SCHEMA}.sql")
    if path.exists():
        sys.exit(f"{path.name} is there already; a golden store is written once")
    oldest = found()[-1]
    with Server(oldest) as server, server.database() as conninfo:
        with CustomerRegistry(
            repository=PostgresRepository(conninfo), codes=CODES, policy=POLICY
        ) as registry:
            fill(registry)
        program = [oldest.folder / "pg_dump", "--inserts", "--no-owner", "-d", conninfo]
        dumped = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    lines = dumped.splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("\\")), "utf-8")
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
    keep_and_let_go(registry, clerk)


def keep_and_let_go(registry: CustomerRegistry, clerk: CustomerRegistry) -> None:
    """Do what the law asks for, and leave an edit for a second person."""
    consents = [{"purpose": "开票", "basis": "contract", "given_on": "2026-01-05"}]
    asked = {"name": "欧阳娜娜", "identity_document": "11010519491231002X", "consents": consents}
    held = registry.register({"kind": "person", "code": "HELD-1", **asked}).customer
    restrict(registry, hold(registry, held, "诉讼").customer, "本人异议")
    gone = registry.register(kind="person", name="司马相如", code="GONE-1").customer
    erase(registry, gone, "本人申请", keep_code=True)
    account = {"bank": "中国银行", "number": "6217000010001234567"}
    clerk.update("OLD-7", version=2, bank_accounts=[account])


if __name__ == "__main__":
    dump() if sys.argv[1:] == ["--postgres"] else main()
