"""Search tokens: what a customer is found by, and what a searching person's text asks for.

Every store keeps the tokens that are made here, so every store gives the same answers. They are
made of the customer alone. Han characters are found singly and in pairs, words from their
beginnings, digits from four on wherever they stand, facets and times as they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, islice, pairwise

import attrs

from customer_registry.domain.customer import Customer, CustomValue
from customer_registry.domain.values import text
from customer_registry.domain.values.masked import Masked, SensitiveText
from customer_registry.repository import CustomerQuery, Found
from customer_registry.storage.periods import Period, covering, moments

__all__ = ["VERSION", "Wanted", "is_facet", "page", "tokens", "wanted"]

VERSION = 2
"""Raised whenever the same customer would get other tokens."""

_FACET = "§"
_LONGEST_BEGINNING = 12
_DIGITS = 4
"""As many digits stand in one token; people look for the last four of a phone."""

_LONGEST_FACET = 32
_EXTENDED = r"([-+()., 0-9]{4,30}) ?(?:转|轉|分机|分機|ext\.?|x) ?[0-9]{1,6}"
_DIALLED = frozenset("+-() .,")
_JOINED = re.compile("(?<![0-9])[0-9]++(?:[-+(). ,]++[0-9]++)+")
_ABROAD = re.compile("(?:00)?86(?=0[0-9]{9,17}$)|00(?=[1-9][0-9]{7,})")
"""What is dialled before a number as it is kept: 00, or 86 before an area code with its zero."""

_COMMON = re.compile("[\\x00-\\x7f一-鿿]*")
_COMMON_RUNS = re.compile("[a-z0-9]+|[一-鿿]+")
_COMMON_HAN = re.compile("[一-鿿]+")
_LONG_NUMBERS = re.compile("[0-9]{4,}")
_MARKS = frozenset({"Mn", "Mc", "Co", "Cn", "So"})
_DIVISION = re.compile("(?<=..)(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)$")


@attrs.frozen
class Wanted:
    """What a query asks for.

    Every token of `exact`, one of each group of `groups`; Han `phrases`, `beginnings` of words and
    `digits` that no token holds whole, and times within the `periods`.
    """

    exact: frozenset[str] = frozenset()
    groups: tuple[frozenset[str], ...] = ()
    phrases: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()

    def finds(self, customer: Customer) -> bool:
        """Return whether a customer has all that is asked for."""
        held = tokens(customer) if self.exact or self.groups else frozenset[str]()
        return (
            self.exact <= held
            and not any(group.isdisjoint(held) for group in self.groups)
            and all(period.holds(getattr(customer, period.field)) for period in self.periods)
            and self._reads(customer)
        )

    @property
    def beyond_tokens(self) -> "Wanted | None":
        """What has to be looked for in the customer, once the tokens have been found."""
        left = attrs.evolve(self, exact=frozenset(), groups=())
        return None if left == Wanted() else left

    def _reads(self, customer: Customer) -> bool:
        """Return whether the texts have what tokens are too short for."""
        if not (self.phrases or self.beginnings or self.digits):
            return True
        texts = list(_texts(customer))
        squeezed = [_squeeze(spoken) for spoken in texts] if self.phrases else []
        words = _words(customer, texts) if self.beginnings or self.digits else set[str]()
        return (
            all(any(phrase in whole for whole in squeezed) for phrase in self.phrases)
            and all(any(word.startswith(start) for word in words) for start in self.beginnings)
            and all(any(part in word for word in words) for part in self.digits)
        )


def tokens(customer: Customer) -> frozenset[str]:
    """Return all tokens of a customer: Han characters and pairs, words, numbers, facets, times."""
    texts = list(_texts(customer))
    found = set(_facets(customer))
    for spoken in texts:
        if not spoken.isascii():
            found.update(_han_tokens(spoken))
    for word in _words(customer, texts):
        _add_word(found, word)
    found.update(moments("created_at", customer.created_at))
    found.update(moments("updated_at", customer.updated_at))
    return frozenset(found)


def wanted(query: CustomerQuery) -> Wanted | None:
    """Return what a query asks for; None where its text or its times can find nobody."""
    runs = list(_asked(query.text))
    periods = tuple(_periods(query))
    groups = tuple(map(covering, periods))
    if (query.text.strip() and not runs) or not all(groups):
        return None
    han = [run for run in runs if text.is_han(run[0])]
    numbers = [run for run in runs if _is_number(run)]
    words = [run for run in runs if not text.is_han(run[0]) and not _is_number(run)]
    return Wanted(
        exact=frozenset(_asked_facets(query)).union(
            *map(_phrase_tokens, han),
            *map(_grams, numbers),
            (word[:_LONGEST_BEGINNING] for word in words),
        ),
        groups=groups,
        phrases=tuple(run for run in han if len(run) > 2),  # noqa: PLR2004  a pair is found whole
        beginnings=tuple(word for word in words if len(word) > _LONGEST_BEGINNING),
        digits=tuple(number for number in numbers if len(number) > _DIGITS),
        periods=tuple(period for period in periods if not period.is_covered),
    )


def is_facet(token: str) -> bool:
    """Return whether a token stands for a filter, not for a word."""
    return token.startswith(_FACET)


def page(answering: Iterator[tuple[int, Customer]], limit: int) -> Found:
    """Return the first of those who answer a query, with their places; asks for one more."""
    taken = list(islice(answering, limit + 1))
    shown = taken[:limit]
    last = shown[-1][0] if shown and len(taken) > limit else None
    return Found(tuple(each for _, each in shown), last, tuple(place for place, _ in shown))


def _asked(typed: str) -> Iterator[str]:
    """Yield the runs of a query; a number typed with its gaps is one run."""
    folded = _folded(typed)
    if extended := re.fullmatch(_EXTENDED, folded):
        folded = extended[1]
    digits = "".join(char for char in folded if char not in _DIALLED)
    if digits.isascii() and digits.isdigit():
        prefix = _ABROAD.match(digits)
        yield digits[prefix.end() :] if prefix else digits
    else:
        yield from _runs(folded)


def _asked_facets(query: CustomerQuery) -> Iterator[str]:
    for name in ("kind", "status", *_FACETS):
        if (value := getattr(query, name)) is not None:
            yield _facet(name, value)
    yield from (_facet("tag", tag) for tag in query.tags)
    if query.region is not None:
        yield _region(query.region)
    yield from (_custom(name, value) for name, value in query.custom.items())


def _periods(query: CustomerQuery) -> Iterator[Period]:
    for field, since, until in (
        ("created_at", query.created_from, query.created_before),
        ("updated_at", query.updated_from, query.updated_before),
    ):
        if since is not None or until is not None:
            yield Period(field, since, until)


def _texts(customer: Customer) -> Iterator[str]:
    spoken = (customer.name.text, customer.short_name, customer.foreign_name, customer.mnemonic)
    codes = (code.text for code in (customer.code, *customer.former_codes))
    contacts = (each.name for each in customer.contacts if not isinstance(each.name, Masked))
    emails = (str(email) for email in customer.emails if not isinstance(email, Masked))
    yield from (_folded(each) for each in (*spoken, *codes, *contacts, *emails) if each)


def _words(customer: Customer, texts: Iterable[str]) -> set[str]:
    """Return what people type from the front: words, codes, phones, tax numbers."""
    found = {run for spoken in texts for run in _runs(spoken) if not text.is_han(run[0])}
    found.update(_squeeze(_folded(code.text)) for code in (customer.code, *customer.former_codes))
    found.update(number for spoken in texts for number in _joined(spoken))
    for phone in customer.phones:
        if isinstance(phone, Masked):
            continue
        found.add("".join(filter(str.isdigit, str(phone))))
        found.add("".join(filter(str.isdigit, phone.national)))
    for tax_identifier in customer.tax_identifiers:
        if not customer.hides(tax_identifier):
            found.add(_squeeze(_folded(str(tax_identifier.number))))
    return found


def _joined(folded: str) -> Iterator[str]:
    """Yield digits with signs between them as one number, from each of its parts on: 7-11 is 711.

    A query that is digits and signs asks for one number; see `_asked`.
    """
    for joined in _JOINED.findall(folded):
        parts = re.findall("[0-9]+", joined)
        yield from ("".join(parts[at:]) for at in range(len(parts) - 1))


def _add_word(found: set[str], word: str) -> None:
    """Add a word's beginnings, and the digits that stand in it four by four."""
    if word.isalpha():
        found.update(accumulate(word[:_LONGEST_BEGINNING]))
        return
    longest = _DIGITS - 1 if _is_number(word) else _LONGEST_BEGINNING
    found.update(accumulate(word[:longest]))
    for number in _LONG_NUMBERS.findall(word):
        found.update([number[at : at + _DIGITS] for at in range(len(number) - _DIGITS + 1)])


