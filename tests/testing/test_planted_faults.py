"""Each fault planted in a repository makes the contract test that guards against it fail."""

from contextlib import contextmanager, suppress
from decimal import Decimal
from fnmatch import fnmatchcase
from uuid import uuid4

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from customer_registry import InMemoryRepository, StorageCorrupt, StorageUnavailable
from customer_registry.domain.journal import JournalEntry
from customer_registry.repository import Found, KeyTaken, Part, keys_of
from customer_registry.storage import wire
from customer_registry.storage.reading import ReadingUnit
from customer_registry.testing import RepositoryContract, RepositoryMachine, make_customer
from customer_registry.testing.promises.documents import DocumentPromises


class Bent:
    """A part of a unit of work that does everything as it should, but for what a subclass bends."""

    def __init__(self, sound):
        self.sound = sound

    def __getattr__(self, name):
        return getattr(self.sound, name)


def repository(part: str, bend) -> InMemoryRepository:
    """Return an in-memory repository whose units of work have one bent part."""
    made = InMemoryRepository()
    sound = getattr(made._work, part)
    setattr(made._work, part, bend(sound))
    return made


class NoVersionCheck(Bent):
    def replace(self, customer, claims=()):
        stored = self.sound.get(customer.id)
        if stored is None:
            return False
        return self.sound.replace(attrs.evolve(customer, version=stored.version + 1), claims)


class CaseSensitive(Bent):
    def search(self, query):
        found = self.sound.search(query)
        spoken = [str(attrs.asdict(each, recurse=True)) for each in found.customers]
        return Found(
            tuple(
                each
                for each, text in zip(found.customers, spoken, strict=True)
                if all(word in text for word in query.text.split() if word.isascii())
            ),
            found.last,
        )


class KeptNumbers(Bent):
    def next(self, name):
        drawn = self.sound.next(name)
        self.sound._undo.pop()
        return drawn


class KeptReservations(Bent):
    """Reserves outside the transaction."""

    def reserve(self, reservation):
        self.sound.reserve(reservation)
        self.sound._undo.pop()


class OldestRelease(Bent):
    """Gives back numbers as their time ends, not the smallest first."""

    def lapsed(self, name, now):
        free = [
            each
            for each in self.sound.reservations()
            if each.range == name and each.number is not None and not each.is_active(now)
        ]
        return min(free, key=lambda each: each.until, default=None)


class ReleaseUnseen(Bent):
    """Waits for the end of the time, though the number was given back."""

    def lapsed(self, name, now):
        free = [each for each in self.sound.reservations() if each.range == name]
        over = [each for each in free if each.number is not None and each.until <= now]
        return min(over, key=lambda each: each.number, default=None)


class Kept(Bent):
    """Forgets a reservation by its owner's next one only."""

    def forget(self, code):
        pass


class Patterned(Bent):
    """Takes the beginning of a code as a pattern."""

    def codes(self, prefix="", after=""):
        return (code for code in self.sound.codes("", after) if fnmatchcase(code, f"{prefix}*"))


class PresentOnly(Bent):
    """Walks over present codes only."""

    def codes(self, prefix="", after=""):
        present = sorted(str(each.code) for _, each in self.sound.iterate())
        return (code for code in present if code.startswith(prefix) and code > after)


class AboutAnybody(Bent):
    def of(self, customer_id):
        return self.sound.of(customer_id) if customer_id else self.sound.since(0)


class Unchained(Bent):
    def append(self, entry: JournalEntry):
        written = self.sound.append(entry)
        self.sound._links[-1] = attrs.evolve(self.sound._links[-1], digest=b"\1" * 32)
        return written


class Undocumented(Bent):
    def append(self, entry: JournalEntry):
        self.sound._written = lambda _: None
        return self.sound.append(entry)


class Credulous(Bent):
    """Builds on whatever is stored."""

    def replace(self, customer, claims=()):
        self.sound._unjournalled.add(customer.id)
        return self.sound.replace(customer, claims)


class Reassuring(Bent):
    """Says that everything is claimed."""

    def unclaimed(self, customer, keys):
        return frozenset()


class Trusting(Bent):
    def holds(self, link, previous):
        return True


