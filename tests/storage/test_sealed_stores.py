"""Sealed stores: what lies in them, who can read it, and what is found when it is bent."""

import json
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import closing
from copy import deepcopy
from itertools import permutations

import attrs
import pytest

from customer_registry import (
    Actor,
    CompanyPolicy,
    CustomerCode,
    CustomerRegistry,
    CustomField,
    InMemoryRepository,
    Keyring,
    KeyUnavailable,
    Masked,
    NotPermitted,
    SQLiteRepository,
    StorageCorrupt,
    TamperedRecord,
    ValidationFailed,
    operations,
)
from customer_registry.domain.values.masked import SensitiveText
from customer_registry.repository import CustomerQuery, Key, Part, keys_of
from customer_registry.testing.examples import make_customer, make_raw, resident_id

ID, OTHER_ID = resident_id(1), resident_id(2)
ACCOUNT = "6222021234567890128"
POLICY = CompanyPolicy(custom_fields={"证件": CustomField(name="证件", sensitive=True)})
PERSON = {
    "kind": "person",
    "name": "王芳",
    "identity_document": ID,
    "tax_identifiers": [ID],
    "bank_accounts": [
        {"bank": "中国工商银行", "number": ACCOUNT},
        {"bank": "中国银行", "number": "6217001234567890120"},
    ],
    "invoice_profile": {"title": "王芳", "account": ACCOUNT, "tax_number": ID},
    "custom": {"证件": "A12345678"},
}
COMPANY = {**make_raw(seed=1), "custom": None, "bank_accounts": None}
COMPANY["invoice_profile"] = {"title": COMPANY["name"], "tax_number": "91120101000079193M"}
SECRETS = (ID, ACCOUNT, "6217001234567890120", "A12345678")


@pytest.fixture(params=["memory", "sqlite"])
def make_store(request, tmp_path):
    """Return how a store of one kind is made, the same file again by the same name."""
    stores = []

    def make(name, keyring=None):
        if request.param == "memory":
            stores.append(InMemoryRepository(keyring=keyring))
        else:
            stores.append(SQLiteRepository(tmp_path / f"{name}.db", keyring=keyring))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def keyring():
    return Keyring.generate()


@pytest.fixture
def store(make_store, keyring):
    return make_store("sealed", keyring)


@pytest.fixture
def registry(store):
    return CustomerRegistry(repository=store, policy=POLICY)


@pytest.fixture
def customer(registry):
    return registry.register(PERSON).customer


@pytest.fixture
def copy_of(make_store):
    """Return how a store is copied into another one, with a change to its parts."""
    names = iter("abcdefghijklmnopqrstuvwxyz" * 50)

    def copy_of(store, keyring, change=lambda part: part):
        with store.read() as work:
            parts = [change(part) for part in work.parts()]
        copy = make_store(f"copy-{next(names)}-{len(parts)}-{id(parts)}", keyring)
        with copy.write() as work:
            work.put(parts)
        return copy

    return copy_of


def _documents(store):
    with store.read() as work:
        return [json.loads(part.content[1]) for part in work.parts() if part.kind == "customer"]


def _bending(change):
    """Return a change of parts that lets a function change each document."""

    def bend(part):
        if part.kind != "customer":
            return part
        document = json.loads(part.content[1])
        change(document)
        written = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return Part("customer", (part.content[0], written))

    return bend


def _said(store):
    with store.read() as work:
        return work.sealing


def _saying(change):
    """Return a change of parts that lets a store say something else of how it is sealed."""

    def say(part):
        if part.kind != "meta":
            return part
        identity, said, last = part.content
        return Part("meta", (identity, change(said), last))

    return say


def _cells(document):
    """Return the ways to all the envelopes of a document."""

    def ways(value, way):
        if isinstance(value, dict) and "sealed" in value:
            yield way
        elif isinstance(value, dict):
            for key, each in value.items():
                yield from ways(each, (*way, key))
        elif isinstance(value, list):
            for at, each in enumerate(value):
                yield from ways(each, (*way, at))

    return list(ways(document, ()))


def _at(document, way):
    for step in way:
        document = document[step]
    return document


def _put(document, way, value):
    _at(document, way[:-1])[way[-1]] = value


def test_a_sealed_customer_comes_back_whole(registry, customer):
    again = registry.get(customer.code)
    assert again == customer
    assert isinstance(again.custom["证件"], SensitiveText)
    assert again.custom["证件"] == "A12345678"


