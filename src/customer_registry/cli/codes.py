"""The commands about customer codes: what the rule means, which code comes next, how it stands."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import attrs
from cyclopts import Parameter, validators

from customer_registry.cli.commands import CODES, Commands, In, Json
from customer_registry.cli.errors import DONE, REFUSED, Unusable
from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodePolicy, ReadableCodes
from customer_registry.domain.errors import PolicyError
from customer_registry.operations import audit_numbering, preview_code

if TYPE_CHECKING:
    from customer_registry.domain.customer import RawCustomer

__all__ = ["CodeCommands"]

Share = Annotated[float, Parameter(validator=validators.Number(gt=0, lte=1))]


@attrs.frozen
class CodeCommands:
    """`codes explain`, `codes preview` and `codes audit`."""

    main: Commands

    def by_name(self) -> dict[str, Callable[..., int]]:
        """Return the commands by the names that people type."""
        return {"explain": self.explain, "preview": self.preview, "audit": self.audit}

    def explain(self, pattern: str | None = None, /, *, policy: Path | None = None) -> int:
        """Say in words what a pattern, or the company's rule, means."""
        codes = self._typed(pattern) if pattern else self._decided(policy)
        screen = self.main.screen
        if not isinstance(codes, ReadableCodes):
            screen.line(screen.say("codes.by.hand"))
            return DONE
        for line in codes.explain(screen.say.language).splitlines():
            screen.line(line)
        for warning in getattr(codes, "warnings", ()):
            screen.complain(screen.say("codes.undecided", warning=warning))
        return DONE

    def preview(
        self,
        *,
        in_: In = None,
        json_: Json = None,
        policy: Path | None = None,
        kind: str | None = None,
        category: str | None = None,
        grade: str | None = None,
        parent: str | None = None,
    ) -> int:
        """Say which code the next customer gets; none is taken."""
        options = {"kind": kind, "category": category, "grade": grade, "parent": parent}
        typed: RawCustomer = {  # type: ignore[assignment]  # the names above are fields
            name: word for name, word in options.items() if word is not None
        }
        raw = self.main.json_in(json_) if json_ is not None else {}
        with self.main.opened(self._existing(in_), self.main.policy_in(policy)) as registry:
            self.main.screen.line(str(preview_code(registry, raw, **typed)))
        return DONE

    def audit(self, *, in_: In = None, policy: Path | None = None, warn_at: Share = 0.8) -> int:
        """Say how the numbering stands: gaps, drift, and what is nearly used up."""
        with self.main.opened(self._existing(in_), self.main.policy_in(policy)) as registry:
            audit = audit_numbering(registry, warn_at=warn_at)
        for line in audit.lines(self.main.screen.say.language):
            self.main.screen.line(line)
        return DONE if audit.sound else REFUSED

    def _typed(self, pattern: str) -> CodePattern:
        try:
            return CodePattern(pattern)
        except PolicyError as refusal:
            told = "; ".join(refusal.mistakes)
            raise Unusable(self.main.screen.say("codes.wrong", mistakes=told)) from refusal

    def _decided(self, policy: Path | None) -> CodePolicy:
        decided = self.main.policy_in(policy)
        return decided.codes if decided and decided.codes else CodePattern(CODES)

    def _existing(self, given: str | None) -> str:
        return self.main.named(given, "--in", existing=True)
