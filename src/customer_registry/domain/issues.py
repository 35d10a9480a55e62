"""What is wrong, or worth knowing, with what was typed: as data, in no language."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import attrs

from customer_registry.domain.frozen import FrozenMapping

if TYPE_CHECKING:
    from customer_registry.domain.messages import Catalogue

__all__ = ["Issue", "Path", "Report", "Severity"]

Path: TypeAlias = tuple[str | int, ...]


class Severity(StrEnum):
    """How much an issue weighs: an error blocks saving, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


def _as_tuple(issues: "Iterable[Issue]") -> "tuple[Issue, ...]":
    return tuple(issues)


def _as_path(path: Iterable[str | int] | str) -> Path:
    return (path,) if isinstance(path, str) else tuple(path)


def _discreet(params: Mapping[str, object]) -> FrozenMapping[str, object]:
    """Return params without a `value` that looks like a number typed into the wrong field."""
    value = params.get("value")
    if isinstance(value, str) and sum(map(str.isdigit, value)) >= _DIGITS_OF_AN_IDENTITY:
        params = {**params, "value": "…"}
    return FrozenMapping(params)


_DIGITS_OF_AN_IDENTITY = 15


@attrs.frozen
class Issue:
    """One thing to tell: its `code` for programs, its `path` as typed, never the typed text.

    `params` fill the sentence and never hold a sensitive value; `suggestion` is the canonical
    text that would pass, where it is known. Neither shows in `repr`.

    >>> Issue("name.required", ("name",)).line("en")
    'Customer name is required'
    """

    code: str
    path: Path = attrs.field(default=(), converter=_as_path)
    severity: Severity = attrs.field(default=Severity.ERROR, converter=Severity)
    params: Mapping[str, object] = attrs.field(
        factory=dict[str, object], converter=_discreet, repr=False, hash=False
    )
    suggestion: str | None = attrs.field(default=None, repr=False)

    def line(self, language: str = "zh", *, numbered: bool = False) -> str:
        """Return this issue as a line for people: label, colon, sentence."""
        return _catalogue(language).line(self.code, self.path, self.params, numbered=numbered)

    def under(self, prefix: Path) -> "Issue":
        """Return the same issue standing below `prefix`."""
        return attrs.evolve(self, path=(*prefix, *self.path)) if prefix else self


@attrs.frozen
class Report:
    """Everything found at once, in the order of the form, with what was typed in `echo`.

    `echo` is kept out of `repr` and `str`: it may hold sensitive texts.

    >>> report = Report([Issue("name.required", ("name",))])
    >>> report.ok, report.lines("en")
    (False, ('Customer name is required',))
    """

    issues: tuple[Issue, ...] = attrs.field(default=(), converter=_as_tuple)
    echo: Mapping[str, object] = attrs.field(factory=dict, repr=False, eq=False)
    sentences: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def ok(self) -> bool:
        """Whether nothing blocks saving."""
        return not any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that block saving."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """The issues that ask for a second look."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.WARNING)

    def lines(self, language: str = "zh") -> tuple[str, ...]:
        """Return a line for each issue, as one would say it to a clerk."""
        return tuple(self._line(issue, language) for issue in self.issues)

    def sentence(self, code: str, params: Mapping[str, object], language: str = "zh") -> str:
        """Return the sentence for a code in the company's own words, where it has some."""
        return self._catalogue(language).sentence(code, params)

    def by_path(self, language: str = "zh") -> dict[str, tuple[str, ...]]:
        """Return the sentences by dotted path (`contacts.0.emails.0`), as a form shows them."""
        grouped: dict[str, list[str]] = {}
        spoken = self._catalogue(language)
        for issue in self.issues:
            several = self._has_several(issue.path)
            label = spoken.label(issue.path, numbered=several)
            sentence = spoken.sentence(issue.code, {"label": label, **issue.params})
            grouped.setdefault(".".join(map(str, issue.path)), []).append(sentence)
        return {path: tuple(sentences) for path, sentences in grouped.items()}

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.issues)

    def _line(self, issue: Issue, language: str) -> str:
        spoken = self._catalogue(language)
        several = self._has_several(issue.path)
        return spoken.line(issue.code, issue.path, issue.params, numbered=several)

    def _catalogue(self, language: str) -> "Catalogue":
        spoken = _catalogue(language)
        return spoken.overlaid(self.sentences.get(spoken.language, {}))

    def _has_several(self, path: Path) -> bool:
        """Whether the innermost list that `path` enters holds more than one entry."""
        several = False
        here: object = self.echo
        for part in path:
            if isinstance(part, int):
                several = part > 0 or (isinstance(here, (list, tuple)) and len(here) > 1)
            here = _step(here, part)
        return several


def _catalogue(language: str) -> "Catalogue":
    from customer_registry.domain.messages import catalogue  # noqa: PLC0415  for who speaks

    return catalogue(language)


def _step(here: object, part: str | int) -> object:
    if isinstance(here, Mapping):
        return here.get(part)
    if isinstance(here, (list, tuple)) and isinstance(part, int) and part < len(here):
        return here[part]
    return None
