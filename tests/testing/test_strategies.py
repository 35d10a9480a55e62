import pytest
import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.luhn
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry import CustomerRegistry, InvalidValue, ValidationFailed
from customer_registry.domain.values.identifiers import cn_uscc
from customer_registry.testing import strategies
from customer_registry.testing.strategies import (
    Typed,
    bank_cards,
    customers,
    invalid_raw_customers,
    raw_customers,
    resident_ids,
    usccs,
)

KINDS = {
    name: made
    for name in strategies.__all__
    if isinstance(made := getattr(strategies, name), Typed)
}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)

some = settings(max_examples=80, deadline=None)


def test_there_are_kinds_to_try():
    assert len(KINDS) >= 25


@EVERY_KIND
@some
@given(st.data())
def test_what_is_sound_is_taken_by_its_parser(kind, data):
    assert kind.parse(data.draw(kind())) is not None


@EVERY_KIND
@some
@given(st.data())
def test_what_lies_at_the_edge_is_taken_by_its_parser(kind, data):
    assert kind.parse(data.draw(kind.boundary())) is not None


@EVERY_KIND
@some
@given(st.data())
def test_what_is_invalid_is_refused_by_its_parser(kind, data):
    with pytest.raises(InvalidValue):
        kind.parse(data.draw(kind.invalid()))


@EVERY_KIND
@some
@given(st.data())
def test_an_untidy_spelling_means_the_same_as_the_tidy_one(kind, data):
    tidy = data.draw(kind())
    untidy, means = data.draw(kind.dressed(tidy)), kind.parse(tidy)
    assert str(kind.parse(untidy)) == str(means)


@EVERY_KIND
@some
@given(st.data())
def test_values_are_what_the_parser_gives(kind, data):
    value = data.draw(kind.values())
    assert isinstance(value, type(kind.parse(data.draw(kind()))))


def test_codes_are_drawn_for_every_authority_and_category():
    table = {
        authority + category
        for authority, (_, categories) in cn_uscc.AUTHORITIES.items()
        for category in categories
    }
    drawn = set()

    @settings(max_examples=1500, deadline=None, database=None)
    @given(usccs())
    def draw(number):
        drawn.add(number[:2])

    draw()
    assert drawn == table


@pytest.mark.parametrize("form", ["small", "full"])
@pytest.mark.parametrize("kind", ["person", "organization"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_raw_customer_of_either_form_registers(kind, form, data):
    raw = data.draw(raw_customers(kind=kind, form=form))
    assert raw["kind"] == kind
    assert ("contacts" in raw or "addresses" in raw) <= (form == "full")
    assert CustomerRegistry().register(raw).customer.kind == kind


@some
@given(invalid_raw_customers())
def test_an_invalid_raw_customer_is_refused(raw):
    with pytest.raises(ValidationFailed):
        CustomerRegistry().register(raw)


@settings(max_examples=40, deadline=None)
@given(customers(kind="person"))
def test_nobody_living_has_the_number_of_an_example(customer):
    document = customer.identity_document
    assert document is None or document.birth_date.year < 1910


@some
@given(resident_ids())
def test_the_numbers_of_citizens_are_right_for_others_too(number):
    if number[0] not in "89":  # which stdnum does not know
        assert stdnum.cn.ric.is_valid(number)


@some
@given(st.data())
def test_other_numbers_are_right_for_others_too(data):
    assert stdnum.cn.uscc.is_valid(data.draw(usccs().filter(lambda number: number[0].isdecimal())))
    assert stdnum.luhn.is_valid(data.draw(bank_cards()))
