import pickle
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customer_registry.domain.codes.alphabet import ALPHABETS, Alphabet

DECIMAL = Alphabet.named("decimal")
EVERY_SIGN = ALPHABETS["base36"]
NUMBERS = st.integers(0, 10**18)


@st.composite
def alphabets(draw, most=36):
    signs = draw(st.sets(st.sampled_from(EVERY_SIGN), min_size=2, max_size=most))
    return Alphabet("".join(sorted(signs)))


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("decimal", "0123456789"),
        ("safe", "23456789ACDEFGHJKMNPQRTVWXY"),
        ("letters", "ABCDEFGHJKLMNPQRSTUVWXYZ"),
        ("base36", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("01", "01"),
        ("0123456789ABCDEF", "0123456789ABCDEF"),
    ],
)
def test_an_alphabet_has_a_name_or_is_written_out(name, signs):
    assert Alphabet.named(name).signs == signs


@pytest.mark.parametrize("pair", ["0O", "1I", "1L", "IL", "2Z", "5S", "8B", "UV"])
def test_of_two_signs_that_look_alike_the_safe_alphabet_has_at_most_one(pair):
    assert len(set(pair) & set(ALPHABETS["safe"])) <= 1


@pytest.mark.parametrize(
    ("signs", "sentence"),
    [
        ("", "an alphabet has at least two signs, not ''"),
        ("A", "an alphabet has at least two signs, not 'A'"),
        ("ABB", "an alphabet has every sign once, unlike 'ABB'"),
        ("ABA", "an alphabet has every sign once, unlike 'ABA'"),
        ("A1", "the signs of an alphabet ascend: '1A', not 'A1'"),
        ("abc", "digits and capital letters, not 'abc'"),
        ("hex", "an alphabet is base36, decimal, letters, safe, or digits and capital"),
        ("01-", "digits and capital letters, not '01-'"),
        ("0１", "digits and capital letters, not '0１'"),
        ("甲乙", "digits and capital letters, not '甲乙'"),
    ],
)
def test_signs_that_would_not_count_in_text_order_are_refused(signs, sentence):
    with pytest.raises(ValueError, match=sentence):
        Alphabet.named(signs)


@pytest.mark.parametrize(
    ("signs", "number", "width", "text"),
    [
        ("0123456789", 0, None, "0"),
        ("0123456789", 0, 3, "000"),
        ("0123456789", 123, 6, "000123"),
        ("0123456789", 999, 3, "999"),
        ("ABC", 0, None, "A"),
        ("ABC", 9, None, "BAA"),
        ("ABC", 9, 5, "AABAA"),
        (EVERY_SIGN, 1295, 4, "00ZZ"),
    ],
)
def test_a_number_is_written_with_the_signs_and_read_back(signs, number, width, text):
    assert Alphabet(signs).write(number, width) == text
    assert Alphabet(signs).read(text) == number
    assert Alphabet(signs).read(text.lower()) == number


def test_a_number_that_does_not_fit_the_width_is_refused():
    with pytest.raises(ValueError, match="1000 needs 4 signs, more than 3"):
        DECIMAL.write(1000, 3)


def test_a_number_below_nought_is_refused():
    with pytest.raises(ValueError, match="counting begins at 0, not at -1"):
        DECIMAL.write(-1)


@pytest.mark.parametrize("text", ["1O", "１", "", " 1", "-1", "²", "1\0", "\ud800"])
def test_a_text_with_another_sign_is_no_number(text):
    with pytest.raises(ValueError, match="sign"):
        DECIMAL.read(text)


def test_a_letter_that_is_capital_i_only_once_capitalised_is_another_sign():
    with pytest.raises(ValueError, match="none of the signs"):
        Alphabet.named("base36").read("ı")


@given(alphabets(), NUMBERS)
def test_what_is_written_is_read(alphabet, number):
    assert alphabet.read(alphabet.write(number)) == number


@given(alphabets(), st.integers(1, 12), st.data())
def test_at_one_width_texts_sort_as_numbers(alphabet, width, data):
    below = st.integers(0, alphabet.largest(width))
    one, other = data.draw(below), data.draw(below)
    assert (alphabet.write(one, width) < alphabet.write(other, width)) == (one < other)


@given(alphabets(), st.integers(1, 12))
def test_the_largest_number_of_a_width_is_the_last_that_fits(alphabet, width):
    largest = alphabet.largest(width)
    assert alphabet.write(largest, width) == alphabet.signs[-1] * width
    assert len(alphabet.write(largest + 1)) == width + 1


