"""A power cut at any moment loses nothing that was acknowledged, and breaks nothing."""

import pytest
from errands import BROKEN, SETTINGS
from iofault import REASON
from power import cut_power
from power_work import LIVES
from preloaded import can_build

CONTROL = "the control of this test: a broken setting has to be accused"
SEED = 1

pytestmark = pytest.mark.skipif(not can_build(), reason=REASON)


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_power_cut_loses_and_breaks_nothing(setting, life):
    outcome = cut_power(setting, life, images=250, rounds=4, seed=SEED, ours_every=25)
    print(f"seed {SEED}", outcome)  # noqa: T201  shown when it fails
    assert not outcome.accused.faults, outcome.accused.first
    assert outcome.images == 250
    assert outcome.opened == 10


@pytest.mark.parametrize("setting", BROKEN)
def test_a_power_cut_shows_what_is_broken(setting):
    outcome = cut_power(setting, "new", images=200, rounds=6, seed=SEED)
    expected = {"off": "unreadable", "showing": "unreadable"}.get(setting, "lost")
    assert outcome.accused.faults[expected], CONTROL


def test_a_power_cut_shows_who_takes_a_failed_sync_for_done():
    outcome = cut_power("swallowing", "failing", images=200, rounds=4, seed=SEED)
    assert outcome.accused.faults["lost"], CONTROL


def test_a_power_cut_shows_a_migration_whose_copy_was_not_on_the_disk():
    outcome = cut_power("lying", "schema1", images=400, rounds=0, seed=SEED, ours_every=1000)
    assert outcome.accused.faults["no copy"], CONTROL