class Unclaimed(Bent):
    def add(self, customer, claims=()):
        self.sound.add(customer)


class ForgottenClaims(Bent):
    def replace(self, customer, claims=()):
        held = {
            key
            for key, place in self.sound._claims.items()
            if place == self.sound._places.get(customer.id)
        }
        done = self.sound.replace(customer, claims)
        if done:
            self.sound._claims.update(dict.fromkeys(held, self.sound._places[customer.id]))
        return done


class RepeatingPages(Bent):
    def search(self, query):
        before = query.before and query.before + 1
        return self.sound.search(attrs.evolve(query, before=before))


class StaleIndex(Bent):
    def holding(self, key):
        held = self.sound.holding(key)
        former = [each for held_key, each in _SEEN if held_key == key]
        return held or tuple(former)

    def add(self, customer, claims=()):
        self.sound.add(customer, claims)
        _SEEN.extend((key, customer) for key in keys_of(customer))


class HalfRefused(Bent):
    def add(self, customer, claims=()):
        try:
            self.sound.add(customer, claims)
        except KeyTaken:
            self.sound.add(customer)
            raise


class OldestFirst(Bent):
    def search(self, query):
        found = self.sound.search(query)
        return Found(found.customers[::-1], found.last)


class Masking(Bent):
    def add(self, customer, claims=()):
        try:
            self.sound.add(customer, claims)
        except TypeError:
            self.sound.add(attrs.evolve(customer, **_WITHOUT_MASKS), claims)


class LeftKeys(Bent):
    """Goes on finding a customer by what it no longer has."""

    def replace(self, customer, claims=()):
        before = keys_of(self.sound.get(customer.id))
        done = self.sound.replace(customer, claims)
        for key in before - keys_of(customer):
            self.sound._keys[key].append(self.sound._places[customer.id])
        return done


class Overlooking(Bent):
    """Inspects all but the first customer."""

    def rows(self, after, last):
        return self.sound.rows(max(after, 1), last)


class ImportsPruned(Bent):
    def prune(self, before, *, keep_actor):
        return self.sound.prune(before, keep_actor="")


class HalfErased(Bent):
    """Erases the entries of everybody."""

    def erase(self, customer_id):
        numbers = self.sound.erase(customer_id)
        for about in self.sound._about:
            self.sound.erase(about)
        return numbers


class Forgiving(Bent):
    """Lets a code go that is to be nobody's again."""

    def is_retired(self, code):
        return False


class Talkative(Bent):
    """Drops the receipts of a customer, and lets those of others talk on."""

    def forget(self, customer_id, codes):
        self.sound.forget(customer_id, ())


class Patient(Bent):
    """Goes on waiting after an edit was dropped."""

    def drop(self, edit_id):
        pass


class QuerySyntax(Bent):
    def search(self, query):
        return self.sound.search(
            attrs.evolve(query, text=query.text.replace("*", "").replace("OR", ""))
        )


class PageCounter(Bent):
    def count(self, query):
        return len(self.sound.search(query).customers)


class Timeless(Bent):
    def search(self, query):
        return self.sound.search(attrs.evolve(query, created_before=None))


class Placeless(Bent):
    def search(self, query):
        return self.sound.search(attrs.evolve(query, region=None))


class Wired(Bent):
    """Gives back what the stored document says."""

    def get(self, customer_id):
        stored = self.sound.get(customer_id)
        return stored and wire.read_customer(wire.write_customer(stored))


class Rounding(Wired):
    """Keeps decimal custom values as floats do, and forgets what was typed for a phone."""

    def get(self, customer_id):
        stored = super().get(customer_id)
        return stored and attrs.evolve(
            stored, custom={name: _rounded(value) for name, value in stored.custom.items()}
        )


class Forgetting(Wired):
    def get(self, customer_id):
        stored = super().get(customer_id)
        return stored and attrs.evolve(
            stored,
            contacts=tuple(
                attrs.evolve(each, phones=tuple(attrs.evolve(one, raw="") for one in each.phones))
                for each in stored.contacts
            ),
        )


def _rounded(value):
    return Decimal(str(float(value))) if isinstance(value, Decimal) else value


