"""A journal bent in every way by who can write to the file: what is found, and what it takes."""

import random
import sqlite3
from contextlib import closing

import pytest

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.domain.journal import GENESIS, Head, Link
from customer_registry.operations import rotate, seal, verify
from customer_registry.operations.following import Following
from customer_registry.operations.head import head
from customer_registry.sealing.keyring import Keyring

SEED = 20261124
COLUMNS = ("customer", "chain", "salt", "body", "body_digest", "digest")
KEYS = Keyring.generate()
PUT_BACK = "INSERT INTO customer_registry_journal VALUES (?, ?, ?, ?, ?, ?, ?)"
ENTRIES = """
SELECT seq, customer, chain, salt, body, body_digest, digest
FROM customer_registry_journal ORDER BY seq
"""


class Bent:
    """A store with a journal of seven entries, and the hands of who writes to its file."""

    def __init__(self, path, keyring):
        self.path, self.keyring = path, keyring
        with self.opened() as registry:
            for seed in range(4):
                customer = registry.register(kind="person", name=f"王{'芳伟娜静'[seed]}").customer
                if seed:
                    registry.update(customer, grade="A")
            self.head = head(registry)
        with closing(sqlite3.connect(path)) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                raw.execute(f"DROP TRIGGER {name}")
            raw.commit()
        self.raw = sqlite3.connect(path, isolation_level=None)
        self.repository = SQLiteRepository(path, keyring=keyring)

    def opened(self):
        return CustomerRegistry(repository=SQLiteRepository(self.path, keyring=self.keyring))

    def rows(self):
        return self.raw.execute(
            "SELECT seq, customer, chain, salt, body, body_digest, digest"
            " FROM customer_registry_journal ORDER BY seq"
        ).fetchall()

    def put(self, rows):
        """Let other rows stand in the place of the journal."""
        self.raw.execute("BEGIN")
        self.raw.execute("DELETE FROM customer_registry_journal")
        self.raw.executemany(
            "INSERT INTO customer_registry_journal VALUES (?, ?, ?, ?, ?, ?, ?)", rows
        )
        self.raw.execute("COMMIT")

    def found(self, *heads):
        """Return the codes of what following the journal finds."""
        told = []
        with self.repository.read() as work:
            Following(work, told.append, heads).follow(lambda *_: None)
        return {each.code for each in told}

    def close(self):
        self.raw.close()
        self.repository.close()


@pytest.fixture(scope="module", params=["plain", "keyed"])
def made(request, tmp_path_factory):
    keyring = KEYS if request.param == "keyed" else None
    store = Bent(tmp_path_factory.mktemp(request.param) / "customers.db", keyring)
    yield store
    store.close()


@pytest.fixture
def store(made):
    """The store as it was made, whatever the test does to it."""
    rows = made.rows()
    yield made
    made.put(rows)


@pytest.fixture
def plain(tmp_path):
    store = Bent(tmp_path / "customers.db", None)
    yield store
    store.close()


@pytest.fixture
def keyed(tmp_path):
    store = Bent(tmp_path / "customers.db", KEYS)
    yield store
    store.close()


def rewritten(rows, key=None):
    """The journal with the second entry said to be somebody else's, all digests made anew."""
    links, previous = [], GENESIS
    for number, _, _, salt, body, _, _ in rows:
        said = body.replace(b'"system"', b'"nobody"') if number == 2 else body
        link = Link.after(previous, number=number, customer_id=None, body=said, salt=salt, key=key)
        links.append(link)
        previous = link.digest
    return [
        (each.number, None, each.chain, each.salt, each.body, each.body_digest, each.digest)
        for each in links
    ]


def test_a_journal_as_it_was_written_is_sound(store):
    assert store.found(store.head) == set()
    assert len(store.rows()) == store.head.number == 7