def test_no_sensitive_value_lies_in_any_part_of_a_sealed_store(store, customer):
    with store.read() as work:
        kept = repr([part.content for part in work.parts()])
    assert customer.name.text in kept
    assert [secret for secret in SECRETS if secret in kept] == []


def test_the_control_finds_every_value_in_a_store_without_keys(make_store):
    plain = make_store("plain")
    CustomerRegistry(repository=plain, policy=POLICY).register(PERSON)
    with plain.read() as work:
        kept = repr([part.content for part in work.parts()])
    assert [secret for secret in SECRETS if secret not in kept] == []


def test_every_sensitive_field_is_sealed_with_the_version_that_wrote_it(store, customer):
    (document,) = _documents(store)
    assert _cells(document) == [
        ("tax_identifiers", 0, "number"),
        ("identity_document", "number"),
        ("bank_accounts", 0, "number"),
        ("bank_accounts", 1, "number"),
        ("invoice_profile", "tax_number"),
        ("invoice_profile", "account"),
        ("custom", "证件"),
    ]
    assert {_at(document, way)["version"] for way in _cells(document)} == {1}


def test_a_companys_own_tax_number_is_public_and_stays_readable(store, registry):
    company = registry.register(COMPANY).customer
    (document,) = _documents(store)
    number = str(company.tax_identifiers[0].number)
    assert document["tax_identifiers"][0]["number"] == number
    assert registry.find(tax_identifier=number) == (company,)


def test_an_edit_keeps_the_envelopes_of_what_did_not_change(store, registry, customer):
    (before,) = _documents(store)
    registry.update(
        customer, name="王小芳", bank_accounts=[{"bank": "中国银行", "number": ACCOUNT}]
    )
    (after,) = _documents(store)
    assert after["identity_document"] == before["identity_document"]
    assert after["custom"] == before["custom"]
    assert after["bank_accounts"][0]["number"]["version"] == 2


def test_equal_numbers_are_found_and_refused_though_only_digests_are_kept(registry, customer):
    assert registry.find(tax_identifier=ID) == (customer,)
    with pytest.raises(ValidationFailed) as raised:
        registry.register(kind="person", name="李雷", identity_document=ID)
    assert "identity.duplicate" in {issue.code for issue in raised.value.report.issues}
    assert registry.register(kind="person", name="李雷", identity_document=OTHER_ID)


def test_a_number_is_held_by_the_store_itself_in_whichever_form_it_lies(store):
    person = make_customer("person", seed=1)
    claims = keys_of(person)
    number = next(key for key in claims if key.field == "identity_document")
    with store.write() as work:
        work.customers.add(person, claims)
    for other in (make_customer("person", seed=2), make_customer(seed=3)):
        with pytest.raises(Exception, match="is taken") as raised, store.write() as work:
            work.customers.add(
                attrs.evolve(other, identity_document=person.identity_document), [number]
            )
        assert raised.value.key == number
        assert raised.value.holder == person


def test_a_number_that_an_edit_drops_is_free_again(registry, customer):
    registry.update(customer, identity_document=None, tax_identifiers=None)
    assert registry.find(tax_identifier=ID) == ()
    assert registry.register(kind="person", name="李雷", identity_document=ID)
    assert operations.verify(registry).ok


def test_a_sealed_store_agrees_with_itself(registry, customer):
    registry.register(COMPANY)
    registry.update(customer, name="王小芳")
    assert operations.verify(registry).disagreements == ()


# Without the key.


@pytest.fixture
def keyless(store, customer, copy_of):
    return CustomerRegistry(repository=copy_of(store, None), policy=POLICY)


def test_without_the_key_sealed_fields_show_a_mask_and_all_others_are_read(keyless, customer):
    seen = keyless.get(customer.code)
    assert seen.name == customer.name
    assert seen.identity_document.number == Masked("****")
    assert [each.number for each in seen.bank_accounts] == [Masked("****")] * 2
    assert [each.bank for each in seen.bank_accounts] == ["中国工商银行", "中国银行"]
    assert seen.custom["证件"] == Masked("****")
    assert not keyless.search(ID).customers


