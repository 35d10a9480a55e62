"""The phrases in which the trade states terms of payment, with the structure each means.

A structure is a mapping with the fields of `PaymentTerms`; numbers are not checked here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from customer_registry.domain.values.text import width_folded

__all__ = ["meaning", "monthly_readings", "said"]

Structure: TypeAlias = dict[str, Any]

_ANCHORS = {
    "order": "下单|订单|签约|合同签订|签订合同",
    "shipment": "发货|出货|发运|装运",
    "delivery": "到货|货到|收货|收到货物?|交货|送货|验收合格|验收",
    "invoice": (
        "开票|票到|收票|收到(?:增值税)?(?:专用)?发票|见票|发票日|发票开具|开具发票|发票到|发票"
    ),
    "statement": "对账|对账单|结算单",
}
_STAGES = {
    "before_shipment": "发货前|出货前|提货前|beforeshipment",
    "order": _ANCHORS["order"]
    + "|预付款|预付|定金|订金|首付款|首付|deposit|inadvance|advance|prepaid",
    "shipment": "发货|出货|发运|装运|againstb/lcopy|againstcopyofb/l",
    "delivery": "到货|货到|收货|交货|送货|验收|ondelivery|afterdelivery",
    "invoice": "开票|票到|收票|收到发票|见票",
    "statement": "对账单|对账",
    "warranty": "质保金|质保期满|质保|保修期满",
}
_PAID = "(?:即付|付款|付清|支付|结清|结算|付|结)?"
_N = "[0-9]{1,6}"

_REMARK = r"\(原文:[^()]*\)$"
_INVOICED = "(?:(?:开票|票到|收票|收到发票)后?,?)?"
_MONTHLY = (
    f"{_INVOICED}(?:月结,?(?P<days>{_N})?(?:天|日|days?)?|(?P<before>{_N})[天日]月结)"
    "(?:付款|账期|帐期)?"
)
_SPELT = "零一二三四五六七八九"
_SPELT_NUMBER = "([一二两三四五六七八九])?(十)?([一二三四五六七八九])?(?=天|日|号|个月|周|星期)"
_BARE_REST = r"(?<![^,;、+])([0-9.]{1,9}%)(余款|余额|尾款|剩余|balance)"
_BREAKS = "[,;、+]|(?=余款|余额|尾款|剩余|balance)|(?=net[0-9])|(?=n/)"
_DISCOUNT = f"(?P<percent>[0-9]{{1,6}}(?:\\.[0-9]{{1,2}})?)(?:%?/|%)(?P<days>{_N})(?:天|days?)?"
_DUE_DAY = f"付款日(?P<due_day>{_N})日"
_PREPAID = r"预收(?P<percent>[0-9]{1,6}(?:\.[0-9]{1,2})?)%"
_PERCENT = r"([0-9]{1,6}(?:\.[0-9]{1,2})?)%"
_REST = "余款|余额|尾款|剩余|balance"
_AFTER = f"({_N})(?:天|days?)"
_FILLER = "(?:支付|付款|付清|结清|付|款|以内|内|后|时|t/t|tt){0,6}"


def meaning(text: str) -> Structure | None:
    """Return the structure a text means, `None` if any part of it is not understood."""
    squeezed = re.sub(_REMARK, "", _squeezed(text))
    if readings := _monthly(squeezed):
        return readings[1]
    return _phrase(squeezed) or _pieces(squeezed)


def monthly_readings(text: str) -> tuple[Structure, ...]:
    """Return what 月结 may mean: so many days, as many after the month's end, or whole months."""
    return _monthly(_squeezed(text))


def said(terms: Mapping[str, Any]) -> str:
    """Return the words for a structure, which `meaning` reads back to the same structure."""
    pieces = [_base_said(terms)]
    if terms["due_day"] is not None:
        pieces.append(f"付款日{terms['due_day']}日")
    if terms["prepaid_percent"]:
        pieces.append(f"预收{terms['prepaid_percent']:f}%")
    pieces += [f"{percent:f}/{days}" for percent, days in terms["discounts"]]
    pieces += [_installment_said(*part) for part in terms["installments"]]
    return "，".join(pieces)


def _squeezed(text: str) -> str:
    """Return a text without spaces and in small letters, numbers in digits and weeks in days."""
    plain = "".join(width_folded(text).lower().replace("。", "").split())
    digits = re.sub(_SPELT_NUMBER, _number, plain.replace("半个月", "15天"))
    days = re.sub("([0-9]{1,3})(?:周|星期)", lambda weeks: f"{7 * int(weeks[1])}天", digits)
    return re.sub(_BARE_REST, r"\2\1", days)


def _number(found: re.Match[str]) -> str:
    """Return the digits of a number up to 99 that is spelt in Chinese."""
    if not found[0]:
        return ""
    first = 2 if found[1] == "两" else _SPELT.index(found[1] or "零")
    if not found[2]:
        return str(first) if not found[3] else found[0]
    return str((first or 1) * 10 + _SPELT.index(found[3] or "零"))


