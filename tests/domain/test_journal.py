import hmac
from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import CustomerCode, InvoiceProfile, PaymentTerms, TaxIdentifier
from customer_registry.domain.journal import (
    CHAIN,
    GENESIS,
    Change,
    JournalEntry,
    Link,
    body_digest,
    changes,
    digest,
    keyed,
)
from customer_registry.domain.values.custody import Custody, Hold
from customer_registry.testing import make_customer, resident_id

SOMEBODY = UUID(int=7)


def chain(*bodies: bytes) -> list[Link]:
    links: list[Link] = []
    for number, body in enumerate(bodies, 1):
        previous = links[-1].digest if links else GENESIS
        links.append(
            Link.after(previous, number=number, customer_id=SOMEBODY, body=body, salt=b"salt")
        )
    return links


def test_a_chain_as_written_holds():
    first, second = chain(b"one", b"two")
    assert first.holds(GENESIS)
    assert second.holds(first.digest)


def test_every_link_names_the_format_of_its_chain():
    assert {link.chain for link in chain(b"one", b"two")} == {CHAIN}


@pytest.mark.parametrize(
    "bent",
    [
        {"body": b"2wo"},
        {"salt": b"tlas"},
        {"number": 3},
        {"about": b""},
        {"about": UUID(int=8).bytes},
        {"chain": "sha256-0"},
        {"body_digest": bytes(32)},
        {"digest": bytes(32)},
    ],
    ids=lambda bent: f"{next(iter(bent))}",
)
def test_a_link_bent_anywhere_does_not_hold(bent):
    first, second = chain(b"one", b"two")
    assert not attrs.evolve(second, **bent).holds(first.digest)


def test_a_link_does_not_hold_in_another_place():
    _, second = chain(b"one", b"two")
    assert not second.holds(GENESIS)


def test_an_erased_body_leaves_the_chain_whole():
    first, second = chain(b"one", b"two")
    erased = attrs.evolve(first, body=None, salt=None)
    assert erased.holds(GENESIS)
    assert second.holds(erased.digest)


def test_a_link_with_a_body_and_no_salt_holds_nothing():
    (link,) = chain(b"one")
    assert not attrs.evolve(link, salt=None).holds(GENESIS)
    assert not attrs.evolve(link, body=None).holds(GENESIS)
    assert attrs.evolve(link, body=None, salt=None).holds(GENESIS)


def test_an_erased_body_cannot_hide_another_digest():
    (link,) = chain(b"one")
    assert not attrs.evolve(link, body=None, salt=None, body_digest=bytes(32)).holds(GENESIS)


def test_a_link_shows_neither_body_nor_salt():
    (link,) = chain(b"secret body")
    assert "secret" not in repr(link)
    assert "salt" not in repr(link)


@given(st.binary(max_size=20), st.binary(max_size=20), st.binary(max_size=20))
def test_salt_and_body_cannot_trade_bytes(salt, moved, body):
    same = body_digest(salt + moved, body) == body_digest(salt, moved + body)
    assert same is (moved == b"")


def test_an_entry_about_nobody_is_not_one_about_somebody():
    about = SOMEBODY.bytes
    assert digest(GENESIS, CHAIN, 1, b"", b"x") != digest(GENESIS, CHAIN, 1, about, b"x")


def test_the_digest_of_a_chain_is_the_one_released_first():
    (link,) = chain("正文".encode())
    assert link.digest.hex() == PINNED


PINNED = "e71a0d781ea1b1077e88e8c4bc942e0e24be63bc8c3f30e84b7fa3228f6668b3"


def test_a_new_customer_changes_from_nothing():
    told = changes(None, make_customer("person", 3))
    assert {change.before for change in told} == {None}
    assert "name" in {change.path for change in told}


def test_a_customer_that_stays_as_it_is_changes_nothing():
    assert changes(make_customer(seed=3), make_customer(seed=3)) == ()


def test_the_version_is_no_change():
    customer = make_customer(seed=3)
    assert changes(customer, attrs.evolve(customer, version=2)) == ()


def test_a_changed_field_tells_what_it_was_and_became():
    before = make_customer(seed=3, grade="A")
    assert changes(before, attrs.evolve(before, grade="B")) == (Change("grade", "A", "B"),)


def test_a_cleared_field_became_nothing():
    before = make_customer(seed=3, grade="A")
    assert changes(before, attrs.evolve(before, grade=None)) == (Change("grade", "A", None),)


def test_a_change_shows_nothing_of_what_it_was():
    assert repr(Change("owner", "李雷", "韩梅梅")) == "Change(path='owner', hidden=False)"


def named(**fields):
    customer = make_customer(seed=3)
    entries = {name: getattr(customer, name)[0] for name in fields}
    return attrs.evolve(
        customer,
        **{name: (attrs.evolve(entries[name], **parts),) for name, parts in fields.items()},
    )


