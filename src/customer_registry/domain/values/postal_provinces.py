"""Which province of China a postal code belongs to."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["fits_the_province", "province_of"]

_PREFIXES = {
    "15": "01 02",
    "14": "03 04",
    "13": "05 06 07",
    "11": "10",
    "21": "11 12",
    "22": "13",
    "23": "15 16",
    "31": "20",
    "32": "21 22",
    "34": "23 24",
    "37": "25 26 27",
    "12": "30",
    "33": "31 32",
    "36": "33 34",
    "35": "35 36",
    "50": "40",
    "43": "41 42",
    "42": "43 44",
    "41": "45 46 47",
    "44": "51 52",
    "45": "53 54",
    "52": "55 56",
    "46": "57",
    "51": "61 62 63 64",
    "53": "65 66 67",
    "61": "71 72",
    "62": "73 74",
    "64": "75",
    "63": "81",
    "65": "83 84",
    "54": "85 86",
}
_PROVINCES: Mapping[str, str] = MappingProxyType(
    {
        prefix: f"{province}0000"
        for province, prefixes in _PREFIXES.items()
        for prefix in prefixes.split()
    }
)

_SERVED_FROM_NEXT_DOOR = {
    "1522": ("137",),  # Hinggan, by Jilin
    "150721": ("162",),  # Arun, by Heilongjiang
    "150783": ("162",),  # Zalantun, by Heilongjiang
    "1529": ("735", "737", "750"),  # Alxa, by Gansu and Ningxia
    "330922": ("2024",),  # Shengsi, by Shanghai
    "131126": ("253",),  # Gucheng, by Shandong
}


def province_of(postal_code: str) -> str | None:
    """Return the division code of the province that the first two digits name, if they name one.

    The first two of the six digits stand for the province (国内邮政编码 四级六位).

    >>> province_of("518057"), province_of("999077")
    ('440000', None)
    """
    return _PROVINCES.get(postal_code[:2])


def fits_the_province(postal_code: str, division: str) -> bool:
    """Return whether a postal code is one of the division's province, given by a code.

    Some counties are served by the post of the next province.

    >>> fits_the_province("202450", "330922"), fits_the_province("202450", "330000")
    (True, False)
    """
    if province_of(postal_code) == f"{division[:2]}0000":
        return True
    served = (
        codes for place, codes in _SERVED_FROM_NEXT_DOOR.items() if division.startswith(place)
    )
    return any(postal_code.startswith(codes) for codes in served)
