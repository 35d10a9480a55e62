"""Terms of payment, money, codes of customers."""

from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.testing.strategies.typed import Typed, digits, full_width, padded, st
from customer_registry.testing.strategies.words import unreadable

__all__ = ["customer_codes", "money", "payment_terms"]


def _either_width(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from((text, full_width(text))).flatmap(padded)


_PHRASES = (
    *("票到30天", "月结30天", "货到付款", "款到发货", "现结", "次月25日", "2/10, n/30", "net 30"),
    *("预付30%，余款发货前付清", "30%预付，70%发货前", "cash on delivery", "EOM 30"),
)

payment_terms: Typed[PaymentTerms] = Typed(
    parse=PaymentTerms.parse,
    dressed=padded,
    sound=st.one_of(
        st.sampled_from(_PHRASES),
        st.builds("票到{}天".format, st.integers(1, 365)),
        st.builds("net {}".format, st.integers(1, 365)),
    ),
    edges=st.sampled_from(("票到0天", "票到3650天", "老规矩", "按合同", "次月31日")),
    wrong=st.one_of(
        st.sampled_from(("", " ", "票到3651天", "net 99999", "约" * 301)), unreadable()
    ),
)
"""Terms of payment in the trade's phrases; at the edge phrases kept as text."""

_AMOUNTS = st.integers(0, 10**9)

money: Typed[Money] = Typed(
    parse=Money.parse,
    dressed=_either_width,
    sound=st.one_of(
        _AMOUNTS.map("{} CNY".format),
        _AMOUNTS.map("¥{:,}".format),
        st.builds("{}.{}元".format, _AMOUNTS, digits(2)),
        st.builds("{}万元".format, st.integers(1, 9_999)),
        st.builds("{}{}".format, st.sampled_from(("US$", "HK$", "€", "£")), _AMOUNTS),
    ),
    edges=st.sampled_from(
        ("0", "-0.0001", "999999999999999999.9999", "0.5 JPY", "-20万", "1 亿元", "1 000 EUR")
    ),
    wrong=st.one_of(
        st.sampled_from(("", "NaN", "inf", "1e5", "1,00", "1.2.3", "--1", "1" + "0" * 18, "元")),
        _AMOUNTS.map("{} ZZZ".format),
        _AMOUNTS.map("{}.00001".format),
    ),
)
"""Amounts of money with and without their currency."""

_CODES = st.builds("{}{}".format, st.sampled_from(("C", "KH-", "SH/", "A.", "客户")), digits(1, 8))

customer_codes: Typed[CustomerCode] = Typed(
    parse=CustomerCode.parse,
    dressed=_either_width,
    sound=_CODES,
    edges=st.one_of(digits(1), digits(40), st.just("._-/#+&*@:()[]{}")),
    wrong=st.one_of(
        st.sampled_from(("", " ", "A B", "A,B", "C001;", "'1'", "=1")), digits(41, 60), unreadable()
    ),
)
"""Codes of customers."""
