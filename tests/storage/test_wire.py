"""Documents as bytes: what can be read of one without reading it all."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given

from customer_registry import StorageCorrupt
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.storage.wire import read_customer, read_name, write_customer
from customer_registry.testing import make_customer
from customer_registry.testing.strategies import customers


@given(customers())
def test_the_name_is_read_alone_as_it_is_read_with_the_rest(customer):
    document = write_customer(customer)
    whole = read_customer(document)
    assert read_name(document) == (whole.id, whole.name.text)


@pytest.mark.parametrize("name", ['O"Neil', "a\\b", "\u2028", "张\U00020000三", "é", '"name":"王"'])
def test_a_name_with_signs_of_its_own_is_read_alone(name):
    customer = attrs.evolve(make_customer(), name=PartyName(name))
    assert read_name(write_customer(customer)) == (customer.id, name)


@pytest.mark.parametrize("document", [b"", b"{}", b'{"id":"x"}', b"\xff", b"[]"])
def test_a_damaged_document_has_no_name(document):
    with pytest.raises(StorageCorrupt):
        read_name(document)


def test_a_name_that_is_no_text_is_damage():
    document = write_customer(make_customer()).replace("贸".encode(), b"\xff\xfe", 1)
    with pytest.raises(StorageCorrupt):
        read_name(document)


def test_an_amount_that_is_no_number_is_damage():
    customer = attrs.evolve(make_customer(), credit_limit=Money(Decimal(200000), "CNY"))
    document = write_customer(customer).replace(b"200000 CNY", b"20x000 CNY")
    with pytest.raises(StorageCorrupt):
        read_customer(document)
