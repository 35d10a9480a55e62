"""The reference and the glossary tell of everything that the code has."""

import inspect
import re
from pathlib import Path

import attrs
import pytest

import customer_registry
from customer_registry import Customer, CustomerRegistry, CustomerStatus, PartyKind
from customer_registry.domain.issues import Severity
from customer_registry.domain.messages import catalogue
from customer_registry.domain.policy import FIXED_CODES
from customer_registry.domain.values.identifiers.schemes import schemes
from customer_registry.domain.values.tax import CHECKED_SCHEMES

_DOCS = Path(__file__).parents[1] / "docs"
_GLOSSARIES = [_DOCS / "glossary.md", _DOCS / "zh" / "glossary.md"]
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def _rows(page: Path) -> dict[str, list[str]]:
    """Return the rows of all tables of a page by the term in their first cell."""
    lines = page.read_text("utf-8").splitlines()
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line)
    return {term[1]: row for row in cells if (term := re.match(r"`([^`]+)`", row[0]))}


_REFERENCE = _rows(_DOCS / "reference" / "names.md")
_WEIGHTS = {code: row[1] for code, row in _REFERENCE.items() if row[1].strip("*") in {*Severity}}


@pytest.mark.parametrize("name", customer_registry.__all__)
def test_the_reference_lists_every_public_name(name):
    listed = {re.split(r"\W", term)[0] for term in _REFERENCE}
    assert name in listed


def test_the_reference_lists_no_name_that_is_not_there():
    capitals = {term.split("(")[0] for term in _REFERENCE if term[0].isupper()}
    assert capitals <= set(customer_registry.__all__)


@pytest.mark.parametrize("verb", [each for each in vars(CustomerRegistry) if each[0] != "_"])
def test_the_reference_lists_every_verb_with_its_arguments(verb):
    shown = next(term for term in _REFERENCE if term.split("(")[0] == verb)
    named = set(re.findall(r"\w+", shown)) - {verb}
    member = getattr(CustomerRegistry, verb)
    if callable(member):
        assert named == set(inspect.signature(member).parameters) - {"self"}


def test_the_reference_shows_the_arguments_of_the_registry_itself():
    shown = next(term for term in _REFERENCE if term.startswith("CustomerRegistry("))
    named = set(re.findall(r"\w+", shown)) - {"CustomerRegistry"}
    assert named == set(inspect.signature(CustomerRegistry).parameters)


@pytest.mark.parametrize("code", sorted(catalogue("en").sentences))
def test_the_reference_gives_every_issue_code_with_its_sentences(code):
    said = [catalogue(language).sentences[code] for language in ("en", "zh")]
    assert _REFERENCE[code][-2:] == said


def test_the_reference_gives_no_issue_code_that_is_not_there():
    dotted = {row[0].strip("`") for row in _REFERENCE.values() if row[0].count("`") == 2}
    codes = {code for code in dotted if re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", code)}
    rooms = {code for code in codes if code.startswith("customer_registry.")}
    assert codes - rooms <= set(catalogue("en").sentences)


@pytest.mark.parametrize(("code", "weight"), sorted(_WEIGHTS.items()))
def test_the_reference_prints_in_bold_what_no_policy_can_change(code, weight):
    assert ("**" in weight) == (code in FIXED_CODES)


def test_the_reference_weighs_every_code_that_no_policy_can_change():
    assert _WEIGHTS.keys() >= FIXED_CODES


@pytest.mark.parametrize("glossary", _GLOSSARIES, ids=["en", "zh"])
def test_the_glossary_calls_every_field_as_the_form_does(glossary):
    rows = _rows(glossary)
    for field in attrs.fields(Customer):
        row = rows[field.name]
        chinese = catalogue("zh").labels.get(field.name)
        assert chinese is None or chinese in row, field.name


@pytest.mark.parametrize("glossary", _GLOSSARIES, ids=["en", "zh"])
def test_the_glossary_calls_kinds_statuses_and_schemes_as_the_sentences_do(glossary):
    rows = _rows(glossary)
    for word in (*PartyKind, *CustomerStatus, *CHECKED_SCHEMES, "eu.vat", "none", "unchecked"):
        for language in ("en", "zh"):
            assert catalogue(language).words[word] in rows[word], word


def test_the_page_of_schemes_lists_every_number_abroad_with_its_names():
    listed = _rows(_DOCS / "reference" / "tax-schemes.md")
    named = {
        name: [scheme.holder, *(catalogue(language).words[name] for language in ("en", "zh"))]
        for name, scheme in schemes().items()
    }
    assert {name: row[1:] for name, row in listed.items() if "." in name} == named


def test_both_glossaries_pair_the_same_words():
    english, chinese = map(_rows, _GLOSSARIES)
    assert {term: {row[1], row[2]} for term, row in english.items()} == {
        term: {row[1], row[2]} for term, row in chinese.items()
    }


@pytest.mark.parametrize("page", sorted(_DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_every_link_between_pages_leads_somewhere(page):
    linked = _LINK.findall(page.read_text("utf-8"))
    assert [link for link in linked if not (page.parent / link).exists()] == []
