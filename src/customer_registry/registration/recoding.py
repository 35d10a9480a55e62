"""Give a customer another code; the one he had goes on finding him."""

from collections.abc import Iterable
from datetime import datetime

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import InvalidValue, ValidationFailed
from customer_registry.domain.issues import Issue
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.office import Office
from customer_registry.registration.reason import read_reason
from customer_registry.registration.saving import save, stale
from customer_registry.repository import Key, Receipt, UnitOfWork
from customer_registry.validation.judgement import Judgement
from customer_registry.validation.reading.basics import read_code
from customer_registry.validation.scene import Scene, Surroundings

__all__ = ["recode"]


def recode(office: Office, customer: Customer, new: object, reason: object) -> Receipt:
    """Return the receipt of a new code; the code that he has already makes no new version.

    Raises CustomerNotFound, StaleVersion, or ValidationFailed with everything wrong.
    """
    with office.unit("recode", customer, writing=True) as work:
        before = office.found(work, customer)
        if before.version != customer.version:
            raise stale(work, before, customer.version, frozenset({"code"}))
        now = office.clock()
        judgement = _judged(office, work, before, {"code": new, "reason": reason}, now)
        if not judgement.ok:
            raise ValidationFailed(judgement.report)
        after, code = before, judgement.facts["code"]
        if code != before.code:
            office.coding.take(code, work, office.actor.id, now)
            after, told = _recoded(before, code, now), judgement.facts["reason"]
            save(office, work, after, before, action="recoded", judgement=judgement, reason=told)
    receipt = Receipt(customer=after, version=after.version, report=judgement.report)
    return office.shown(receipt) if after is before else office.after_commit(receipt)


def _recoded(before: Customer, code: CustomerCode, now: datetime) -> Customer:
    former = (*(each for each in before.former_codes if each != code), before.code)
    version = before.version + 1
    return attrs.evolve(before, code=code, former_codes=former, version=version, updated_at=now)


def _judged(
    office: Office, work: UnitOfWork, before: Customer, typed: dict[str, object], now: datetime
) -> Judgement:
    """Return the code and the reason as facts, with all that is wrong with them."""
    policy = office.engine.policy
    scene = Scene(Surroundings(policy, before.kind, policy.region))
    code = _code(typed["code"], scene.below("code"))
    reason, lacking = read_reason(typed["reason"], required=True)
    judgement = Judgement(
        facts={"code": code, "reason": reason},
        entries=(),
        touched=frozenset({"code"}),
        issues=(*scene.issues, *lacking),
        echo=typed,
        policy=policy,
    )
    if code is None or code == before.code:
        return judgement
    return judgement.having(_found(office, work, before, code, now))


def _code(typed: object, here: Scene) -> CustomerCode | None:
    code = read_code(typed, here, None)
    if code is None and not here.failed:
        here.refuse(InvalidValue("code.required"))
    return code


def _found(
    office: Office, work: UnitOfWork, before: Customer, code: CustomerCode, now: datetime
) -> Iterable[Issue]:
    """Yield what speaks against a code; one that he had before is his own."""
    yield from office.coding.off_rule(code)
    holder = work.customers.by_code(code)
    if holder is None:
        yield from office.coding.looked_up(code, work, office.actor.id, now, in_any_mode=True)
    elif holder.id != before.id:
        yield office.taken(Key("code", str(code)), holder, ("code",))
