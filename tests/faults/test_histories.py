"""Clerks who do everything at once see one store, as if they stood in a line."""

import histories
import pytest
from histories import STORES, Race
from histories_acts import BROKEN

CONTROL = "the control of this race: a broken way has to be accused"


@pytest.mark.parametrize("store", STORES)
def test_who_registers_edits_and_reads_at_once_finds_what_was_acknowledged(store, tmp_path):
    outcome = Race(store=store, folder=tmp_path, turns=300).run()
    assert not outcome.faults, f"{outcome} {outcome.errors}"
    kinds = {act.kind for act in outcome.acts}
    assert kinds == {"register", "covet", "refused", "edit", "status", "stale", "read", "failed"}


@pytest.mark.parametrize("store", STORES)
def test_of_those_who_want_one_tax_number_at_the_same_moment_one_gets_it(store, tmp_path):
    outcome = Race(store=store, folder=tmp_path, turns=50, only_coveted=True).run()
    assert not outcome.faults, f"{outcome} {outcome.errors}"
    assert sum(act.kind == "covet" for act in outcome.acts) == 50


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("conduct", BROKEN.values(), ids=BROKEN)
def test_the_judge_accuses_who_does_it_in_a_broken_way(conduct, store, tmp_path):
    outcome = Race(conduct=conduct, store=store, folder=tmp_path, turns=120).run()
    assert conduct.accused_of & set(outcome.faults), f"{CONTROL}: {outcome}"


def test_the_command_prints_the_seed_and_a_line_for_each_race(capsys):
    asked = ["--turns", "100", "--store", "memory"]
    assert histories.main(asked) == 0
    assert histories.main([*asked, "--conduct", "broken"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "seed 1"
    assert lines[3].startswith("sound         memory       80")
    assert lines[3].endswith("sound")
    assert "accused: lost updates" in lines[7]
