"""An error or a kill at any operation leaves whole backups, and a store restored or not."""

import os
import subprocess
import sys
from pathlib import Path

import backups
import pytest
from errands import SETTINGS
from iofault import REASON
from preloaded import can_build

CONTROL = "the control of this test: what is broken on purpose has to be accused"

pytestmark = pytest.mark.skipif(not can_build(), reason=REASON)


@pytest.mark.parametrize("errand", backups.ERRANDS)
def test_whatever_fails_there_is_a_backup_and_the_store_is_before_or_after(errand, capfd):
    asked = ["--setting", "sound", "--errand", errand, "--every", "40"]
    assert backups.main(asked) == 0, capfd.readouterr().out
    out = capfd.readouterr().out
    assert out.splitlines()[-1].endswith("sound")
    assert "killed" in out


@pytest.mark.parametrize(
    ("setting", "mode", "every", "fault"),
    [
        ("straight", "kill in the middle", "3", "a backup is none"),
        ("telling", "kill before", "2", "told of a backup that is not there"),
        ("copying", "kill before", "3", "unreadable"),
        ("filling", "kill before", "5", "killed, and between"),
    ],
)
def test_a_backup_that_is_made_or_taken_back_carelessly_is_seen(setting, mode, every, fault, capfd):
    asked = ["--setting", setting, "--mode", mode, "--every", every]
    assert backups.main(asked) == 0, CONTROL
    assert fault in capfd.readouterr().out, CONTROL


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("setting", SETTINGS)
def test_backups_beside_four_writers_hold_all_that_was_told_and_a_copy_does_not(setting):
    program = [sys.executable, Path(__file__).with_name("crowded_backups.py")]
    asked = ["--setting", setting, "--backups", "10"]
    done = subprocess.run([*program, *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 backups" in done.stdout
