import re
import time
import warnings

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy.patterns import fits, refuse_unsafe

HOSTILE = 50_000
PATIENCE = 0.5


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("[A-Z]{2,8}", "HWGS", "hwgs"),
        (r"\d{15}|\d{18}", "1" * 18, "1" * 16),
        (r"(?:KH|KA|VIP)-\d{4}", "KA-0001", "KB-0001"),
        (r"(KH)?\d+", "12", "K12"),
        (r"[一-龥]{2,4}", "欧阳", "Li"),
        (r"\d{1,3}(?:,\d{3})*(?:\.\d{2})?", "1,234.50", "1,23.5"),
        (r"[^@]+@.+", "a@b", "ab"),
        (".*公司", "浦江贸易公司", "浦江贸易"),
        (r"[\w.-]+", "a.b-c_9", "甲"),
        (r"a\.b\\c", "a.b\\c", "axb\\c"),
        ("[^0-9]", "x", "1"),
        ("[-a]", "-", "b"),
        ("[a-]", "-", "b"),
        (r"[a\-z]", "-", "b"),
        (r"[\]x]", "]", "["),
        ("a{2,}", "aaa", "a"),
        ("a|", "", "b"),
        ("", "", "a"),
        (".", "甲", "\n"),
        (r"\s", "\t", "\u3000"),
    ],
)
def test_a_pattern_describes_the_whole_text(pattern, good, bad):
    refuse_unsafe(pattern)
    assert fits(pattern, good)
    assert not fits(pattern, bad)
    assert not fits(pattern, good + "\n")


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(a+)+", "position 5: repeats what may match in several ways"),
        ("(?:a|a)*b", "position 8: repeats what may match in several ways"),
        ("(a|ab)*c", "position 7: repeats what may match in several ways"),
        ("([a-z]+,?)+", "position 11: repeats what may match in several ways"),
        ("a*a*b", "position 4: shares its characters with a part that repeats without end"),
        (".+@.+", "position 5: shares its characters with a part that repeats without end"),
        ("(.*)x(.*)", "position 7: shares its characters with a part that repeats without end"),
        ("(?:a*)*", "position 7: repeats what may be empty"),
        ("(?:a|b?){3}", "position 9: repeats what may be empty"),
        ("a{0,900}a{0,900}", "position 1: a text may match in too many ways"),
        ("(?:a|b|a|){9}x", "position 11: repeats what may be empty"),
        ("(?:(?:a{1000}){1000}){1000}", "position 1: a text may match in too many ways"),
        (".*" + "[a-z]{0,50}" * 2, "position 1: a text may match in too many ways"),
        ("(?:a|ab)" * 20, "position 1: a text may match in too many ways"),
        ("^a", "position 1: leave the ^ out, a pattern always means the whole"),
        ("a$", "position 2: leave the $ out, a pattern always means the whole"),
        ("a(?=b)", "position 2: of the groups only (…) and (?:…) are known"),
        ("(?P<n>a)", "position 1: of the groups only (…) and (?:…) are known"),
        ("(?i:a)", "position 1: of the groups only (…) and (?:…) are known"),
        (r"(a)\1", r"position 4: \1 is not known"),
        (r"\b", r"position 1: \b is not known"),
        ("a\\", "position 2: \\ is not known"),
        (r"\-", r"position 1: \- is not known"),
        ("a*?", "position 3: one repetition cannot follow another"),
        ("a++", "position 3: one repetition cannot follow another"),
        ("a{2}{3}", "position 5: one repetition cannot follow another"),
        ("*a", "position 1: there is nothing to repeat before *"),
        ("a{,3}", "position 2: repetitions are written {3}, {3,} or {3,5}"),
        ("a{x", "position 2: repetitions are written {3}, {3,} or {3,5}"),
        ("a{3,2}", "position 2: repetitions go from a number to a larger one, to 1000"),
        ("a{0}", "position 2: repetitions go from a number to a larger one, to 1000"),
        ("a{1001}", "position 2: repetitions go from a number to a larger one, to 1000"),
        ("}", r"position 1: write \} for the character }"),
        ("]", r"position 1: write \] for the character ]"),
        ("[", "position 1: this [ is never closed, or empty"),
        ("[]", "position 1: this [ is never closed, or empty"),
        ("[^]", "position 1: this [ is never closed, or empty"),
        ("[z-a]", "position 2: a range goes from one character to a later one"),
        (r"[a-\d]", "position 2: a range goes from one character to a later one"),
        (r"[\d-z]", "position 2: a range goes from one character to a later one"),
        ("[[a]", r"position 2: write \[ for the character [ in a class"),
        ("[a&&b]", r"position 3: write \& for the character & in a class"),
        ("[+--]", r"position 2: write \- for the character - in a class"),
        ("(a", "position 1: this ( is never closed"),
        ("a)", "position 2: this ) closes nothing"),
        ("a\nb", "position 2: only characters that can be seen"),
        ("(" * 12 + ")" * 12, "position 12: the groups are too deep"),
        ("a" * 301, "a pattern has at most 300 characters"),
    ],
)
def test_what_might_run_long_or_is_not_known_is_refused_with_its_place(pattern, told):
    with pytest.raises(PolicyError) as refused:
        refuse_unsafe(pattern)
    assert refused.value.mistakes == (told,)