_SEEN: list = []
_WITHOUT_MASKS = {
    "identity_document": None,
    "tax_identifiers": (),
    "bank_accounts": (),
    "invoice_profile": None,
}

FAULTS = [
    ("customers", NoVersionCheck, "an_edit_of_a_version_read_too_long_ago_does_nothing"),
    ("customers", NoVersionCheck, "of_two_edits_of_one_version_one_wins"),
    ("customers", CaseSensitive, "the_beginning_of_a_latin_word_finds_in_any_case_and_width"),
    ("numbers", KeptNumbers, "a_failed_transaction_returns_its_numbers"),
    ("numbers", KeptReservations, "a_failed_transaction_leaves_reservations_as_they_were"),
    ("numbers", KeptReservations, "a_savepoint_takes_back_its_own_reservations_and_no_more"),
    ("numbers", OldestRelease, "the_smallest_lapsed_number_comes_first"),
    ("numbers", ReleaseUnseen, "a_released_number_is_free_before_its_time_is_over"),
    ("numbers", Kept, "what_is_forgotten_is_there_no_more"),
    ("customers", Patterned, "signs_that_stand_for_others_elsewhere_stand_for_themselves"),
    ("customers", PresentOnly, "present_and_former_codes_are_walked_over"),
    ("journal", AboutAnybody, "entries_about_no_customer_are_found_as_such"),
    ("journal", Unchained, "the_chain_holds_from_genesis_to_the_head"),
    ("journal", Undocumented, "an_entry_tells_the_document_that_its_unit_wrote"),
    ("customers", Credulous, "nobody_builds_on_a_document_that_no_entry_tells_of"),
    ("customers", Reassuring, "what_a_customer_does_not_claim_is_told"),
    ("journal", Trusting, "a_changed_byte_breaks_the_chain"),
    ("journal", Trusting, "a_missing_or_moved_entry_breaks_the_chain"),
    ("customers", Unclaimed, "a_claimed_key_is_taken"),
    ("customers", ForgottenClaims, "a_claim_that_an_edit_no_longer_makes_is_free"),
    ("customers", RepeatingPages, "pages_join_without_gap_or_repetition"),
    ("customers", RepeatingPages, "pages_stay_whole_while_customers_are_added"),
    ("customers", StaleIndex, "an_old_value_no_longer_finds_an_edited_customer"),
    ("customers", HalfRefused, "a_refused_customer_leaves_nothing"),
    ("customers", LeftKeys, "a_store_that_was_only_used_inspects_sound"),
    ("customers", Overlooking, "an_inspection_meets_every_customer_once"),
    ("customers", OldestFirst, "an_empty_text_finds_everyone_newest_first"),
    ("customers", Masking, "a_masked_customer_is_never_added"),
    ("receipts", ImportsPruned, "old_receipts_are_forgotten_those_of_imports_apart"),
    ("customers", Rounding, "custom_values_keep_their_types"),
    ("customers", Forgetting, "phones_keep_extension_use_and_what_was_typed"),
    ("customers", PageCounter, "a_count_is_of_all_pages"),
    ("customers", Timeless, "periods_hold_their_first_moment_and_not_their_last"),
    ("customers", Placeless, "filters_of_place_and_of_custom_fields_narrow_a_search"),
    ("customers", QuerySyntax, "what_people_type_is_never_query_syntax"),
    ("journal", HalfErased, "erased_entries_lose_their_bodies_and_no_others_do"),
    ("customers", Forgiving, "a_retired_code_finds_nobody_and_is_known_as_such"),
    ("receipts", Talkative, "what_receipts_of_others_say_of_a_customer_goes"),
    ("edits", Patient, "a_dropped_edit_waits_no_more"),
]


@pytest.mark.parametrize(("part", "fault", "promise"), FAULTS)
def test_a_planted_fault_breaks_its_promise(part, fault, promise):
    _SEEN.clear()
    run = getattr(RepositoryContract(), f"test_{promise}")
    with pytest.raises(AssertionError):
        run(repository(part, fault))


@pytest.mark.parametrize(
    ("part", "promise"), sorted({(part, promise) for part, _, promise in FAULTS})
)
def test_the_same_harness_passes_a_sound_repository(part, promise):
    getattr(RepositoryContract(), f"test_{promise}")(repository(part, Bent))


