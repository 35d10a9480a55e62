"""Traditional Chinese characters as simplified ones, so that two spellings can be compared."""

from functools import cache

__all__ = ["simplified"]


def simplified(text: str) -> str:
    """Return `text` with every traditional character replaced, one for one, by its simplified one.

    It is for comparing and searching, never for keeping: 鍾 and 鐘 both become 钟. The table is
    OpenCC's (TSCharacters, 2026), loaded at first use.

    >>> simplified("臺灣積體電路製造股份有限公司")
    '台湾积体电路制造股份有限公司'
    """
    return text if _traditional().isdisjoint(text) else text.translate(_table())


@cache
def _traditional() -> frozenset[str]:
    return frozenset(map(chr, _table()))


@cache
def _table() -> dict[int, str]:
    from customer_registry.domain.values._traditional import PAIRS  # noqa: PLC0415  a long table

    pairs = PAIRS.replace("\n", "")
    return dict(zip(map(ord, pairs[::2]), pairs[1::2], strict=True))
