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


def test_a_handful_of_mutants_of_one_file_is_judged():
    *told, last = mutate("--file", HK_ID, "--count", "6", "--seed", "1").splitlines()
    verdicts = [line.split()[0] for line in told if line[:1] != " "]
    assert len(verdicts) == 6
    assert verdicts.count("killed") >= 5
    assert last.startswith(f"{6 - verdicts.count('survived')} of 6 noticed")


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [("% 11", "% 10", "killed"), ("_BRACKETS", "(_BRACKETS)", "survived")],
)
def test_a_planted_fault_is_killed_a_harmless_change_survives_and_the_tree_stays(old, new, verdict):
    source = SCRIPT.parents[2] / "src" / "customer_registry" / HK_ID
    before = source.read_bytes(), source.stat().st_mtime_ns
    assert mutate("--plant", HK_ID, old, new).startswith(verdict)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before
