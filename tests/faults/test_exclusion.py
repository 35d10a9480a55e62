"""No checkpoint runs out of turn or beside a commit, which journal="auto" rests on."""

import exclusion
import pytest
from exclusion import CONDUCTS, REASON, watched
from exclusion_judge import Event, judge_log
from preloaded import can_build

CONTROL = "the control of the log: a broken way has to be accused"

needs_gcc = pytest.mark.skipif(not can_build(), reason=REASON)


@needs_gcc
def test_while_two_write_and_one_reads_no_checkpoint_is_out_of_turn_or_beside_a_commit(tmp_path):
    findings = watched("sound", tmp_path, 3)
    assert not findings.faults, str(findings)
    assert min(findings.seen.values()) > 1, "each kind has to be in the log"


@needs_gcc
@pytest.mark.parametrize("conduct", [name for name in CONDUCTS if CONDUCTS[name].accused_of])
def test_the_log_accuses_who_checkpoints_or_closes_out_of_turn(conduct, tmp_path):
    for seconds in (2, 4, 8):  # that a checkpoint meets a commit is chance
        folder = tmp_path / str(seconds)
        folder.mkdir()
        findings = watched(conduct, folder, seconds)
        if findings.faults.keys() >= CONDUCTS[conduct].accused_of:
            return
    pytest.fail(f"{CONTROL}: {findings}")


@needs_gcc
def test_the_command_prints_what_it_saw(capsys):
    assert exclusion.main(["--seconds", "0.5"]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(": sound")


def turn(pid, began, ended):
    return locks(pid, "-lock", (0, 0), began, ended)


def commit(pid, began, ended):
    return locks(pid, "-shm", (120, 1), began, ended)


def checkpoint(pid, began, ended):
    return locks(pid, "-shm", (121, 1), began, ended)


def recovery(pid, began, ended):
    return [*commit(pid, began, ended), *locks(pid, "-shm", (121, 2), began + 1, ended - 1)]


def closing(pid, began, ended):
    return locks(pid, "db", (0x4000_0002, 510), began, ended)


def locks(pid, file, span, began, ended):
    return [
        Event(pid, began, began, file, "exclusive", *span),
        Event(pid, ended, ended, file, "free", *span),
    ]


def faults(*lists):
    events = sorted((event for each in lists for event in each), key=lambda event: event.after)
    return judge_log(events).faults


def test_what_happens_in_turn_is_not_accused():
    first = [turn(1, 0, 100), commit(1, 10, 20), checkpoint(1, 30, 40), closing(1, 50, 60)]
    second = [turn(2, 101, 200), commit(2, 110, 120), recovery(3, 130, 140)]
    assert not faults(*first, *second)


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([turn(1, 0, 50), turn(2, 40, 90)], {"two turns at once"}),
        ([turn(1, 0, 50), commit(1, 40, 60)], {"a commit out of turn"}),
        ([turn(2, 0, 50), checkpoint(1, 10, 20)], {"a checkpoint out of turn"}),
        ([turn(2, 0, 50), closing(1, 10, 20)], {"a closing out of turn"}),
        (
            [turn(1, 0, 50), commit(1, 10, 20), checkpoint(2, 15, 25)],
            {"a checkpoint out of turn", "a checkpoint beside a commit"},
        ),
        (
            [turn(1, 0, 50), closing(1, 10, 20), checkpoint(2, 15, 25)],
            {"a checkpoint out of turn", "two checkpoints at once"},
        ),
        (
            [[Event(1, 5, 6, "db", "write", 0, 4096)], turn(1, 10, 20)],
            {"a checkpoint out of turn"},
        ),
    ],
    ids=lambda each: ", ".join(sorted(each)) if isinstance(each, set) else "",
)
def test_what_happens_out_of_turn_is_accused(events, told):
    assert faults(*events).keys() == told


def test_who_closes_the_lock_file_has_had_his_turn():
    closed = [Event(1, 0, 0, "-lock", "exclusive", 0, 0), Event(1, 20, 20, "-lock", "free", 0, -1)]
    assert not faults(closed, commit(1, 5, 15))
    assert faults(closed, commit(1, 25, 30)).keys() == {"a commit out of turn"}