class UncommittedSeen(InMemoryRepository):
    """Lets readers in while somebody writes."""

    def read(self):
        return _Open(self._work)


class _Open:
    def __init__(self, work):
        self.work = work

    def __enter__(self):
        return self.work

    def __exit__(self, *_):
        return None


class WritingReaders(InMemoryRepository):
    """Keeps readers and writers apart, and lets readers write."""

    @contextmanager
    def read(self):
        with self._turns.taken():
            yield self._work


class HalfReading(InMemoryRepository):
    """Lets readers do one thing that writes: forget receipts."""

    @contextmanager
    def read(self):
        with super().read() as work:
            yield _Parts(work, receipts=self._work.receipts)


class _Parts:
    def __init__(self, work, **parts):
        self.__dict__.update(parts)
        self.work = work

    def __getattr__(self, name):
        return getattr(self.work, name)


class Forgetful(InMemoryRepository):
    """Keeps what a failed transaction did."""

    def write(self):
        return _Locked(self)


class _Locked(_Open):
    def __init__(self, made):
        super().__init__(made._work)
        self.turn = made._turns.taken()

    def __enter__(self):
        self.turn.__enter__()
        return self.work

    def __exit__(self, *_):
        self.turn.__exit__(None, None, None)


class Deaf(InMemoryRepository):
    """Calls what follows a unit, and tells nobody what that found."""

    def after_commit(self, call):
        call()
        return ()


class AnotherEachTime(InMemoryRepository):
    """Has another identity whenever it is asked."""

    @property
    def identity(self):
        return uuid4()

    @identity.setter
    def identity(self, _):
        pass


class Checked(InMemoryRepository):
    """Takes a transaction that failed for a verification."""

    def __init__(self):
        super().__init__()
        self._work.keep_checked = lambda at: setattr(self._work, "checked", at)


class Portable(InMemoryRepository):
    """Gives what it keeps and takes what it is given, both in a way that a subclass breaks."""

    def __init__(self):
        super().__init__()
        self._put, self._work.put = self._work.put, self.put

    @contextmanager
    def snapshot(self):
        with super().snapshot() as work:
            given = list(work.parts())
            work._of.parts = lambda: iter(self.parts(given))
            yield work

    def parts(self, given):
        return given

    def put(self, parts):
        self._put(parts)


class Unclaiming(Portable):
    """Leaves the claims out of what it gives."""

    def parts(self, given):
        none = Part("count", ("claim", 0))
        return [
            none if part.content[0] == "claim" else part for part in given if not is_claim(part)
        ]


def is_claim(part):
    return part.kind == "claim"


class Counting(Portable):
    """Says that there is one of each."""

    def parts(self, given):
        return [
            attrs.evolve(part, content=(part.content[0], 1)) if part.kind == "count" else part
            for part in given
        ]


class Unordered(Portable):
    """Gives the newest customers first."""

    def parts(self, given):
        at = [place for place, part in enumerate(given) if part.kind == "customer"]
        newest = {place: given[other] for place, other in zip(at, reversed(at), strict=True)}
        return [newest.get(place, part) for place, part in enumerate(given)]


class StayingWhoItWas(Portable):
    """Takes everything but the identity."""

    def put(self, parts):
        before = self._work.identity
        self._put(parts)
        self._work._desk.identity = before


class Wordless(Portable):
    """Takes customers whom nobody finds by their words."""

    def put(self, parts):
        self._put(parts)
        self._work.customers._postings.clear()


class Adding(Portable):
    """Takes more although it holds something."""

    def put(self, parts):
        try:
            self._put(parts)
        except StorageUnavailable:
            self._work.numbers.raise_to("more", 1)


class Trusting(Portable):
    """Takes what is cut off for the whole."""

    def put(self, parts):
        with suppress(StorageCorrupt):
            self._put(parts)


class Snapping(InMemoryRepository):
    """Shows what is written meanwhile."""

    @contextmanager
    def snapshot(self):
        yield ReadingUnit(self._work)


