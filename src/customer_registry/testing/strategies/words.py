"""Texts with words: names of persons and organisations, what nobody can read."""

import string

from customer_registry.domain.values.name import PartyName
from customer_registry.testing.strategies.typed import Typed, padded, st

__all__ = ["lines", "organization_names", "party_names", "person_names", "unreadable"]

_HAN = "上海浦江西湖华恒锦瑞贸易科技𠮷䶮〇"
_WORDS = st.text(
    _HAN + string.ascii_letters + string.digits + " （）()·&-.", min_size=1, max_size=30
)


def lines() -> st.SearchStrategy[str]:
    """Return short lines of Chinese and English, rare characters among them, not only blanks."""
    return _WORDS.map(str.strip).filter(bool)


def unreadable() -> st.SearchStrategy[str]:
    """Return texts that no field takes: controls, half characters, writing turned around."""
    strange = st.sampled_from(("\0", "\x1b", "\ud800", "\udfff", "\u202e", "\u2066", "\x7f"))
    return st.builds(
        "{}{}{}".format, st.text("王芳ab", max_size=3), strange, st.text("1路", max_size=3)
    )


_GIVEN = st.text("伟芳娜敏静丽强磊军洋勇艳杰", min_size=1, max_size=2)
_SURNAMES = st.sampled_from("王 李 张 刘 陈 欧阳 司马 单 仇 区 曾 翟".split())
_HAN_NAMES = st.builds("{}{}".format, _SURNAMES, _GIVEN)

person_names: Typed[PartyName] = Typed(
    parse=lambda typed: PartyName.parse(typed, "person"),
    dressed=padded,
    sound=st.one_of(
        _HAN_NAMES,
        st.sampled_from(("阿卜来提·如则托合提", "古丽·买买提", "Li Lei", "Jean-Luc O'Neill")),
    ),
    edges=st.one_of(
        st.sampled_from(("𠮷䶮", "王", "Ng", "㛃〇", "Đỗ Thị Hà", "Müller", "李雷 Li Lei")),
        _HAN_NAMES.map(" ".join),
        st.just("長" * 200),
    ),
    wrong=st.one_of(
        st.sampled_from(("", " ", "\u200b\ufeff")),
        unreadable(),
        st.integers(201, 300).map("芳".__mul__),
    ),
)
"""Names of persons, invented; at the edge rare characters and the longest ones."""

_PLACES = st.sampled_from(("上海", "深圳市", "北京", "Hong Kong ", ""))
_BRANDS = st.text("华恒锦瑞盛宏嘉鼎", min_size=2, max_size=4)
_FORMS = st.sampled_from(
    ("贸易有限公司", "科技股份有限公司", "（集团）有限公司", "餐饮店", "有限公司北京分公司")
)
_COMPANIES = st.builds("{}{}{}".format, _PLACES, _BRANDS, _FORMS)

organization_names: Typed[PartyName] = Typed(
    parse=PartyName.parse,
    dressed=padded,
    sound=st.one_of(_COMPANIES, st.sampled_from(("Example Trading Co., Ltd.", "示例 GmbH"))),
    edges=st.one_of(
        st.sampled_from(("*ST示例", "1号店", "A", "示例（上海）(中国)公司")),
        lines(),
        st.just("司" * 200),
    ),
    wrong=st.one_of(
        st.sampled_from(("", " ", "\u200b")),
        unreadable(),
        st.integers(201, 300).map("司".__mul__),
    ),
)
"""Names of organisations, invented; at the edge brackets, stars and the longest ones."""


def party_names() -> st.SearchStrategy[PartyName]:
    """Return names of persons and of organisations."""
    return st.one_of(person_names.values(), organization_names.values())
