"""Bits that flip on the disk are told, or the store does not open; nobody reads on unawares."""

from collections import Counter

import attrs
import pytest
from bit_flips import flipped, made

from customer_registry.operations import verify

SEED = 5


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("flips") / "sound.db"
    made(path)
    return path


def test_what_reads_differently_after_a_flip_is_told(store):
    outcomes = list(flipped(store, SEED, 100))
    counted = Counter(each.outcome for each in outcomes)
    print(f"seed {SEED}: {dict(counted)}")  # noqa: T201  shown when it fails
    assert [each for each in outcomes if each.outcome == "missed"] == []
    assert min(counted["told"], counted["quiet"]) > 10


def of_the_journal_only(registry):
    """What verify was when it held only the journal against itself."""
    agreement = verify(registry)
    found = [each for each in agreement.disagreements if each.code.startswith("journal.")]
    return attrs.evolve(agreement, disagreements=found)


def test_the_harness_accuses_a_verification_that_looks_at_the_journal_only(store):
    outcomes = Counter(each.outcome for each in flipped(store, SEED, 40, of_the_journal_only))
    assert outcomes["missed"] > 0
