"""Changes the package at one place after another, and tells which changes no test notices.

    python tests/mutation/mutate.py --package values --count 300 --seed 1
    python tests/mutation/mutate.py --package validation --count 300 --seed 1
    python tests/mutation/mutate.py --file domain/values/phone.py --count 20
    python tests/mutation/mutate.py --plant domain/values/identifiers/hk_id.py "% 11" "% 10"

The working tree is never touched: each process works on a copy of its own. A change is tried by
the tests of its module, and by the laws and the tests of the registry if those let it pass.
"""

import argparse
import ast
import compileall
import difflib
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "customer_registry"
PACKAGES = {"values": "domain/values", "validation": "validation"}
LAWS = "tests/laws/test_value_laws.py"
WIDER = {
    "values": [
        "tests/validation/test_reading.py",
        "tests/validation/rules",
        "tests/domain/test_messages.py",
    ],
    "validation": [
        "tests/validation/test_reading.py",
        "tests/validation/test_engine.py",
        "tests/laws/test_raw_laws.py",
        "tests/test_registry.py",
    ],
}
_NO_TESTS = 5  # pytest's exit status


@attrs.frozen(kw_only=True)
class Mutant:
    """A change of one place: the file, its line, what stood there and what stands there now."""

    file: str
    line: int
    start: int
    end: int
    new: bytes
    source: bytes = attrs.field(repr=False)

    def applied(self) -> bytes:
        """Return the file's source with the change."""
        return self.source[: self.start] + self.new + self.source[self.end :]

    @property
    def diff(self) -> str:
        """The change as the lines that it takes away and puts there."""
        before = self.source.decode().splitlines()
        after = self.applied().decode().splitlines()
        lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[3:]
        return "\n".join(f"    {line}" for line in lines)


def mutants(file: str) -> list[Mutant]:
    """Return every change that is known for a file, in the order of its lines."""
    source = (SOURCE / file).read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = {}
    for node, changed in _changes(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        new = f"({changed})" if isinstance(node, ast.expr) else changed
        found[start, end, new] = Mutant(
            file=file, line=node.lineno, start=start, end=end, new=new.encode(), source=source
        )
    return [found[place] for place in sorted(found)]


_COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_RECKONED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Pow: ast.Mult,
}  # fmt: skip


def _changes(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:  # noqa: C901  a table of cases
    """Yield places with the source that stands there instead."""
    for node in _code(tree):
        match node:
            case ast.Compare(ops=[one]):
                yield node, _unparsed(node, ops=[_COMPARED[type(one)]()])
            case ast.BoolOp(op=ast.And()):
                yield node, _unparsed(node, op=ast.Or())
            case ast.BoolOp(op=ast.Or()):
                yield node, _unparsed(node, op=ast.And())
            case ast.UnaryOp(op=ast.Not()):
                yield node, ast.unparse(node.operand)
            case ast.BinOp() if type(node.op) in _RECKONED:
                yield node, _unparsed(node, op=_RECKONED[type(node.op)]())
            case ast.Constant(value=bool()):
                yield node, str(not node.value)
            case ast.Constant(value=int()):
                yield from ((node, str(node.value + step)) for step in (1, -1))
            case ast.Constant(value=str()) if node.value:
                yield node, "''"
            case ast.Return(value=ast.expr()) if ast.unparse(node.value) != "None":
                yield node, "return None"
            case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.NamedExpr):
                yield node.test, f"not ({ast.unparse(node.test)})"
            case ast.Raise() | ast.Expr() | ast.AugAssign() | ast.Continue() | ast.Break():
                yield node, "pass"


