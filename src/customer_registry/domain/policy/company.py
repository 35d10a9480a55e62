"""What a company decides for its customers."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import attrs

from customer_registry.domain.codes.policy import CodePolicy
from customer_registry.domain.codes.reservation import ReservationRules
from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import PolicyError
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.messages import LANGUAGES
from customer_registry.domain.policy import parts
from customer_registry.domain.policy.custody import ApprovalRules, Retention
from customer_registry.domain.policy.custom_field import CustomField
from customer_registry.domain.policy.judging import judge_parts, judge_together
from customer_registry.domain.policy.reading import Reading
from customer_registry.domain.policy.source import Source
from customer_registry.domain.policy.text_format import TextFormat
from customer_registry.domain.policy.uniqueness import DUPLICATE_CODES, UNIQUE_KEYS, Unique
from customer_registry.domain.values import text

if TYPE_CHECKING:
    from os import PathLike

    from customer_registry.domain.access.roles import AccessRules

__all__ = ["CompanyPolicy"]


def _in_lower_case(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(str.lower, given))


def _as_pair(given: Any) -> Any:  # noqa: ANN401  judged afterwards, with the other parts
    return tuple(given) if isinstance(given, list) else given


def _every_key(given: Mapping[str, Unique]) -> Mapping[str, Unique]:
    """Return what happens for every key; a word is taken for what it means."""
    words = {word.value: word for word in Unique}
    return {**UNIQUE_KEYS, **{key: words.get(word, word) for key, word in given.items()}}


def _weights(given: Mapping[str, Severity | str | None]) -> Mapping[str, Severity | None]:
    """Return the weight of every code; a word is taken for what it means, `off` is silence."""
    words: dict[object, Any] = {"off": None, **{word.value: word for word in Severity}}
    return {code: words.get(word, word) for code, word in given.items()}


@attrs.frozen(kw_only=True)
class CompanyPolicy:
    """A company's decisions; the defaults are those of a company that decided nothing.

    `required` and `defaults` go by kind, `category_defaults` by category and before those;
    `severities` turn an issue code to `error warning info` or None (silent); `lists` are ordered
    code lists, `formats` and `max_lengths` go by field; `unique` says per key whether a duplicate
    blocks, warns or passes. `special_domains` are e-mail domains that pass as they are.
    `reservations` is what open forms are granted, `fiscal_year_start` the month it begins in.
    `retention` says by kind how long data are kept, `consent` turns a field to the purpose that it
    asks for, `approval` is what waits for a second person. `access` says who may do and see what,
    `whom_to_ask` whom the others ask. `time_zone` is an IANA name; `working_hours` the hour of the
    day in which work begins, and the one before which it ends. `sentences` overlay the catalogues.

    >>> CompanyPolicy.loads('region = "HK"').region
    'HK'
    """

    region: str = "CN"
    currency: str = "CNY"
    time_zone: str = "UTC"
    working_hours: tuple[int, int] = attrs.field(default=(6, 22), converter=_as_pair)
    area_code: str | None = None
    special_domains: tuple[str, ...] = attrs.field(default=(), converter=_in_lower_case)
    required: Mapping[PartyKind, tuple[str, ...]] = attrs.field(factory=dict)
    defaults: Mapping[PartyKind, Mapping[str, object]] = attrs.field(factory=dict)
    category_defaults: Mapping[str, Mapping[str, object]] = attrs.field(factory=dict)
    severities: Mapping[str, Severity | None] = attrs.field(factory=dict, converter=_weights)
    lists: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    formats: Mapping[str, TextFormat] = attrs.field(factory=dict)
    max_lengths: Mapping[str, int] = attrs.field(factory=dict)
    unique: Mapping[str, Unique] = attrs.field(factory=dict, converter=_every_key)
    codes: CodePolicy | None = None
    reservations: ReservationRules = attrs.field(factory=ReservationRules)
    fiscal_year_start: int = 1
    custom_fields: Mapping[str, CustomField] = attrs.field(factory=dict)
    sentences: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    whom_to_ask: str | None = None
    access: "AccessRules | None" = None
    retention: Mapping[PartyKind, Retention] = attrs.field(factory=dict)
    consent: Mapping[str, str] = attrs.field(factory=dict)
    approval: ApprovalRules = attrs.field(factory=ApprovalRules)
    source: Source = attrs.field(factory=Source, eq=False, repr=False)
    spoken: Mapping[str, Mapping[str, str]] = attrs.field(
        init=False,
        default=attrs.Factory(lambda self: _spoken(self), takes_self=True),  # noqa: PLW0108  below
        eq=False,
        repr=False,
    )
    """The sentences, and the labels of custom fields as `label.custom.<name>`."""

    def __attrs_post_init__(self) -> None:
        """Refuse what no company can mean; raise PolicyError with every mistake."""
        reading = Reading()
        decided = attrs.asdict(self, recurse=False)
        judge_parts(decided, reading)
        judge_together(decided, reading)
        if reading.mistakes:
            raise self.source.refusal(reading.mistakes)

    @classmethod
    def load(cls, path: "str | PathLike[str]") -> Self:
        """Return the policy in a TOML file; raises PolicyError with all its mistakes."""
        try:
            with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123  pathlib is slow to import
                text = file.read()
        except OSError as error:
            raise PolicyError(error.strerror or "cannot be opened", source=str(path)) from error
        except UnicodeDecodeError as error:
            raise PolicyError("this is no UTF-8 text", source=str(path)) from error
        return cls._read(Source(text, str(path)))

    @classmethod
    def loads(cls, text: str) -> Self:
        """Return the policy in a TOML text; raises PolicyError with all its mistakes."""
        return cls._read(Source(text))

    @classmethod
    def _read(cls, source: Source) -> Self:
        reading = Reading()
        decided = source.read(reading)
        judge_together(decided, reading)
        if reading.mistakes:
            raise source.refusal(reading.mistakes)
        return cls(**decided, source=source)

    @property
    def zone(self) -> tzinfo:
        """The company's time zone; raises PolicyError where this machine does not know it."""
        return UTC if self.time_zone == "UTC" else parts.zone(self.time_zone)

    def weighed(self, issue: Issue) -> Issue | None:
        """Return the issue with the company's severity, None where the company silenced it."""
        if issue.code not in self.severities:
            return issue
        severity = self.severities[issue.code]
        return None if severity is None else attrs.evolve(issue, severity=severity)

    def uniqueness(self, key: str) -> Unique:
        """Return what happens when two customers share a key of this name.

        A company that made the issue less than an error does not block by it either.
        """
        return self._uniqueness.get(key, Unique.OFF)

    @cached_property
    def _uniqueness(self) -> Mapping[str, Unique]:
        return {key: self._weighed(key, chosen) for key, chosen in self.unique.items()}

    def _weighed(self, key: str, chosen: Unique) -> Unique:
        severity = self.severities.get(DUPLICATE_CODES.get(key, ""), Severity.ERROR)
        if chosen is Unique.BLOCK and severity is not Severity.ERROR:
            return Unique.OFF if severity is None else Unique.WARN
        return chosen

    def rank(self, field: str, word: str | None) -> int | None:
        """Return the place of a word in the list of a field, from 0; None where it has none.

        >>> CompanyPolicy(lists={"grade": ("A", "B", "C")}).rank("grade", "b")
        1
        """
        keys = [text.match_key(listed) for listed in self.lists.get(field, ())]
        return keys.index(key) if word and (key := text.match_key(word)) in keys else None

    def defaults_for(self, kind: PartyKind, category: str | None) -> Mapping[str, object]:
        """Return what is filled in for a kind and a category, the category's before the kind's."""
        by_kind = self.defaults.get(kind, {})
        if not (self.category_defaults and category):
            return by_kind
        key = text.match_key(category)
        same = (name for name in self.category_defaults if text.match_key(name) == key)
        return parts.overlaid(by_kind, self.category_defaults.get(next(same, ""), {}))


def _spoken(policy: CompanyPolicy) -> Mapping[str, Mapping[str, str]]:
    if not policy.custom_fields:
        return policy.sentences
    return {
        language: {**dict(_labels(policy, language)), **policy.sentences.get(language, {})}
        for language in LANGUAGES
    }


def _labels(policy: CompanyPolicy, language: str) -> Iterator[tuple[str, str]]:
    for name, field in policy.custom_fields.items():
        if language in field.labels:
            yield f"label.custom.{name}", field.labels[language]