def test_an_entry_is_told_by_its_id_and_part_by_part():
    before = named(contacts={"id": "1-1", "title": "经理"})
    after = named(contacts={"id": "1-1", "title": "总监"})
    assert changes(before, after) == (Change("contacts.1-1.title", "经理", "总监"),)


def test_the_id_of_an_entry_is_its_name_and_no_part():
    told = changes(None, named(contacts={"id": "1-1"}))
    paths = {change.path for change in told if change.path.startswith("contacts.")}
    assert paths
    assert all(path.startswith("contacts.1-1.") for path in paths)
    assert "contacts.1-1.id" not in paths


def test_terms_of_payment_are_told_as_a_whole():
    before = make_customer(seed=3, payment_terms=PaymentTerms.parse("票到30天"))
    after = attrs.evolve(before, payment_terms=PaymentTerms.parse("票到60天"))
    (told,) = changes(before, after)
    assert told.path == "payment_terms"
    assert (told.before, told.after) == tuple(
        each.raw()["payment_terms"] for each in (before, after)
    )


def test_entries_that_change_places_are_told():
    one, other = make_customer(seed=1).contacts[0], make_customer(seed=2).contacts[0]
    one, other = attrs.evolve(one, id="1-1"), attrs.evolve(other, id="1-2")
    before = make_customer(contacts=(one, other))
    told = changes(before, attrs.evolve(before, contacts=(other, one)))
    assert told == (Change("contacts", ["1-1", "1-2"], ["1-2", "1-1"]),)


def test_one_entry_alone_has_no_order():
    one = make_customer(seed=1).contacts[0]
    told = changes(None, make_customer(contacts=(one,), addresses=(), bank_accounts=()))
    assert "contacts" not in {change.path for change in told}


def test_a_hold_and_a_restriction_are_told_without_their_reasons():
    before = make_customer(seed=3)
    held = attrs.evolve(
        before, custody=Custody(hold=Hold(reason="案号 118", until=date(2027, 1, 31)))
    )
    open_end = attrs.evolve(before, custody=Custody(hold=Hold(reason="案号 118")))
    restricted = attrs.evolve(before, custody=Custody(restricted="本人异议"))
    assert changes(before, held) == (Change("custody.hold", None, "2027-01-31"),)
    assert changes(before, open_end) == (Change("custody.hold", None, True),)  # noqa: FBT003  the value
    assert changes(before, restricted) == (Change("custody.restricted", None, True),)  # noqa: FBT003  as above


def test_an_entry_that_goes_is_told_part_by_part():
    before = named(addresses={"id": "1-1", "postal_code": "100083"})
    told = changes(before, attrs.evolve(before, addresses=()))
    assert Change("addresses.1-1.postal_code", "100083", None) in told
    assert {change.after for change in told} == {None}


def test_a_bank_account_number_shows_only_that_it_changed():
    before = named(bank_accounts={"id": "1-1", "number": "6222021234567890"})
    after = named(bank_accounts={"id": "1-1", "number": "6222021234567891"})
    assert changes(before, after) == (Change("bank_accounts.1-1.number", hidden=True),)


def test_an_identity_number_shows_only_that_it_changed():
    before, after = (
        make_customer(
            "person", 3, identity_document=make_customer("person", seed).identity_document
        )
        for seed in (3, 4)
    )
    assert changes(before, after) == (Change("identity_document.number", hidden=True),)


@pytest.mark.parametrize("part", ["account", "tax_number"])
def test_numbers_on_an_invoice_show_only_that_they_changed(part):
    before, after = (
        make_customer(seed=3, invoice_profile=InvoiceProfile(**{part: number}))
        for number in ("123456789", "987654321")
    )
    assert changes(before, after) == (Change(f"invoice_profile.{part}", hidden=True),)


def test_a_company_tax_number_is_told_with_its_scheme():
    before = make_customer(seed=3, tax_identifiers=())
    number = make_customer(seed=3).tax_identifiers[0]
    after = attrs.evolve(before, tax_identifiers=(number,))
    told = {"scheme": "cn.uscc", "number": str(number)}
    assert changes(before, after) == (Change("tax_identifiers.0", None, told),)


def test_a_person_tax_number_shows_only_that_it_came():
    before = make_customer("person", 3, tax_identifiers=())
    number = TaxIdentifier.parse(resident_id(3), kind="person")
    told = changes(before, attrs.evolve(before, tax_identifiers=(number,)))
    assert told == (Change("tax_identifiers.0", hidden=True),)