def test_an_alphabet_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(DECIMAL)) == DECIMAL  # noqa: S301  our own bytes


@pytest.mark.parametrize(
    ("number", "words", "width", "following"),
    [
        (3, ["4"], None, 3),
        (4, ["4"], None, 5),
        (13, ["4", "13"], None, 15),
        (40, ["4"], None, 50),
        (399_999, ["4"], 6, 399_999),
        (400_000, ["4"], 6, 500_000),
        (130, ["13"], 6, 140),
        (1_300, ["4", "13"], 6, 1_500),
        (0, ["0"], None, 1),
        (10, ["0"], None, 11),
        (0, ["0"], 3, 111),
        (1, ["00"], 5, 1_010),
        (99, ["9"], 2, 100),
        (999, ["9"], 3, 1_000),
        (0, [], 3, 0),
        (7, ["X"], None, 7),
    ],
)
def test_numbers_with_an_unlucky_word_are_stepped_over(number, words, width, following):
    assert DECIMAL.next_without(number, words, width) == following


def test_a_word_is_found_in_either_case():
    assert Alphabet("ABC").next_without(1, ["b"]) == 2


def test_a_word_across_the_filled_up_places_counts_only_with_a_width():
    assert DECIMAL.next_without(7, ["07"], 3) == 8
    assert DECIMAL.next_without(7, ["07"]) == 7


@pytest.mark.parametrize(
    ("number", "words", "following"),
    [
        (4 * 10**17, ["4"], 5 * 10**17),
        (10**17, [digit * 2 for digit in "0123456789"], 101_010_101_010_101_010),
        (10**17, list("012345678"), 999_999_999_999_999_999),
        (13 * 10**16, ["4", "13", "250", "666", "000"], 150_010_010_010_010_010),
    ],
)
def test_unlucky_numbers_are_not_counted_through_one_by_one(number, words, following):
    assert DECIMAL.next_without(number, words, 18) == following


@st.composite
def shunnings(draw):
    """Draw an alphabet and some words over it that leave numbers."""
    alphabet = draw(alphabets(most=draw(st.sampled_from([3, 10, 36]))))
    word = st.text(alphabet.signs, min_size=1, max_size=3)
    words = draw(st.lists(word, max_size=8))
    assume(alphabet.can_count_without(words))
    return alphabet, words


@settings(max_examples=300)
@given(shunnings(), st.integers(0, 10**5), st.none() | st.integers(1, 8))
def test_no_number_without_the_words_is_passed_over(shunning, number, width):
    alphabet, words = shunning
    found = alphabet.next_without(number, words, width)
    assert not has_one(alphabet, found, words, width)
    assert all(
        has_one(alphabet, passed, words, width)
        for passed in range(number, min(found, number + 50_000))
    )


def has_one(alphabet, number, words, width):
    text = alphabet.write(number).rjust(width or 1, alphabet.signs[0])
    return any(word in text for word in words)


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ("0123456789", ["4", "13"]),
        ("0123456789", list("012345678")),
        ("0123456789", [digit * 2 for digit in "0123456789"]),
        ("01", ["00", "11"]),
        ("01", ["0"]),
        ("ABC", ["x", "44"]),
    ],
)
def test_words_that_leave_numbers_for_ever_may_be_skipped(signs, words):
    Alphabet(signs).refuse_to_count_without(words)


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ("0123456789", list("123456789")),
        ("0123456789", list("0123456789")),
        ("01", ["00", "01", "10", "11"]),
        ("01", ["000", "010", "11"]),
        ("ABC", ["b", "c"]),
        ("0123456789", [""]),
    ],
)
def test_words_that_would_leave_no_numbers_are_refused(signs, words):
    with pytest.raises(ValueError, match=f"leave two of the signs {signs} alone"):
        Alphabet(signs).next_without(0, words, 6)


def test_words_that_leave_only_turns_of_three_signs_are_refused_too():
    pairs = {one + other for one, other in product("123", repeat=2)}
    words = sorted(pairs - {"12", "23", "31"})
    assert not Alphabet("123").can_count_without(words)


@given(st.lists(st.text("01", min_size=1, max_size=4), max_size=10))
def test_where_counting_may_go_on_there_are_numbers_of_every_width(words):
    binary = Alphabet("01")
    if binary.can_count_without(words):
        for width in range(1, 9):
            number = binary.next_without(2 ** (width - 1), words)
            assert len(binary.write(number)) == width
