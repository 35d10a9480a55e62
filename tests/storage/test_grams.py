"""What a query asks for is found in a customer, or not, without any index."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.repository import CustomerQuery, Found
from customer_registry.storage.grams import Wanted, page, tokens, wanted
from customer_registry.storage.periods import Period
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


def test_all_that_is_asked_for_has_to_be_there():
    whole = Wanted(
        exact=frozenset({"浦江", "puj"}),
        groups=(frozenset({"nothing", "上海"}),),
        phrases=("浦江集团",),
        beginnings=("pujiang",),
        digits=("000",),
        periods=(Period("created_at", PUJIANG.created_at, None),),
    )
    assert whole.finds(PUJIANG)
    for lacking in (
        {"exact": frozenset({"江浦"})},
        {"groups": (frozenset({"nothing", "江浦"}),)},
        {"groups": (frozenset(),)},
        {"phrases": ("集团浦江",)},
        {"beginnings": ("ujiang",)},
        {"digits": ("0001112",)},
        {"periods": (Period("created_at", None, PUJIANG.created_at),)},
    ):
        assert not attrs.evolve(whole, **lacking).finds(PUJIANG), lacking


@pytest.mark.parametrize(
    ("one", "other"),
    [(3, Decimal("3.00")), (Decimal("1E+3"), 1000), (0, Decimal("-0.0")), (-20, Decimal("-20.0"))],
)
def test_equal_numbers_are_one_custom_value(one, other):
    assert wanted(CustomerQuery(custom={"店": one})) == wanted(CustomerQuery(custom={"店": other}))


def test_custom_values_of_different_types_are_different():
    values = (1, "1", True, date(2026, 1, 1), "2026-01-01", "True", Decimal("0.1"), 10, -1, "")
    asked = {wanted(CustomerQuery(custom={"店": value})).exact for value in values}
    assert len(asked) == len(values)


def test_long_custom_values_are_told_apart_to_their_ends():
    one, other = ("长" * 3999 + end for end in "甲乙")
    customer = make_customer(custom={"说明": one})
    assert wanted(CustomerQuery(custom={"说明": one})).finds(customer)
    assert not wanted(CustomerQuery(custom={"说明": other})).finds(customer)


def test_a_province_is_found_in_its_short_and_its_long_form():
    customer = make_customer(addresses=[PostalAddress(region="广西壮族自治区")])
    assert wanted(CustomerQuery(region="广西")).finds(customer)
    assert wanted(CustomerQuery(region="广西壮族自治区")).finds(customer)
    assert not wanted(CustomerQuery(region="广东")).finds(customer)


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


def test_a_token_holds_nothing_at_which_an_index_would_cut_it():
    """FTS5's ascii tokenizer cuts at every ASCII sign but letters and digits."""
    for seed in range(20):
        customer = make_customer(seed=seed, custom={"a_b": "c d", "多 店": True, "n": 5})
        for token in tokens(customer):
            assert all(char.isalnum() or not char.isascii() for char in token), token


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("7-11便利店", "7-11 711 7 11"),
        ("24-7健身", "24-7 247"),
        ("99.9商行", "99.9"),
        ("10-20", "10-20 1020 20"),
        ("1-800 公司", "1-800 800"),
        ("2024-12-31 项目部", "2024-12-31 12-31"),
    ],
)
def test_digits_joined_by_signs_are_found_as_written_and_as_one_number(name, asked):
    customer = attrs.evolve(make_customer(), name=PartyName(name))
    for text in (name, *asked.split()):
        assert wanted(CustomerQuery(text=text)).finds(customer), text
    assert not wanted(CustomerQuery(text="7-12")).finds(customer)


@pytest.mark.parametrize(
    ("phone", "asked"),
    [
        ("021-62345678-801", ["021-62345678-801", "62345678，801", "008602162345678", "5678"]),
        ("13800138000", ["0086 138 0013 8000", "138 00", "80 00"]),
        ("+1 212 555 0123", ["001 212 555 0123", "212 555 0123"]),
    ],
)
def test_a_phone_is_found_as_it_may_be_registered(phone, asked):
    contacts = (Contact(name="李雷", phones=(PhoneNumber.parse(phone),)),)
    customer = attrs.evolve(make_customer(), contacts=contacts)
    for text in asked:
        assert wanted(CustomerQuery(text=text)).finds(customer), text
    assert not wanted(CustomerQuery(text="62345679")).finds(customer)
