"""Which language the command line speaks, and how it says things."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import attrs

from customer_registry.domain.messages import LANGUAGES, Catalogue, catalogue

__all__ = ["Speech", "Wishes", "language_of", "without_wishes"]

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_WITH_A_VALUE = frozenset({"--lang", "--keyring"})


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


@attrs.frozen
class Wishes:
    """What may be asked of every command: a language, a file of keys, details of an error."""

    language: str | None = None
    keyring: str | None = None
    debug: bool = False


def without_wishes(arguments: Sequence[str]) -> tuple[Wishes, list[str]]:
    """Return what is asked of any command, and the arguments that are left.

    `--lang zh`, `--keyring FILE` and `--debug` may stand anywhere before a bare `--`.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    before, given, rest = iter(arguments[:end]), dict[str, str](), list[str]()
    for argument in before:
        name, equals, value = argument.partition("=")
        if name in _WITH_A_VALUE:
            given[name] = value if equals else next(before, "")
        elif argument == "--debug":
            given[name] = name
        else:
            rest.append(argument)
    wishes = Wishes(given.get("--lang"), given.get("--keyring"), "--debug" in given)
    return wishes, [*rest, *arguments[end:]]


@cache
def _texts(table: str) -> Mapping[str, Sequence[str]]:
    """Return a table of texts by key, each in the languages of LANGUAGES."""
    text = resources.files("customer_registry.cli").joinpath("texts.toml").read_text("utf-8")
    texts: Mapping[str, Sequence[str]] = tomllib.loads(text)[table]
    return texts
