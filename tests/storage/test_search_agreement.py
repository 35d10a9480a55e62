"""Memory and SQLite give the same answers, whatever customers hold and people type."""

from datetime import UTC, datetime, timedelta
from random import Random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry.domain.customer import CustomerStatus
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.repository import CustomerQuery, keys_of
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.testing import make_customer

LETTERS = '华恒贸易〇䶮𠀀王芳aAbzßÅıK0129 ._-"*()^:+&§·（）Ⅷﬁé\u0301がخ😀\ue000'
FEW = "华恒贸"
WORDS = [f"w{number}x" for number in range(30)]
HOSTILE = [
    '"', "*", "a*", '"a" OR "b"', "NEAR(a b)", "tokens:a", "^a", "-a", "{a}", "a AND NOT b", "';--",
    "\x00", "a\x00b", "\ud800", "华\ud800恒", "\u202e", "§everyone", "§kind§", "%", "_", "\\",
    "华" * 3000, "ab " * 3000, "a" * 100_000, "王恒华贸易" * 50, "C0000", "c000001", "138 0000",
]  # fmt: skip


def written(chance, longest=12):
    return "".join(chance.choices(LETTERS, k=chance.randint(1, longest)))


def near(chance):
    """Return Han text of which much holds the same pairs in another order."""
    return "".join(chance.choices(FEW, k=chance.randint(3, 40)))


def far(chance):
    """Return Han text of many different pairs."""
    return "".join(chr(0x4E00 + chance.randrange(5000)) for _ in range(60))


