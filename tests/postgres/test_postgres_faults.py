"""A PostgreSQL that is stopped, crowded, cut off or replaced costs nobody what he was told."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from postgres_binaries import found
from postgres_clients import opened
from postgres_cuts import CONTROLS, cut_everywhere
from postgres_wire import Cut, How, Wire

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here"),
    pytest.mark.skipif(not found(), reason="no PostgreSQL here; the extra `test` brings one"),
]

HERE = Path(__file__).parent
CONTROL = "the control of this test: what is broken on purpose has to be accused"


def run(name, *arguments):
    """Run a command in a process of its own, because this one may have threads."""
    program = [sys.executable, HERE / name, *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)


def test_a_server_stopped_hard_while_four_write_loses_nothing_that_was_told():
    done = run("postgres_crashes.py", "--stops", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 lost" in done.stdout


def test_a_server_that_does_not_wait_for_its_log_is_seen_to_lose():
    done = run(
        "postgres_crashes.py", "--stops", "1", "--setting", "asynchronous", "--desk", "plain"
    )
    assert done.returncode == 0, f"{CONTROL} {done.stdout} {done.stderr}"
    assert " 0 lost" not in done.stdout


def test_a_server_that_does_not_wait_is_asked_to_by_every_connection_of_ours():
    done = run("postgres_crashes.py", "--stops", "1", "--setting", "asynchronous")
    assert " 0 lost" in done.stdout, done.stdout + done.stderr


def test_eight_who_register_at_once_meet_no_error_no_gap_and_no_number_twice():
    done = run("postgres_crowd.py", "--seconds", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("0 errors: sound")
    assert " 0 refused" not in done.stdout


def test_the_crowd_accuses_who_numbers_in_another_way():
    done = run("postgres_crowd.py", "--seconds", "1", "--desk", "broken")
    assert done.returncode == 0, f"{CONTROL} {done.stdout} {done.stderr}"


def test_a_wire_cut_at_every_statement_leaves_a_typed_error_and_nothing_half(postgres_database):
    with Wire(postgres_database) as wire:
        outcome = cut_everywhere("registry", wire, "cuts")
    assert not outcome.faults, str(outcome)
    # A process that is ended as COMMIT comes may have answered yet; a wire that is cut has not.
    # That nobody is told so at another statement is among the faults.
    assert outcome.told["CommitOutcomeUnknown"] >= len(How) - 1
    assert outcome.cuts > 30


@pytest.mark.parametrize(("desk", "fault"), CONTROLS.items())
def test_the_cuts_accuse_who_saves_or_tells_otherwise(desk, fault, postgres_database):
    with Wire(postgres_database) as wire:
        outcome = cut_everywhere(desk, wire, "cuts")
    assert fault in outcome.faults, f"{CONTROL} {outcome}"


def test_the_first_statement_of_a_unit_is_tried_again_on_another_connection(postgres_database):
    with (
        Wire(postgres_database) as wire,
        closing(opened("registry", wire.conninfo, "cuts", 5)) as desk,
    ):
        desk.register(0)
        wire.cut = Cut(1, How.ENDED)
        assert desk.register(1) == "C000002"
        assert wire.cut.is_made
