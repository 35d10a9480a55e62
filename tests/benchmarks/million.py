"""Prints what looking up and searching cost among ten thousand, and among a million, customers.

    python tests/benchmarks/million.py                        10,000 and 100,000: some two minutes
    python tests/benchmarks/million.py 10000 1000000          needs some 4 GB on the disk
    python tests/benchmarks/million.py --keep /big 1000000    leaves the file there, or finds it

The customers are invented, half of them imported within one day. They are written straight to the
file, as the store itself would write them; nothing is validated. Times are of whole calls of the
registry, wall and CPU, in milliseconds.
"""

import argparse
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import attrs

from customer_registry import CompanyPolicy, Customer, CustomerRegistry, SQLiteRepository
from customer_registry.domain.customer import CustomerStatus
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.storage.record import owned, recorded
from customer_registry.testing import make_customer

__all__ = ["POLICY", "calls_of", "customers", "fill", "questions", "row"]

_BATCH = 5_000
_IMPORTED = datetime(2025, 6, 3, 1, 0, tzinfo=UTC)
_CITIES = "上海 北京 杭州 深圳 广州 苏州 南京 成都 武汉 天津 重庆 青岛 长沙 西安 郑州 沈阳".split()
_TRADES = "贸易 科技 电子商务 机械设备 建筑材料 食品 物流 化工 医疗器械 信息技术".split()
_FORMS = "有限公司 有限公司 有限公司 股份有限公司 有限责任公司 商行 厂".split()
_SYLLABLES = (
    "an bo chang da en fang guo hua jia kai li ming ning ou ping qing rui shan tong wei "
    "xin yun zhong zhen lu fei hong jun lan mei".split()
)
_WORDS = "trading import export logistics textile machinery holding international".split()
_PREFIXES = "130 131 133 135 136 137 138 139 150 151 158 159 166 177 180 186 188 189 199".split()
_COMMON, _RARE = range(0x4E00, 0x5200), range(0x5200, 0x9F00)

_ADD = """
INSERT INTO customer_registry_customers (place, id, code, version, document, checksum)
VALUES (:place, :id, :code, :version, :document, :checksum)
"""
_CLAIM = "INSERT INTO customer_registry_claims (field, text, place) VALUES (?, ?, ?)"
_FIND_BY = "INSERT INTO customer_registry_keys (field, text, place) VALUES (?, ?, ?)"
_INDEX = "INSERT INTO customer_registry_search (rowid, tokens) VALUES (?, ?)"


def customers(count: int, seed: int = 0, *, part: range | None = None) -> Iterator[Customer]:
    """Yield customers as different as those of a real company; the same for the same seed.

    Of all those only a `part` where that is asked for.
    """
    for number in range(count) if part is None else part:
        chance = Random(seed * 10**9 + number)  # noqa: S311  a benchmark's own chance
        yield (_person if chance.random() < 0.3 else _organization)(chance, number, count)