def test_a_text_longer_than_any_field_does_not_fit():
    assert not fits("a*", "a" * 10_001)


PIECES = st.sampled_from(
    ["a", "b", "ab", ".", r"\d", r"\w", "[ab]", "[^a]", "[a-c]", "1", "@", ","]
)
TIMES = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,3}", "{2,}", "{0,40}"])


def grouped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.lists(inner, min_size=1, max_size=4).map("".join)
    either = st.lists(joined, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
    return st.builds("".join, st.tuples(either, TIMES))


ATOMS = st.builds("".join, st.tuples(PIECES, TIMES))
PATTERNS = st.lists(st.recursive(ATOMS, grouped, max_leaves=8), min_size=1, max_size=6).map("".join)
SEEDS = st.text("ab1@,c\n", min_size=1, max_size=4)


def seconds(pattern: str, text: str) -> float:
    """How long a search of the whole text takes, without the bound on its length."""
    compiled = re.compile(pattern, re.ASCII)
    begun = time.process_time()
    compiled.fullmatch(text)
    return time.process_time() - begun


def accepted(pattern: str) -> bool:
    try:
        refuse_unsafe(pattern)
    except PolicyError:
        return False
    return True


@settings(max_examples=120, deadline=None)
@given(PATTERNS, SEEDS, st.sampled_from(["", "\n", "!", "\nb"]))
@example("a*b?" + "[b-d]?" * 40, "a", "!")
@example(".*a[a-z]{0,40}", "a", "\n")
@example("(?:a|b)*", "ab", "!")
def test_every_pattern_that_is_accepted_is_fast_on_hostile_text(pattern, seed, end):
    assume(accepted(pattern))
    assert seconds(pattern, seed * (HOSTILE // len(seed)) + end) < PATIENCE


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+", "a" * 24 + "!"),
        ("(a|a)*b", "a" * 23),
        ("(?:a|ab|b)*c", "ab" * 23),
        ("a*a*b", "a" * 40_000),
        (".*@.*", "@" * 20_000 + "\n"),
    ],
)
def test_the_same_clock_finds_what_is_refused_to_be_slow(pattern, text):
    assert not accepted(pattern)
    assert seconds(pattern, text) > PATIENCE


@settings(max_examples=150, deadline=None)
@given(st.text("ab01[]()|?*+{},.\\^$-&:=dws/甲\n", max_size=12))
@example("[a--b]")
@example("[a||b]")
@example("[&&]")
@example("{1}")
def test_every_pattern_that_is_accepted_is_a_plain_regular_expression(pattern):
    assume(accepted(pattern))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        re.compile(pattern, re.ASCII)


@given(st.text(max_size=400))
def test_no_text_makes_the_reading_of_a_pattern_fail_otherwise(pattern):
    accepted(pattern)
