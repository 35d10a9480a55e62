"""A name that was taken back is in no page of the file, used or not, nor in its WAL."""

import sqlite3

import attrs
import pytest

from customer_registry import CustomerRegistry, SQLiteRepository, StorageBusy
from customer_registry.domain.values.name import PartyName
from customer_registry.operations import verify
from customer_registry.repository import CustomerQuery
from customer_registry.testing import make_customer, make_raw

OLD, NEW = PartyName("𪚥𠔻𫜵公司"), PartyName("新名公司")
MARKS = [char.encode() for char in "𠔻𫜵"]
"""Second characters of pairs: FTS5 writes a pair as what it has beyond the single one before it."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "customers.db"


def traces(path):
    """Return how often the old name's characters stand in the file, and in its WAL."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return [sum(map((file.read_bytes() if file.exists() else b"").count, MARKS)) for file in files]


def renamed(repository, others=400):
    """Register a customer among others, and give it another name; nothing is journalled."""
    unique = make_customer(seed=1, name=OLD, short_name=None)
    with repository.write() as work:
        work.customers.add(unique)
    for seed in range(2, others):
        with repository.write() as work:
            work.customers.add(make_customer(seed=seed))
    with repository.write() as work:
        assert work.customers.replace(attrs.evolve(unique, name=NEW, version=2))


def terms(path):
    with sqlite3.connect(path) as raw:
        raw.execute(
            "CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, customer_registry_search, row)"
        )
        return {term for (term,) in raw.execute("SELECT term FROM temp.terms")}


@pytest.mark.parametrize("journal", ["auto", "delete"])
def test_nothing_is_left_of_a_name_after_scrubbing(path, journal):
    repository = SQLiteRepository(path, journal=journal)
    renamed(repository)
    assert any(traces(path))
    repository.scrub()
    assert traces(path) == [0, 0]
    with repository.read() as work:
        assert [str(each.name) for each in work.customers.search(CustomerQuery(text="新名"))
                .customers] == ["新名公司"]  # fmt: skip
        assert not work.customers.search(CustomerQuery(text="𪚥𠔻")).customers
        assert work.customers.count(CustomerQuery(text="贸易")) > 20
    repository.close()
    assert traces(path) == [0, 0]
    assert not {term for term in terms(path) if set(term) & set("𪚥𠔻𫜵")}


def test_without_scrubbing_the_same_judge_finds_the_name(path):
    repository = SQLiteRepository(path)
    renamed(repository)
    repository.close()
    assert traces(path)[0] > 0


def test_without_overwriting_the_same_judge_finds_the_name(path):
    """Merging alone leaves the words in pages that are free."""
    repository = SQLiteRepository(path)
    repository._connections.writer().execute("PRAGMA secure_delete = OFF")
    renamed(repository)
    repository.scrub()
    repository.close()
    assert traces(path)[0] > 0


@pytest.mark.parametrize("journal", ["auto", "delete"])
def test_writing_the_file_anew_leaves_all_that_counts_and_nothing_else(path, journal):
    with CustomerRegistry(repository=SQLiteRepository(path, journal=journal)) as registry:
        customer = registry.register(kind="organization", name="甲公司").customer
        registry.update(customer, short_name="甲")
        for seed in range(30):
            registry.register(make_raw(seed=seed))
        before = list(registry.search(limit=100))
        registry._office.repository.scrub(whole=True)
        assert list(registry.search(limit=100)) == before
        assert registry.register(kind="person", name="王芳").customer.code.text == "C000032"
        assert verify(registry).ok
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA freelist_count").fetchone()[0] < 3
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_scrubbing_says_so_when_somebody_goes_on_reading_what_was_there(path):
    repository = SQLiteRepository(path, busy_timeout=0.2)
    renamed(repository, others=20)
    with repository.read() as work:
        assert work.customers.count(CustomerQuery()) == 19
        with pytest.raises(StorageBusy, match="reads"):
            repository.scrub()
    repository.scrub()
    assert traces(path) == [0, 0]
    repository.close()


def test_scrubbing_twice_or_an_empty_store_is_no_fault(path):
    repository = SQLiteRepository(path)
    for _ in range(2):
        repository.scrub()
    renamed(repository, others=20)
    for _ in range(2):
        repository.scrub()
    with repository.read() as work:
        assert work.customers.count(CustomerQuery()) == 19
    repository.close()
