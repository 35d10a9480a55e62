"""Tell what a registry guarantees, and how it stands."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.codes.policy import CodeMode, Guarantee
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.operations.resealing import standing
from customer_registry.repository import Condition, Durability, UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["Health", "health"]

_MOST_ACTS = 2**31 // 200
"""Acts after which a sealing key is to go: half of what NIST SP 800-38D, 8.3, lets one do.

A nonce by chance is for 2**32 values under one key. Each field has a key of its own, and an act
seals at most 200 values of one.
"""

_LARGEST_WAL = 32 * 1024 * 1024
"""Bytes that our own checkpoints keep a write-ahead log below."""


def _as_tuple(warnings: Iterable[str]) -> tuple[str, ...]:
    return tuple(warnings)


@attrs.frozen(kw_only=True)
class Health:
    """What a registry guarantees, and how it stands, whoever asks.

    `codes` is what the code policy promises of its numbers, `pattern` how a code looks, `mode` who
    writes it; `warnings` says in plain English what is not decided about the policy. `durability`
    is what an acknowledged save survives, `repository` the identity of the store. `reserved` codes
    are kept for open forms now, those of all actors. `access` is `unrestricted` unless a policy
    decides who may do and see what: `restricted`. `sealed` says whether sensitive fields are: `no`,
    `not_yet` where there is a keyring and nobody has called `seal`, `partly` until `seal` or
    `rotate` has come to its end, `yes`. `acts_under_key` is how many acts the journal has from when
    the store settled on its sealing key, None where nothing is sealed; beyond ten million it is
    time for a new one, and a line says so. `backed_up` is when a backup was last made, by the
    journal, and `backup_age` how long ago that was; None where there was none. `store` is how the
    store itself stands. Age and store change by the minute, so two are equal whatever they say.
    """

    codes: Guarantee
    pattern: str
    mode: CodeMode
    durability: Durability
    repository: UUID
    reserved: int
    sealed: str = "no"
    acts_under_key: int | None = None
    access: str = "unrestricted"
    warnings: tuple[str, ...] = attrs.field(default=(), converter=_as_tuple)
    backed_up: datetime | None = None
    backup_age: timedelta | None = attrs.field(default=None, eq=False)
    store: Condition = attrs.field(factory=Condition, eq=False)

    def lines(self, language: str = "zh") -> tuple[str, ...]:
        """Return the same in sentences, one a line; `zh…`, else English."""
        return tuple(_lines(self, _CHINESE if language.startswith("zh") else _ENGLISH))


def health(registry: "CustomerRegistry") -> Health:
    """Return what a registry guarantees and how it stands; only the codes kept are counted.

    Raises NotPermitted, StorageBusy, StorageCorrupt, StorageUnavailable.

    >>> from customer_registry import CustomerRegistry
    >>> health(CustomerRegistry()).lines("en")[0]
    'Codes look like C{number:06}; the registry gives them.'
    >>> health(CustomerRegistry()).lines("zh")[2]
    '未完成的表单占用编码：0个。'
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("health") as work:
        kept = work.numbers.reservations(active_at=office.clock())
        sealed, acts = _sealed(work), _acts_under_key(work)
        backed_up = _backed_up(work)
    policy = registry.codes
    return Health(
        codes=policy.guarantee,
        pattern=policy.pattern,
        mode=policy.mode,
        durability=office.repository.durability,
        repository=office.repository.identity,
        reserved=len(kept),
        sealed=sealed,
        acts_under_key=acts,
        access="unrestricted" if office.view.is_whole else "restricted",
        warnings=getattr(policy, "warnings", ()),
        backed_up=backed_up,
        backup_age=None if backed_up is None else office.clock() - backed_up,
        store=office.repository.condition(),
    )


