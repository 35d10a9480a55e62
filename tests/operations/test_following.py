"""A journal followed link by link: what is told, where, and what ends it."""

from datetime import UTC, datetime
from uuid import UUID

import attrs
import pytest

from customer_registry import Change, Head, JournalEntry
from customer_registry.domain.errors import KeyUnavailable, StorageBusy, StorageCorrupt
from customer_registry.domain.journal import GENESIS
from customer_registry.operations.following import Following, LastWritten
from customer_registry.sealing.sealer import JournalKey
from customer_registry.storage.chaining import Chain
from customer_registry.storage.standing import Standing
from customer_registry.storage.wire import Act

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


class Keys:
    """One journal key, or none."""

    lacks = None

    def __init__(self, key_id=None):
        self.key_id = key_id

    def journal_key(self, key_id=None):
        asked = key_id or self.key_id
        return asked and JournalKey(asked, asked.encode() * 16)

    def settled(self, sealing, index):
        return self

    def must_have(self, ids):
        if self.lacks in ids:
            raise KeyUnavailable(self.lacks)

    def proof(self, said):
        return f"proof-of-{said}".replace(" ", "-")


def sealed_since(number):
    """Return how a store says that its journal has a key from an entry on."""
    standing = Standing(phase="sealed", sealing="s", index="i", keyed_from=number)
    return standing.written(Keys())


class Journal:
    """A journal as a store gives it, with what cannot be read of it."""

    def __init__(self, links, *, keys=None, unreadable=(), headless=False, error=StorageCorrupt):
        self.stored, self.unreadable, self.headless = links, set(unreadable), headless
        self.keys, self.error = keys or Keys(), error
        self.chain = Chain(bytes, self.keys)

    @property
    def is_keyed(self):
        return self.chain.is_keyed

    def holds(self, link, previous):
        return self.chain.holds(link, previous)

    def head(self):
        if self.headless:
            raise self.error("the head")
        return (self.stored[-1].number, self.stored[-1].digest) if self.stored else (0, GENESIS)

    def links(self, after=0):
        for link in self.stored:
            if link.number > after:
                if link.number in self.unreadable:
                    raise self.error(f"entry {link.number}")
                yield link


class Edits:
    def __init__(self, *waiting):
        self.waiting = waiting

    def listed(self):
        return self.waiting


@attrs.frozen
class Work:
    journal: Journal
    sealing: str | None = None
    edits: Edits = attrs.field(factory=Edits)

    @property
    def sealer(self):
        return self.journal.keys


def entry(about=ONE, action="updated", version=None, changes=()):
    return JournalEntry(
        at=AT, actor="li.lei", action=action, customer_id=about, version=version, changes=changes
    )


def chained(entries, *, key_ids=None, documents=None):
    """Return links of entries, each with the key of its place."""
    links, head = [], (0, GENESIS)
    for at, each in enumerate(entries):
        chain = Chain(bytes, Keys(key_ids[at] if key_ids else None))
        link = chain.link(each, head, documents and documents[at])
        links.append(link)
        head = (link.number, link.digest)
    return links


def followed(journal, heads=(), tell=lambda *_: None, sealing=None):
    """Return what is told of a journal, and the follower."""
    told = []
    following = Following(Work(journal, sealing), told.append, heads)
    following.follow(tell)
    return [(each.code, each.where) for each in told], following


def many(count):
    return chained([entry() for _ in range(count)])


def test_a_sound_journal_is_counted_and_nothing_is_told():
    told, following = followed(Journal(many(3)))
    assert (told, following.entries, following.is_whole) == ([], 3, True)
    assert followed(Journal([]))[0] == []


def test_progress_is_told_every_thousand_entries_of_twice_as_many():
    steps = []
    followed(Journal(many(2500)), tell=lambda done, total: steps.append((done, total)))
    assert steps == [(1000, 5000), (2000, 5000)]


def test_progress_of_a_journal_without_a_head_is_of_what_was_read():
    steps = []
    journal = Journal(many(1000), headless=True)
    followed(journal, tell=lambda done, total: steps.append((done, total)))
    assert steps == [(1000, 2000)]


def test_a_head_that_cannot_be_read_is_told_and_the_entries_are_followed_all_the_same():
    links = many(3)
    links[1] = attrs.evolve(links[1], body=b"{}")
    told, following = followed(Journal(links, headless=True))
    assert told[0] == ("journal.head", "cannot be read")
    assert ("journal.broken", "entry 2") in told
    assert [code for code, _ in told].count("journal.head") == 1
    assert (following.entries, following.is_whole) == (0, False)