def _is_number(run: str) -> bool:
    return run.isascii() and run.isdigit()


def _grams(number: str) -> Iterable[str]:
    """Return the tokens of digits: side by side, and the last ones; short ones are a beginning."""
    if len(number) < _DIGITS:
        return (number,)
    starts = {*range(0, len(number) - _DIGITS, _DIGITS), len(number) - _DIGITS}
    return {number[at : at + _DIGITS] for at in starts}


_FACETS = ("grade", "category", "owner", "department", "sales_region")


def _facets(customer: Customer) -> Iterator[str]:
    yield _facet("kind", customer.kind)
    yield _facet("status", customer.status)
    for name in _FACETS:
        if (value := getattr(customer, name)) is not None:
            yield _facet(name, value)
    yield from (_facet("tag", tag) for tag in customer.tags)
    yield from (_region(each.region) for each in customer.addresses if each.region)
    for name, held in customer.custom.items():
        if held is not None and not isinstance(held, Masked | SensitiveText):
            yield _custom(name, held)


def _region(name: str) -> str:
    """Return the facet of a province: 浙江 and 浙江省 are one."""
    return _facet("region", _DIVISION.sub("", _folded(name)))


def _custom(name: str, value: CustomValue) -> str:
    match value:
        case bool() | None:
            written = f"b{value}"
        case int() | Decimal():
            written = f"n{_number(Decimal(value))}"
        case date():
            written = f"d{value.isoformat()}"
        case _:
            written = f"t{value}"
    return f"{_FACET}custom{_hex(name)}{_FACET}{_hex(_folded(written))}"


