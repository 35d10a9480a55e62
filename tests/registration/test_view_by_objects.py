"""What a view shows by an access policy that is an object of the company's own."""

from datetime import UTC, datetime

import attrs
import pytest

from customer_registry import Actor, Change, JournalEntry
from customer_registry.domain.access import Sight
from customer_registry.registration.view import View
from customer_registry.testing import make_customer

CUSTOMER = make_customer(seed=3, custom={"门店": "城西"})


class Sees:
    """Everybody may do everything, and sees of a field what is said of its name."""

    def __init__(self, levels):
        self.levels = levels

    def permits(self, actor, action, customer):
        return True

    def sight(self, actor, field, customer):
        return self.levels.get(field, Sight.EDITED)


def view(**levels):
    named = {name.replace("__", "."): level for name, level in levels.items()}
    return View(Sees(named), Actor("li.lei"))


@pytest.mark.parametrize(
    ("levels", "unseen"),
    [
        ({}, set()),
        ({"contacts": Sight.SEEN}, set()),
        ({"contacts": Sight.SEEN, "notes": Sight.MASKED}, {"notes"}),
        ({"custom__门店": Sight.MASKED}, {"custom", "custom.门店"}),
        ({"custom__会员号": Sight.HIDDEN}, {"custom", "custom.会员号"}),
        ({"custom__别的": Sight.HIDDEN}, set()),
        ({"custom": Sight.HIDDEN}, set()),
    ],
)
def test_what_is_unseen_is_told_field_by_field(levels, unseen):
    assert view(**levels).unseen(CUSTOMER, ["会员号"]) == unseen


def test_a_change_is_shown_as_its_whole_field_is_seen():
    told = (Change("contacts.1-1.title", "经理", "总监"), Change("custom.门店", "城西", "城东"))
    entry = JournalEntry(
        at=datetime(2026, 11, 24, tzinfo=UTC),
        actor="li.lei",
        action="updated",
        customer_id=CUSTOMER.id,
        version=2,
        changes=told,
    )
    assert view().entry(entry, CUSTOMER) == entry
    masked = view(contacts=Sight.MASKED).entry(entry, CUSTOMER)
    assert masked.changes == (Change("contacts.1-1.title", hidden=True), told[1])
    hidden = view(contacts=Sight.HIDDEN, custom__门店=Sight.MASKED).entry(entry, CUSTOMER)
    assert hidden.changes == (
        Change("contacts", hidden=True),
        Change("custom.门店", hidden=True),
    )
    fresh = attrs.evolve(entry, version=1)
    assert view(contacts=Sight.HIDDEN).entry(fresh, CUSTOMER).changes == told[1:]