def test_entries_that_cannot_be_read_are_told_one_by_one_and_passed_over():
    told, following = followed(Journal(many(5), unreadable={2, 3}))
    assert told == [
        ("journal.unreadable", "entry 2"),
        ("journal.unreadable", "entry 3"),
        ("journal.broken", "entry 4"),
    ]
    assert following.is_whole


def test_a_last_entry_that_cannot_be_read_is_told_and_the_head_is_not_reached():
    told, following = followed(Journal(many(3), unreadable={3}))
    assert told == [("journal.unreadable", "entry 3"), ("journal.head", "after entry 2")]
    assert following.is_whole


def test_without_a_head_what_can_be_read_is_looked_for_all_the_same():
    told, _ = followed(Journal(many(3), unreadable={2}, headless=True))
    assert ("journal.unreadable", "entry 2") in told
    assert ("journal.broken", "entry 3") in told


def test_a_journal_of_which_a_hundred_entries_cannot_be_read_is_given_up():
    told, following = followed(Journal(many(150), unreadable=set(range(1, 151))))
    assert [code for code, _ in told] == ["journal.unreadable"] * 100
    assert not following.is_whole


def test_ninety_nine_are_passed_over():
    told, following = followed(Journal(many(150), unreadable=set(range(2, 101))))
    assert len([code for code, _ in told if code == "journal.unreadable"]) == 99
    assert following.is_whole


@pytest.mark.parametrize("fault", [{"headless": True}, {"unreadable": {2}}])
def test_an_error_that_says_nothing_of_the_store_ends_it(fault):
    with pytest.raises(StorageBusy):
        followed(Journal(many(3), error=StorageBusy, **fault))


def test_a_body_that_is_no_entry_is_told():
    links = many(2)
    bad = Chain(bytes).link(entry(), (1, links[0].digest))
    link = type(bad).after(links[0].digest, number=2, customer_id=ONE, body=b"[]", salt=b"s")
    told, _ = followed(Journal([links[0], link]))
    assert told == [("journal.unreadable", "entry 2")]


def erased(links, *places):
    return [
        attrs.evolve(link, body=None, salt=None) if at in places else link
        for at, link in enumerate(links)
    ]


def erasure(*paths, about=ONE, action="erased"):
    return entry(about, action, 9, tuple(Change(path, hidden=True) for path in paths))


def test_bodies_that_an_erasure_names_are_gone_by_right():
    links = chained([entry(), entry(), erasure("journal.1", "journal.2", "contacts")])
    assert followed(Journal(erased(links, 0, 1)))[0] == []


@pytest.mark.parametrize(
    "last",
    [
        erasure("journal.1", about=OTHER),
        erasure("journal.1", about=None),
        erasure("journal.3"),
        erasure("1"),
        erasure("journal.1.2"),
        erasure("journal.x"),
        erasure("journal.1", action="updated"),
        erasure(),
    ],
    ids=str,
)
def test_a_body_that_no_erasure_of_its_customer_names_is_missing(last):
    links = chained([entry(), entry(), last])
    told, _ = followed(Journal(erased(links, 0, 1)))
    assert told == [("journal.body_missing", "entry 1"), ("journal.body_missing", "entry 2")]


def test_an_erasure_before_the_entry_explains_nothing():
    links = chained([erasure("journal.2"), entry()])
    assert followed(Journal(erased(links, 1)))[0] == [("journal.body_missing", "entry 2")]


def test_an_entry_about_no_customer_is_erased_by_one_about_none():
    links = chained([entry(None), erasure("journal.1", about=None)])
    assert followed(Journal(erased(links, 0)))[0] == []


# Keys


def test_a_journal_that_goes_on_without_its_key_is_told_where():
    links = chained([entry()] * 6, key_ids=["a", "a", None, None, "a", None])
    told, _ = followed(Journal(links, keys=Keys("a")))
    assert told == [
        ("journal.unkeyed", "from entry 3 on"),
        ("journal.unkeyed", "from entry 6 on"),
    ]


def test_a_journal_that_got_a_key_later_is_sound_once_somebody_vouched_for_what_was_there():
    links = chained([entry()] * 3, key_ids=[None, None, "a"])
    journal = Journal(links, keys=Keys("a"))
    assert followed(journal, sealing=sealed_since(3))[0] == []


@pytest.mark.parametrize("since", [1, None])
def test_a_first_entry_with_a_key_excuses_none_before_it(since):
    links = chained([entry()] * 4, key_ids=[None, None, None, "a"])
    journal = Journal(links, keys=Keys("a"))
    sealing = None if since is None else sealed_since(since)
    assert followed(journal, sealing=sealing)[0] == [("journal.unkeyed", "from entry 1 on")]