@pytest.mark.parametrize("kind", ["person", "organization"])
@pytest.mark.parametrize("seed", range(5))
def test_the_changes_of_a_new_customer_hold_no_sensitive_value(kind, seed):
    customer = make_customer(kind, seed)
    told = str([(change.before, change.after) for change in changes(None, customer)])
    assert str(customer.bank_accounts[0].number) not in told
    assert customer.identity_document is None or str(customer.identity_document) not in told
    assert customer.invoice_profile is None or customer.invoice_profile.account not in told


def test_custom_fields_are_told_one_by_one():
    before = make_customer(custom={"门店数": 3, "区": "东"})
    after = attrs.evolve(before, custom={"门店数": 4, "区": "东"})
    assert changes(before, after) == (Change("custom.门店数", 3, 4),)


@pytest.mark.parametrize("value", [0, False, Decimal(0)], ids=repr)
def test_nothing_at_all_is_told_apart_from_zero_and_no(value):
    before = make_customer(custom={"门店数": 3})
    after = attrs.evolve(before, custom={"门店数": value})
    (told,) = changes(before, after)
    assert told.before == 3
    assert told.after == after.raw()["custom"]["门店数"]


def test_a_contact_that_is_not_the_primary_one_tells_nothing_of_it():
    before = named(contacts={"id": "1-1", "is_primary": True})
    after = named(contacts={"id": "1-1", "is_primary": False})
    assert changes(before, after) == (Change("contacts.1-1.is_primary", True, None),)  # noqa: FBT003  the value that was


def test_another_code_or_parent_is_a_change():
    before = make_customer(seed=3)
    after = attrs.evolve(before, parent=CustomerCode("C1"))
    assert changes(before, after) == (Change("parent", None, "C1"),)


def test_an_entry_shows_no_reason():
    at = make_customer().created_at
    entry = JournalEntry(at=at, actor="li.lei", action="status_changed", reason="欠款三个月")
    assert "欠款" not in repr(entry)
    assert entry.number == 0, "none before it is written"


KEY = ("k1", b"key" * 11)


def test_a_keyed_link_names_its_key_and_holds_with_it_alone():
    link = Link.after(GENESIS, number=1, customer_id=SOMEBODY, body=b"one", salt=b"salt", key=KEY)
    assert (link.chain, link.key_id) == ("hmac-sha256-1:k1", "k1")
    assert link.holds(GENESIS, keyed(KEY[1]))
    assert not link.holds(GENESIS, keyed(b"another key"))
    assert not link.holds(GENESIS)


def test_a_plain_link_has_no_key_and_holds_with_none():
    (link,) = chain(b"one")
    assert link.key_id is None
    assert not link.holds(GENESIS, keyed(KEY[1]))


def test_a_plain_link_that_calls_itself_keyed_does_not_hold():
    (link,) = chain(b"one")
    called = "hmac-sha256-1:k1"
    claimed = digest(GENESIS, called, 1, SOMEBODY.bytes, link.body_digest)
    bent = attrs.evolve(link, chain=called, digest=claimed)
    assert not bent.holds(GENESIS)
    assert not bent.holds(GENESIS, keyed(KEY[1]))


def test_a_chain_of_an_unknown_format_does_not_hold():
    (link,) = chain(b"one")
    claimed = digest(GENESIS, "sha256-9", 1, SOMEBODY.bytes, link.body_digest)
    assert not attrs.evolve(link, chain="sha256-9", digest=claimed).holds(GENESIS)


def test_a_keyed_digest_is_the_hmac_of_what_a_plain_one_covers():
    parts = (b"hmac-sha256-1:k1", GENESIS, (1).to_bytes(8, "big"), SOMEBODY.bytes, bytes(32))
    covered = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    expected = hmac.digest(KEY[1], covered, "sha256")
    about = SOMEBODY.bytes
    assert digest(GENESIS, "hmac-sha256-1:k1", 1, about, bytes(32), keyed(KEY[1])) == expected


@given(st.binary(max_size=150), st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_what_hashes_with_a_key_makes_the_hmac_of_whatever_it_is_given(key, contents):
    hashing = keyed(key)
    assert [hashing(each) for each in contents] == [
        hmac.digest(key, each, "sha256") for each in contents
    ]


@given(st.binary(max_size=40), st.text(max_size=40), st.binary(max_size=20), st.binary(max_size=40))
def test_a_digest_covers_every_part_behind_its_length(previous, chain, about, committed):
    parts = (chain.encode(), previous, (7).to_bytes(8, "big"), about, committed)
    covered = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    assert digest(previous, chain, 7, about, committed) == sha256(covered).digest()


def test_whether_a_body_is_as_committed_needs_no_key():
    link = Link.after(GENESIS, number=1, customer_id=None, body=b"one", salt=b"salt", key=KEY)
    assert link.is_committed
    assert attrs.evolve(link, body=None, salt=None).is_committed
    assert not attrs.evolve(link, body=b"two").is_committed
    assert not attrs.evolve(link, salt=None).is_committed