_CHINESE: Mapping[str, str] = FrozenMapping(
    {
        "automatic": "编码规则：{pattern}，由系统自动编号。",
        "manual": "编码规则：{pattern}，由人工录入。",
        "editable": "编码规则：{pattern}，系统自动编号，也可人工修改。",
        "gapless": "流水号连续，不断号：取号与保存在同一事务中，保存失败则号码退回。",
        "unique": "流水号唯一，可能断号：每个进程成批取号，未用完的号码作废。",
        "random": "编码唯一，随机产生，不分先后。",
        "given": "编码由人工给定，系统保证不重复。",
        "nothing": "数据只在内存中，程序结束即丢失。",
        "process": "已保存的数据在程序崩溃后不丢失；操作系统崩溃或断电时可能丢失。",
        "system": "已保存的数据在操作系统崩溃后不丢失；断电时可能丢失。",
        "power": "已保存的数据断电后也不丢失。",
        "reserved": "未完成的表单占用编码：{reserved}个。",
        "sealed.not_yet": "已提供密钥，但数据库尚未加密，敏感字段仍按原文保存：请运行 seal。",
        "sealed.partly": (
            "敏感字段尚未全部加密，或仍有部分使用旧密钥：请把 seal 或 rotate 运行完毕。"
        ),
        "sealed.yes": "敏感字段已加密保存。",
        "worn": (
            "当前加密密钥已用于{acts}次操作，该更换了："
            "用 with_new_sealing_key 生成新密钥，再运行 rotate。"
        ),
        "unrestricted": "访问：不受限制，人人都能做任何事、看到全部内容。",
        "restricted": "访问：按规则限制。",
        "warning": "编码规则中有尚未确定之处：{warning}",
        "repository": "数据库标识：{repository}",
        "engine": "存储引擎：{engine}，数据库结构版本 {schema}。",
        "journal": "日志模式：{journal_mode}；同步级别：{synchronous}。",
        "wal_reset": (
            "这一版 SQLite 有一处已知缺陷（wal_reset）：两个连接同时做检查点，可能损坏数据库；"
            "SQLite 3.51.3 起已修复。本库的检查点都在自己的写入锁内逐个进行，不会同时发生；"
            "因此只能由本库写入这个文件。"
        ),
        "no_fsync": (
            "服务器关闭了 fsync：系统崩溃或断电会丢失甚至损坏数据；请在 postgresql.conf 里设为 on。"
        ),
        "torn_pages": (
            "服务器关闭了 full_page_writes：断电可能留下写了一半的页；"
            "请在 postgresql.conf 里设为 on。"
        ),
        "wal": "预写日志：{wal}。",
        "wal.large": (
            "预写日志已超过 32 MiB：可能有程序长时间读取而不结束，使日志无法回收；请检查并结束它。"
        ),
        "free": "磁盘剩余空间：{free}。",
        "checked": "最近一次核对无误：{checked}。",
        "unchecked": "还没有核对过（verify），或从未核对无误。",
        "backed_up": "最近一次备份：{backed_up}，距今{age}。",
        "never.backed_up": "还没有备份过（backup）。",
        "days": "{many}天",
        "hours": "{many}小时",
        "minutes": "{many}分钟",
    }
)
_ENGLISH: Mapping[str, str] = FrozenMapping(
    {
        "automatic": "Codes look like {pattern}; the registry gives them.",
        "manual": "Codes look like {pattern}; people type them.",
        "editable": "Codes look like {pattern}; the registry gives them unless people type them.",
        "gapless": (
            "Numbers have no gaps: each is drawn in the transaction that saves, and a failed save"
            " returns it."
        ),
        "unique": (
            "No number comes twice, gaps are possible: each process takes numbers in blocks, and"
            " what it does not use is lost."
        ),
        "random": "No code comes twice; codes are drawn by chance, in no order.",
        "given": "People give the codes; the registry makes sure that none comes twice.",
        "nothing": "Customers are kept in memory only, and are gone when the program ends.",
        "process": (
            "What is saved survives a crash of the program; one of the operating system or a power"
            " failure may take it."
        ),
        "system": (
            "What is saved survives a crash of the operating system; a power failure may take it."
        ),
        "power": "What is saved survives a power failure.",
        "reserved": "Codes kept for open forms: {reserved}.",
        "sealed.not_yet": (
            "There is a keyring, but the store is not sealed, and sensitive fields are kept as they"
            " are: call seal."
        ),
        "sealed.partly": (
            "Not every sensitive field is sealed, or under the newest keys: let seal or rotate come"
            " to its end."
        ),
        "sealed.yes": "Sensitive fields are sealed.",
        "worn": (
            "The sealing key has served {acts} acts, and it is time for a new one: take one with"
            " with_new_sealing_key, and call rotate."
        ),
        "unrestricted": "Access is unrestricted: everybody may do and see everything.",
        "restricted": "Access is restricted by rules.",
        "warning": "The code policy leaves something open: {warning}",
        "repository": "This store is {repository}.",
        "engine": "It is kept by {engine}, as schema {schema}.",
        "journal": "Journal mode {journal_mode}, synchronous {synchronous}.",
        "wal_reset": (
            "This SQLite has a known flaw (wal_reset): two connections that checkpoint at the same"
            " instant may damage the database; it is mended from SQLite 3.51.3 on. Here every"
            " checkpoint happens under the writers' lock, so no two meet, as long as nothing but"
            " this package writes to the file."
        ),
        "no_fsync": (
            "The server has fsync turned off: a crash of the system or a power cut loses, or"
            " breaks, what was saved; set it to on in postgresql.conf."
        ),
        "torn_pages": (
            "The server has full_page_writes turned off: a power cut may leave half-written pages;"
            " set it to on in postgresql.conf."
        ),
        "wal": "The write-ahead log holds {wal}.",
        "wal.large": (
            "The write-ahead log is larger than 32 MiB: something may have been reading for long,"
            " so that it cannot be emptied; find and end it."
        ),
        "free": "Room left on the disk: {free}.",
        "checked": "A verification last found nothing wrong at {checked}.",
        "unchecked": "No verification has found it sound yet; run verify.",
        "backed_up": "The last backup was made at {backed_up}, {age} ago.",
        "never.backed_up": "No backup has been made yet; run backup.",
        "days": "{many} d",
        "hours": "{many} h",
        "minutes": "{many} min",
    }
)


