"""A masked customer holds what its sights show, and nothing of the rest."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import (
    BankAccount,
    Contact,
    InvoiceProfile,
    Masked,
    PostalAddress,
    TaxIdentifier,
)
from customer_registry.domain.access import MASKABLE, Sight
from customer_registry.domain.access.view import HIDDEN, seen
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.masks import mask
from customer_registry.repository import keys_of
from customer_registry.storage.grams import tokens
from customer_registry.storage.wire import write_customer
from customer_registry.testing import make_customer, resident_id
from customer_registry.testing.strategies import customers

SIGHTS = st.fixed_dictionaries({field: st.sampled_from(Sight) for field in MASKABLE})


def sight_of(levels):
    return lambda field: levels[field.partition(".")[0]]


def all_at(level):
    return lambda _field: level


@given(customers())
def test_who_sees_all_gets_the_very_customer(customer):
    for level in (Sight.SEEN, Sight.EDITED):
        assert seen(customer, all_at(level)) is customer


@given(customers(), SIGHTS)
def test_a_field_is_as_stored_where_it_is_seen_and_else_as_the_view_of_it_alone(customer, levels):
    shown = seen(customer, sight_of(levels))
    for field in attrs.fields_dict(type(customer)):
        level = levels.get(field, Sight.SEEN)
        alone = seen(customer, lambda name, field=field, level=level: _alone(name, field, level))
        assert getattr(shown, field) == getattr(alone, field)
        if level >= Sight.SEEN:
            assert getattr(shown, field) == getattr(customer, field)


def _alone(name, field, level):
    return level if name.partition(".")[0] == field else Sight.SEEN


@given(customers(), customers())
def test_hidden_fields_are_alike_whatever_is_stored(one, other):
    views = [seen(each, all_at(Sight.HIDDEN)) for each in (one, other)]
    for field in MASKABLE:
        assert getattr(views[0], field) == getattr(views[1], field)


@given(customers(), SIGHTS)
def test_a_view_of_a_view_is_the_view(customer, levels):
    shown = seen(customer, sight_of(levels))
    assert seen(shown, sight_of(levels)) == shown


@given(customers(), SIGHTS)
def test_a_masked_customer_is_found_by_less_and_never_by_more(customer, levels):
    shown = seen(customer, sight_of(levels))
    assert keys_of(shown) <= keys_of(customer)
    assert tokens(shown) <= tokens(customer)


@given(customers(), SIGHTS)
def test_no_store_writes_a_masked_customer(customer, levels):
    shown = seen(customer, sight_of(levels))
    if not _holds_mask(shown):
        return
    with pytest.raises(TypeError, match="a masked value is never stored"):
        write_customer(shown)


def _holds_mask(value):
    if isinstance(value, Masked):
        return True
    if isinstance(value, tuple):
        return any(map(_holds_mask, value))
    if hasattr(value, "values") and not attrs.has(type(value)):
        return any(map(_holds_mask, value.values()))
    if attrs.has(type(value)):
        return any(_holds_mask(getattr(value, each.name)) for each in attrs.fields(type(value)))
    return False


@pytest.mark.parametrize("field", [field for field in MASKABLE if field != "custom"])
@pytest.mark.parametrize("level", [Sight.HIDDEN, Sight.MASKED])
def test_every_maskable_field_of_a_full_customer_holds_masks(field, level):
    customer = make_customer(
        notes="喜欢龙井茶",
        legal_representative="王建国",
        identity_document=IdentityDocument.parse("11010519491231002X"),
    )
    assert getattr(customer, field), "the example has every field"
    shown = getattr(seen(customer, lambda name: _alone(name, field, level)), field)
    public = field == "tax_identifiers" and level is Sight.MASKED  # a company's own
    assert _holds_mask(shown) or public


def test_custom_fields_have_sights_of_their_own():
    customer = make_customer(custom={"会员号": "VIP", "门店": "城西", "折扣": "9"})
    levels = {"custom.会员号": Sight.HIDDEN, "custom.折扣": Sight.MASKED}
    shown = seen(customer, lambda name: levels.get(name, Sight.SEEN))
    assert shown.custom == {"门店": "城西", "折扣": HIDDEN}


def test_a_persons_tax_number_is_masked_as_his_identity_number():
    number = TaxIdentifier.parse(resident_id(3), kind="person")
    customer = make_customer("person", 3, tax_identifiers=(number,))
    (shown,) = seen(customer, all_at(Sight.MASKED)).tax_identifiers
    assert shown.number == Masked(mask(resident_id(3), "identity_number"))


def test_what_is_not_filled_in_shows_no_mask():
    customer = make_customer(
        contacts=(Contact(phones=make_customer(seed=1).contacts[0].phones),),
        addresses=(PostalAddress(country="CN", region="江苏省"),),
        legal_representative=None,
        invoice_profile=InvoiceProfile(title="王芳"),
    )
    shown = seen(customer, all_at(Sight.MASKED))
    assert shown.contacts[0].name is None
    assert shown.addresses[0].street_address is shown.addresses[0].postal_code is None
    assert shown.legal_representative is None
    assert {shown.invoice_profile.account, shown.invoice_profile.phone} == {None}


def test_what_a_store_without_its_key_masked_stays_as_it_is():
    customer = make_customer(
        invoice_profile=InvoiceProfile(title="王芳", account=HIDDEN, tax_number=HIDDEN),
        bank_accounts=(BankAccount(bank="中国银行", number=HIDDEN),),
        identity_document=IdentityDocument("resident_id", HIDDEN),
        tax_identifiers=(TaxIdentifier("unchecked", HIDDEN),),
    )
    shown = seen(customer, all_at(Sight.MASKED))
    for field in ("invoice_profile", "bank_accounts", "identity_document", "tax_identifiers"):
        assert getattr(shown, field) == getattr(customer, field)
    whole = make_customer(seed=2)
    masked = seen(whole, all_at(Sight.MASKED))
    assert (masked.contacts, masked.addresses) != (whole.contacts, whole.addresses)
    again = seen(masked, all_at(Sight.MASKED))
    assert (again.contacts, again.addresses) == (masked.contacts, masked.addresses)