def test_entries_without_a_key_are_told_from_the_one_that_was_to_have_it():
    links = chained([entry()] * 5, key_ids=[None, None, None, None, "a"])
    journal = Journal(links, keys=Keys("a"))
    told, _ = followed(journal, sealing=sealed_since(3))
    assert told == [("journal.unkeyed", "from entry 3 on")]


def test_a_word_of_the_store_that_cannot_be_proven_excuses_nothing():
    keys = Keys("a")
    keys.lacks = "s"
    journal = Journal(chained([entry()] * 2), keys=keys)
    told, _ = followed(journal, sealing=sealed_since(3))
    assert told == [("journal.unkeyed", "from entry 1 on")]


def test_a_key_that_comes_back_after_a_newer_one_is_told():
    links = chained([entry()] * 5, key_ids=["a", "b", "b", "a", "b"])
    told, _ = followed(Journal(links, keys=Keys("b")))
    assert told == [("journal.key_back", "from entry 4 on: key a")]


def test_an_older_key_after_the_newest_is_told_although_it_is_met_for_the_first_time():
    links = chained([entry()] * 3, key_ids=["b", "a", "b"])
    told, _ = followed(Journal(links, keys=Keys("b")))
    assert told == [("journal.key_back", "from entry 2 on: key a")]


def test_keys_that_follow_each_other_are_no_step_back():
    links = chained([entry()] * 4, key_ids=["a", "a", "b", "c"])
    assert followed(Journal(links, keys=Keys("c")))[0] == []


def test_a_journal_without_any_key_is_told_to_who_has_one():
    links = chained([entry()] * 2)
    assert followed(Journal(links, keys=Keys("a")))[0] == [("journal.unkeyed", "from entry 1 on")]
    assert followed(Journal([], keys=Keys("a")))[0] == []


class OtherKeys(Keys):
    def journal_key(self, key_id=None):
        return super().journal_key(key_id) if key_id in {None, self.key_id} else None


def test_entries_whose_key_is_not_here_are_told_once_for_each_key():
    links = chained([entry()] * 5, key_ids=["a", "a", "b", "b", "c"])
    told, _ = followed(Journal(links, keys=OtherKeys("c")))
    assert told == [
        ("journal.unverified", "from entry 1 on: key a"),
        ("journal.unverified", "from entry 3 on: key b"),
    ]


# Heads


def heads_of(links, *places):
    return [Head(number=links[at].number, digest=links[at].digest, at=AT) for at in places]


def test_heads_that_agree_tell_nothing_in_whatever_order_they_come():
    links = many(5)
    assert followed(Journal(links), heads_of(links, 4, 0, 2))[0] == []


def test_a_head_of_no_entry_agrees_with_every_journal():
    empty = Head(number=0, digest=GENESIS, at=AT)
    assert followed(Journal(many(2)), [empty])[0] == []
    assert followed(Journal([]), [empty])[0] == []


def test_a_first_entry_that_is_another_is_told():
    told, _ = followed(Journal(many(1)), heads_of(chained([entry(OTHER)]), 0))
    assert told == [("journal.rewritten", "between entry 1 and entry 1")]


def test_a_journal_written_anew_is_told_once_between_two_heads():
    links, other = many(6), chained([entry(OTHER)] * 6)
    told, _ = followed(Journal(links), [*heads_of(links, 1), *heads_of(other, 3, 4)])
    assert told == [("journal.rewritten", "between entry 3 and entry 4")]


def test_a_head_whose_entry_is_not_there_tells_that_the_journal_is_another():
    links = many(5)
    told, _ = followed(Journal([*links[:2], *links[3:]]), heads_of(links, 2))
    assert ("journal.rewritten", "between entry 1 and entry 3") in told


def test_a_journal_that_ends_before_a_head_is_told_with_how_many_are_missing():
    links = many(5)
    told, _ = followed(Journal(links[:2]), heads_of(links, 1, 3, 4))
    assert told == [
        ("journal.rolled_back", f"after entry 2: 3 missing, the last one of {AT}"),
    ]


# What was written last


DOCUMENT, ANOTHER = bytes(range(32)), bytes(range(1, 33))


def test_what_each_customer_was_written_as_last_is_known_afterwards():
    links = chained(
        [entry(version=1), entry(OTHER, version=4), entry(None, version=7), entry(version=2)],
        documents=[DOCUMENT, None, None, ANOTHER],
    )
    _, following = followed(Journal(links))
    assert (len(following.last), sorted(following.last)) == (2, [1, 2])
    assert following.last.compared(1, 2, ANOTHER) is None
    assert following.last.compared(2, 4, DOCUMENT) is None
    assert len(following.last) == 0


