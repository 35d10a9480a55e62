"""What every use case has at hand: the store, the engine, the codes, the clock and the actor."""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from random import random
from typing import NoReturn, cast
from uuid import UUID

import attrs

from customer_registry.domain.access import AccessPolicy, Actor
from customer_registry.domain.customer import Customer, StaleVersion
from customer_registry.domain.errors import (
    CodesExhausted,
    CustomerNotFound,
    InvalidValue,
    KeyUnavailable,
    NotPermitted,
    StorageError,
    TamperedRecord,
)
from customer_registry.domain.issues import Issue, Path, Severity
from customer_registry.domain.policy import Unique
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.coding import Coding, path_of
from customer_registry.registration.denials import Denials
from customer_registry.registration.view import View
from customer_registry.repository import (
    Customers,
    Key,
    Receipt,
    Repository,
    UnitOfWork,
    keys_of,
)
from customer_registry.validation.engine import Engine
from customer_registry.validation.holders import StoredHolders
from customer_registry.validation.judgement import Judgement
from customer_registry.validation.reading.typed import is_blank
from customer_registry.validation.rules.duplicates import duplicate

__all__ = ["Hook", "Office", "is_shared", "time_ordered_id", "utc_now"]

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
    denials: Denials = attrs.field(factory=Denials)
    view: View = attrs.field(
        init=False,
        default=attrs.Factory(lambda self: View(self.access, self.actor), takes_self=True),
    )

    def today(self, now: datetime | None = None) -> date:
        """Return the date in the company's time zone, of a time that was read already if given."""
        return (now or self.clock()).astimezone(self.zone).date()

    @contextmanager
    def unit(
        self, action: str, customer: Customer | None = None, *, writing: bool = False
    ) -> Generator[UnitOfWork, None, None]:
        """Return a context with a unit of work for an action the actor may do.

        An action on a customer is asked of the customer as stored, whatever the object given says:
        raises CustomerNotFound for one that the actor may not see, NotPermitted for what he may not
        do. The journal tells of that, and a StaleVersion that leaves the context shows no more than
        the actor may see.
        """
        with self._guarded():
            if customer is None:
                self.permit(action, None)
            about = None if self.view.is_whole else customer
            if not writing:
                with self.repository.read() as work:
                    if about is not None:
                        self.permit(action, self.found(work, about))
                    yield work
                return
            asked = about and self.as_stored(action, about)
            blocks = self.coding.blocks
            with self.repository.write() as work:
                if asked is not None:
                    self._permit_again(action, asked, work)
                yield work
                allocated = blocks.allocated(work.numbers) if blocks else {}
            if blocks:
                self.repository.after_commit(partial(blocks.keep, allocated))

    @contextmanager
    def bound(
        self, action: str, customer: Customer | None = None, *, writing: bool = False
    ) -> Generator[UnitOfWork, None, None]:
        """Return the context of `unit` with what the actor may see, as he may see it.

        Who is restricted gets it for reading only: what he writes goes through the verbs.
        """
        if writing and not self.view.is_whole:
            self._refuse_writing(action, customer)
        with self.unit(action, customer, writing=writing) as work:
            yield self.seen(work, action)

    def seen(self, work: UnitOfWork, action: str) -> UnitOfWork:
        """Return a unit with those whom the actor may do an action to, as he sees them."""
        if self.view.is_whole:
            return work
        from customer_registry.registration.bound import BoundUnit  # noqa: PLC0415  for who is restricted

        return cast("UnitOfWork", BoundUnit(work, self.view.doing(action)))

    def _refuse_writing(self, action: str, customer: Customer | None) -> NoReturn:
        """Raise NotPermitted for a writing unit, as for one that the actor may not even read."""
        with self.unit(action, customer):
            about = None if customer is None else customer.id
            raise NotPermitted("unit", self.engine.policy.whom_to_ask, customer_id=about)

    def _asked_by_rules(self, work: UnitOfWork) -> Customers:
        if self.view.is_whole:
            return work.customers
        from customer_registry.registration.bound import AskedByRules  # noqa: PLC0415  for who is restricted

        return cast("Customers", AskedByRules(work, self.view))

    def permit(self, action: str, customer: Customer | None) -> None:
        """Raise NotPermitted, which names whom to ask, unless the actor may do an action."""
        if not self.view.permits(action, customer):
            about = None if customer is None else customer.id
            raise NotPermitted(action, self.engine.policy.whom_to_ask, customer_id=about)

    def _permit_again(self, action: str, asked: Customer, work: UnitOfWork) -> None:
        """Ask again where somebody saved since the policy was asked."""
        stored = self.found(work, asked)
        if stored.version != asked.version:
            self.permit(action, stored)

    def asked(self, action: str) -> None:
        """Raise NotPermitted unless the actor may do an action at all; the journal tells of it."""
        with self._guarded():
            self.permit(action, None)

    @contextmanager
    def _guarded(self) -> Generator[None, None, None]:
        """Let the journal tell of what was refused, and show of a faster edit what may be seen."""
        try:
            yield
        except NotPermitted as refused:
            self._deny(refused)
            raise
        except StaleVersion as stale:
            stale.current = self.view.of(stale.current)
            raise

    def _deny(self, refused: NotPermitted) -> None:
        """Write down an attempt; a store that cannot take it changes nothing about the refusal."""
        about = refused.customer_id
        entry = self.denials.entry(self.actor.id, refused.action, about, self.clock())
        if entry is None:
            return
        try:
            with self.repository.write() as work:
                work.journal.append(entry)
        except (StorageError, KeyUnavailable, TamperedRecord):
            self.denials.forget(entry)

    @contextmanager
    def reading(
        self, action: str, target: Customer | CustomerCode | UUID | str
    ) -> Generator[tuple[UnitOfWork, Customer], None, None]:
        """Return a context with a reading unit and the customer meant, for an action on him.

        Raises CustomerNotFound, NotPermitted.
        """
        with self._guarded(), self.repository.read() as work:
            customer = self.found(work, target)
            self.permit(action, customer)
            yield work, customer

    def as_stored(self, action: str, customer: Customer) -> Customer:
        """Return a customer as stored, whatever the object says; to who may see all, as he is."""
        if self.view.is_whole:
            return customer
        with self.reading(action, customer) as (_, stored):
            return stored

    def found(self, work: UnitOfWork, target: Customer | CustomerCode | UUID | str) -> Customer:
        """Return the stored customer meant by an object, an id or a code; else CustomerNotFound."""
        customer = _looked_up(work, target)
        if customer is None or not self.sees(customer):
            raise CustomerNotFound
        return customer

    def sees(self, customer: Customer) -> bool:
        """Return whether the actor may see a customer at all."""
        return self.view.sees(customer)

    def judge(self, raw: object, before: Customer | None = None) -> Judgement:
        """Return what can be said of a raw customer without asking the store."""
        if self.view.is_whole or not isinstance(raw, Mapping):
            judgement = self.engine.read(raw, before=before, today=self.today())
        else:
            judgement = self._judged_within_rights(cast("Mapping[str, object]", raw), before)
        return judgement if before else judgement.having(self.coding.judged(judgement.facts))

    def judge_again(self, customer: Customer, work: UnitOfWork) -> Judgement:
        """Return what today's rules say of a stored customer, as far as the actor sees him."""
        unseen = self._unseen(customer) | self._unseen_above(customer, work)
        typed = {name: part for name, part in customer.raw().items() if name not in unseen | _OURS}
        judgement = self.engine.read(typed, before=None, today=self.today(), unseen=unseen)
        return attrs.evolve(judgement, echo=self.view.of(customer).raw())

    def _unseen(self, customer: Customer) -> frozenset[str]:
        return self.view.unseen(customer, self.engine.policy.custom_fields)

    def _unseen_above(self, customer: Customer, work: UnitOfWork) -> frozenset[str]:
        """Return the parent's field where he is there and not seen, so that no rule misses him."""
        above = None if customer.parent is None else work.customers.by_code(customer.parent)
        return frozenset() if above is None or self.sees(above) else frozenset({"parent"})

    def _judged_within_rights(
        self, raw: Mapping[str, object], before: Customer | None
    ) -> Judgement:
        """Return what can be said of what the actor may type; all else is refused unread."""
        from customer_registry.registration.typing_rights import (  # noqa: PLC0415  for who is restricted
            editable,
            refusal,
        )

        unseen = frozenset[str]() if before is None else self._unseen(before)
        declared = self.view.declared(before)
        locked = None if declared is None else declared.locked.intersection(raw)
        if locked is not None and (
            not locked or (before is None and all(is_blank(raw[name]) for name in locked))
        ):
            return self.engine.read(raw, before=before, today=self.today(), unseen=unseen)
        shown = None if before is None else self.view.of(before)
        typed, refused = editable(raw, self.view.sights(before), shown)
        judgement = self.engine.read(typed, before=before, today=self.today(), unseen=unseen)
        whom = self.engine.policy.whom_to_ask
        judgement = attrs.evolve(judgement, echo=raw)
        return judgement.having(refusal(path, whom) for path in refused)

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
        customers = StoredHolders(self._asked_by_rules(work))
        looked = self.engine.look_up(
            judgement, customers, this=this, before=before, today=self.today(now)
        )
        code: CustomerCode | None = judgement.facts.get("code")
        if code is None or before is not None:
            return looked
        if (holder := work.customers.by_code(code)) is not None:
            return looked.having([self.taken(Key("code", str(code)), holder, ("code",))])
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

    def taken(self, key: Key, holder: Customer, path: Path) -> Issue:
        """Return the issue that a key is taken, which names the holder to who sees him hold it."""
        shown = self.view.of_seen(holder)
        if shown is None or (
            key.field != "code" and shown is not holder and key not in keys_of(shown)
        ):
            whom = self.engine.policy.whom_to_ask or "administrator"
            return Issue("duplicate.unseen", params={"ask": whom})
        return attrs.evolve(duplicate(key, holder), path=path)

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
            and not (key in kept and is_shared(work, key))
        )

    def after_commit(self, receipt: Receipt) -> Receipt:
        """Run the hooks; one that fails is told in the receipt and undoes nothing.

        They are the company's own, and get the customer whole; the actor gets what he may see.
        Where a host has yet to commit they wait, and their failures are told to the host.
        """
        if not self.hooks:
            return self.shown(receipt)
        if failures := self.repository.after_commit(partial(_failures, self.hooks, receipt)):
            report = attrs.evolve(receipt.report, issues=(*receipt.report.issues, *failures))
            receipt = attrs.evolve(receipt, report=report)
        return self.shown(receipt)

    def shown(self, receipt: Receipt) -> Receipt:
        """Return a receipt whose customer is as the actor may see him."""
        if self.view.is_whole:
            return receipt
        return attrs.evolve(receipt, customer=self.view.of(receipt.customer))


_OURS = frozenset({"id", "version"})


def _told(judgement: Judgement) -> frozenset[str | int]:
    """Return the fields of which something was said that blocks saving."""
    errors = (issue for issue in judgement.issues if issue.severity is Severity.ERROR)
    return frozenset(issue.path[0] for issue in errors if issue.path)


def is_shared(work: UnitOfWork, key: Key) -> bool:
    """Return whether several customers have a key."""
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


def _failures(hooks: tuple[Hook, ...], receipt: Receipt) -> tuple[Issue, ...]:
    return tuple(failure for hook in hooks if (failure := _run(hook, receipt)))


def _run(hook: Hook, receipt: Receipt) -> Issue | None:
    try:
        hook(receipt)
    except Exception:  # noqa: BLE001  a host's bug is not the customer's fault
        name = getattr(hook, "__name__", type(hook).__name__)
        return Issue("hook.failed", severity=Severity.WARNING, params={"hook": name})
    return None