def _unparsed(node: ast.AST, **changed: object) -> str:
    fields = {name: getattr(node, name) for name in node._fields}
    return ast.unparse(type(node)(**{**fields, **changed}))


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs and matters: no imports, annotations, docstrings, `__all__`, f-strings."""
    for node in ast.iter_child_nodes(tree):
        told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if told or isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
            continue
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _code(_without_types(node))


def _without_types(node: ast.AST) -> ast.AST:
    left_out = {"annotation", "returns", "decorator_list"}
    if not left_out & set(node._fields):
        return node
    kept = {name: value for name, value in ast.iter_fields(node) if name not in left_out}
    return type(node)(
        **kept, **{name: [] for name in left_out & {"decorator_list"} & {*node._fields}}
    )


def sample(package: str, count: int, seed: int) -> list[Mutant]:
    """Return so many changes of a package, drawn from all of them alike; data tables left out."""
    files = sorted((SOURCE / PACKAGES[package]).rglob("*.py"))
    every = [
        mutant
        for file in files
        if b"\ndef " in file.read_bytes() or b"\nclass " in file.read_bytes()
        for mutant in mutants(file.relative_to(SOURCE).as_posix())
    ]
    return _drawn(every, count, seed)


def _drawn(every: list[Mutant], count: int, seed: int) -> list[Mutant]:
    chosen = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311  no secret
    return sorted(chosen, key=lambda mutant: (mutant.file, mutant.start))


def tests_of(file: str) -> list[list[str]]:
    """Return the arguments of runs of pytest: the module's own tests, its laws, the wider ones."""
    module = Path(file)
    stem = module.stem.removeprefix("_")
    mirrored = ROOT / "tests" / module.parent
    own = [path for path in mirrored.glob("test_*.py") if stem in path.stem or _names(path, module)]
    others = [path for path in (ROOT / "tests").rglob("test_*.py") if _names(path, module)]
    first = list(dict.fromkeys(path.relative_to(ROOT).as_posix() for path in [*own, *others]))
    slow = ("tests/laws", "tests/benchmarks", "tests/testing", "tests/faults", "tests/storage")
    near = [path for path in first if not path.startswith(slow)]
    package = next((name for name, room in PACKAGES.items() if file.startswith(room)), "validation")
    return [
        [*near, f"{{copy}}/customer_registry/{file}"],
        [LAWS, "-k", f"{stem} or law"],
        WIDER[package],
    ]


def _names(path: Path, module: Path) -> bool:
    """Whether a test imports the module by its name."""
    text = path.read_text("utf-8")
    dotted = ".".join(("customer_registry", *module.with_suffix("").parts))
    room, _, stem = dotted.rpartition(".")
    return f"{dotted} import" in text or (f"{room} import" in text and stem in text)


@attrs.define
class Slot:
    """A copy of the package, and the mutant that is being tried on it."""

    copy: Path
    mutant: Mutant | None = None
    stage: int = 0
    began: float = 0
    process: ForkProcess | None = None

    def begin(self, mutant: Mutant | None, runs: list[list[str]], stage: int = 0) -> None:
        """Start the tests on the copy with the change made."""
        self.mutant, self.stage = mutant, stage
        if stage == 0:
            self.began = time.monotonic()
            if mutant is not None:
                (self.copy / "customer_registry" / mutant.file).write_bytes(mutant.applied())
                self._cached(mutant.file).unlink(missing_ok=True)
        arguments = [each.format(copy=self.copy) for each in runs[stage]]
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_try, args=(self.copy, arguments))
        self.process.start()

    def passes(self, run: list[str]) -> bool:
        """Return whether the copy as it stands passes a run."""
        self.begin(None, [run])
        process, self.process = self.process, None
        if process is None:
            return False
        process.join()
        return process.exitcode in {0, _NO_TESTS}

    def end(self) -> None:
        """Put the copy right again."""
        if self.process is not None and self.process.is_alive():
            self.process.kill()
            self.process.join()
        if self.mutant is not None:
            shutil.copy(
                SOURCE / self.mutant.file, self.copy / "customer_registry" / self.mutant.file
            )
        self.process = None

    def _cached(self, file: str) -> Path:
        path = self.copy / "customer_registry" / file
        return path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"


def _try(copy: Path, arguments: list[str]) -> None:
    """Run pytest on the copy, in a process of its own, and leave with its status."""
    import pytest  # noqa: PLC0415  loaded before the fork

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.environ["PYTHONPATH"] = str(copy)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(copy / "hypothesis")
    sys.path.insert(0, str(copy))
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.partition(".")[0] == "customer_registry"]:
        del sys.modules[name]
    options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--no-header"]
    known = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # Hypothesis is loaded already
    os._exit(int(pytest.main([*options, *known, *arguments])))


def judge(
    chosen: list[Mutant], slots: list[Slot], limit: float, stages: int
) -> Iterator[tuple[Mutant, str, float]]:
    """Yield each mutant with `killed`, `survived` or `timeout`, and the seconds that it took."""
    waiting = list(reversed(chosen))
    while waiting or any(slot.process for slot in slots):
        for slot in slots:
            if slot.process is None and waiting:
                mutant = waiting.pop()
                slot.begin(mutant, tests_of(mutant.file)[:stages])
        connection.wait([slot.process.sentinel for slot in slots if slot.process], timeout=1)
        for slot in slots:
            verdict = _verdict(slot, limit, stages)
            if verdict and slot.mutant:
                yield slot.mutant, verdict, time.monotonic() - slot.began
                slot.end()


