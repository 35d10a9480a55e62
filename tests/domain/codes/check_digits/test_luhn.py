from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.codes.check_digits import CHECK_DIGITS
from customer_registry.domain.codes.check_digits.luhn import check_digit
from customer_registry.domain.values.bank import luhn_ok

DIGITS = st.text("0123456789", min_size=1, max_size=40)


def test_nine_and_nought_may_change_places_unnoticed():
    assert check_digit("120934") == check_digit("129034")
    assert CHECK_DIGITS["luhn"].misses == ("09",)


@given(DIGITS)
def test_a_bank_card_has_the_same_check_digit(body):
    assert luhn_ok(body + check_digit(body))
