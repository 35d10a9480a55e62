"""Changes the package at one place after another, and tells which changes no test notices.

    python tests/mutation/mutate.py --package values --count 300 --seed 1
    python tests/mutation/mutate.py --package validation --count 300 --seed 1
    python tests/mutation/mutate.py --package codes --count 120 --seed 1
    python tests/mutation/mutate.py --package access --count 300 --seed 1
    python tests/mutation/mutate.py --package sealing --count 300 --seed 1
    python tests/mutation/mutate.py --package keyring --count 300 --seed 1
    python tests/mutation/mutate.py --package journal --count 300 --seed 1
    python tests/mutation/mutate.py --package backups --count 300 --seed 1
    python tests/mutation/mutate.py --file domain/values/phone.py --count 20
    python tests/mutation/mutate.py --plant domain/values/identifiers/hk_id.py "% 11" "% 10"
    python tests/mutation/mutate.py --again report.txt

The project is copied once, at the start: the tree may change meanwhile. A change is tried in place
first, in a process that has loaded everything, by the tests that call the function it is in. What
those let pass, and what cannot be changed in place, is tried on a copy that each process has of its
own: by the tests of its module, then by those of the modules that use it, by the laws, and by the
wider tests. `--quick` leaves what passed in place at that.
"""

import argparse
import ast
import difflib
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from pathlib import Path

import attrs

SOURCE = "src/customer_registry"
VALUES = "domain/values"
PACKAGES = {
    "access": (
        "domain/access/*.py",
        "domain/policy/access.py",
        "registration/bound.py",
        "registration/denials.py",
        "registration/typing_rights.py",
        "registration/view.py",
    ),
    "backups": ("operations/backups/*.py",),
    "codes": ("domain/codes/**/*.py",),
    "journal": (
        "domain/journal.py",
        "operations/following.py",
        "operations/head.py",
        "operations/verify.py",
        "operations/watching/*.py",
        "registration/changes.py",
        "registration/heads.py",
        "storage/chaining.py",
    ),
    "keyring": (
        "operations/resealing.py",
        "operations/rotate.py",
        "operations/scrub.py",
        "operations/seal.py",
        "sealing/key_file.py",
        "sealing/keyring.py",
    ),
    "numbering": ("operations/numbering/*.py",),
    "privacy": ("operations/privacy/*.py",),
    "sealing": (
        "sealing/envelope.py",
        "sealing/keyed.py",
        "sealing/sealer.py",
        "sealing/stream.py",
        "storage/cells.py",
        "storage/confided.py",
        "storage/record.py",
        "storage/standing.py",
        "storage/vault.py",
    ),
    "validation": ("validation/**/*.py",),
    "values": (f"{VALUES}/**/*.py",),
    "registration": ("registration/*.py",),
}
"""What is mutated together; a file that two of them name belongs to the first."""
LAWS = "tests/laws/test_value_laws.py"
WIDER = {
    "access": [
        "tests/domain/access",
        "tests/domain/policy",
        "tests/registration",
        "tests/validation/test_reading_masks.py",
        "tests/test_rights.py",
        "tests/operations",
    ],
    "backups": [
        "tests/operations/backups",
        "tests/operations/test_sealing.py",
        "tests/sealing",
        "tests/test_cli_backups.py",
        "tests/test_rights.py",
    ],
    "codes": ["tests/domain/codes", "tests/registration", "tests/operations"],
    "journal": [
        "tests/domain/test_journal.py",
        "tests/storage/test_chaining.py",
        "tests/storage/test_journal_claim.py",
        "tests/test_rights.py",
        "tests/operations",
        "tests/registration",
    ],
    "keyring": [
        "tests/sealing",
        "tests/operations/test_sealing.py",
        "tests/storage/test_sealed_stores.py",
        "tests/test_rights.py",
        "tests/operations",
    ],
    "numbering": ["tests/operations"],
    "privacy": ["tests/operations/privacy"],
    "registration": ["tests/registration", "tests/operations", "tests/test_registry.py"],
    "sealing": [
        "tests/sealing",
        "tests/storage/test_sealed_stores.py",
        "tests/storage/test_sealed_contract.py",
        "tests/storage/test_migrating.py",
        "tests/operations",
    ],
    "validation": [
        "tests/validation/test_reading.py",
        "tests/validation/test_engine.py",
        "tests/laws/test_raw_laws.py",
        "tests/test_registry.py",
    ],
    "values": [
        "tests/validation/test_reading.py",
        "tests/validation/rules",
        "tests/domain/test_messages.py",
    ],
}
_TRYING = (
    "tests/domain/",
    "tests/operations/",
    "tests/registration/",
    "tests/sealing/",
    "tests/validation/",
)
_EXAMPLES = 25  # of each property, where the tests themselves ask for hundreds
_MEMORY = 4 << 30
_OF_PROCESSES = "test_load_workers"  # what ends workers ends ours
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


