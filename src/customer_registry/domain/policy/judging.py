"""What a policy gets wrong, in a file or in Python."""

from collections.abc import Mapping
from typing import Any

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.issues import Severity
from customer_registry.domain.messages import catalogue
from customer_registry.domain.policy import parts
from customer_registry.domain.policy.coding import judge_codes
from customer_registry.domain.policy.fixed_codes import FIXED_CODES
from customer_registry.domain.policy.names import FORMATTABLE
from customer_registry.domain.policy.parts import PARTS
from customer_registry.domain.policy.reading import Reading
from customer_registry.domain.policy.text_format import TextFormat
from customer_registry.domain.policy.uniqueness import UNIQUE_KEYS, Unique
from customer_registry.domain.spelling import hint
from customer_registry.domain.values import text

__all__ = ["judge_parts", "judge_together"]

_READ_AGAIN = (
    "region",
    "currency",
    "time_zone",
    "working_hours",
    "area_code",
    "special_domains",
    "required",
    "defaults",
    "lists",
    "max_lengths",
    "fiscal_year_start",
    "sentences",
)


def judge_parts(policy: Mapping[str, Any], reading: Reading) -> None:
    """Note what is wrong with one part of a policy by itself."""
    for part in _READ_AGAIN:
        if policy[part] is not None:
            PARTS[part][1](policy[part], reading)
    parts.category_defaults({"category": policy["category_defaults"]}, reading)
    for part in ("required", "defaults"):
        reading.known((part,), policy[part], PartyKind)
    _judge_words(policy, reading)
    reading.known(("formats",), policy["formats"], FORMATTABLE)
    for field, form in policy["formats"].items():
        if not isinstance(form, TextFormat):
            reading.say(("formats", field), f"formats.{field} is a TextFormat")
    for name, field in policy["custom_fields"].items():
        if name != field.name:
            reading.say(("custom", name), f"custom: {name!r} stands for {field.name!r}")


def _judge_words(policy: Mapping[str, Any], reading: Reading) -> None:
    reading.known(("unique",), policy["unique"], UNIQUE_KEYS)
    for key, word in policy["unique"].items():
        reading.word(("unique", key), word, Unique)
    for code, weight in policy["severities"].items():
        if weight is not None:
            reading.word(("severity", code), weight, Severity)


def judge_together(policy: Mapping[str, Any], reading: Reading) -> None:
    """Note what is wrong between the parts of a policy."""
    _judge_severities(policy.get("severities", {}), policy.get("sentences", {}), reading)
    _judge_categories(policy.get("category_defaults", {}), policy.get("lists", {}), reading)
    judge_codes(policy, reading)


def _judge_severities(
    severities: Mapping[str, Severity | None],
    sentences: Mapping[str, Mapping[str, str]],
    reading: Reading,
) -> None:
    """Note the codes that nobody knows, and those after which there is nothing to store."""
    own = {code for language in sentences.values() for code in language}
    known = frozenset(catalogue("en").sentences) | own if severities else own
    for code, severity in severities.items():
        if code not in known:
            reading.say(("severity", code), f'severity knows no "{code}"{hint(code, known)}')
        elif code in FIXED_CODES and severity is not Severity.ERROR:
            told = f'severity."{code}" stays an error: there is nothing sound to store'
            reading.say(("severity", code), told)


def _judge_categories(
    defaults: Mapping[str, object], lists: Mapping[str, tuple[str, ...]], reading: Reading
) -> None:
    """Note the defaults for a category that no customer can have."""
    listed = lists.get("category", ())
    keys = {text.match_key(word) for word in listed}
    for category in defaults:
        if listed and text.match_key(category) not in keys:
            told = f"lists.category has no {category!r}{hint(category, listed)}"
            reading.say(("defaults", "category", category), f"defaults.category: {told}")