def _monthly(squeezed: str) -> tuple[Structure, ...]:
    found = re.fullmatch(_MONTHLY, squeezed)
    if not found:
        return ()
    named = found["days"] or found["before"]
    if not named:
        return ({"eom": True}, {"eom": True, "months": 1})
    days = int(named)
    readings: list[Structure] = [{"days": days}, {"eom": True, "days": days}]
    if days and days % 30 == 0:
        readings.append({"eom": True, "months": days // 30})
    return tuple(readings)


def _fixed(**fixed: object) -> Callable[[re.Match[str]], Structure]:
    """Return a reader that adds the numbers it finds to what the phrase fixes."""

    def read(found: re.Match[str]) -> Structure:
        counted = {name: int(digits) for name, digits in found.groupdict().items() if digits}
        return {**fixed, **counted}

    return read


def _anchored(anchor: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], Structure]]:
    words = _ANCHORS[anchor]
    pattern = (
        f"自?(?:{words})(?=.)(?:之日|日)?(?:起|之后|后)?(?P<eom>月末|月底)?"
        f"(?:加?(?P<months>{_N})个月)?(?:加?(?P<days>{_N})[天日])?(?:以内|内)?{_PAID}"
    )

    def read(found: re.Match[str]) -> Structure:
        counted = {name: int(found[name]) for name in ("months", "days") if found[name]}
        return {"anchor": anchor, "eom": bool(found["eom"]), **counted}

    return re.compile(pattern), read


_DAYS = f"(?P<days>{_N})(?:天|日|days?)"
_CREDIT = "(?:账期|帐期|信用期?|赊期|赊销|赊账|挂账)?(?:为|:)?"
_NEXT_MONTH = f"{_INVOICED}(?:月结,?)?(?:次|下个?)月"
_COUNTED = (
    f"(?:t/?t)?(?:payment|payable|due)?(?:within|in|net)?(?P<days>{_N})(?:(?:days?|d)(?:net)?|net)"
)
_SINCE = "(?:from|after|of)(?:the)?(?:receiptof)?(?:the)?(?:dateof)?(?:the)?"
_END_OF_MONTH = "(?:eom|endof(?:the)?month|monthend)"
_WORDED = (
    (
        (
            "款到发货|先款后货|款到提货|带款提货|全款预付|全额预付|预付全款|预付款|预付100%|100%预付款?|"
            "发货前付清|发货前付款|发货前付(?:清)?全款|款到付货|现款提货|先?付款后发货|款清发货|款到发运|先付后发|"
            "prepaid|prepayment|cashinadvance|paymentinadvance|advancepayment|cia|pia|"
            "100%(?:prepaid|prepayment)|(?:100%)?(?:t/?t)?inadvance|cwo|cashwithorder|"
            "(?:full)?paymentbeforeshipment"
        ),
        _fixed(anchor="order", prepaid_percent=Decimal(100)),
    ),
    (
        (
            "现结|现款现货|现款|现付|到付|钱货两清|货款两清|一手交钱,?一手交货|货到付款|"
            r"cod|c\.o\.d\.?|(?:cash|payment)(?:up)?ondelivery"
        ),
        _fixed(anchor="delivery"),
    ),
    (
        (
            "立即付款|即付|即期(?:付款)?|immediate(?:payment)?|dueimmediately|"
            "(?:due|payable|payment)?(?:up)?on(?:invoice)?receipt(?:ofinvoice)?"
        ),
        _fixed(anchor="invoice"),
    ),
    (f"(?:net-?|n/?)(?P<days>{_N})(?:天|days?|d)?(?:{_SINCE}invoice(?:date)?)?", _fixed()),
    (f"{_COUNTED}(?:{_SINCE}invoice(?:date)?)?", _fixed()),
    (f"{_COUNTED}{_SINCE}(?:delivery|goods|arrival)(?:date)?", _fixed(anchor="delivery")),
    (
        f"{_COUNTED}{_SINCE}(?:shipment|shipping|b/?l|billoflading)(?:date)?",
        _fixed(anchor="shipment"),
    ),
    (f"(?:o/?a|openaccount(?:net)?)(?P<days>{_N})(?:天|日|days?|d)?", _fixed()),
    (f"{_CREDIT}{_DAYS}(?:账期|帐期|内)?{_PAID}", _fixed()),
    (f"{_CREDIT}(?P<days>[0-9]{{1,3}})", _fixed()),
    (f"{_CREDIT}(?P<months>{_N})个月(?:账期|帐期|内)?{_PAID}", _fixed()),
    (f"(?:net)?(?P<days>{_N})(?:days?|d)?(?:from|after)?{_END_OF_MONTH}", _fixed(eom=True)),
    (f"{_END_OF_MONTH}\\+?(?P<days>{_N})(?:days?)?", _fixed(eom=True)),
    ("endof(?:the)?(?:following|next)month", _fixed(eom=True, months=1)),
    (
        f"(?P<due_day>{_N})(?:st|nd|rd|th)?(?:of)?(?:the)?(?:mfi|prox(?:imo)?|(?:following|next)month)",
        _fixed(eom=True),
    ),
    (f"月[末底](?:之后|后|\\+|加)?(?P<days>{_N})天{_PAID}", _fixed(eom=True)),
    (f"(?:当月|本月)?(?:月[末底]|[末底]){_PAID}|{_END_OF_MONTH}", _fixed(eom=True)),
    (f"(?:当月|本月){_PAID}", _fixed(eom=True)),
    (f"{_NEXT_MONTH}(?:月?[末底])?{_PAID}", _fixed(eom=True, months=1)),
    (f"隔月(?:月?[末底])?{_PAID}", _fixed(eom=True, months=2)),
    (f"次月结(?P<days>{_N})天", _fixed(eom=True)),
    (f"{_NEXT_MONTH}(?P<due_day>{_N})[日号]前?{_PAID}", _fixed(eom=True)),
    (
        f"(?:隔月|次次月|下下个?月)(?P<due_day>{_N})[日号]前?{_PAID}",
        _fixed(eom=True, months=1),
    ),
    (f"(?:每月|当月)(?P<due_day>{_N})[日号]前?{_PAID}", _fixed()),
    ("半月结|周结|日结", _fixed(anchor="statement")),
)
_PHRASES = (
    *((re.compile(words), read) for words, read in _WORDED),
    *(_anchored(anchor) for anchor in _ANCHORS),
)


