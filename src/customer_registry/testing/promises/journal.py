# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of its journal: complete, in order, and chained byte by byte."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import attrs

from customer_registry.domain.errors import TamperedRecord
from customer_registry.domain.journal import GENESIS, Change, JournalEntry, Link
from customer_registry.repository import Repository
from customer_registry.storage.wire import read_act
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import Interrupted, interrupted, refused, same, told

__all__ = ["JournalPromises"]

_AT = datetime(2026, 11, 24, 8, 30, 0, 250, tzinfo=UTC)
_ONE, _OTHER = UUID(int=1), UUID(int=2)
_FULL = JournalEntry(
    at=_AT,
    actor="韩梅梅",
    action="updated",
    customer_id=_ONE,
    version=2,
    changes=(
        Change("grade", "B", "A"),
        Change("notes", None, "第一行\n第二行 𠮷"),
        Change("tags", [], ["重点", "年框"]),
        Change("custom.门店数", 3, 4),
        Change("bank_accounts.1-1.number", hidden=True),
    ),
    reason="客户来电：“改等级”",
)


class JournalPromises:
    """Append, of, since, head and links."""

    def test_an_entry_comes_back_as_it_was_with_its_number(self, repository: Repository) -> None:
        with repository.write() as work:
            written = work.journal.append(_FULL)
        same(written, attrs.evolve(_FULL, number=1), "append returns the entry with its number")
        with repository.read() as work:
            same(work.journal.of(_ONE), (written,), "of gives the entry back as it was")
            same(work.journal.since(0), (written,), "since gives the entry back as it was")

    def test_entries_are_numbered_from_one_without_a_gap(self, repository: Repository) -> None:
        same(_append(repository, 4), [1, 2, 3, 4], "entries are numbered from 1")
        same(_append(repository, 2), [5, 6], "numbering goes on over transactions")

    def test_a_customer_has_its_own_entries_oldest_first(self, repository: Repository) -> None:
        with repository.write() as work:
            for about in (_ONE, _OTHER, None, _ONE):
                work.journal.append(_entry(about))
        with repository.read() as work:
            found = [[entry.number for entry in work.journal.of(each)] for each in (_ONE, _OTHER)]
            same(found, [[1, 4], [2]], "of gives a customer's entries, oldest first")
            same(work.journal.of(UUID(int=3)), (), "of gives nothing for an unknown customer")
            whole = work.journal.since(2, 1)[0]
            same(whole.customer_id, None, "an act on the whole registry names no customer")

    def test_entries_about_no_customer_are_found_as_such(self, repository: Repository) -> None:
        with repository.read() as work:
            same(work.journal.of(None), (), "of(None) gives nothing where nothing happened")
        with repository.write() as work:
            for about in (None, _ONE, None, _OTHER):
                work.journal.append(_entry(about))
        with repository.read() as work:
            found = [(entry.number, entry.customer_id) for entry in work.journal.of(None)]
            same(found, [(1, None), (3, None)], "of(None) gives entries about no customer")

    def test_the_feed_goes_on_beyond_a_number_up_to_a_limit(self, repository: Repository) -> None:
        _append(repository, 7)
        with repository.read() as work:
            numbers = [entry.number for entry in work.journal.since(2, limit=3)]
            same(numbers, [3, 4, 5], "since(2, limit=3) gives the three entries beyond 2")
            same([each.number for each in work.journal.since(5)], [6, 7], "since gives the rest")
            same(work.journal.since(7), (), "beyond the last entry is nothing")

    def test_the_head_is_genesis_first_and_the_last_digest_then(
        self, repository: Repository
    ) -> None:
        with repository.read() as work:
            same(work.journal.head(), (0, GENESIS), "before the first entry head is (0, GENESIS)")
        _append(repository, 3)
        links = _links(repository)
        with repository.read() as work:
            expected = (3, links[-1].digest)
            same(work.journal.head(), expected, "head is the number and digest of the last entry")

    def test_the_chain_holds_from_genesis_to_the_head(self, repository: Repository) -> None:
        _append(repository, 3)
        _append(repository, 2)
        links = _links(repository)
        same([link.number for link in links], [1, 2, 3, 4, 5], "links gives every entry, in order")
        same(
            _broken(repository, links),
            [],
            "each link holds to the digest before it, from GENESIS on",
        )
        with repository.read() as work:
            same(list(work.journal.links(3)), links[3:], "links(3) begins beyond number 3")

    def test_a_changed_byte_breaks_the_chain(self, repository: Repository) -> None:
        _append(repository, 3)
        links = _links(repository)
        for at, link in enumerate(links):
            for name, changed in _bent(link):
                bent = [*links[:at], attrs.evolve(link, **{name: changed}), *links[at + 1 :]]
                promise = f"the chain breaks when {name} of entry {link.number} is changed"
                told(_broken(repository, bent), promise)

    def test_a_missing_or_moved_entry_breaks_the_chain(self, repository: Repository) -> None:
        _append(repository, 4)
        first, second, third, fourth = _links(repository)
        told(
            _broken(repository, [first, third, fourth]),
            "the chain breaks where an entry is missing",
        )
        told(
            _broken(repository, [second, third, fourth]),
            "the chain breaks where the first entry is missing",
        )
        told(
            _broken(repository, [first, third, second, fourth]),
            "the chain breaks where entries are swapped",
        )

    def test_equal_entries_do_not_look_equal_in_the_chain(self, repository: Repository) -> None:
        with repository.write() as work:
            work.journal.append(_FULL)
            work.journal.append(_FULL)
        one, other = _links(repository)
        told(one.salt != other.salt, "every entry has a salt of its own, made by chance")
        told(one.salt is not None and len(one.salt) >= 16, "a salt has at least sixteen bytes")  # noqa: PLR2004  128 bits
        told(one.body_digest != other.body_digest, "a digest tells nothing about its body")

    def test_an_entry_tells_the_document_that_its_unit_wrote(self, repository: Repository) -> None:
        customer = make_customer(seed=1)
        for each in (customer, attrs.evolve(customer, version=2, notes="第二版")):
            with repository.write() as work:
                if each.version == 1:
                    work.customers.add(each)
                else:
                    work.customers.replace(each)
                work.journal.append(attrs.evolve(_entry(each.id), version=each.version))
            with repository.read() as work:
                stored = [step.document for step in work.inspect() if step.customer is not None]
            written = [read_act(link).document for link in _links(repository)][-1:]
            same(written, stored, "an entry holds the SHA-256 of the document that its unit wrote")
        _append(repository, 1)
        written = [read_act(link).document for link in _links(repository)][-1:]
        same(written, [None], "an entry of a unit that wrote nothing of the customer holds none")

    def test_nobody_builds_on_a_document_that_no_entry_tells_of(
        self, repository: Repository
    ) -> None:
        first = attrs.evolve(make_customer(seed=1), custom={})  # which a sealed store looks up
        second, third = (attrs.evolve(first, version=each) for each in (2, 3))
        with repository.write() as work:
            work.customers.add(first)
            work.journal.append(attrs.evolve(_entry(first.id), version=1))
        with repository.write() as work:
            work.customers.replace(second)
        for change in ("replace", "reseal"):
            what = third if change == "replace" else second
            with (
                refused(TamperedRecord, f"{change} raises TamperedRecord then"),
                repository.write() as work,
            ):
                getattr(work.customers, change)(what)
        with repository.read() as work:
            same(work.customers.get(first.id), second, "what is refused changes nothing")

    def test_a_failed_transaction_leaves_the_head_where_it_was(
        self, repository: Repository
    ) -> None:
        _append(repository, 2)
        before = _links(repository)
        with interrupted(), repository.write() as work:
            work.journal.append(_entry(_ONE))
            raise Interrupted
        same(_links(repository), before, "a failed transaction leaves the journal as it was")
        same(_append(repository, 1), [3], "the next entry takes the number of the one undone")
        same(_broken(repository, _links(repository)), [], "the chain holds over an undone entry")


