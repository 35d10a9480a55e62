"""A journal followed from its first entry to its head: what is wrong with it, and what it says."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from customer_registry.domain.errors import StorageCorrupt, StorageError
from customer_registry.domain.journal import GENESIS, Head, JournalEntry, Link
from customer_registry.operations.submissions import Submissions
from customer_registry.repository import Disagreement, UnitOfWork
from customer_registry.storage.inspecting import is_damage
from customer_registry.storage.standing import Standing
from customer_registry.storage.wire import Act, read_act, read_entry

__all__ = ["Following", "refuse_passing"]

_STEP = 1000
_SKIPPED = 100
"""Entries that may be unreadable before the journal is given up."""

_NAMED = re.compile(r"journal\.([0-9]{1,18})")
_NOBODY = -1

_NEVER = 2**63

_DIGEST_BITS = 128
"""As much of a document's digest as is kept of each customer."""


class Following:
    """Follows the journal of a unit of work, and tells `found` what is wrong.

    Afterwards `entries` counts them, and `last` has what the last act on each customer wrote.
    """

    def __init__(
        self,
        work: UnitOfWork,
        found: Callable[[Disagreement], object],
        heads: Iterable[Head] = (),
    ) -> None:
        self._journal = work.journal
        self._found = found
        self._chain = _Chained(work, found)
        self._anchors = _Anchors(heads, found)
        self._submissions = Submissions(work, found)
        self._bodiless: dict[int, int | None] = {}
        self._unread: set[int | None] = set()
        self.entries = 0
        self.last = LastWritten()
        self.is_whole = True

    def follow(self, tell: Callable[[int, int], object]) -> None:
        """Read every entry, and hold it against the one before it."""
        self.entries, head = self._head()
        goes_on, reached, read = self._chain.goes_on, self._anchors.reached, self._read
        for link in self._links():
            goes_on(link)
            reached(link)
            read(link)
            if not link.number % _STEP:
                tell(link.number, max(link.number, self.entries) * 2)
        for number in sorted(self._bodiless):
            self._found(Disagreement("journal.body_missing", f"entry {number}"))
        if self.is_whole:
            self._chain.ends(self.entries, head)
            self._anchors.ends(self.entries)
            self._submissions.ends()

    def _head(self) -> tuple[int, bytes]:
        try:
            return self._journal.head()
        except StorageError as error:
            refuse_passing(error)
            self._found(Disagreement("journal.head", "cannot be read"))
            self.is_whole = False
            return 0, GENESIS

    def _links(self) -> Iterator[Link]:
        """Yield the links that can be read, and tell of those that cannot."""
        after, skipped = 0, 0
        while True:
            try:
                for link in self._journal.links(after):
                    yield link
                    after = link.number
            except StorageError as error:
                refuse_passing(error)
                after, skipped = after + 1, skipped + 1
                self._found(Disagreement("journal.unreadable", f"entry {after}"))
                if skipped < _SKIPPED and (after < self.entries or not self.entries):
                    continue
                self.is_whole = self.is_whole and after >= self.entries
            return

    def _read(self, link: Link) -> None:
        about = int.from_bytes(link.about, "big") if link.about else None
        if link.body is None:
            self._bodiless[link.number] = about
            self._unread.add(about)
            return
        try:
            act = read_act(link)
            if about is not None and act.version is not None:
                self._keep(link.number, about, act, act.version)
            self._submissions.read(link, act.action)
            if act.action == "erased" and self._bodiless:
                self._explain(read_entry(link))
        except StorageCorrupt:
            self._found(Disagreement("journal.unreadable", f"entry {link.number}"))
            self._unread.add(about)

    def _keep(self, number: int, about: int, act: Act, version: int) -> None:
        """Keep what an act wrote; tell of a version that is not the one after the last.

        Nobody knows which one that is, once an entry about the customer cannot be read.
        """
        rises = version - self.last.version(about)
        if rises == version or about in self._unread:
            self._unread.discard(about)
        elif not _follows(act, rises):
            self._found(Disagreement("journal.version", f"entry {number}: version {version}"))
        self.last.keep(about, act)

    def _explain(self, erased: JournalEntry) -> None:
        """Take for lawful that those bodies are gone which an erasure of the customer names."""
        about = _number(erased.customer_id)
        for change in erased.changes:
            named = _NAMED.fullmatch(change.path)
            if named and self._bodiless.get(int(named[1]), _NOBODY) == about:
                del self._bodiless[int(named[1])]


class LastWritten:
    """The last version of each customer, and the document that it wrote: some 140 bytes of each."""

    def __init__(self) -> None:
        self._packed: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[int]:
        return iter(self._packed)

    def version(self, customer: int) -> int:
        """Return the last version of a customer; 0 for none."""
        return self._packed.get(customer, 0) >> _DIGEST_BITS

    def keep(self, customer: int, act: Act) -> None:
        """Keep what an act wrote; one that wrote no document leaves the one before."""
        version = act.version or 0
        before = self._packed.get(customer, 0)
        if act.document is not None or before >> _DIGEST_BITS != version:
            self._packed[customer] = version << _DIGEST_BITS | _shortened(act.document)

    def compared(self, customer: int, version: int, document: bytes | None) -> str | None:
        """Return the code of what does not agree with a customer as it is stored, and forget it."""
        packed = self._packed.pop(customer, 0)
        written, digest = packed >> _DIGEST_BITS, packed & ((1 << _DIGEST_BITS) - 1)
        if version > written:
            return "customer.unjournalled"
        differs = digest and document is not None and digest != _shortened(document)
        return "customer.replaced" if version < written or differs else None

    def forget(self, customer: int) -> None:
        """Say no more of a customer."""
        self._packed.pop(customer, None)