class Scratching(InMemoryRepository):
    """Lets a snapshot be written to."""

    @contextmanager
    def snapshot(self):
        yield self._work.copied()


class LacksLapsed:
    """Numbers of a backend that was written for an earlier port."""

    def __init__(self, sound):
        self.sound = sound

    def __getattr__(self, name):
        if name in {"lapsed", "forget"}:
            raise AttributeError(name)
        return getattr(self.sound, name)


class Incomplete:
    """A repository that somebody has not finished."""

    def __init__(self):
        self.sound = InMemoryRepository()

    def __getattr__(self, name):
        if name == "after_commit":
            raise AttributeError(name)
        return getattr(self.sound, name)


def test_a_member_that_is_missing_is_told_by_its_port():
    promise = RepositoryContract().test_nothing_of_the_ports_is_missing
    early = repository("numbers", LacksLapsed)
    early.snapshot = early.read
    with pytest.raises(AssertionError, match=r"missing: Numbers\.forget, Numbers\.lapsed$"):
        promise(early)
    with pytest.raises(AssertionError, match=r"missing: Repository\.after_commit$"):
        promise(Incomplete())


@pytest.mark.parametrize(
    ("broken", "promise"),
    [
        (Unclaiming, "parts_begin_with_who_the_store_is_and_how_much_follows"),
        (Counting, "parts_begin_with_who_the_store_is_and_how_much_follows"),
        (Unordered, "another_store_that_takes_the_parts_gives_the_same"),
        (StayingWhoItWas, "a_store_takes_what_another_one_gave"),
        (Wordless, "what_was_taken_is_found_by_its_words"),
        (Adding, "a_store_that_holds_something_takes_nothing"),
        (Trusting, "parts_that_are_none_of_a_store_are_refused"),
        (Snapping, "a_snapshot_stays_as_it_was_while_others_write"),
        (Scratching, "a_snapshot_can_be_searched_and_not_written_to"),
        (Checked, "a_failed_transaction_was_no_verification"),
        (UncommittedSeen, "a_reader_sees_nothing_that_is_not_committed"),
        (WritingReaders, "a_reading_unit_refuses_to_write"),
        (HalfReading, "a_reading_unit_refuses_to_write"),
        (Forgetful, "an_exception_leaves_nothing_behind"),
        (Forgetful, "a_failed_transaction_takes_its_savepoints_with_it"),
        (Deaf, "what_follows_a_unit_is_called_once_or_waits_for_the_host"),
        (AnotherEachTime, "a_repository_knows_who_it_is"),
    ],
)
def test_a_broken_repository_breaks_its_promise(broken, promise):
    with pytest.raises(AssertionError):
        getattr(RepositoryContract(), f"test_{promise}")(broken())


def test_the_message_tells_a_stranger_what_was_promised():
    with pytest.raises(AssertionError) as told:
        RepositoryContract().test_a_claimed_key_is_taken(repository("customers", Unclaimed))
    assert "add raises KeyTaken for a phone that another has" in str(told.value)
    assert str(make_customer().phones[0]) not in str(told.value)


def test_a_backend_without_its_fixture_is_told_so():
    fixture = vars(RepositoryContract)["repository"]
    with pytest.raises(NotImplementedError, match="fixture `repository`"):
        fixture.__wrapped__(None)


@pytest.mark.parametrize(
    "promise", [name for name in vars(DocumentPromises) if name[:5] == "test_"]
)
def test_the_stored_form_keeps_every_promise_of_documents(promise):
    getattr(RepositoryContract(), promise)(repository("customers", Wired))


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("customers", Bent),
        ("customers", CaseSensitive),
        ("customers", RepeatingPages),
        ("customers", OldestFirst),
        ("numbers", KeptNumbers),
        ("numbers", KeptReservations),
        ("numbers", OldestRelease),
        ("journal", Unchained),
    ],
)
def test_the_machine_catches_faults_and_passes_a_sound_repository(part, fault):
    class Machine(RepositoryMachine):
        def make_repository(self):
            return repository(part, fault)

    def run():
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=100,
                stateful_step_count=25,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
            ),
        )

    if fault is Bent:
        run()
    else:
        with pytest.raises(AssertionError):
            run()
