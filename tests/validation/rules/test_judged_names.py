"""Names of the shapes that registers hold, each looked at: none of them deserves a warning."""

import pytest

from customer_registry import CustomerRegistry, PartyName

ORGANIZATIONS = """
上海浦江贸易有限公司
上海浦江贸易有限责任公司
浦江贸易（上海）有限公司
浦江控股集团有限公司
浦江（集团）股份有限公司
浦江集团
中国石油天然气股份有限公司
中国石油天然气集团有限公司
中国工商银行股份有限公司
中国工商银行股份有限公司北京市分行
中国工商银行股份有限公司北京市分行营业部
中国农业银行上海市浦东支行
浙江农村商业联合银行股份有限公司
江苏昆山农村信用合作联社
国家电网有限公司
国网江苏省电力有限公司苏州供电分公司
中国移动通信集团广东有限公司深圳分公司
中国人民财产保险股份有限公司杭州市西湖支公司
华泰证券股份有限公司南京中山东路证券营业部
招商基金管理有限公司
阿里巴巴（中国）网络技术有限公司
北京三快在线科技有限公司
三一重工股份有限公司
七匹狼实业股份有限公司
58同城信息技术有限公司
ＡＢＣ有限公司
A8新媒体集团有限公司
3M中国有限公司
TCL科技集团股份有限公司
宝洁（中国）有限公司
西门子（中国）有限公司
大众汽车（中国）投资有限公司
上海大众汽车有限公司
浦江投资管理中心（有限合伙）
浦江创业投资合伙企业（有限合伙）
浦江会计师事务所（特殊普通合伙）
浦江律师事务所（普通合伙）
北京市浦江律师事务所
北京市浦江（上海）律师事务所
广东浦江律师事务所深圳分所
上海市东方公证处
浦江司法鉴定中心
浦江建筑设计事务所
浦江税务师事务所有限责任公司
浦江信息咨询工作室（个人独资）
杭州浦江文化创意工作室
海淀区老王小吃店
海淀区老王小吃店（个体工商户）
朝阳区李记牛肉面馆
李记牛肉面
张记烧烤
张姐火锅
小李理发
阿强美发
阿芳美甲
东城区春风理发馆
城关镇小李便利店
城关镇兄弟汽修厂
城关镇兄弟汽修
建国修理部
老张五金
老张五金商行
老张五金经营部
玉林市福绵区小红服装店
汕头市潮南区峡山明珠制衣厂
义乌市稠城小商品商行
义乌市国际商贸城
温州市鹿城区五马街道百货商店
老凤祥银楼
同仁堂
同仁堂大药房
北京同仁堂药店
康复诊所
仁爱口腔门诊部
红星幼儿园
红星托儿所
新东方培训学校
北京大学
清华大学深圳国际研究生院
中国科学院计算技术研究所
北京市海淀区中关村第一小学
北京市第四中学
江苏省苏州中学
华东师范大学第二附属中学
上海交通大学医学院附属瑞金医院
市第一人民医院
解放军总医院
城东社区卫生服务中心
城东镇卫生院
浙江省人民政府
杭州市西湖区人民政府办公室
国家税务总局杭州市税务局
上海市浦东新区市场监督管理局
上海市公安局
上海市公安局浦东分局城东派出所
杭州市中级人民法院
杭州市西湖区人民检察院
中华人民共和国上海海关
浙江省财政厅
海淀区教育委员会
中国共产党杭州市委员会
杭州市总工会
共青团杭州市委员会
杭州市残疾人联合会
杭州市慈善总会
中国足球协会
浙江省温州商会
壹基金
深圳壹基金公益基金会
杭州西湖风景名胜区管理委员会
苏州工业园区管委会
城东街道办事处
城东社区居民委员会
王家村村民委员会
王家村股份经济合作社
王家村经济联合社
王家村第三村民小组
王家村
李家庄第二生产队
城东镇人民政府
浦江县葡萄种植专业合作社
浦江县农民专业合作社联合社
老李家庭农场
红旗农场
国营红旗林场
王家养殖场
老李养猪场
杭州东站
上海虹桥国际机场
宁波港
杭州日报社
浙江人民出版社
浙江电视台
浙江小百花越剧团
杭州灵隐寺
少林寺
上海博物馆
浙江图书馆
浙江美术馆
杭州西湖国宾馆
西湖大酒店
如家酒店
如家快捷宾馆
老船长客栈
莫干山民宿
全季酒店杭州西湖店
肯德基杭州湖滨店
星巴克咖啡（国贸门店）
老树咖啡
瑞幸咖啡
清茶吧
蓝天网吧
夜色酒吧
好客餐厅
好客餐饮
红灯笼饭庄
绿茶餐厅
知味观
楼外楼
老百姓大药房连锁股份有限公司
永辉超市
大润发超市
银泰百货商场
银泰城
万达广场
万象汇
西湖文化广场
东方商厦
陶瓷坊
豆腐坊
酿酒坊
茶艺室
棋牌室
台球室
健身会所
瑜伽馆
跆拳道馆
游泳馆
照相馆
浙江省第一测绘院
浙江省建筑设计研究院
浙江省交通投资集团有限公司高速公路养护分公司
中铁四局集团有限公司
中铁四局集团有限公司第三项目部
中国人民解放军某部队
武警浙江省总队
杭州市消防救援支队
杭州市园林绿化总站
杭州市自来水公司
浦江县供水站
浦江塑料厂
上海第三钢铁厂
大同煤矿
德兴铜矿
浦江印刷有限公司工会委员会
浦江业主委员会
美国驻上海总领事馆
日本国驻华大使馆
丸红株式会社上海代表处
株式会社日立製作所
三菱電機株式会社
有限会社山田
㈱山田商店
(주)삼성전자
삼성전자 주식회사
香港浦江貿易有限公司
恒生銀行有限公司
和記黃埔有限公司
香港中文大學
香港特別行政區政府
九龍茶餐廳
臺灣積體電路製造股份有限公司
鴻海精密工業股份有限公司
大同企業社
大同商行
大同工程行
永和豆漿店
國立臺灣大學
臺北市政府
澳門浦江一人有限公司
澳門大學
澳門航空股份有限公司
Pujiang Limitada
Sociedade Pujiang, Lda.
Pujiang (Hong Kong) Limited
Pujiang Trading Co., Ltd.
Pujiang Trading Co.,Ltd
PUJIANG TRADING CO LTD
Acme Inc.
Acme, Inc
Acme Corp.
Acme Corporation
Acme Company Limited
Acme LLC
Acme L.L.C.
Acme LLP
Acme PLC
Acme p.l.c.
Acme Pty Ltd
Acme (Pty) Ltd
Acme Pte. Ltd.
Acme Sdn. Bhd.
Acme Bhd
Acme Pvt. Ltd.
Acme Private Limited
Acme GmbH
Acme GmbH & Co. KG
Acme AG
Siemens A.G.
Acme e.K. GmbH
Acme S.A.
Acme S. A.
Acme S.A.S.
Acme SARL
Acme S.à r.l. SARL
Acme S.r.l.
Acme S.p.A.
Acme S. p. A.
Acme B.V.
Acme N.V.
Acme Sp. z o.o.
Acme a.s.
Acme s.r.o.
Acme s. r. o.
Acme Oy
Acme AB
Acme A/S
Acme ApS
Acme ASA
Acme Kft.
Acme d.o.o.
Acme d. o. o.
Acme UAB
Acme OOO
ООО Ромашка
АО «Ромашка»
PT Astra International Tbk
Acme S.A. de C.V.
Acme Ltda.
Acme K.K.
Hitachi Kabushiki Kaisha K.K.
University of Oxford
Bank of America
The Ford Foundation
Ministry of Commerce
Charité Universitätsmedizin Hospital
Smith & Sons
Smith Brothers
Volkswagen Group
Berkshire Hathaway Holdings
Marks and Spencer plc
Embassy of Japan
City Hotel
""".strip().splitlines()

