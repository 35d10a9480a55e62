import pickle
from importlib import import_module
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.codes.check_digits import CHECK_DIGITS, CheckDigit

EVERY = pytest.mark.parametrize("kind", CHECK_DIGITS.values(), ids=CHECK_DIGITS)

DIGIT_SUM = CheckDigit(
    name="digit sum",
    covers="0123456789",
    gives="0123456789",
    check=lambda digits: str(sum(map(int, digits)) % 10),
)
DOUBLED_SUM = CheckDigit(
    name="doubled sum",
    covers="0123456789",
    gives="0123456789",
    check=lambda digits: str(2 * sum(map(int, digits)) % 10),
)


@pytest.mark.parametrize(
    ("name", "body", "check"),
    [
        ("luhn", "000123", "0"),
        ("luhn", "KH000123", "0"),
        ("luhn", "7992739871", "3"),
        ("damm", "123456", "6"),
        ("damm", "572", "4"),
        ("damm", "KH-000123", "4"),
        ("verhoeff", "123456", "8"),
        ("verhoeff", "236", "3"),
        ("mod11-2", "100045", "X"),
        ("mod11-2", "11010519491231002", "X"),
        ("mod11-10", "123456", "8"),
        ("mod37-36", "KH000123", "8"),
        ("mod37-36", "A12425GABC1234002", "M"),
    ],
)
def test_a_body_has_its_published_check_character(name, body, check):
    assert CHECK_DIGITS[name].of(body) == check
    assert CHECK_DIGITS[name].is_right(body, check)


def test_separators_and_letters_do_not_count_where_only_digits_are_covered():
    assert CHECK_DIGITS["verhoeff"].covered("客户KH-12.34/56１²") == "123456"
    assert CHECK_DIGITS["verhoeff"].of("客户KH-12.34/56") == CHECK_DIGITS["verhoeff"].of("123456")


def test_letters_count_in_either_case_where_they_are_covered():
    assert CHECK_DIGITS["mod37-36"].of("kh-000123") == CHECK_DIGITS["mod37-36"].of("KH000123")
    assert CHECK_DIGITS["mod11-2"].is_right("100045", "x")


@EVERY
def test_a_body_of_which_nothing_counts_has_no_check_character(kind):
    with pytest.raises(ValueError, match=f"{kind.name} covers nothing of '客户-'"):
        kind.of("客户-")
    assert not any(kind.is_right("客户-", check) for check in ["", *kind.gives])


@EVERY
def test_nothing_and_two_characters_are_no_check_character(kind):
    right = kind.of("123")
    assert not kind.is_right("123", "")
    assert not kind.is_right("123", right + right)


@EVERY
@given(st.text(st.characters()))
def test_whatever_is_typed_has_one_right_check_character_or_none(kind, body):
    right = [check for check in kind.gives if kind.is_right(body, check)]
    assert len(right) == (1 if kind.covered(body) else 0)


@EVERY
def test_every_character_it_may_give_comes_out(kind):
    bodies = [first + second for first in kind.covers for second in kind.covers]
    assert {kind.of(body) for body in bodies} == set(kind.gives)


@EVERY
def test_a_check_digit_can_be_sent_to_another_process(kind):
    assert pickle.loads(pickle.dumps(kind)) == kind  # noqa: S301  our own bytes


@pytest.mark.parametrize(
    ("name", "peer"),
    [
        ("luhn", "luhn"),
        ("damm", "damm"),
        ("verhoeff", "verhoeff"),
        ("mod11-2", "iso7064.mod_11_2"),
        ("mod11-10", "iso7064.mod_11_10"),
        ("mod37-36", "iso7064.mod_37_36"),
    ],
)
@given(data=st.data())
def test_python_stdnum_finds_the_same_check_character(name, peer, data):
    kind = CHECK_DIGITS[name]
    body = data.draw(st.text(kind.covers, min_size=1, max_size=40))
    assert kind.of(body) == import_module(f"stdnum.{peer}").calc_check_digit(body)


def unnoticed_swaps(kind: CheckDigit) -> set[str]:
    """Return the pairs that may change places unnoticed, the check character among them."""
    pairs: set[str] = set()
    for before in ["", *kind.covers]:
        for one, other in combinations(kind.covers, 2):
            same = kind.of(before + one + other) == kind.of(before + other + one)
            last = before and kind.of(before + one) == other and kind.of(before + other) == one
            if same or last:
                pairs.add(one + other)
    return pairs


@EVERY
def test_two_neighbours_that_change_places_are_noticed_but_for_the_known_pairs(kind):
    assert unnoticed_swaps(kind) == set(kind.misses)


def test_a_plain_digit_sum_would_notice_no_swap():
    assert len(unnoticed_swaps(DIGIT_SUM)) == 45


def test_damm_verhoeff_and_mod_11_2_notice_every_swap():
    whole = [name for name, kind in CHECK_DIGITS.items() if not kind.misses]
    assert whole == ["damm", "verhoeff", "mod11-2"]


def noticed_swap(kind: CheckDigit, body: str, at: int) -> bool:
    code = body + kind.of(body)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    return not kind.is_right(swapped[:-1], swapped[-1])


@EVERY
@given(data=st.data())
def test_a_swap_is_noticed_anywhere_in_a_long_code(kind, data):
    body = data.draw(st.text(kind.covers, min_size=1, max_size=30))
    code = body + kind.of(body)
    at = data.draw(st.integers(0, len(code) - 2))
    pair = "".join(sorted(code[at : at + 2]))
    if pair[0] != pair[1] and pair not in kind.misses and pair[1] in kind.covers:
        assert noticed_swap(kind, body, at)


def test_a_swap_may_go_unnoticed_by_a_plain_digit_sum():
    assert not noticed_swap(DIGIT_SUM, "123456", 2)


def unnoticed_slips(kind: CheckDigit, body: str) -> set[str]:
    """Return the codes of one other character in any place that would pass for the right one."""
    right = kind.of(body)
    places = [(at, sign) for at in range(len(body)) for sign in kind.covers if sign != body[at]]
    slips = {body[:at] + sign + body[at + 1 :] for at, sign in places}
    return {slip + right for slip in slips if kind.is_right(slip, right)}


@EVERY
@given(data=st.data())
def test_every_single_slip_is_noticed(kind, data):
    body = data.draw(st.text(kind.covers, min_size=1, max_size=20))
    assert unnoticed_slips(kind, body) == set()
    assert [check for check in kind.gives if kind.is_right(body, check)] == [kind.of(body)]


def test_a_doubled_sum_would_let_a_slip_of_five_pass():
    assert "6" + DOUBLED_SUM.of("1") in unnoticed_slips(DOUBLED_SUM, "1")
