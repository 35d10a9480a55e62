"""Example customers: realistic, right in every check digit, the same for the same seed."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer, PartyKind
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount, luhn_ok
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identifiers import cn_org_code, cn_resident_id, cn_uscc
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.values.terms import PaymentTerms

__all__ = [
    "BIRTHPLACES",
    "DIVISIONS",
    "POSTAL_CODES",
    "make_customer",
    "make_raw",
    "resident_id",
    "uscc",
]


class _Place(NamedTuple):
    """A district with its division code (GB/T 2260), dialling code and postal code."""

    region: str
    locality: str
    district: str
    division: str
    area_code: str
    postal_code: str


_PLACES = tuple(
    _Place(*row.split())
    for row in """
    北京市 北京市 朝阳区 110105 010 100020
    天津市 天津市 和平区 120101 022 300041
    辽宁省 沈阳市 和平区 210102 024 110001
    上海市 上海市 浦东新区 310115 021 200120
    江苏省 南京市 秦淮区 320104 025 210001
    江苏省 苏州市 姑苏区 320508 0512 215002
    浙江省 杭州市 西湖区 330106 0571 310012
    山东省 青岛市 市南区 370202 0532 266071
    河南省 郑州市 金水区 410105 0371 450003
    湖北省 武汉市 江岸区 420102 027 430014
    湖南省 长沙市 芙蓉区 430102 0731 410011
    广东省 广州市 天河区 440106 020 510620
    广东省 深圳市 南山区 440305 0755 518057
    重庆市 重庆市 渝中区 500103 023 400010
    四川省 成都市 锦江区 510104 028 610021
    云南省 昆明市 五华区 530102 0871 650011
    陕西省 西安市 碑林区 610103 029 710001
    """.strip().splitlines()
)
BIRTHPLACES = tuple(
    """
    110101 110102 110105 120101 140121 150121 310101 310104 340121 350121 360121 520201 540121
    620121 630121 640121 650121
    """.split()
)
"""Counties as old as the codes themselves, so that a number of any year of birth fits them."""

DIVISIONS = tuple(place.division for place in _PLACES)
"""The division codes (GB/T 2260) of the districts that examples live in."""

POSTAL_CODES = tuple(place.postal_code for place in _PLACES)
"""The postal codes of the same districts."""

_FIRST = "华恒锦瑞盛宏嘉鼎安信远东明德泰康博新凯润川海云天"
_SECOND = "达昌丰和隆兴源通茂美阳光胜利佳欣众合永成正大同益"
_TRADES = "贸易 电子科技 机械设备 建材 食品 物流 化工 医疗器械 信息技术 纺织".split()
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马"
_PINYIN = "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma".split()
_ROADS = "人民路 建设大街 中山北路 解放东路 科技园路".split()
_MIX = 48_271
"""A prime that divides no length above, so that neighbouring seeds look unalike.

