"""The keys by which names of organisations are compared, from the strictest to the loosest."""

from functools import lru_cache

import attrs

from customer_registry.domain.values.branches import split_branch
from customer_registry.domain.values.legal_forms import split_legal_form
from customer_registry.domain.values.name_folding import key1, unbracketed
from customer_registry.domain.values.places import split_places
from customer_registry.domain.values.simplified import simplified
from customer_registry.domain.values.sounds import sounds
from customer_registry.domain.values.trade_words import split_trade

__all__ = ["NameParts", "key1", "key2", "key3", "name_parts", "sound_key"]

_LONGEST = 200


def key2(name: str) -> str:
    """Return `key1` in simplified characters and without the legal form; a branch keeps its own.

    It may join two customers (鍾 and 鐘 become 钟), so it warns and never decides.

    >>> key2("上海浦江貿易股份有限公司"), key2("上海浦江贸易有限公司北京分公司")
    ('上海浦江贸易', '上海浦江贸易北京分公司')
    """
    parts = name_parts(name)
    return parts.core + parts.branch


def key3(name: str) -> str:
    """Return `key2` without the places in it and without brackets.

    >>> key3("上海浦江贸易有限公司") == key3("浦江贸易（上海）公司") == "浦江贸易"
    True
    """
    parts = name_parts(name)
    return parts.stem + parts.branch


def sound_key(name: str) -> str:
    """Return what alike names share, and be it by sound: the trade name read aloud, and the trade.

    Two names with one `key3` have one sound key. It only finds candidates for `likeness`.

    >>> sound_key("上海浦江贸易有限公司") == sound_key("浦姜商贸（上海）公司")
    True
    """
    parts = name_parts(name)
    if not parts.brand:
        return sounds(parts.stem + parts.branch)
    return "|".join([sounds(parts.brand), *sorted(parts.trade), parts.branch])


@attrs.frozen(kw_only=True)
class NameParts:
    """An organisation's name taken apart, folded and in simplified characters."""

    core: str
    stem: str
    places: frozenset[str]
    brand: str
    trade: frozenset[str]
    branch: str


@lru_cache(maxsize=512)
def name_parts(name: str) -> NameParts:
    """Return the parts of a name; of a text longer than a name only the first 200 characters."""
    head, branch = split_branch(simplified(unbracketed(name[:_LONGEST])))
    core = key1(split_legal_form(head)[0])
    stem, places = split_places(core)
    brand, trade = split_trade(stem)
    return NameParts(
        core=core, stem=stem, places=places, brand=brand, trade=trade, branch=key1(branch)
    )
