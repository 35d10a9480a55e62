"""Scenarios of keys: a plain store is sealed, a sealed one goes over to new keys, in use."""

import sqlite3
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import pytest

from customer_registry import (
    CompanyPolicy,
    CustomerRegistry,
    CustomField,
    InMemoryRepository,
    Keyring,
    KeyUnavailable,
    NotPermitted,
    SQLiteRepository,
    StaleVersion,
    StorageError,
    ValidationFailed,
)
from customer_registry.operations import head, health, resealing, rotate, scrub, seal, verify
from customer_registry.repository import Key, KeyTaken, WaitingEdit
from customer_registry.testing.examples import make_customer, resident_id

ACCOUNT = "62220212345678{:05}"
CUSTOMERS = 7


def _person(seed):
    return {
        "kind": "person",
        "name": f"王芳{seed}",
        "identity_document": resident_id(seed),
        "bank_accounts": [{"bank": "中国工商银行", "number": ACCOUNT.format(seed)}],
        "custom": {"证件": f"A{seed:08}"},
    }


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(resealing, "_BATCH", 3)


@pytest.fixture
def keyring():
    return Keyring.generate()


@pytest.fixture(params=["memory", "sqlite"])
def opened(request, tmp_path):
    """Return how the store of one kind is opened, again and again with other keys."""
    kept, registries = [None], []

    def opened(keyring=None, **given):
        if request.param == "sqlite":
            store = SQLiteRepository(tmp_path / "customers.db", keyring=keyring)
        else:
            store = InMemoryRepository(keyring=keyring)
            if kept[0] is not None:
                with kept[0].read() as before, store.write() as work:
                    work.put(list(before.parts()))
            kept[0] = store
        registries.append(CustomerRegistry(repository=store, **given))
        return registries[-1]

    yield opened
    for registry in registries:
        registry.close()


@pytest.fixture
def plain(opened):
    registry = opened()
    for seed in range(CUSTOMERS):
        registry.register(_person(seed), idempotency_key=f"key-{seed}")
    return registry


@pytest.fixture
def sealed(opened, keyring):
    registry = opened(keyring)
    for seed in range(CUSTOMERS):
        registry.register(_person(seed), idempotency_key=f"key-{seed}")
    return registry


def _kept(registry):
    with registry._office.repository.read() as work:
        return b"\n".join(repr(part.content).encode() for part in work.parts())


def _expect_all(registry):
    for seed in range(CUSTOMERS):
        customer = registry.get(f"C{seed + 1:06}")
        assert str(customer.identity_document.number) == resident_id(seed)
        assert str(customer.bank_accounts[0].number) == ACCOUNT.format(seed)
        with pytest.raises(ValidationFailed):
            registry.register(_person(seed), name="又一人")


def test_a_plain_store_goes_on_plain_until_it_is_sealed(plain, opened, keyring):
    keyed = opened(keyring)
    keyed.register(_person(100))
    assert resident_id(100).encode() in _kept(keyed)
    _expect_all(keyed)


def test_a_new_store_with_keys_is_sealed_from_the_beginning(sealed):
    assert resident_id(0).encode() not in _kept(sealed)


def test_sealing_leaves_nothing_plain_and_loses_nothing(plain, opened, keyring):
    registry = opened(keyring)
    heard = []
    assert seal(registry, on_progress=lambda done, total: heard.append((done, total))) == CUSTOMERS
    assert heard == [(3, 7), (6, 7), (7, 7)]
    kept = _kept(registry)
    for seed in range(CUSTOMERS):
        assert resident_id(seed).encode() not in kept
        assert ACCOUNT.format(seed).encode() not in kept
    _expect_all(registry)
    assert verify(registry).ok
    assert registry.register(_person(3), idempotency_key="key-3").replayed


def test_sealing_leaves_nothing_in_free_pages(tmp_path, keyring):
    path = tmp_path / "customers.db"
    with CustomerRegistry(repository=SQLiteRepository(path)) as registry:
        registry.register(_person(1))
    _leave_behind(path)
    with CustomerRegistry(repository=SQLiteRepository(path, keyring=keyring)) as registry:
        seal(registry)
    assert LEFT not in path.read_bytes()


