"""What people write around a telephone number: labels, remarks, extensions, a second number."""

import re

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.phone_cell import plain_cell
from customer_registry.domain.values.text import is_han

__all__ = ["WrittenNumber", "read_written"]

_COMPLETE = 7  # digits that could make a number of their own
_EXTENSION = 6

_PARAMETER = r"(?i:;(ext|phone-context)=)(\+?[0-9]+)"
_SEPARATOR = r"[/、;|\n]|或"
_RUN = r"(?<![+(])[+(]*[0-9][0-9()\-. ]*"
_MOBILE = r"(?<![0-9])1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}(?![0-9])"
_MOBILES = r"(?:1[3-9][0-9]{9}){2,}"
_TIME = r"[0-9]{1,2}:[0-9]{2}"
_REMARK = r"\([^()0-9]*\)"
_CLOSING_REMARK = r"(.*)\(([^()]*)\)[ .。]*"
_NUMBERED = r"(?<=[话話机機号號式真])[1-9](?=:)"  # 电话1: and 手机2: number the labels
_LABEL = (
    r"(?i)(?:(?:telephone|tel|mobile|mob|cellphone|cell|phone|fax|hp|office|direct|home|work|main"
    r"|hotline|line|whatsapp|wechat|weixin|wx|vx|v信|callto|contact|number|no"
    r"|[cdfhmoptw](?=[.:]| \+))[ .:]*)+"
)
_MARKERS = (
    *("extension", "extn", "ext", "x", "#", "*", ","),
    *("分机号码", "分机号", "分機號", "分机", "分機", "转接", "轉接", "转", "轉"),
    *("接", "拨", "撥", "按"),
    *("内线", "內線", "内線", "내선"),  # in Chinese, Japanese (whose 内 is the plain one), Korean
    *("доб", "durchwahl", "poste", "ramal", "anexo", "interno"),
)
_MARKED = rf"(?i)(?<![0-9])(?:{'|'.join(map(re.escape, _MARKERS))})[ .:=\-]*[0-9]"
_MASKED = r"(?i)\*\*|xx"
_BRACKETED = r"(.*[0-9][ )\-]*)\(([0-9]{1,6})\)"
_DATE = r"(?:19|20)[0-9]{2}([.\-])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
_NUMBER = r"[ (]*+\+?[0-9 ().\-]*"
_LOOSE = frozenset(" :.,。-☎☏📞📱✆※★●◆'’")
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
    text = re.sub(_NUMBERED, "", plain_cell(typed))
    parameters = {name.lower(): value for name, value in re.findall(_PARAMETER, text)}
    text = _bare(_single(_without_remarks(re.sub(_PARAMETER, "", text))))
    number, extension = _without_extension(text)
    _refuse_other_characters(number)
    return WrittenNumber(
        text=number.strip(),
        extension=_checked(parameters.get("ext", extension)),
        context=parameters.get("phone-context"),
    )


def _without_remarks(text: str) -> str:
    """Return `text` without bracketed words; digits may stand only in those at its end."""
    text = re.sub(_REMARK, " ", text)
    closing = re.fullmatch(_CLOSING_REMARK, text)
    remark = closing and _digits(closing[1]) and _is_remark(closing[2])
    return closing[1] if closing and remark else text


def _is_remark(words: str) -> bool:
    """Return whether words with digits are neither an extension, an area code nor a number."""
    words = re.sub(_TIME, "h", words)
    return (
        any(char.isalpha() for char in words)
        and len(_digits(words)) < _COMPLETE
        and not re.search(r"(?<![0-9])0[0-9]{2}", words)
        and not re.search(_MARKED, words)
    )


def _single(text: str) -> str:
    """Return the one part of `text` that holds a number; several are refused, never guessed."""
    parts = [part.strip() for part in re.split(_SEPARATOR, text) if _digits(part)]
    if len(parts) <= 1:
        text = parts[0] if parts else text
        parts = _mobiles(text) or _whole_numbers(re.findall(_RUN, text))
        if len(parts) == 1:
            parts = _whole_numbers(parts[0].split())
    if len(parts) > 1:
        raise InvalidValue("phone.multiple", parts=parts)
    return text


def _mobiles(text: str) -> list[str]:
    """Return the mobile numbers in a row, whatever stands between them; none for a single one."""
    if re.fullmatch(_MOBILES, text):
        return re.findall("[0-9]{11}", text)
    mobiles = re.findall(_MOBILE, text)
    return mobiles if len(mobiles) > 1 else []


def _whole_numbers(runs: list[str]) -> list[str]:
    return [
        run.strip(" -.")
        for run in runs
        if len(_digits(re.sub(_DIALLED_ABROAD, "", run))) >= _COMPLETE
    ]


def _bare(text: str) -> str:
    """Return `text` without the words around its digits, and the # that ends a dialled one."""
    text = _without_words(text)
    label = re.match(_LABEL, text)
    return _without_words(text[label.end() :] if label else text).rstrip("# ")


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
    body = _without_words(text.rstrip(" )"))
    head = body.rstrip("0123456789")
    number = None if re.search(_MASKED, text) else _without_marks(head)  # 138****8000
    if number is None or head == body:
        return text, None
    return _without_words(number), body[len(head) :]


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
    if not (re.fullmatch(_NUMBER, number) and _digits(number)) or re.fullmatch(_DATE, number):
        raise InvalidValue("phone.invalid")


def _digits(text: str) -> str:
    return "".join(char for char in text if "0" <= char <= "9")
