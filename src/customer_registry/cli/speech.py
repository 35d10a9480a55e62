"""Which language the command line speaks, and how it says things."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import attrs

from customer_registry.domain.messages import LANGUAGES, Catalogue, catalogue

__all__ = ["Speech", "language_of", "without_wishes"]

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


@attrs.frozen
class Speech:
    """The words of one language, `zh` or `en`."""

    language: str

    def __call__(self, key: str, **params: object) -> str:
        """Return the sentence for a key, filled in."""
        return _texts("said")[key][self._at].format(**params)

    def can_say(self, key: str) -> bool:
        """Return whether there is a sentence for a key."""
        return key in _texts("said")

    def about(self, name: str) -> str:
        """Return what `--help` says of a command, an argument or an option."""
        return _texts("help").get(name, ("", ""))[self._at]

    def word(self, text: str) -> str:
        """Return the trade's word for one of our own, the text itself where there is none."""
        own = _texts("said").get(f"word.{text}")
        return own[self._at] if own else self.catalogue.words.get(text, text)

    def label(self, *path: str | int) -> str:
        """Return how people call a field."""
        label = self.catalogue.label(path)
        return label[:1].upper() + label[1:]

    def listed(self, words: Sequence[str]) -> str:
        """Return words with the language's comma between them."""
        return self.catalogue.grammar["comma"].join(words)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of issues in this language."""
        return catalogue(self.language)

    @property
    def _at(self) -> int:
        return LANGUAGES.index(self.language)


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language of the locale: Chinese or English."""
    locale = next((value for name in _LOCALE if (value := environment.get(name))), "")
    return "zh" if locale.casefold().startswith("zh") else "en"


def without_wishes(arguments: Sequence[str]) -> tuple[str | None, bool, list[str]]:
    """Return the language asked for, whether details are, and the arguments that are left.

    `--lang zh` and `--debug` may stand anywhere before a bare `--`.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    before, language, rest = iter(arguments[:end]), None, list[str]()
    debug = False
    for argument in before:
        if argument == "--lang":
            language = next(before, "")
        elif argument.startswith("--lang="):
            language = argument.removeprefix("--lang=")
        elif argument == "--debug":
            debug = True
        else:
            rest.append(argument)
    return language, debug, [*rest, *arguments[end:]]


@cache
def _texts(table: str) -> Mapping[str, Sequence[str]]:
    """Return a table of texts by key, each in the languages of LANGUAGES."""
    text = resources.files("customer_registry.cli").joinpath("texts.toml").read_text("utf-8")
    texts: Mapping[str, Sequence[str]] = tomllib.loads(text)[table]
    return texts
