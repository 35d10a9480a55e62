"""Every rule in words that a company can sign."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from customer_registry import STANDARD, CompanyPolicy, Issue, Money, RuleSet, Severity
from customer_registry.domain.policy import FIXED_CODES
from customer_registry.validation import rules, tables

LANGUAGES = ["zh", "en"]


def owner_is_known(credit_limit: Money | None, owner: str | None) -> Iterator[Issue]:
    """Who has credit has somebody of ours to answer for it.

    More for those who read code.
    """
    if credit_limit and not owner:
        yield Issue("required", ("owner",))


def unsaid(owner: str | None) -> Iterator[Issue]:
    yield from ()


def weights(policy=None):
    book = STANDARD.explain("en", policy)
    rules = [saying for rule in book for saying in rule.sayings]
    return {saying.code: saying.severity for saying in (*rules, *book.reading, *book.fixed)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_stands_in_its_place_with_source_and_sayings(language):
    book = STANDARD.explain(language)
    assert [rule.name for rule in book] == [rule.__name__ for rule in STANDARD]
    for rule in book:
        assert all((rule.source, rule.reads, rule.sayings)), rule.name
        assert not rule.sentence.endswith((".", "。"))


def test_a_chinese_company_signs_chinese_sentences_and_an_english_one_english():
    zh, en = (STANDARD.explain(language) for language in LANGUAGES)
    for chinese, english in zip(zh, en, strict=True):
        assert any("\u4e00" <= char <= "\u9fff" for char in chinese.sentence), chinese.name
        assert english.sentence[0].isupper(), english.name
        assert chinese.sentence != english.sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_with_a_gap(language):
    book = STANDARD.explain(language)
    for saying in (*(each for rule in book for each in rule.sayings), *book.reading, *book.fixed):
        assert saying.sentence != saying.code
        assert not {"{", "}", "?"} & set(saying.sentence)


def test_what_can_only_be_an_error_is_told_once():
    book = STANDARD.explain("zh")
    assert {saying.code for saying in book.fixed} == FIXED_CODES
    assert {saying.severity for saying in book.fixed} == {Severity.ERROR}


def test_a_company_signs_its_own_weights_and_its_own_sentences():
    policy = CompanyPolicy.loads(
        """
        [severity]
        "phone.mvno" = "error"
        "phone.iot" = "off"
        "website.format" = "info"
        [messages.zh]
        "phone.satellite" = "海上客户常用，照收"
        """
    )
    changed = {code for code, weight in weights(policy).items() if weight != weights()[code]}
    assert changed == {"phone.mvno", "phone.iot", "website.format"}
    assert weights(policy)["phone.mvno"] is Severity.ERROR
    assert weights(policy)["phone.iot"] is None
    assert "海上客户常用，照收" in str(STANDARD.explain("zh", policy))


@pytest.mark.parametrize(
    ("unique", "weight"),
    [("block", Severity.ERROR), ("warn", Severity.WARNING), ("off", None)],
)
def test_a_shared_phone_weighs_what_the_company_decided(unique, weight):
    policy = CompanyPolicy.loads(f'[unique]\nphone = "{unique}"')
    assert weights(policy)["phone.duplicate"] is weight
    assert weights(policy)["name.duplicate"] is Severity.WARNING


def test_a_hosts_rule_is_told_by_its_docstring_or_else_its_name():
    known, nameless = RuleSet([owner_is_known, unsaid]).explain("en")
    assert known.sentence == "Who has credit has somebody of ours to answer for it"
    assert known.reads == ("credit limit", "owner")
    assert (known.sayings, known.source) == ((), None)
    assert nameless.sentence == "unsaid"


def test_a_hosts_rule_does_not_take_the_words_of_ours_by_its_name():
    def phone_is_free(owner: str | None) -> Iterator[Issue]:
        """The line is not engaged."""
        yield from ()

    (rule,) = RuleSet([phone_is_free]).explain("zh")
    assert rule.sentence == "The line is not engaged"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_is_a_text_to_print_and_sign(language):
    text = str(STANDARD.explain(language))
    lines = text.splitlines()
    assert (
        lines[0].strip()
        == {"zh": "客户登记规则", "en": "Rules for registering customers"}[language]
    )
    assert "____" in lines[-1]
    assert all(line == line.rstrip() for line in lines)
    numbered = [line for line in lines if line[:4].strip().rstrip(".").isdigit()]
    assert len(numbered) == len(STANDARD)


def test_nothing_is_told_of_a_rule_that_is_not_there():
    rooms = Path(rules.__file__).parent.glob("*.py")
    source = "\n".join(room.read_text("utf-8") for room in rooms)
    told = tables.table("explaining")["rules"]
    assert [name for name in told if f"def {name}(" not in source] == []
    assert all(len(about["source"]) == 2 and about["zh"] for about in told.values())


def test_the_rules_are_numbered_from_one_and_only_their_first_lines():
    book = STANDARD.explain("en")
    numbers = [number for number, _line in book.rows() if number]
    assert numbers == [f"{number}." for number in range(1, len(STANDARD) + 1)]
