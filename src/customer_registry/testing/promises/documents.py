# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of the document it keeps of each customer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.custody import Consent, Custody, Hold, LawfulBasis
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.repository import Repository
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import added, kept, refused, same, searched, told

__all__ = ["DocumentPromises"]

_MASK = Masked("****0123")
_MASKS: dict[str, Any] = {
    "identity_document": IdentityDocument("cn.resident_id", _MASK),
    "tax_identifiers": (TaxIdentifier("cn.resident_id", _MASK),),
    "bank_accounts": (BankAccount(id="1-1", bank="中国银行", number=_MASK),),
    "invoice_profile": InvoiceProfile(title="上海浦江贸易有限公司", account=_MASK),
}


class DocumentPromises:
    """Every field comes back as it was; a masked customer is never stored."""

    def test_every_filled_field_comes_back_as_it_was(self, repository: Repository) -> None:
        for kind in ("organization", "person"):
            _expect_round_trip(repository, _full_customer(kind))

    def test_a_customer_of_a_name_alone_comes_back_as_it_was(self, repository: Repository) -> None:
        whole = make_customer()
        bare = Customer(
            id=whole.id,
            code=whole.code,
            kind=whole.kind,
            name=whole.name,
            created_at=whole.created_at,
            updated_at=whole.updated_at,
        )
        _expect_round_trip(repository, bare)

    def test_custom_values_keep_their_types(self, repository: Repository) -> None:
        custom = {
            "文本": "2026-11-24",
            "像数字的文本": "0012",
            "整数": 1,
            "大整数": 10**29 + 1,
            "是": True,
            "否": False,
            "小数": Decimal("1.50"),
            "极小": Decimal("0.000001"),
            "日期": date(2026, 2, 28),
            "多行": "第一行\n\t第二行",
        }
        customer = make_customer(custom=custom)
        added(repository, customer)
        found = kept(repository, customer)
        for name, value in custom.items():
            back = found.custom.get(name) if found else None
            promise = f"the custom field {name} keeps its type and every digit"
            same((type(back), str(back)), (type(value), str(value)), promise)

    def test_phones_keep_extension_use_and_what_was_typed(self, repository: Repository) -> None:
        typed = ("021-62345678 转 801", "+1 202 555 0143", "400-820-8820", "95588", "+85229876543")
        phones = tuple(PhoneNumber.parse(each, use="work") for each in typed)
        customer = make_customer(contacts=(Contact(id="1-1", phones=phones),))
        added(repository, customer)
        found = kept(repository, customer)
        back = found.phones if found else ()
        same(
            [each.raw for each in back if isinstance(each, PhoneNumber)],
            list(typed),
            "PhoneNumber.raw is kept as typed",
        )
        same([str(phone) for phone in back], [str(phone) for phone in phones], "numbers come back")
        same(back, phones, "phones come back with extension, use, kind and region")

    def test_rare_characters_come_back_as_they_were(self, repository: Repository) -> None:
        for seed, name in enumerate(
            ("𠮷野商店", "䶮龘有限公司", "〇一〇公司", "Ünïted Å\u0301 🏭")
        ):
            customer = make_customer(seed=seed, name=PartyName(name), notes=f"{name}\n  {name}")
            _expect_round_trip(repository, customer)

    def test_times_come_back_aware_in_utc_to_the_microsecond(self, repository: Repository) -> None:
        at = datetime(2026, 11, 24, 23, 59, 59, 123456, tzinfo=UTC)
        customer = make_customer(created_at=at, updated_at=at, verified_at=at)
        added(repository, customer)
        found = kept(repository, customer)
        for name in ("created_at", "updated_at", "verified_at"):
            back = getattr(found, name, None)
            same(back, at, f"{name} comes back to the microsecond")
            offset = back.utcoffset() if isinstance(back, datetime) else None
            same(offset, timedelta(0), f"{name} comes back aware and in UTC")

    def test_a_masked_customer_is_never_added(self, repository: Repository) -> None:
        for field, masks in _MASKS.items():
            customer = make_customer(**{field: masks})
            with refused(TypeError, f"add refuses a customer whose {field} is masked"):
                added(repository, customer)
            same(kept(repository, customer), None, "a refused customer is not kept")
        same(searched(repository), [], "a refused customer is not found")
        added(repository, make_customer())

    def test_a_mask_never_replaces_what_it_hides(self, repository: Repository) -> None:
        customer = make_customer()
        added(repository, customer)
        for field, masks in _MASKS.items():
            masked = attrs.evolve(customer, version=2, **{field: masks})
            promise = f"replace refuses a customer whose {field} is masked"
            with refused(TypeError, promise), repository.write() as work:
                work.customers.replace(masked)
            same(kept(repository, customer), customer, "a refused edit changes nothing")


