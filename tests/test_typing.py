"""What type checkers say of calls of the front door, right ones and wrong ones."""

from pathlib import Path

import pytest

api = pytest.importorskip("mypy.api")

CALLS = Path(__file__).parent / "typing"


def complaints(file: Path, cache: Path) -> str:
    told, trouble, _ = api.run(
        [
            "--strict",
            "--warn-unused-ignores",
            "--hide-error-context",
            "--no-error-summary",
            "--config-file=",
            f"--cache-dir={cache}",
            str(file),
        ]
    )
    return told + trouble


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("mypy")


def test_what_the_front_door_offers_passes_the_type_checker(cache):
    assert complaints(CALLS / "front_door_ok.py", cache) == ""


def test_what_the_front_door_refuses_the_type_checker_refuses(cache):
    assert complaints(CALLS / "front_door_refused.py", cache) == ""


def test_without_its_ignores_every_refused_line_is_complained_of(cache, tmp_path):
    source = (CALLS / "front_door_refused.py").read_text("utf-8")
    bare = tmp_path / "bare.py"
    bare.write_text(source.replace("  # type: ignore[", "  # expected ["), "utf-8")
    lines = {at for at, line in enumerate(source.splitlines(), 1) if "# type: ignore[" in line}
    told = complaints(bare, cache).splitlines()
    assert {int(line.split(":")[1]) for line in told if ": error:" in line} == lines
