"""The judge of numbering accuses what is wrong, and nothing else."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from customer_registry.testing.racing.numbering import Acknowledged, Promise, judge

GAPLESS = Promise(gapless=True, ordered=True)
UNIQUE = Promise()


def told(*codes):
    """Return codes told one after the other."""
    return [Acknowledged(code, 10 * at, 10 * at + 5) for at, code in enumerate(codes)]


def test_a_history_without_fault_is_not_accused():
    assert judge(told("C1", "C2", "C3"), ["C3", "C1", "C2"]).faults(GAPLESS) == set()


def test_who_died_before_he_heard_is_no_fault():
    assert judge(told("C1", "C3"), ["C1", "C2", "C3"]).faults(GAPLESS) == set()


def test_a_code_told_twice_is_accused():
    assert judge(told("C1", "C1"), ["C1"]).duplicates == 1


def test_a_code_stored_twice_is_accused():
    verdict = judge(told("C1"), ["C1", "C1", "C1"])
    assert verdict.duplicates == 2
    assert verdict.faults(UNIQUE) == {"duplicates"}


def test_a_code_told_and_not_stored_is_lost():
    assert judge(told("C1", "C2"), ["C1"]).faults(UNIQUE) == {"lost"}


def test_a_hole_is_accused_where_none_was_promised():
    verdict = judge(told("C1", "C3"), ["C1", "C3"])
    assert (verdict.gaps, verdict.first_gaps) == (1, (2,))
    assert verdict.faults(GAPLESS) == {"gaps"}
    assert verdict.faults(UNIQUE) == set()


def test_the_first_number_counts_as_well():
    assert judge(told("C2"), ["C2"]).first_gaps == (1,)


def test_a_hole_that_the_store_explains_is_none():
    assert judge(told("C1", "C3"), ["C1", "C3"], explained=[2]).gaps == 0


def test_a_number_used_up_at_the_end_is_a_hole():
    assert judge(told("C1"), ["C1"], passed=2).first_gaps == (2,)


def test_a_smaller_code_for_who_began_later_is_accused():
    verdict = judge(told("C2", "C1"), ["C1", "C2"])
    assert verdict.order_violations == 1
    assert verdict.faults(GAPLESS) == {"order"}
    assert verdict.faults(Promise(gapless=True)) == set()


def test_of_two_at_the_same_time_either_may_be_first():
    together = [Acknowledged("C2", 0, 10), Acknowledged("C1", 5, 20)]
    assert judge(together, ["C1", "C2"]).order_violations == 0


def test_random_codes_have_no_holes():
    assert judge(told("X7K2"), ["X7K2"]).gaps == 0


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 40), st.integers(0, 10)), max_size=30))
def test_order_is_judged_as_by_comparing_every_two(drawn):
    history = [Acknowledged(f"C{number:02}", began, began + took) for number, began, took in drawn]
    late = sum(
        any(earlier.ended < each.began and each.code <= earlier.code for earlier in history)
        for each in history
    )
    assert judge(history, []).order_violations == late


@given(st.sets(st.integers(1, 60)), st.sets(st.integers(1, 60)))
def test_holes_are_counted_between_neighbours(used, explained):
    verdict = judge([], [f"C{number:02}" for number in used], explained=explained)
    steps = pairwise([0, *sorted(used | explained)])
    assert verdict.gaps == sum(later - earlier - 1 for earlier, later in steps)
