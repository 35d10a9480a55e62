"""The benchmark runs and measures; its figures are printed, never judged."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("access.py")


def test_the_benchmark_measures_a_registration_under_each_policy():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--rounds", "2"], capture_output=True, check=True, text=True
    )
    figures = done.stdout.splitlines()[1:]
    assert len(figures) == 6
    assert all(float(line.split("µs")[0].split()[-1]) > 0 for line in figures)