def test_without_the_key_all_other_fields_are_edited_and_the_envelopes_stay(
    keyless, customer, copy_of, keyring
):
    store = keyless._office.repository
    (before,) = _documents(store)
    saved = keyless.update(keyless.get(customer.code), name="王小芳", phone="13800138000")
    (after,) = _documents(store)
    assert saved.version == 2
    ways = _cells(before)
    assert [_at(after, way) for way in ways] == [_at(before, way) for way in ways]
    keyed = CustomerRegistry(repository=copy_of(store, keyring), policy=POLICY)
    whole = keyed.get(customer.code)
    assert whole.name.text == "王小芳"
    assert whole.identity_document == customer.identity_document
    assert whole.bank_accounts == customer.bank_accounts
    assert keyed.find(tax_identifier=ID) == (whole,)


def test_without_the_key_the_form_of_a_customer_comes_back_unchanged(keyless, customer):
    seen = keyless.get(customer.code)
    assert keyless.update(seen, seen.raw()).version == 1
    assert keyless.update(seen, {**seen.raw(), "name": "王小芳"}).version == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"identity_document": OTHER_ID},
        {"identity_document": None},
        {"tax_identifiers": None},
        {"tax_identifiers": [OTHER_ID]},
        {"bank_accounts": [{"bank": "中国银行", "number": ACCOUNT}]},
        {"invoice_profile": {"title": "王芳", "account": ACCOUNT}},
    ],
    ids=str,
)
def test_without_the_key_no_sensitive_value_is_written_or_dropped_blindly(keyless, customer, typed):
    before = _documents(keyless._office.repository)
    with pytest.raises(KeyUnavailable):
        keyless.update(keyless.get(customer.code), typed)
    assert _documents(keyless._office.repository) == before


def test_without_the_key_a_bank_account_may_go(keyless, customer, copy_of, keyring):
    saved = keyless.update(keyless.get(customer.code), bank_accounts=[])
    assert saved.customer.bank_accounts == ()
    keyed = CustomerRegistry(repository=copy_of(keyless._office.repository, keyring))
    assert keyed.get(customer.code).bank_accounts == ()


def test_without_the_key_whoever_has_sensitive_values_is_not_registered(keyless):
    with pytest.raises(KeyUnavailable):
        keyless.register(kind="person", name="李雷", identity_document=OTHER_ID)
    assert keyless.register(kind="person", name="李雷").customer.name.text == "李雷"
    assert keyless.register(COMPANY).customer.tax_identifiers


def test_without_the_key_a_sealed_store_is_verified_as_far_as_that_goes(keyless):
    told = {each.code for each in operations.verify(keyless).disagreements}
    assert told <= {"journal.unverified"}


def test_another_keyring_reads_as_none_and_writes_nothing(store, customer, copy_of):
    stranger = CustomerRegistry(repository=copy_of(store, Keyring.generate()), policy=POLICY)
    seen = stranger.get(customer.code)
    assert seen.identity_document.number == Masked("****")
    for write in (
        lambda: stranger.update(seen, name="王小芳"),
        lambda: stranger.register(kind="person", name="李雷"),
    ):
        with pytest.raises(KeyUnavailable):
            write()
    assert stranger.get(customer.code).version == 1


def test_verify_tells_of_a_keyring_that_lacks_the_keys_of_the_store(
    store, customer, copy_of, keyring
):
    lacking = attrs.evolve(keyring, index=Keyring.generate().index)
    told = operations.verify(CustomerRegistry(repository=copy_of(store, lacking)))
    assert [each.code for each in told.disagreements] == ["store.unopened"]


def test_an_attempt_is_refused_as_ever_by_a_keyring_that_may_not_write_it_down(
    store, customer, copy_of
):
    class Nothing:
        def permits(self, actor, action, customer):
            return action != "register"

    stranger = CustomerRegistry(
        repository=copy_of(store, Keyring.generate()), access=Nothing(), policy=POLICY
    )
    with pytest.raises(NotPermitted):
        stranger.register(kind="person", name="李雷")


# Bent by somebody who can write to the store.


def _accepts(copy, customer, wrong):
    """Return whether a store gives out a customer with a wrong value, and says nothing."""
    try:
        return CustomerRegistry(repository=copy).get(customer.code) != customer or wrong
    except (TamperedRecord, StorageCorrupt):
        return False


