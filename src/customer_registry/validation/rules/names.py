"""Rules about names."""

from collections.abc import Iterator

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values import text
from customer_registry.domain.values.name import PartyName

__all__ = ["RULES"]

_USUAL_LENGTH = 6

_LEGAL_FORMS = tuple(
    """
    公司 合伙) 独资) 合作社 联合社 集团 企业社 厂 商行 行号 工程行
    商店 商场 超市 门市部 经营部 服务部 营业部 销售部 店 中心 工作室
    事务所 研究院 研究所 院 学校 大学 中学 小学 幼儿园 医院
    委员会 协会 学会 商会 基金会 会 代表处 办事处 矿 农场 银行 支行
    局 部 处 社 馆 站 队 所
    """.split()
)
_LATIN_FORMS = frozenset(
    """
    ab ag aps as bhd bv co company corp corporation gmbh inc incorporated kg kk lda limitada limited
    llc llp lp ltd nv oy plc pte pty sa sarl sas spa srl
    """.split()
)


def personal_name_is_usual(name: PartyName, kind: PartyKind) -> Iterator[Issue]:
    """A Chinese person's name has two to six characters and no digits (户口登记规范 art. 48-50)."""
    if kind is not PartyKind.PERSON:
        return
    if any(char.isdigit() for char in name.text):
        yield Issue("name.digits", severity=Severity.WARNING)
    han = sum(map(text.is_han, name.text))
    if len(name.text) == 1:
        yield Issue("name.too_short", severity=Severity.WARNING)
    elif han > _USUAL_LENGTH and "·" not in name.text:
        yield Issue("name.unusually_long", severity=Severity.WARNING)


def organization_name_has_a_legal_form(name: PartyName, kind: PartyKind) -> Iterator[Issue]:
    """An organisation's full name ends in its form: 有限公司 (企业名称登记管理规定 2021)."""
    if kind is PartyKind.ORGANIZATION and not _has_legal_form(name.text):
        yield Issue("name.no_legal_form", severity=Severity.WARNING)


def _has_legal_form(name: str) -> bool:
    folded = text.width_folded(name).casefold()
    words = {word.strip("().") for word in folded.replace(",", " ").split()}
    joined = {word.replace(".", "") for word in words}
    if joined & _LATIN_FORMS:
        return True
    return folded.endswith(_LEGAL_FORMS) or folded.startswith(("株式会社", "有限会社"))


RULES = (personal_name_is_usual, organization_name_has_a_legal_form)
