"""Tell what a registry guarantees, and how it stands."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.codes.policy import CodeMode, Guarantee
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.repository import Durability

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["Health", "health"]


def _as_tuple(warnings: Iterable[str]) -> tuple[str, ...]:
    return tuple(warnings)


@attrs.frozen(kw_only=True)
class Health:
    """What a registry guarantees, and how it stands, whoever asks.

    `codes` is what the code policy promises of its numbers, `pattern` how a code looks, `mode` who
    writes it; `warnings` says in plain English what is not decided about the policy. `durability`
    is what an acknowledged save survives, `repository` the identity of the store. `reserved` codes
    are kept for open forms now, those of all actors.
    """

    codes: Guarantee
    pattern: str
    mode: CodeMode
    durability: Durability
    repository: UUID
    reserved: int
    warnings: tuple[str, ...] = attrs.field(default=(), converter=_as_tuple)

    def lines(self, language: str = "zh") -> tuple[str, ...]:
        """Return the same in sentences, one a line; `zh…`, else English."""
        return tuple(_lines(self, _CHINESE if language.startswith("zh") else _ENGLISH))


def health(registry: "CustomerRegistry") -> Health:
    """Return what a registry guarantees and how it stands, out of one reading unit.

    Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> health(CustomerRegistry()).lines("en")[0]
    'Codes look like C{number:06}; the registry gives them.'
    >>> health(CustomerRegistry()).lines("zh")[2]
    '未完成的表单占用编码：0个。'
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("health") as work:
        kept = work.numbers.reservations(active_at=office.clock())
    policy = registry.codes
    return Health(
        codes=policy.guarantee,
        pattern=policy.pattern,
        mode=policy.mode,
        durability=office.repository.durability,
        repository=office.repository.identity,
        reserved=len(kept),
        warnings=getattr(policy, "warnings", ()),
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
        "warning": "编码规则中有尚未确定之处：{warning}",
        "repository": "数据库标识：{repository}",
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
        "warning": "The code policy leaves something open: {warning}",
        "repository": "This store is {repository}.",
    }
)


def _lines(health: Health, words: Mapping[str, str]) -> Iterator[str]:
    yield words[health.mode].format(pattern=health.pattern)
    yield words[health.codes]
    yield from (words["warning"].format(warning=warning) for warning in health.warnings)
    yield words["reserved"].format(reserved=health.reserved)
    yield words[health.durability]
    yield words["repository"].format(repository=health.repository)
