"""Branch offices: a name made of the head office's, a place, and 分公司 or the like."""

from customer_registry.domain.values.legal_forms import is_latin
from customer_registry.domain.values.name_folding import unbracketed
from customer_registry.domain.values.simplified import simplified

__all__ = ["split_branch"]

_ENDINGS = tuple("分公司 分厂 分店 分行 支行 分所 分社 分部 分理处".split())
_ENDINGS_OF_A_COMPANY = tuple(
    """
    门店 店 厂 门市部 经营部 营业部 服务部 销售部 办事处 代表处 代理处 联络处 分院 分校 分中心
    项目部 加油站 加气站 专柜 仓库 营业厅 营业所 事业部 车间 供电所
    """.split()
)
_ENDINGS_OF_A_HEAD = tuple(
    "银行 合伙) 合作社 联社 事务所 信用社 厂 商行 商店 酒店 超市 药店".split()
)
_ENGLISH = ("branch", "branch office", "representative office")


def split_branch(name: str) -> tuple[str, str]:
    """Return the head office's name and what the branch adds, `""` for a head office itself.

    A branch is called by its parent's full name, a place and 分公司, 分厂 or 分店
    (企业名称登记管理规定 2021 art. 13). Where the parent's name is not there, all is the branch's.

    >>> split_branch("上海浦江贸易有限公司北京分公司")
    ('上海浦江贸易有限公司', '北京分公司')
    >>> split_branch("中国农业银行上海市浦东支行")
    ('中国农业银行', '上海市浦东支行')
    >>> split_branch("上海浦江贸易有限公司")
    ('上海浦江贸易有限公司', '')
    """
    folded = unbracketed(name)
    if is_latin(folded):
        return _split_english(folded)
    whole = "".join(folded.split())
    plain = simplified(whole)
    head = _end_of_head(plain.removesuffix(")"))
    return whole[:head], whole[head:]


def _end_of_head(plain: str) -> int:
    """Return where the head office's name ends, which is the end where there is no branch."""
    ending = next(filter(plain.endswith, _ENDINGS), None)
    before = plain[: -len(ending)] if ending else plain
    company = before.find("公司") + len("公司")
    if company >= len("公司") and (ending or _is_behind_a_company(plain[company:])):
        return company
    if ending is None:
        return len(plain) + 1
    ends = (before.find(form) + len(form) for form in _ENDINGS_OF_A_HEAD if form in before)
    return min(ends, default=0)


def _is_behind_a_company(rest: str) -> bool:
    return rest.endswith(_ENDINGS_OF_A_COMPANY)


def _split_english(name: str) -> tuple[str, str]:
    """Split at a comma, a dash or a bracket; without one all is the branch's."""
    if not name.casefold().rstrip(" .)").endswith(_ENGLISH):
        return name, ""
    head = max(name.rfind(sign) for sign in ",-(")
    return (name[:head].rstrip(), name[head:]) if head > 0 else ("", name)
