"""The page on backends tells every member of every port, in both languages, and shows what runs."""

import inspect
import re
from pathlib import Path
from typing import Protocol

import pytest

from customer_registry import repository

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "how-to" / "write-a-backend.md", DOCS / "zh" / "how-to" / "write-a-backend.md"]
PORTS = [
    each
    for each in vars(repository).values()
    if inspect.isclass(each) and each.__module__ == repository.__name__ and Protocol in each.__mro__
]
MEMBERS = sorted(
    {(port.__name__, name) for port in PORTS for name in vars(port) if not name.startswith("_")}
)


def cells(page):
    """Return the first cells of all tables of a page, as names."""
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| `")]
    return set(re.findall(r"`(\w+)", " ".join(row.split("|")[1] for row in rows)))


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
@pytest.mark.parametrize(("port", "name"), MEMBERS)
def test_every_member_of_every_port_has_its_promise_on_the_page(port, name, page):
    assert name in cells(page), f"{port}.{name}"


def test_there_are_ports_to_compare_with():
    assert {port.__name__ for port in PORTS} > {"Repository", "UnitOfWork", "Customers"}


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_what_the_page_says_of_mistakes_is_what_the_suites_say(page):
    sources = [*(DOCS.parent / "src" / "customer_registry" / "testing").rglob("*.py")]
    said = re.sub(r'"\s*\n\s*f?"|\s+', " ", "".join(each.read_text("utf-8") for each in sources))
    quoted = re.findall("“([^”]+)”", page.read_text("utf-8"))
    assert len(quoted) >= 11
    for sentence in quoted:
        for piece in re.split("…|: every receipt", sentence):
            assert piece.strip() in re.sub(r"\s+", " ", said), sentence
