"""How the postal codes of other countries look, as their posts write them."""

import re
from functools import cache

__all__ = ["WITHOUT_POSTAL_CODES", "has_a_known_shape", "in_shape"]

WITHOUT_POSTAL_CODES = frozenset(
    """
    AE AG AO AW BF BI BJ BQ BS BW BZ CD CG CI CM CW DJ DM ER FJ GA GD GM GQ GY HK KI KM ML MO MR NR
    QA RW SB SC SL SR ST SX TD TG TO TV UG VU YE ZW
    """.split()
)
"""Countries and territories whose post knows no codes (Universal Postal Union)."""

_ALL_DIGITS = {
    3: "FO GN IS LS MG OM PG BH",
    4: """AF AL AM AT AU AZ BD BE BG BH CC CH CX CY DK ET GE GL GW HM HT HU LB LI LR LU LV MD
          MK MZ NE NF NO NZ PA PH PT PY SI SJ SV TN TZ VE ZA CV CR""",
    5: """AX BA BL BT CR CU DE DO DZ EE EG EH ES FI FR GF GP GT HN HR ID IL IQ IT JO KE KH KR
          KW LA LK LT LY MA MC ME MF MM MN MQ MU MV MX MY NA NC NI NP PE PF PK PM RE RS SA SD
          SM SN TH TR TZ UA UY VA VN WF XK YT ZM AS GU MH FM MP PR PW UM US VI""",
    6: "AM BY CO EC IN KG KH KZ MN NG PY RO RS RU SG TJ TM TT UZ VN",
    7: "CL EG IL",
}
_PICTURES = {
    **dict.fromkeys("AS FM GU MH MP PR PW UM US VI".split(), "#####-####"),
    **dict.fromkeys("CZ GR SE SK".split(), "### ##"),
    "AC": "ASCN 1ZZ",
    "AD": "AD###",
    "AI": "AI-2640|2640",
    "AR": "####|@####@@@|@####",
    "AZ": "AZ ####",
    "BB": "BB#####",
    "BM": "@@ ##|@@ @@",
    "BN": "@@####",
    "BR": "#####-###",
    "CA": "~#~ #~#",
    "FK": "FIQQ 1ZZ",
    "GB": (
        "@# #^^|@## #^^|@@# #^^|@@## #^^|@#@ #^^|@@#@ #^^|GIR 0AA|BFPO #|BFPO ##|BFPO ###|BFPO ####"
    ),
    "GG": "GY# #^^|GY## #^^",
    "GI": "GX11 1AA",
    "GS": "SIQQ 1ZZ",
    "HT": "HT####",
    "IE": "@** ****",
    "IM": "IM# #^^|IM## #^^",
    "IO": "BBND 1ZZ",
    "IR": "#####-#####",
    "JE": "JE# #^^|JE## #^^",
    "JP": "###-####",
    "KN": "KN####",
    "KY": "KY#-####",
    "KZ": "@##@#@#",
    "LB": "#### ####",
    "LT": "LT-#####",
    "LV": "LV-####",
    "MD": "MD-####",
    "MS": "MSR####",
    "MT": "@@@ ####|@@@ ##",
    "NL": "#### @@",
    "PE": "LIMA #|LIMA ##|CALLAO #|CALLAO ##",
    "PL": "##-###",
    "PN": "PCRN 1ZZ",
    "PT": "####-###",
    "SA": "#####-####",
    "SH": "ASCN 1ZZ|STHL 1ZZ|TDCU 1ZZ",
    "SO": "@@ #####",
    "SV": "CP ####",
    "SZ": "@###",
    "TA": "TDCU 1ZZ",
    "TC": "TKCA 1ZZ",
    "VC": "VC####",
    "VE": "####-@",
    "VG": "VG####",
}
"""`#` is a digit, `@` a letter, `*` either, `^` a letter that ends a British, `~` a Canadian code.

Facts of the Universal Postal Union's addressing sheets and of CLDR, as libaddressinput has them.
"""

_CLASSES = {
    "#": "[0-9]",
    "@": "[A-Z]",
    "*": "[A-Z0-9]",
    "^": "[ABD-HJLNP-UW-Z]",
    "~": "[ABCEGHJ-NPRSTV-Z]",
}
_LONGEST = 12


def has_a_known_shape(country: str) -> bool:
    """Return whether the shapes of a country's postal codes are known here."""
    return bool(_shapes().get(country))


def in_shape(code: str, country: str) -> str | None:
    """Return a code as its country writes it; None where it has none of the country's shapes.

    Spaces and hyphens of `code` do not count; `country` is ISO 3166 alpha-2.

    >>> in_shape("SW1A1AA", "GB"), in_shape("1000001", "JP"), in_shape("1234", "DE")
    ('SW1A 1AA', '100-0001', None)
    """
    bare = re.sub("[ -]", "", code[: 2 * _LONGEST])
    for pattern, picture in _shapes().get(country, ()):
        if pattern.fullmatch(bare):
            return _filled(picture, bare)
    return None


def _filled(picture: str, bare: str) -> str:
    """Put the spaces and hyphens of a picture between the letters and digits."""
    signs = iter(bare)
    return "".join(sign if sign in " -" else next(signs) for sign in picture)


@cache
def _shapes() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    pictures = {country: shapes.split("|") for country, shapes in _PICTURES.items()}
    for length, countries in _ALL_DIGITS.items():
        for country in countries.split():
            pictures.setdefault(country, []).append("#" * length)
    return {
        country: [(_pattern(each), each) for each in some] for country, some in pictures.items()
    }


def _pattern(picture: str) -> re.Pattern[str]:
    return re.compile("".join(_CLASSES.get(sign, sign) for sign in picture if sign not in " -"))
