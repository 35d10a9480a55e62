"""Edges of several values that no other test noticed."""

from customer_registry.domain.values.identifiers import cn_resident_id
from customer_registry.domain.values.legal_forms import split_legal_form
from customer_registry.domain.values.postal import postal_code


def test_a_legal_form_alone_stays_a_name():
    assert split_legal_form("公司") == ("公司", "")


def test_a_venezuelan_code_has_a_letter_behind_a_hyphen():
    assert postal_code("1010a", "VE") == "1010-A"


def test_a_leap_day_that_only_2000_had_is_a_birth_date_on_an_old_residence_card():
    card = "KAZ11000002291"
    weighted = (int(char, 36) * (7, 3, 1)[at % 3] for at, char in enumerate(card))
    whole = f"{card}{sum(weighted) % 10}"
    assert cn_resident_id.canonical(whole) == whole
