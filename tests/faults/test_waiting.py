"""Writers of one file wait for their turn only, and come equally often."""

import waiting
from waiting import Measured, Worked, measured


def test_four_processes_register_side_by_side_and_none_is_told_busy(tmp_path):
    path = tmp_path / "together.db"
    lived = measured("race", path, processes=4, threads=1, seconds=0.5, is_locked=True)
    assert lived.errors == []
    assert all(worker.waits for worker in lived.workers)


def worked(*waits, errors=(), seconds=1.0):
    return Worked(list(waits), list(errors), seconds)


def test_the_budget_accuses_what_is_beyond_it_and_nothing_else():
    alone = Measured("alone", [worked(*[0.001] * 100)])
    sound = Measured("sound", [worked(*[0.02] * 45), worked(*[0.02] * 50)])
    assert sound.beyond(alone) == set()
    for word, workers in {
        "throughput": [worked(*[0.02] * 44), worked(*[0.02] * 45)],
        "longest wait": [worked(*[0.02] * 50), worked(*[0.02] * 49, 0.26)],
        "unevenness": [worked(*[0.02] * 45), worked(*[0.02] * 55)],
        "errors": [worked(*[0.02] * 50), worked(*[0.02] * 50, errors=["StorageBusy"])],
    }.items():
        assert Measured(word, workers).beyond(alone) == {word}


def test_the_command_prints_a_line_for_each_way(capsys):
    assert waiting.main(["--seconds", "0.2", "--rounds", "1", "--processes", "2"]) in {0, 1}
    lines = capsys.readouterr().out.splitlines()
    assert [line[:10].strip() for line in lines[2:5]] == ["2 with the", "2 without", "1 alone"]
    assert lines[-1].startswith("beyond the budget: ")