WITHOUT_A_FORM = """
浦江
浦江贸易
外婆家
上海浦江贸易
上海浦江科技
小米科技
华为
阿里巴巴
Acme
Cola Drinks
IKEA
""".split("\n")[1:-1]
"""Short names: a full one ends in what the organisation is."""

PERSONS = """
王芳
李娜
张伟
刘洋
陈静
杨勇
赵敏
黄磊
周杰伦
吴亦凡
徐志摩
孙中山
朱自清
马化腾
胡歌
林黛玉
郭靖
何炅
高圆圆
罗永浩
郑和
梁启超
谢霆锋
宋庆龄
唐伯虎
许仙
韩寒
冯小刚
邓丽君
曹操
彭于晏
曾国藩
肖战
田汉
董卿
袁隆平
潘安
于谦
蒋介石
蔡元培
余秋雨
杜甫
叶问
程蝶衣
苏轼
魏征
吕布
丁磊
任正非
沈从文
姚明
卢俊义
姜子牙
崔健
钟南山
谭嗣同
陆游
汪曾祺
范冰冰
金庸
石评梅
廖凡
贾宝玉
夏雨
韦小宝
付笛生
方世玉
白居易
邹韬奋
孟非
熊黛林
秦岚
邱淑贞
江疏影
尹相杰
薛宝钗
闫妮
段誉
雷军
侯耀文
龙应台
史铁生
陶渊明
黎明
贺龙
顾城
毛泽东
郝海东
龚琳娜
邵逸夫
万茜
钱学森
严复
覃辉
武则天
戴望舒
莫言
孔令辉
向华强
汤唯
欧阳娜娜
司马相如
上官婉儿
诸葛亮
夏侯惇
东方不败
皇甫嵩
尉迟恭
公孙瓒
慕容复
令狐冲
长孙无忌
宇文化及
司徒雷登
鲜于枢
闾丘露薇
独孤求败
爱新觉罗启骧
叶赫那拉杏贞
阿卜来提·如则托合提
买买提·艾力·阿不都热西提
迪丽热巴·迪力木拉提
古力娜扎尔·拜合提亚尔
努尔·白克力
巴特尔
其其格
乌兰图雅
扎西德勒
洛桑江村
次仁旺堆
阿旺平措
莫日根
布小林
金·格尔德
马克·扎克伯格
赵䶮
钱〇
孙𠮷
李㛃
周𬭎
吴𣷹
王㐀
张𫖯
陳水扁
馬英九
鄧麗君
王玥瑨
Wang Fang
Li Lei
Christopher Robin
John Michael Doe
J. R. R. Tolkien
J.R. Smith
Anne-Marie O'Neil
Ludwig van Beethoven
José García Márquez
Nguyễn Văn An
Bjørn Ødegård
Иван Петров
山田太郎
鈴木一郎
김민수
""".strip().splitlines()

REGISTRY = CustomerRegistry()


@pytest.mark.parametrize("name", ORGANIZATIONS)
def test_an_ordinary_organisation_is_told_nothing_about_its_name(name):
    assert REGISTRY.check(kind="organization", name=name).issues == ()


@pytest.mark.parametrize("name", WITHOUT_A_FORM)
def test_a_short_name_is_told_that_it_is_not_the_full_one(name):
    told = REGISTRY.check(kind="organization", name=name)
    assert [issue.code for issue in told] == ["name.no_legal_form"]


@pytest.mark.parametrize("name", PERSONS)
def test_an_ordinary_person_is_told_nothing_about_the_name(name):
    assert REGISTRY.check(kind="person", name=name).issues == ()


@pytest.mark.parametrize("name", PERSONS)
def test_an_ordinary_personal_name_is_kept_as_it_is(name):
    assert str(PartyName.parse(name, "person")) == name


def test_the_lists_are_long_enough_to_say_something():
    assert len(set(ORGANIZATIONS)) > 250
    assert len(set(PERSONS)) > 150
