"""Keep the next code for an open form: the code that is shown is the code that is saved."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType

import attrs

from customer_registry.domain.codes.policy import Guarantee
from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.errors import (
    CodesExhausted,
    InvalidValue,
    NotPermitted,
    StorageError,
    ValidationFailed,
)
from customer_registry.domain.issues import Issue
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.coding import path_of
from customer_registry.registration.office import Office
from customer_registry.repository import UnitOfWork
from customer_registry.validation.judgement import Judgement

__all__ = ["ReservedCode", "preview_code", "release_code", "reserve_code"]


@attrs.frozen
class ReservedCode:
    """A code that is kept for this actor until `until`; as a context it is the code itself.

    Leaving the context gives back what was not saved. A host whose form is saved in another
    request keeps nothing but the code: registering with it is enough.
    """

    code: CustomerCode
    until: datetime
    _release: Callable[[CustomerCode], bool] = attrs.field(alias="release", repr=False, eq=False)

    def release(self) -> bool:
        """Give the code back; returns whether it was still kept."""
        return self._release(self.code)

    def __str__(self) -> str:
        return str(self.code)

    def __enter__(self) -> CustomerCode:
        return self.code

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # What is not given back here lapses by itself, and what was saved must not seem to fail.
        with suppress(NotPermitted, StorageError):
            self.release()


def reserve_code(office: Office, raw: object) -> ReservedCode:
    """Return the next code for a customer as far as he is typed, kept for the actor.

    Raises ValidationFailed where a field is missing that the code is made of, where people give the
    codes, or where the actor keeps too many; CodesExhausted.
    """
    judgement = office.judge(raw)
    with office.unit("reserve_code", writing=True) as work, _telling(judgement):
        now = office.clock()
        _make_room(office, work, judgement, now)
        code, drawn = office.coding.next(judgement.facts, work, office.today(now), now)
        until = now + office.coding.reservations.lasting
        name, number = drawn or (None, None)
        work.numbers.reserve(
            Reservation(
                code=code, owner=office.actor.id, at=now, until=until, range=name, number=number
            )
        )
    return ReservedCode(code, until, lambda kept: release_code(office, kept, until))


def preview_code(office: Office, raw: object) -> CustomerCode:
    """Return the next code for a customer as far as he is typed; nothing is drawn or kept.

    Raises as `reserve_code`, whatever the actor keeps.
    """
    judgement = office.judge(raw)
    with office.unit("preview_code") as work, _telling(judgement):
        now = office.clock()
        return office.coding.preview(judgement.facts, work, office.today(now), now)


def release_code(office: Office, code: CustomerCode, until: datetime | None = None) -> bool:
    """Give back a code that the actor keeps, with `until` only that reservation of it.

    Returns whether he kept it.
    """
    with office.unit("release_code", writing=True) as work:
        kept, now = work.numbers.reserved(code), office.clock()
        if kept is None or kept.owner != office.actor.id or kept.released_at is not None:
            return False
        if until is not None and kept.until != until:  # a later form of this actor's has it
            return False
        if _is_explained(office, kept):
            work.numbers.reserve(kept.released(now))
        else:
            work.numbers.forget(code)
        return kept.is_active(now)


@contextmanager
def _telling(judgement: Judgement) -> Generator[None, None, None]:
    """Refuse in the form's own words what the code policy raises."""
    try:
        yield
    except InvalidValue as refusal:
        raise _refused(refusal.issue(path_of(refusal)), judgement) from refusal
    except CodesExhausted as exhausted:
        exhausted.report = _refused(exhausted.issue(), judgement).report
        raise


def _make_room(office: Office, work: UnitOfWork, judgement: Judgement, now: datetime) -> None:
    """Refuse an actor who keeps too many codes; forget those that explain no gap."""
    owner = office.actor.id
    active = work.numbers.reservations(owner, active_at=now)
    if len(active) >= (most := office.coding.reservations.per_actor):
        issue = Issue("code.too_many_reserved", ("code",), params={"max": most})
        raise _refused(issue, judgement)
    if office.coding.policy.guarantee == Guarantee.GAPLESS:
        return
    for each in work.numbers.reservations(owner):
        if not each.is_active(now):
            work.numbers.forget(each.code)


def _is_explained(office: Office, kept: Reservation) -> bool:
    """Return whether a reservation is needed after its end: to refill or explain its number."""
    return kept.number is not None and office.coding.policy.guarantee == Guarantee.GAPLESS


def _refused(issue: Issue, judgement: Judgement) -> ValidationFailed:
    """Return the refusal of a reservation: that one fact, for the form is not finished yet."""
    report = attrs.evolve(judgement, issues=()).refused(issue).report
    return ValidationFailed(report)
