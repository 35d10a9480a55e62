"""A template split into constants and placeholders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.codes.template import Placeholder, split, whole


def read(template: str) -> tuple[list[str | Placeholder], list[str]]:
    mistakes: list[str] = []
    return list(split(template, mistakes)), mistakes


@pytest.mark.parametrize(
    ("template", "pieces"),
    [
        ("", []),
        ("KH", ["KH"]),
        ("{{KH}}", ["{KH}"]),
        ("{{{number}}}", ["{", Placeholder("number", {}, 3), "}"]),
        ("A{number:05}B", ["A", Placeholder("number", {"": "05"}, 2), "B"]),
        ("{number:by=kind}", [Placeholder("number", {"by": "kind"}, 1)]),
        ("{ grade : a = 1 , b = 2 }", [Placeholder("grade", {"a": "1", "b": "2"}, 1)]),
        ('{grade:"a,b"="{x}"}', [Placeholder("grade", {"a,b": "{x}"}, 1)]),
        ('{grade:"a{"=1}-', [Placeholder("grade", {"a{": "1"}, 1), "-"]),
    ],
)
def test_a_template_is_split_where_its_braces_stand(template, pieces):
    assert read(template) == (pieces, [])


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        ("A{", "position 2: a lone brace; write {{"),
        ("A}B", "position 2: a lone brace; write }}"),
        ("{number:1,2}", "position 1: '2' needs a key, as in by=2"),
        ("{number:by=kind,by=grade}", "position 1: by is written twice"),
        ('{grade:a="1}', "position 1: a quotation mark is never closed"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(template, mistake):
    assert read(template)[1] == [mistake]


@given(st.text("{}Aé客", max_size=30))
def test_doubled_braces_stand_for_themselves(text):
    assert "".join(map(str, read(text.replace("{", "{{").replace("}", "}}"))[0])) == text


@pytest.mark.parametrize("written", ["", "-1", "1.0", "١", "²", "x", "1" * 19, "1" * 50_000])
def test_a_whole_number_is_some_plain_digits(written):
    with pytest.raises(ValueError, match=r"^the width "):
        whole(written, "the width")
    assert whole("0042", "the width") == 42
