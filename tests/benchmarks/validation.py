"""Prints what reading a value costs beside the library that knows it, then a whole customer.

    python tests/benchmarks/validation.py             about ten seconds
    python tests/benchmarks/validation.py --rows 20   a quick look
    python tests/benchmarks/validation.py --profile   where the time of a whole customer goes

CPU time, medians, ours and theirs by turns on the same values. Theirs is what a careful host
would call: phonenumbers parses, validates and formats, email-validator looks nothing up,
python-stdnum validates.
"""

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date

import attrs
import email_validator
import phonenumbers
import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.iban
import stdnum.luhn
import stdnum.tw.ubn

from customer_registry import STANDARD, CompanyPolicy
from customer_registry.domain.values.bank import account_number
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.testing import make_raw, resident_id, uscc
from customer_registry.validation.engine import Engine

TODAY = date(2026, 11, 24)
IBANS = ("GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606")
UBNS = ("88117254", "12345601", "90183275")


@attrs.frozen
class Measured:
    """What one value or one customer costs us and the library, in microseconds."""

    name: str
    ours: float
    theirs: float

    def __str__(self) -> str:
        ratio = self.ours / self.theirs
        return f"{self.name:<28}{self.ours:>9.1f} µs {self.theirs:>9.1f} µs {ratio:>7.2f} x"


def main(rows: int) -> list[Measured]:
    """Measure everything and print it."""
    print(f"Python {sys.version.split()[0]}, {rows} rows          ours        theirs")  # noqa: T201  a report
    measured = [*_values(rows), *_customers(rows)]
    for each in measured:
        print(each)  # noqa: T201  a report
    return measured


def _values(rows: int) -> Iterator[Measured]:
    numbers = range(rows)
    mobiles = [f"138{seed * 7919 % 10**8:08}" for seed in numbers]
    landlines = [f"010-6{seed * 7919 % 10**7:07}" for seed in numbers]
    abroad = [f"+1 202-555-01{seed % 100:02}" for seed in numbers]
    mail = [f"li.lei{seed}@example.com" for seed in numbers]
    foreign_mail = [f"li.lei{seed}@münchen.example.com" for seed in numbers]
    codes, documents = [uscc(seed) for seed in numbers], [resident_id(seed) for seed in numbers]
    yield _pair("phone, mobile", mobiles, PhoneNumber.parse, library_phone)
    yield _pair("phone, mobile, spaced", map(_spaced, mobiles), PhoneNumber.parse, library_phone)
    yield _pair("phone, landline", landlines, PhoneNumber.parse, library_phone)
    yield _pair("phone, abroad", abroad, PhoneNumber.parse, library_phone)
    yield _pair("e-mail", mail, EmailAddress.parse, library_email)
    yield _pair("e-mail, not ASCII", foreign_mail, EmailAddress.parse, library_email)
    yield _pair("credit code", codes, TaxIdentifier.parse, stdnum.cn.uscc.validate)
    yield _pair("resident identity", documents, IdentityDocument.parse, stdnum.cn.ric.is_valid)
    yield _pair("IBAN", _turns(IBANS, rows), account_number, stdnum.iban.validate)
    yield _pair("UBN of Taiwan", _turns(UBNS, rows), _ubn, _library_ubn)


def _customers(rows: int) -> Iterator[Measured]:
    yield _judged("customer, two contacts", [daily(seed) for seed in range(rows)])
    yield _judged("customer, full form", [with_two_contacts(seed) for seed in range(rows)])


def _judged(name: str, raws: list[dict[str, object]]) -> Measured:
    engine = Engine(STANDARD, CompanyPolicy())
    pairs = [
        (
            _spent(lambda raw=raw: engine.read(raw, before=None, today=TODAY)),
            _spent(lambda raw=raw: library_customer(raw)),
        )
        for raw in raws
    ]
    return _median(name, pairs)


def daily(seed: int) -> dict[str, object]:
    """Return what a clerk types most days: a company, its tax number, two people to call."""
    local = seed * 7919
    return {
        "kind": "organization",
        "name": f"上海浦江{seed}贸易有限公司",
        "tax_identifiers": [{"scheme": "cn.uscc", "number": uscc(seed)}],
        "contacts": [
            {
                "name": "李雷",
                "phones": [f"138{local % 10**8:08}"],
                "emails": [f"li.lei{seed}@example.com"],
            },
            {
                "name": "韩梅梅",
                "phones": [f"010-6{local % 10**7:07}"],
                "emails": [f"han.meimei{seed}@example.com"],
            },
        ],
    }


def with_two_contacts(seed: int) -> dict[str, object]:
    """Return a raw organisation of the full form with another contact."""
    raw, other = make_raw(seed=seed), make_raw(seed=seed + 50_000)
    second = {**other["contacts"][0], "is_primary": False}  # type: ignore[index]  # what make_raw gives
    return {**raw, "contacts": [*raw["contacts"], second]}  # type: ignore[misc]  # as above


def library_customer(raw: dict[str, object]) -> None:
    """Call the libraries on every phone, e-mail and tax number of a raw customer."""
    for contact in raw["contacts"]:  # type: ignore[attr-defined]  # what make_raw gives
        for phone in contact["phones"]:
            library_phone(phone)
        for email in contact["emails"]:
            library_email(email)
    for identifier in raw["tax_identifiers"]:  # type: ignore[attr-defined]  # as above
        stdnum.cn.uscc.validate(identifier["number"])


def library_phone(typed: str) -> str:
    """Return a number in E.164 as phonenumbers reads it."""
    number = phonenumbers.parse(typed, "CN")
    phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def library_email(typed: str) -> str:
    """Return an address as email-validator reads it."""
    return email_validator.validate_email(typed, check_deliverability=False).normalized


def _ubn(typed: str) -> TaxIdentifier:
    return TaxIdentifier.parse(typed, "tw.ubn")


def _library_ubn(typed: str) -> bool:
    """Ask whether rather than validate: the library lags the rule of 2023."""
    return bool(stdnum.tw.ubn.is_valid(typed))


def _spaced(number: str) -> str:
    return f"{number[:3]} {number[3:7]} {number[7:]}"


def _turns(texts: tuple[str, ...], rows: int) -> list[str]:
    return [texts[at % len(texts)] for at in range(rows)]


def _pair(
    name: str,
    typed: "Iterator[str] | list[str] | map[str]",
    ours: Callable[[str], object],
    theirs: Callable[[str], object],
) -> Measured:
    pairs = [(_spent(lambda: ours(text)), _spent(lambda: theirs(text))) for text in typed]  # noqa: B023  called at once
    return _median(name, pairs)


def _median(name: str, pairs: list[tuple[float, float]]) -> Measured:
    ours, theirs = zip(*pairs, strict=True)
    return Measured(name, statistics.median(ours), statistics.median(theirs))


def _spent(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, in microseconds."""
    began = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - began) / 1000


def profile(rows: int) -> None:
    """Print the functions that a whole customer spends most time in, themselves and all told."""
    engine = Engine(STANDARD, CompanyPolicy())
    raws = [with_two_contacts(seed) for seed in range(rows)]
    engine.read(raws[0], before=None, today=TODAY)
    profiler = cProfile.Profile()
    profiler.enable()
    for raw in raws:
        engine.read(raw, before=None, today=TODAY)
    profiler.disable()
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler).sort_stats(order).print_stats(25)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    if asked.profile:
        profile(asked.rows)
    else:
        main(asked.rows)
