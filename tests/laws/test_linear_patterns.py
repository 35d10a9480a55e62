"""Every regular expression of the package takes its time in proportion to the text, at most."""

import ast
import gc
import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import attrs
import pytest

import customer_registry
from customer_registry import CodePattern

LENGTH = 50_000
LIMIT = 1.0  # seconds of work; a linear pattern needs a few hundredths
LOOKING = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
ROOT = Path(customer_registry.__file__).parent


@attrs.frozen
class Use:
    """A pattern and the function that it is used with, where it stands in the source."""

    module: str
    line: int
    pattern: str
    looking: str
    flags: int = 0

    def __str__(self) -> str:
        return f"{self.module.removeprefix('customer_registry.')}:{self.line}:{self.looking}"

    def run(self, text: str) -> None:
        compiled = re.compile(self.pattern, self.flags)
        if self.looking in {"sub", "subn"}:
            compiled.sub("", text)
        elif self.looking == "finditer":
            list(compiled.finditer(text))
        else:
            getattr(compiled, self.looking)(text)


MADE_AT_RUN_TIME = {
    ("domain.codes.pattern", "self._expression"): lambda _: [
        CodePattern(written)._expression
        for written in ("C{number:06}", "KH-{date:%Y%m}-{number:04}")
    ],
    ("domain.codes.segments.counter", "expression"): lambda _: [
        r"customer\|kind=([^|]+)\|custom\.shop=([^|]+)\|\d{4}-\d\d"
    ],
    ("domain.policy.patterns", "pattern"): lambda _: ["[A-Z]{2,8}", "(?:[0-9]+-)+[0-9]+"],
    ("domain.values._terms_phrases", "pattern"): lambda module: [
        compiled.pattern for compiled, _ in module._PHRASES
    ],
    ("domain.values._terms_phrases", "words"): lambda module: [
        compiled.pattern for compiled, _ in module._PHRASES
    ],
    ("domain.values.identifiers.abroad", "newer"): lambda module: module._NEWER_FORMS.values(),
    ("domain.values.identifiers.eu_vat", "older"): lambda module: [
        older for older, _ in module._OLDER.values()
    ],
    ("domain.values.identifiers.eu_vat", "form"): lambda module: [
        form for _, form in module._FORMS.values()
    ],
    ("domain.values.postal", "_marked(country)"): lambda module: [module._marked("CN")],
    (
        "domain.values.postal_shapes",
        "''.join((_CLASSES.get(sign, sign) for sign in picture if sign not in ' -'))",
    ): lambda module: [compiled for shapes in module._shapes().values() for compiled, _ in shapes],
    ("domain.values.phone", "known or '(?!)'"): lambda module: [
        module._chinese_landlines().pattern
    ],
    ("domain.values.late_pattern", "self._expression"): lambda _: [],  # told where they are named
    ("domain.values.identity", "usual"): lambda module: module._USUAL_FORMS.values(),
}
"""What stands in the source is a name of the moment; here is what it may stand for."""

UNTOLD = "(?#not told above)"
LATE = "late_pattern"


def uses() -> Iterator[Use]:
    """Yield every use of a regular expression in the package."""
    names = [each.name for each in pkgutil.walk_packages([str(ROOT)], "customer_registry.")]
    for name in names:
        module = importlib.import_module(name)
        yield from _uses_in(module, ast.parse(Path(module.__file__).read_text("utf-8")))


def _uses_in(module, tree) -> Iterator[Use]:
    methods = _methods_by_name(tree)
    for node, owner in _calls_of_re(tree):
        function = "compile" if ast.unparse(node.func) == LATE else node.func.attr
        if function not in {*LOOKING, "compile"}:
            continue
        looking = (
            [function]
            if function != "compile"
            else methods.get(owner) or methods[""] or ["fullmatch"]
        )
        for pattern, flags in _patterns(module, node):
            yield from (Use(module.__name__, node.lineno, pattern, each, flags) for each in looking)