def test_no_cell_takes_the_envelope_of_another_one(store, registry, customer, copy_of, keyring):
    (document,) = _documents(store)
    accepted = []
    for here, there in permutations(_cells(document), 2):

        def move(bent, here=here, there=there):
            _put(bent, here, deepcopy(_at(bent, there)))

        if _accepts(copy_of(store, keyring, _bending(move)), customer, wrong=True):
            accepted.append((here, there))
    assert accepted == []


def test_no_cell_takes_the_envelope_of_another_customer(
    store, registry, customer, copy_of, keyring
):
    other = {**PERSON, "name": "李雷", "identity_document": OTHER_ID, "tax_identifiers": [OTHER_ID]}
    registry.register(other)
    first, second = _documents(store)
    accepted = []
    for way in _cells(first):

        def swap(bent, way=way):
            if bent["id"] == first["id"]:
                _put(bent, way, _at(second, way))

        if _accepts(copy_of(store, keyring, _bending(swap)), customer, wrong=True):
            accepted.append(way)
    assert accepted == []


def test_no_cell_says_another_version_of_itself(store, customer, copy_of, keyring):
    (document,) = _documents(store)
    for way in _cells(document):

        def age(bent, way=way):
            _at(bent, way)["version"] += 1

        assert not _accepts(copy_of(store, keyring, _bending(age)), customer, wrong=True)


def test_a_plain_value_put_in_the_place_of_an_envelope_is_refused(
    store, customer, copy_of, keyring
):
    plain = {"custom": {"sensitive": "B7654321"}}
    (document,) = _documents(store)
    for way in _cells(document):

        def put(bent, way=way):
            _put(bent, way, plain.get(way[0], "6222021234567890128"))

        copy = copy_of(store, keyring, _bending(put))
        with pytest.raises(TamperedRecord):
            CustomerRegistry(repository=copy).get(customer.code)


def test_an_old_envelope_put_back_is_found_by_verify(store, registry, customer, copy_of, keyring):
    (old,) = _documents(store)
    registry.update(customer, bank_accounts=[{"bank": "中国银行", "number": "6222020000000000003"}])

    def put_back(bent):
        bent["bank_accounts"][0] = old["bank_accounts"][0]

    replayed = CustomerRegistry(repository=copy_of(store, keyring, _bending(put_back)))
    codes = {each.code for each in operations.verify(replayed).disagreements}
    assert "customer.replaced" in codes
    sound = CustomerRegistry(repository=copy_of(store, keyring))
    assert operations.verify(sound).ok


def test_a_store_that_says_it_is_not_sealed_gives_out_no_envelope(
    store, customer, copy_of, keyring
):
    def unsay(part):
        return (
            Part("meta", (part.content[0], None, part.content[2])) if part.kind == "meta" else part
        )

    copy = copy_of(store, keyring, unsay)
    with pytest.raises(TamperedRecord):
        CustomerRegistry(repository=copy).get(customer.code)


@pytest.mark.parametrize("typed", [PERSON, COMPANY], ids=["with envelopes", "without"])
def test_a_store_that_was_sealed_takes_nothing_when_it_does_not_say_so_any_more(
    store, registry, copy_of, keyring, typed
):
    registry.register(typed)
    bare = CustomerRegistry(repository=copy_of(store, keyring, _saying(lambda said: None)))
    with pytest.raises(TamperedRecord):
        bare.register(kind="person", name="李雷", identity_document=OTHER_ID)
    with bare._office.repository.read() as work:
        assert OTHER_ID not in repr([part.content for part in work.parts()])
    codes = [each.code for each in operations.verify(bare).disagreements]
    assert codes[0] == "store.unsealed"


def test_a_store_sealed_later_takes_nothing_when_it_does_not_say_so_any_more(
    make_store, copy_of, keyring
):
    plain = make_store("plain")
    CustomerRegistry(repository=plain).register(COMPANY)
    later = copy_of(plain, keyring)
    before = _said(later)
    assert operations.verify(CustomerRegistry(repository=plain)).ok
    operations.seal(CustomerRegistry(repository=later))
    assert before is None
    bare = CustomerRegistry(repository=copy_of(later, keyring, _saying(lambda said: None)))
    with pytest.raises(TamperedRecord):
        bare.register(kind="person", name="李雷", identity_document=OTHER_ID)
    assert "store.unsealed" in {each.code for each in operations.verify(bare).disagreements}


