import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.values.invoice import InvoiceProfile, InvoiceType
from customer_registry.domain.values.masked import is_sensitive


def test_a_profile_shows_nothing_of_a_person():
    profile = InvoiceProfile(
        title="王芳",
        tax_number="11010519491231002X",
        address="中关村大街27号",
        phone="13800138000",
        account="6228480012345671",
        email="w@example.com",
    )
    assert repr(profile) == "InvoiceProfile(bank=None, invoice_type=None)"


def test_account_and_tax_number_are_sensitive():
    assert is_sensitive(InvoiceProfile, "account")
    assert is_sensitive(InvoiceProfile, "tax_number")
    assert not is_sensitive(InvoiceProfile, "title")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("普票|增值税普通发票|纸质普票|普通发票|general VAT invoice|ordinary", "ordinary"),
        (
            "专票|增值税专用发票|纸质专票|纸专|专用|special VAT invoice|Special VAT fapiao",
            "special",
        ),
        ("电子普票|增值税电子普通发票|electronic ordinary", "electronic_ordinary"),
        ("电子专票|增值税电子专用发票|电专|e-special", "electronic_special"),
        (
            "数电票|数电发票|数电普票|全电发票|电子发票|电子发票（普通发票）|digital",
            "digital_ordinary",
        ),
        (
            "数电专票|全电专票|电子发票（增值税专用发票）|数电票（专票）|fully digital special",
            "digital_special",
        ),
    ],
)
def test_the_words_of_the_trade_are_types_of_invoices(words, meant):
    assert {word: InvoiceType.meant(word) for word in words.split("|")} == dict.fromkeys(
        words.split("|"), InvoiceType(meant)
    )


@pytest.mark.parametrize(
    "word", ["", "收据", "不开票", "发票", "专票/普票", "卷票", "none", "x" * 101]
)
def test_a_word_that_names_no_type_is_none(word):
    assert InvoiceType.meant(word) is None


@pytest.mark.parametrize("each", InvoiceType)
def test_a_type_is_meant_by_its_own_word(each):
    assert InvoiceType.meant(str(each)) is each


@given(st.text(st.characters(), max_size=120))
def test_any_text_names_a_type_or_none(word):
    assert InvoiceType.meant(word) in {None, *InvoiceType}


NAMED = InvoiceProfile(title="上海浦江贸易有限公司", tax_number="91310000132204571A")
REST = ("address", "phone", "bank", "account")


@pytest.mark.parametrize(
    ("profile", "wanted", "kind", "missing"),
    [
        (InvoiceProfile(title="王芳"), "ordinary", "person", ()),
        (InvoiceProfile(), "digital_ordinary", "person", ("title",)),
        (InvoiceProfile(title="王芳"), "digital_special", "person", ("tax_number",)),
        (InvoiceProfile(title="甲公司"), "ordinary", "organization", ("tax_number",)),
        (InvoiceProfile(), "ordinary", "organization", ("title", "tax_number")),
        (NAMED, "ordinary", "organization", ()),
        (NAMED, "electronic_ordinary", "organization", ()),
        (NAMED, "digital_ordinary", "organization", ()),
        (NAMED, "digital_special", "organization", ()),
        (NAMED, "special", "organization", REST),
        (NAMED, "electronic_special", "organization", REST),
    ],
)
def test_a_profile_lacks_what_the_type_of_invoice_asks_for(profile, wanted, kind, missing):
    assert profile.missing_for(wanted, kind=kind) == missing


def test_no_other_type_of_invoice_can_be_asked_for():
    with pytest.raises(ValueError, match="receipt"):
        NAMED.missing_for("receipt")