def mutants(root: Path, file: str) -> list[Mutant]:
    """Return every change that is known for a file, in the order of its lines."""
    source = (root / SOURCE / file).read_bytes()
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

_TURNED = (ast.NamedExpr, ast.Compare, ast.UnaryOp)  # the latter two are turned by themselves


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
            case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, _TURNED):
                yield node.test, f"not ({ast.unparse(node.test)})"
            case ast.Raise() | ast.Expr() | ast.AugAssign() | ast.Continue() | ast.Break():
                yield node, "pass"


def _unparsed(node: ast.AST, **changed: object) -> str:
    fields = {name: getattr(node, name) for name in node._fields}
    return ast.unparse(type(node)(**{**fields, **changed}))


def _code(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs and matters: no imports, types, docstrings, `__all__`, f-strings."""
    for node in ast.iter_child_nodes(tree):
        told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if told or isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
            continue
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
            continue
        yield node
        yield from _code(_without_types(node))


def _without_types(node: ast.AST) -> ast.AST:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "cast":
        return ast.Call(node.func, node.args[1:], node.keywords)
    left_out = {"annotation", "returns", "decorator_list"}
    if not left_out & set(node._fields):
        return node
    kept = {name: value for name, value in ast.iter_fields(node) if name not in left_out}
    return type(node)(
        **kept, **{name: [] for name in left_out & {"decorator_list"} & {*node._fields}}
    )


def sample(root: Path, package: str, count: int, seed: int) -> list[Mutant]:
    """Return so many changes of a package, drawn from all of them alike.

    A module without a function is a table of facts or a list of words, and left out: a fact is
    held against its source, and a test that repeats it proves nothing.
    """
    every = [
        mutant
        for file in files_of(root, package)
        if re.search(rb"^ *def ", (root / SOURCE / file).read_bytes(), re.MULTILINE)
        for mutant in mutants(root, file)
    ]
    return _drawn(every, count, seed)


@cache
def files_of(root: Path, package: str) -> list[str]:
    """Return the files of a package, from the source's folder on."""
    source = root / SOURCE
    found = {path for pattern in PACKAGES[package] for path in source.glob(pattern)}
    return sorted(path.relative_to(source).as_posix() for path in found)


def _drawn(every: list[Mutant], count: int, seed: int) -> list[Mutant]:
    chosen = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311  no secret
    return sorted(chosen, key=lambda mutant: (mutant.file, mutant.start))


@cache
def tests_of(root: Path, file: str) -> list[list[str]]:
    """Return the arguments of runs of pytest: a module's own tests, its users', the wider ones.

    Its own tests are those that mirror it, those that import it, and its examples. Its users are
    the modules of its package that import it or import one that does; they hold the laws too.
    """
    package = next((each for each in PACKAGES if file in files_of(root, each)), "")
    beside = files_of(root, package) if package else []
    users = [user for user in _users(root, file) if user in beside]
    own = _near(root, file)
    further = [test for user in users for test in _near(root, user) if test not in own]
    laws = [LAWS, "-k", _readers([file, *users])] if package == "values" else []
    wider = [test for test in _wider(root, package) if test not in {*own, *further}]
    runs = [own, list(dict.fromkeys(further)), laws, wider]
    return [run for run in runs if run]


def _wider(root: Path, package: str) -> list[str]:
    """Return the files of the wider tests of a package, in their order."""
    every = [root / each for each in WIDER.get(package, [])]
    files = [each.rglob("test_*.py") if each.is_dir() else [each] for each in every]
    found = [path.relative_to(root).as_posix() for some in files for path in sorted(some)]
    return [*dict.fromkeys(found)]


def _near(root: Path, file: str) -> list[str]:
    stem = Path(file).stem.strip("_").removesuffix("s")
    mirrored = (root / "tests" / file).parent.glob(f"test_*{stem}*.py")
    importing = [
        path
        for path, imported in _imports(root).items()
        if path.startswith(_TRYING) and _dotted(file) in imported
    ]
    tests = [*sorted(path.relative_to(root).as_posix() for path in mirrored), *importing]
    lasting = "/test_linear_"  # they measure time, and take it
    return [*dict.fromkeys(test for test in tests if lasting not in test), f"{SOURCE}/{file}"]


def _users(root: Path, file: str) -> list[str]:
    """Return the modules that import one, then those that import them, and so on."""
    found = [file]
    for each in found:  # it grows while it is walked
        for path, imported in _imports(root).items():
            user = path.removeprefix(f"{SOURCE}/")
            if user != path and _dotted(each) in imported and user not in found:
                found.append(user)
    return found[1:]


def _dotted(file: str) -> str:
    parts = ("customer_registry", *Path(file).with_suffix("").parts)
    return ".".join(part for part in parts if part != "__init__")


def _readers(files: list[str]) -> str:
    """Return the choice of the laws that concern what these modules read."""
    values = _dotted(VALUES)
    named = [_dotted(file).removeprefix(f"{values}.") for file in files]
    compared = {"phone": "mobile", "email": "mailbox"}
    laws = [law for reader, law in compared.items() if reader in named]
    return " or ".join([*laws, *(f"[{name}." for name in named)])


@cache
def _imports(root: Path) -> dict[str, set[str]]:
    """Return every file of the package and its tests with the modules of ours that it imports."""
    public = root / SOURCE / "__init__.py"
    homes = dict(_imported(public))
    found = {}
    for path in sorted([*(root / SOURCE).rglob("*.py"), *(root / "tests").rglob("*.py")]):
        pairs = [] if path == public else _imported(path)
        found[path.relative_to(root).as_posix()] = {
            each
            for name, module in pairs
            for each in (homes.get(name, module), module, f"{module}.{name}")
        }
    return found


def _imported(path: Path) -> list[tuple[str, str]]:
    """Return the names of ours that a file imports, each with the module it comes from."""
    return [
        (alias.name, node.module)
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ImportFrom) and node.module
        if node.module.partition(".")[0] == "customer_registry"
        for alias in node.names
    ]


