"""The benchmark runs and measures; its figures are printed, never judged."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("budgets.py")


def test_the_benchmark_measures_every_budget():
    command = [sys.executable, str(SCRIPT), "--rows", "5", "--processes", "1"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    printed = done.stdout.splitlines()[1:]
    assert [line.split("  ")[0] for line in printed] == [
        "I1 import",
        "I1 first receipt in memory",
        "R1 register",
        "R1 register / raw parts",
        "R2 get",
        "load, 300 rows",
    ]
    values = [float(line[34:44]) for line in printed]
    assert min(values) > 0
