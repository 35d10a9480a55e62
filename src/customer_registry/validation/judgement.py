"""A raw customer judged: what is sound beside what is wrong."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs

from customer_registry.domain.issues import Issue, Path, Report, Severity
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.repository import Key
from customer_registry.validation.rule_set import ENTRY_FIELDS
from customer_registry.validation.scene import Entry

__all__ = ["Judgement"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Judgement:
    """A raw customer read: the sound fields, the sound entries, and what was found so far.

    `touched` are the fields that were typed and differ from the stored ones, `unseen` those that
    whoever asks may learn nothing of.
    """

    facts: Mapping[str, Any] = attrs.field(repr=False)
    entries: tuple[Entry, ...] = attrs.field(repr=False)
    touched: frozenset[str]
    issues: tuple[Issue, ...]
    echo: Mapping[str, object] = attrs.field(repr=False)
    policy: CompanyPolicy = attrs.field(repr=False)
    unseen: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        """Whether nothing found so far blocks saving."""
        return not any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def report(self) -> Report:
        """Everything found so far: what is missing first, then in the order as typed."""
        typed = {str(name): place for place, name in enumerate(self.echo)}
        ordered = sorted(
            self.issues, key=lambda issue: typed.get(str(issue.path[:1] and issue.path[0]), -1)
        )
        return Report(ordered, self.echo, self.policy.spoken)

    def having(self, issues: Iterable[Issue]) -> Self:
        """Return this judgement with more issues, weighed by the company."""
        weighed = tuple(filter(None, map(self.policy.weighed, issues)))
        return attrs.evolve(self, issues=self.issues + weighed) if weighed else self

    def refused(self, issue: Issue) -> Self:
        """Return this judgement with an issue that no company can make less than an error."""
        return attrs.evolve(self, issues=(*self.issues, issue))

    def path_of(self, key: Key) -> Path:
        """Return where the value behind a key was typed."""
        for entry in self.entries:
            if entry.called == key.field and Key.of(entry.value) == key:
                return entry.path
        return (ENTRY_FIELDS.get(key.field, "name" if key.field.endswith("name") else key.field),)