@attrs.define
class Slot:
    """A copy of the project, and the mutant that is being tried on it."""

    root: Path
    limit: int
    mutant: Mutant | None = None
    waiting: list[list[str]] = attrs.Factory(list)
    began: float = 0
    process: ForkProcess | None = None

    def begin(self, mutant: Mutant, runs: list[list[str]]) -> None:
        """Make the change, and start the first of its tests."""
        self.mutant, self.waiting, self.began = mutant, list(runs), time.monotonic()
        path = self.root / SOURCE / mutant.file
        path.rename(path.with_suffix(".kept"))
        path.write_bytes(mutant.applied())
        os.utime(path, (0, 0))  # so that nothing compiled before is taken for it
        self._start(self.waiting.pop(0))

    def verdict(self) -> str | None:
        """Return what became of the mutant, None while nobody knows; start its next tests."""
        if self.process is None or self.process.exitcode is None:
            return None
        if self.process.exitcode == -signal.SIGXCPU:
            return "timeout"
        if self.process.exitcode not in {0, _NO_TESTS}:
            return "killed"
        if not self.waiting:
            return "survived"
        self._start(self.waiting.pop(0))
        return None

    def end(self) -> None:
        """Put the copy right again."""
        if self.mutant is not None:
            path = self.root / SOURCE / self.mutant.file
            path.with_suffix(".kept").replace(path)
        self.mutant = self.process = None

    def passes(self, run: list[str]) -> bool:
        """Return whether the unchanged copy passes a run; keep what is compiled for it."""
        self._start(run)
        process, self.process = self.process, None
        if process is None:
            return False
        process.join()
        return process.exitcode in {0, _NO_TESTS}

    def _start(self, arguments: list[str]) -> None:
        context = multiprocessing.get_context("fork")
        target = self.root, self.mutant is not None, self.limit, arguments
        self.process = context.Process(target=_try, args=target)
        self.process.start()


