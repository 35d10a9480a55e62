"""The mutation command works: it catches a planted fault, and lets a harmless change pass."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("mutate.py")
HK_ID = "domain/values/identifiers/hk_id.py"


def mutate(*arguments) -> str:
    command = [sys.executable, SCRIPT, "--near", "--processes", "1", *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [("% 11", "% 10", "killed"), ("_BRACKETS", "(_BRACKETS)", "survived")],
)
def test_a_planted_fault_is_killed_a_harmless_change_survives_and_the_tree_stays(old, new, verdict):
    source = SCRIPT.parents[2] / "src" / "customer_registry" / HK_ID
    before = source.read_bytes(), source.stat().st_mtime_ns
    assert mutate("--plant", HK_ID, old, new).startswith(verdict)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before
