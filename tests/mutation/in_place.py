"""Tries changes in a process that has loaded the package and its tests already.

Each change has a child of that process to itself. There the functions that it touches get the code
that it makes of them, a name of a module its value, and of the tests only those run that call what
was touched. What a class is made of at import cannot be changed so.
"""

import ast
import gc
import importlib
import os
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType

import attrs
import pytest

ELSEWHERE = "elsewhere"
"""What becomes of a change that cannot be made here."""

_PACKAGE = "customer_registry"
_WAITING = 40  # seconds for what waits and does no work
_MEMORY = 4 << 30
_ELSEWHERE = 3

Key = tuple[str, str, int]
"""A function: its file, its name with the classes around it, its first line."""

Ran = tuple[float, set[Key]]
"""What a test took in seconds, and the functions that it called."""


@attrs.frozen
class Touched:
    """A change: the file, and its source before and after."""

    file: str
    before: bytes
    after: bytes


@attrs.define(eq=False)
class InPlace:
    """A plugin of pytest that runs the tests once as they are, and then once for each change.

    `first` names the tests that a file is tried by first; beyond `budget` seconds of tests none
    runs any more. `tell` gets the number of a change, what became of it and the seconds that took,
    and `unsound` in the place of a number with a test that fails before any change.
    """

    source: Path
    chosen: list[Touched]
    first: dict[str, list[str]]
    limit: int
    budget: float
    tell: Callable[[tuple[int | str, str, float]], object]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests as they are, then try the changes."""
        functions = _functions(self.source, {each.file for each in self.chosen})
        ran = _measured(session, {key[0] for key in functions})
        for item, each in zip(session.items, ran, strict=False):
            if each is None:
                self.tell(("unsound", item.nodeid, 0.0))
        for item in session.items[len(ran) : len(ran) + 1]:
            self.tell(("unsound", f"{item.nodeid} ends the process", 0.0))
        for number, change in enumerate(self.chosen):
            began = time.monotonic()
            verdict = self._verdict(session, functions, ran, change)
            self.tell((number, verdict, time.monotonic() - began))
        return True

    def _verdict(
        self,
        session: pytest.Session,
        functions: dict[Key, list[FunctionType]],
        ran: list[Ran | None],
        change: Touched,
    ) -> str:
        path = str(self.source / change.file)
        compiled = (compile(each, path, "exec") for each in (change.before, change.after))
        changed = list(_changed(*compiled))
        live = [(functions[_key(old)], new) for old, new in changed if _key(old) in functions]
        innermost = _key(changed[-1][0])
        if live:
            put = partial(_put_code, live)
        elif innermost[1] == "<module>":
            put = partial(_put_value, path, change)
        else:
            return ELSEWHERE
        calling = [
            (each[0], item)
            for item, each in zip(session.items, ran, strict=False)
            if each and (innermost in each[1] or (not live and any(k[0] == path for k in each[1])))
        ]
        return _tried(session, self._afforded(calling, change.file), put, self.limit)

    def _afforded(self, calling: list[tuple[float, pytest.Item]], file: str) -> list[pytest.Item]:
        """Return the tests of a change, its file's own before the others, the quickest first."""
        own = set(self.first.get(file, []))
        calling.sort(key=lambda each: (each[1].nodeid.partition("::")[0] not in own, each[0]))
        items, cost = list[pytest.Item](), 0.0
        for seconds, item in calling:
            cost += seconds
            if cost > self.budget and items:
                break
            items.append(item)
        return items


