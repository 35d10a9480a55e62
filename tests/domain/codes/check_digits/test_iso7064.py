import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.codes.check_digits.iso7064 import (
    mod_11_2,
    mod_11_10,
    mod_37_36,
    neighbours,
)
from customer_registry.domain.values.bank import cnaps_check_ok
from customer_registry.domain.values.identifiers import cn_resident_id

DIGITS = "0123456789"


@pytest.mark.parametrize(("code", "swapped"), [("801", "810"), ("212", "221"), ("309", "390")])
def test_a_hybrid_system_may_miss_neighbours_in_the_order_of_signs(code, swapped):
    assert mod_11_10(code) == mod_11_10(swapped)


def test_the_last_sign_neighbours_the_first():
    assert neighbours(DIGITS)[-1] == "09"
    assert len(neighbours(DIGITS)) == len(DIGITS)


def test_digits_alone_have_another_check_character_among_letters():
    assert (mod_11_10("123456"), mod_37_36("123456")) == ("8", "J")


@given(st.text(DIGITS, min_size=11, max_size=11))
def test_a_payment_system_code_has_the_same_check_digit(body):
    assert cnaps_check_ok(body + mod_11_10(body))


@given(st.text(DIGITS, min_size=17, max_size=17))
def test_a_resident_id_has_the_same_check_character(body):
    assert mod_11_2(body) == cn_resident_id.check_character(body)