def invented(seed):
    chance = Random(seed)  # noqa: S311  a test's own chance
    customer = make_customer(chance.choice(["person", "organization"]), seed)
    try:
        name = PartyName.parse(written(chance), customer.kind)
    except InvalidValue:
        name = customer.name
    common = PhoneNumber.parse(f"1370000000{seed % 5}")
    contact = attrs.evolve(customer.contacts[0], phones=(*customer.contacts[0].phones, common))
    return attrs.evolve(
        customer,
        contacts=(contact,),
        name=chance.choice([name, customer.name]),
        short_name=chance.choice([None, written(chance), near(chance), far(chance)]),
        foreign_name=chance.choice([None, written(chance, 30), " ".join(chance.sample(WORDS, 28))]),
        tags=tuple({written(chance, 3) for _ in range(chance.randint(0, 3))}),
        owner=chance.choice([None, "li.lei", written(chance, 4)]),
        status=chance.choice(list(CustomerStatus)),
    )


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Both stores after the same hundred customers, every third of them edited."""
    sqlite = SQLiteRepository(tmp_path_factory.mktemp("agreement") / "customers.db")
    memory = InMemoryRepository()
    for store in (memory, sqlite):
        with store.write() as work:
            for seed in range(100):
                work.customers.add(invented(seed), ())
            for seed in range(0, 100, 3):
                fresh = invented(seed + 1000)
                old = invented(seed)
                edited = attrs.evolve(fresh, id=old.id, code=old.code, version=2)
                assert work.customers.replace(edited)
    yield memory, sqlite
    sqlite.close()


def pages(store, query):
    """Return the customers of every page, and where each page ended."""
    told, ends = [], []
    with store.read() as work:
        while True:
            found = work.customers.search(query)
            told.append([str(customer.code) for customer in found.customers])
            ends.append(found.last)
            if found.last is None:
                return told, ends
            query = attrs.evolve(query, before=found.last)


def agree(stores, query):
    memory, sqlite = (pages(store, query) for store in stores)
    assert sqlite == memory
    return memory


@st.composite
def typed_texts(draw):
    """Parts of what customers are called, joined, with hostile signs between them."""
    seed = draw(st.integers(0, 99))
    customer = invented(seed)
    whole = draw(
        st.sampled_from(
            [str(customer.name), customer.short_name or "", customer.foreign_name or "",
             str(customer.code), *map(str, customer.phones), *map(str, customer.emails)]
        )
    )  # fmt: skip
    start = draw(st.integers(0, max(0, len(whole) - 1)))
    part = whole[start : start + draw(st.integers(1, 8))]
    return part + draw(st.sampled_from(["", "", " ", "*", '"', "\ud800", "a", "华"]))


MOMENTS = st.integers(0, 86_400).map(  # of the day on which examples are registered
    lambda seconds: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=seconds)
)
QUERIES = st.builds(
    CustomerQuery,
    text=st.one_of(typed_texts(), st.text(LETTERS, max_size=6), st.text(max_size=8)),
    kind=st.sampled_from([None, None, "person", "organization", "\ud800"]),
    status=st.sampled_from([None, None, *CustomerStatus]),
    grade=st.sampled_from([None, None, "A", "a", "Z"]),
    owner=st.sampled_from([None, None, "li.lei", "LI.LEI", "'"]),
    tags=st.frozensets(st.sampled_from(["重点", "年框", "会员", "a", "§"]), max_size=1),
    region=st.sampled_from([None, None, None, "上海", "上海市", "\ud800"]),
    sales_region=st.sampled_from([None, None, "华东", "_"]),
    department=st.sampled_from([None, None, None, "销售一部"]),
    custom=st.dictionaries(st.just("门店数"), st.sampled_from([1, 2, "1"]), max_size=1),
    created_from=st.none() | MOMENTS,
    created_before=st.none() | MOMENTS,
    updated_from=st.none() | MOMENTS,
    limit=st.integers(1, 30),
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(query=QUERIES)
def test_memory_and_sqlite_find_the_same(stores, query):
    agree(stores, query)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_hostile_text_finds_the_same(stores, text):
    agree(stores, CustomerQuery(text=text))


def test_the_queries_find_somebody_often_enough_to_mean_something(stores):
    found = sum(
        bool(agree(stores, CustomerQuery(text=str(invented(seed).name)[:3]))[0][0])
        for seed in range(1, 100, 3)
    )
    assert found >= 30


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=st.text(FEW, min_size=3, max_size=6), limit=st.integers(1, 3))
def test_a_long_phrase_has_to_stand_whole_in_both(stores, text, limit):
    agree(stores, CustomerQuery(text=text, limit=limit))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(chosen=st.lists(st.sampled_from(WORDS), min_size=20, unique=True))
def test_every_word_of_a_long_text_has_to_be_met_in_both(stores, chosen):
    agree(stores, CustomerQuery(text=" ".join(chosen)))


def test_more_pairs_than_the_index_is_asked_for_have_to_be_met_in_both(stores):
    memory, _ = stores
    with memory.read() as work:
        texts = [customer.short_name or "" for _, customer in work.customers.iterate()]
    for text in (text for text in texts if len(text) == 60):
        pairs = [text[at : at + 2] for at in range(0, 60, 2)]
        for missing in ("", "王王", "鿿鿿", "一丁"):
            agree(stores, CustomerQuery(text=" ".join([*pairs, missing])))


def test_exact_keys_find_the_same(stores):
    for seed in range(100):
        for key in keys_of(invented(seed)):
            answers = []
            for store in stores:
                with store.read() as work:
                    answers.append(work.customers.holding(key))
            assert answers[0] == answers[1]


def test_the_tokens_of_an_edited_customer_leave_no_trace(stores):
    """Only customers that hold a token now are found by it, nobody by a version gone by."""
    _, sqlite = stores
    with sqlite.read() as work:
        for _, customer in work.customers.iterate():
            for text in {str(customer.name), customer.short_name or ""}:
                for found in work.customers.search(CustomerQuery(text=text, limit=100)).customers:
                    assert work.customers.get(found.id) == found
        names = {str(invented(seed).name) for seed in range(0, 100, 3)}
        kept = {str(customer.name) for _, customer in work.customers.iterate()}
        for name in names - kept:
            for found in work.customers.search(CustomerQuery(text=name)).customers:
                assert str(found.name) in kept
