"""Whole customers: as a form sends them, and as the registry keeps them."""

import string
from typing import Any

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.registry import CustomerRegistry
from customer_registry.testing.examples import make_customer, make_raw
from customer_registry.testing.strategies.commerce import customer_codes, money, payment_terms
from customer_registry.testing.strategies.email import emails
from customer_registry.testing.strategies.identifiers import resident_ids, usccs
from customer_registry.testing.strategies.phone import foreign_phones, mobiles, phones
from customer_registry.testing.strategies.places import addresses, postal_codes
from customer_registry.testing.strategies.typed import st
from customer_registry.testing.strategies.words import lines, organization_names, person_names

__all__ = ["contacts", "customers", "invalid_raw_customers", "invoice_profiles", "raw_customers"]

_SEEDS = st.integers(0, 9_999)
_KINDS = st.sampled_from(("person", "organization"))
_BLOCKS = st.lists(lines(), min_size=1, max_size=3).map("\n".join)


def raw_customers(
    *, kind: str | None = None, form: str | None = None
) -> st.SearchStrategy[dict[str, object]]:
    """Return raw customers that register without an error.

    `kind` is `person` or `organization`; `form` is `small` for the flat fields of a small form,
    `full` for contacts, addresses and all the rest; without them either comes.
    """
    kinds = _KINDS if kind is None else st.just(kind)
    forms = {"small": _small_forms(kinds), "full": _full_forms(kinds)}
    return st.one_of(*forms.values()) if form is None else forms[form]


def invalid_raw_customers(*, kind: str | None = None) -> st.SearchStrategy[dict[str, object]]:
    """Return raw customers of the small form with at least one field that is refused."""
    return st.builds(
        lambda raw, wrong: {**raw, **wrong},
        raw_customers(kind=kind, form="small"),
        st.one_of(*(wrong.map(_named(name)) for name, wrong in _WRONG.items())),
    )


def customers(*, kind: str | None = None) -> st.SearchStrategy[Customer]:
    """Return sound customers at their first version, each with a code and an id of its own."""
    return st.builds(_registered, raw_customers(kind=kind), _SEEDS)


def contacts() -> st.SearchStrategy[Contact]:
    """Return the contacts of sound customers."""
    return _SEEDS.map(lambda seed: make_customer(seed=seed).contacts[0])


def invoice_profiles() -> st.SearchStrategy[InvoiceProfile]:
    """Return what invoices to sound organisations say."""
    return _SEEDS.map(_invoice_profile)


def _invoice_profile(seed: int) -> InvoiceProfile:
    profile = make_customer(seed=seed).invoice_profile
    return profile if profile is not None else InvoiceProfile()


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


@st.composite
def _small_forms(draw: st.DrawFn, kinds: st.SearchStrategy[str]) -> dict[str, object]:
    kind = draw(kinds)
    names = person_names if kind == "person" else organization_names
    number = _IDENTITY if kind == "person" else _TAX
    optional = draw(st.fixed_dictionaries({}, optional={**_FLAT, **number, **_OPTIONAL}))
    return {"kind": kind, "name": draw(st.one_of(names(), names.untidy())), **optional}


@st.composite
def _full_forms(draw: st.DrawFn, kinds: st.SearchStrategy[str]) -> dict[str, object]:
    """Draw one of `make_raw` with fields left out, other contacts and addresses at will."""
    raw: dict[str, Any] = make_raw(draw(kinds), draw(_SEEDS))
    for name in draw(st.sets(st.sampled_from(sorted(raw.keys() - {"kind", "name"})))):
        del raw[name]
    abroad = draw(st.booleans())
    if abroad:  # where a local number or the invoice's tax number would be read as another's
        raw["addresses"] = draw(st.lists(_addresses(), max_size=2))
        raw.pop("invoice_profile", None)
    if draw(st.booleans()):
        typed = st.one_of(_FROM_CHINA, foreign_phones()) if abroad else phones()
        raw["contacts"] = draw(st.lists(_contacts(typed), max_size=3))
    return raw | draw(st.fixed_dictionaries({}, optional=_OPTIONAL))


_FROM_CHINA = mobiles().map(lambda typed: typed if typed[0] == "+" else f"+86 {typed}")


def _contacts(typed: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, object]]:
    use = st.sampled_from(("fax", "work"))
    used = st.fixed_dictionaries({"number": typed, "use": use})
    parts: dict[Any, st.SearchStrategy[object]] = {
        "title": st.sampled_from(("采购经理", "财务", None)),
        "phones": st.lists(st.one_of(typed, used), max_size=3),
        "emails": st.lists(st.one_of(emails(), emails().map("李雷 <{}>".format)), max_size=2),
        "messengers": st.dictionaries(st.sampled_from(("wechat", "qq")), lines(), max_size=2),
        "language": st.sampled_from(("zh-CN", "en")),
        "is_primary": st.booleans(),
    }
    return st.fixed_dictionaries({"name": lines()}, optional=parts)


def _addresses() -> st.SearchStrategy[dict[str, object]]:
    parts: dict[Any, st.SearchStrategy[object]] = {
        "country": st.sampled_from(("CN", "HK", "US", "德国", "日本")),
        "locality": lines(),
        "district": lines(),
        "purposes": st.lists(st.sampled_from(("billing", "shipping")), max_size=2),
    }
    return st.fixed_dictionaries({"street_address": lines()}, optional=parts)


def _named(name: str) -> Any:  # noqa: ANN401  a function of whatever was drawn
    return lambda value: {name: value}


_FLAT: dict[Any, st.SearchStrategy[Any]] = {
    "phone": st.one_of(phones(), phones.untidy()),
    "email": st.one_of(emails(), emails.untidy()),
    "contact": person_names(),
    "address": addresses(),
    "postal_code": postal_codes(),
}
_IDENTITY: dict[Any, st.SearchStrategy[Any]] = {"identity_document": resident_ids()}
_TAX: dict[Any, st.SearchStrategy[Any]] = {"tax_identifiers": usccs().map(lambda number: [number])}
_OPTIONAL: dict[Any, st.SearchStrategy[Any]] = {
    "short_name": lines(),
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
_WRONG: dict[str, st.SearchStrategy[str]] = {
    "phone": phones.invalid(),
    "email": emails.invalid(),
    "name": person_names.invalid(),
    "postal_code": postal_codes.invalid(),
    "credit_limit": money.invalid().filter(bool),
    "payment_terms": payment_terms.invalid().filter(str.strip),
    "code": customer_codes.invalid().filter(str.strip),
    "identity_document": resident_ids.invalid(),
}
