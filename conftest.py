"""Runs every example of the README and the documentation, each document in an empty folder.

Properties are neither timed nor drawn anew: what passed once passes on a busy machine too. To look
for more, draw anew with `pytest --hypothesis-profile=exploring`.
"""

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from postgres_fixtures import (  # noqa: F401  fixtures for every test
    any_postgres_database,
    dsn,
    emptied_postgres,
    postgres,
    postgres_database,
    postgres_servers,
)
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.sybil import SybilCollection

from customer_registry import CompanyPolicy

_HOME = Path.cwd()

_OF_CHANCE = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile("exploring", deadline=None, suppress_health_check=_OF_CHANCE)
settings.register_profile(
    "steady", settings.get_profile("exploring"), derandomize=True, max_examples=40
)
settings.load_profile("steady")


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


_WITH_A_SERVER = "use-postgresql.md"
_READING = {
    "parsers": [PythonCodeBlockParser(), _PolicyParser()],
    "setup": _enter,
    "teardown": _leave,
}

pytest_collect_file = SybilCollection(
    [
        Sybil(patterns=["*.md"], excludes=[f"**/{_WITH_A_SERVER}"], **_READING),
        Sybil(patterns=[f"**/{_WITH_A_SERVER}"], fixtures=["dsn"], **_READING),
    ]
).pytest()