def _phrase(squeezed: str) -> Structure | None:
    for pattern, read in _PHRASES:
        if found := pattern.fullmatch(squeezed):
            return read(found)
    return None


def _pieces(squeezed: str) -> Structure | None:
    """Read a text of several parts, each of which must be understood."""
    structure: Structure = {}
    for piece in filter(None, re.split(_BREAKS, squeezed)):
        part = _piece(piece)
        if part is None or not _added(structure, part):
            return None
    # A discount alone says nothing about when the whole is due; 3/7 may be a split.
    return _settled(structure) if structure.keys() - {"discounts"} else None


def _piece(piece: str) -> Structure | None:
    if found := re.fullmatch(_DISCOUNT, piece):
        return {"discounts": [(Decimal(found["percent"]), int(found["days"]))]}
    if found := re.fullmatch(_DUE_DAY, piece):
        return {"due_day": int(found["due_day"])}
    if found := re.fullmatch(_PREPAID, piece):
        return {"prepaid_percent": Decimal(found["percent"])}
    if "%" in piece or re.match(_REST, piece):
        return _installment(piece)
    return _phrase(piece)


def _added(structure: Structure, part: Structure) -> bool:
    """Add a part in place; false if it says again what another part has said."""
    for name, value in part.items():
        if isinstance(value, list):
            structure.setdefault(name, []).extend(value)
        elif name in structure:
            return False
        else:
            structure[name] = value
    return True


def _installment(piece: str) -> Structure | None:
    rest = re.search(_REST, piece)
    percent = re.search(_PERCENT, piece)
    if percent:
        piece = piece.replace(percent[0], "", 1)
    days = re.search(_AFTER, piece)
    if days:
        piece = piece.replace(days[0], "", 1)
    stage, left = _stage(re.sub(_REST, "", piece, count=1))
    if stage is None or not (rest or percent) or not re.fullmatch(_FILLER, left):
        return None
    share = Decimal(percent[1]) if percent else None
    return {"installments": [(share, stage, int(days[1]) if days else 0)]}


def _stage(piece: str) -> tuple[str | None, str]:
    """Return the stage of business a part names, with what is left of the text."""
    for stage, words in _STAGES.items():
        for word in words.split("|"):
            if word in piece:
                return stage, piece.replace(word, "", 1)
    return None, piece


def _settled(structure: Structure) -> Structure | None:
    """Give the rest its percent; a deposit without a rest is a prepaid share of the whole."""
    parts: list[tuple[Decimal | None, str, int]] | None = structure.pop("installments", None)
    if parts is None:
        return structure
    if len(parts) == 1 and parts[0][1:] == ("order", 0) and parts[0][0] not in {None, Decimal(100)}:
        return structure if _added(structure, {"prepaid_percent": parts[0][0]}) else None
    shares = [percent for percent, _, _ in parts if percent is not None]
    rest = Decimal(100) - sum(shares, Decimal(0))
    unnamed = len(parts) - len(shares)
    if (unnamed == 1 and rest > 0) or (unnamed == 0 and rest <= 0):
        return structure | {"installments": _shared(parts, rest)}
    return None


def _shared(parts: Iterable[tuple[Decimal | None, str, int]], rest: Decimal) -> list[Any]:
    return [(rest if percent is None else percent, stage, days) for percent, stage, days in parts]


def _base_said(terms: Mapping[str, Any]) -> str:
    words = _ANCHORS[terms["anchor"]].split("|")[0] + "后"
    end, months, days = terms["eom"], terms["months"], terms["days"]
    if end:
        words += "月末"
    if months:
        words += f"加{months}个月"
    if days or not (end or months):
        words += f"加{days}天" if end or months else f"{days}天"
    return words


def _installment_said(percent: Decimal, stage: str, days: int) -> str:
    word = _STAGES[stage].split("|")[0]
    return f"{percent:f}%{word}后{days}天" if days else f"{percent:f}%{word}"
