"""The table of a policy file about who may do and see what."""

from collections.abc import Mapping
from typing import Any

from customer_registry.domain.access.actions import ACTIONS, ALL
from customer_registry.domain.access.roles import AccessRules, Role, Scope, field_mistake
from customer_registry.domain.access.sight import Sight
from customer_registry.domain.policy.reading import Keys, Reading, Table, spelt

__all__ = ["read_access"]

_WORDS = (*sorted(ACTIONS), ALL)
_SIGHTS: Mapping[str, Sight] = {sight.name.lower(): sight for sight in Sight}
_DEFAULT = "default"


def read_access(given: object, reading: Reading) -> AccessRules | None:
    """Read the table `[access]`: roles, and the roles of actors by their id."""
    keys = ("access",)
    table, before = reading.table(keys, given), len(reading.mistakes)
    reading.known(keys, table, ("roles", "actors"))
    roles = reading.table((*keys, "roles"), table.get("roles", {}))
    made = {name: _role((*keys, "roles", name), role, reading) for name, role in roles.items()}
    actors = _actors(table.get("actors", {}), list(roles), reading)
    if len(reading.mistakes) > before:
        return None
    return AccessRules({name: Role(**parts) for name, parts in made.items()}, actors)


def _role(keys: Keys, given: object, reading: Reading) -> dict[str, Any]:
    table = reading.table(keys, given)
    reading.known(keys, table, ("actions", "deny", "scope", "fields"))
    parts: dict[str, Any] = {
        name: _actions((*keys, name), table[name], reading)
        for name in ("actions", "deny")
        if name in table
    }
    if "scope" in table:
        parts["scope"] = reading.word((*keys, "scope"), table["scope"], Scope)
    fields = reading.table((*keys, "fields"), table.get("fields", {}))
    sights = {name: _sight((*keys, "fields", name), word, reading) for name, word in fields.items()}
    parts["default"] = sights.pop(_DEFAULT, Sight.HIDDEN)
    for name, sight in sights.items():
        if mistake := field_mistake(name, sight):
            reading.say((*keys, "fields", name), f"{spelt((*keys, 'fields'))}: {mistake}")
    return {**parts, "fields": sights}


def _actions(keys: Keys, given: object, reading: Reading) -> tuple[str, ...]:
    words = reading.texts(keys, [given] if given == ALL else given)
    reading.listed(keys, words, _WORDS)
    return words


def _sight(keys: Keys, given: object, reading: Reading) -> Sight:
    return _SIGHTS[reading.word(keys, given, _SIGHTS)]


def _actors(given: object, roles: list[str], reading: Reading) -> dict[str, tuple[str, ...]]:
    """Read which roles an actor has by his id; each has to be declared."""
    keys = ("access", "actors")
    table: Table = reading.table(keys, given)
    held = {name: reading.texts((*keys, name), words) for name, words in table.items()}
    for name, words in held.items():
        reading.listed((*keys, name), words, roles)
    return held
