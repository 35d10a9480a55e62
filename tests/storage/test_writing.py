"""Documents leave out what says the usual, and never hold a mask."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given

from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.masked import Masked, SensitiveText
from customer_registry.storage.wire import read_customer, write_customer
from customer_registry.storage.writing import unstructured
from customer_registry.testing import make_customer
from customer_registry.testing.strategies import customers

MASK = Masked("****0123")


@given(customers())
def test_a_customer_is_read_as_it_was_written(customer):
    assert read_customer(write_customer(customer)) == customer


def test_a_document_begins_with_what_every_customer_has_and_leaves_out_the_usual():
    customer = attrs.evolve(make_customer(), grade="A", version=1, custom={})
    document = unstructured(customer)
    first = ["id", "code", "kind", "name", "created_at", "updated_at"]
    assert list(document)[: len(first)] == first
    assert document["grade"] == "A"
    assert not {"version", "status", "custom", "merged_into", "custody"} & document.keys()


def test_a_custom_value_tells_its_type_where_json_has_none():
    custom = {
        "门店数": 6,
        "折扣": Decimal("0.85"),
        "签约": date(2026, 11, 24),
        "证号": SensitiveText("A1"),
    }
    assert unstructured(attrs.evolve(make_customer(), custom=custom))["custom"] == {
        "门店数": 6,
        "折扣": {"decimal": "0.85"},
        "签约": {"date": "2026-11-24"},
        "证号": {"sensitive": "A1"},
    }


@pytest.mark.parametrize(
    "masked",
    [
        {"legal_representative": MASK},
        {"credit_limit": MASK},
        {"custom": {"证号": MASK}},
        {"contacts": (Contact(phones=(MASK,)),)},
        {"contacts": (Contact(messengers={"wechat": MASK}),)},
    ],
)
def test_a_mask_is_never_written(masked):
    with pytest.raises(TypeError):
        unstructured(attrs.evolve(make_customer(), **masked))


def test_what_is_no_value_of_ours_is_never_written():
    with pytest.raises(TypeError, match="Path"):
        unstructured(Path())
