"""How a customer is written down and read: with keys, without them, and while a store is sealed."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import pytest

from customer_registry import Keyring, KeyUnavailable, StorageCorrupt, TamperedRecord
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.masked import SensitiveText
from customer_registry.repository import Key, WaitingEdit, keys_of
from customer_registry.sealing.sealer import UNSEALED
from customer_registry.storage.confided import edit_sealed, edits_unlike
from customer_registry.storage.record import Records, opened, recorded
from customer_registry.storage.standing import Standing, founded
from customer_registry.testing import make_customer, resident_id

IDENTITY = UUID(int=5)
AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def keyring():
    return Keyring.generate()


@pytest.fixture
def sealer(keyring):
    return keyring.sealer(IDENTITY)


@pytest.fixture
def records(sealer):
    return Records.of(sealer, founded(sealer))


@pytest.fixture
def without_keys(sealer):
    return Records.of(UNSEALED, founded(sealer))


@pytest.fixture
def wang():
    return make_customer(
        "person",
        seed=5,
        bank_accounts=(),
        invoice_profile=None,
        tax_identifiers=(),
        identity_document=IdentityDocument.parse(resident_id(5)),
    )


def identity_key(customer):
    (key,) = (each for each in keys_of(customer) if each.field == "identity_document")
    return key


def while_sealing(sealer, keys):
    sealing, index = sealer.newest
    said = Standing(phase="sealing", sealing=sealing, index=index).written(sealer)
    return Records.of(keys, said)


def test_who_has_no_key_edits_a_store_that_is_being_sealed_and_plain_values_stay(sealer):
    customer = make_customer(
        "person", seed=5, custom={"证件": SensitiveText("A12345678"), "门店": "城西"}
    )
    records = while_sealing(sealer, UNSEALED)
    edited = attrs.evolve(customer, grade="B", version=2)
    document = records.recorded(edited, recorded(customer).document).document
    assert opened(document) == edited
    assert type(opened(document).custom["证件"]) is SensitiveText


def test_who_has_no_key_finds_a_plain_customer_while_a_store_is_sealed(sealer, wang):
    records = while_sealing(sealer, UNSEALED)
    assert records.traces(wang) == records.keys(wang)
    assert Key("code", wang.code.text) in records.claimed(wang, ())


def test_who_has_no_key_claims_a_code_and_no_number_again(without_keys, wang):
    code, number = Key("code", wang.code.text), identity_key(wang)
    assert without_keys.claimed(wang, [number]) == {code: code}


def test_a_number_alone_put_in_plainly_is_refused(records, wang):
    assert records.opened(records.recorded(wang).document) == wang
    with pytest.raises(TamperedRecord, match="not sealed"):
        records.opened(recorded(wang).document)


def test_a_settled_store_is_asked_for_a_number_once(keyring, wang):
    rotated = keyring.with_new_index_key()
    sealer = rotated.sealer(IDENTITY)
    settled = Records.of(sealer, founded(sealer))
    key = identity_key(wang)
    assert settled.sought(key) == (settled.written(key),)
    assert len(while_sealing(sealer, sealer).sought(key)) == 3, "under both keys, and plainly"


def test_a_person_has_his_numbers_blind_and_a_company_its_own_plainly(records):
    both = make_customer(seed=1, identity_document=IdentityDocument.parse(resident_id(5)))
    number = Key.of(both.tax_identifiers[0])
    assert {number, identity_key(both)} <= keys_of(both)
    assert number in records.keys(both)
    assert identity_key(both) not in records.keys(both)


@pytest.mark.parametrize(
    "bent",
    [
        {"more": 1},
        {"sealed": 1},
        {"version": 0},
        {"version": -1},
        {"version": 2**63},
        {"version": True},
        {"version": "1"},
        {"version": None},
    ],
    ids=str,
)
def test_what_is_no_envelope_is_a_damaged_document(records, wang, bent):
    document = json.loads(records.recorded(wang).document)
    document["identity_document"]["number"].update(bent)
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    assert b'{"sealed":' in written
    with pytest.raises(StorageCorrupt):
        records.opened(written)


def test_a_record_shows_nothing_of_its_customer(records, wang):
    assert repr(records.recorded(wang)) == "Record()"


def waiting(wang):
    return WaitingEdit(
        id=UUID(int=3),
        customer_id=wang.id,
        actor="li.lei",
        version=1,
        at=AT,
        until=AT + timedelta(days=1),
        fields={"notes": "喜欢龙井茶"},
    )


def test_an_edit_under_a_key_that_nobody_named_is_told_to_who_has_keys(records, without_keys, wang):
    other = Keyring.generate().sealer(IDENTITY)
    edit = edit_sealed(waiting(wang), Records.of(other, founded(other)))
    (told,) = edits_unlike([edit], records)
    assert (told.code, told.where) == ("edit.unopened", f"edit {edit.id}")
    assert list(edits_unlike([edit], without_keys)) == []
    assert list(edits_unlike([edit_sealed(waiting(wang), records)], records)) == []


def test_a_store_that_is_founded_with_keys_has_them_from_its_first_entry(records):
    assert records.standing.keyed_from == 1


def test_a_store_that_does_not_say_since_when_says_nothing(sealer):
    standing = while_sealing(sealer, sealer).standing
    assert (standing.keyed_from, standing.entry, standing.former) == (None, 0, ())


def test_a_new_store_is_sealed_with_the_newest_key(keyring):
    rotated = keyring.with_new_sealing_key()
    proof = rotated.sealer(IDENTITY).proof("a word")
    assert proof == rotated.without_old_keys().sealer(IDENTITY).proof("a word")
    assert proof != keyring.sealer(IDENTITY).proof("a word")


def test_a_word_of_other_keys_is_not_proven(records, keyring, wang):
    other = Keyring.generate().sealer(IDENTITY)
    read = Records.of(other, records.standing.written(keyring.sealer(IDENTITY)))
    assert not read.seals
    with pytest.raises(KeyUnavailable):
        read.written(identity_key(wang))
