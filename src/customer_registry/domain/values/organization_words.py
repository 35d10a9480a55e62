"""The words that say what an organisation is, with which a full name ends: 厂, 医院, 村民委员会."""

from customer_registry.domain.values.branches import split_branch
from customer_registry.domain.values.legal_forms import is_latin, split_legal_form, unaccented
from customer_registry.domain.values.name_folding import unbracketed
from customer_registry.domain.values.simplified import simplified

__all__ = ["says_what_it_is"]

_ENDINGS = tuple(
    """
    公司 合伙) 独资) 工商户) 合作社 联合社 经济社 集团 企业 企业社 厂 行 行号 店 商店 商号 商场
    商城 商厦 市场 超市 便利 卖场 广场 大厦 馆 部 铺 坊 吧 室 屋 阁 轩 楼 城 庄 居 舍 堂 斋 庐 园
    苑 府 院 汇 栈 摊 档 档口 厨房 厅 沙龙 会所 之家 网咖 咖啡 茶社 茶 烘焙 蛋糕 烧烤 火锅 小吃
    快餐 早餐 餐饮 食堂 排档 饭庄 面 粉 水果 生鲜 蔬菜 花店 花艺 理发 美发 造型 美容 美甲 养生
    足浴 汽修 汽配 修理 维修 洗衣 五金 建材 家居 家具 服饰 服装 鞋业 药房 诊所 卫生所 中心 工作室
    设计室 事务所 研究院 研究所 学校 大学 学院 中学 小学 高中 初中 一中 二中 三中 附中 附小 幼儿园
    医院 卫生院 委员会 居委会 村委会 管委会 协会 学会 商会 联合会 总会 分会 基金会 促进会 研究会
    理事会 董事会 工会 会 团 代表处 办事处 办公室 办 处 局 厅 署 政府 法院 检察院 海关 银行 支行
    分行 信用社 联社 证券 保险 基金 矿 矿山 农场 林场 牧场 渔场 养殖场 种植场 猪场 鸡场 场 基地
    园区 社区 街道 社 社团 站 队 所 台 港 码头 机场 车站 仓库 库 车间 组 村 镇 乡 合作联社 寺 庙
    宫 观 教堂 清真寺 使馆 领馆 领事馆 中队 支队 大队 总队 部队 项目 项目部 指挥部 经营者 个体户
    专业户 户 连锁 酒家 酒楼 酒庄 宾馆 旅馆 客栈 民宿 度假村
    """.split()
)
_LATIN_WORDS = frozenset(
    """
    co company ltd limited inc incorporated corp corporation llc llp lp plc pllc pte pty bhd pvt
    gmbh ag kg kgaa ohg ug sa sas sarl srl spa sapa snc bv nv sl slu lda limitada ltda eireli ab
    as asa oy oyj aps ks hf ehf spzoo sro doo dd ad ood eood kft zrt nyrt uab sia ou ooo oao zao
    pao jsc ojsc cjsc pjsc ооо оао зао пао ао тоо ип тов sti sirketi kk gk tbk pt wll fze fzco spc
    group holdings holding partners partnership associates bros brothers sons university college
    school academy institute hospital clinic bank insurance foundation trust association society
    federation union council committee commission authority agency ministry department bureau
    office embassy consulate government municipality church museum library club hotel restaurant
    cafe studio store shop stores market supermarket cooperative coop center centre laboratory
    laboratories factory works mills universitat universite hochschule verein stiftung ev
    og gesbr gbr partg partgmbb eg ek eu cie gie eurl sasu eirl ei scs sca sc scp scop scoop scom
    sem sccl scpa scrl scarl sagl slne sll sal sal ca cxa ep epp srlcv sociedad sociedade societe
    societa sociedad anonima vof cv commv cvba bvba sprl esv vzw asbl stichting vereniging fundacion
    fundacao fundacja stowarzyszenie spolka spk spj sp ska vos spol jdoo obrt kd kda sd et dno kv
    bt kkt kht rt ohf sf ses hb kb ans ba da nuf amba smba fmba ky ay tmi osk fie ik mb ij
    ae epe ee oe ike mepe cic cio unltd unlimited koop kooperatifi tic asc mmc qsc tnhh dntn
    ud pd fa perum persero ie mchj aj xk xxk ooofil tdv fop kt kht zat vat
    figli filhos fils freres hijos hermanos sohne soehne zonen soner og
    """.split()
)
_IN_PIECES = frozenset(
    "spzoo sro doo dd ag sa ab as bv nv sl lp llc llp srl spa sarl gmbh sadecv ltd plc jsc "
    "aae ae epe vof cv sc sp spk spj eg bt congty doanhnghiep tapdoan".split()
)


def says_what_it_is(name: str) -> bool:
    """Return whether an organisation's name has a legal form or ends in a word for what it is.

    >>> [says_what_it_is(name) for name in ("浦江饭店", "县人民政府", "Acme S. A.", "上海浦江贸易")]
    [True, True, True, False]
    """
    folded = unbracketed(name)
    if is_latin(folded):
        return _has_latin_word(folded)
    if split_legal_form(name)[1] or split_branch(name)[1]:
        return True
    plain = simplified("".join(folded.split()))
    return plain.endswith(_ENDINGS) or _without_last_bracket(plain).endswith(_ENDINGS)


def _without_last_bracket(plain: str) -> str:
    return plain[: plain.rfind("(")] if plain.endswith(")") and "(" in plain else plain


def _has_latin_word(name: str) -> bool:
    """Whether one word says it, or `S. p. A.`, letters with gaps between them."""
    written = unaccented(name.casefold()).replace(",", " ").split()
    words = ["".join(filter(str.isalnum, word)) for word in written]
    pieces = ("".join(words[-count:]) for count in range(2, 5))
    return not (_LATIN_WORDS.isdisjoint(words) and _IN_PIECES.isdisjoint(pieces))