def test_a_plain_store_with_keys_goes_on_though_its_entries_are_keyed(make_store, copy_of, keyring):
    plain = make_store("plain")
    CustomerRegistry(repository=plain).register(COMPANY)
    keyed = CustomerRegistry(repository=copy_of(plain, keyring))
    keyed.register(PERSON)
    again = CustomerRegistry(repository=copy_of(keyed._office.repository, keyring))
    assert again.register(kind="person", name="李雷").customer.code.text == "C000003"


def test_a_standing_that_was_put_back_is_told_and_nothing_is_written(make_store, copy_of, keyring):
    plain = make_store("plain")
    CustomerRegistry(repository=plain).register(PERSON)
    later, seen = copy_of(plain, keyring), []
    registry = CustomerRegistry(repository=later)
    operations.seal(registry, on_progress=lambda done, total: seen.append(_said(later)))
    assert operations.verify(registry).ok
    replayed = CustomerRegistry(repository=copy_of(later, keyring, _saying(lambda said: seen[0])))
    codes = [each.code for each in operations.verify(replayed).disagreements]
    assert codes == ["store.sealed_before"]
    with pytest.raises(TamperedRecord):
        replayed.register(kind="person", name="李雷")


def test_an_envelope_under_a_key_that_nobody_has_is_no_mask(store, customer, copy_of, keyring):
    def rename(bent):
        cell = bent["bank_accounts"][0]["number"]
        content = bytearray(urlsafe_b64decode(cell["sealed"] + "=" * (-len(cell["sealed"]) % 4)))
        content[2:10] = b"deadbeef"
        cell["sealed"] = urlsafe_b64encode(bytes(content)).decode().rstrip("=")

    copy = copy_of(store, keyring, _bending(rename))
    registry = CustomerRegistry(repository=copy, policy=POLICY)
    with pytest.raises(KeyUnavailable, match="deadbeef"):
        registry.get(customer.code)
    with pytest.raises(KeyUnavailable):
        operations.rotate(registry)
    told = operations.verify(registry).disagreements
    assert [each.code for each in told] == ["customer.unopened"]
    keyless = CustomerRegistry(repository=copy_of(copy, None), policy=POLICY)
    assert keyless.get(customer.code).bank_accounts[0].number == Masked("****")


WAITING = CompanyPolicy.loads('[approval]\nfields = ["bank_accounts"]')


@pytest.fixture
def waiting(store):
    """Return the id of an edit of a bank account that waits for a second person."""
    clerk = CustomerRegistry(repository=store, policy=WAITING).acting_as(Actor("clerk"))
    customer = clerk.register(kind="person", name="王芳").customer
    return clerk.update(customer, bank_accounts=[{"bank": "中国银行", "number": ACCOUNT}]).waiting


_PLAIN_EDIT = '{"bank_accounts":[{"bank":"中国银行","number":"6228480402564890018"}]}'.encode()


@pytest.mark.parametrize(
    ("at", "other"),
    [
        (3, "boss"),
        (4, "2020-01-01T00:00:00.000000+00:00"),
        (5, "2099-01-01T00:00:00.000000+00:00"),
        (6, _PLAIN_EDIT),
    ],
    ids=["actor", "at", "until", "plain"],
)
def test_an_edit_that_waits_is_bound_to_who_submitted_it_and_until_when(  # noqa: PLR0917  fixtures
    store, waiting, copy_of, keyring, at, other
):
    def alter(part):
        if part.kind != "pending":
            return part
        return Part("pending", (*part.content[:at], other, *part.content[at + 1 :]))

    altered = copy_of(store, keyring, alter)
    registry = CustomerRegistry(repository=altered, policy=WAITING)
    for boss in ("boss", "other"):
        with pytest.raises(TamperedRecord):
            operations.approve(registry.acting_as(Actor(boss)), waiting)
    assert "edit.altered" in {each.code for each in operations.verify(registry).disagreements}
    sound = CustomerRegistry(repository=copy_of(store, keyring), policy=WAITING)
    assert operations.verify(sound).ok
    receipt = operations.approve(sound.acting_as(Actor("boss")), waiting)
    assert str(receipt.customer.bank_accounts[0].number) == ACCOUNT


def test_nobody_without_the_key_says_that_a_store_is_half_sealed(store, customer, copy_of, keyring):
    def say(part):
        if part.kind != "meta":
            return part
        said = part.content[1].replace("sealed ", "sealing ", 1)
        return Part("meta", (part.content[0], said, part.content[2]))

    with pytest.raises(TamperedRecord):
        CustomerRegistry(repository=copy_of(store, keyring, say)).get(customer.code)


