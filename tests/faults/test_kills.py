"""Writers are killed at random moments, and nothing that they were told is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from errands import SETTINGS
from kills import CONTROLS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def killed(*arguments):
    """Run the command in a process of its own, because this one may have threads."""
    program = [sys.executable, Path(__file__).with_name("kills.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_hundred_kills_with_each_journal_lose_nothing_and_break_nothing(setting):
    done = killed("--setting", setting, "--kills", "100")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100 kills" in done.stdout
    assert done.stdout.strip().endswith("sound")


@pytest.mark.parametrize(("setting", "fault"), [("hasty", "lost"), ("drawn-before", "gaps")])
def test_kills_show_who_tells_too_early_or_draws_too_early(setting, fault):
    assert setting in CONTROLS
    for kills in (40, 200, 400):  # where a kill falls is chance, and a few may all miss
        done = killed("--setting", setting, "--kills", str(kills))
        if fault in done.stdout:
            return
    message = "the control of this test: a broken registry has to be accused"
    pytest.fail(f"{message} {done.stdout} {done.stderr}")