def fill(path: str | Path, given: Iterable[Customer]) -> None:
    """Write customers to a new store, as it would write them itself, but nothing to its journal."""
    SQLiteRepository(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -262144")
    place, rest = 1, iter(given)
    while batch := list(islice(rest, _BATCH)):
        connection.execute("BEGIN")
        _write(connection, place, batch)
        connection.execute("COMMIT")
        place += len(batch)
    connection.close()


def questions(seed: int, count: int = 1000) -> dict[str, list[dict[str, Any]]]:
    """Return what is asked of `search`, by sort, about the customers of the same seed."""
    chance = Random(seed)  # noqa: S311  a benchmark's own chance
    asked = [next(_one(seed, chance.randrange(count), count)) for _ in range(40)]
    return {
        "a Han character": [{"text": each.name.text[2]} for each in asked],
        "two Han characters": [{"text": each.name.text[2:4]} for each in asked],
        "a Han phrase": [{"text": each.name.text[:6]} for each in asked],
        "a whole name": [{"text": each.name.text} for each in asked],
        "a Latin word": [{"text": _latin(each)} for each in asked],
        "the beginning of a word": [{"text": _latin(each)[:3]} for each in asked],
        "two beginnings": [{"text": f"{_latin(each)[:2]} tr"} for each in asked],
        "a code": [{"text": each.code.text} for each in asked],
        "the beginning of a code": [{"text": each.code.text[:5]} for each in asked],
        "a phone": [{"text": each.phones[0].number[3:]} for each in asked],
        "the last digits of a phone": [{"text": each.phones[0].number[-4:]} for each in asked],
        "name and phone": [
            {"text": f"{each.name.text[2:4]} {each.phones[0].number[-4:]}"} for each in asked
        ],
        "an address of e-mail": [{"text": str(each.emails[0])} for each in asked],
        "a common word": [{"text": word} for word in (*_TRADES, *_CITIES, "有限公司", "trading")],
        "filters": [
            {"kind": each.kind, "grade": each.grade, "region": each.addresses[0].region}
            for each in asked
        ],
        "filters and a name": [
            {"text": each.name.text[2:4], "status": each.status, "tags": each.tags}
            for each in asked
        ],
        "nobody": [
            {"text": "公司", "grade": "Z"},
            {"text": "贸易", "custom": {"门店数": 77}},
            {"text": "有限公司 trading 0000", "status": "blacklisted", "owner": "nobody"},
            {"text": "司公易贸"},
            {"text": "王 trading", "kind": "person", "region": "西藏"},
            {"kind": "person", "status": "blocked", "tags": ["年框"], "grade": "A"},
            {"created_from": date(2019, 1, 1), "created_until": date(2019, 12, 31)},
            {"text": "贸易", "updated_from": date(2031, 1, 1)},
        ],
        "dates": [
            {"created_from": date(2025, 6, 3), "created_until": date(2025, 6, 3)},
            {"created_from": date(2025, 1, 1), "created_until": date(2025, 12, 31)},
            {"created_from": date(2026, 2, 3)},
            {"updated_until": date(2026, 1, 20)},
            *(
                {"text": each.name.text[2:4], "created_from": date(2025, 6, 1)}
                for each in asked[:20]
            ),
            *({"text": each.name.text[2:4], "updated_until": date(2026, 1, 7)} for each in asked),
        ],
    }


def main(counts: list[int], folder: Path) -> None:
    """Measure stores of several sizes and print a table of each."""
    for count in counts:
        path = folder / f"{count}.db"
        if not path.exists():
            began = time.perf_counter()
            fill(path, customers(count))
            print(f"filled in {time.perf_counter() - began:.0f} s")  # noqa: T201  a report
        print(f"\n{count:,} customers, {path.stat().st_size / 2**20:,.0f} MiB")  # noqa: T201
        with CustomerRegistry.open(path, policy=POLICY) as registry:
            for name, calls in calls_of(registry, count).items():
                print(row(name, calls))  # noqa: T201  a report


POLICY = CompanyPolicy.loads(
    'time_zone = "Asia/Shanghai"\n[custom."门店数"]\ntype = "number"\nsearchable = true\n'
)


def calls_of(registry: CustomerRegistry, count: int) -> dict[str, list[Callable[[], object]]]:
    chance = Random(1)  # noqa: S311  a benchmark's own chance
    asked = [next(_one(0, chance.randrange(count), count)) for _ in range(200)]
    sorts = questions(0, count)
    texts = [each for name in sorts for each in sorts[name] if set(each) == {"text"}]
    return {
        "get": [lambda each=each: registry.get(each.code) for each in asked],
        "find": [lambda each=each: registry.find(phone=each.phones[0].number) for each in asked],
        **{
            name: [lambda each=each: registry.search(**each) for each in texts]
            for name, texts in {**sorts, "all texts together": texts}.items()
        },
    }


def row(name: str, calls: list[Callable[[], object]]) -> str:
    for call in calls:
        call()
    wall, cpu = [], []
    for call in [*calls] * 5:
        began, spent = time.perf_counter(), time.process_time()
        call()
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - spent) * 1000)
    return (
        f"{name:<28} wall p50 {_share(wall, 50):7.2f}  p95 {_share(wall, 95):7.2f}  "
        f"worst {max(wall):7.2f}   CPU p95 {_share(cpu, 95):7.2f}"
    )