def test_bent_envelopes_are_told_by_verify_customer_by_customer(
    store, registry, customer, copy_of, keyring
):
    registry.register(COMPANY)

    def bend(bent):
        if "identity_document" in bent:
            cell = bent["identity_document"]["number"]
            cell["sealed"] = cell["sealed"][:-2] + ("AA" if cell["sealed"][-2:] != "AA" else "QQ")

    told = operations.verify(CustomerRegistry(repository=copy_of(store, keyring, _bending(bend))))
    assert "customer.altered" in {each.code for each in told.disagreements}


def test_a_sealed_store_travels_sealed_and_is_read_at_once(store, customer, copy_of, keyring):
    copy = copy_of(store, keyring)
    assert copy.identity == store.identity
    assert _documents(copy) == _documents(store)
    assert CustomerRegistry(repository=copy).get(customer.code) == customer


def test_a_receipt_keeps_the_salt_of_its_digest_sealed(store, registry):
    first = registry.register(PERSON, idempotency_key="k1")
    assert registry.register(PERSON, idempotency_key="k1").replayed
    with store.read() as work:
        (part,) = (part for part in work.parts() if part.kind == "receipt")
        assert work.receipts.get("system", "k1").customer_id == first.customer.id
        assert len(work.receipts.get("system", "k1").salt) < len(part.content[2])
    assert part.content[2].startswith(b"sealed:")


def _retried(store):
    """Return the customer that a retry of the request `k1` is answered with."""
    registry = CustomerRegistry(repository=store, policy=POLICY)
    return registry.register(PERSON, idempotency_key="k1").customer.code.text


def _planting(store, change):
    """Return a change of parts that lets the receipt `k1` be of the customer C000002."""
    with store.read() as work:
        other = work.customers.by_code(CustomerCode("C000002")).id

    def plant(part):
        if part.kind != "receipt":
            return part
        actor, key, salt, digest, _, *rest = part.content
        return Part("receipt", (actor, key, *change(salt, digest), other.bytes, *rest))

    return plant


@pytest.fixture
def two(make_store, keyring):
    """Return stores with two customers each, sealed and without keys: one came with a key."""
    stores = make_store("two-sealed", keyring), make_store("two-plain")
    for each in stores:
        registry = CustomerRegistry(repository=each, policy=POLICY)
        registry.register(PERSON, idempotency_key="k1")
        registry.register(kind="person", name="李娜")
    return stores


@pytest.mark.parametrize("form", ["as it was sealed", "plain", "cut"])
def test_a_planted_receipt_answers_nobody_and_is_told(two, copy_of, keyring, form):
    sealed, plain = two
    with plain.read() as work:
        whole = work.receipts.get("system", "k1")

    def change(salt, digest):
        return {
            "as it was sealed": (salt, digest),
            "plain": (whole.salt, whole.digest),
            "cut": (salt[:-4], digest),
        }[form]

    planted = copy_of(sealed, keyring, _planting(sealed, change))
    with pytest.raises(TamperedRecord):
        _retried(planted)
    found = operations.verify(CustomerRegistry(repository=planted, policy=POLICY)).disagreements
    assert [(each.code, each.where) for each in found] == [("receipt.altered", "system: k1")]
    sound = copy_of(sealed, keyring)
    assert _retried(sound) == "C000001"
    assert operations.verify(CustomerRegistry(repository=sound, policy=POLICY)).ok


def test_the_control_answers_with_whomever_a_receipt_names_where_nothing_is_sealed(two, copy_of):
    _, plain = two
    planted = copy_of(plain, None, _planting(plain, lambda *kept: kept))
    assert _retried(planted) == "C000002"
    assert operations.verify(CustomerRegistry(repository=planted, policy=POLICY)).ok


def test_a_planted_receipt_is_not_sealed_by_a_rotation(two, copy_of, keyring):
    sealed, plain = two
    with plain.read() as work:
        whole = work.receipts.get("system", "k1")
    newer = keyring.with_new_sealing_key()
    change = _planting(sealed, lambda *_: (whole.salt, whole.digest))
    registry = CustomerRegistry(repository=copy_of(sealed, newer, change), policy=POLICY)
    operations.rotate(registry)
    assert {each.code for each in operations.verify(registry).disagreements} == {"receipt.altered"}


