# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of a walk over its codes: all that are taken, in text order."""

from typing import Any

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Repository, keys_of
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import Interrupted, added, interrupted, same, told

__all__ = ["CodePromises"]

_IN_ORDER = ("#1", "A", "A-1", "A-10", "A-2", "AA", "B", "客户-1", "客户-2", "ﾊ", "𠮷-1")
"""Codes as their code points stand, which is also how their UTF-8 stands."""


class CodePromises:
    """Codes: order, prefix, after, present and former."""

    def test_codes_come_in_the_order_of_their_code_points(self, repository: Repository) -> None:
        _coded(repository, *_IN_ORDER[::-1])
        same(_codes(repository), list(_IN_ORDER), "codes gives every code, by code point")

    def test_codes_begin_with_a_prefix(self, repository: Repository) -> None:
        _coded(repository, *_IN_ORDER)
        for prefix in ("A", "A-", "A-1", "AA", "C", "客户-", "𠮷", "a", "ZZ", ""):
            expected = [code for code in _IN_ORDER if code.startswith(prefix)]
            promise = f"codes({prefix!r}) gives what begins so, and nothing else"
            same(_codes(repository, prefix), expected, promise)

    def test_codes_go_on_from_beyond_a_text(self, repository: Repository) -> None:
        _coded(repository, *_IN_ORDER)
        for after in ("", "A-1", "A-15", "B", "客户", "￿", "𠮷-1", "𠮷-2"):
            expected = [code for code in _IN_ORDER if code > after]
            same(_codes(repository, after=after), expected, f"codes(after={after!r}) goes on there")
        for after, left in (("#", ["A-1", "A-10", "A-2"]), ("A-1", ["A-10", "A-2"]), ("B", [])):
            same(_codes(repository, "A-", after), left, "prefix and after hold together")

    def test_signs_that_stand_for_others_elsewhere_stand_for_themselves(
        self, repository: Repository
    ) -> None:
        _coded(repository, "A*B", "A_B", "AXB", "A[B]", "AB", "A%B")
        for sign in "*_[%?":
            expected = [code for code in ("A%B", "A*B", "A[B]", "A_B") if code[1] == sign]
            same(_codes(repository, f"A{sign}"), expected, f"a prefix takes {sign!r} literally")

    def test_present_and_former_codes_are_walked_over(self, repository: Repository) -> None:
        customer = _coded(repository, "KH-2", former_codes=(CustomerCode("KH-1"),))
        same(_codes(repository), ["KH-1", "KH-2"], "codes gives former codes too")
        recoded = attrs.evolve(
            customer,
            version=customer.version + 1,
            code=CustomerCode("KH-3"),
            former_codes=(*customer.former_codes, customer.code),
        )
        with repository.write() as work:
            told(work.customers.replace(recoded), "replace gives True for the direct predecessor")
            found = list(work.customers.codes())
            same(found, ["KH-1", "KH-2", "KH-3"], "a unit of work sees the codes it gave")
        same(_codes(repository), ["KH-1", "KH-2", "KH-3"], "a code once given stays among codes")

    def test_other_keys_are_no_codes(self, repository: Repository) -> None:
        customer = make_customer()
        added(repository, customer, claims=keys_of(customer))
        same(_codes(repository), [str(customer.code)], "codes gives codes, no other claims")

    def test_many_codes_are_walked_over_without_gap_or_repetition(
        self, repository: Repository
    ) -> None:
        former = tuple(CustomerCode(f"OLD-{number:04}") for number in range(450))
        _coded(repository, "KH-1", former_codes=former)
        expected = [code.text for code in former]
        same(_codes(repository, "OLD-"), expected, "a long walk leaves out nothing")
        same(_codes(repository, after="OLD-0199"), expected[200:], "a long walk leaves out nothing")

    def test_codes_undone_are_walked_over_no_more(self, repository: Repository) -> None:
        kept, undone = make_customer(), make_customer(seed=1)
        with repository.write() as work:
            work.customers.add(kept)
            with interrupted(), work.savepoint():
                work.customers.add(undone)
                raise Interrupted
        same(_codes(repository), [str(kept.code)], "a savepoint takes back the codes given in it")
        with interrupted(), repository.write() as work:
            work.customers.add(undone)
            raise Interrupted
        same(_codes(repository), [str(kept.code)], "a failed transaction leaves no code")

    def test_what_utf_8_cannot_spell_begins_no_code(self, repository: Repository) -> None:
        _coded(repository, *_IN_ORDER)
        same(_codes(repository, "\ud800"), [], "no code begins with a lone surrogate")
        same(_codes(repository, "A\udc00"), [], "no code begins with a lone surrogate")
        beyond = [code for code in _IN_ORDER if code > "\ud800"]
        same(_codes(repository, after="\ud800"), beyond, "a lone surrogate has a place in order")


def _coded(repository: Repository, *texts: str, **fields: Any) -> Customer:  # noqa: ANN401  any field's value
    """Add a customer for each code; returns the last."""
    customers = [
        make_customer(seed=seed, code=CustomerCode(text), **fields)
        for seed, text in enumerate(texts)
    ]
    added(repository, *customers)
    return customers[-1]


def _codes(repository: Repository, prefix: str = "", after: str = "") -> list[str]:
    with repository.read() as work:
        return list(work.customers.codes(prefix, after))