def test_a_scrubbing_leaves_nothing_in_free_pages(tmp_path):
    path = tmp_path / "customers.db"
    with CustomerRegistry(repository=SQLiteRepository(path)) as registry:
        registry.register(_person(1))
    _leave_behind(path)
    with CustomerRegistry(repository=SQLiteRepository(path)) as registry:
        scrub(registry, whole=False)
        assert LEFT in path.read_bytes(), "only what search went by is cleared"
        scrub(registry)
    assert LEFT not in path.read_bytes()


LEFT = b"written by another program"


def _leave_behind(path):
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA secure_delete = OFF")
    raw.execute("CREATE TABLE left_behind (note TEXT)")
    raw.execute("INSERT INTO left_behind VALUES (?)", (LEFT.decode() * 500,))
    raw.execute("DROP TABLE left_behind")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    assert LEFT in path.read_bytes()


def test_a_store_that_is_half_sealed_is_not_rotated(plain, opened, keyring):
    def stop(done, total):
        raise InterruptedError

    registry = opened(keyring)
    with pytest.raises(InterruptedError):
        seal(registry, on_progress=stop)
    with pytest.raises(StorageError, match="call seal first") as refused:
        rotate(registry)
    assert refused.value.first == "seal"
    seal(registry)
    assert rotate(registry) == 0


def test_the_journal_is_to_have_a_key_from_the_entry_on_that_begins_the_sealing(
    plain, opened, keyring
):
    registry = opened(keyring)
    seal(registry)
    with registry._office.repository.read() as work:
        keyed = [link.number for link in work.journal.links() if link.key_id]
        assert resealing.standing(work).keyed_from == keyed[0] == CUSTOMERS + 1


def test_what_is_sealed_is_sealed_once(plain, opened, keyring):
    registry = opened(keyring)
    seal(registry)
    before = _kept(registry)
    assert seal(registry) == 0
    assert _kept(registry) == before


def test_sealing_changes_no_version_and_tells_the_journal(plain, opened, keyring):
    registry = opened(keyring)
    seal(registry)
    customer = registry.get("C000002")
    assert customer.version == 1
    assert [each.action for each in registry.history(customer)] == ["registered", "resealed"]
    with registry._office.repository.read() as work:
        assert work.journal.of(None)[-1].action == "sealed"


def test_sealing_takes_in_custom_fields_that_the_policy_calls_sensitive_since(
    plain, opened, keyring
):
    policy = CompanyPolicy(custom_fields={"证件": CustomField(name="证件", sensitive=True)})
    seal(opened(keyring))
    registry = opened(keyring, policy=policy)
    assert seal(registry) == CUSTOMERS
    with registry._office.repository.read() as work:
        kept = [part.content[1] for part in work.parts() if part.kind == "customer"]
    assert not any(b"A0000000" in document for document in kept)
    assert registry.get("C000003").custom["证件"] == "A00000002"
    assert verify(registry).ok


def test_without_keys_nothing_is_sealed_or_rotated(plain, opened):
    with pytest.raises(KeyUnavailable):
        seal(plain)
    with pytest.raises(StorageError, match="seal first") as raised:
        rotate(plain)
    assert raised.value.first == "seal"


def test_who_may_not_seal_or_rotate_does_not(sealed):
    class Nothing:
        def permits(self, actor, action, customer):
            return action not in {"seal", "rotate"}

    registry = CustomerRegistry(repository=sealed._office.repository, access=Nothing())
    for operation in (seal, rotate):
        with pytest.raises(NotPermitted):
            operation(registry)


def test_a_store_keeps_to_its_keys_until_it_is_told_to_go_over(sealed, opened, keyring):
    newer = keyring.with_new_sealing_key().with_new_index_key()
    registry = opened(newer)
    registry.register(_person(100))
    assert newer.index[0].id.encode() not in _kept(registry)
    older = opened(keyring)
    assert str(older.get("C000008").identity_document.number) == resident_id(100)