def _entry(about: UUID | None) -> JournalEntry:
    return JournalEntry(at=_AT, actor="system", action="updated", customer_id=about)


def _append(repository: Repository, many: int) -> list[int]:
    with repository.write() as work:
        return [work.journal.append(_entry(_ONE)).number for _ in range(many)]


def _links(repository: Repository) -> list[Link]:
    with repository.read() as work:
        return list(work.journal.links())


def _broken(repository: Repository, links: list[Link]) -> list[int]:
    """Return the numbers of the links that do not follow the one before."""
    before = [GENESIS, *(link.digest for link in links)]
    with repository.read() as work:
        return [
            link.number
            for link, digest in zip(links, before, strict=False)
            if not work.journal.holds(link, digest)
        ]


def _bent(link: Link) -> list[tuple[str, Any]]:
    """Return the ways to bend a link by one byte or one field."""
    spoilt = [(name, getattr(link, name)) for name in ("body", "salt", "body_digest", "digest")]
    told(all(spoiled for _, spoiled in spoilt), "a link holds body, salt and both digests")
    return [
        *((name, bytes([whole[0] ^ 1]) + whole[1:]) for name, whole in spoilt),
        ("number", link.number + 1),
        ("about", _OTHER.bytes),
        ("chain", "sha256-2"),
    ]
