"""The benchmark runs and measures; its figures are printed, never judged."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("validation.py")


def test_the_benchmark_measures_every_value_and_a_whole_customer():
    command = [sys.executable, str(SCRIPT), "--rows", "3"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    figures = done.stdout.splitlines()[1:]
    assert len(figures) == 12
    assert [line.partition(",")[0] for line in figures[-2:]] == ["customer", "customer"]
    assert all(float(line.split("µs")[0].split()[-1]) > 0 for line in figures)
