# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of receipts: a retry finds its own, for as long as it is kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from customer_registry.domain.issues import Issue, Severity
from customer_registry.repository import IMPORT, Repository, StoredReceipt
from customer_registry.testing.promises.expect import Interrupted, interrupted, same

__all__ = ["ReceiptPromises"]

_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


class ReceiptPromises:
    """Get, add and prune."""

    def test_a_receipt_comes_back_as_it_was(self, repository: Repository) -> None:
        receipt = _receipt("han.meimei", "订单-1")
        _add(repository, receipt)
        with repository.read() as work:
            found = work.receipts.get("han.meimei", "订单-1")
        same(found, receipt, "get gives the receipt back as it was")
        params = [dict(issue.params) for issue in found.issues] if found else None
        expected = [dict(issue.params) for issue in receipt.issues]
        same(params, expected, "the params of its issues come back too")

    def test_a_key_belongs_to_its_actor(self, repository: Repository) -> None:
        _add(repository, _receipt("han.meimei", "k"))
        with repository.read() as work:
            same(work.receipts.get("li.lei", "k"), None, "another actor's key is another key")
            same(work.receipts.get("han.meimei", "K"), None, "keys are compared exactly")
        _add(repository, _receipt("li.lei", "k", version=9))
        with repository.read() as work:
            found = [work.receipts.get(actor, "k") for actor in ("han.meimei", "li.lei")]
        versions = [receipt and receipt.version for receipt in found]
        same(versions, [1, 9], "two actors may use the same key")

    def test_old_receipts_are_forgotten_those_of_imports_apart(
        self, repository: Repository
    ) -> None:
        old, young = _AT - timedelta(days=1), _AT
        _add(repository, _receipt("li.lei", "old", at=old), _receipt("li.lei", "young", at=young))
        _add(repository, _receipt(IMPORT, "old", at=old))
        with repository.write() as work:
            same(work.receipts.prune(_AT, keep_actor=IMPORT), 1, "prune tells how many it forgot")
        same(_kept(repository), {"young", "import"}, "prune forgets what is older, not imports")
        with repository.write() as work:
            same(work.receipts.prune(_AT, keep_actor="nobody"), 1, "imports are pruned by hand")
        same(_kept(repository), {"young"}, "keep_actor names whose receipts stay")

    def test_a_failed_transaction_leaves_receipts_as_they_were(
        self, repository: Repository
    ) -> None:
        _add(repository, _receipt("li.lei", "old"))
        with interrupted(), repository.write() as work:
            work.receipts.add(_receipt("li.lei", "young"))
            work.receipts.prune(_AT + timedelta(days=1), keep_actor=IMPORT)
            raise Interrupted
        same(_kept(repository), {"old"}, "a failed transaction leaves receipts as they were")


def _receipt(actor: str, key: str, *, at: datetime = _AT, version: int = 1) -> StoredReceipt:
    return StoredReceipt(
        actor=actor,
        key=key,
        salt=bytes(range(16)),
        digest=bytes(range(224, 256)),
        customer_id=UUID(int=1),
        version=version,
        issues=(
            Issue("phone.duplicate", ("contacts", 0, "phones", 1), "warning", {"code": "KH-1"}),
            Issue("name.pua_char", ("name",), Severity.INFO, {"pos": 3}),
        ),
        at=at,
    )


def _add(repository: Repository, *receipts: StoredReceipt) -> None:
    with repository.write() as work:
        for receipt in receipts:
            work.receipts.add(receipt)


def _kept(repository: Repository) -> set[str]:
    """Return which of the test's receipts are still there, the import's under its own name."""
    with repository.read() as work:
        named = {key for key in ("old", "young") if work.receipts.get("li.lei", key)}
        return named | ({"import"} if work.receipts.get(IMPORT, "old") else set())
