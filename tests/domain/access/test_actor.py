"""An actor is one person however his id is spelt."""

import pytest

from customer_registry.domain.access import same_person


@pytest.mark.parametrize(
    "spelt",
    [
        "Clerk",
        " clerk ",
        "ＣＬＥＲＫ",
        "cl\u200berk",
        "clerk\u00ad",
        "\ufeffclerk\t",
        "cl\u0001erk",
    ],
)
def test_another_spelling_is_no_second_person(spelt):
    assert same_person("clerk", spelt)
    assert same_person(spelt, "clerk")


@pytest.mark.parametrize("other", ["clerk2", "clerc", ""])
def test_another_id_is_another_person(other):
    assert not same_person("clerk", other)
