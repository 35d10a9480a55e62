# ruff: noqa: D102  the port tells what a method does
"""The journal of a store in memory: links in a list, and where those about a customer stand."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import attrs

from customer_registry.domain.journal import GENESIS, JournalEntry, Link
from customer_registry.repository import Part
from customer_registry.storage.chaining import Chain
from customer_registry.storage.parts import link_of, link_part
from customer_registry.storage.wire import read_document, read_entry

__all__ = ["Journal"]


@attrs.define(eq=False, repr=False)
class Journal:
    """The journal of a unit of work."""

    _undo: list[Callable[[], object]]
    _chain: Chain
    _written: Callable[[UUID], bytes | None]
    _links: list[Link] = attrs.field(factory=list)
    _about: dict[UUID | None, list[int]] = attrs.field(factory=dict)

    def append(self, entry: JournalEntry) -> JournalEntry:
        about = entry.customer_id
        document = None if about is None else self._written(about)
        link = self._chain.link(entry, self.head(), document)
        self._keep(link)
        return attrs.evolve(entry, number=link.number)

    def go_on_with(self, chain: Chain) -> None:
        self._undo.append(partial(setattr, self, "_chain", self._chain))
        self._chain = chain

    def _keep(self, link: Link) -> None:
        about = self._about.setdefault(link.customer_id, [])
        about.append(len(self._links))
        self._links.append(link)
        self._undo += [self._links.pop, about.pop]

    def of(self, customer_id: UUID | None) -> tuple[JournalEntry, ...]:
        return tuple(read_entry(self._links[at]) for at in self._about.get(customer_id, ()))

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        return tuple(map(read_entry, self._links[number : number + limit]))

    def head(self) -> tuple[int, bytes]:
        return (len(self._links), self._links[-1].digest) if self._links else (0, GENESIS)

    def links(self, after: int = 0) -> Iterator[Link]:
        return map(self._links.__getitem__, range(after, len(self._links)))

    @property
    def is_keyed(self) -> bool:
        return self._chain.is_keyed

    def holds(self, link: Link, previous: bytes) -> bool | None:
        return self._chain.holds(link, previous)

    def last_document(self, customer_id: UUID) -> bytes | None:
        for at in reversed(self._about.get(customer_id, ())):
            body = self._links[at].body
            if body is not None and (document := read_document(body)) is not None:
                return document
        return None

    def parts(self) -> Iterator[Part]:
        yield from map(link_part, self._links)

    def put(self, part: Part) -> None:
        self._keep(link_of(part))

    def erase(self, customer_id: UUID) -> tuple[int, ...]:
        places = [at for at in self._about.get(customer_id, ()) if self._links[at].body is not None]
        for at in places:
            self._undo.append(partial(self._links.__setitem__, at, self._links[at]))
            self._links[at] = attrs.evolve(self._links[at], body=None, salt=None)
        return tuple(at + 1 for at in places)
