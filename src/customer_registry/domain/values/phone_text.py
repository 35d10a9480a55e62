"""What people write around a telephone number: labels, remarks, extensions, a second number."""

import re
import unicodedata

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.text import block, is_han, width_folded

__all__ = ["WrittenNumber", "read_written"]

_LONGEST = 250
_COMPLETE = 7  # digits that could make a number of their own
_EXTENSION = 6

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("_~〜‐‑‒–—―−⁃\u30fb·", "-"),
        **dict.fromkeys("[【〔", "("),
        **dict.fromkeys("]】〕", ")"),
    }
)
_HAN_DASH = r"(?<=[0-9])[一ー](?=[0-9])"
_SCIENTIFIC = r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}"
_NUMERIC_CELL = r"(\+?[0-9]+)\.0+"
_PARAMETER = r"(?i:;(ext|phone-context)=)(\+?[0-9]+)"
_SEPARATOR = r"[/、;|\n]|或"
_RUN = r"[+(]*[0-9][0-9()\-. ]*"
_REMARK = r"\([^()0-9]*\)"
_LABEL = (
    r"(?i)(?:(?:cell|mobile|tele)? ?phone|tel|mobile|mob|cell|fax|[tmpfh](?=[.:]))"
    r"(?: ?(?:no|number))?[ .:]*"
)
_MARKERS = (
    *("extension", "extn", "ext", "x", "#", "*", ","),
    *("分机号码", "分机号", "分機號", "分机", "分機", "转接", "轉接", "转", "轉"),
    *("内线", "內線", "内線", "내선"),  # in Chinese, Japanese (whose 内 is the plain one), Korean
)
_BRACKETED = r"(.*[0-9][ )\-]*)\(([0-9]{1,6})\)"
_NUMBER = r"[ (]*\+?[0-9 ().\-]*"
_LOOSE = frozenset(" :.,。-☎☏📞📱✆'’")
_DIALLED_ABROAD = r"^[+(]*00|\(0\)"  # 00 and a trunk 0 in brackets make no number complete
_NUMERALS = frozenset("〇零一二三四五六七八九")


@attrs.frozen(kw_only=True)
class WrittenNumber:
    """One number as written: digits and separators, its extension, its RFC 3966 context."""

    text: str = attrs.field(repr=False)
    extension: str | None = attrs.field(default=None, repr=False)
    context: str | None = None

    @property
    def digits(self) -> str:
        """The digits alone."""
        return _digits(self.text)

    @property
    def is_international(self) -> bool:
        """Whether a plus stands in front."""
        return "+" in self.text


def read_written(typed: str) -> WrittenNumber:
    """Return the one number that `typed` holds, without all that is written around it.

    Raises InvalidValue `phone.multiple` (with the `parts`), `phone.scientific`, `phone.letters`,
    `phone.extension`, `phone.too_long`, `phone.invalid` or `text.forbidden`.

    >>> read_written("电话：０１０－６２３４５６７８ 转 801（张三）").text
    '010-62345678'
    """
    text = _plain(typed)
    if re.fullmatch(_SCIENTIFIC, text):
        raise InvalidValue("phone.scientific")
    parameters = {name.lower(): value for name, value in re.findall(_PARAMETER, text)}
    text = _bare(_single(re.sub(_PARAMETER, "", text)))
    number, extension = _without_extension(text)
    _refuse_other_characters(number)
    return WrittenNumber(
        text=number.strip(),
        extension=_checked(parameters.get("ext", extension)),
        context=parameters.get("phone-context"),
    )


def _plain(typed: str) -> str:
    """Return `typed` with plain digits, dashes and brackets; a line break stays one."""
    if len(typed) > _LONGEST:
        raise InvalidValue("phone.too_long")
    rows = width_folded(block(typed, longest=_LONGEST)).split("\n")
    text = "\n".join(" ".join(row.split()) for row in rows).strip().lstrip("'’")
    if not text.isascii():
        decimals = (str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
        text = re.sub(_HAN_DASH, "-", "".join(decimals).translate(_SIGNS))
    else:
        text = text.translate(_SIGNS)
    cell = re.fullmatch(_NUMERIC_CELL, text)
    return cell[1] if cell else text


def _single(text: str) -> str:
    """Return the one part of `text` that holds a number; several are refused, never guessed."""
    parts = [part.strip() for part in re.split(_SEPARATOR, text) if _digits(part)]
    if len(parts) == 2 and re.fullmatch(r"\(?0[0-9]{2,3}\)?", parts[0]):  # noqa: PLR2004  area code/number
        return "-".join(parts)
    if len(parts) <= 1:
        text = parts[0] if parts else text
        parts = _whole_numbers(re.findall(_RUN, text))
        if len(parts) == 1:
            parts = _whole_numbers(parts[0].split())
    if len(parts) > 1:
        raise InvalidValue("phone.multiple", parts=parts)
    return text


def _whole_numbers(runs: list[str]) -> list[str]:
    return [
        run.strip(" -.")
        for run in runs
        if len(_digits(re.sub(_DIALLED_ABROAD, "", run))) >= _COMPLETE
    ]


def _bare(text: str) -> str:
    """Return `text` without labels and remarks."""
    text = _without_words(re.sub(_REMARK, " ", text))
    label = re.match(_LABEL, text)
    return _without_words(text[label.end() :]) if label else text


def _without_words(text: str) -> str:
    """Return `text` without the Chinese words, bells and stops at either end."""
    kept = [at for at, char in enumerate(text) if not (is_han(char) or char in _LOOSE)]
    if not kept:
        return ""
    before, after = text[: kept[0]], text[kept[-1] + 1 :]
    for words in (before, after):
        han = {char for char in words if is_han(char)}
        if han and han <= _NUMERALS:  # 一三八… would lose digits, not words
            raise InvalidValue("phone.invalid")
    return text[kept[0] : kept[-1] + 1]


def _without_extension(text: str) -> tuple[str, str | None]:
    """Return the number and the extension written behind a mark such as 转, ext or #."""
    bracketed = re.fullmatch(_BRACKETED, text)
    if bracketed and len(_digits(bracketed[1])) >= _COMPLETE:
        return bracketed[1], bracketed[2]
    body = text.rstrip(" )")
    head = body.rstrip("0123456789")
    number = None if "**" in text else _without_marks(head)  # 138****8000 is a mask
    if number is None or head == body:
        return text, None
    return number, body[len(head) :]


def _without_marks(head: str) -> str | None:
    """Return `head` without the extension marks at its end, None when there is none."""
    number = None
    rest = head.rstrip(" .:=-(")
    while mark := next((mark for mark in _MARKERS if rest.lower().endswith(mark)), None):
        number = rest = rest[: -len(mark)].rstrip(" .:=-(")
    return number


def _checked(extension: str | None) -> str | None:
    if extension is not None and not re.fullmatch(rf"[0-9]{{1,{_EXTENSION}}}", extension):
        raise InvalidValue("phone.extension")
    return extension


def _refuse_other_characters(number: str) -> None:
    if any(char.isalpha() and not is_han(char) for char in number):
        raise InvalidValue("phone.letters")
    if not (re.fullmatch(_NUMBER, number) and _digits(number)):
        raise InvalidValue("phone.invalid")


def _digits(text: str) -> str:
    return "".join(char for char in text if "0" <= char <= "9")
