# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of its customers, their codes and their keys."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.repository import Key, KeyTaken, Repository, keys_of
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import (
    added,
    allowed,
    codes,
    held,
    kept,
    refused,
    same,
    searched,
    told,
)

__all__ = ["CustomerPromises"]


class CustomerPromises:
    """Get, by code, by key; add, replace and iterate; claims and who holds them."""

    def test_a_customer_is_found_by_its_id(self, repository: Repository) -> None:
        customer = make_customer()
        added(repository, customer, make_customer(seed=1))
        same(kept(repository, customer), customer, "get(id) gives back the customer that was added")

    def test_nobody_is_found_by_what_nobody_has(self, repository: Repository) -> None:
        added(repository, make_customer())
        with repository.read() as work:
            same(work.customers.get(UUID(int=1)), None, "get of an unknown id is None")
            nobody = work.customers.by_code(CustomerCode("NOBODY"))
            same(nobody, None, "by_code of an unknown code is None")
            nobodies = work.customers.holding(Key("phone", "+8613700000000"))
            same(nobodies, (), "holding of an unknown key is an empty tuple")

    def test_a_customer_is_found_by_its_code(self, repository: Repository) -> None:
        customer = make_customer()
        added(repository, customer, make_customer(seed=1))
        with repository.read() as work:
            same(work.customers.by_code(customer.code), customer, "by_code finds the present code")

    def test_a_customer_is_found_by_its_former_codes(self, repository: Repository) -> None:
        customer = make_customer(former_codes=(CustomerCode("OLD-1"), CustomerCode("OLD-2")))
        added(repository, customer)
        with repository.read() as work:
            for former in customer.former_codes:
                same(work.customers.by_code(former), customer, "by_code finds former codes too")

    def test_a_customer_is_found_by_every_exact_key(self, repository: Repository) -> None:
        customer, person = make_customer(), make_customer("person", 1)
        added(repository, customer, person, make_customer(seed=2), make_customer("person", 3))
        for each in (customer, person):
            for key in keys_of(each):
                promise = f"holding finds a customer by its {key.field}"
                same(held(repository, key), [str(each.code)], promise)

    def test_a_key_of_another_field_finds_nobody(self, repository: Repository) -> None:
        customer = make_customer()
        added(repository, customer)
        text = str(customer.emails[0])
        same(held(repository, Key("phone", text)), [], "a key counts with its field, not alone")

    def test_all_holders_of_a_key_are_found_oldest_first(self, repository: Repository) -> None:
        shared = make_customer().contacts
        for seed in (2, 0, 1):
            added(repository, make_customer(seed=seed, contacts=shared))
        key = _phone_key(make_customer())
        expected = ["E000002", "E000000", "E000001"]
        same(held(repository, key), expected, "holding gives every holder, oldest first")
        with repository.read() as work:
            for limit in (1, 2, 3, 9):
                found = codes(work.customers.holding(key, limit))
                same(found, expected[:limit], f"holding(key, {limit}) gives the oldest {limit}")
                named = [(each.id, each.name.text) for each in work.customers.holding(key, limit)]
                same(list(work.customers.called(key, limit)), named, "called names whom it holds")

    def test_an_old_value_no_longer_finds_an_edited_customer(self, repository: Repository) -> None:
        before = make_customer()
        after = _edited(
            before, contacts=_reachable_by("13912345678"), name=make_customer(seed=9).name
        )
        added(repository, before)
        told(_replaced(repository, after), "replace gives True for the direct predecessor")
        old, new = _phone_key(before), _phone_key(after)
        same(held(repository, old), [], "a phone that was edited away finds nobody")
        same(held(repository, new), [str(after.code)], "the new phone finds the customer")
        same(searched(repository, str(before.name)), [], "the old name finds nobody")
        same(searched(repository, str(after.name)), [str(after.code)], "the new name finds")

    def test_a_new_version_is_what_is_kept(self, repository: Repository) -> None:
        before = make_customer()
        after = _edited(before, grade="C", tags=("年框",))
        added(repository, before)
        told(_replaced(repository, after), "replace gives True for the direct predecessor")
        same(kept(repository, before), after, "get gives the newest version")
        with repository.read() as work:
            same(work.customers.by_code(before.code), after, "by_code gives the newest version")
            found = work.customers.holding(_phone_key(before))
            same(found, (after,), "holding gives the newest version")

    def test_an_edit_of_a_version_read_too_long_ago_does_nothing(
        self, repository: Repository
    ) -> None:
        first = make_customer()
        second = _edited(first, grade="B")
        late = _edited(first, grade="C", contacts=_reachable_by("13912345678"))
        added(repository, first)
        told(_replaced(repository, second), "replace gives True for the direct predecessor")
        told(not _replaced(repository, late), "replace gives False for a stale version")
        same(kept(repository, first), second, "a refused edit changes nothing")
        same(held(repository, _phone_key(late)), [], "a refused edit leaves no keys")
        same(searched(repository, "13912345678"), [], "a refused edit leaves no search tokens")

    def test_an_edit_that_skips_a_version_does_nothing(self, repository: Repository) -> None:
        customer = make_customer()
        added(repository, customer)
        for version in (customer.version, customer.version + 2):
            odd = attrs.evolve(customer, version=version, grade="Z")
            told(not _replaced(repository, odd), "only the next version replaces a customer")
        same(kept(repository, customer), customer, "a refused edit changes nothing")

    def test_an_edit_of_nobody_does_nothing(self, repository: Repository) -> None:
        stranger = attrs.evolve(make_customer(), version=2)
        told(not _replaced(repository, stranger), "replace gives False for an unknown id")
        same(kept(repository, stranger), None, "replace never adds a customer")

    def test_a_code_is_taken_once(self, repository: Repository) -> None:
        holder, other = make_customer(), make_customer(seed=1, code=make_customer().code)
        added(repository, holder)
        _expect_taken(repository, other, Key("code", str(holder.code)), holder)

    def test_a_former_code_stays_taken(self, repository: Repository) -> None:
        former = CustomerCode("OLD-1")
        holder = make_customer(former_codes=(former,))
        added(repository, holder)
        _expect_taken(repository, make_customer(seed=1, code=former), Key("code", "OLD-1"), holder)

    def test_a_code_in_use_is_no_former_code_of_another(self, repository: Repository) -> None:
        holder = make_customer()
        added(repository, holder)
        other = make_customer(seed=1, former_codes=(holder.code,))
        _expect_taken(repository, other, Key("code", str(holder.code)), holder)

    def test_a_customer_that_is_recoded_is_found_by_both_codes(
        self, repository: Repository
    ) -> None:
        before = make_customer()
        after = _edited(before, code=CustomerCode("NEW-1"), former_codes=(before.code,))
        added(repository, before)
        told(_replaced(repository, after), "replace may give a customer another code")
        with repository.read() as work:
            for code in (before.code, after.code):
                same(work.customers.by_code(code), after, "the old and the new code both find")
        _expect_taken(
            repository,
            make_customer(seed=1, code=before.code),
            Key("code", str(before.code)),
            after,
        )

    def test_a_claimed_key_is_taken(self, repository: Repository) -> None:
        holder, key = make_customer(), _phone_key(make_customer())
        added(repository, holder, claims=[key])
        _expect_taken(repository, make_customer(seed=1), key, holder, [key])

    def test_claims_may_be_any_iterable_even_with_repetitions(self, repository: Repository) -> None:
        holder, key = make_customer(), _phone_key(make_customer())
        added(repository, holder, claims=iter([key, key]))
        _expect_taken(repository, make_customer(seed=1), key, holder, iter([key, key]))

    def test_a_key_that_nobody_claims_may_be_shared(self, repository: Repository) -> None:
        contacts, key = make_customer().contacts, _phone_key(make_customer())
        added(repository, make_customer())
        with allowed("a key that nobody claims may be shared"):
            added(repository, make_customer(seed=1, contacts=contacts), claims=[])
        same(len(held(repository, key)), 2, "only claimed keys are unique")

    def test_a_refused_customer_leaves_nothing(self, repository: Repository) -> None:
        key = _phone_key(make_customer())
        added(repository, make_customer(), claims=[key])
        other = make_customer(seed=1)
        own = _phone_key(other)
        with repository.write() as work:
            with refused(KeyTaken, "add raises KeyTaken for a key that another claims"):
                work.customers.add(other, [own, key])
            same(work.customers.get(other.id), None, "a refused customer is not kept")
            same(work.customers.by_code(other.code), None, "a refused customer takes no code")
        same(searched(repository, str(other.name)), [], "a refused customer is not found")
        with allowed("a refused customer leaves its code and claims free"):
            added(repository, other, claims=[own])

    def test_an_edit_to_a_taken_key_leaves_the_version_before(self, repository: Repository) -> None:
        holder, before = make_customer(), make_customer(seed=1)
        key, own = _phone_key(holder), _phone_key(before)
        added(repository, holder, claims=[key])
        added(repository, before, claims=[own])
        after = _edited(before, contacts=holder.contacts)
        with repository.write() as work:
            with refused(
                KeyTaken, "replace raises KeyTaken for a key that another claims"
            ) as raised:
                work.customers.replace(after, [key])
            same(work.customers.get(before.id), before, "a refused edit changes nothing")
        _same_fact(raised, key, holder)
        same(held(repository, own), [str(before.code)], "a refused edit keeps the old keys")
        _expect_taken(repository, make_customer(seed=2), own, before, [own])

    def test_a_customer_may_keep_its_own_claims(self, repository: Repository) -> None:
        before = make_customer()
        key = _phone_key(before)
        added(repository, before, claims=[key])
        told(_replaced(repository, _edited(before, grade="C"), key), "its own claim is no obstacle")
        _expect_taken(repository, make_customer(seed=1), key, _edited(before, grade="C"), [key])

    def test_a_claim_is_free_again_when_its_value_goes(self, repository: Repository) -> None:
        before = make_customer()
        after = _edited(before, contacts=_reachable_by("13912345678"))
        key = _phone_key(before)
        added(repository, before, claims=[key])
        told(_replaced(repository, after, _phone_key(after)), "an edit may change a claimed key")
        with allowed("a claim ends with the version that made it"):
            added(repository, make_customer(seed=1, contacts=before.contacts), claims=[key])

    def test_what_a_customer_does_not_claim_is_told(self, repository: Repository) -> None:
        before, other = make_customer(), make_customer(seed=1)
        key, own = _phone_key(before), _phone_key(other)
        added(repository, before, claims=[key])
        added(repository, other)
        with repository.read() as work:
            told = work.customers.unclaimed
            same(told(before, [key]), frozenset(), "what he claims is not told")
            same(told(other, [own]), frozenset([own]), "what nobody claims is told")
            same(told(other, [key]), frozenset([key]), "so is what another claims")

    def test_a_claim_that_an_edit_no_longer_makes_is_free(self, repository: Repository) -> None:
        before = make_customer()
        key = _phone_key(before)
        added(repository, before, claims=[key])
        told(_replaced(repository, _edited(before, grade="C")), "an edit may claim less")
        with allowed("a claim ends with the version that made it"):
            added(repository, make_customer(seed=1, contacts=before.contacts), claims=[key])

    def test_customers_are_iterated_oldest_first_from_beyond_a_place(
        self, repository: Repository
    ) -> None:
        everyone = [make_customer(seed=seed) for seed in (3, 1, 2, 0)]
        added(repository, *everyone)
        told(_replaced(repository, _edited(everyone[1], grade="Z")), "replace gives True")
        with repository.read() as work:
            walked = list(work.customers.iterate())
            places = [place for place, _ in walked]
            expected = codes(everyone)
            found = codes(customer for _, customer in walked)
            same(found, expected, "iterate gives everyone, oldest first, edited or not")
            same(places, sorted(set(places)), "places rise and belong to one customer each")
            told(places[0] > 0, "places are positive, so that iterate(0) gives everyone")
            rest = codes(customer for _, customer in work.customers.iterate(places[1]))
            same(rest, expected[2:], "iterate(after) begins beyond that place")
            same(list(work.customers.iterate(places[-1])), [], "beyond the last place is nobody")
            same(walked[1][1].grade, "Z", "iterate gives the newest version")

    def test_an_empty_repository_has_nobody(self, repository: Repository) -> None:
        with repository.read() as work:
            same(list(work.customers.iterate()), [], "a new repository has no customers")
        same(searched(repository), [], "a search in a new repository finds nobody")


