"""Hypothesis strategies for what people type that is sound, and for sound customers."""

import string
from typing import Any

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import MissingExtra
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registry import CustomerRegistry
from customer_registry.testing.examples import make_customer, make_raw, resident_id, uscc

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtra("testing") from error

__all__ = ["customers", "emails", "phones", "raw_customers", "resident_ids", "usccs"]

_SEEDS = st.integers(0, 9_999)
_HAN = "上海浦江西湖华恒锦瑞贸易科技𠮷䶮〇"
_WORDS = st.text(
    _HAN + string.ascii_letters + string.digits + " （）()·&-.", min_size=1, max_size=30
)
_LINES = _WORDS.map(str.strip).filter(bool)
_BLOCKS = st.lists(_LINES, min_size=1, max_size=3).map("\n".join)


def phones(*, international: bool = False) -> st.SearchStrategy[str]:
    """Return phone numbers as people in China type them; with `international` from +86 or abroad.

    Among them are mobile numbers, landlines with their extension, and toll-free ones.
    """
    mobiles = st.builds("1{}{:08}".format, st.sampled_from(("38", "39", "50")), _below(8))
    spaced = mobiles.map(lambda number: f"+86 {number[:3]} {number[3:7]} {number[7:]}")
    known = st.one_of(spaced, st.sampled_from(_ABROAD))
    if international:
        return known
    toll_free = st.builds("400-8{:02}-{:04}".format, _below(2), _below(4))
    areas = st.sampled_from(("010", "021", "0755", "0571"))
    extensions = st.sampled_from(("", "-801", " 转 12", "转9999", " ext. 7"))
    landlines = st.builds("{}-6{:07}{}".format, areas, _below(7), extensions)
    return st.one_of(mobiles, landlines, toll_free, known)


def _below(digits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 10**digits - 1)


_ABROAD = (
    "+852 2987 6543",
    "+1 202-555-0143",
    "+81 3-1234-5678",
    "+49 30 901820",
    "+65 6123 4567",
)


def emails() -> st.SearchStrategy[str]:
    """Return e-mail addresses as people type them, some in capitals, some with a display name."""
    local = st.text(string.ascii_letters + string.digits, min_size=1, max_size=12)
    domain = st.sampled_from(("example.com", "Example.COM", "mail.example.cn", "例子.example.com"))
    shape = st.sampled_from(("{}@{}", " {}.li@{} ", "{}+erp@{}", "李雷 <{}@{}>"))
    return st.builds(lambda form, *parts: form.format(*parts), shape, local, domain)


def usccs() -> st.SearchStrategy[str]:
    """Return sound unified social credit codes of companies."""
    return _SEEDS.map(uscc)


def resident_ids() -> st.SearchStrategy[str]:
    """Return sound numbers of identity cards."""
    return _SEEDS.map(resident_id)


@st.composite
def raw_customers(draw: st.DrawFn, *, kind: str | None = None) -> dict[str, object]:
    """Return a raw customer that registers without an error, of a kind or of either.

    It has up to three contacts with up to three phones and e-mails each, and optional fields at
    will; the example behind it is one of `make_raw`.
    """
    chosen = draw(st.sampled_from(("person", "organization"))) if kind is None else kind
    raw: dict[str, Any] = make_raw(chosen, draw(_SEEDS))
    for name in draw(st.sets(st.sampled_from(sorted(raw.keys() - {"kind", "name"})))):
        del raw[name]
    abroad = draw(st.booleans())
    if abroad:  # where a local number or the invoice's tax number would be read as another's
        raw["addresses"] = draw(st.lists(_addresses(), max_size=2))
        raw.pop("invoice_profile", None)
    if draw(st.booleans()):
        raw["contacts"] = draw(st.lists(_contacts(phones(international=abroad)), max_size=3))
    return raw | draw(st.fixed_dictionaries({}, optional=_OPTIONAL))


def customers(*, kind: str | None = None) -> st.SearchStrategy[Customer]:
    """Return sound customers at their first version, each with a code and an id of its own."""
    return st.builds(_registered, raw_customers(kind=kind), _SEEDS)


def _registered(raw: dict[str, object], seed: int) -> Customer:
    customer = CustomerRegistry().register(raw).customer
    like = make_customer(str(customer.kind), seed)
    return attrs.evolve(
        customer,
        id=like.id,
        code=CustomerCode(f"H{seed:06}"),
        created_at=like.created_at,
        updated_at=like.updated_at,
    )


def _contacts(typed: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, object]]:
    use = st.sampled_from(("fax", "work"))
    used = st.fixed_dictionaries({"number": typed, "use": use})
    parts: dict[Any, st.SearchStrategy[object]] = {
        "title": st.sampled_from(("采购经理", "财务", None)),
        "phones": st.lists(st.one_of(typed, used), max_size=3),
        "emails": st.lists(emails(), max_size=2),
        "messengers": st.dictionaries(st.sampled_from(("wechat", "qq")), _LINES, max_size=2),
        "language": st.sampled_from(("zh-CN", "en")),
        "is_primary": st.booleans(),
    }
    return st.fixed_dictionaries({"name": _LINES}, optional=parts)


def _addresses() -> st.SearchStrategy[dict[str, object]]:
    parts: dict[Any, st.SearchStrategy[object]] = {
        "country": st.sampled_from(("CN", "HK", "US", "德国", "日本")),
        "locality": _LINES,
        "district": _LINES,
        "purposes": st.lists(st.sampled_from(("billing", "shipping")), max_size=2),
    }
    return st.fixed_dictionaries({"street_address": _LINES}, optional=parts)


_OPTIONAL: dict[Any, st.SearchStrategy[Any]] = {
    "short_name": _LINES,
    "foreign_name": st.text(string.ascii_letters + " ", min_size=1, max_size=40).filter(str.strip),
    "mnemonic": st.text(string.ascii_letters, min_size=1, max_size=8),
    "grade": st.sampled_from(("A", "B", "C", None, "")),
    "credit_limit": st.integers(0, 10**9).map("{} CNY".format),
    "payment_terms": st.sampled_from(("月结30天", "2/10, n/30", "款到发货", "老规矩", 45)),
    "currency": st.sampled_from(("CNY", "USD", "hkd")),
    "tags": st.lists(st.sampled_from(("重点", "年框", "出口")), max_size=3),
    "notes": _BLOCKS,
    "custom": st.dictionaries(
        st.sampled_from(("门店数", "开业", "连锁", "押金")),
        st.one_of(st.integers(-(10**12), 10**12), st.booleans(), st.dates(), _BLOCKS),
    ),
}
