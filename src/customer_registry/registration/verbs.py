"""The daily verbs, loaded together when the first registry is made rather than when it is named."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from customer_registry.domain.access import AccessPolicy, Actor, unrestricted
from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodePolicy
from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.registration.change_status import change_status
from customer_registry.registration.check import check, check_again
from customer_registry.registration.coding import Coding
from customer_registry.registration.find import find
from customer_registry.registration.heads import Heads, OnHead
from customer_registry.registration.office import Hook, Office, time_ordered_id, utc_now
from customer_registry.registration.register import register
from customer_registry.registration.search import asked, resumed, search
from customer_registry.registration.update import update
from customer_registry.repository import Repository, lacking
from customer_registry.validation.engine import Engine
from customer_registry.validation.rule_set import Rule, RuleSet
from customer_registry.validation.rules import STANDARD

__all__ = [
    "asked",
    "change_status",
    "check",
    "check_again",
    "find",
    "open_office",
    "register",
    "resumed",
    "search",
    "update",
]

_DEFAULT_CODES = "C{number:06}"


def open_office(
    repository: Repository,
    *,
    codes: CodePolicy | None,
    policy: CompanyPolicy | None,
    rules: RuleSet | Iterable[Rule] | None,
    access: AccessPolicy,
    actor: Actor,
    hooks: Iterable[Hook],
    on_head: OnHead | None,
    clock: Callable[[], datetime] | None,
    new_id: Callable[[datetime], UUID] | None,
) -> Office:
    """Return the surroundings of the verbs; raises PolicyError for what does not go together.

    Raises TypeError for what is no repository.
    """
    _refuse_other(repository)
    decided = policy or CompanyPolicy()
    clock = clock or utc_now
    if on_head is not None:
        heads = Heads(on_head)
        repository, hooks = heads.of(repository, clock), (*hooks, heads)
    return Office(
        repository=repository,
        engine=Engine(_rule_set(rules), decided),
        coding=_coding(codes, decided),
        actor=actor,
        access=_access(access, decided),
        zone=decided.zone,
        hooks=tuple(hooks),
        clock=clock,
        new_id=new_id or time_ordered_id,
    )


def _refuse_other(made: object) -> None:
    """Raise TypeError for what lacks members of a repository, rather than fail at each of them."""
    if missing := lacking(made, Repository):
        kind = type(made).__name__
        raise TypeError(f"a {kind} is no repository: {', '.join(missing)} missing")


def _access(access: AccessPolicy, policy: CompanyPolicy) -> AccessPolicy:
    if policy.access is None:
        return access
    if access is not unrestricted:
        raise PolicyError("access is given both here and in the policy; leave one of them")
    return policy.access


def _rule_set(rules: RuleSet | Iterable[Rule] | None) -> RuleSet:
    if rules is None:
        return STANDARD
    return rules if isinstance(rules, RuleSet) else RuleSet(rules)


def _coding(codes: CodePolicy | None, policy: CompanyPolicy) -> Coding:
    if codes is not None and policy.codes is not None:
        raise PolicyError("codes are given both here and in the policy; leave one of them")
    return Coding(
        policy=codes or policy.codes or CodePattern(_DEFAULT_CODES),
        reservations=policy.reservations,
        fiscal_year_start=policy.fiscal_year_start,
    )
