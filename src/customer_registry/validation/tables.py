"""Tables of texts in both languages, kept in TOML beside the code that shows them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["spoken", "table"]


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return what `name.toml` beside this file holds."""
    text = resources.files("customer_registry.validation").joinpath(f"{name}.toml")
    return tomllib.loads(text.read_text("utf-8"))


def spoken(pair: tuple[str, str] | list[str], language: str) -> str:
    """Return one of two texts, the Chinese one for a language tag `zh…`, else the English one."""
    chinese, english = pair
    return chinese if language.casefold().startswith("zh") else english