def _try(root: Path, changed: bool, limit: int, arguments: list[str], *plugins: object) -> None:  # noqa: FBT001
    """Run pytest on the copy, in a process of its own, and leave with its status."""
    import pytest  # noqa: PLC0415  loaded before the fork

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    if changed:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    os.chdir(root)
    os.environ["PYTHONPATH"] = str(root / "src")
    sys.path.insert(0, str(root / "src"))
    sys.dont_write_bytecode = changed
    for name in [name for name in sys.modules if name.partition(".")[0] == "customer_registry"]:
        del sys.modules[name]
    options = [
        *([] if plugins else ["-x"]),
        "-q",
        "-p",
        "no:cacheprovider",
        "--hypothesis-seed=0",
        "--no-header",
    ]
    known = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # Hypothesis is loaded already
    os._exit(int(pytest.main([*options, *known, *arguments], plugins=[_FewExamples(), *plugins])))


class _FewExamples:
    """Properties try few examples, and do not look for the simplest failure, nor keep it."""

    def pytest_collection_modifyitems(self, items: list[object]) -> None:
        from hypothesis import Phase, settings  # noqa: PLC0415  loaded before the fork

        for test in {getattr(item, "obj", None) for item in items}:
            asked = getattr(test, "_hypothesis_internal_use_settings", None)
            if asked is not None:
                test._hypothesis_internal_use_settings = settings(
                    asked,
                    max_examples=min(asked.max_examples, _EXAMPLES),
                    phases=(Phase.explicit, Phase.generate),
                    database=None,
                )


def judge(
    chosen: list[Mutant], slots: list[Slot], runs_of: Callable[[str], list[list[str]]]
) -> Iterator[tuple[Mutant, str, float]]:
    """Yield each mutant with `killed`, `survived` or `timeout`, and the seconds that it took."""
    waiting = list(reversed(chosen))
    while waiting or any(slot.process for slot in slots):
        for slot in slots:
            if slot.process is None and waiting:
                mutant = waiting.pop()
                slot.begin(mutant, runs_of(mutant.file))
        connection.wait([slot.process.sentinel for slot in slots if slot.process])
        for slot in slots:
            verdict = slot.verdict()
            if verdict and slot.mutant:
                yield slot.mutant, verdict, time.monotonic() - slot.began
                slot.end()


def in_place(
    root: Path,
    chosen: list[Mutant],
    runs_of: Callable[[str], list[list[str]]],
    arguments: argparse.Namespace,
) -> Iterator[tuple[Mutant, str, float]]:
    """Yield the mutants that can be tried without a copy each, with what became of them."""
    listening, telling = multiprocessing.get_context("fork").Pipe(duplex=False)
    runs = {file: runs_of(file) for file in {mutant.file for mutant in chosen}}
    every = dict.fromkeys(test for some in runs.values() for run in some for test in run)
    every = [test for test in every if _OF_PROCESSES not in test]
    first = {file: some[0] for file, some in runs.items()}

    def trying() -> None:
        from in_place import InPlace, Touched  # noqa: PLC0415  it loads pytest

        source, limit = root / SOURCE, arguments.timeout
        told = [Touched(each.file, each.source, each.applied()) for each in chosen]
        plugin = InPlace(source, told, first, limit, arguments.budget, telling.send)
        _try(root, False, limit, every, plugin)  # noqa: FBT003

    process = multiprocessing.get_context("fork").Process(target=trying)
    process.start()
    telling.close()
    with suppress(EOFError):
        while True:
            number, verdict, seconds = listening.recv()
            if number == "unsound":
                print("fails before any change:", verdict, flush=True)  # noqa: T201  a report
            else:
                yield chosen[number], verdict, seconds
    process.join()


def sound(slot: Slot, runs: list[list[str]]) -> bool:
    """Return whether the unchanged package passes the tests that the mutants will be tried by."""
    laws = dict.fromkeys(run[-1] for run in runs if "-k" in run)
    plain = dict.fromkeys(test for run in runs if "-k" not in run for test in run)
    merged = [list(plain), [LAWS, "-k", " or ".join(laws)]] if laws else [list(plain)]
    return all(slot.passes(run) for run in merged)


