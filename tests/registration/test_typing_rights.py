"""What somebody may type who sees a customer and may not edit it."""

import attrs

from customer_registry.domain.access import Sight
from customer_registry.registration.typing_rights import editable, refusal
from customer_registry.testing import make_customer


def seen_only(_field):
    return Sight.SEEN


def two_addresses():
    customer = make_customer(seed=3)
    contact = attrs.evolve(customer.contacts[0], is_primary=True)
    other = make_customer(seed=4).addresses[0]
    addresses = (*customer.addresses[:1], attrs.evolve(other, id="1-9"))
    return attrs.evolve(customer, contacts=(contact,), addresses=addresses)


def test_the_first_entries_of_a_small_form_come_back_unchanged():
    shown = two_addresses()
    (contact,), (address, other) = shown.contacts, shown.addresses
    assert contact.emails
    assert address.street_address != other.street_address
    form = {
        "contact": contact.name,
        "phone": contact.phones[0].international,
        "email": str(contact.emails[0]),
        "address": address.street_address,
        "postal_code": address.postal_code,
    }
    assert editable(form, seen_only, shown) == ({}, ())
    for name in ("contact", "phone", "email", "address", "postal_code"):
        assert editable({name: "another"}, seen_only, shown) == ({}, ((name,),))
    assert editable({"address": other.street_address}, seen_only, shown) == ({}, (("address",),))


def test_who_is_refused_is_told_whom_to_ask():
    assert refusal(("notes",), "王主管").params["ask"] == "王主管"
    assert refusal(("notes",), None).params["ask"] == "administrator"
