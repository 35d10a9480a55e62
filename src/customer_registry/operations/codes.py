"""Look at the codes to come: the next one, those that continue what was typed, those kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Unpack

from customer_registry.domain.customer import RawCustomer
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Severity
from customer_registry.domain.values.code import LONGEST, CustomerCode
from customer_registry.registration import reserving
from customer_registry.registration.coding import is_free
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.coding import Coding
    from customer_registry.registry import CustomerRegistry

__all__ = ["preview_code", "propose_codes", "release_code"]

_DIGITS = "0123456789"
_MOST_STEPS = 1000
"""Numbers above the highest that are tried, where check digits or reservations stand between."""


def preview_code(
    registry: "CustomerRegistry",
    raw: Mapping[str, object] | None = None,
    /,
    **fields: Unpack[RawCustomer],
) -> CustomerCode:
    """Return the code that would come next for a customer as far as he is typed.

    It is drawn for nobody and kept for nobody: asked twice it is the same, and a registration that
    follows gets it unless somebody was faster; who has to be sure reserves one
    (`registry.reserve_code`). Of a pattern with chance in it, it is an example only. A typed code
    plays no part. Raises NotPermitted, CodesExhausted, or ValidationFailed naming a field that the
    code is made of and that is missing, and where people give the codes (`code.required`).

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> preview_code(registry) == preview_code(registry)
    True
    >>> preview_code(registry) == registry.register(kind="person", name="王芳").customer.code
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    return reserving.preview_code(office, {**fields, **(raw or {})})


def propose_codes(
    registry: "CustomerRegistry", prefix: str, limit: int = 10
) -> tuple[CustomerCode, ...]:
    """Return codes that continue the stored ones which begin with `prefix`, one for each kind.

    Stored codes, present and former, are a head and the digits at its end; for each head the
    highest number is followed by the next that nobody has and nobody keeps, with as many digits,
    and a digit more after the last. Case and width of the prefix do not matter; without one all
    heads continue, the first `limit` in their order. Where the prefix ends among digits, they are
    part of the head, so that below `KH1` comes KH1… and nothing else. What the code policy refuses,
    such as a wrong check digit, is passed over. Every stored code with the prefix is read.

    Nothing is kept for anybody, as with `preview_code`. Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry, ManualCodes
    >>> registry = CustomerRegistry(codes=ManualCodes())
    >>> for code in ("GA001", "GB007"):
    ...     _ = registry.register(kind="person", name="王芳", code=code)
    >>> propose_codes(registry, "g")
    (CustomerCode('GA002'), CustomerCode('GB008'))
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("propose_codes") as work:
        if (start := _start(prefix)) is None:
            return ()
        now = office.clock()
        highest = sorted(_highest(work.customers.codes(start), start).items())
        open_ = partial(_is_open, coding=office.coding, work=work, now=now)
        return tuple(islice(_next_open(highest, start, open_), max(0, limit)))


def release_code(registry: "CustomerRegistry", code: CustomerCode | str) -> bool:
    """Give back a code that this actor keeps; returns whether he did keep it until now.

    It is for hosts whose forms are saved, or left, in another request than the one that called
    `registry.reserve_code`. Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> code = str(registry.reserve_code())
    >>> release_code(registry, code), release_code(registry, code)
    (True, False)
    """
    try:
        meant = CustomerCode.parse(str(code))
    except InvalidValue:
        return False
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    return reserving.release_code(office, meant)


def _start(prefix: str) -> str | None:
    """Return a prefix as codes are written; None for one that no code begins with."""
    try:
        return str(CustomerCode.parse(prefix))
    except InvalidValue as refusal:
        return "" if refusal.code == "code.required" else None


def _highest(codes: Iterable[str], start: str) -> dict[str, str]:
    """Return for each head the digits of its highest number; of equal ones the longest."""
    highest: dict[str, str] = {}
    for code in codes:
        head = code[: max(len(start), len(code.rstrip(_DIGITS)))]
        if digits := code[len(head) :]:
            highest[head] = max(highest.get(head, "0"), digits, key=_by_number)
    return highest


def _by_number(digits: str) -> tuple[int, int]:
    return int(digits), len(digits)


def _next_open(
    highest: Iterable[tuple[str, str]], start: str, open_: Callable[[CustomerCode], bool]
) -> Iterator[CustomerCode]:
    """Yield for each head the first code above its highest number that is open to all."""
    for head, digits in highest:
        following = filter(open_, _following(head, digits, widens=not _cuts(start, head)))
        yield from islice(following, 1)


def _following(head: str, digits: str, *, widens: bool) -> Iterator[CustomerCode]:
    """Yield the codes above a number, with as many digits, and with one more if it `widens`."""
    for number in range(int(digits) + 1, int(digits) + 1 + _MOST_STEPS):
        written = f"{number:0{len(digits)}}"
        if len(written) > len(digits) and (not widens or len(head + written) > LONGEST):
            return
        yield CustomerCode(head + written)


def _cuts(start: str, head: str) -> bool:
    """Return whether the digits after a head are the rest of a number that was typed in part."""
    return start == head and start[-1:].isdigit()


def _is_open(code: CustomerCode, coding: "Coding", work: UnitOfWork, now: datetime) -> bool:
    """Return whether anybody may type a code: nobody has it or keeps it, no rule refuses it."""
    refused = any(issue.severity is Severity.ERROR for issue in coding.off_rule(code))
    return not refused and is_free(code, work, now)
