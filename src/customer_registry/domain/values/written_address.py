"""Address templates filled, with no separator left over where a part is missing."""

import re
from collections.abc import Mapping
from string import Formatter

__all__ = ["filled", "tidied"]

_RUN = r"[ ,，、;；/–]+"
_EDGES = " ,，、;；/–"


def filled(template: str, parts: Mapping[str, object]) -> str:
    r"""Return `template` with the parts it names; one that is missing or unknown is empty.

    What a missing part leaves of separators and empty lines goes too.

    >>> filled("{street}, {district}, {city}\n{code}", {"street": "1 Main St", "city": "Fresno"})
    '1 Main St, Fresno'
    """
    known = {name: "" if part is None else part for name, part in parts.items()}
    return tidied(_Forgiving().vformat(template, (), known))


def tidied(text: str) -> str:
    r"""Return a written address without stray separators and empty lines.

    Of several separators in a row the last one counts.

    >>> tidied("foo, , bar,/–\n \n, foo, /bar")
    'foo, bar\nfoo/bar'
    """
    lines = (re.sub(_RUN, _last, line).strip(_EDGES) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _last(run: re.Match[str]) -> str:
    signs = run[0].replace(" ", "")
    if not signs:
        return " "
    if len(signs) == 1:
        return run[0]
    return signs[-1] + (" " if run[0].endswith(" ") else "")


class _Forgiving(Formatter):
    """Leaves empty what a template asks for and nobody gave."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:
        del args
        return kwargs.get(str(key), "")

    def get_field(
        self, field_name: str, args: object, kwargs: Mapping[str, object]
    ) -> tuple[object, str]:
        return self.get_value(field_name, args, kwargs), field_name
