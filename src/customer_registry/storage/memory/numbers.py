# ruff: noqa: D102  the port tells what a method does
"""The number ranges of a store in memory, and the codes that are reserved."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Part
from customer_registry.storage.parts import reservation_of, reservation_part

__all__ = ["Numbers"]


@attrs.define(eq=False, repr=False)
class Numbers:
    """The number ranges of a unit of work, and its reservations."""

    _undo: list[Callable[[], object]]
    _drawn: dict[str, int] = attrs.field(factory=dict)
    _reserved: dict[str, Reservation] = attrs.field(factory=dict)

    def next(self, name: str) -> int:
        self.raise_to(name, self.peek(name))
        return self._drawn[name]

    def peek(self, name: str) -> int:
        return self._drawn.get(name, 0) + 1

    def raise_to(self, name: str, number: int) -> None:
        drawn = self._drawn.get(name)
        if number > (drawn or 0):
            self._drawn[name] = number
            if drawn is None:
                self._undo.append(partial(self._drawn.pop, name))
            else:
                self._undo.append(partial(self._drawn.__setitem__, name, drawn))

    def ranges(self) -> dict[str, int]:
        return dict(self._drawn)

    def reserve(self, reservation: Reservation) -> None:
        self._swap(reservation.code.text, reservation)

    def reserved(self, code: CustomerCode) -> Reservation | None:
        return self._reserved.get(code.text)

    def lapsed(self, name: str, now: datetime) -> Reservation | None:
        lapsed = [
            (each.number, text)
            for text, each in self._reserved.items()
            if each.range == name and each.number is not None and not each.is_active(now)
        ]
        return self._reserved[min(lapsed)[1]] if lapsed else None

    def forget(self, code: CustomerCode) -> None:
        self._swap(code.text, None)

    def reservations(
        self, owner: str | None = None, *, active_at: datetime | None = None
    ) -> tuple[Reservation, ...]:
        theirs = [
            text
            for text, each in self._reserved.items()
            if owner in {None, each.owner} and (active_at is None or each.is_active(active_at))
        ]
        return tuple(self._reserved[text] for text in sorted(theirs))

    def parts(self) -> Iterator[Part]:
        for each in sorted(self._drawn.items()):
            yield Part("range", each)
        for _, reservation in sorted(self._reserved.items()):
            yield reservation_part(reservation)

    def put(self, part: Part) -> None:
        values: tuple[Any, ...] = part.content
        if part.kind == "range":
            self.raise_to(*values)
        else:
            self.reserve(reservation_of(part))

    def _swap(self, text: str, new: Reservation | None) -> None:
        """Let a reservation, or none, stand for a code, and remember how to undo it."""
        self._undo.append(partial(self._put, text, self._reserved.get(text)))
        self._put(text, new)

    def _put(self, text: str, reservation: Reservation | None) -> None:
        if reservation is None:
            self._reserved.pop(text, None)
        else:
            self._reserved[text] = reservation
