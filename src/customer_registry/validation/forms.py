"""The fields a screen needs to register a customer, as a company decided them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

import attrs

from customer_registry.domain.codes.policy import CodeMode
from customer_registry.domain.customer import SMALL_FORM, CustomerStatus, PartyKind
from customer_registry.domain.issues import Severity
from customer_registry.domain.messages import Catalogue, catalogue
from customer_registry.domain.policy import CODE_LISTS, CompanyPolicy, CustomField
from customer_registry.domain.values.custody import LawfulBasis
from customer_registry.validation.filling import EMPTY
from customer_registry.validation.reading import READERS
from customer_registry.validation.required import ALWAYS_REQUIRED
from customer_registry.validation.scene import Scene, Surroundings
from customer_registry.validation.tables import spoken, table

__all__ = ["Choice", "Form", "FormField", "FormGroup", "describe_form"]


_WORDS: Mapping[str, type[StrEnum]] = {
    "kind": PartyKind,
    "status": CustomerStatus,
    "consents.basis": LawfulBasis,
}


@attrs.frozen
class Choice:
    """A word that a field takes, and how people say it."""

    value: str
    label: str


@attrs.frozen(kw_only=True)
class FormField:
    """A field of a form, or with `fields` a part of the form that has fields of its own.

    `type` is one of `text long_text number date choice yes_no phone email amount terms names
    parts`; `many` says that a list of up to `most` is taken, `alone` which part a text alone means,
    `open` that other choices or parts are taken too. A form has the flat fields of a small form
    beside the lists they stand for, and a screen shows the one or the other: `stands_for` names
    the part, such as `contacts.phones`, which is required of some entry where the flat field is. A
    part that is `required` itself is so in every entry.

    `max_length` counts characters, `pattern` describes the whole text, `minimum` and `maximum` are
    included. What a company only warns about is no limit here. `default` is what it fills in for
    nothing; `with_id` marks entries that come back with the `id` they were shown with.
    """

    name: str
    label: str
    type: str = "text"
    many: bool = False
    required: bool = False
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    most: int | None = None
    pattern: str | None = None
    minimum: object = None
    maximum: object = None
    default: object = None
    example: str | None = None
    help: str | None = None
    stands_for: str | None = None
    alone: str | None = None
    open: bool = False
    with_id: bool = False
    fields: "tuple[FormField, ...]" = ()


@attrs.frozen
class FormGroup:
    """Fields that stand together under a heading."""

    label: str
    fields: tuple[FormField, ...]


@attrs.frozen(kw_only=True)
class Form:
    """A form for customers of one kind, its labels and help in one language.

    `attrs.asdict(form)` gives it as JSON holds it, but for the bounds of a company's own fields.
    """

    kind: PartyKind
    language: str
    groups: tuple[FormGroup, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All fields, group by group."""
        return tuple(field for group in self.groups for field in group.fields)

    def json_schema(self) -> dict[str, Any]:
        """Return the form as a JSON Schema (2020-12) of a raw customer.

        It takes what a screen sends: texts without blanks around them, words of a list as they are
        listed, `null` or an empty text for nothing. `check` takes more than that: other spellings.
        """
        from customer_registry.validation.form_schema import schema_of  # noqa: PLC0415  few ask for it

        return schema_of(self)


def describe_form(
    kind: PartyKind | str = PartyKind.ORGANIZATION,
    policy: CompanyPolicy | None = None,
    language: str = "zh",
) -> Form:
    """Return the form by which customers of a kind are registered, in a language (`zh…` or `en`).

    Labels, choices, required fields and defaults are those of the company; without a policy those
    of a company that decided nothing.

    >>> form = describe_form("organization", language="en")
    >>> [group.label for group in form.groups]
    ['Basics', 'Contact', 'Address', 'Tax', 'Other']
    >>> form.fields[1].label, form.fields[1].required, form.fields[1].max_length
    ('Customer name', True, 200)
    """
    writer = _Writer(PartyKind(kind), policy or CompanyPolicy(), language)
    return Form(kind=writer.kind, language=language, groups=tuple(writer.groups()))


