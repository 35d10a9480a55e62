"""Runs every example of the README and the documentation, each document in an empty folder.

Properties are not timed: a busy machine is no fault of theirs.
"""

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from customer_registry import CompanyPolicy

_HOME = Path.cwd()

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


class _PolicyParser(CodeBlockParser):
    """A `toml` block is a company policy, and has to be read without a mistake."""

    language = "toml"

    def evaluate(self, example: Example) -> None:
        CompanyPolicy.loads(example.parsed)


def _enter(namespace: dict[str, object]) -> None:
    folder = tempfile.TemporaryDirectory()
    namespace["_folder"] = folder
    os.chdir(folder.name)


def _leave(namespace: dict[str, object]) -> None:
    os.chdir(_HOME)
    namespace["_folder"].cleanup()  # type: ignore[attr-defined]  # what _enter put there


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), _PolicyParser()],
    patterns=["*.md"],
    setup=_enter,
    teardown=_leave,
).pytest()