def _share(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def _one(seed: int, number: int, count: int) -> Iterator[Customer]:
    chance = Random(seed * 10**9 + number)  # noqa: S311  a benchmark's own chance
    yield (_person if chance.random() < 0.3 else _organization)(chance, number, count)


def _organization(chance: Random, number: int, count: int) -> Customer:
    brand = _han(chance, chance.choice((2, 2, 2, 3)))
    name = f"{chance.choice(_CITIES)}{brand}{chance.choice(_TRADES)}{chance.choice(_FORMS)}"
    foreign = f"{_pinyin(chance, 2)} {chance.choice(_WORDS)}" if chance.random() < 0.4 else None
    return _changed(
        chance,
        make_customer(seed=number),
        count,
        name=PartyName(name),
        short_name=brand,
        foreign_name=foreign,
    )


def _person(chance: Random, number: int, count: int) -> Customer:
    name = f"{chance.choice('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马')}{_han(chance, 2)}"
    return _changed(chance, make_customer("person", number), count, name=PartyName(name))


def _changed(chance: Random, customer: Customer, count: int, **changes: object) -> Customer:
    number = int(customer.code.text[1:])
    contact = attrs.evolve(
        customer.contacts[0],
        name=f"{chance.choice('王李张刘陈')}{_han(chance, 2)}",
        phones=(_mobile(chance), *customer.contacts[0].phones[1:]),
        emails=(EmailAddress(f"{_pinyin(chance, 2)}{chance.randrange(1000)}@post.example"),),
    )
    imported = number < count // 2
    created = _IMPORTED + timedelta(milliseconds=20 * number)
    return attrs.evolve(
        customer,
        code=CustomerCode(f"C{number:07}"),
        contacts=(contact,),
        status=chance.choices(list(CustomerStatus), (5, 80, 3, 11, 1))[0],
        created_at=created if imported else customer.created_at,
        updated_at=created if imported and chance.random() < 0.5 else customer.updated_at,
        **changes,
    )


def _mobile(chance: Random) -> PhoneNumber:
    number = f"{chance.choice(_PREFIXES)}{chance.randrange(10**8):08}"
    return PhoneNumber(number=f"+86{number}", region="CN", kind="mobile", raw=number)


def _han(chance: Random, length: int) -> str:
    """Return characters, most of them from the thousand that are commonest here."""
    return "".join(
        chr(chance.choice(_COMMON if chance.random() < 0.9 else _RARE)) for _ in range(length)
    )


def _pinyin(chance: Random, syllables: int) -> str:
    return "".join(chance.choices(_SYLLABLES, k=syllables))


def _latin(customer: Customer) -> str:
    """Return a word of a customer's foreign name, else the beginning of his address of e-mail."""
    mailbox = str(customer.emails[0]).partition("@")[0].rstrip("0123456789")
    return (customer.foreign_name or mailbox).split()[0]


def _write(connection: sqlite3.Connection, first: int, batch: list[Customer]) -> None:
    records = [recorded(customer) for customer in batch]
    together = list(enumerate(zip(batch, records, strict=True), first))
    connection.executemany(_ADD, [_row_of(place, *each) for place, each in together])
    connection.executemany(
        _CLAIM,
        [
            (key.field, key.text, place)
            for place, (customer, _) in together
            for key in owned(customer, ())
        ],
    )
    keys = ((key.field, key.text, place) for place, (_, each) in together for key in each.keys)
    connection.executemany(_FIND_BY, sorted(keys))
    connection.executemany(
        _INDEX, [(place, " ".join(record.tokens)) for place, (_, record) in together]
    )


def _row_of(place: int, customer: Customer, record: Any) -> dict[str, object]:
    return {
        "place": place,
        "id": customer.id.bytes,
        "code": customer.code.text,
        "version": customer.version,
        "document": record.document,
        "checksum": zlib.crc32(record.document),
    }


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("counts", type=int, nargs="*", default=[10_000, 100_000])
    arguments.add_argument("--keep", type=Path)
    chosen = arguments.parse_args()
    if chosen.keep:
        main(chosen.counts, chosen.keep)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(chosen.counts, Path(scratch))
