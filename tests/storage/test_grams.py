"""What a query asks for is found in a customer, or not, without any index."""

import pytest

from customer_registry.domain.values.name import PartyName
from customer_registry.repository import CustomerQuery, Found
from customer_registry.storage.grams import Wanted, page, tokens, wanted
from customer_registry.testing import make_customer

PUJIANG = make_customer(
    name=PartyName("上海浦江（集团）贸易有限公司"),
    short_name="浦江",
    foreign_name="Pujiang Trading",
)


@pytest.mark.parametrize("text", ["", "浦", "浦江集团", "pujiang", "PUJ trad", "浦江 puj"])
def test_a_customer_has_what_is_asked_for(text):
    assert wanted(CustomerQuery(text=text)).finds(PUJIANG)


@pytest.mark.parametrize("text", ["江浦", "浦江公司", "ujiang", "浦江 west"])
def test_a_customer_lacks_what_is_asked_for(text):
    assert not wanted(CustomerQuery(text=text)).finds(PUJIANG)


def test_tokens_beginnings_and_phrases_all_have_to_be_there():
    exact, prefixes, phrases = frozenset({"浦江"}), frozenset({"puj"}), ("浦江集团",)
    assert Wanted(exact, prefixes, phrases).finds(PUJIANG)
    assert not Wanted(frozenset({"江浦"}), prefixes, phrases).finds(PUJIANG)
    assert not Wanted(exact, frozenset({"uji"}), phrases).finds(PUJIANG)
    assert not Wanted(exact, prefixes, ("集团浦江",)).finds(PUJIANG)


def test_no_token_is_held_by_everyone():
    held = [
        tokens(make_customer(kind, seed)) for kind, seed in (("person", 1), ("organization", 2))
    ]
    assert not {token for token in held[0] & held[1] if "everyone" in token}


def test_a_page_is_told_where_it_ended_only_if_more_follow():
    one, two, three = ((place, make_customer(seed=place)) for place in (3, 2, 1))
    assert page(iter([one, two, three]), 2) == Found((one[1], two[1]), 2)
    assert page(iter([one, two]), 2) == Found((one[1], two[1]), None)
    assert page(iter([]), 2) == Found()
    assert page(iter([one]), 0) == Found()