Seventeen places and nineteen surnames share no divisor with the 576 brands: names repeat late.
"""

_FIRST_DAY = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
_BORN_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_BIRTHDAYS = 3_652  # to the end of 1909: no living person has such a number


def make_customer(kind: str = "organization", seed: int = 0, **changes: Any) -> Customer:  # noqa: ANN401  any field's value
    """Return a registered customer of a kind, another for each seed, with `changes` to its fields.

    Names differ for the first ten thousand seeds, phones and tax numbers for far longer; nothing
    here is drawn by chance and nobody real is meant.

    >>> make_customer().name == make_customer(seed=1).name
    False
    >>> make_customer("person", 7, grade="A").grade
    'A'
    """
    here = PartyKind(kind)
    fields = _person(seed) if here is PartyKind.PERSON else _organization(seed)
    at = _FIRST_DAY + timedelta(minutes=seed)
    common: dict[str, Any] = {
        "id": _id(here, seed, at),
        "code": CustomerCode(f"{'P' if here is PartyKind.PERSON else 'E'}{seed:06}"),
        "kind": here,
        "payment_method": "银行转账",
        "currency": "CNY",
        "source": _pick(("展会", "转介绍", "官网", "电话"), seed),
        "owner": _pick(("han.meimei", "li.lei"), seed),
        "sales_region": _pick(("华北", "华东", "华南", "西部"), seed),
        "created_at": at,
        "updated_at": at,
    }
    return Customer(**{**common, **fields, **changes})


def make_raw(kind: str = "organization", seed: int = 0, **changes: object) -> dict[str, object]:
    """Return what a form would send to register the customer of `make_customer`.

    >>> sorted(make_raw("person"))[:4]
    ['addresses', 'bank_accounts', 'contacts', 'currency']
    """
    typed = make_customer(kind, seed).raw().items()
    return {
        **{name: value for name, value in typed if name not in _ASSIGNED and value not in _EMPTY},
        **changes,
    }


def uscc(seed: int) -> str:
    """Return a sound unified social credit code of a company (GB 32100-2015), one per seed."""
    body = f"{seed * 7919 % 10**8:08}"
    code = f"91{_place(seed).division}{body}{cn_org_code.check_character(body)}"
    return code + cn_uscc.check_character(code)


def resident_id(seed: int) -> str:
    """Return a sound number of an identity card (GB 11643-1999) of somebody born before 1910."""
    days, sequence = seed * _MIX % _BIRTHDAYS, seed * 7 % 997 + 1
    born = _BORN_FIRST + timedelta(days=days)
    body = f"{_pick(BIRTHPLACES, seed)}{born:%Y%m%d}{sequence:03}"
    return body + cn_resident_id.check_character(body)


_ASSIGNED = frozenset({"id", "code", "version"})
_EMPTY: tuple[object, ...] = (None, [], {})


def _organization(seed: int) -> dict[str, Any]:
    place, number, phone = _place(seed), uscc(seed), _landline(seed)
    brand = _brand(seed)
    trade = _pick(_TRADES, seed // len(_PLACES))
    name = f"{place.locality.removesuffix('市')}{brand}{trade}有限公司"
    address = _address(seed)
    bank, account = "中国工商银行", f"1001{seed * 7919 % 10**15:015}"
    mailbox = EmailAddress.parse(f"fapiao@e{seed}.example.com")
    return {
        "name": PartyName.parse(name),
        "short_name": brand,
        "contacts": (_contact(seed, "138", "采购经理", mailbox.domain, phone),),
        "addresses": (address,),
        "tax_identifiers": (TaxIdentifier.parse(number, "cn.uscc"),),
        "bank_accounts": (
            BankAccount.parse(account, bank=bank, holder=name, cnaps="102100099996"),
        ),
        "invoice_profile": InvoiceProfile(
            title=name,
            tax_number=number,
            address=str(address),
            phone=phone.national,
            bank=bank,
            account=account,
            email=str(mailbox),
        ),
        "legal_representative": _spoken_name(seed + 3),
        "credit_limit": Money.parse(f"{(seed % 20 + 1) * 10_000} CNY"),
        "payment_terms": PaymentTerms.parse("票到30天"),
        "grade": _pick("ABC", seed),
        "category": _pick(("经销商", "终端客户"), seed),
        "industry": trade,
        "department": "销售一部",
        "tags": _pick((("重点",), ("重点", "年框"), ()), seed),
        "website": f"https://e{seed}.example.com",
        "notes": "送货前请先电话联系。\n周末不收货。",
        "custom": {"门店数": seed % 9 + 1, "旧系统编号": f"K-{seed:05}"},
    }


def _person(seed: int) -> dict[str, Any]:
    card = f"622848{seed * 7919 % 10**12:012}"
    check = next(digit for digit in "0123456789" if luhn_ok(card + digit))
    return {
        "name": PartyName.parse(_spoken_name(seed), "person"),
        "contacts": (_contact(seed, "139", None, f"p{seed}.example.com"),),
        "addresses": (_address(seed),),
        "identity_document": IdentityDocument.parse(resident_id(seed)),
        "bank_accounts": (BankAccount.parse(card + check, bank="中国农业银行"),),
        "grade": _pick("ABC", seed),
        "tags": _pick((("会员",), ()), seed),
    }


def _contact(
    seed: int, prefix: str, title: str | None, domain: str, *others: PhoneNumber
) -> Contact:
    mobile = PhoneNumber.parse(f"{prefix}{(seed * 7919 + 10_000_019) % 10**8:08}")
    local = f"{_pick(_PINYIN, seed)}.{seed}"
    return Contact(
        name=_spoken_name(seed),
        title=title,
        phones=(mobile, *others),
        emails=(EmailAddress.parse(f"{local}@{domain}"),),
        messengers={"wechat": f"wx_{local}"},
        language="zh-CN",
        is_primary=True,
    )


def _address(seed: int) -> PostalAddress:
    place = _place(seed)
    address = PostalAddress.parse(
        f"{_pick(_ROADS, seed // len(_PLACES))}{seed % 300 + 1}号",
        region=place.region,
        locality=place.locality,
        district=place.district,
        postal_code=place.postal_code,
    )
    return attrs.evolve(address, purposes=("billing", "shipping"))


def _landline(seed: int) -> PhoneNumber:
    return PhoneNumber.parse(f"{_place(seed).area_code}-6{(seed * 7919 + 2_345_678) % 10**7:07}")


def _place(seed: int) -> _Place:
    return _PLACES[seed % len(_PLACES)]


def _brand(seed: int) -> str:
    first, second = divmod(seed * _MIX % (len(_FIRST) * len(_SECOND)), len(_SECOND))
    return _FIRST[first] + _SECOND[second]


def _spoken_name(seed: int) -> str:
    return _SURNAMES[seed % len(_SURNAMES)] + _brand(seed)


def _id(kind: PartyKind, seed: int, at: datetime) -> UUID:
    """Return a UUID of version 7 (RFC 9562) whose chance is the seed."""
    milliseconds = int(at.timestamp() * 1000)
    tail = (seed * 2 + (kind is PartyKind.PERSON)) & (2**62 - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | tail)


def _pick(choices: Any, seed: int) -> Any:  # noqa: ANN401  any sequence and its entry
    return choices[seed % len(choices)]
