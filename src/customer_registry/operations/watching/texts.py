"""The words of audits and alerts in both languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["texts"]


def texts(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the words for a language tag by their groups: `zh…` is Chinese, else English.

    >>> texts("en")["actions"]["revealed"]
    'revealed'
    """
    return _read()["zh" if language.casefold().startswith("zh") else "en"]


@cache
def _read() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    folder = resources.files("customer_registry.operations.watching")
    text = folder.joinpath("texts.toml").read_text("utf-8")
    return tomllib.loads(text)