def kept(*acts):
    last = LastWritten()
    for version, document in acts:
        last.keep(5, Act("updated", version, document))
    return last


@pytest.mark.parametrize(
    ("acts", "version", "document", "expected"),
    [
        ([(1, DOCUMENT)], 1, DOCUMENT, None),
        ([(1, DOCUMENT)], 1, ANOTHER, "customer.replaced"),
        ([(1, DOCUMENT)], 1, None, None),
        ([(1, None)], 1, ANOTHER, None),
        ([(1, DOCUMENT), (2, ANOTHER)], 2, ANOTHER, None),
        ([(1, DOCUMENT), (2, ANOTHER)], 1, DOCUMENT, "customer.replaced"),
        ([(1, DOCUMENT)], 2, ANOTHER, "customer.unjournalled"),
        ([(1, DOCUMENT), (1, None)], 1, ANOTHER, "customer.replaced"),
        ([(1, DOCUMENT), (1, ANOTHER)], 1, ANOTHER, None),
        ([(1, DOCUMENT), (2, None)], 2, DOCUMENT, None),
        ([], 1, DOCUMENT, "customer.unjournalled"),
        ([(0, None)], 0, DOCUMENT, None),
    ],
)
def test_a_customer_is_compared_with_what_was_written_last(acts, version, document, expected):
    assert kept(*acts).compared(5, version, document) == expected


@pytest.mark.parametrize("bit", range(128))
def test_half_of_a_digest_is_compared_to_the_last_bit(bit):
    whole = int.from_bytes(DOCUMENT, "big") ^ 1 << (128 + bit)
    assert kept((1, DOCUMENT)).compared(5, 1, whole.to_bytes(32, "big")) == "customer.replaced"


def test_what_is_forgotten_is_not_missed():
    last = kept((1, DOCUMENT))
    last.forget(5)
    last.forget(6)
    assert list(last) == []


# Versions


def written(versions, actions=None):
    acts = actions or ["updated"] * len(versions)
    entries = [entry(version=each, action=act) for each, act in zip(versions, acts, strict=True)]
    return chained(entries, documents=[bytes(32)] * len(versions))


def test_versions_that_rise_by_one_are_sound():
    assert followed(Journal(written([1, 2, 3])))[0] == []
    assert followed(Journal(written([1, 1, 2], ["registered", "resealed", "updated"])))[0] == []


@pytest.mark.parametrize(
    ("versions", "actions"),
    [
        ([1, 2, 2], None),
        ([1, 2, 1], None),
        ([1, 2, 4], None),
        ([1, 2, 1], ["registered", "updated", "resealed"]),
        ([1, 2, 3], ["registered", "updated", "resealed"]),
    ],
)
def test_a_version_that_does_not_follow_the_last_one_is_told(versions, actions):
    told, _ = followed(Journal(written(versions, actions)))
    assert told == [("journal.version", f"entry 3: version {versions[-1]}")]


def test_an_act_that_names_a_version_and_writes_none_is_sound():
    acts = [entry(version=1), entry(version=1, action="subject_exported"), entry(version=2)]
    links = chained(acts, documents=[bytes(32), None, bytes(32)])
    assert followed(Journal(links))[0] == []


def test_after_an_entry_that_is_no_entry_any_version_may_come():
    first, second, third = written([1, 2, 3])
    second = type(second).after(first.digest, number=2, customer_id=ONE, body=b"[]", salt=b"s")
    follower = Chain(bytes).link(entry(version=3), (2, second.digest), bytes(32))
    told, _ = followed(Journal([first, second, follower]))
    assert told == [("journal.unreadable", "entry 2")]
    assert followed(Journal([first, attrs.evolve(third, number=2)]))[0] != []


def test_after_a_version_that_can_be_read_again_the_next_one_has_to_follow():
    told, _ = followed(Journal(erased(written([1, 2, 5, 9]), 1)))
    assert told == [
        ("journal.version", "entry 4: version 9"),
        ("journal.body_missing", "entry 2"),
    ]


def test_after_an_entry_that_is_erased_any_version_may_come():
    links = written([1, 2])
    last = Chain(bytes, Keys()).link(
        erasure("journal.1", "journal.2"), (2, links[-1].digest), bytes(32)
    )
    assert followed(Journal([*erased(links, 0, 1), last]))[0] == []
    told, _ = followed(Journal([*links, last]))  # the control: nothing is erased
    assert told == [("journal.version", "entry 3: version 9")]
