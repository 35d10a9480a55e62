"""The tables of a policy file about codes: their patterns, and what open forms are granted."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodeMode, CodePolicy, Guarantee, ManualCodes
from customer_registry.domain.codes.reservation import ReservationRules
from customer_registry.domain.policy.reading import Keys, Reading, Table

if TYPE_CHECKING:
    from customer_registry.domain.codes.rules import CodeRule, CodeRules

__all__ = ["fiscal_year_start", "judge_codes", "read_codes", "read_reservations"]

_PATTERN_KEYS = ["pattern", "guarantee", "block"]
_LARGEST_BLOCK = 10_000
_A_WEEK = 7 * 24 * 60
_MANY = 10_000
_MONTHS = 12


def read_codes(given: object, reading: Reading) -> CodePolicy | None:
    """Read a pattern, several rules, a level plan, or that people give the codes."""
    keys = ("codes",)
    table = reading.table(keys, given)
    reading.known(keys, table, ["mode", *_PATTERN_KEYS, "rules", "levels"])
    word = reading.word((*keys, "mode"), table.get("mode", CodeMode.AUTOMATIC), CodeMode)
    mode = CodeMode(word)
    forms = [name for name in ("pattern", "rules", "levels") if name in table]
    is_manual = not forms and mode is CodeMode.MANUAL
    if is_manual or forms not in ([], ["pattern"]):
        for name in sorted({"guarantee", "block"} & table.keys()):
            beside = "manual codes" if is_manual else f"codes.{forms[0]}"
            reading.say((*keys, name), f"codes.{name} says nothing beside {beside}")
    if is_manual:
        return ManualCodes()
    if len(forms) > 1:
        reading.say(keys, f"codes has {' and '.join(forms)}; leave one of them")
        return None
    if "levels" in table:
        from customer_registry.domain.codes.levels import LevelCodes  # noqa: PLC0415  seldom

        plan = reading.text((*keys, "levels"), table["levels"])
        return reading.attempt((*keys, "levels"), lambda: LevelCodes(plan, mode=mode))
    if "rules" in table:
        return _rules((*keys, "rules"), table["rules"], mode, reading)
    return _pattern(keys, table, mode, reading)


def read_reservations(given: object, reading: Reading) -> ReservationRules:
    """Read how long a code is kept for an open form, and how many one actor may keep."""
    keys = ("reservations",)
    table = reading.table(keys, given)
    reading.known(keys, table, ["minutes", "per_actor", "refill"])
    refill = table.get("refill", True)
    if not isinstance(refill, bool):
        reading.say((*keys, "refill"), "reservations.refill is true or false")
    return ReservationRules(
        lasting=timedelta(
            minutes=reading.count((*keys, "minutes"), table.get("minutes", 30), _A_WEEK)
        ),
        per_actor=reading.count((*keys, "per_actor"), table.get("per_actor", 20), _MANY),
        refill=bool(refill),
    )


def fiscal_year_start(given: object, reading: Reading) -> int:
    """Read the month in which the company's fiscal year begins."""
    return reading.count(("fiscal_year_start",), given, _MONTHS)


def judge_codes(policy: Mapping[str, Any], reading: Reading) -> None:
    """Note the custom fields that codes are made of and the company does not declare."""
    declared = policy.get("custom_fields") or {}
    for name in getattr(policy.get("codes"), "fields", ()):
        _, is_custom, own = name.partition("custom.")
        if is_custom and declared and own not in declared:
            reading.say(("codes",), f"codes: the company declares no custom field {own!r}")


def _pattern(keys: Keys, table: Table, mode: CodeMode, reading: Reading) -> CodePattern | None:
    template = reading.text((*keys, "pattern"), table.get("pattern", ""))
    promises = [Guarantee.GAPLESS, Guarantee.UNIQUE]
    promise = reading.word((*keys, "guarantee"), table.get("guarantee", promises[0]), promises)
    block = reading.count((*keys, "block"), table.get("block", 20), _LARGEST_BLOCK)
    return reading.attempt(
        (*keys, "pattern"),
        lambda: CodePattern(template, mode=mode, guarantee=Guarantee(promise), block=block),
    )


def _rules(keys: Keys, given: object, mode: CodeMode, reading: Reading) -> "CodeRules | None":
    from customer_registry.domain.codes.rules import CodeRules  # noqa: PLC0415  seldom

    if not isinstance(given, list):
        reading.say(keys, "codes.rules is a list of tables, each [[codes.rules]]")
        return None
    listed = cast("list[object]", given)
    rules = [_rule((*keys, at), each, mode, reading) for at, each in enumerate(listed)]
    sound = [rule for rule in rules if rule is not None]
    if len(sound) < len(rules):
        return None
    return reading.attempt(keys, lambda: CodeRules(sound))


def _rule(keys: Keys, given: object, mode: CodeMode, reading: Reading) -> "CodeRule | None":
    from customer_registry.domain.codes.rules import CodeRule  # noqa: PLC0415  seldom

    table = reading.table(keys, given)
    reading.known(keys, table, [*_PATTERN_KEYS, "when", "since"])
    when = reading.table((*keys, "when"), table.get("when", {}))
    words = {name: reading.text((*keys, "when", name), word) for name, word in when.items()}
    since = table.get("since")
    if since is not None and type(since) is not date:
        reading.say((*keys, "since"), "codes.rules.since is a day such as 2027-01-01")
        since = None
    pattern = _pattern(keys, table, mode, reading)
    return None if pattern is None else CodeRule(pattern, when=words, since=since)