def _calls_of_re(tree) -> Iterator[tuple[ast.Call, str]]:
    """Yield each call that makes or uses a pattern, with the name its outcome is given, if any."""
    given = {
        id(part): target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
        for part in getattr(node.value, "elts", [node.value])
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called.startswith("re.") or called == LATE:
            yield node, given.get(id(node), "")


def _methods_by_name(tree) -> dict[str, list[str]]:
    """Return the functions that each name is asked for; the empty name is asked for them all."""
    found: dict[str, set[str]] = {"": set()}
    for node in ast.walk(tree):
        name = ast.unparse(node.value) if isinstance(node, ast.Attribute) else "re"
        if name != "re" and node.attr in LOOKING:
            found.setdefault(name, set()).add(node.attr)
            found[""].add(node.attr)
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Name):
            found.setdefault(node.iter.id, set()).update(found.get(ast.unparse(node.target), ()))
    return {name: sorted(methods) for name, methods in found.items()}


def _patterns(module, node) -> list[tuple[str, int]]:
    """Return what the first argument says, with the flags beside it."""
    others = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    flags = [each for each in others if re.fullmatch(_FLAGS, ast.unparse(each))]
    flag = int(_evaluated(module, flags[0])) if flags else 0
    try:
        found = [_evaluated(module, node.args[0])]
    except NameError:
        where = module.__name__.removeprefix("customer_registry."), ast.unparse(node.args[0])
        found = list(MADE_AT_RUN_TIME.get(where, lambda _: [UNTOLD])(module))
    texts = (each.pattern if isinstance(each, re.Pattern) else each for each in found)
    return [(each if isinstance(each, str) else each.decode("latin-1"), flag) for each in texts]


_FLAGS = r"re\.[A-Z]+(?: \| re\.[A-Z]+)*"


def _evaluated(module, expression):
    return eval(compile(ast.Expression(expression), "<source>", "eval"), vars(module))  # noqa: S307  our own source


class TooSlow(Exception):
    """The pattern did not come to an end in time."""


@contextmanager
def limited(seconds: float):
    """Stop what takes longer, measured in its own work so that a busy machine is no matter."""

    def stop(number, frame):
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    gc.disable()  # a collection is not the pattern's work, and nothing may be raised inside one
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        gc.enable()
        signal.signal(signal.SIGVTALRM, before)