def test_after_a_rotation_nothing_is_under_the_older_keys(sealed, opened, keyring):
    newer = keyring.with_new_sealing_key().with_new_index_key()
    registry = opened(newer)
    assert rotate(registry) == CUSTOMERS
    kept = _kept(registry)
    assert keyring.index[0].id.encode() not in kept
    _expect_all(registry)
    assert verify(registry).ok
    left = opened(newer.without_old_keys())
    _expect_all(left)
    assert verify(left).ok
    assert left.register(_person(3), idempotency_key="key-3").replayed
    late = opened(keyring)
    assert str(late.get("C000001").identity_document.number) == "****"


def _said(registry):
    with registry._office.repository.read() as work:
        return work.sealing


OTHERS = {
    "older": lambda keyring, newer: keyring,
    "foreign": lambda keyring, newer: Keyring.generate(),
    "another index key": lambda keyring, newer: attrs.evolve(newer, index=Keyring.generate().index),
    "another sealing key": lambda keyring, newer: attrs.evolve(
        newer, sealing=Keyring.generate().sealing
    ),
}


@pytest.mark.parametrize("operation", [seal, rotate])
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_keyring_that_cannot_open_a_store_moves_nothing(
    sealed, opened, keyring, operation, other
):
    newer = keyring.with_new_sealing_key().with_new_index_key()
    rotate(opened(newer))
    wrong = opened(other(keyring, newer))
    before = _kept(wrong)
    with pytest.raises(KeyUnavailable):
        operation(wrong)
    assert _kept(wrong) == before
    with pytest.raises(KeyUnavailable):
        wrong.register(_person(3), name="又一人")
    right = opened(newer)
    _expect_all(right)
    assert verify(right).ok
    assert rotate(opened(newer.with_new_index_key())) == 0


@pytest.mark.parametrize("kept", [("sealing",), ("index",), ()], ids=str)
def test_old_keys_that_go_before_the_rotation_has_begun_stop_it(sealed, opened, keyring, kept):
    newer = keyring.with_new_sealing_key().with_new_index_key()
    left = attrs.evolve(newer.without_old_keys(), **{each: getattr(newer, each) for each in kept})
    registry = opened(left)
    before = _kept(registry)
    with pytest.raises(KeyUnavailable):
        rotate(registry)
    assert _kept(registry) == before


@pytest.mark.parametrize("kept", [("sealing",), ("index",), ()], ids=str)
def test_old_keys_that_go_in_the_middle_of_a_rotation_stop_it(sealed, opened, keyring, kept):
    newer = keyring.with_new_sealing_key().with_new_index_key()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(opened(newer), on_progress=stop)
    left = attrs.evolve(newer.without_old_keys(), **{each: getattr(newer, each) for each in kept})
    registry = opened(left)
    before = _kept(registry)
    with pytest.raises(KeyUnavailable):
        rotate(registry)
    with pytest.raises(KeyUnavailable):
        registry.register(_person(6), name="又一人")
    assert _kept(registry) == before
    assert health(registry).sealed == "partly"
    again = opened(newer)
    rotate(again)
    assert health(again).sealed == "yes"
    assert verify(again).ok
    _expect_all(opened(newer.without_old_keys()))


def test_a_rotation_that_is_aimed_anew_in_its_middle_needs_the_first_keys_too(
    sealed, opened, keyring
):
    second = keyring.with_new_sealing_key().with_new_index_key()
    third = second.with_new_sealing_key().with_new_index_key()

    def stop(done, total):
        raise KeyboardInterrupt

    for newer in (second, third):
        with pytest.raises(KeyboardInterrupt):
            rotate(opened(newer), on_progress=stop)
    without_first = attrs.evolve(third, sealing=third.sealing[:2], index=third.index[:2])
    with pytest.raises(KeyUnavailable):
        rotate(opened(without_first))
    rotate(opened(third))
    left = opened(third.without_old_keys())
    _expect_all(left)
    assert verify(left).ok


