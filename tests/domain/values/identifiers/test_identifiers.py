import pytest

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact


def test_a_number_has_200_characters_at_most():
    assert compact("9" * 200) == "9" * 200
    with pytest.raises(InvalidValue, match="too_long"):
        compact("9" * 201)
