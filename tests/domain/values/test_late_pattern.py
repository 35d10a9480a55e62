"""A pattern that is compiled late answers as one that was compiled at once."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.values.late_pattern import late_pattern

HAN = "[一-鿿]{2,4}"


@given(st.text("上海贸易 ab", max_size=8))
def test_it_finds_what_the_pattern_finds(text):
    late, compiled = late_pattern(HAN), re.compile(HAN)
    for method in ("fullmatch", "match", "search"):
        found, wanted = (getattr(each, method)(text) for each in (late, compiled))
        assert (found and found.span()) == (wanted and wanted.span())
    assert late.sub("-", text) == compiled.sub("-", text)


def test_its_flags_count():
    assert late_pattern("a.b", re.DOTALL | re.IGNORECASE).fullmatch("A\nB")


def test_nothing_is_compiled_before_it_is_used():
    late = late_pattern("(")
    with pytest.raises(re.error):
        late.search("")
