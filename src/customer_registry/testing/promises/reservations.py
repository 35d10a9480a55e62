# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of reserved codes: each is somebody's until it is forgotten."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Repository
from customer_registry.testing.promises.expect import Interrupted, interrupted, same

__all__ = ["ReservationPromises"]

_NOW = datetime(2026, 11, 24, 8, 30, 0, 250, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


class ReservationPromises:
    """Reserve, reserved, lapsed, forget and reservations."""

    def test_a_reservation_comes_back_as_it_was(self, repository: Repository) -> None:
        full = _reservation(7, owner="韩梅梅 𠮷", range="客户|kind=person", released_at=_NOW)
        bare = _reservation(None, code="客户-𠮷", range=None)
        _reserve(repository, full, bare)
        same(_reserved(repository, full), full, "reserved gives the reservation back as it was")
        same(_reserved(repository, bare), bare, "a reservation may be without a number")

    def test_nothing_is_reserved_that_nobody_reserved(self, repository: Repository) -> None:
        _reserve(repository, _reservation(1))
        with repository.read() as work:
            nothing = work.numbers.reserved(CustomerCode("C9"))
            same(nothing, None, "reserved of an unknown code is None")
            same(work.numbers.reservations("nobody"), (), "nobody has no reservations")
            same(work.numbers.lapsed("nowhere", _NOW), None, "an unknown range has nothing lapsed")

    def test_those_active_at_a_time_are_told_apart(self, repository: Repository) -> None:
        early, late = _reservation(1), _reservation(2, until=_NOW + timedelta(hours=1))
        over = _reservation(3, until=_NOW + timedelta(hours=1), released_at=_NOW)
        _reserve(repository, early, late, over)
        with repository.read() as work:
            at = early.until
            for owner in (None, "han.meimei"):
                active = work.numbers.reservations(owner, active_at=at)
                same(active, (late,), "a reservation is active before its end, unless released")
            same(work.numbers.reservations("li.lei", active_at=at), (), "others have none")

    def test_a_reservation_takes_the_place_of_one_of_the_same_code(
        self, repository: Repository
    ) -> None:
        first = _reservation(1, owner="han.meimei")
        second = _reservation(1, owner="li.lei", until=_NOW + timedelta(hours=1))
        _reserve(repository, first)
        _reserve(repository, second)
        same(_reserved(repository, first), second, "reserve replaces one of the same code")
        same(_of(repository, "han.meimei"), [], "the owner before has it no more")
        same(_of(repository, "li.lei"), ["C1"], "the new owner has it")
        _reserve(repository, second.released(_NOW))
        same(_reserved(repository, first), second.released(_NOW), "a release is kept that way")

    def test_reserving_draws_nothing(self, repository: Repository) -> None:
        _reserve(repository, _reservation(7))
        with repository.read() as work:
            same(work.numbers.ranges(), {}, "reserve leaves the number ranges alone")

    def test_a_reservation_stands_until_its_very_end(self, repository: Repository) -> None:
        _reserve(repository, _reservation(1, until=_NOW))
        same(_lapsed(repository, _NOW - _MOMENT), None, "before `until` nothing has lapsed")
        same(_lapsed(repository, _NOW), 1, "at `until` the time is over")
        same(_lapsed(repository, _NOW + _MOMENT), 1, "after `until` the time is over")

    def test_a_reservation_lapses_at_the_same_time_in_every_zone(
        self, repository: Repository
    ) -> None:
        shanghai, new_york = timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))
        _reserve(repository, _reservation(1, until=_NOW.astimezone(shanghai)))
        same(_lapsed(repository, _NOW.astimezone(new_york)), 1, "times are compared as times")
        early = (_NOW - _MOMENT).astimezone(shanghai)
        same(_lapsed(repository, early), None, "times are compared as times")
        whole = _NOW.replace(microsecond=0)
        _reserve(repository, _reservation(1, until=whole))
        same(_lapsed(repository, whole), 1, "a whole second is compared as a time")
        same(_lapsed(repository, whole - _MOMENT), None, "a whole second is compared as a time")

    def test_a_released_number_is_free_before_its_time_is_over(
        self, repository: Repository
    ) -> None:
        late = _NOW + timedelta(days=1)
        _reserve(repository, _reservation(1, until=late), _reservation(2, until=late))
        _reserve(repository, _reservation(2, until=late, released_at=_NOW))
        same(_lapsed(repository, _NOW), 2, "lapsed gives what was released, whatever its time")
        early = _NOW - timedelta(days=1)
        same(_lapsed(repository, early), 2, "lapsed gives what was released, whatever the clock")

    def test_the_smallest_lapsed_number_comes_first(self, repository: Repository) -> None:
        over = [_reservation(number, until=_NOW - _MOMENT * number) for number in (9, 10, 100)]
        free = _reservation(11, until=_NOW + timedelta(1), released_at=_NOW)
        for order in permutations([*over, free]):
            _reserve(repository, *order)
            found = []
            while (number := _lapsed(repository, _NOW)) is not None:
                found.append(number)
                _forget(repository, _reservation(number))
            same(found, [9, 10, 11, 100], "lapsed gives the smallest number, released or over")

    def test_lapsed_leaves_active_ones_and_other_ranges_alone(self, repository: Repository) -> None:
        _reserve(
            repository,
            _reservation(1, until=_NOW + timedelta(minutes=1)),
            _reservation(2, code="X2", range="customer|kind=person", until=_NOW),
            _reservation(None, code="X3", range=None, until=_NOW),
            _reservation(5, until=_NOW),
        )
        same(_lapsed(repository, _NOW), 5, "lapsed passes over active ones and other ranges")
        with repository.read() as work:
            other = work.numbers.lapsed("customer|kind=person", _NOW)
            same(other and other.code.text, "X2", "each range has its own")
        codes = _of(repository, None)
        same(codes, ["C1", "C5", "X2", "X3"], "lapsed takes nothing away")

    def test_large_numbers_are_reserved(self, repository: Repository) -> None:
        large = _reservation(10**18 - 1, until=_NOW)
        _reserve(repository, large)
        same(_reserved(repository, large), large, "eighteen digits are kept")
        same(_lapsed(repository, _NOW), 10**18 - 1, "eighteen digits are kept")

    def test_what_is_forgotten_is_there_no_more(self, repository: Repository) -> None:
        _reserve(repository, _reservation(1, until=_NOW), _reservation(2, until=_NOW))
        _forget(repository, _reservation(1))
        same(_reserved(repository, _reservation(1)), None, "forget drops the reservation of a code")
        same(_lapsed(repository, _NOW), 2, "forget drops that one and no other")
        _forget(repository, _reservation(1))
        same(_of(repository, None), ["C2"], "forgetting what is not there does nothing")

    def test_reservations_come_in_the_order_of_their_codes(self, repository: Repository) -> None:
        texts = ("A", "A-1", "A-10", "A-2", "AA", "客户", "ﾊ", "𠮷")
        owners = ("han.meimei", "li.lei", "han.meimei", "LI.LEI") * 2
        for text, owner in [*zip(texts, owners, strict=True)][::-1]:
            _reserve(repository, _reservation(None, code=text, owner=owner, range=None))
        same(_of(repository, None), list(texts), "reservations gives all, by the code points")
        for owner in {*owners, "%", "_", ""}:
            mine = [text for text, whose in zip(texts, owners, strict=True) if whose == owner]
            same(_of(repository, owner), mine, f"reservations({owner!r}) gives those and no other")

    def test_a_failed_transaction_leaves_reservations_as_they_were(
        self, repository: Repository
    ) -> None:
        before = _reservation(1), _reservation(2)
        _reserve(repository, *before)
        with interrupted(), repository.write() as work:
            work.numbers.reserve(_reservation(1, owner="li.lei"))
            work.numbers.forget(CustomerCode("C2"))
            work.numbers.reserve(_reservation(3))
            work.numbers.reserve(_reservation(4))
            work.numbers.forget(CustomerCode("C4"))
            seen = [each.code.text for each in work.numbers.reservations()]
            same(seen, ["C1", "C3"], "a unit of work sees its own reservations")
            raise Interrupted
        _expect(repository, before, "a failed transaction leaves reservations as they were")

    def test_a_savepoint_takes_back_its_own_reservations_and_no_more(
        self, repository: Repository
    ) -> None:
        kept = _reservation(1), _reservation(2), _reservation(4)
        _reserve(repository, kept[0])
        with repository.write() as work:
            work.numbers.reserve(kept[1])
            with interrupted(), work.savepoint():
                work.numbers.reserve(kept[1].released(_NOW))
                work.numbers.forget(CustomerCode("C1"))
                work.numbers.reserve(_reservation(3))
                raise Interrupted
            with work.savepoint():
                work.numbers.reserve(kept[2])
        _expect(repository, kept, "a savepoint takes back what was reserved in it, and no more")

    def test_what_utf_8_cannot_spell_is_not_reserved(self, repository: Repository) -> None:
        _reserve(repository, _reservation(1, until=_NOW))
        with repository.write() as work:
            same(work.numbers.reserved(CustomerCode("\ud800")), None, "nobody has a lone surrogate")
            same(work.numbers.reservations("\udc00"), (), "nobody is called a lone surrogate")
            same(work.numbers.lapsed("\ud800", _NOW), None, "no range is called a lone surrogate")
            work.numbers.forget(CustomerCode("\ud800"))
        same(_of(repository, None), ["C1"], "forgetting what is not there does nothing")