def _number(value: Decimal) -> str:
    """Return the same text for the same number, however many zeros it ends in."""
    sign, digits, exponent = value.as_tuple()
    if isinstance(exponent, str):
        return str(value)
    whole = "".join(map(str, digits)).lstrip("0")
    short = whole.rstrip("0")
    return f"{'-' if sign else ''}{short}e{exponent + len(whole) - len(short)}" if short else "0"


@lru_cache(maxsize=2048)  # the same few words at most customers
def _facet(name: str, value: str) -> str:
    return f"{_FACET}{name.replace('_', '')}{_FACET}{_hex(_folded(value))}"


def _hex(value: str) -> str:
    """Return letters and digits for any text, a digest for a long one."""
    encoded = value.encode(errors="surrogatepass")
    return encoded.hex() if len(value) <= _LONGEST_FACET else f"x{sha256(encoded).hexdigest()}"


def _squeeze(folded: str) -> str:
    if _COMMON.fullmatch(folded):
        return "".join(_COMMON_RUNS.findall(folded))
    return "".join(char for char in folded if char.isalnum() or text.is_han(char))


def _folded(typed: str) -> str:
    if _COMMON.fullmatch(typed):
        return typed.lower()
    return text.width_folded(text.width_folded(typed).casefold())


def _runs(folded: str) -> Iterable[str]:
    """Return the longest runs of Han characters and of other letters and digits."""
    if _COMMON.fullmatch(folded):
        return _COMMON_RUNS.findall(folded)
    return _unusual_runs(folded)


def _unusual_runs(folded: str) -> Iterator[str]:
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
    return char.isalnum() or unicodedata.category(char) in _MARKS


def _phrase_tokens(run: str) -> frozenset[str]:
    if len(run) == 1:
        return frozenset(run)
    return frozenset(map("".join, pairwise(run)))


def _han_tokens(spoken: str) -> Iterator[str]:
    """Yield the single Han characters of a text and the pairs, as written and over brackets."""
    if _COMMON.fullmatch(spoken):
        squeezed = spoken if spoken.isalnum() else _squeeze(spoken)
        for run in _COMMON_HAN.findall(squeezed):
            yield from run
            yield from map("".join, pairwise(run))
        return
    for run in {spoken, _squeeze(spoken)}:
        yield from filter(text.is_han, run)
        for left, right in pairwise(run):
            if text.is_han(left) and text.is_han(right):
                yield left + right