class _Chained:
    """Whether each entry follows the one before it, with its key where it has one."""

    def __init__(self, work: UnitOfWork, found: Callable[[Disagreement], object]) -> None:
        self._holds = work.journal.holds
        self._found = found
        self._previous, self._number = GENESIS, 0
        self._unknown: set[str] = set()
        self._format = ""
        self._keyed_from = _keyed_from(work)
        newest = work.sealer.journal_key()
        self._newest = None if newest is None else newest.id
        self._ranks: dict[str, int] = {}

    def goes_on(self, link: Link) -> None:
        """Hold an entry against the one before it."""
        holds = self._holds(link, self._previous)
        if holds is False or link.number != self._number + 1:
            self._found(Disagreement("journal.broken", f"entry {link.number}"))
        elif holds is None:
            self._cannot_tell(link)
        if link.chain != self._format or link.number == self._keyed_from:
            self._see_key(link)
        self._previous, self._number = link.digest, link.number

    def ends(self, number: int, digest: bytes) -> None:
        """Hold the last entry against the head that the journal gives."""
        if (self._number, self._previous) != (number, digest):
            self._found(Disagreement("journal.head", f"after entry {self._number}"))

    def _cannot_tell(self, link: Link) -> None:
        if link.key_id is not None and link.key_id not in self._unknown:
            self._unknown.add(link.key_id)
            where = f"from entry {link.number} on: key {link.key_id}"
            self._found(Disagreement("journal.unverified", where))

    def _see_key(self, link: Link) -> None:
        """Tell where a journal has no key, or an older one, although it is to have a newer one."""
        goes_over, self._format = link.chain != self._format, link.chain
        if link.key_id is not None:
            self._see_rank(link, link.key_id)
        elif (goes_over and link.number > self._keyed_from) or link.number == self._keyed_from:
            self._found(Disagreement("journal.unkeyed", f"from entry {link.number} on"))

    def _see_rank(self, link: Link, key: str) -> None:
        """Tell of a key that comes again after another took its place."""
        is_late = self._newest in self._ranks and key != self._newest
        rank = self._ranks.setdefault(key, -1 if is_late else len(self._ranks))
        if rank < max(self._ranks.values()):
            where = f"from entry {link.number} on: key {key}"
            self._found(Disagreement("journal.key_back", where))
        self._keyed_from = min(self._keyed_from, link.number)


class _Anchors:
    """Heads that were kept elsewhere, each held against the entry of its number."""

    def __init__(self, heads: Iterable[Head], found: Callable[[Disagreement], object]) -> None:
        told = (head for head in heads if head.number > 0)
        self._due = deque(sorted(told, key=lambda head: head.number))
        self._found = found
        self._agreed = 0
        self._is_rewritten = False

    def reached(self, link: Link) -> None:
        """Compare the heads up to an entry."""
        while self._due and self._due[0].number <= link.number:
            head = self._due.popleft()
            if head.number == link.number and head.digest == link.digest:
                self._agreed = head.number
            elif not self._is_rewritten:
                self._is_rewritten = True
                where = f"between entry {self._agreed + 1} and entry {head.number}"
                self._found(Disagreement("journal.rewritten", where))

    def ends(self, number: int) -> None:
        """Tell of heads beyond the last entry."""
        if self._due:
            missing = self._due[-1].number - number
            where = f"after entry {number}: {missing} missing, the last one of {self._due[-1].at}"
            self._found(Disagreement("journal.rolled_back", where))


def _keyed_from(work: UnitOfWork) -> int:
    """Return the first entry that is to have a key: as the store says, or else as who has one.

    A store that says nothing may be one from which its word was taken, and all of its keys.
    """
    standing = None if work.sealing is None else Standing.read(work.sealing, work.sealer)
    is_keyed = work.journal.is_keyed
    if standing is not None and standing.keyed_from and (standing.is_proven or not is_keyed):
        return standing.keyed_from
    return 1 if is_keyed else _NEVER


def _follows(act: Act, rises: int) -> bool:
    """Return whether an act may write a version so much higher; some name one and write none."""
    if act.document is None:
        return rises in {0, 1}
    return rises == (act.action != "resealed")


def _number(customer_id: UUID | None) -> int | None:
    return None if customer_id is None else customer_id.int


def _shortened(document: bytes | None) -> int:
    """Return as many bits of a digest as are kept; 0 for none."""
    return 0 if document is None else int.from_bytes(document[: _DIGEST_BITS // 8], "big")


def refuse_passing(error: StorageError) -> None:
    """Raise an error that says nothing of the store, such as that others are busy with it."""
    if not is_damage(error):
        raise error
