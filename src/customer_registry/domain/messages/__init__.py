"""The sentences a clerk reads, kept apart from the code that finds the fault."""

from collections.abc import Mapping, Sequence
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from customer_registry.domain.issues import Path

__all__ = ["LANGUAGES", "Catalogue", "catalogue"]

LANGUAGES = ("zh", "en")


@attrs.frozen
class Catalogue:
    """Sentences and labels of one language.

    >>> catalogue("en").sentence("postal.format", {})
    'Postal code must be 6 digits'
    """

    language: str
    sentences: Mapping[str, str]
    labels: Mapping[str, str]
    words: Mapping[str, str]
    grammar: Mapping[str, str]

    def overlaid(self, sentences: Mapping[str, str]) -> "Catalogue":
        """Return this catalogue with a host's own sentences in front, and its `label.<field>`."""
        if not sentences:
            return self
        labels = {
            name.removeprefix(_LABEL): label
            for name, label in sentences.items()
            if name.startswith(_LABEL)
        }
        return attrs.evolve(
            self,
            sentences={**self.sentences, **sentences},
            labels={**self.labels, **labels} if labels else self.labels,
        )

    def sentence(self, code: str, params: Mapping[str, object]) -> str:
        """Return the sentence for an issue's `code`, filled with `params`.

        A `hint` that is itself a code follows as what may have happened. A code without a sentence
        gives the code itself, so nothing is ever lost on the way.
        """
        sentence = self.sentences.get(code, code)
        if "{" in sentence:
            texts = {name: self._spoken(name, value) for name, value in params.items()}
            sentence = _Forgiving().vformat(sentence, (), texts)
        hint = self.sentences.get(str(params["hint"])) if "hint" in params else None
        return self.grammar["hint"].format(sentence=sentence, hint=hint) if hint else sentence

    def line(self, code: str, path: "Path", params: Mapping[str, object], *, numbered: bool) -> str:
        """Return a whole line: the label of `path` and the sentence, or the sentence alone."""
        label = self.label(path, numbered=numbered)
        sentence = self.sentence(code, {"label": label, **params})
        if label.casefold() not in sentence.casefold():
            sentence = self.grammar["line"].format(label=label, sentence=sentence)
        return sentence[:1].upper() + sentence[1:]

    def label(self, path: "Path", *, numbered: bool = False) -> str:
        """Return how people call the field at `path`: `联系人 1 的电话`.

        Entries of contacts, addresses and bank accounts carry their number; the last list on
        the way carries one only when `numbered` says that there are several. A custom field is
        called by its label, else by its name.
        """
        spoken = ""
        names = [part for part in path if isinstance(part, str)]
        if names[:1] == ["custom"] and len(names) > 1:
            called = self.grammar["custom"].format(name=".".join(names[1:]))
            return self.labels.get(".".join(names), called)
        for depth, name in enumerate(names):
            label = self.labels.get(".".join(names[: depth + 1])) or self.labels.get(name, name)
            entry = _index_after(path, depth)
            if entry is not None and (name in _ALWAYS_NUMBERED or numbered):
                label = self.grammar["entry"].format(label=label, n=entry + 1)
            spoken = self.grammar["of"].format(owner=spoken, part=label) if spoken else label
        return spoken.strip()

    def _spoken(self, name: str, value: object) -> str:
        """Return a parameter as people say it: the trade's words, lists with their comma."""
        if isinstance(value, (list, tuple, set, frozenset)):
            return self.grammar["comma"].join(self._spoken(name, part) for part in value)
        text = str(value)
        if name not in _IN_WORDS:
            return text
        spoken = self.words.get(text, "")
        if not spoken and name == "missing":
            spoken = self.labels.get(text, "")
        if not spoken and name == "scheme" and text.endswith(_OF_COUNTRY):
            country = text.removesuffix(_OF_COUNTRY).upper()
            spoken = self.words[f"xx{_OF_COUNTRY}"].format(country=country)
        return spoken or text


_LABEL = "label."
_IN_WORDS = frozenset(
    {"allowed", "ask", "expected", "missing", "new", "old", "scheme", "status", "type"}
)
_OF_COUNTRY = ".tax"  # a number of some country, its scheme not told
_ALWAYS_NUMBERED = frozenset({"contacts", "addresses", "bank_accounts"})


def catalogue(language: str) -> Catalogue:
    """Return the catalogue for a language tag: `zh…` is Chinese, everything else English."""
    spoken = "zh" if language.casefold().startswith("zh") else "en"
    return _read(spoken)


@cache
def _read(language: str) -> Catalogue:
    import tomllib  # noqa: PLC0415  a process that never speaks should not pay for the parser
    from importlib import resources  # noqa: PLC0415  nor for the way to the file

    text = resources.files(__name__).joinpath(f"{language}.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    frozen = {name: MappingProxyType(table) for name, table in tables.items()}
    return Catalogue(
        language, frozen["sentences"], frozen["labels"], frozen["words"], frozen["grammar"]
    )


def _index_after(path: "Path", depth: int) -> int | None:
    """Return the index that follows the name number `depth` in `path`, if one does."""
    seen = -1
    for here, part in enumerate(path):
        seen += isinstance(part, str)
        if seen == depth:
            following = path[here + 1] if here + 1 < len(path) else None
            return following if isinstance(following, int) else None
    return None


class _Forgiving(Formatter):
    """Fills a sentence and leaves a question mark where a parameter is missing."""

    def get_value(
        self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> object:
        del args
        return kwargs.get(str(key), "?")
