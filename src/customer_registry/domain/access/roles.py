"""Access as a company declares it: what each role may do, to whom, and see."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

import attrs

from customer_registry.domain.access.actions import ACTIONS, ALL
from customer_registry.domain.access.actor import Actor
from customer_registry.domain.access.sight import MASKABLE, Sight
from customer_registry.domain.customer import SMALL_FORM, Customer, RawCustomer
from customer_registry.domain.errors import PolicyError
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.spelling import hint

__all__ = [
    "ECHOES",
    "SCOPED",
    "SIGHTED",
    "AccessRules",
    "Role",
    "Scope",
    "Sights",
    "field_mistake",
    "mistakes_in",
]


class Scope(StrEnum):
    """Whose customers a role is about: one's own, one's department's or region's, or all."""

    OWN = "own"
    DEPARTMENT = "department"
    REGION = "region"
    ALL = "all"

    def covers(self, actor: Actor, customer: Customer | None) -> bool:
        """Return whether a customer is within reach; one that is being registered always is."""
        match self:
            case _ if customer is None:
                return True
            case Scope.OWN:
                return customer.owner is not None and customer.owner == actor.id
            case Scope.DEPARTMENT:
                return _same(actor.attributes.get("department"), customer.department)
            case Scope.REGION:
                return _same(actor.attributes.get("region"), customer.sales_region)
            case Scope.ALL:
                return True


def _same(theirs: object, its: str | None) -> bool:
    return its is not None and theirs == its


SCOPED = frozenset({"owner", "department", "sales_region"})
"""The fields that a scope rests on: who changes one of them changes who sees the customer."""

ECHOES = frozenset({"id", "version", "code", "status"})
"""The fields that no edit changes, whoever types them."""

SIGHTED = (*(name for name in RawCustomer.__annotations__ if name not in SMALL_FORM),)
"""The fields that a role may have a sight for; and `custom.` with the name of a company's own."""


def _as_set(actions: Iterable[str]) -> frozenset[str]:
    return frozenset([actions] if isinstance(actions, str) else actions)


