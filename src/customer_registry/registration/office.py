"""What every use case has at hand: the store, the engine, the codes, the clock and the actor."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from random import random
from uuid import UUID

import attrs

from customer_registry.domain.access import AccessPolicy, Actor
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import (
    CodesExhausted,
    CustomerNotFound,
    InvalidValue,
    NotPermitted,
)
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.policy import Unique
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.coding import Coding, path_of
from customer_registry.repository import Key, Receipt, Repository, UnitOfWork, keys_of
from customer_registry.validation.engine import Engine
from customer_registry.validation.holders import StoredHolders
from customer_registry.validation.judgement import Judgement
from customer_registry.validation.rules.duplicates import duplicate

__all__ = ["Hook", "Office", "time_ordered_id", "utc_now"]

Hook = Callable[[Receipt], object]


def time_ordered_id(now: datetime) -> UUID:
    """Return a UUID of version 7 (RFC 9562): 48 bits of milliseconds, the rest by chance."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    chance = int.from_bytes(os.urandom(10), "big") >> 6
    number = (
        milliseconds << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62 | chance & (2**62 - 1)
    )
    return UUID(int=number)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Office:
    """The surroundings of a use case; clock, ids and chance are given, not found."""

    repository: Repository
    engine: Engine
    coding: Coding
    actor: Actor
    access: AccessPolicy
    zone: tzinfo
    hooks: tuple[Hook, ...] = ()
    clock: Callable[[], datetime] = utc_now
    new_id: Callable[[datetime], UUID] = time_ordered_id
    salt: Callable[[int], bytes] = os.urandom
    chance: Callable[[], float] = random
    receipts_kept: timedelta = timedelta(days=90)

    def today(self, now: datetime | None = None) -> date:
        """Return the date in the company's time zone, of a time that was read already if given."""
        return (now or self.clock()).astimezone(self.zone).date()

    @contextmanager
    def unit(
        self, action: str, customer: Customer | None = None, *, writing: bool = False
    ) -> Generator[UnitOfWork, None, None]:
        """Return a context with a unit of work for an action the actor may do.

        Raises NotPermitted before the store is touched.
        """
        self.permit(action, customer)
        if not writing:
            with self.repository.read() as work:
                yield work
            return
        blocks = self.coding.blocks
        with self.repository.write() as work:
            yield work
            allocated = blocks.allocated(work.numbers) if blocks else {}
        if blocks:
            blocks.keep(allocated)

    def permit(self, action: str, customer: Customer | None) -> None:
        """Raise NotPermitted, which names whom to ask, unless the actor may do an action."""
        if self.access.permits(self.actor, action, customer) is not True:
            raise NotPermitted(action, self.engine.policy.whom_to_ask)

    def found(self, work: UnitOfWork, target: Customer | CustomerCode | UUID | str) -> Customer:
        """Return the stored customer meant by an object, an id or a code; else CustomerNotFound."""
        customer = _looked_up(work, target)
        if customer is None or not self.sees(customer):
            raise CustomerNotFound
        return customer

    def sees(self, customer: Customer) -> bool:
        """Return whether the actor may see a customer at all."""
        return self.access.permits(self.actor, "get", customer) is True

    def judge(self, raw: object, before: Customer | None = None) -> Judgement:
        """Return what can be said of a raw customer without asking the store."""
        judgement = self.engine.read(raw, before=before, today=self.today())
        return judgement if before else judgement.having(self.coding.judged(judgement.facts))

    def look_up(
        self,
        judgement: Judgement,
        work: UnitOfWork,
        this: UUID,
        before: Customer | None = None,
        *,
        now: datetime | None = None,
    ) -> Judgement:
        """Return the judgement with what only the store can tell."""
        now = now or self.clock()
        customers = StoredHolders(work.customers)
        looked = self.engine.look_up(
            judgement, customers, this=this, before=before, today=self.today(now)
        )
        code: CustomerCode | None = judgement.facts.get("code")
        if code is None or before is not None:
            return looked
        if (holder := customers.by_code(code)) is not None:
            issue = attrs.evolve(duplicate(Key("code", str(code)), holder), path=("code",))
            return looked.having([issue])
        return looked.having(self.coding.looked_up(code, work, self.actor.id, now))

    def uncoded(self, judgement: Judgement, work: UnitOfWork, now: datetime) -> tuple[Issue, ...]:
        """Return why a new customer would get no code, if his field is not told of already."""
        if judgement.facts.get("code") is not None or "code" in _told(judgement):
            return ()
        try:
            self.coding.preview(judgement.facts, work, self.today(now), now)
        except InvalidValue as refusal:
            issue = refusal.issue(path_of(refusal))
            return () if issue.path[0] in _told(judgement) else (issue,)
        except CodesExhausted as exhausted:
            return (exhausted.issue(),)
        return ()

    def claims(
        self, work: UnitOfWork, customer: Customer, before: Customer | None = None
    ) -> frozenset[Key]:
        """Return the keys that only this customer may have, as the company decided.

        A key that the customer had before, and shares since a time when that was fine, is not
        claimed: an edit of something else is no occasion to refuse it.
        """
        kept = keys_of(before) if before else frozenset[Key]()
        return frozenset(
            key
            for key in keys_of(customer)
            if self.engine.policy.uniqueness(key.field) is Unique.BLOCK
            and not (key in kept and _is_shared(work, key))
        )

    def after_commit(self, receipt: Receipt) -> Receipt:
        """Run the hooks; one that fails is told in the receipt and undoes nothing."""
        failures = [failure for hook in self.hooks if (failure := _run(hook, receipt))]
        if not failures:
            return receipt
        report = attrs.evolve(receipt.report, issues=(*receipt.report.issues, *failures))
        return attrs.evolve(receipt, report=report)


def _told(judgement: Judgement) -> frozenset[str | int]:
    """Return the fields of which something was said that blocks saving."""
    errors = (issue for issue in judgement.issues if issue.severity is Severity.ERROR)
    return frozenset(issue.path[0] for issue in errors if issue.path)


def _is_shared(work: UnitOfWork, key: Key) -> bool:
    return len(work.customers.holding(key, limit=2)) > 1


def _looked_up(work: UnitOfWork, target: Customer | CustomerCode | UUID | str) -> Customer | None:
    match target:
        case Customer():
            return work.customers.get(target.id)
        case UUID():
            return work.customers.get(target)
        case CustomerCode():
            return work.customers.by_code(target)
        case str():
            return _by_text(work, target)


def _by_text(work: UnitOfWork, target: str) -> Customer | None:
    try:
        found = work.customers.by_code(CustomerCode.parse(target))
    except InvalidValue:
        return None
    return found or (work.customers.get(UUID(target)) if _is_uuid(target) else None)


def _is_uuid(target: str) -> bool:
    try:
        UUID(target)
    except ValueError:
        return False
    return True


def _run(hook: Hook, receipt: Receipt) -> Issue | None:
    try:
        hook(receipt)
    except Exception:  # noqa: BLE001  a host's bug is not the customer's fault
        name = getattr(hook, "__name__", type(hook).__name__)
        return Issue("hook.failed", severity=Severity.WARNING, params={"hook": name})
    return None