def _reservation(number: int | None, *, code: str = "", **fields: Any) -> Reservation:  # noqa: ANN401  any field's value
    made = Reservation(
        code=CustomerCode(code or f"C{number}"),
        owner="han.meimei",
        at=_NOW - timedelta(minutes=20),
        until=_NOW + timedelta(minutes=10),
        range="customer",
        number=number,
    )
    return attrs.evolve(made, **fields)


def _reserve(repository: Repository, *reservations: Reservation) -> None:
    with repository.write() as work:
        for reservation in reservations:
            work.numbers.reserve(reservation)


def _forget(repository: Repository, reservation: Reservation) -> None:
    with repository.write() as work:
        work.numbers.forget(reservation.code)


def _reserved(repository: Repository, reservation: Reservation) -> Reservation | None:
    with repository.read() as work:
        return work.numbers.reserved(reservation.code)


def _lapsed(repository: Repository, now: datetime) -> int | None:
    """Return the smallest number that nobody keeps in the range `customer`."""
    with repository.read() as work:
        lapsed = work.numbers.lapsed("customer", now)
        return None if lapsed is None else lapsed.number


def _of(repository: Repository, owner: str | None) -> list[str]:
    with repository.read() as work:
        return [each.code.text for each in work.numbers.reservations(owner)]


def _expect(repository: Repository, expected: tuple[Reservation, ...], promise: str) -> None:
    """Expect these reservations and no other, however they are asked for."""
    with repository.read() as work:
        same(work.numbers.reservations(), expected, promise)
        same(work.numbers.reservations("han.meimei"), expected, f"{promise} (by their owner)")
        same(work.numbers.reservations("li.lei"), (), f"{promise} (by another owner)")
        lapsed = work.numbers.lapsed("customer", _NOW)
        same(lapsed, None, f"{promise} (none of them has lapsed)")
