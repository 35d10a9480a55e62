from collections import ChainMap
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.frozen import FrozenMapping

SMALL = st.dictionaries(st.sampled_from("abc"), st.integers(0, 1))


@pytest.mark.parametrize("sort", [dict, FrozenMapping, MappingProxyType, ChainMap])
@given(SMALL, SMALL)
def test_a_read_only_mapping_is_equal_to_any_mapping_of_the_same(sort, ours, theirs):
    frozen, other = FrozenMapping(ours), sort(theirs)
    assert (frozen == other) is (other == frozen) is (ours == theirs)
    assert (frozen != other) is (ours != theirs)


def test_a_read_only_mapping_is_equal_to_nothing_else():
    assert FrozenMapping({}) != []
    assert FrozenMapping({}) != None  # noqa: E711  the comparison is what is tested


@given(SMALL)
def test_a_read_only_mapping_holds_its_names(held):
    assert [name for name in "abcd" if name in FrozenMapping(held)] == sorted(held)
