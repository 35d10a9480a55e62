# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of erasing: bodies go, codes stay taken, the chain still holds."""

from datetime import UTC, datetime
from uuid import UUID

from customer_registry.domain.issues import Issue
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Repository, StoredReceipt
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import Interrupted, added, interrupted, same, told

__all__ = ["ErasurePromises"]

_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
_ONE, _OTHER = UUID(int=1), UUID(int=2)


class ErasurePromises:
    """Erase, retire and forget."""

    def test_erased_entries_lose_their_bodies_and_no_others_do(
        self, repository: Repository
    ) -> None:
        with repository.write() as work:
            for about in (_ONE, _OTHER, None, _ONE):
                work.journal.append(_entry(about))
            same(work.journal.erase(_ONE), (1, 4), "erase returns the numbers of the entries")
            same(work.journal.erase(_ONE), (), "what is erased has nothing left to take")
        with repository.read() as work:
            bodies = [link.body is None for link in work.journal.links()]
            salts = [link.salt is None for link in work.journal.links()]
            actions = [entry.action for entry in work.journal.since(0)]
        same(bodies, [True, False, False, True], "erase takes the bodies of that customer only")
        same(salts, bodies, "the salts go with the bodies")
        same(actions, ["erased", "updated", "updated", "erased"], "an erased entry says so")

    def test_the_chain_holds_over_what_was_erased(self, repository: Repository) -> None:
        with repository.write() as work:
            for about in (_ONE, _OTHER, _ONE):
                work.journal.append(_entry(about))
        with repository.write() as work:
            work.journal.erase(_ONE)
            work.journal.append(_entry(_ONE))
        with repository.read() as work:
            links, (number, head) = list(work.journal.links()), work.journal.head()
        previous = GENESIS
        for link in links:
            told(work.journal.holds(link, previous), f"entry {link.number} holds after an erasure")
            previous = link.digest
        same((len(links), previous), (number, head), "the head is the last entry")

    def test_a_failed_erasure_leaves_the_bodies(self, repository: Repository) -> None:
        with repository.write() as work:
            work.journal.append(_entry(_ONE))
        with interrupted(), repository.write() as work:
            work.journal.erase(_ONE)
            raise Interrupted
        with repository.read() as work:
            (entry,) = work.journal.of(_ONE)
        same(entry.action, "updated", "a failed transaction leaves the bodies")

    def test_a_retired_code_finds_nobody_and_is_known_as_such(self, repository: Repository) -> None:
        customer = make_customer(seed=1)
        added(repository, customer)
        with repository.write() as work:
            told(not work.customers.is_retired(customer.code), "a code in use is not retired")
            work.customers.retire(customer.code)
        with repository.read() as work:
            same(work.customers.by_code(customer.code), None, "a retired code finds nobody")
            told(work.customers.is_retired(customer.code), "a retired code is known as such")
            same(list(work.customers.codes()), [], "a retired code is not walked over")
            other = CustomerCode("NEVER-SEEN")
            told(not work.customers.is_retired(other), "no other code is retired with it")

    def test_a_failed_transaction_retires_nothing(self, repository: Repository) -> None:
        customer = make_customer(seed=1)
        added(repository, customer)
        with interrupted(), repository.write() as work:
            work.customers.retire(customer.code)
            raise Interrupted
        with repository.read() as work:
            told(not work.customers.is_retired(customer.code), "nothing is retired")
            same(work.customers.by_code(customer.code), customer, "the code goes on finding")

    def test_receipts_about_a_customer_are_forgotten(self, repository: Repository) -> None:
        mine, others = _receipt("mine", _ONE), _receipt("others", _OTHER)
        with repository.write() as work:
            work.receipts.add(mine)
            work.receipts.add(others)
            same(work.receipts.of(_ONE), (mine,), "of gives the receipts about a customer")
            work.receipts.forget(_ONE, [])
        with repository.read() as work:
            same(work.receipts.of(_ONE), (), "forget drops the receipts about a customer")
            same(work.receipts.of(_OTHER), (others,), "the receipts of others stay")

    def test_what_receipts_of_others_say_of_a_customer_goes(self, repository: Repository) -> None:
        about = Issue(
            "phone.duplicate", severity="warning", params={"code": "KH-1", "name": "王芳"}
        )
        other = Issue("name.similar", severity="warning", params={"code": "KH-10", "name": "李雷"})
        with repository.write() as work:
            work.receipts.add(_receipt("k", _OTHER, about, other))
            work.receipts.forget(_ONE, [CustomerCode("KH-1")])
        with repository.read() as work:
            (left,) = work.receipts.of(_OTHER)
        same([dict(issue.params) for issue in left.issues], [dict(other.params)], _ONLY_THOSE)


_ONLY_THOSE = "forget drops what others' receipts say of these codes, and nothing else"


def _entry(about: UUID | None) -> JournalEntry:
    return JournalEntry(at=_AT, actor="韩梅梅", action="updated", customer_id=about)


def _receipt(key: str, about: UUID, *issues: Issue) -> StoredReceipt:
    return StoredReceipt(
        actor="li.lei",
        key=key,
        salt=bytes(range(16)),
        digest=bytes(range(32)),
        customer_id=about,
        version=1,
        issues=issues,
        at=_AT,
    )