@attrs.frozen
class _Writer:
    """Writes the fields of one form."""

    kind: PartyKind
    policy: CompanyPolicy
    language: str

    def groups(self) -> Iterator[FormGroup]:
        known = table("forms")
        for group, label in known["groups"].items():
            names = (name for name, about in known["fields"].items() if about.get("group") == group)
            fields = (self.field((name,)) for name in names if name not in self._left_out)
            yield FormGroup(spoken(label, self.language), tuple(fields))

    def field(self, path: tuple[str, ...]) -> FormField:
        about = self._about(path)
        name = ".".join(path)
        fields = tuple(self._custom() if name == "custom" else self._parts(path))
        choices = self._choices(name)
        return FormField(
            name=path[-1],
            label=self._label(name),
            type=about.get("type", "text"),
            many=about.get("many", False),
            required=about.get("required", False) or name in self._required,
            choices=choices,
            max_length=None if fields or choices else self._longest(path),
            most=self._most(path) if about.get("many") else None,
            pattern=self._pattern(name, about),
            default=self._defaults.get(name),
            example=self._spoken(about.get("example")),
            help=self._spoken(about["help"]),
            stands_for=SMALL_FORM.get(name),
            alone=about.get("alone"),
            open=self._is_open(name),
            with_id=about.get("with_id", False),
            fields=fields,
        )

    def _parts(self, path: tuple[str, ...]) -> Iterator[FormField]:
        for name in table("forms")["fields"]:
            *above, part = name.split(".")
            if tuple(above) == path:
                yield self.field((*path, part))

    def _custom(self) -> Iterator[FormField]:
        for declared in self.policy.custom_fields.values():
            yield self._custom_field(declared)

    def _custom_field(self, declared: CustomField) -> FormField:
        language = self._catalogue.language
        by_kind = self._defaults.get("custom")
        own = by_kind.get(declared.name) if isinstance(by_kind, Mapping) else None
        default = declared.default if own is None else own
        return FormField(
            name=declared.name,
            label=declared.labels.get(language, declared.name),
            type=_CUSTOM_TYPES.get(declared.type, declared.type),
            required=declared.is_required(self.kind) and default is None,
            choices=tuple(Choice(word, word) for word in declared.choices),
            open=not self._blocks("not_in_list"),
            max_length=None if declared.choices else self._longest(("custom", declared.name)),
            pattern=declared.pattern if self._blocks("format") else None,
            minimum=declared.minimum if self._blocks("custom.minimum") else None,
            maximum=declared.maximum if self._blocks("custom.maximum") else None,
            default=default,
            example=declared.example,
            help=declared.help.get(language),
        )

    def _about(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        about = table("forms")["fields"][".".join(path)]
        return {**about, **about.get(self.kind, {})}

    def _label(self, name: str) -> str:
        label = self._catalogue.labels.get(name, name)
        return label[:1].upper() + label[1:]

    def _spoken(self, pair: list[str] | None) -> str | None:
        return spoken(pair, self.language) if pair else None

    @cached_property
    def _required(self) -> frozenset[str]:
        """The fields that have to be typed, a list's flat fields with the list."""
        named = (*ALWAYS_REQUIRED, *self.policy.required.get(self.kind, ()))
        custom = [each.name for each in self._custom() if each.required]
        coded = ["code"] if self._code_mode is CodeMode.MANUAL else []
        typed = (name for name in named if name not in self._filled_in)
        asked = [*typed, *coded, *(["custom"] if custom else [])]
        meant = {SMALL_FORM.get(name, name) for name in asked}
        flat = (name for name, part in SMALL_FORM.items() if part in meant)
        return frozenset([*flat, *(name.partition(".")[0] for name in meant)])

    @property
    def _filled_in(self) -> frozenset[str]:
        """The fields that the company fills in, if only for some category."""
        by_category = self.policy.category_defaults.values()
        return frozenset([*self._defaults, *(name for table in by_category for name in table)])

    @cached_property
    def _defaults(self) -> Mapping[str, object]:
        return {"currency": self.policy.currency, **self.policy.defaults_for(self.kind, None)}

    @property
    def _left_out(self) -> tuple[str, ...]:
        return ("code",) if self._code_mode is CodeMode.AUTOMATIC else ()

    @property
    def _code_mode(self) -> CodeMode:
        return self.policy.codes.mode if self.policy.codes else CodeMode.AUTOMATIC

    def _choices(self, name: str) -> tuple[Choice, ...]:
        if name in CODE_LISTS:
            return tuple(Choice(word, word) for word in self.policy.lists.get(name, ()))
        words = _WORDS.get(name, ())
        return tuple(Choice(word.value, self._catalogue.words[word]) for word in words)

    def _pattern(self, name: str, about: Mapping[str, Any]) -> str | None:
        chosen = self.policy.formats.get(name)
        if chosen:
            return chosen.pattern if self._blocks("format") else None
        return about.get("pattern")

    def _is_open(self, name: str) -> bool:
        """Return whether a field takes more than the choices or parts that are listed."""
        if name == "custom":
            return not self.policy.custom_fields or not self._blocks("custom.unknown")
        return name in CODE_LISTS and not self._blocks("not_in_list")

    def _blocks(self, code: str) -> bool:
        """Return whether an issue is an error for this company."""
        return self.policy.severities.get(code, Severity.ERROR) is Severity.ERROR

    def _longest(self, path: tuple[str, ...]) -> int | None:
        """Return how many characters the field's reader takes, as the reader itself says it."""
        typed: object = _LONG
        for part in reversed(path[1:]):
            typed = {part: typed}
        read = self._limit(path[0], typed, "too_long")
        chosen = self.policy.max_lengths.get(".".join(path))
        return min(filter(None, (read, chosen)), default=None)

    def _most(self, path: tuple[str, ...]) -> int | None:
        """Return how many entries the field's reader takes."""
        typed: object = [None] * _MANY
        for part in reversed(path[1:]):
            typed = {part: typed}
        return self._limit(path[0], typed, "entry.too_many")

    def _limit(self, name: str, typed: object, code: str) -> int | None:
        if name in SMALL_FORM:
            name, _, part = SMALL_FORM[name].partition(".")
            typed = {part: typed}
        around = Surroundings(self.policy, self.kind, self.policy.region, self.policy.currency)
        scene = Scene(around)
        READERS[name](typed, scene, EMPTY[name])
        told = (issue.params["max"] for issue in scene.issues if issue.code == code)
        return next((limit for limit in told if isinstance(limit, int)), None)

    @property
    def _catalogue(self) -> Catalogue:
        return catalogue(self.language)


_CUSTOM_TYPES = {"bool": "yes_no"}
_LONG = "x" * 20_000
_MANY = 10_000
