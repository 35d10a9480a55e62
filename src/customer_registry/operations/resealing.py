"""Move a whole store over to the newest keys, some customers at a time, while others write."""

import re
from itertools import islice
from typing import TYPE_CHECKING, Literal, NoReturn

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageError
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.values.masked import SensitiveText
from customer_registry.operations.progress import Progress
from customer_registry.repository import CustomerQuery, UnitOfWork
from customer_registry.storage.record import BLIND
from customer_registry.storage.standing import Standing

if TYPE_CHECKING:
    from customer_registry.registration.office import Office

__all__ = ["Action", "go_over", "proven", "refuse_before", "standing"]

Action = Literal["seal", "rotate"]

_BATCH = 100
_BLIND = re.compile("([0-9a-f]{8})[.][0-9a-f]{32}")
_DONE = {"seal": "sealed", "rotate": "rotated"}


def standing(work: UnitOfWork) -> Standing | None:
    """Return how the store is sealed; None where it is not. Raises TamperedRecord."""
    return None if work.sealing is None else Standing.read(work.sealing, work.sealer)


def proven(work: UnitOfWork) -> Standing | None:
    """Return how the store is sealed, which it says with keys that are here; None where it is not.

    Raises KeyUnavailable, TamperedRecord.
    """
    now = standing(work)
    if now is not None:
        work.sealer.must_have((*now.keys, *now.former))
    return now


def refuse_before(first: Action, why: str) -> NoReturn:
    """Raise StorageError for what is called before another operation has been."""
    error = StorageError(why)
    error.first = first
    raise error


def go_over(office: "Office", action: Action, on_progress: Progress | None) -> int:
    """Bring all that is sensitive under the newest keys; returns how many customers that took.

    Whoever begins again after an interruption goes on: what has gone over already stays as it is.
    The file is written anew at the end, so that nothing is left of what was there before.
    """
    with office.unit(action) as work:
        _refuse_unknown_indices(work)
    with office.unit(action, writing=True) as work:
        is_there, aim = _aimed(office, work, action)
    moved, place, done = 0, 0, 0
    while True:
        with office.unit(action, writing=True) as work:
            batch = list(islice(work.customers.iterate(place), _BATCH))
            moved += sum(_reseal(office, work, customer) for _, customer in batch)
            total = work.customers.count(CustomerQuery())
        if not batch:
            break
        place, done = batch[-1][0], done + len(batch)
        if on_progress is not None:
            on_progress(done, max(done, total))
    _reseal_the_rest(office, action)
    if moved or not is_there:
        office.repository.scrub(whole=True)
        _settle(office, action, aim)
    return moved


def _aimed(office: "Office", work: UnitOfWork, action: Action) -> tuple[bool, Standing]:
    """Let the store say where it goes, unless it is there; return whether it is, and where.

    It goes on from keys that are all here, so that the newest of the keyring is no older one.
    """
    sealing, index = work.sealer.newest
    now = proven(work)
    since = None if now is None else now.keyed_from
    if since is None:  # whoever seals a store vouches for the journal as it is
        since = work.journal.head()[0] + 1
    there = Standing(phase="sealed", sealing=sealing, index=index, keyed_from=since)
    is_there = now is not None and now.is_whole and now.keys == there.keys
    if not is_there:
        phase: Literal["sealing", "rotating"] = "sealing" if action == "seal" else "rotating"
        former = () if now is None else (*now.keys, *now.former)
        left = tuple(key for key in dict.fromkeys(former) if key not in there.keys)
        aimed = attrs.evolve(there, phase=phase, former=left)
        _say(office, work, aimed, phase, _new_key(now, aimed))
    return is_there, there


def _new_key(before: Standing | None, after: Standing) -> tuple[Change, ...]:
    """Return that the sealing key is another, by which `health` knows from when on it serves."""
    if before is not None and before.sealing == after.sealing:
        return ()
    return (Change("sealing_key", None, after.sealing),)


def _say(
    office: "Office",
    work: UnitOfWork,
    standing: Standing,
    action: str,
    changes: tuple[Change, ...] = (),
) -> None:
    """Let the journal tell how the store is sealed from now on, and the store say so."""
    told = JournalEntry(at=office.clock(), actor=office.actor.id, action=action, changes=changes)
    number = work.journal.append(told).number
    work.keep_sealing(attrs.evolve(standing, entry=number).written(work.sealer))


def _refuse_unknown_indices(work: UnitOfWork) -> None:
    """Raise KeyUnavailable where somebody is found by an index whose key is not here."""
    forms = (part.content for part in work.parts() if part.kind in {"key", "claim"})
    known = set[str]()
    for field, text, _ in forms:
        named = _BLIND.fullmatch(str(text)) if field in BLIND else None
        if named and named[1] not in known:
            work.sealer.must_have((named[1],))
            known.add(named[1])


def _reseal(office: "Office", work: UnitOfWork, customer: Customer) -> bool:
    """Bring a customer under the newest keys, and tell the journal what its document is now."""
    marked = _marked(customer, office.engine.policy)
    changed = work.customers.reseal(marked)
    if changed:
        work.journal.append(
            JournalEntry(
                at=office.clock(),
                actor=office.actor.id,
                action="resealed",
                customer_id=customer.id,
                version=customer.version,
            )
        )
    return changed


def _reseal_the_rest(office: "Office", action: Action) -> None:
    """Bring the edits that wait, and the salts of receipts, under the newest keys."""
    with office.unit(action, writing=True) as work:
        for edit in work.edits.of():
            work.edits.drop(edit.id)
            work.edits.add(edit)
    after: tuple[str, str] | None = ("", "")
    while after is not None:
        with office.unit(action, writing=True) as work:
            after = work.receipts.reseal(after)


def _settle(office: "Office", action: Action, aim: Standing) -> None:
    """Let the store say that it has arrived, unless somebody aimed elsewhere meanwhile."""
    with office.unit(action, writing=True) as work:
        now = standing(work)
        if now is not None and now.keys == aim.keys:
            _say(office, work, aim, _DONE[action])


def _marked(customer: Customer, policy: CompanyPolicy) -> Customer:
    """Return a customer whose custom texts that the company calls sensitive carry the mark."""
    unmarked = {
        name: SensitiveText(value)
        for name, value in customer.custom.items()
        if type(value) is str and name in policy.custom_fields
        if policy.custom_fields[name].sensitive
    }
    return attrs.evolve(customer, custom={**customer.custom, **unmarked}) if unmarked else customer
