"""The WAL stays short, however steadily others read."""

import wal
from wal import BUDGET, MIB, grown

TRIES = 3
"""A machine that stands still lets a short WAL grow; one without a limit grows every time."""

CONTROL = "the control: a WAL that nobody waits for has to grow beyond the budget"


def test_readers_without_a_gap_do_not_let_the_wal_grow(tmp_path):
    tries = []
    while len(tries) < TRIES and (not tries or tries[-1].is_beyond):
        folder = tmp_path / str(len(tries))
        folder.mkdir()
        tries.append(grown("sound", folder, seconds=5, reading=0.2, limit=4 * MIB))
    assert tries[-1].largest > 4 * MIB, "it has to come to the point where the writer waits"
    assert not tries[-1].is_beyond, list(map(str, tries))


def test_without_waiting_for_readers_the_wal_grows(tmp_path):
    found = grown("broken", tmp_path, seconds=4, reading=0.2, limit=2 * MIB)
    assert found.largest > BUDGET * 2 * MIB, f"{CONTROL}: {found}"


def test_the_command_prints_how_far_it_grew(capsys):
    assert wal.main(["--seconds", "0.2", "--reading", "0.05"]) == 0
    assert "waits from 32 MiB" in capsys.readouterr().out