def _expect_round_trip(repository: Repository, customer: Customer) -> None:
    added(repository, customer)
    found = kept(repository, customer)
    told(isinstance(found, Customer), "get gives back a Customer")
    for field in attrs.fields(Customer):
        back, put = getattr(found, field.name), getattr(customer, field.name)
        same(back, put, f"{field.name} comes back as it was")
        same(type(back), type(put), f"{field.name} comes back in its type")
    same(found, customer, "the customer comes back as it was")


def _full_customer(kind: str) -> Customer:
    """Return a customer in which every field is filled."""
    customer = make_customer(
        kind,
        version=7,
        status=CustomerStatus.BLOCKED,
        approval="approved",
        merged_into=UUID(int=7),
        former_codes=(CustomerCode(f"OLD-{kind[0].upper()}"),),
        short_name="浦江",
        foreign_name="Pujiang Trading Co., Ltd.",
        mnemonic="SHPJ",
        contacts=(_full_contact(), Contact(id="3-2", name="韩梅梅")),
        addresses=(_full_address(), PostalAddress(id="1-2", country="HK")),
        identity_document=IdentityDocument.parse("H12345678", "回乡证"),
        tax_identifiers=(
            TaxIdentifier.parse("91110000600037341L"),
            TaxIdentifier.parse("DE123456788", "eu.vat"),
        ),
        bank_accounts=(
            BankAccount(
                id="1-1",
                bank="中国工商银行",
                number="1001234567890123456",
                holder="上海浦江贸易有限公司",
                cnaps="102100099996",
                bic="ICBKCNBJ",
            ),
        ),
        invoice_profile=_full_invoice_profile(),
        grade="A",
        credit_rating="AA",
        credit_limit=Money.parse("200000.55 USD"),
        payment_terms=PaymentTerms.parse("2/10, n/30"),
        category="经销商",
        industry="贸易",
        department="销售一部",
        tags=("重点", "年框"),
        parent=CustomerCode("PARENT-1"),
        website="https://例子.example.com/a?b=c",
        legal_representative="阿卜来提·如则托合提",
        notes="第一行\n第二行\t\"引号\" \\ 'x' % _ ☃",
        custom={"门店数": 3, "押金": Decimal("1.50"), "开业": date(2020, 2, 29), "连锁": True},
        consents=(
            Consent(purpose="开票", basis=LawfulBasis.CONTRACT, given_on=date(2026, 1, 5)),
            Consent(purpose="短信", text_version="1", withdrawn_on=date(2026, 9, 1)),
        ),
        custody=Custody(hold=Hold(reason="诉讼", until=date(2027, 1, 1)), restricted="异议"),
        verified_at=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    )
    blank = [name for name, value in attrs.asdict(customer, recurse=False).items() if not value]
    if blank:
        raise ValueError(f"the example leaves fields empty: {blank}")
    return customer


def _full_contact() -> Contact:
    return Contact(
        id="1-1",
        name="李雷",
        title="采购经理",
        phones=(PhoneNumber.parse("010-62345678 转 801", use="fax"),),
        emails=(EmailAddress.parse("Li.Lei@例子.example.com"),),
        messengers={"wechat": "wx_lilei", "qq": "10001"},
        language="zh-CN",
        is_primary=True,
    )


def _full_address() -> PostalAddress:
    return PostalAddress(
        id="1-1",
        country="CN",
        region="北京市",
        locality="北京市",
        district="海淀区",
        street_address="中关村大街27号",
        postal_code="100083",
        purposes=("billing", "shipping"),
    )


def _full_invoice_profile() -> InvoiceProfile:
    return InvoiceProfile(
        title="上海浦江贸易有限公司",
        tax_number="91110000600037341L",
        address="北京市海淀区中关村大街27号",
        phone="010-62345678",
        bank="中国工商银行",
        account="1001234567890123456",
        invoice_type="数电专票",
        email="fapiao@example.com",
    )
