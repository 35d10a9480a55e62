from datetime import UTC, datetime
from itertools import product
from typing import get_type_hints

import attrs
import pytest

from customer_registry import (
    Contact,
    Customer,
    CustomerCode,
    CustomerStatus,
    EmailAddress,
    InvoiceProfile,
    PhoneNumber,
    PostalAddress,
    RawCustomer,
)
from customer_registry.domain.customer import _SHAPES, SMALL_FORM
from customer_registry.testing import make_customer
from customer_registry.validation.reading import READERS

FIELDS = {field.name for field in attrs.fields(Customer)}
ONLY_THE_REGISTRY_WRITES = {
    "approval",
    "created_at",
    "custody",
    "former_codes",
    "merged_into",
    "updated_at",
    "verified_at",
}
WAYS = {
    ("prospect", "active"),
    ("active", "blocked"),
    ("blocked", "active"),
    ("active", "inactive"),
    ("blocked", "inactive"),
    ("inactive", "active"),
    ("blacklisted", "inactive"),
}


@pytest.mark.parametrize(("old", "new"), list(product(CustomerStatus, repeat=2)), ids=str)
def test_a_status_leads_only_where_the_trade_knows_a_way(old, new):
    expected = new is CustomerStatus.BLACKLISTED or (str(old), str(new)) in WAYS
    assert old.may_become(new) is expected


def test_what_people_type_and_what_is_kept_have_the_same_fields():
    assert RawCustomer.__annotations__.keys() - SMALL_FORM.keys() == (
        FIELDS - ONLY_THE_REGISTRY_WRITES - {"id", "version"}
    )


def test_what_a_form_shows_has_every_field_that_can_be_read_back():
    assert _SHAPES.keys() == READERS.keys() == FIELDS - ONLY_THE_REGISTRY_WRITES


def test_what_people_type_may_be_anything():
    assert set(get_type_hints(RawCustomer).values()) == {object}
    assert RawCustomer.__required_keys__ == frozenset()


@pytest.mark.parametrize("kind", ["person", "organization"])
@pytest.mark.parametrize("seed", [3, 8])
def test_a_customer_shows_nothing_personal(kind, seed):
    customer = make_customer(kind, seed)
    shown = f"{customer!r} {customer}"
    assert shown.startswith(f"Customer(code={str(customer.code)!r}, kind={kind!r}, version=1)")
    for text in personal_texts(customer):
        assert text not in shown


@pytest.mark.parametrize("kind", ["person", "organization"])
def test_no_part_of_a_customer_shows_anything_personal(kind):
    customer = make_customer(kind, 3)
    parts = (
        customer.name,
        customer.contacts,
        customer.addresses,
        customer.tax_identifiers,
        customer.identity_document,
        customer.bank_accounts,
        customer.invoice_profile,
        customer.phones,
    )
    shown = repr(parts)
    for text in personal_texts(customer):
        assert text not in shown


def personal_texts(customer):
    contact = customer.contacts[0]
    yield from (customer.name.text, contact.name, contact.phones[0].number[-8:])
    yield from (str(contact.emails[0]), customer.addresses[0].street_address)
    yield customer.bank_accounts[0].number
    if customer.identity_document:
        yield customer.identity_document.number
    if customer.invoice_profile:
        yield customer.invoice_profile.account


def test_customers_are_equal_when_all_their_fields_are():
    assert make_customer(seed=3) == make_customer(seed=3)
    assert make_customer(seed=3) != make_customer(seed=3, grade="Z")


def test_a_customer_can_be_kept_in_a_set():
    versions = {make_customer(seed=3), make_customer(seed=3), make_customer(seed=3, version=2)}
    assert len(versions) == 2


def test_a_customer_is_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        make_customer().grade = "A"


def test_custom_fields_cannot_be_changed_from_outside():
    given = {"门店数": 3}
    customer = make_customer(custom=given)
    given["门店数"] = 4
    assert customer.custom == {"门店数": 3}
    with pytest.raises(TypeError):
        customer.custom["门店数"] = 5


BILLING = PostalAddress(street_address="甲路1号", purposes=("billing",))
SHIPPING = PostalAddress(street_address="乙路2号", purposes=("shipping", "returns"))


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("shipping", SHIPPING), ("returns", SHIPPING), ("billing", BILLING), ("visits", BILLING)],
)
def test_the_address_for_a_purpose_is_the_one_that_names_it_else_the_first(purpose, expected):
    assert make_customer(addresses=(BILLING, SHIPPING)).address_for(purpose) is expected


def test_a_customer_without_addresses_has_none_for_any_purpose():
    assert make_customer(addresses=()).address_for("billing") is None


def test_the_primary_contact_is_the_marked_one():
    first, second = Contact(name="李雷"), Contact(name="韩梅梅", is_primary=True)
    assert make_customer(contacts=(first, second)).primary_contact is second


def test_without_a_mark_the_first_contact_is_the_primary_one():
    first, second = Contact(name="李雷"), Contact(name="韩梅梅")
    assert make_customer(contacts=(first, second)).primary_contact is first


def test_a_customer_without_contacts_has_no_primary_one():
    assert make_customer(contacts=()).primary_contact is None


def dialled(number, use=None):
    return PhoneNumber.parse(number, "IN", use=use)


