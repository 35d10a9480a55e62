import pytest

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import cn_org_code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("D2143569X", "D2143569-X"),
        ("71092609-4", "71092609-4"),
        ("71526726-X", "71526726-X"),
        ("d2143569－x", "D2143569-X"),
    ],
)
def test_a_code_is_kept_as_certificates_print_it(typed, kept):
    assert cn_org_code.canonical(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("71092609-5", "org_code.check_digit", {"expected_check": "4"}),
        ("7109260", "org_code.format", {}),
        ("7109260*4", "org_code.format", {}),
    ],
)
def test_what_is_wrong_is_named(typed, code, params):
    with pytest.raises(InvalidValue) as refused:
        cn_org_code.canonical(typed)
    assert (refused.value.code, dict(refused.value.params)) == (code, params)