def planted(root: Path, file: str, old: str, new: str) -> Mutant:
    """Return the change of the first place in a file where `old` stands."""
    source = (root / SOURCE / file).read_bytes()
    start = source.index(old.encode())
    line = source[:start].count(b"\n") + 1
    end = start + len(old.encode())
    return Mutant(file=file, line=line, start=start, end=end, new=new.encode(), source=source)


def again(root: Path, report: str) -> list[Mutant]:
    """Return the mutants that a report tells the diff of, where the source still is the same."""
    told = re.findall(r"^\w+ .* (\S+):\d+\n((?:    .*\n)+)", report, re.MULTILINE)
    wanted = {(file, diff.removesuffix("\n")) for file, diff in told}
    return [
        mutant
        for file in sorted({file for file, _ in told})
        for mutant in mutants(root, file)
        if (file, mutant.diff) in wanted
    ]


def _asked(root: Path, arguments: argparse.Namespace) -> list[Mutant]:
    if arguments.plant:
        return [planted(root, *arguments.plant)]
    if arguments.again:
        return again(root, arguments.again.read_text("utf-8"))
    if arguments.file:
        return _drawn(mutants(root, arguments.file), arguments.count, arguments.seed)
    return sample(root, arguments.package, arguments.count, arguments.seed)


def main(arguments: argparse.Namespace) -> int:
    """Try the mutants that were asked for, and print what became of each."""
    _load()
    with tempfile.TemporaryDirectory() as folder:
        roots = [Path(folder) / str(each) for each in range(arguments.processes)]
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(Path(__file__).parents[2], roots[0], ignore=ignored)
        slots = [Slot(root, arguments.timeout) for root in roots]
        chosen = _asked(roots[0], arguments)

        def runs_of(file: str) -> list[list[str]]:
            return tests_of(roots[0], file)[: 1 if arguments.near else None]

        judged = _judged(roots, slots, chosen, runs_of, arguments)
        _report(judged, len(chosen))
    return 0


def _judged(
    roots: list[Path],
    slots: list[Slot],
    chosen: list[Mutant],
    runs_of: Callable[[str], list[list[str]]],
    arguments: argparse.Namespace,
) -> Iterator[tuple[Mutant, str, float]]:
    """Yield mutants with what became of them: in place, and what is left on copies."""
    left = list[Mutant]() if not arguments.copies else chosen
    going_on = {"elsewhere"} if arguments.quick else {"elsewhere", "survived"}
    placed = () if arguments.copies else in_place(roots[0], chosen, runs_of, arguments)
    for mutant, verdict, seconds in placed:
        if verdict in going_on:
            left.append(mutant)
        else:
            yield mutant, verdict, seconds
    if not left:
        return
    if not sound(slots[0], [run for mutant in left for run in runs_of(mutant.file)]):
        sys.exit("the unchanged package fails its tests; repair it first")
    for other in roots[1:]:
        shutil.copytree(roots[0], other)
    yield from judge(left, slots, runs_of)


def _load() -> None:
    """Load once, before the forks, what the package and its tests load of others."""
    import cattrs  # noqa: F401, PLC0415
    import email_validator  # noqa: PLC0415
    import hypothesis  # noqa: F401, PLC0415
    import phonenumbers  # noqa: PLC0415
    import pypinyin  # noqa: F401, PLC0415
    import pytest  # noqa: F401, PLC0415

    phonenumbers.is_valid_number(phonenumbers.parse("13800138000", "CN"))
    email_validator.validate_email("li@例子.com", check_deliverability=False)


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
    parser.add_argument("--again", type=Path, help="what a report of this command tells as alive")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--near", action="store_true", help="the module's own tests alone")
    parser.add_argument("--quick", action="store_true", help="in place alone, what it can")
    parser.add_argument("--copies", action="store_true", help="on copies alone")
    parser.add_argument("--budget", type=float, default=20, help="seconds of tests in place")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=30, help="seconds of work for each run")
    sys.exit(main(parser.parse_args()))
