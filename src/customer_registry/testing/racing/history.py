"""Judges a history of everything that clerks do with customers, beside what the store holds."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import itemgetter
from typing import Any

import attrs

from customer_registry.testing.racing.numbering import Acknowledged, judge

__all__ = ["Act", "Kept", "judge_history"]


@attrs.frozen(kw_only=True)
class Act:
    """One call, when it began and ended on one clock, and what came of it.

    Kinds: register, covet and refused (by who has the tax number, with the report as `text`), edit
    and status (a version written), stale (an edit of `base` refused, `version` stood there), read
    (`version` 0 for nobody found), failed (on purpose, at the very end) and error.
    """

    kind: str
    began: int
    ended: int
    who: str = ""
    """The customer by the name that the clerks have for him; `code` where that is known."""

    code: str = ""
    base: int = 0
    version: int = 0
    field: str = ""
    mark: str = ""
    theirs: tuple[str, ...] = ()
    overlap: tuple[str, ...] = ()
    text: str = ""

    @property
    def line(self) -> str:
        """The act as a line of a notebook."""
        return json.dumps(attrs.asdict(self, filter=lambda _, value: value not in ("", 0, ())))

    @classmethod
    def of(cls, line: str) -> "Act":
        """Read the line of a notebook."""
        told: dict[str, Any] = json.loads(line)
        told |= {name: tuple(told.get(name, ())) for name in ("theirs", "overlap")}
        return cls(**told)


@attrs.frozen(kw_only=True)
class Kept:
    """A customer as the store holds him in the end."""

    code: str
    version: int
    fields: dict[str, str]
    tax_number: str = ""


_WRITTEN = {"register", "covet", "edit", "status"}
_READ = {"read", "stale", *_WRITTEN}


def judge_history(acts: Iterable[Act], kept: Iterable[Kept]) -> Counter[str]:
    """Return how often each thing happened that should not; nothing for a sound history.

    Every clerk has to have lived to its end: what is stored was acknowledged.
    """
    acts, kept = list(acts), list(kept)
    code_of = {act.who: act.code for act in acts if act.kind in {"register", "covet"}}
    about: dict[str, list[Act]] = {each.code: [] for each in kept}
    for act in acts:
        about.setdefault(act.code or code_of.get(act.who, ""), []).append(act)
    faults = _numbering(acts, kept) + _coveting(acts, kept)
    faults["errors"] = sum(act.kind == "error" for act in acts)
    for each in kept:
        faults += _versions(about[each.code], each)
    for code, those in about.items():
        faults += _reading(those) if code else Counter()
    return +faults


def _numbering(acts: list[Act], kept: list[Kept]) -> Counter[str]:
    told = [
        Acknowledged(act.code, act.began, act.ended)
        for act in acts
        if act.kind in {"register", "covet"}
    ]
    verdict = judge(told, [each.code for each in kept])
    return Counter(
        {
            "duplicates": verdict.duplicates,
            "lost customers": verdict.lost,
            "gaps": verdict.gaps,
            "order": verdict.order_violations,
        }
    )


def _coveting(acts: list[Act], kept: list[Kept]) -> Counter[str]:
    """Count who got a tax number that another has, and who was told of another holder."""
    got: dict[str, list[str]] = {}
    for act in acts:
        if act.kind == "covet":
            got.setdefault(act.who, []).append(act.code)
    stored = Counter(each.tax_number for each in kept if each.tax_number)
    refused = [act for act in acts if act.kind == "refused"]
    return Counter(
        {
            "tax numbers twice": sum(len(codes) - 1 for codes in got.values())
            + sum(times - 1 for times in stored.values()),
            "refused for nobody": sum(act.code not in got.get(act.who, []) for act in refused),
            "refused otherwise": len({(act.who, act.text) for act in refused})
            - len({act.who for act in refused}),
        }
    )


def _versions(acts: list[Act], kept: Kept) -> Counter[str]:
    """Count the versions written other than once, and what the last one says otherwise."""
    written = sorted(((act.version, act) for act in _edits(acts)), key=itemgetter(0))
    versions = [version for version, _ in written]
    odd = sum((Counter(versions) - Counter(range(2, kept.version + 1))).values())
    odd += sum((Counter(range(2, kept.version + 1)) - Counter(versions)).values())
    expected: dict[str, str] = {}
    for _, act in written:
        before = f"{expected.get(act.field, '')} " if act.field == "notes" else ""
        expected[act.field] = f"{before}{act.mark}".strip()
    odd += sum(kept.fields[name] != value for name, value in expected.items())
    return Counter({"lost updates": odd, "conflicts told wrongly": _mistold(acts, written)})


def _mistold(acts: list[Act], written: list[tuple[int, Act]]) -> int:
    """Count the conflicts that name other fields than those written since."""
    return sum(
        act.version <= act.base
        or set(act.theirs) != (since := _fields(written, act.base, act.version))
        or set(act.overlap) != since & {act.field}
        for act in acts
        if act.kind == "stale"
    )


def _fields(written: list[tuple[int, Act]], base: int, current: int) -> set[str]:
    return {act.field for version, act in written if base < version <= current}


def _edits(acts: list[Act]) -> Iterator[Act]:
    return (act for act in acts if act.kind in {"edit", "status"})


def _reading(acts: list[Act]) -> Counter[str]:
    """Count who saw less than what somebody had been told before he asked, or more than there was.

    What one reader was shown, the next has to be shown as well.
    """
    seen = sorted((act.ended, act.version) for act in acts if act.kind in _READ)
    ended = [at for at, _ in seen]
    newest = list(accumulate(map(itemgetter(1), seen), max, initial=0))
    begun = {act.version: act.began for act in acts if act.kind in _WRITTEN}
    looks = [act for act in acts if act.kind in {"read", "stale"}]
    return Counter(
        {
            "stale reads": sum(
                act.version < newest[bisect_left(ended, act.began)] for act in looks
            ),
            "reads of the future": sum(
                begun.get(act.version, 0) > act.ended for act in looks if act.version
            ),
        }
    )