def _key(code: CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _module_of(file: str) -> str:
    parts = [part for part in Path(file).with_suffix("").parts if part != "__init__"]
    return ".".join((_PACKAGE, *parts))


def _functions(source: Path, files: set[str]) -> dict[Key, list[FunctionType]]:
    """Return the functions of some files that are alive."""
    for file in files:
        importlib.import_module(_module_of(file))
    paths = {str(source / file) for file in files}
    found: dict[Key, list[FunctionType]] = {}
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename in paths:
            found.setdefault(_key(each.__code__), []).append(each)
    return found


def _changed(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield the pairs of codes from the module's to the innermost one that is not the same."""
    yield old, new
    if _is_itself_changed(old, new):
        return
    for pair in zip(_nested(old), _nested(new), strict=True):
        if _differ(*pair):
            yield from _changed(*pair)
            return


def _differ(old: CodeType, new: CodeType) -> bool:
    return _is_itself_changed(old, new) or any(
        _differ(*pair) for pair in zip(_nested(old), _nested(new), strict=True)
    )


def _is_itself_changed(old: CodeType, new: CodeType) -> bool:
    return _said(old) != _said(new) or len(_nested(old)) != len(_nested(new))


def _nested(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


_SAID = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags")


def _said(code: CodeType) -> tuple[object, ...]:
    """Return what a function does by itself, whatever line it stands on."""
    plain = [(type(each), each) for each in code.co_consts if not isinstance(each, CodeType)]
    return (repr(plain), *(getattr(code, name) for name in _SAID))


def _put_code(live: list[tuple[list[FunctionType], CodeType]]) -> None:
    for functions, new in live:
        for each in functions:
            each.__code__ = new


def _put_value(path: str, change: Touched) -> None:
    """Make what a changed statement of a module makes; ImportError where it makes nothing."""
    statements = zip(ast.parse(change.before).body, ast.parse(change.after).body, strict=True)
    ((_, changed),) = [pair for pair in statements if ast.dump(pair[0]) != ast.dump(pair[1])]
    if not isinstance(changed, (ast.FunctionDef, ast.Assign, ast.AnnAssign)):
        raise TypeError("it is made at import")
    home = sys.modules[_module_of(change.file)]
    made: dict[str, object] = {"__name__": home.__name__, "__file__": path}
    try:
        exec(compile(change.after, path, "exec"), made)  # noqa: S102  the changed module itself
    except Exception as error:
        raise ImportError("nobody can import it") from error
    if isinstance(changed, ast.FunctionDef):
        _put_defaults(vars(home)[changed.name], made[changed.name])
        return
    targets = changed.targets if isinstance(changed, ast.Assign) else [changed.target]
    for target in targets:
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                _put_name(home, name.id, made[name.id])


def _put_defaults(function: object, other: object) -> None:
    while hasattr(function, "__wrapped__"):
        function, other = function.__wrapped__, other.__wrapped__
    function.__defaults__, function.__kwdefaults__ = other.__defaults__, other.__kwdefaults__


def _put_name(home: ModuleType, name: str, new: object) -> None:
    """Put a name's value in its module, and in those that import it from there."""
    old = vars(home)[name]
    ours = [each for key, each in sys.modules.items() if key.partition(".")[0] == _PACKAGE]
    for other in [home] if name.startswith("_") else ours:
        if vars(other).get(name) is old:
            setattr(other, name, new)


def _measured(session: pytest.Session, paths: set[str]) -> list[Ran | None]:
    """Return of each test what it took and called, None for one that fails; all in a child."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as file:
            for item, following in _in_turn(session.items):
                pickle.dump(_called(session, item, following, paths), file)
                file.flush()  # a test's own child would write it a second time
        os._exit(0)
    os.close(writing)
    found: list[Ran | None] = []
    with os.fdopen(reading, "rb") as file:
        while file.peek(1):
            found.append(pickle.load(file))  # noqa: S301  our own child's
    os.waitpid(child, 0)
    return found


def _in_turn(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _called(
    session: pytest.Session, item: pytest.Item, following: pytest.Item | None, paths: set[str]
) -> Ran | None:
    called: set[Key] = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        if frame.f_code.co_filename in paths:
            called.add(_key(frame.f_code))

    failed, worked, began = session.testsfailed, time.process_time(), time.monotonic()
    sys.settrace(note)
    threading.settrace(note)
    try:
        _run(item, following)
    finally:
        sys.settrace(None)
        threading.settrace(None)
    took = max(time.process_time() - worked, (time.monotonic() - began) / 4)
    return None if session.testsfailed > failed else (took, called)


def _tried(
    session: pytest.Session, items: list[pytest.Item], put: Callable[[], object], limit: int
) -> str:
    """Run tests with a change, in a child."""
    child = os.fork()
    if child == 0:
        os._exit(_failing(session, items, put, limit))
    until = time.monotonic() + _WAITING + 4 * limit  # the machine may be busy
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return _meant(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _meant(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) == signal.SIGXCPU else "killed"
    return {0: "survived", _ELSEWHERE: ELSEWHERE}.get(os.WEXITSTATUS(status), "killed")


def _failing(
    session: pytest.Session, items: list[pytest.Item], put: Callable[[], object], limit: int
) -> int:
    """Return 1 when a test fails, 0 when none does, and that the change cannot be made here."""
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        put()
    except ImportError:
        return 1
    except Exception:  # noqa: BLE001  such as a closure that has other variables
        return _ELSEWHERE
    try:
        for item, following in _in_turn(items):
            _run(item, following)
            if session.testsfailed or session.shouldstop:
                return 1
    except BaseException:  # noqa: BLE001  whatever it is, the change did it
        return 1
    return 0
