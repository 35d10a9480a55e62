"""Search tokens: what a customer is found by, and what a searching person's text asks for.

Every store keeps the tokens that are made here, so every store gives the same answers.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, pairwise

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values import text
from customer_registry.repository import CustomerQuery, Found

__all__ = ["VERSION", "Wanted", "page", "tokens", "wanted"]

VERSION = 1
"""Raised whenever the same customer would get other tokens."""

_FACET = "§"
_SHORTEST_TAIL = 4  # digits by which people look for a phone
_EXTENDED = r"([-+(). 0-9]{4,30}) ?(?:转|轉|分机|分機|ext\.?|x) ?[0-9]{1,6}"
_DIALLED = frozenset("+-() .")


@attrs.frozen
class Wanted:
    """What a query asks for: tokens to hold, beginnings of words, and phrases to stand whole."""

    exact: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()

    def finds(self, customer: Customer) -> bool:
        """Return whether a customer has all that is asked for."""
        held = tokens(customer) if self.exact or self.prefixes else frozenset[str]()
        texts = [_squeeze(spoken) for spoken in _texts(customer)] if self.phrases else []
        return (
            self.exact <= held
            and all(any(token.startswith(prefix) for token in held) for prefix in self.prefixes)
            and all(any(phrase in whole for whole in texts) for phrase in self.phrases)
        )


def tokens(customer: Customer) -> frozenset[str]:
    """Return all tokens of a customer: Han characters and pairs, words, numbers, facets."""
    found: set[str] = set()
    for spoken in _texts(customer):
        for run in _runs(spoken):
            found.update(_han_tokens(run) if text.is_han(run[0]) else (run,))
        found.update(_han_tokens(_squeeze(spoken)))
    for number in _numbers(customer):
        found.add(number)
    found.update(_facets(customer))
    return frozenset(found)


def wanted(query: CustomerQuery) -> Wanted | None:
    """Return what a query asks for; None where its text holds nothing that can be searched."""
    facets = frozenset(
        _facet(name, value)
        for name, value in (
            ("kind", query.kind),
            ("status", query.status),
            ("grade", query.grade),
            ("category", query.category),
            ("owner", query.owner),
            *(("tag", tag) for tag in query.tags),
        )
        if value is not None
    )
    runs = list(_asked(query.text))
    if query.text.strip() and not runs:
        return None
    han = [run for run in runs if text.is_han(run[0])]
    return Wanted(
        exact=facets.union(*map(_phrase_tokens, han)),
        prefixes=frozenset(run for run in runs if not text.is_han(run[0])),
        phrases=tuple(run for run in han if len(run) > 2),  # noqa: PLR2004  a bigram is found whole
    )


def page(answering: Iterator[tuple[int, Customer]], limit: int) -> Found:
    """Return the first of those who answer a query, with their places; asks for one more."""
    taken = list(islice(answering, limit + 1))
    shown = taken[:limit]
    last = shown[-1][0] if shown and len(taken) > limit else None
    return Found(tuple(customer for _, customer in shown), last)


def _asked(typed: str) -> Iterator[str]:
    """Yield the runs of a query; a number typed with its gaps is one run."""
    folded = _folded(typed)
    if extended := re.fullmatch(_EXTENDED, folded):
        folded = extended[1]
    digits = "".join(char for char in folded if char not in _DIALLED)
    if digits.isascii() and digits.isdigit():
        yield digits
    else:
        yield from _runs(folded)


def _texts(customer: Customer) -> Iterator[str]:
    spoken = (customer.name.text, customer.short_name, customer.foreign_name, customer.mnemonic)
    codes = (str(code) for code in (customer.code, *customer.former_codes))
    contacts = (contact.name for contact in customer.contacts)
    emails = (str(email) for email in customer.emails)
    yield from (_folded(each) for each in (*spoken, *codes, *contacts, *emails) if each)


def _numbers(customer: Customer) -> Iterator[str]:
    """Yield the numbers that people type whole or from the front: codes, phones, tax numbers."""
    for code in (customer.code, *customer.former_codes):
        yield _squeeze(_folded(str(code)))
    for phone in customer.phones:
        international = "".join(filter(str.isdigit, phone.number.partition(";")[0]))
        national = "".join(filter(str.isdigit, phone.national.partition(" 转")[0]))
        yield international
        yield from (national[at:] for at in range(max(1, len(national) - _SHORTEST_TAIL + 1)))
    for tax_identifier in customer.tax_identifiers:
        if not customer.hides(tax_identifier):
            yield _squeeze(_folded(str(tax_identifier.number)))


def _facets(customer: Customer) -> Iterator[str]:
    yield _facet("kind", customer.kind)
    yield _facet("status", customer.status)
    for name in ("grade", "category", "owner"):
        if (value := getattr(customer, name)) is not None:
            yield _facet(name, value)
    yield from (_facet("tag", tag) for tag in customer.tags)


def _facet(name: str, value: str) -> str:
    return f"{_FACET}{name}{_FACET}{_folded(value).encode(errors='surrogatepass').hex()}"


def _squeeze(folded: str) -> str:
    return "".join(char for char in folded if char.isalnum() or text.is_han(char))


def _folded(typed: str) -> str:
    return text.width_folded(text.width_folded(typed).casefold())


def _runs(folded: str) -> Iterator[str]:
    """Yield the longest runs of Han characters and of other letters and digits."""
    run: list[str] = []
    run_is_han = False
    for char in folded:
        han = text.is_han(char)
        belongs = han or _is_word(char)
        if run and (han != run_is_han or not belongs):
            yield "".join(run)
            run = []
        if belongs:
            run.append(char)
            run_is_han = han
    if run:
        yield "".join(run)


def _is_word(char: str) -> bool:
    """Letters, digits and the marks that stand on them, private use included."""
    return char.isalnum() or unicodedata.category(char) in {"Mn", "Mc", "Co", "Cn", "So"}


def _phrase_tokens(run: str) -> frozenset[str]:
    if len(run) == 1:
        return frozenset(run)
    return frozenset(map("".join, pairwise(run)))


def _han_tokens(run: str) -> Iterator[str]:
    """Yield the single Han characters of a text and the pairs that stand side by side."""
    yield from filter(text.is_han, run)
    for left, right in pairwise(run):
        if text.is_han(left) and text.is_han(right):
            yield left + right
