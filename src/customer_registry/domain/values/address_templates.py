"""How addresses are written in their countries, by our own small table."""

__all__ = ["LARGE_TO_SMALL", "template_for"]

LARGE_TO_SMALL = frozenset({"CN", "HK", "MO", "TW", "JP", "KR"})
"""Countries whose own addresses go from the province down to the house."""

_DOWN = "{country}{region}{locality}{district}{street_address}\n{postal_code}"
_UP = "{street_address}\n{district}\n{locality}, {region} {postal_code}\n{country}"
_CODE_FIRST = "{street_address}\n{district}\n{postal_code} {locality}\n{region}\n{country}"
_CODE_LAST = "{street_address}\n{district}\n{locality}\n{region}\n{postal_code}\n{country}"
_WRITES_THE_CODE_FIRST = frozenset(
    """
    AD AL AM AT AX BA BE BG CH CY CZ DE DK DO DZ EE ES FI FO FR GE GF GL GP GR GT HR IL IS IT KW LA
    LI LT LU MA MC MD ME MG MK MQ MX MY NC NI NL NO PF PL PM PT PY RE RO RS SE SI SJ SK SM SN TJ TN
    TR UY VA WF XK YT ZM
    """.split()
)
_WRITES_THE_CODE_LAST = frozenset("GB GG IM JE IE ZA KE LK UA RU".split())


def template_for(country: str, language: str) -> str:
    """Return the template by which an address of a country is written, by our own small table."""
    if language == "zh" and country in LARGE_TO_SMALL:
        return _DOWN
    if country in _WRITES_THE_CODE_FIRST:
        return _CODE_FIRST
    return _CODE_LAST if country in _WRITES_THE_CODE_LAST else _UP