@pytest.mark.parametrize(
    "kinds", [{"key"}, {"claim"}, {"key", "claim"}], ids=["key", "claim", "both"]
)
def test_an_index_whose_key_is_gone_stops_a_rotation(sealed, opened, keyring, kinds):
    """It would be left over, and its customer be registered twice."""
    registry = opened(keyring)
    with registry._office.repository.read() as work:
        parts = [
            _renamed(part, keyring.index[0].id) if part.kind in kinds else part
            for part in work.parts()
        ]
    store = InMemoryRepository(keyring=keyring)
    with store.write() as work:
        work.put(parts)
    stranger = CustomerRegistry(repository=store)
    with pytest.raises(KeyUnavailable, match="deadbeef"):
        rotate(stranger)
    assert _said(stranger) == _said(registry)


def _renamed(part, index):
    field, text, place = part.content
    return attrs.evolve(part, content=(field, text.replace(f"{index}.", "deadbeef."), place))


def test_index_keys_are_rotated_alone_and_no_envelope_changes(sealed, opened, keyring):
    registry = opened(keyring.with_new_index_key())
    assert rotate(registry) == 0
    assert keyring.index[0].id.encode() not in _kept(registry)
    _expect_all(registry)
    assert verify(registry).ok


def test_edits_that_wait_go_over_to_the_new_keys(sealed, opened, keyring):
    at = datetime(2026, 11, 24, tzinfo=UTC)
    edit = WaitingEdit(
        id=UUID(int=3),
        customer_id=sealed.get("C000001").id,
        version=1,
        actor="li.lei",
        at=at,
        until=at + timedelta(days=1),
        fields={"notes": "喜欢龙井茶"},
    )
    with sealed._office.repository.write() as work:
        work.edits.add(edit)
    newer = keyring.with_new_sealing_key()
    rotate(opened(newer))
    registry = opened(newer.without_old_keys())
    assert keyring.sealing[0].id.encode() not in _kept(registry)
    with registry._office.repository.read() as work:
        assert work.edits.of() == (edit,)


def test_a_rotation_without_new_keys_changes_nothing(sealed):
    before = _kept(sealed)
    assert rotate(sealed) == 0
    assert _kept(sealed) == before


def test_a_sealed_store_is_not_sealed_with_other_keys_but_rotated(sealed, opened, keyring):
    registry = opened(keyring.with_new_sealing_key())
    with pytest.raises(StorageError, match="rotate") as refused:
        seal(registry)
    assert refused.value.first == "rotate"


@pytest.mark.parametrize("operation", ["seal", "rotate"])
def test_an_interrupted_operation_goes_on_where_it_stopped(opened, keyring, operation, request):
    request.getfixturevalue("plain" if operation == "seal" else "sealed")
    newer = keyring.with_new_sealing_key().with_new_index_key()
    registry = opened(newer)

    def stop(done, total):
        if done >= 6:
            raise KeyboardInterrupt

    go_over = {"seal": seal, "rotate": rotate}[operation]
    with pytest.raises(KeyboardInterrupt):
        go_over(registry, on_progress=stop)
    _expect_all(registry)
    registry.update(registry.get("C000001"), short_name="小王")
    registry.update(registry.get("C000007"), short_name="小王")
    registry.register(_person(100))
    with pytest.raises(ValidationFailed):
        registry.register(_person(100))
    assert verify(registry).disagreements == () or operation == "seal"
    assert go_over(registry) == 1 if operation == "rotate" else go_over(registry) <= 1
    assert verify(registry).ok
    kept = _kept(registry)
    assert resident_id(6).encode() not in kept
    assert keyring.index[0].id.encode() not in kept
    _expect_all(registry)


