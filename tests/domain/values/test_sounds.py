import pytest

from customer_registry.domain.values.sounds import sounds


@pytest.mark.parametrize(
    ("folded", "heard"),
    [
        ("宏图", "HongTu"),
        ("鸿途", "HongTu"),
        ("siemens", "smns"),
        ("simmens", "smns"),
        ("apple", "apl"),
        ("a1b2", "a1b2"),
        ("abba科技", "abKeJi"),
        ("𠮷野", "𠮷Ye"),
        ("", ""),
    ],
)
def test_a_name_is_heard_by_syllables_and_by_consonants(folded, heard):
    assert sounds(folded) == heard


def test_a_word_keeps_the_vowel_that_it_begins_with():
    assert sounds("acme") != sounds("icme")