@pytest.mark.parametrize("value", ["B7654321", {"decimal": "7654321"}, {"date": "2026-11-24"}, 7])
def test_a_plain_value_in_the_place_of_a_sealed_custom_text_is_read_by_nobody(
    store, customer, copy_of, keyring, value
):
    def put(bent):
        bent["custom"]["证件"] = value

    registry = CustomerRegistry(repository=copy_of(store, keyring, _bending(put)), policy=POLICY)
    with registry._office.repository.read() as work:
        readers = (
            lambda: work.customers.get(customer.id),
            lambda: work.customers.by_code(customer.code),
            lambda: work.customers.holding(Key.of(customer.tax_identifiers[0])),
            lambda: list(work.customers.iterate()),
            lambda: work.customers.search(CustomerQuery()),
        )
        read = [each for each in readers if not _refused(each)]
    assert read == [], "every reader refuses"
    assert "customer.replaced" in {each.code for each in operations.verify(registry).disagreements}


def _refused(read):
    try:
        read()
    except TamperedRecord:
        return True
    return False


def test_a_custom_text_that_was_never_sensitive_is_read_beside_sealed_ones(
    store, registry, customer, copy_of, keyring
):
    fields = {**POLICY.custom_fields, "备注": CustomField(name="备注")}
    policy = CompanyPolicy(custom_fields=fields)
    registry = CustomerRegistry(repository=store, policy=policy)
    registry.update(customer, custom={"证件": "A12345678", "备注": "老客户"})
    sound = CustomerRegistry(repository=copy_of(store, keyring), policy=policy)
    assert dict(sound.get(customer.code).custom) == {"证件": "A12345678", "备注": "老客户"}
    assert operations.verify(sound).ok

    def put(bent):
        bent["custom"]["备注"] = "新客户"

    bent = CustomerRegistry(repository=copy_of(store, keyring, _bending(put)), policy=policy)
    with pytest.raises(TamperedRecord):
        bent.get(customer.code)


def test_a_sensitive_custom_field_is_not_searched_by_or_journalled(store, registry, customer):
    entry = registry.history(customer)[0]
    (change,) = (each for each in entry.changes if each.path == "custom.证件")
    assert change.hidden
    assert change.after is None
    with store.read() as work:
        assert not work.customers.holding(Key("custom", "A12345678"))


def test_a_sensitive_custom_text_stays_so_for_a_registry_without_the_policy(store, customer):
    other = CustomerRegistry(repository=store)
    seen = other.get(customer.code)
    saved = other.update(seen, {**seen.raw(), "custom": {"证件": "B7654321"}}).customer
    assert isinstance(saved.custom["证件"], SensitiveText)
    assert isinstance(other.get(customer.code).custom["证件"], SensitiveText)


def test_a_sealed_file_is_found_by_all_its_numbers_after_it_was_indexed_anew(tmp_path, keyring):
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path, keyring=keyring, policy=POLICY) as registry:
        registry.register(PERSON)
        registry.register(COMPANY)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE customer_registry_meta SET grams = 1")
    CustomerRegistry.open(path, migrate=True).close()
    with CustomerRegistry.open(path, keyring=keyring, policy=POLICY) as registry:
        assert [str(each.code) for each in registry.find(tax_identifier=ID)] == ["C000001"]
        assert operations.verify(registry).ok


@pytest.mark.parametrize("wrong", ["", "sealed", "sealed a b c d", "melted 1 2 3"])
def test_a_store_that_does_not_say_how_it_is_sealed_is_damaged(
    store, customer, copy_of, keyring, wrong
):
    def say(part):
        if part.kind != "meta":
            return part
        return Part("meta", (part.content[0], wrong, part.content[2]))

    with pytest.raises(StorageCorrupt):
        CustomerRegistry(repository=copy_of(store, keyring, say)).get(customer.code)


def test_a_file_that_was_sealed_does_not_become_plain_under_a_running_process(tmp_path, keyring):
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path, keyring=keyring, policy=POLICY) as registry:
        customer = registry.register(kind="person", name="王芳").customer
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("UPDATE customer_registry_meta SET sealing = NULL")
        with pytest.raises(TamperedRecord):
            registry.get(customer.code)
        with pytest.raises(TamperedRecord):
            registry.register(PERSON)
