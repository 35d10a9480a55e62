"""The front door: the daily verbs of a customer registry."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self, Unpack, overload
from uuid import UUID

import attrs

from customer_registry import registration
from customer_registry.domain.access import SYSTEM, AccessPolicy, Actor, unrestricted
from customer_registry.domain.customer import Customer, RawCustomer
from customer_registry.domain.errors import ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.values.code import CustomerCode

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from os import PathLike

    from customer_registry.domain.codes.policy import CodePolicy
    from customer_registry.domain.journal import JournalEntry
    from customer_registry.domain.policy import CompanyPolicy
    from customer_registry.registration.changes import Changes
    from customer_registry.registration.heads import OnHead
    from customer_registry.registration.load import LoadReport, RowReport
    from customer_registry.registration.office import Hook
    from customer_registry.registration.reserving import ReservedCode
    from customer_registry.repository import Page, Receipt, Repository, UnitOfWork
    from customer_registry.sealing.keyring import Keyring
    from customer_registry.validation.rule_set import Rule, RuleSet

__all__ = ["CustomerRegistry"]


class CustomerRegistry:
    """Registers, finds and edits the customers of one company.

    Without arguments it keeps them in memory and codes them C000001, C000002, …. `rules` are
    `STANDARD` unless others are given, `policy` holds the company's decisions, `hooks` are called
    with the receipt after each committed save, `on_head` with the journal's new `Head`: keep it
    elsewhere, see `HeadFile`. One registry may be shared by threads; make a new one after a fork.
    Raises PolicyError, and TypeError for a `repository` that lacks members of the port.

    >>> registry = CustomerRegistry()
    >>> receipt = registry.register(kind="person", name="王芳", phone="13800138000")
    >>> receipt.message("zh")
    '保存成功，客户编码：C000001'
    """

    def __init__(
        self,
        *,
        repository: "Repository | None" = None,
        codes: "CodePolicy | None" = None,
        policy: "CompanyPolicy | None" = None,
        rules: "RuleSet | Iterable[Rule] | None" = None,
        access: AccessPolicy = unrestricted,
        actor: Actor = SYSTEM,
        hooks: "Iterable[Hook]" = (),
        on_head: "OnHead | None" = None,
        clock: Callable[[], datetime] | None = None,
        new_id: Callable[[datetime], UUID] | None = None,
    ) -> None:
        self._office = registration.verbs.open_office(
            repository if repository is not None else _in_memory(),
            codes=codes,
            policy=policy,
            rules=rules,
            access=access,
            actor=actor,
            hooks=hooks,
            on_head=on_head,
            clock=clock,
            new_id=new_id,
        )

    @classmethod
    def open(
        cls,
        where: "str | PathLike[str]",
        *,
        codes: "CodePolicy | None" = None,
        policy: "CompanyPolicy | None" = None,
        rules: "RuleSet | Iterable[Rule] | None" = None,
        access: AccessPolicy = unrestricted,
        actor: Actor = SYSTEM,
        hooks: "Iterable[Hook]" = (),
        on_head: "OnHead | None" = None,
        create: bool = True,
        migrate: bool = False,
        keyring: "Keyring | None" = None,
    ) -> Self:
        """Return a registry over the store at `where`: a SQLite file, `memory:`, or an address.

        An address is `postgresql://…`, or has a scheme that an installed package keeps customers
        for, by an entry point of the group `customer_registry.repositories`; any other is a
        StorageUnavailable that names those there are.

        Use it as a context manager, or call `close`. A file that is not there, or empty, becomes a
        new store, with `create=False` a StorageMissing. A file of an earlier version is refused
        (`SchemaTooOld`) unless `migrate` asks for it; a copy is kept beside it. With a
        `keyring` a new store is sealed, and a sealed one can be read. Raises the StorageError that
        says what is wrong with a file, and PolicyError.
        """
        from customer_registry.storage.opening import open_repository  # noqa: PLC0415  only who opens a store pays

        repository = open_repository(
            os.fspath(where), create=create, migrate=migrate, keyring=keyring
        )
        try:
            return cls(
                repository=repository,
                codes=codes,
                policy=policy,
                rules=rules,
                access=access,
                actor=actor,
                hooks=hooks,
                on_head=on_head,
            )
        except BaseException:
            repository.close()
            raise

    def acting_as(self, actor: Actor) -> Self:
        """Return the same registry for another actor: the journal names it, its rights apply."""
        bound = object.__new__(type(self))
        bound._office = attrs.evolve(self._office, actor=actor)
        return bound

    def check(
        self,
        raw: Mapping[str, object] | None = None,
        /,
        *,
        of: Customer | None = None,
        **fields: Unpack[RawCustomer],
    ) -> Report:
        """Return everything wrong, or worth knowing, with a raw customer; nothing is written.

        With `of` the fields are an edit of that customer; with `of` alone the whole customer is
        judged again, by the rules of today.

        >>> CustomerRegistry().check(kind="organization", name=" ").lines("zh")
        ('客户名称不能为空',)
        """
        if of is not None and raw is None and not fields:
            return registration.verbs.check_again(self._office, of)
        given, twice = _together(raw, fields)
        return _with(registration.verbs.check(self._office, given, of=of), twice)

    def register(
        self,
        raw: Mapping[str, object] | None = None,
        /,
        *,
        idempotency_key: str | None = None,
        **fields: Unpack[RawCustomer],
    ) -> "Receipt":
        """Register a customer, from a mapping as a form gives it, from keywords, or from both.

        Raises ValidationFailed with a report of everything wrong, CodesExhausted, or
        IdempotencyConflict; nothing is saved then, no number used. A retry with the same
        `idempotency_key` and content returns the first receipt, marked `replayed`.
        """
        given, twice = _together(raw, fields)
        self._refuse(given, twice, None)
        return registration.verbs.register(self._office, given, idempotency_key=idempotency_key)

    def reserve_code(
        self, raw: Mapping[str, object] | None = None, /, **fields: Unpack[RawCustomer]
    ) -> "ReservedCode":
        """Return the next code, kept for this actor while a form is open.

        The fields are those typed so far; only what the code is made of matters. Registering with
        the code takes it, leaving the context without that gives it back, and so does time: the
        company says how long a code is kept and how many one actor may keep. Raises
        ValidationFailed, CodesExhausted.

        >>> registry = CustomerRegistry()
        >>> with registry.reserve_code() as code:
        ...     receipt = registry.register(kind="person", name="王芳", code=code)
        >>> receipt.customer.code == code
        True
        """
        from customer_registry.registration.reserving import (  # noqa: PLC0415  not every host's
            reserve_code,
        )

        given, _ = _together(raw, fields)
        return reserve_code(self._office, given)

    @overload
    def update(
        self,
        target: Customer,
        raw: Mapping[str, object] | None = None,
        /,
        *,
        idempotency_key: str | None = None,
        **fields: Unpack[RawCustomer],
    ) -> "Receipt": ...

    @overload
    def update(
        self,
        target: CustomerCode | UUID | str,
        raw: Mapping[str, object],
        /,
        *,
        version: int | None = None,
        idempotency_key: str | None = None,
        **fields: Unpack[RawCustomer],
    ) -> "Receipt": ...

    @overload
    def update(
        self,
        target: CustomerCode | UUID | str,
        raw: None = None,
        /,
        *,
        version: int,
        idempotency_key: str | None = None,
        **fields: Unpack[RawCustomer],
    ) -> "Receipt": ...

    def update(
        self,
        target: Customer | CustomerCode | UUID | str,
        raw: Mapping[str, object] | None = None,
        /,
        *,
        version: int | None = None,
        idempotency_key: str | None = None,
        **fields: object,
    ) -> "Receipt":
        """Save an edit of the version that was read; fields not given stay as they are.

        The version rides in a `Customer`; with a code or id it is the keyword `version`, or the
        `version` that a form made of `raw()` sends back; without any this is a TypeError. None or
        "" clears a field. An edit that changes nothing writes nothing.

        Raises StaleVersion when somebody saved since, CustomerNotFound, ValidationFailed,
        IdempotencyConflict.
        """
        given, twice = _together(raw, fields)
        if version is None and not isinstance(target, Customer):
            version = _version_shown(given)
        based_on = _version(target, version)
        self._refuse(given, twice, target if isinstance(target, Customer) else None)
        return registration.verbs.update(
            self._office, target, given, version=based_on, idempotency_key=idempotency_key
        )

    def change_status(
        self,
        target: Customer | CustomerCode | UUID | str,
        status: str,
        *,
        reason: str | None = None,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> "Receipt":
        """Change a customer's status; `version` as in `update`.

        Raises ValidationFailed for a way that the trade does not know (`status.transition`) or a
        missing reason on the way to or from the black list.
        """
        return registration.verbs.change_status(
            self._office,
            target,
            status,
            version=_version(target, version),
            reason=reason,
            idempotency_key=idempotency_key,
        )

    def get(self, code_or_id: CustomerCode | UUID | str) -> Customer:
        """Return a customer by code, former codes included, or by id; else CustomerNotFound."""
        office = self._office
        with office.unit("get") as work:
            return office.view.of(office.found(work, code_or_id))

    def find(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        tax_identifier: str | None = None,
    ) -> tuple[Customer, ...]:
        """Return all customers with exactly this phone, e-mail or tax number, oldest first.

        Several keys narrow the answer; a text that is no such value finds nobody.

        >>> CustomerRegistry().find(phone="138 0013 8000")
        ()
        """
        return registration.verbs.find(
            self._office, phone=phone, email=email, tax_identifier=tax_identifier
        )

    def search(
        self,
        text: str = "",
        *,
        kind: str | None = None,
        status: str | None = None,
        grade: str | None = None,
        category: str | None = None,
        owner: str | None = None,
        department: str | None = None,
        sales_region: str | None = None,
        region: str | None = None,
        tags: Iterable[str] = (),
        custom: Mapping[str, object] = MappingProxyType({}),
        created_from: date | None = None,
        created_until: date | None = None,
        updated_from: date | None = None,
        updated_until: date | None = None,
        limit: int = 20,
        after: str | None = None,
        count: bool = False,
    ) -> "Page":
        """Return a page of customers, newest first; an empty text finds everyone.

        The text may be a part of a name (a single Chinese character too), beginnings of words,
        a code, a mnemonic, four or more digits of a phone, an e-mail address; all its parts have
        to be met. `region` is the province of any address, 浙江 or 浙江省. `custom` asks for values
        of custom fields that the policy declares `searchable`; any other is a PolicyError.

        Dates are days of the company's time zone, and both belong to the period; an aware
        `datetime` is a moment, one without a zone a ValueError.

        `page.next` given as `after` continues the same search; raises InvalidCursor. With `count`
        the page's `total` says how many there are.

        >>> registry = CustomerRegistry()
        >>> receipt = registry.register(kind="organization", name="上海浦江贸易有限公司")
        >>> [str(each.name) for each in registry.search("浦江", kind="organization")]
        ['上海浦江贸易有限公司']
        """
        verbs = registration.verbs
        if after is not None:
            return verbs.search(self._office, verbs.resumed(after), count=count)
        query = verbs.asked(
            self._office,
            custom=custom,
            created=(created_from, created_until),
            updated=(updated_from, updated_until),
            text=text,
            kind=kind,
            status=status,
            grade=grade,
            category=category,
            owner=owner,
            department=department,
            sales_region=sales_region,
            region=region,
            tags=tags,
            limit=limit,
        )
        return verbs.search(self._office, query, count=count)

    def history(self, target: Customer | CustomerCode | UUID | str) -> "tuple[JournalEntry, ...]":
        """Return who did what to a customer, oldest first; CustomerNotFound for nobody."""
        office = self._office
        with office.reading("history", target) as (work, customer):
            return tuple(office.view.entry(each, customer) for each in work.journal.of(customer.id))

    def changes(self, after: str | None = None, *, limit: int = 200) -> "Changes":
        """Return what happened after a cursor, as far as the actor may see it, oldest first.

        For who follows the registry: keep `next` once the entries are dealt with, and ask with it
        again; no entry is missed, also while others write, and after a crash of the reader some may
        come once more. Without a cursor it begins with the first entry. Raises InvalidCursor, also
        where the journal was rolled back behind the cursor.

        >>> registry = CustomerRegistry()
        >>> receipt = registry.register(kind="person", name="王芳")
        >>> first = registry.changes()
        >>> [entry.action for entry in first], len(registry.changes(first.next))
        (['registered'], 0)
        """
        from customer_registry.registration.changes import changes  # noqa: PLC0415  not every host's

        return changes(self._office, after, limit)

    def load(
        self,
        rows: Iterable[Mapping[str, object]],
        *,
        workers: int | None = 0,
        on_row: "Callable[[RowReport], object] | None" = None,
        on_progress: Callable[[int], object] | None = None,
        lift_numbers: bool = False,
    ) -> "LoadReport":
        """Register many raw customers; returns a report per row, in order.

        Rows are saved in batches in which a refused row costs no other; `on_progress` is called
        with the number of rows done after each. Loading the same rows again registers nobody twice.

        `workers` other processes judge the rows while this one saves; None lets the machine's
        CPUs decide. What comes out is the same. Rows are taken from an iterator as they are needed.
        With `on_row` each row's report goes there once it is saved, and none is kept in the answer.

        Rows that bring codes leave the counters where they are, which step over such a code when
        they meet it, and one far ahead is warned of (`code.far_ahead`). With `lift_numbers` each
        counter goes on behind the highest of them, and nothing is far ahead; the numbers left out
        below are given to nobody.
        """
        from customer_registry.registration.load import load  # noqa: PLC0415  seldom called

        return load(
            self._office,
            rows,
            workers=workers,
            on_row=on_row,
            on_progress=on_progress,
            lift_numbers=lift_numbers,
        )

    def unit(
        self, action: str, customer: Customer | None = None, *, writing: bool = False
    ) -> "AbstractContextManager[UnitOfWork]":
        """Return a unit of work for rooms beyond the daily verbs.

        The access policy is asked first whether the actor may do `action`; raises NotPermitted, and
        CustomerNotFound for a customer that he may not see. What the unit reads is what the actor
        may see, as he may see it, of the customers on whom the action is granted.

        Who is restricted by a policy gets customers and the journal, to read: `writing` is a
        NotPermitted to him. He writes by the verbs and the operations.
        """
        return self._office.bound(action, customer, writing=writing)

    @property
    def codes(self) -> "CodePolicy":
        """How this registry codes its customers."""
        return self._office.coding.policy

    def close(self) -> None:
        """Let go of the store; closing twice is no fault."""
        self._office.repository.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _refuse(self, given: object, twice: tuple[Issue, ...], before: Customer | None) -> None:
        """Refuse a call that gives a field twice, together with all else that is wrong."""
        if twice:
            report = registration.verbs.check(self._office, given, of=before)
            raise ValidationFailed(_with(report, twice))


def _in_memory() -> "Repository":
    from customer_registry.storage.memory import (  # noqa: PLC0415  only who uses it pays
        InMemoryRepository,
    )

    return InMemoryRepository()


def _together(raw: object, fields: Mapping[str, object]) -> tuple[object, tuple[Issue, ...]]:
    """Return what was typed as one mapping, and an issue for every field given twice."""
    if raw is None:
        return fields, ()
    if not isinstance(raw, Mapping) or not fields:
        return raw, ()
    twice = tuple(Issue("field.twice", (name,)) for name in fields if name in raw)
    return {**fields, **raw}, twice


def _with(report: Report, issues: tuple[Issue, ...]) -> Report:
    return attrs.evolve(report, issues=(*issues, *report.issues)) if issues else report


def _version(target: object, version: int | None) -> int:
    """Return the version an edit builds on, out of the keyword or the customer."""
    if version is None and isinstance(target, Customer):
        return target.version
    if not isinstance(version, int) or isinstance(version, bool):
        raise TypeError("an edit by code or id needs version=, the version that was read")
    return version


def _version_shown(given: object) -> int | None:
    """Return the version in a form that shows one, as a number or as the text of one."""
    shown = given.get("version") if isinstance(given, Mapping) else None
    if isinstance(shown, str) and shown.isdecimal() and len(shown) <= _LONGEST_VERSION:
        return int(shown)
    return shown if isinstance(shown, int) else None


_LONGEST_VERSION = 18
