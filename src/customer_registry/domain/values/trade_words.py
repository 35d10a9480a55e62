"""The words of a trade in names: what tells nobody apart, beside the trade name (字号)."""

from collections.abc import Mapping
from functools import cache, lru_cache

__all__ = ["split_trade"]

_CHINESE = """
    贸易 商贸 经贸 工贸 外贸 国际贸易 进出口 进出口贸易 科技 技术 网络 信息 电子 软件 数码 数据
    智能 通信 通讯 电信 移动 互联网 系统 集成 自动化 实业 发展 投资 控股 集团 国际 股份 企业 管理
    咨询 服务 顾问 策划 文化 传媒 传播 广告 影视 教育 培训 旅游 旅行 酒店 宾馆 餐饮 餐厅 饭店 食品
    饮料 饮品 酒业 粮油 农业 农产品 生态 园林 绿化 环保 环境 能源 新能源 电力 电气 电器 电子商务
    商务 物流 货运 运输 供应链 仓储 快递 配送 机械 机电 设备 装备 仪器 仪表 工具 五金 建材 建筑
    建设 工程 装饰 装修 装潢 设计 房地产 置业 地产 物业 开发 经营 材料 新材料 金属 钢铁 钢结构
    塑料 塑胶 橡胶 化工 化学 制药 医药 药业 生物 医疗 医疗器械 器械 健康 纺织 服装 服饰 针织 印染
    家居 家具 家电 日用品 百货 用品 文具 办公 办公用品 印刷 包装 纸业 制品 制造 工业 产业 重工
    汽车 汽配 配件 零部件 租赁 保险 经纪 证券 基金 金融 银行 担保 小额贷款 资产 人力资源 劳务 代理
    安全 检测 检验 认证 光电 照明 半导体 电源 模具 精密 五交化 石油 石化 航空 铁路 公路 港口 煤炭
    矿业 水务 燃气 化妆品 美容 珠宝 首饰 珠宝首饰 工艺品 礼品 玩具 体育 娱乐 游戏 音乐 出版 图书
    研究 研究院 研究所 研究会 事务所 律师 律师事务所 会计师 会计师事务所 中心 协会 学会 商会
    联合会 基金会 委员会 合作社 联合社 学校 大学 学院 中学 小学 幼儿园 医院 卫生院 诊所 门诊部
    药房 药店 大药房 商店 商行 商场 超市 便利店 门市部 经营部 服务部 营业部 销售部 销售 批发 零售
    厂 店 行 部 人民 中医 中医院 中西医结合 附属 公共 总 局 所 院 处 站 户 个体 第 与 和 及 创新
    小吃 烧烤 火锅 快餐 面馆 水果 生鲜 便利 百货店 五金店 理发 美发 汽修 制作 建筑设计 规划 勘察
    测绘 街道 办事处 社区 小区 居民委员会 村民委员会 派出所 村民 居民 政府 农村 信用 信用合作社
    专业 经济 种植 养殖 加工 维修 修理 清洁 保洁 家政 安装 汽车维修
"""
_LATIN = """
    trading trade tradinggroup technology technologies tech electronics electronic international
    intl group holdings holding industries industrial industry enterprises enterprise development
    investment investments management consulting services service solutions systems software
    logistics import export importexport importandexport engineering construction manufacturing
    equipment machinery materials chemical chemicals pharmaceutical pharmaceuticals medical foods
    food textile textiles garment garments metal metals products global worldwide network networks
    information communications energy power media partners capital ventures bank university school
    hospital institute association
"""
_SAME = {
    "商贸": "贸易",
    "经贸": "贸易",
    "工贸": "贸易",
    "外贸": "贸易",
    "国际贸易": "贸易",
    "进出口": "贸易",
    "进出口贸易": "贸易",
    "技术": "科技",
    "餐厅": "餐饮",
    "饭店": "餐饮",
    "房地产": "地产",
    "置业": "地产",
    "装潢": "装饰",
    "装修": "装饰",
    "通讯": "通信",
    "医药": "药业",
    "制药": "药业",
    "服装": "服饰",
    "trade": "trading",
    "technologies": "technology",
    "tech": "technology",
    "intl": "international",
    "holding": "holdings",
    "electronic": "electronics",
}
_WEIGHTLESS = frozenset("发展 国际 集团 股份 企业 与 和 及 group holdings".split())
_NUMERALS = frozenset("〇零一二三四五六七八九十百两0123456789")


@lru_cache(maxsize=512)
def split_trade(stem: str) -> tuple[str, frozenset[str]]:
    """Return a name's trade name (字号) and the words of its trade behind it, alike ones as one.

    `stem` is a name without place and legal form, in small letters and without spaces.

    >>> brand, trade = split_trade("浦江国际贸易")
    >>> brand, sorted(trade)
    ('浦江', ['贸易'])
    >>> split_trade("第一人民医院")[0]
    ''
    """
    trade: set[str] = set()
    while word := _last_word(stem):
        stem = stem.removesuffix(word)
        trade.add(_SAME.get(word, word))
    return stem, frozenset(trade - _WEIGHTLESS)


def _last_word(stem: str) -> str:
    """Return the longest word of a trade that a stem ends in, a numeral too, else nothing."""
    return next(filter(stem.endswith, _words().get(stem[-1:], ())), "")


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    """Return the words by their last character, the longest first."""
    ended: dict[str, list[str]] = {}
    for word in sorted({*_CHINESE.split(), *_LATIN.split(), *_NUMERALS}, key=len, reverse=True):
        ended.setdefault(word[-1], []).append(word)
    return {end: tuple(words) for end, words in ended.items()}