@pytest.mark.parametrize("column", COLUMNS)
def test_no_byte_of_an_entry_is_changed_unseen(store, column):
    chance = random.Random(SEED)  # noqa: S311  a reproducible choice
    read = f"SELECT seq, CAST({column} AS BLOB) FROM customer_registry_journal"  # noqa: S608  ours
    kind = "TEXT" if column == "chain" else "BLOB"
    write = f"UPDATE customer_registry_journal SET {column} = CAST(? AS {kind}) WHERE seq = ?"  # noqa: S608  as above
    unseen = []
    for seq, whole in store.raw.execute(read).fetchall():
        for at, byte in enumerate(whole):
            bent = whole[:at] + bytes([byte ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
            store.raw.execute(write, (bent, seq))
            if not store.found():
                unseen.append((seq, at))
        store.raw.execute(write, (whole, seq))
    assert unseen == [], f"seed {SEED}"


def test_the_flipping_would_see_a_byte_that_nothing_covers(store):
    """The control: a column of the same table that is not covered by any digest."""
    store.raw.execute("UPDATE customer_registry_customers SET checksum = checksum + 1")
    assert store.found(store.head) == set()
    store.raw.execute("UPDATE customer_registry_customers SET checksum = checksum - 1")


@pytest.mark.parametrize("first", range(7))
@pytest.mark.parametrize("second", range(7))
def test_no_two_entries_change_places_unseen(store, first, second):
    rows = store.rows()
    if first == second:
        return
    contents = [row[1:] for row in rows]
    contents[first], contents[second] = contents[second], contents[first]
    store.put([(number, *content) for number, content in enumerate(contents, 1)])
    assert "journal.broken" in store.found()


@pytest.mark.parametrize("gone", range(7))
def test_no_entry_goes_unseen_beside_a_head(store, gone):
    rows = store.rows()
    store.put([row for row in rows if row[0] != gone + 1])
    assert store.found(store.head)
    renumbered = [row[1:] for row in rows if row[0] != gone + 1]
    store.put([(number, *content) for number, content in enumerate(renumbered, 1)])
    assert store.found(store.head)


@pytest.mark.parametrize("kept", range(7))
def test_a_journal_that_was_cut_is_found_by_its_head_and_by_nothing_else(store, kept):
    store.put(store.rows()[:kept])
    assert store.found(store.head) >= {"journal.rolled_back"}
    assert store.found() == set()  # the control: the chain itself says nothing


@pytest.mark.parametrize("at", range(7))
def test_an_entry_that_comes_twice_is_found(store, at):
    rows = store.rows()
    contents = [row[1:] for row in rows]
    contents.insert(at, contents[at])
    store.put([(number, *content) for number, content in enumerate(contents, 1)])
    assert "journal.broken" in store.found()


def test_the_journal_of_another_registry_is_found_by_the_head(store, tmp_path):
    other = Bent(tmp_path / "other.db", store.keyring)
    store.put(other.rows())
    other.close()
    assert "journal.rewritten" in store.found(store.head)


def test_the_tail_of_another_registry_is_found(store, tmp_path):
    other = Bent(tmp_path / "other.db", store.keyring)
    store.put([*store.rows()[:4], *other.rows()[4:]])
    other.close()
    assert "journal.broken" in store.found()


def test_a_plain_journal_written_anew_is_found_by_its_head_alone(plain):
    plain.put(rewritten(plain.rows()))
    assert plain.found() == set()  # the control: everybody can make these digests
    assert plain.found(plain.head) == {"journal.rewritten"}


def test_a_keyed_journal_written_anew_without_the_key_is_found_without_a_head(keyed):
    keyed.put(rewritten(keyed.rows()))
    assert keyed.found() == {"journal.unkeyed"}


@pytest.mark.parametrize("word", ["stays", "goes"])
def test_nor_does_an_honest_entry_with_the_key_behind_it_excuse_it(keyed, word):
    keyed.put(rewritten(keyed.rows()))
    if word == "goes":
        keyed.raw.execute("UPDATE customer_registry_meta SET sealing = NULL")
    number, _, _, salt, body, _, previous = keyed.rows()[-1]
    key = KEYS.sealer(keyed.repository.identity).journal_key()
    link = Link.after(
        previous, number=number + 1, customer_id=None, body=body, salt=salt, key=(key.id, key.key)
    )
    honest = (link.number, None, link.chain, salt, body, link.body_digest, link.digest)
    keyed.put([*keyed.rows(), honest])
    assert "journal.unkeyed" in keyed.found()


def test_who_seals_a_store_vouches_for_the_journal_before(tmp_path):
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path) as registry:
        registry.register(kind="person", name="王芳")
    with CustomerRegistry.open(path, keyring=KEYS) as registry:
        registry.register(kind="person", name="李娜")
        assert codes(registry) == {"journal.unkeyed"}
        seal(registry)
        assert codes(registry) == set()
        registry.register(kind="person", name="张伟")
        rotate(registry)
        assert codes(registry) == set()
    with closing(sqlite3.connect(path)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            raw.execute(f"DROP TRIGGER {name}")
        rows = raw.execute(ENTRIES).fetchall()
        bent = [*rewritten(rows[:2]), *rows[2:]]
        raw.execute("DELETE FROM customer_registry_journal")
        raw.executemany(PUT_BACK, bent)
        raw.commit()
    with CustomerRegistry.open(path, keyring=KEYS) as registry:
        assert "journal.broken" in codes(registry)


def codes(registry):
    return {each.code for each in verify(registry).disagreements}


def test_a_keyed_journal_written_anew_with_another_key_is_found(keyed):
    named = keyed.rows()[0][2].partition(":")[2]
    keyed.put(rewritten(keyed.rows(), (named, bytes(32))))
    assert "journal.broken" in keyed.found()


def test_who_has_the_key_is_found_by_the_head_alone(keyed):
    key = KEYS.sealer(keyed.repository.identity).journal_key()
    keyed.put(rewritten(keyed.rows(), (key.id, key.key)))
    assert keyed.found() == set()  # the control
    assert keyed.found(keyed.head) == {"journal.rewritten"}


def test_a_keyed_journal_with_a_plain_tail_is_found(keyed):
    rows = keyed.rows()
    number, customer, _, salt, body, _, _ = rows[-1]
    link = Link.after(rows[-2][6], number=number, customer_id=None, body=body, salt=salt)
    keyed.put([*rows[:-1], (number, None, link.chain, salt, body, link.body_digest, link.digest)])
    assert customer is not None
    assert keyed.found() == {"journal.unkeyed"}


def test_without_the_key_a_body_that_was_changed_is_still_found(keyed):
    keyed.raw.execute("UPDATE customer_registry_journal SET body = x'00' WHERE seq = 3")
    with SQLiteRepository(keyed.path).read() as work:
        told = []
        Following(work, told.append).follow(lambda *_: None)
    assert {each.code for each in told} == {
        "journal.broken",
        "journal.unreadable",
        "journal.unverified",
    }


@pytest.mark.parametrize("keyring", [None, KEYS], ids=["plain", "keyed"])
def test_a_copy_of_yesterday_is_found_by_todays_head(tmp_path, keyring):
    with CustomerRegistry.open(tmp_path / "customers.db", keyring=keyring) as registry:
        registry.register(kind="person", name="王芳")
        then = head(registry)
        with (
            closing(sqlite3.connect(tmp_path / "customers.db")) as raw,
            closing(sqlite3.connect(tmp_path / "yesterday.db")) as copy,
        ):
            raw.backup(copy)
        registry.register(kind="person", name="赵敏")
        today = head(registry)
    yesterday = CustomerRegistry(
        repository=SQLiteRepository(tmp_path / "yesterday.db", keyring=keyring)
    )
    assert verify(yesterday, head=then).ok
    (told,) = verify(yesterday, head=today).disagreements
    assert told.code == "journal.rolled_back"
    assert told.where.startswith("after entry 1: 1 missing")


def test_many_heads_tell_where_a_journal_was_written_anew(plain):
    rows = plain.rows()
    heads = [Head(number=row[0], digest=row[6], at=plain.head.at) for row in rows]
    told = []
    plain.put([*rows[:4], *rewritten(rows)[4:]])
    with plain.repository.read() as work:
        Following(work, told.append, heads).follow(lambda *_: None)
    where = [each.where for each in told if each.code == "journal.rewritten"]
    assert where == ["between entry 5 and entry 5"]
