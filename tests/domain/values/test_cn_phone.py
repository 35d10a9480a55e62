import pytest

from customer_registry.domain.values.cn_phone import (
    chinese_international,
    chinese_national,
    mobile_kind,
    mobile_range,
)
from customer_registry.domain.values.phone_kind import PhoneKind

SORTS = {"o": "ordinary", "r": "resale", "d": "data", "s": "satellite", "-": "unknown"}
ROWS = {
    "13": "oooooooooo",
    "14": "-----ododd",
    "15": "oooo-ooooo",
    "16": "--r--ror--",
    "17": "rroosoooo-",
    "18": "oooooooooo",
    "19": "oooo-ooooo",
}
RANGES = [
    (f"{tens}{unit}", SORTS[sort]) for tens, row in ROWS.items() for unit, sort in enumerate(row)
]


@pytest.mark.parametrize(("prefix", "sort"), RANGES)
def test_a_mobile_range_is_what_the_ministry_gave_it_out_for(prefix, sort):
    assert mobile_range(f"{prefix}12345678") == sort


@pytest.mark.parametrize("prefix", ["1349", "1619", "174"])
def test_a_satellite_has_a_range_inside_the_others(prefix):
    number = prefix.ljust(11, "5")

    assert (mobile_range(number), mobile_kind(number)) == ("satellite", "satellite")


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("146", "iot"), ("148", "iot"), ("149", "mobile"), ("145", "mobile"), ("138", "mobile")],
)
def test_a_range_for_data_alone_belongs_to_things(prefix, kind):
    assert mobile_kind(f"{prefix}12345678") == kind


@pytest.mark.parametrize(
    ("number", "kind", "national", "international"),
    [
        ("+861062345678", PhoneKind.LANDLINE, "010-6234 5678", "+86 10 6234 5678"),
        ("+867558612345", PhoneKind.LANDLINE, "0755-861 2345", "+86 755 861 2345"),
        ("+861095588", PhoneKind.SERVICE, "010-95588", "+86 10 95588"),
        ("+868008108888", PhoneKind.TOLL_FREE, "800-810-8888", "+86 800 810 8888"),
        ("+8695013812345", PhoneKind.SHARED_COST, "95013812345", "+86 95013812345"),
        (
            "6234567;phone-context=+86",
            PhoneKind.LANDLINE,
            "623 4567",
            "6234567;phone-context=+86",
        ),
    ],
)
def test_a_number_is_grouped_as_china_groups_it(number, kind, national, international):
    assert chinese_national(number, kind) == national
    assert chinese_international(number, kind) == international
