"""The benchmark runs and measures; its figures are printed, never judged."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("codes.py")


def test_the_benchmark_measures_a_code_and_four_processes():
    command = [sys.executable, str(SCRIPT), "--rows", "5", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    figures = done.stdout.splitlines()[1:]
    assert [line[:36].rstrip() for line in figures] == [
        "register, code of the pattern",
        "register, code typed",
        "register, code made beforehand",
        "the pattern's assign alone",
        "the next code that is free, alone",
        "a code of the pattern",
        "4 processes, gapless",
        "4 processes, unique, blocks of 1",
        "4 processes, unique, blocks of 50",
    ]
    values = [float(line[36:45]) for line in figures]
    assert min(values[:5] + values[6:]) > 0
