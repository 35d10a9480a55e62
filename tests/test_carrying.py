"""What a registry gives can be copied, pickled and sent as JSON."""

import copy
import json
import pickle
from decimal import Decimal

import pytest

from customer_registry import (
    CustomerNotFound,
    CustomerRegistry,
    PolicyError,
    StaleVersion,
    StorageOccupied,
    ValidationFailed,
)
from customer_registry.domain.errors import CommitOutcomeUnknown, InvalidValue, NotPermitted
from customer_registry.testing import make_customer, make_raw


def carried(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301  our own bytes


@pytest.mark.parametrize("kind", ["person", "organization"])
def test_a_customer_is_the_same_customer_in_another_process(kind):
    customer = make_customer(kind, custom={"税率": Decimal("0.13")})
    assert carried(customer) == customer
    assert copy.deepcopy(customer) == customer


def test_a_receipt_a_page_and_a_history_travel():
    registry = CustomerRegistry()
    receipt = registry.register(make_raw())
    assert carried(receipt) == receipt
    assert carried(registry.search()).customers == (receipt.customer,)
    assert carried(registry.history(receipt.customer)) == registry.history(receipt.customer)


@pytest.mark.parametrize(
    "error",
    [
        CustomerNotFound(),
        PolicyError(["a", "b"]),
        InvalidValue("too_long", max=3, len=4),
        NotPermitted("update", "王经理"),
        CommitOutcomeUnknown("k1"),
        StorageOccupied(3, 5),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_keeps_its_fields_on_the_way(error):
    there = carried(error)
    assert type(there) is type(error)
    assert (str(there), there.__dict__) == (str(error), error.__dict__)


def test_a_refusal_keeps_its_report_and_what_was_typed():
    with pytest.raises(ValidationFailed) as refused:
        CustomerRegistry().register(kind="person", name="")
    there = carried(refused.value)
    assert there.report == refused.value.report
    assert there.report.echo == {"kind": "person", "name": ""}


def test_a_stale_version_keeps_the_customer_as_it_stands():
    registry = CustomerRegistry()
    customer = registry.register(make_raw()).customer
    registry.update(customer, notes="甲")
    with pytest.raises(StaleVersion) as refused:
        registry.update(customer, notes="乙")
    assert carried(refused.value).current == refused.value.current


def test_the_raw_form_is_what_json_holds_and_comes_back_the_same():
    registry = CustomerRegistry()
    raw = make_raw(custom={"税率": 0.13, "门店数": 3})
    customer = registry.register(raw).customer
    there = json.loads(json.dumps(customer.raw()))
    assert registry.update(customer, there).version == customer.version
    again = CustomerRegistry().register(json.loads(json.dumps(customer.raw(as_new=True)))).customer
    assert again.custom == customer.custom == {"税率": Decimal("0.13"), "门店数": 3}
