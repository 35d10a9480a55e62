import pytest
from linear import is_linear, patterns_in

from customer_registry.domain.values import cn_phone, email, phone, phone_cell, phone_text
from customer_registry.validation.rules import phones

MODULES = (cn_phone, email, phone, phone_cell, phone_text, phones)
FOUND = sorted({found for module in MODULES for found in patterns_in(module)})


@pytest.mark.parametrize(("pattern", "way"), FOUND)
def test_a_pattern_takes_no_longer_than_its_text_is_long(pattern, way):
    assert is_linear(pattern, way)


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"[ (]*\+?[0-9 ().\-]*", "fullmatch"),
        (r"[+(]*[0-9]", "findall"),
        (r"\s+$", "findall"),
        (r"(.*[0-9].*)\(", "fullmatch"),
        (r"[a-z.]+@[a-z.]+\.com", "findall"),
    ],
)
def test_a_pattern_that_goes_back_over_its_text_is_found_out(pattern, way):
    assert not is_linear(pattern, way)


def test_every_pattern_is_found():
    ways = [len(list(patterns_in(module))) for module in MODULES]

    assert all(ways), ways
    assert sum(ways) > 30
