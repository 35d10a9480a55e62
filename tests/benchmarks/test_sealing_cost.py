"""The benchmark runs and measures; its figures are printed, never judged."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("sealing.py")


def test_the_benchmark_measures_what_sealing_adds():
    command = [sys.executable, str(SCRIPT), "--rows", "5"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    printed = done.stdout.splitlines()[1:]
    assert [line.split("  ")[0] for line in printed] == [
        "E1 register",
        "keyed journal, register",
        "sealed, get",
    ]
    assert "at most 10" in printed[0]