def test_a_number_is_refused_in_whichever_form_its_holder_lies(opened, sealed, keyring):
    """Between two keys claims hold across both: by the store itself, not by a look before."""
    registry = opened(keyring.with_new_index_key())

    def stop(done, total):
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        rotate(registry, on_progress=stop)
    for code in ("C000001", "C000007"):
        holder = registry.get(code)
        person = make_customer("person", seed=5)
        other = attrs.evolve(person, identity_document=holder.identity_document)
        with registry._office.repository.write() as work:
            with pytest.raises(KeyTaken) as raised:
                work.customers.add(other, [Key.of(holder.identity_document)])
            assert raised.value.holder == holder


def test_others_write_and_read_while_a_file_is_sealed_and_rotated(tmp_path, keyring):
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path) as plain:
        for seed in range(40):
            plain.register(_person(seed))
    newer = keyring.with_new_sealing_key().with_new_index_key()
    stop, wrong, saved = threading.Event(), [], []

    def clerk(first):
        seed = first
        with CustomerRegistry.open(path, keyring=newer) as registry:
            while not stop.is_set():
                seed += 2
                try:
                    new = registry.register(_person(seed)).customer
                    saved.append(new)
                    mine = registry.get(f"C{seed % 40 + 1:06}")
                    registry.update(
                        mine, bank_accounts=[{"bank": "中国银行", "number": ACCOUNT.format(seed)}]
                    )
                    if registry.get(new.code) != new:
                        wrong.append(new.code)
                except StaleVersion:
                    continue
                except Exception as error:  # noqa: BLE001  any is a finding
                    wrong.append(error)
                    return

    clerks = [threading.Thread(target=clerk, args=(first,)) for first in (1000, 1001)]
    for each in clerks:
        each.start()
    try:
        with CustomerRegistry.open(path, keyring=keyring) as registry:
            seal(registry)
        with CustomerRegistry.open(path, keyring=newer) as registry:
            rotate(registry)
    finally:
        stop.set()
        for each in clerks:
            each.join()
    assert wrong == []
    assert saved
    with CustomerRegistry.open(path, keyring=newer.without_old_keys()) as registry:
        rotate(registry)
        assert verify(registry).ok
        kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
        assert keyring.index[0].id.encode() not in kept
        for customer in saved:
            number = str(customer.identity_document.number)
            assert number.encode() not in kept
            assert str(registry.get(customer.code).identity_document.number) == number


def test_health_says_how_far_a_store_is_sealed(plain, opened, keyring):
    assert health(plain).sealed == "no"
    registry = opened(keyring)
    assert health(registry).sealed == "not_yet"
    assert any("call seal" in line for line in health(registry).lines("en"))

    def stop(done, total):
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        seal(registry, on_progress=stop)
    assert health(registry).sealed == "partly"
    seal(registry)
    assert health(registry).sealed == "yes"
    assert "敏感字段已加密保存。" in health(registry).lines("zh")


def test_health_counts_the_acts_since_the_store_settled_on_its_sealing_key(sealed, opened, keyring):
    acts = head(sealed).number
    assert health(sealed).acts_under_key == acts
    indexed = keyring.with_new_index_key()
    store = opened(indexed)
    rotate(store)
    began = head(store).number
    assert health(store).acts_under_key == began > acts, "the sealing key is the same"
    newer = opened(indexed.with_new_sealing_key())
    rotate(newer)
    assert health(newer).acts_under_key == head(newer).number - began - 1
    newer.register(kind="person", name="王芳")
    assert health(newer).acts_under_key == head(newer).number - began - 1


def test_a_plain_store_has_no_key_whose_acts_are_counted(plain, opened, keyring):
    assert health(plain).acts_under_key is None
    assert health(opened(keyring)).acts_under_key is None
    before = head(plain).number
    registry = opened(keyring)
    seal(registry)
    assert health(registry).acts_under_key == head(registry).number - before - 1


def test_health_says_when_it_is_time_for_a_new_sealing_key(sealed):
    most = 2**31 // 200
    for acts, is_told in ((None, False), (most - 1, False), (most, True), (2**40, True)):
        told = attrs.evolve(health(sealed), acts_under_key=acts)
        assert any("with_new_sealing_key" in line for line in told.lines("en")) is is_told
        assert any("该更换了" in line for line in told.lines("zh")) is is_told