def _verdict(slot: Slot, limit: float, stages: int) -> str | None:
    """Return what became of the slot's mutant, None while nobody knows; start its next tests."""
    if slot.process is None or slot.mutant is None:
        return None
    if slot.process.exitcode is None:
        return "timeout" if time.monotonic() - slot.began > limit else None
    if slot.process.exitcode not in {0, _NO_TESTS}:
        return "killed"
    runs = tests_of(slot.mutant.file)[:stages]
    if slot.stage + 1 == len(runs):
        return "survived"
    slot.begin(slot.mutant, runs, slot.stage + 1)
    return None


@contextmanager
def _copies(number: int) -> Iterator[list[Slot]]:
    """Give copies of the package, compiled once: a copied file keeps its time, so they stay so."""
    with tempfile.TemporaryDirectory() as folder:
        first, *others = [Path(folder) / str(each) for each in range(number)]
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(SOURCE, first / "customer_registry", ignore=ignored)
        compileall.compile_dir(first, quiet=2)
        for other in others:
            shutil.copytree(first, other)
        yield [Slot(copy) for copy in (first, *others)]


def sound(slot: Slot, files: list[str], stages: int) -> bool:
    """Return whether the unchanged package passes the tests that the mutants will be tried by."""
    runs = [run for file in files for run in tests_of(file)[:stages]]
    return all(slot.passes(run) for run in _merged(runs))


def _merged(runs: list[list[str]]) -> list[list[str]]:
    """Return the runs without repetition, those that name nothing but files as one."""
    plain = [run for run in runs if "-k" not in run]
    files = list(dict.fromkeys(argument for run in plain for argument in run))
    return [files, *dict.fromkeys(tuple(run) for run in runs if run not in plain)]


def planted(file: str, old: str, new: str) -> Mutant:
    """Return the change of the first place in a file where `old` stands."""
    source = (SOURCE / file).read_bytes()
    start = source.index(old.encode())
    line = source[:start].count(b"\n") + 1
    end = start + len(old.encode())
    return Mutant(file=file, line=line, start=start, end=end, new=new.encode(), source=source)


def _asked(arguments: argparse.Namespace) -> list[Mutant]:
    if arguments.plant:
        return [planted(*arguments.plant)]
    if arguments.file:
        return _drawn(mutants(arguments.file), arguments.count, arguments.seed)
    return sample(arguments.package, arguments.count, arguments.seed)


def main(arguments: argparse.Namespace) -> int:
    """Try the mutants that were asked for, and print what became of each."""
    import cattrs  # noqa: F401, PLC0415  loaded once for all the forks, as are those below
    import email_validator  # noqa: F401, PLC0415
    import hypothesis  # noqa: F401, PLC0415
    import phonenumbers  # noqa: F401, PLC0415
    import pytest  # noqa: F401, PLC0415

    os.chdir(ROOT)
    chosen = _asked(arguments)
    stages = 1 if arguments.near else 3
    with _copies(arguments.processes) as slots:
        if not sound(slots[0], sorted({mutant.file for mutant in chosen}), stages):
            print("the unchanged package fails its tests; repair it first")  # noqa: T201  a report
            return 1
        _report(judge(chosen, slots, arguments.timeout, stages), len(chosen))
    return 0


def _report(judged: Iterator[tuple[Mutant, str, float]], number: int) -> None:
    counted: dict[str, int] = {}
    for mutant, verdict, seconds in judged:
        counted[verdict] = counted.get(verdict, 0) + 1
        print(f"{verdict:<9}{seconds:>6.1f} s  {mutant.file}:{mutant.line}", flush=True)  # noqa: T201  a report
        if verdict != "killed":
            print(mutant.diff, flush=True)  # noqa: T201  a report
    caught = counted.get("killed", 0) + counted.get("timeout", 0)
    print(f"{caught} of {number} noticed: {caught / number:.0%}", counted)  # noqa: T201  a report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", choices=sorted(PACKAGES), default="values")
    parser.add_argument("--file", help="one file instead, from src/customer_registry on")
    parser.add_argument("--plant", nargs=3, metavar=("FILE", "OLD", "NEW"), help="one given change")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--near", action="store_true", help="the module's own tests alone")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=180, help="seconds for each mutant")
    sys.exit(main(parser.parse_args()))
