"""Rules in the words of the company that signs them."""

from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Any

import attrs

from customer_registry.domain.customer import SMALL_FORM
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.messages import Catalogue, catalogue
from customer_registry.domain.policy import DUPLICATE_CODES, FIXED_CODES, CompanyPolicy, Unique
from customer_registry.validation.rule_set import ENTRY_FIELDS, PreparedRule
from customer_registry.validation.tables import spoken, table

__all__ = ["ExplainedRule", "RuleBook", "Saying", "explained"]


@attrs.frozen(kw_only=True)
class Saying:
    """A code that may be told, its sentence, and its severity; None where the company is silent."""

    code: str
    sentence: str
    severity: Severity | None


@attrs.frozen(kw_only=True)
class ExplainedRule:
    """A rule in words: what it holds for, the fields it reads, its sayings, what it rests on.

    A rule of a host is told by its docstring alone, without sayings and source.
    """

    name: str
    sentence: str
    reads: tuple[str, ...]
    sayings: tuple[Saying, ...] = ()
    source: str | None = None


@attrs.frozen(kw_only=True)
class RuleBook:
    """All that a company signs, in one language; `str` gives it as text to print.

    `rules` in the order in which they run, `reading` is what reading a form notes whatever the
    rules, `fixed` what no company can let pass.
    """

    language: str
    rules: tuple[ExplainedRule, ...]
    reading: tuple[Saying, ...]
    fixed: tuple[Saying, ...]

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the text line by line, the first of a rule behind its number."""
        yield "", self._say("title")
        for number, rule in enumerate(self.rules, 1):
            yield f"{number}.", rule.sentence
            yield "", self._say("reads").format(self._comma(rule.reads))
            if rule.source:
                yield "", self._say("source").format(rule.source)
            yield from (("", self._line(saying)) for saying in rule.sayings)
        for part, sayings in (("reading", self.reading), ("fixed", self.fixed)):
            yield from (("", ""), ("", self._say(part)))
            yield from (("", self._line(saying)) for saying in sayings)
        yield from (("", ""), ("", self._say("sign")))

    def __str__(self) -> str:
        return "\n".join(f"{number:>4} {line}".rstrip() for number, line in self.rows())

    def __iter__(self) -> Iterator[ExplainedRule]:
        return iter(self.rules)

    def _say(self, key: str) -> str:
        return spoken(table("explaining")["said"][key], self.language)

    def _comma(self, words: Iterable[str]) -> str:
        return catalogue(self.language).grammar["comma"].join(words)

    def _line(self, saying: Saying) -> str:
        weight = self._say(saying.severity or "off")
        return f"· {weight} {saying.code}  {saying.sentence}"


def explained(
    rules: Iterable[PreparedRule], language: str, policy: CompanyPolicy | None = None
) -> RuleBook:
    """Return rules in a language (`zh…`, else English), weighed as a company decided."""
    speech = _Speech(language, policy or CompanyPolicy())
    return RuleBook(
        language=language,
        rules=tuple(map(speech.rule, rules)),
        reading=speech.sayings(table("explaining")["reading"]),
        fixed=speech.sayings(dict.fromkeys(sorted(FIXED_CODES), Severity.ERROR)),
    )


@attrs.frozen
class _Speech:
    """One language, and one company's weights and sentences."""

    language: str
    policy: CompanyPolicy

    def rule(self, prepared: PreparedRule) -> ExplainedRule:
        name = getattr(prepared.rule, "__name__", repr(prepared.rule))
        plain = ExplainedRule(
            name=name,
            sentence=_first_sentence(prepared.rule.__doc__ or name),
            reads=tuple(map(self._label, _named(prepared))),
        )
        ours = prepared.rule.__module__.partition(".")[0] == _OURS
        known = table("explaining")["rules"].get(name) if ours else None
        return plain if known is None else self._of_ours(plain, known)

    def _of_ours(self, plain: ExplainedRule, known: Mapping[str, Any]) -> ExplainedRule:
        """Return a rule with what only the table knows of it."""
        source = known["source"]
        english = plain.sentence.removesuffix(f" ({source[1]})")  # the source has its own line
        return attrs.evolve(
            plain,
            sentence=spoken([known["zh"], english], self.language),
            source=spoken(source, self.language),
            sayings=self.sayings(known["codes"]),
        )

    def sayings(self, weights: Mapping[str, str]) -> tuple[Saying, ...]:
        return tuple(
            Saying(code=code, sentence=self._sentence(code), severity=self._severity(code, weight))
            for code, weight in weights.items()
        )

    def _severity(self, code: str, weight: str) -> Severity | None:
        found = _by_uniqueness(code, self.policy) if weight == _UNIQUE else Severity(weight)
        if found is None:
            return None
        weighed = self.policy.weighed(Issue(code, severity=found))
        return weighed.severity if weighed else None

    def _sentence(self, code: str) -> str:
        """Return the sentence with dots for what only a typed value can fill in."""
        catalogue = self._catalogue
        told = catalogue.sentences.get(code, code)
        names = (name for _, name, _, _ in Formatter().parse(told) if name)
        label = spoken(table("explaining")["said"]["label"], self.language)
        return catalogue.sentence(code, {**dict.fromkeys(names, "…"), "label": label})

    def _label(self, name: str) -> str:
        said = table("explaining")["said"].get(name)
        label = self._catalogue.labels.get(name, name)
        return spoken(said, self.language) if said else label

    @property
    def _catalogue(self) -> Catalogue:
        own = catalogue(self.language)
        return own.overlaid(self.policy.sentences.get(own.language, {}))


_OURS = "customer_registry"
_UNIQUE = "unique"
_WEIGHTS = {Unique.BLOCK: Severity.ERROR, Unique.WARN: Severity.WARNING, Unique.OFF: None}
_SURROUNDINGS = frozenset({"before", "policy", "this"})


def _first_sentence(told: str) -> str:
    """Return the first paragraph of a docstring as one line, without its full stop."""
    return " ".join(told.strip().split("\n\n")[0].split()).removesuffix(".")


def _by_uniqueness(code: str, policy: CompanyPolicy) -> Severity | None:
    """Return the greatest weight that a key behind this code has for the company."""
    keys = [key for key, told in DUPLICATE_CODES.items() if told == code]
    chosen = {policy.uniqueness(key) for key in keys}
    return next((_WEIGHTS[each] for each in Unique if each in chosen), None)


def _named(prepared: PreparedRule) -> Iterator[str]:
    """Yield what a rule reads, its entry by the field's name, without what is no field."""
    if prepared.entry:
        yield prepared.entry if prepared.entry in SMALL_FORM else ENTRY_FIELDS[prepared.entry]
    yield from (name for name in prepared.takes if name not in _SURROUNDINGS)