@attrs.frozen(kw_only=True)
class Role:
    """What its holders may do, to which customers, and how much of each field they may see.

    `actions` and `deny` are words of `ACTIONS`, or `all`; what is denied is denied to all holders,
    whatever other roles they have, and so is a field that is `hidden` by name. Fields not named
    have the `default`, but what a scope rests on (`SCOPED`) is edited only where it is named.
    Raises PolicyError for a word that is none.
    """

    actions: frozenset[str] = attrs.field(default=frozenset(), converter=_as_set)
    deny: frozenset[str] = attrs.field(default=frozenset(), converter=_as_set)
    scope: Scope = attrs.field(default=Scope.ALL, converter=Scope)
    fields: Mapping[str, Sight] = attrs.field(
        factory=dict[str, Sight], converter=FrozenMapping[str, Sight], hash=False
    )
    default: Sight = Sight.HIDDEN

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be meant."""
        words = (*mistakes_in(sorted({*self.actions, *self.deny})), *_field_mistakes(self.fields))
        if words:
            raise PolicyError(words)

    def grants(self, action: str) -> bool:
        """Return whether an act is among those that the role is for."""
        return action in self.actions or ALL in self.actions

    def denies(self, action: str) -> bool:
        """Return whether an act is taken from all holders."""
        return action in self.deny or ALL in self.deny

    def sight(self, field: str, *, fresh: bool = False) -> Sight:
        """Return how much of a field the role shows, of a `fresh` customer as he is registered."""
        is_free = fresh or field not in SCOPED
        return self._named(field, self.default if is_free else min(self.default, Sight.SEEN))

    def hides(self, field: str) -> bool:
        """Return whether a field is hidden by name."""
        return self._named(field, Sight.SEEN) is Sight.HIDDEN

    def _named(self, field: str, otherwise: Sight) -> Sight:
        if field in self.fields:
            return self.fields[field]
        return self.fields.get(field.partition(".")[0], otherwise)


@attrs.frozen
class AccessRules:
    """An access policy made of roles: what one of an actor's roles grants, unless one denies it.

    `actors` gives roles to actors by their id, beside those that an `Actor` brings: `system` is who
    acts where nobody was named. A role that is not declared gives nothing.

    >>> rules = AccessRules({"desk": Role(actions={"get", "update"}, scope="own")})
    >>> rules.permits(Actor("li.lei", roles={"desk"}), "erase", None)
    False
    """

    roles: Mapping[str, Role] = attrs.field(
        factory=dict[str, Role], converter=FrozenMapping[str, Role], hash=False
    )
    actors: Mapping[str, tuple[str, ...]] = attrs.field(
        factory=dict[str, tuple[str, ...]],
        converter=FrozenMapping[str, tuple[str, ...]],
        hash=False,
    )

    _names: "dict[tuple[frozenset[str], _Names], _Names]" = attrs.field(
        init=False, factory=dict, eq=False, repr=False
    )
    _shown: "dict[tuple[_Names, _Names, bool], Sights]" = attrs.field(
        init=False, factory=dict, eq=False, repr=False
    )

    def permits(self, actor: Actor, action: str, customer: Customer | None) -> bool:
        """Return whether a role grants an act, to this customer, and none denies it."""
        roles = [self.roles[name] for name in self._held(actor)]
        if any(role.denies(action) for role in roles):
            return False
        return any(role.grants(action) and role.scope.covers(actor, customer) for role in roles)

    def sight(self, actor: Actor, field: str, customer: Customer | None) -> Sight:
        """Return the most that a role shows of a field, and nothing where one hides it by name."""
        return self.sights(actor, customer)[field]

    def sights(self, actor: Actor, customer: Customer | None) -> "Sights":
        """Return how much of each field of one customer an actor may see."""
        held, fresh = self._held(actor), customer is None
        within = tuple([name for name in held if self.roles[name].scope.covers(actor, customer)])
        if (shown := self._shown.get((held, within, fresh))) is None:
            roles, reaching = ([self.roles[name] for name in names] for names in (held, within))
            shown = self._shown[held, within, fresh] = Sights(roles, reaching, fresh=fresh)
        return shown

    def _held(self, actor: Actor) -> "_Names":
        """Return the declared roles that an actor has, in their order."""
        given = self.actors.get(actor.id, ())
        if (held := self._names.get((actor.roles, given))) is None:
            names = [name for name in self.roles if name in actor.roles or name in given]
            held = self._names[actor.roles, given] = tuple(names)
        return held


_Names = tuple[str, ...]


class Sights(dict[str, Sight]):
    """How much some roles show of each field, worked out once a field.

    `masked` are the fields not seen as they are, `locked` the names that a form may not fill in;
    `custom` is among them as soon as that holds for one of a company's own fields.
    """

    def __init__(self, held: list[Role], within: list[Role], *, fresh: bool) -> None:
        super().__init__()
        self._held, self._within, self._fresh = held, within, fresh
        own = {name for role in held for name in role.fields if name.startswith(_OWN)}
        of_custom = min([self["custom"], *(self[name] for name in own)])
        levels = {name: of_custom if name == "custom" else self[name] for name in SIGHTED}
        self.masked = tuple(name for name in MASKABLE if levels[name] < Sight.SEEN)
        locked = [name for name in SIGHTED if levels[name] < Sight.EDITED and name not in ECHOES]
        small = (name for name, part in SMALL_FORM.items() if part.partition(".")[0] in locked)
        self.locked = frozenset([*locked, *small])

    def __missing__(self, field: str) -> Sight:
        if any(role.hides(field) for role in self._held):
            sight = Sight.HIDDEN
        else:
            shown = (role.sight(field, fresh=self._fresh) for role in self._within)
            sight = max(shown, default=Sight.HIDDEN)
        if len(self) < _MOST_FIELDS:
            self[field] = sight
        return sight


_OWN = "custom."
_MOST_FIELDS = 1000
"""Fields that are remembered; what people type below `custom` has no end."""


_WORDS = (*sorted(ACTIONS), ALL)
_LEAST: Mapping[bool, Sight] = MappingProxyType({True: Sight.HIDDEN, False: Sight.SEEN})


def mistakes_in(actions: Iterable[str]) -> tuple[str, ...]:
    """Return what is wrong with words that should be acts."""
    return tuple(
        f"no act is called {word!r}{hint(word, _WORDS)}" for word in actions if word not in _WORDS
    )


def _field_mistakes(fields: Mapping[str, Sight]) -> tuple[str, ...]:
    return tuple(
        mistake for field, sight in fields.items() if (mistake := field_mistake(field, sight))
    )


def field_mistake(field: str, sight: Sight) -> str | None:
    """Return what is wrong with a field's sight; None for nothing."""
    whole = field.partition(".")[0]
    if whole not in SIGHTED or whole not in {field, "custom"}:
        return f"no field is called {field!r}{hint(field, SIGHTED)}"
    if sight < _LEAST[whole in MASKABLE]:
        return f"{field} cannot be masked; it is seen or edited"
    return None
