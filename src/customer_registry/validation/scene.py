"""Where a reader stands: the path as typed, the company, and what was found so far."""

from collections.abc import Mapping
from typing import Any, Self

import attrs

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue, Path, Severity
from customer_registry.domain.policy import CompanyPolicy

__all__ = ["Scene"]


@attrs.define(eq=False, repr=False)
class _Findings:
    """What all scenes of one reading share."""

    issues: list[Issue] = attrs.field(factory=list)
    errors: int = 0
    entries: list[tuple[str, Path, Any]] = attrs.field(factory=list)


@attrs.frozen(eq=False, repr=False)
class Scene:
    """The place of one typed value, its surroundings, and the means to say what is wrong with it.

    `country` is that of the customer's first address, else of the company's region; `currency` the
    customer's, else the company's; `editing` whether a stored customer is being edited.
    """

    policy: CompanyPolicy
    kind: PartyKind
    country: str
    currency: str = "CNY"
    editing: bool = False
    path: Path = ()
    _findings: _Findings = attrs.field(factory=_Findings)
    _errors_before: int = 0

    def below(self, *steps: str | int) -> Self:
        """Return the scene of a part of this value."""
        found = self._findings
        around = (self.policy, self.kind, self.country, self.currency, self.editing)
        return type(self)(*around, (*self.path, *steps), found, found.errors)

    @property
    def failed(self) -> bool:
        """Whether an error was said since this scene was entered."""
        return self._findings.errors > self._errors_before

    @property
    def issues(self) -> list[Issue]:
        """Everything said so far, here and elsewhere."""
        return self._findings.issues

    @property
    def entries(self) -> list[tuple[str, Path, Any]]:
        """The sound entries met so far: what each is called, where it was typed, its value."""
        return self._findings.entries

    def say(
        self,
        code: str,
        severity: Severity = Severity.ERROR,
        *,
        suggestion: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Note an issue at this path."""
        found = Issue(code, self.path, severity, params or {}, suggestion)
        weighed = self.policy.weighed(found)
        if weighed is not None:
            self._findings.issues.append(weighed)
            self._findings.errors += weighed.severity is Severity.ERROR

    def refuse(self, refusal: InvalidValue) -> None:
        """Note what a value type refused; no company can make it less than an error."""
        self._findings.issues.append(refusal.issue(self.path))
        self._findings.errors += 1

    def meet(self, called: str, value: object) -> None:
        """Remember a sound entry, so that rules about one entry find it."""
        self._findings.entries.append((called, self.path, value))
