import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.values.western_name import split_western_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("John", ("John", "", "")),
        ("John Doe", ("John", "", "Doe")),
        ("John Michael Doe", ("John", "Michael", "Doe")),
        ("J. R. R. Tolkien", ("J.", "R. R.", "Tolkien")),
        ("Ludwig van Beethoven", ("Ludwig", "", "van Beethoven")),
        ("Doe, John Michael", ("John", "Michael", "Doe")),
        ("Tolkien, J. R. R.", ("J.", "R. R.", "Tolkien")),
        ("Doe,", ("Doe", "", "")),
        ("José García", ("José", "", "García")),
    ],
)
def test_a_latin_name_has_a_given_a_middle_and_a_family_name(name, parts):
    assert split_western_name(name) == parts


@pytest.mark.parametrize("name", ["王芳", "山田 太郎", "김 민수", "Li Lei 李雷", "", " ,", ","])
def test_a_name_in_characters_is_never_split(name):
    assert split_western_name(name) is None


@given(
    st.text(st.characters(codec=None, exclude_categories=(), exclude_characters=","), max_size=60)
)
def test_no_word_of_a_name_is_lost(name):
    parts = split_western_name(name)
    assert parts is None or " ".join(parts).split() == name.split()