def _phone_key(customer: Customer) -> Key:
    key = Key.of(customer.phones[0])
    if key is None:
        raise ValueError("the example's phone has no key")
    return key


def _reachable_by(mobile: str) -> tuple[Contact, ...]:
    return (Contact(id="1-1", phones=(PhoneNumber.parse(mobile),), is_primary=True),)


def _edited(customer: Customer, **changes: Any) -> Customer:  # noqa: ANN401  any field's value
    return attrs.evolve(customer, version=customer.version + 1, **changes)


def _replaced(repository: Repository, customer: Customer, *claims: Key) -> bool:
    with repository.write() as work:
        return work.customers.replace(customer, claims)


def _expect_taken(
    repository: Repository,
    customer: Customer,
    key: Key,
    holder: Customer,
    claims: Iterable[Key] = (),
) -> None:
    """Expect that this customer cannot be added because `holder` has that key."""
    with refused(KeyTaken, f"add raises KeyTaken for a {key.field} that another has") as raised:
        added(repository, customer, claims=claims)
    _same_fact(raised, key, holder)
    same(kept(repository, customer), None, "a refused customer is not kept")


def _same_fact(raised: list[Exception], key: Key, holder: Customer) -> None:
    taken = raised[0]
    told(isinstance(taken, KeyTaken), "the fact is KeyTaken")
    same(getattr(taken, "key", None), key, "KeyTaken.key is the key that was taken")
    same(getattr(taken, "holder", None), holder, "KeyTaken.holder is the customer who has it")
