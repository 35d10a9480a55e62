"""What one actor may see of the customers and of what happened to them."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Self, cast

import attrs

from customer_registry.domain.access import (
    MASKABLE,
    AccessPolicy,
    Actor,
    Sight,
    unrestricted,
)
from customer_registry.domain.customer import Customer
from customer_registry.domain.journal import Change, JournalEntry

if TYPE_CHECKING:
    from customer_registry.domain.access.roles import Sights

__all__ = ["View"]

_Sees = Callable[[Actor, str, Customer | None], object]

_GET = "get"


@attrs.frozen(eq=False, repr=False)
class View:
    """The customers as an actor may see them, decided by an access policy.

    What a policy answers wrongly, or fails to answer, is denied and hidden. In a view for an act
    there are only the customers to whom the actor may do it.
    """

    _access: AccessPolicy
    _actor: Actor
    _act: str = _GET

    @property
    def is_whole(self) -> bool:
        """Whether nobody restricts anything."""
        return self._access is unrestricted

    def doing(self, act: str) -> Self:
        """Return the view for an act, which `get` alone does not grant."""
        return type(self)(self._access, self._actor, act)

    def permits(self, action: str, customer: Customer | None) -> bool:
        """Return whether the actor may do an act, to a customer where it concerns one."""
        try:
            return self._access.permits(self._actor, action, customer) is True
        except Exception:  # noqa: BLE001  a policy that fails denies
            return False

    def sees(self, customer: Customer) -> bool:
        """Return whether the actor may see a customer at all.

        One whose processing is restricted is seen by those only who may restrict it.
        """
        if self.is_whole:
            return True
        is_free = customer.custody.restricted is None or self.permits("restrict", customer)
        if not is_free or not self.permits(_GET, customer):
            return False
        return self._act == _GET or self.permits(self._act, customer)

    def sight(self, field: str, customer: Customer | None) -> Sight:
        """Return how much of a field the actor sees; all of it where no policy speaks of fields."""
        try:
            asked = cast("_Sees | None", getattr(self._access, "sight", None))
            answer = Sight.EDITED if asked is None else asked(self._actor, field, customer)
        except Exception:  # noqa: BLE001  as above
            return Sight.HIDDEN
        return answer if isinstance(answer, Sight) else Sight.HIDDEN

    def sights(self, customer: Customer | None) -> Callable[[str], Sight]:
        """Return what tells of each field of one customer how much of it the actor sees."""
        declared = self.declared(customer)
        if declared is not None:
            return declared.__getitem__
        return lambda field: self.sight(field, customer)

    def declared(self, customer: Customer | None) -> "Sights | None":
        """Return the sights of one customer where the company declared them, else None."""
        from customer_registry.domain.access.roles import (  # noqa: PLC0415  for who is restricted
            AccessRules,
        )

        access = self._access
        return access.sights(self._actor, customer) if type(access) is AccessRules else None

    def of(self, customer: Customer) -> Customer:
        """Return a customer as the actor sees it, whether or not he may get it again."""
        if self.is_whole:
            return customer
        declared = self.declared(customer)
        if declared is not None and not declared.masked:
            return customer
        from customer_registry.domain.access.view import seen  # noqa: PLC0415  for who is restricted

        fields = MASKABLE if declared is None else declared.masked
        return seen(customer, self.sights(customer), fields)

    def of_seen(self, customer: Customer | None) -> Customer | None:
        """Return a customer as the actor sees it; None for one that he may not see."""
        if customer is None or self.is_whole:
            return customer
        return self.of(customer) if self.sees(customer) else None

    def unseen(self, customer: Customer, own: Iterable[str] = ()) -> frozenset[str]:
        """Return the fields that the actor does not see as they are, whatever is stored in them.

        `own` are the names of a company's own fields, of which those unseen stand there as
        `custom.` with the name; `custom` does as soon as one may be unseen.
        """
        if self.is_whole:
            return frozenset()
        sight, declared = self.sights(customer), self.declared(customer)
        names = {f"custom.{name}" for name in (*customer.custom, *own)}
        below = {name for name in names if sight(name) < Sight.SEEN}
        if declared is not None:
            return frozenset({*declared.masked, *below})
        plain = {field for field in MASKABLE if field != "custom" and sight(field) < Sight.SEEN}
        return frozenset({*plain, *below, *(["custom"] if below else [])})

    def entry(self, entry: JournalEntry, customer: Customer) -> JournalEntry:
        """Return an entry about a customer without what the actor may not see of him."""
        if self.is_whole:
            return entry
        sight, fresh = self.sights(customer), entry.version == _FIRST
        changes: list[Change] = []
        for change in entry.changes:
            shown = _shown(change, sight, fresh=fresh)
            if shown is not None and not (shown.hidden and shown in changes):
                changes.append(shown)
        return attrs.evolve(entry, changes=tuple(changes))


_FIRST = 1
"""The version that a registration writes."""


def _shown(change: Change, sight: Callable[[str], Sight], *, fresh: bool) -> Change | None:
    """Return a change as far as its field is seen.

    Of a hidden field it is not told which part changed, and in a `fresh` customer not even that
    there is something.
    """
    field = _field_of(change.path)
    whole = field.partition(".")[0]
    if whole not in MASKABLE or (level := sight(field)) >= Sight.SEEN:
        return change
    if level is not Sight.HIDDEN:
        return Change(change.path, hidden=True)
    return None if fresh else Change(whole, hidden=True)


def _field_of(path: str) -> str:
    """Return the field that a sight is asked for, of the path of a change."""
    whole, _, rest = path.partition(".")
    return f"{whole}.{rest}" if whole == "custom" and rest else whole
