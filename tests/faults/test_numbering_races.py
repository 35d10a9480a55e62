"""Every way of numbering holds what it promises while clerks race, fail and die."""

import numbering
import pytest
from clerk import Notebook, read_notes
from numbering import STORES, Race
from ways import BROKEN, OURS, UniqueBlocks

from customer_registry.testing.racing.numbering import Acknowledged, Promise

CONTROL = "the control of this race: a broken way has to be accused"


class SaidToBeInOrder(UniqueBlocks):
    """Blocks of numbers, of which somebody claims that they rise as time does."""

    promise = Promise(ordered=True)


def raced(way, store, folder, registrations):
    race = Race(way=way, store=store, folder=folder, registrations=registrations, pause=0.4)
    return race.run()


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("name", OURS)
def test_hundreds_of_customers_are_numbered_as_promised(name, store, tmp_path):
    outcome = raced(OURS[name], store, tmp_path, 200)
    assert outcome.faults == set(), f"{outcome} {outcome.notes.errors}"
    assert len(outcome.notes.told) > 200
    assert outcome.notes.failures
    assert bool(outcome.kills) == (store == "sqlite")


@pytest.mark.parametrize("store", STORES)
def test_the_race_accuses_who_shows_the_largest_code_and_one_more(store, tmp_path):
    outcome = raced(BROKEN["max-plus-one"], store, tmp_path, 200)
    assert "duplicates" in outcome.faults, CONTROL


@pytest.mark.parametrize("store", STORES)
def test_the_race_accuses_who_draws_before_the_transaction_that_saves(store, tmp_path):
    outcome = raced(BROKEN["drawn-before"], store, tmp_path, 200)
    assert outcome.faults == {"gaps"}, CONTROL


def test_the_race_accuses_blocks_that_are_said_to_rise_with_time(tmp_path):
    outcome = raced(SaidToBeInOrder(), "sqlite", tmp_path, 200)
    assert outcome.faults == {"order"}, CONTROL


def test_what_a_dying_clerk_could_not_write_down_he_was_never_told(tmp_path):
    book = Notebook(tmp_path / "1-1.notes")
    book.note("told", "C0000001", 5, 9)
    book.close()
    (tmp_path / "1-2.notes").write_text("told C0000002 6 8\nfailed Deliberate\ntold C00000")
    notes = read_notes(tmp_path)
    assert notes.told == [Acknowledged("C0000001", 5, 9), Acknowledged("C0000002", 6, 8)]
    assert (notes.failures, notes.errors) == (1, [])


def test_the_command_prints_a_line_for_each_race(capsys):
    asked = ["--registrations", "30", "--store", "memory", "--policy"]
    assert numbering.main([*asked, "gapless"]) == 0
    assert numbering.main([*asked, "drawn-before"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].startswith("gapless          memory       31      31")
    assert lines[2].endswith("sound")
    assert lines[5].endswith("accused: gaps")
