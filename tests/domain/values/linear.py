"""Finds the regular expressions of a module and times them on long hostile text."""

import ast
import inspect
import re
import time
from collections.abc import Iterator
from types import ModuleType

LONGEST = 50_000
_WAYS = {"fullmatch": "fullmatch", "match": "match"}  # all others look for it everywhere
_ALSO = "01aA@+-. (\n张"
_STRANGER = "\x00"
_SECONDS = 0.4


def patterns_in(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield every regular expression that a module uses, with the way in which it is used."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, way = node.func.value, node.func.attr
            if (
                isinstance(owner, ast.Name)
                and owner.id == "re"
                and way not in {"compile", "escape"}
            ):
                yield _text(node.args[0], module), _WAYS.get(way, "findall")
            elif isinstance(getattr(module, getattr(owner, "id", ""), None), re.Pattern):
                yield _text(owner, module), _WAYS.get(way, "findall")


def is_linear(pattern: str, way: str) -> bool:
    """Return whether the worst text found for a pattern, at full length, takes next to no time."""
    run = getattr(re.compile(pattern), way)
    worst = sorted(_hostile(pattern, 400), key=lambda text: _seconds(run, text))[-6:]
    heads = [(text[:8], text[8:16]) for text in worst]
    return all(
        _seconds(run, _long(head, body, length)) < limit
        for length, limit in ((LONGEST // 10, _SECONDS / 10), (LONGEST, _SECONDS))
        for head, body in heads
    )


def _text(node: ast.expr, module: ModuleType) -> str:
    expression = compile(ast.Expression(node), "pattern", "eval")
    found = eval(expression, {**vars(module)})  # noqa: S307  our own source
    return found.pattern if isinstance(found, re.Pattern) else found


def _hostile(pattern: str, length: int) -> Iterator[str]:
    """Yield texts of the pattern's own characters: one, then another or both over and over."""
    alphabet = sorted(set(pattern + _ALSO))
    for one in alphabet:
        for other in alphabet:
            yield _long(one * 8, other * 8, length)
            yield _long((one + other) * 4, (one + other) * 4, length)


def _long(head: str, body: str, length: int) -> str:
    return head + body * (length // len(body)) + _STRANGER


def _seconds(run: object, text: str) -> float:
    start = time.thread_time()
    run(text)  # type: ignore[operator]
    return time.thread_time() - start
