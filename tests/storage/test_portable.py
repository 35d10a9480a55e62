"""Parts go to bytes and back as they are, wherever the bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import StorageCorrupt
from customer_registry.repository import Part
from customer_registry.storage.portable import packed, sound, unpacked

VALUES = st.none() | st.text(st.characters(exclude_categories=["Cs"])) | st.binary() | st.integers()
PARTS = st.builds(
    Part, st.sampled_from(["link", "key", "receipt"]), st.lists(VALUES, max_size=8).map(tuple)
)


def chunks(content, size):
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(parts=st.lists(PARTS), size=st.integers(1, 64))
def test_parts_come_back_from_bytes_that_are_cut_anywhere(parts, size):
    content = b"".join(map(packed, parts))
    assert list(unpacked(chunks(content, size))) == parts


@given(part=PARTS, end=st.integers(1))
def test_a_part_that_is_cut_off_is_seen(part, end):
    content = packed(part)
    with pytest.raises(StorageCorrupt):
        list(unpacked([content[: -1 - end % (len(content) - 1)]]))


@given(st.binary(min_size=1))
def test_bytes_that_are_no_part_are_refused_in_words(content):
    try:
        parts = list(unpacked([content]))
    except StorageCorrupt:
        return
    assert b"".join(map(packed, parts)) == content


@pytest.mark.parametrize(
    "part",
    [
        Part("customer", (1, "{}")),
        Part("customer", (True, b"{}")),
        Part("customer", (1,)),
        Part("claim", ("code", "C1", None)),
        Part("meta", ()),
        Part("sequence", ("code", 1)),
    ],
)
def test_a_part_has_the_values_of_its_kind(part):
    with pytest.raises(StorageCorrupt, match=part.kind):
        sound(part)


def test_what_a_part_holds_is_not_in_its_repr():
    assert "110101" not in repr(Part("key", ("identity_document", "11010119900307123X", 1)))