SEQUENCE = [
    dialled("0000000000"),
    dialled("0000000001"),
    dialled("0000000002", "phone"),
    dialled("0000000003", "mobile"),
]


@pytest.mark.parametrize(
    ("phones", "use", "expected"),
    [
        (SEQUENCE, "phone", 2),
        (SEQUENCE, "mobile", 3),
        (SEQUENCE, "fax", 0),
        (SEQUENCE[:2], "phone", 0),
        ([], "phone", None),
    ],
)
def test_the_phone_for_a_use_is_the_marked_one_else_the_first(phones, use, expected):
    customer = make_customer(contacts=(Contact(name="李雷", phones=tuple(phones)),))
    assert customer.phone_for(use) == (None if expected is None else phones[expected])


def test_the_primary_contact_is_called_before_the_others():
    first = Contact(name="李雷", phones=(SEQUENCE[0],), emails=(EmailAddress.parse("a@b.cn"),))
    other = Contact(name="韩梅梅", phones=(SEQUENCE[1],), emails=(EmailAddress.parse("c@d.cn"),))
    primary = attrs.evolve(other, is_primary=True)
    assert make_customer(contacts=(first, primary)).phone_for("work") == SEQUENCE[1]
    assert make_customer(contacts=(first, other)).phone_for("work") == SEQUENCE[0]
    assert str(make_customer(contacts=(first, primary)).primary_email) == "c@d.cn"


def test_who_has_no_phone_leaves_it_to_the_next_contact():
    silent, other = Contact(name="李雷", is_primary=True), Contact(phones=(SEQUENCE[1],))
    customer = make_customer(contacts=(silent, other))
    assert customer.phone_for("work") == SEQUENCE[1]
    assert customer.primary_email is None


def mailed(*addresses, **parts):
    return Contact(emails=tuple(map(EmailAddress.parse, addresses)), **parts)


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ((mailed("a@b.cn", "c@d.cn"),), "a@b.cn"),
        ((Contact(messengers={"wechat": "wx"}), mailed("c@d.cn")), "c@d.cn"),
        ((mailed("a@b.cn"), mailed("c@d.cn", is_primary=True)), "c@d.cn"),
        ((Contact(phones=(SEQUENCE[0],)),), None),
        ((), None),
    ],
)
def test_mail_goes_to_the_first_address_of_the_first_who_has_one(contacts, expected):
    email = make_customer(contacts=contacts).primary_email
    assert email == (None if expected is None else EmailAddress.parse(expected))


def test_who_has_only_an_address_for_mail_is_not_called():
    assert make_customer(contacts=(mailed("a@b.cn"),)).phone_for("work") is None


def test_a_document_takes_from_a_customer_whom_to_reach_and_where_he_belongs():
    contact = mailed("contact@example.com", name="李雷", phones=(SEQUENCE[0],))
    customer = make_customer(
        contacts=(contact,), category="零售", sales_region="华东", payment_terms=None, tags=()
    )
    assert customer.primary_contact.name == "李雷"
    assert str(customer.primary_email) == "contact@example.com"
    assert customer.phone_for("work").international.startswith("+91 0000")
    assert (customer.category, customer.sales_region) == ("零售", "华东")
    assert (customer.payment_terms, customer.tags) == (None, ())


def test_phones_and_emails_come_contact_by_contact():
    one, other = make_customer(seed=1).contacts[0], make_customer(seed=2).contacts[0]
    customer = make_customer(contacts=(one, other))
    assert customer.phones == (*one.phones, *other.phones)
    assert customer.emails == (*one.emails, *other.emails)


def test_a_form_shows_every_field_and_nothing_where_it_is_empty():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    bare = make_customer("person", 1)
    customer = Customer(
        id=bare.id, code=CustomerCode("C1"), kind=bare.kind, name=bare.name,
        created_at=at, updated_at=at,
    )  # fmt: skip
    filled = {name for name, value in customer.raw().items() if value not in (None, [], {})}
    assert filled == {"id", "code", "kind", "name", "status", "version"}


def test_a_new_customer_alike_leaves_out_what_only_one_can_have():
    customer = make_customer(seed=3)
    left_out = customer.raw().keys() - customer.raw(as_new=True).keys()
    own_numbers = {"tax_identifiers", "identity_document", "bank_accounts"}
    assert left_out == {"id", "code", "version", "consents", *own_numbers}


def test_a_new_customer_alike_has_entries_of_its_own_and_no_account_on_its_invoice():
    raw = make_customer(seed=3, invoice_profile=PROFILE).raw(as_new=True)
    assert all("id" not in entry for entry in (*raw["contacts"], *raw["addresses"]))
    assert raw["invoice_profile"] == {
        "title": "浦江公司",
        "address": "上海",
        "phone": None,
        "invoice_type": "普票",
        "email": None,
    }


PROFILE = InvoiceProfile(
    title="浦江公司",
    tax_number="9144030071526726XG",
    address="上海",
    bank="工行",
    account="12345678",
    invoice_type="普票",
)


def test_what_a_form_shows_is_made_of_plain_things():
    assert plain(make_customer(seed=3).raw())
    assert plain(make_customer("person", 3).raw())


def plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(name) is str and plain(part) for name, part in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return type(value) in {str, int, bool, type(None)}
