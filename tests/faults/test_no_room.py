"""Without room a store says so, can be read, keeps nothing half, and goes on when there is room."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from no_room import WAYS, can_mount

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and small disks are POSIX")


@pytest.fixture(params=WAYS)
def way(request):
    if request.param == "disk" and not can_mount():
        pytest.skip("no small disk can be mounted here; it takes root and the right to mount")
    return request.param


def run(*arguments):
    """Run the command in a process of its own, because limits are the process's."""
    program = [sys.executable, Path(__file__).with_name("no_room.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)


def test_a_store_without_room_says_so_and_goes_on_when_there_is(way):
    done = run("--way", way)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["sound", "sound"]


def test_a_store_that_hides_that_it_is_full_is_seen(way):
    done = run("--way", way, "--broken")
    assert done.returncode == 0, "the control of this test: a broken store has to be accused"
    assert "load without room" in done.stdout