def hostile(pattern: str, flags: int = 0) -> Iterator[str]:
    """Yield long texts out of the pattern's own characters: each repeat pumped, then thwarted."""
    tree = re._parser.parse(pattern, flags)
    alphabet = sorted(set(_alphabet(tree)))[:24]
    pumps = {(before, pump) for before, body in _repeats(tree, "") for pump in _pumps(body)}
    pumps |= {("", char) for char in alphabet} | {("", _sample(tree))}
    tails = ("\0", "!", alphabet[0] if alphabet else "")
    for before, pump in sorted(pumps):
        if pump:
            long = before + pump * (LENGTH // len(pump))
            yield from (long + tail for tail in tails)


def _pumps(body) -> set[str]:
    characters = sorted(set(_alphabet(body)))[:6]
    pairs = {one + other for one in characters[:3] for other in characters[:3]}
    return {_sample(body), *characters, *pairs}


def _repeats(tree, before: str) -> Iterator[tuple[str, object]]:
    """Yield the body of each long repeat with a text that leads up to it."""
    for sort, value in tree:
        name = str(sort)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _, most, body = value
            if most > 8:
                yield before, body
            yield from _repeats(body, before)
        else:
            for inner in _inner(name, value):
                yield from _repeats(inner, before)
        before += _sample([(sort, value)])


def _inner(name: str, value) -> list:
    if name == "SUBPATTERN":
        return [value[-1]]
    if name == "BRANCH":
        return list(value[1])
    if name == "ATOMIC_GROUP":
        return [value]
    return [value[1]] if name in {"ASSERT", "ASSERT_NOT"} else []


def _sample(tree) -> str:
    """Return a short text that the pattern takes, looking ahead and behind left aside."""
    text = ""
    for sort, value in tree:
        name = str(sort)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            text += _sample(value[2]) * max(value[0], 1)
        elif name in {"SUBPATTERN", "ATOMIC_GROUP", "BRANCH"}:
            text += _sample(_inner(name, value)[0])
        elif name not in {"ASSERT", "ASSERT_NOT", "AT", "GROUPREF"}:
            text += next(iter(_characters(name, value)), "")
    return text


def _alphabet(tree) -> Iterator[str]:
    for sort, value in tree:
        name = str(sort)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            yield from _alphabet(value[2])
        elif inner := _inner(name, value):
            for each in inner:
                yield from _alphabet(each)
        else:
            yield from _characters(name, value)


_CATEGORIES = {"DIGIT": "0", "SPACE": " \n", "WORD": "a_"}


def _characters(name: str, value) -> Iterator[str]:
    if name in {"LITERAL", "NOT_LITERAL"}:
        yield chr(value) if name == "LITERAL" else "~"
    elif name == "ANY":
        yield from "a-"
    elif name == "RANGE":
        yield from (chr(value[0]), chr(value[1]))
    elif name == "CATEGORY":
        yield from _CATEGORIES.get(str(value).rpartition("_")[2], "~")
    elif name == "IN":
        if str(value[0][0]) == "NEGATE":
            named = {char for sort, each in value[1:] for char in _characters(str(sort), each)}
            yield from (char for char in "a路 -~1" if char not in named)
        else:
            for sort, each in value:
                yield from _characters(str(sort), each)


def slow(use: Use) -> str | None:
    """Return the beginning of a text that keeps the pattern busy too long, None if none does."""
    return _slow(attrs.evolve(use, module="", line=0))


@cache
def _slow(use: Use) -> str | None:
    """The same wherever it stands: some patterns are used in several places."""
    for text in hostile(use.pattern, use.flags):
        try:
            with limited(LIMIT):
                use.run(text)
        except TooSlow:
            return text[:40]
    return None


BOUNDED = {}
"""Patterns that are quadratic, with the length that their texts are held to before."""

USES = sorted(set(uses()), key=lambda use: (use.module, use.line, use.looking, use.pattern))


def test_the_patterns_of_the_package_are_found():
    assert len({use.pattern for use in USES}) > 60
    assert {"customer_registry.domain.values.email"} <= {use.module for use in USES}


def test_what_each_pattern_made_at_run_time_may_be_is_told():
    assert [str(use) for use in USES if use.pattern == UNTOLD] == []


@pytest.mark.parametrize("use", USES, ids=str)
def test_a_pattern_is_done_with_any_long_text_at_once(use):
    assert slow(use) is None


@pytest.mark.parametrize(
    ("pattern", "looking"),
    [
        (r"(a+)+b", "fullmatch"),
        (r"(?:a|a)*b", "match"),
        (r"(?:a|aa)+", "fullmatch"),
        (r"(?:[0-9]+[-. ]?)+x", "fullmatch"),
        (r"([a-z]+\.?)*@", "match"),
        (r"\s+$", "search"),
        (r"[0-9]+x", "sub"),
        (r"(.*)(?:,.*)*;", "fullmatch"),
        (r"[^,]*[^;]*x", "fullmatch"),
        (r"x[0-9]*[0-9a]*b", "fullmatch"),
    ],
)
def test_a_bad_pattern_is_caught(pattern, looking):
    assert slow(Use("a.b", 1, pattern, looking)) is not None


def test_a_harmless_pattern_is_not_accused():
    for pattern in (r"[0-9]{6}", r"(?:[0-9]++-)++", r"(a+)b(c+)", r"[^,]*,[^,]*"):
        assert slow(Use("a.b", 1, pattern, "fullmatch")) is None
