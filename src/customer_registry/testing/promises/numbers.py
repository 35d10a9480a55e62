# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of its number ranges: gapless, because a failure returns them."""

from customer_registry.repository import Repository
from customer_registry.testing.promises.expect import Interrupted, interrupted, same

__all__ = ["NumberPromises"]


class NumberPromises:
    """Next, peek, raise_to and ranges."""

    def test_numbers_begin_at_one_and_rise_by_one(self, repository: Repository) -> None:
        with repository.write() as work:
            same([work.numbers.next("a") for _ in range(3)], [1, 2, 3], "next counts from 1")
        with repository.write() as work:
            same(work.numbers.next("a"), 4, "next goes on where the last transaction ended")

    def test_each_range_counts_alone(self, repository: Repository) -> None:
        names = ("customer", "customer|kind=person", "客户", "a'b\"c%", "A", "a", "x" * 300)
        for name in names:
            with repository.write() as work:
                same(work.numbers.next(name), 1, f"the range {name[:30]!r} counts alone")
        with repository.read() as work:
            same(work.numbers.ranges(), dict.fromkeys(names, 1), "ranges names every range")

    def test_peeking_takes_nothing(self, repository: Repository) -> None:
        with repository.write() as work:
            same(work.numbers.peek("a"), 1, "peek tells what next would give")
            same(work.numbers.next("a"), 1, "peek takes nothing")
            same(work.numbers.peek("a"), 2, "peek tells what next would give")
        with repository.read() as work:
            same(work.numbers.peek("a"), 2, "a reader may peek")
            same(work.numbers.ranges(), {"a": 1}, "ranges tells the last number drawn")

    def test_raising_a_range_steps_over_given_numbers(self, repository: Repository) -> None:
        with repository.write() as work:
            work.numbers.raise_to("a", 10)
            same(work.numbers.next("a"), 11, "raise_to(10) makes 11 the next number")
            work.numbers.raise_to("a", 5)
            same(work.numbers.next("a"), 12, "a range is never lowered")

    def test_large_numbers_are_counted(self, repository: Repository) -> None:
        with repository.write() as work:
            work.numbers.raise_to("a", 10**18 - 2)
            same(work.numbers.next("a"), 10**18 - 1, "eighteen digits are counted")

    def test_a_failed_transaction_returns_its_numbers(self, repository: Repository) -> None:
        with repository.write() as work:
            work.numbers.next("a")
        with interrupted(), repository.write() as work:
            work.numbers.next("a")
            work.numbers.next("new")
            work.numbers.raise_to("a", 100)
            raise Interrupted
        with repository.write() as work:
            same(work.numbers.ranges(), {"a": 1}, "a failed transaction leaves ranges as they were")
            same(work.numbers.next("a"), 2, "a failed transaction returns its numbers")