def _lines(health: Health, words: Mapping[str, str]) -> Iterator[str]:
    yield words[health.mode].format(pattern=health.pattern)
    yield words[health.codes]
    yield from (words["warning"].format(warning=warning) for warning in health.warnings)
    yield words["reserved"].format(reserved=health.reserved)
    yield words[health.access]
    yield words[health.durability]
    if health.sealed != "no":
        yield words[f"sealed.{health.sealed}"]
    if health.acts_under_key is not None and health.acts_under_key >= _MOST_ACTS:
        yield words["worn"].format(acts=health.acts_under_key)
    yield words["repository"].format(repository=health.repository)
    yield from _stored(health.store, words)
    if health.backed_up is not None and health.backup_age is not None:
        at, age = _minute(health.backed_up), _age(health.backup_age, words)
        yield words["backed_up"].format(backed_up=at, age=age)
    elif health.store.engine is not None:
        yield words["never.backed_up"]


def _sealed(work: UnitOfWork) -> str:
    now = standing(work)
    if now is None:
        return "not_yet" if work.sealer.seals else "no"
    return "yes" if now.is_whole else "partly"


def _acts_under_key(work: UnitOfWork) -> int | None:
    """Return how many acts came after the first that tells of the sealing key; else all of them."""
    now = standing(work)
    if now is None:
        return None
    since = (
        entry.number
        for entry in work.journal.of(None)
        if any((each.path, each.after) == ("sealing_key", now.sealing) for each in entry.changes)
    )
    return work.journal.head()[0] - next(since, 0)


def _backed_up(work: UnitOfWork) -> datetime | None:
    """Return when a backup was last made, as far as the journal tells."""
    told = reversed(work.journal.of(None))
    return next((entry.at for entry in told if entry.action == "backed_up"), None)


def _stored(store: Condition, words: Mapping[str, str]) -> Iterator[str]:
    """Yield what a store tells of itself; one that tells nothing is passed over."""
    if store.engine is not None:
        yield words["engine"].format(engine=store.engine, schema=store.schema)
    if store.journal_mode is not None:
        yield words["journal"].format(
            journal_mode=store.journal_mode, synchronous=store.synchronous
        )
    yield from (words[flaw] for flaw in store.flaws if flaw in words)
    if store.wal_bytes is not None:
        yield words["wal"].format(wal=_size(store.wal_bytes))
        if store.wal_bytes > _LARGEST_WAL:
            yield words["wal.large"]
    if store.free_bytes is not None:
        yield words["free"].format(free=_size(store.free_bytes))
    if store.checked is not None:
        yield words["checked"].format(checked=_minute(store.checked))
    elif store.engine is not None:
        yield words["unchecked"]


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _age(age: timedelta, words: Mapping[str, str]) -> str:
    """Return how long ago something was, by the largest unit of which there are two or more."""
    minutes = max(age // timedelta(minutes=1), 0)
    units = (("days", minutes // 1440), ("hours", minutes // 60), ("minutes", minutes))
    unit, many = next((each for each in units if each[1] > 1), units[-1])
    return words[unit].format(many=many)


def _size(many: int) -> str:
    """Return a number of bytes as people read it.

    >>> _size(0), _size(4_194_304), _size(80_000_000_000)
    ('0.0 MiB', '4.0 MiB', '74.5 GiB')
    """
    return f"{many / 2**30:.1f} GiB" if many >= 2**30 else f"{many / 2**20:.1f} MiB"
