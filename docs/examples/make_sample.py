"""Make the sample files: a customer list as untidy as those that offices really keep.

    python docs/examples/make_sample.py

writes 客户档案.xlsx and 客户档案.csv (GB18030) beside this script, the same bytes every time. All
people, companies and numbers are made up: names are drawn from word lists, identifiers are
computed with their check digits, phones are in the series 138 0013 xxxx and xxx-6234 xxxx, domains
lie under example.com, example.cn and example.org.
"""

import csv
import datetime as dt
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

HERE = Path(__file__).parent
SEED = 20260101
GOOD, SPOILT = 296, 40

HEADERS = [
    "序号", "*公司名称（必填）", "客户类型", "统一社会信用代码", "证件号码", "联系人", "职务",
    "手机", "联系方式", "传真", "E-mail", "省份", "城市", "区/县", "详细地址", "邮编",
    "收货地址", "网址", "客户等级", "信用额度(元)", "账期（天）", "付款方式", "业务员",
    "是否停用", "标签", "备注：", "老系统编号",
]  # fmt: skip
GROUPS = {0: "基本信息", 5: "联系信息", 11: "地址", 18: "商务信息", 26: "其他"}
PLACES: list[tuple[str, str, str, str, str, str, list[str]]] = [
    ("上海市", "上海市", "浦东新区", "310115", "021", "200120", ["世纪大道", "张杨路", "浦东南路"]),
    ("北京市", "北京市", "海淀区", "110108", "010", "100083", ["中关村大街", "学院路", "知春路"]),
    (
        "广东省",
        "深圳市",
        "南山区",
        "440305",
        "0755",
        "518057",
        ["科技园路", "深南大道", "后海大道"],
    ),
    ("浙江省", "杭州市", "西湖区", "330106", "0571", "310012", ["文三路", "天目山路", "古墩路"]),
    ("江苏省", "苏州市", "吴中区", "320506", "0512", "215128", ["东吴南路", "宝带东路", "迎春路"]),
    ("四川省", "成都市", "武侯区", "510107", "028", "610041", ["人民南路", "科华北路", "天府大道"]),
    ("陕西省", "西安市", "雁塔区", "610113", "029", "710061", ["长安南路", "小寨东路", "雁塔路"]),
    ("湖北省", "武汉市", "江汉区", "420103", "027", "430022", ["解放大道", "建设大道", "新华路"]),
]
FRONTS = [
    "瑞丰",
    "恒通",
    "嘉禾",
    "远航",
    "明德",
    "鼎新",
    "华盛",
    "蓝海",
    "金桥",
    "博雅",
    "宏图",
    "天元",
    "锦程",
    "立信",
    "安泰",
    "云帆",
]
BACKS = ["达", "源", "和", "昌", "信", "成", "邦", "宇", "林", "川"]
TRADES = [
    "贸易",
    "科技",
    "机电设备",
    "建材",
    "食品",
    "物流",
    "信息技术",
    "纺织品",
    "医疗器械",
    "电子商务",
]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "秀英",
    "建国",
    "志强",
    "晓明",
    "雨桐",
    "子涵",
    "欣怡",
    "浩然",
]
RARE = ["张䶮", "李𠮷", "王䒟", "阿依古丽·买买提", "刘喆"]
LATIN = ["ruifeng", "hengtong", "jiahe", "yuanhang", "mingde", "dingxin", "huasheng", "lanhai"]
TITLES = ["总经理", "采购经理", "财务", "销售总监", "店长", "", ""]
METHODS = ["银行转账", "支票", "现金", "银行承兑汇票", ""]
SALES = ["韩梅梅", "李雷", "林涛", ""]

Row: TypeAlias = dict[str, object]

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def main() -> None:
    """Write both files."""
    rows = sheet_rows(random.Random(SEED))  # noqa: S311  a sample must come out the same each time
    write_xlsx(HERE / "客户档案.xlsx", rows)
    write_csv(HERE / "客户档案.csv", rows)
    print(f"{len(rows)} rows in 客户档案.xlsx and 客户档案.csv")


def sheet_rows(draw: random.Random) -> list[list[object]]:
    """Return all rows of the sheet: notes, two header rows, customers, blanks and totals."""
    used: set[str] = set()
    customers = [customer(draw, used) for _ in range(GOOD)]
    customers = [untidied(draw, row) for row in customers]
    customers += spoilt(draw, customers, used)
    draw.shuffle(customers)
    body: list[list[object]] = []
    for number, row in enumerate(customers, 1):
        row["序号"] = number
        body.append([row.get(header, "") for header in HEADERS])
        if number % 97 == 0:
            body.append([])
        if number % 120 == 0:
            body.append(total("小计", body))
    return [
        ["客户档案登记表"],
        ["说明：带 * 的列必须填写；电话请写区号；导出日期 2026-01-05，仅供内部使用"],
        [],
        [GROUPS.get(at, "") for at in range(len(HEADERS))],
        list(HEADERS),
        *body,
        [],
        total("合计", body),
    ]


def total(word: str, body: list[list[object]]) -> list[object]:
    at = HEADERS.index("信用额度(元)")
    amounts = [row[at] for row in body if len(row) > at and isinstance(row[1], str) and row[1]]
    row: list[object] = [""] * len(HEADERS)
    row[0], row[at] = word, sum(amount for amount in amounts if isinstance(amount, int))
    return row


def customer(draw: random.Random, used: set[str]) -> Row:
    """Return one sound customer: a company, a 个体工商户 or a person."""
    sort = draw.choices(["company", "shop", "person"], [70, 12, 18])[0]
    region, city, district, division, area, postal, streets = draw.choice(PLACES)
    name = fresh(used, lambda: NAMES[sort](draw, city))
    contact = name if sort == "person" else person_name(draw)
    row: Row = {
        "*公司名称（必填）": name,
        "客户类型": {"company": "企业", "shop": "个体工商户", "person": "个人"}[sort],
        "联系人": contact,
        "职务": "" if sort == "person" else draw.choice(TITLES),
        "手机": fresh(used, lambda: f"1380013{draw.randrange(10_000):04d}"),
        "省份": region,
        "城市": city,
        "区/县": district,
        "详细地址": f"{draw.choice(streets)}{draw.randrange(1, 900)}号",
        "邮编": postal,
        "客户等级": draw.choice(["A", "B", "C", ""]),
        "付款方式": draw.choice(METHODS),
        "业务员": draw.choice(SALES),
        "是否停用": "否",
        "老系统编号": f"OLD-{draw.randrange(100_000):05d}",
    }
    if sort == "person":
        row["证件号码"] = resident_id(draw, division) if draw.random() < 0.4 else ""
    else:
        row["统一社会信用代码"] = fresh(used, lambda: uscc(draw, division, shop=sort == "shop"))
        row["联系方式"] = fresh(used, lambda: landline(draw, area))
        row["信用额度(元)"] = draw.choice([0, 50_000, 100_000, 200_000, ""])
        row["账期（天）"] = draw.choice([30, 60, 90, ""])
    if sort == "company":
        top = draw.choice(["com", "cn", "org"])
        host = f"{draw.choice(LATIN)}{draw.randrange(1000)}.example.{top}"
        row["E-mail"] = f"info@{host}" if draw.random() < 0.7 else ""
        row["网址"] = f"www.{host}" if draw.random() < 0.4 else ""
        row["传真"] = landline(draw, area) if draw.random() < 0.3 else ""
        row["收货地址"] = ""
        if draw.random() < 0.2:
            row["收货地址"] = f"{city}{district}{draw.choice(streets)}仓库{draw.randrange(1, 9)}号"
        row["标签"] = draw.choice(["重点", "重点、华东", "新客户", "", ""])
    return row


def untidied(draw: random.Random, row: Row) -> Row:
    """Return the row as somebody in a hurry typed it; it is still a good customer."""
    name, phone, line = (
        str(row["*公司名称（必填）"]),
        str(row["手机"]),
        str(row.get("联系方式", "")),
    )
    if draw.random() < 0.12:
        row["*公司名称（必填）"] = draw.choice(
            [f"{name}  ", f" {name}", f"{name}\u3000", f"{name}\u00a0"]
        )
    if draw.random() < 0.55:
        row["手机"] = int(phone)
    elif draw.random() < 0.6:
        row["手机"] = draw.choice([
            f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
            f"+86 {phone}", f"(86){phone}", phone.translate(FULL_WIDTH), f"'{phone}", f"{phone} ",
        ])  # fmt: skip
    if line and draw.random() < 0.35:
        row["联系方式"] = draw.choice([
            f"{line}转{draw.randrange(100, 999)}", f"{line} 分机 {draw.randrange(10, 99)}",
            f"{line}-{draw.randrange(100, 999)}", f"({line.replace('-', ')', 1)}",
            line.translate(FULL_WIDTH), f"（{line.replace('-', '）', 1)}", f"电话：{line}",
        ])  # fmt: skip
    code = str(row.get("统一社会信用代码", ""))
    if code and draw.random() < 0.15:
        row["统一社会信用代码"] = draw.choice(
            [code.lower(), f"{code[:8]} {code[8:]}", f"{code} ", f"'{code}"]
        )
    if draw.random() < 0.4:
        row["邮编"] = int(str(row["邮编"]))
    if draw.random() < 0.05:
        row["是否停用"] = draw.choice(["是", "√"])
    if draw.random() < 0.08:
        row["备注："] = draw.choice(
            ["老客户，介绍过来", "发票随货\n注意查收", "-", "=同上", "@财务 催款"]
        )
    return row


def spoilt(draw: random.Random, good: list[Row], used: set[str]) -> list[Row]:
    """Return rows that cannot be registered as they are, or were typed before."""
    companies = [row for row in good if row["客户类型"] == "企业"]
    faults: list[Callable[[Row], Row]] = [
        lambda row: row | {"*公司名称（必填）": ""},
        lambda row: row | {"手机": "1.38E+10"},
        lambda row: row | {"手机": f"138001{draw.randrange(1000):03d}"},
        lambda row: row | {"E-mail": draw.choice(["info＠", "li.lei", "a@b@example.com"])},
        lambda row: row | {"统一社会信用代码": wrong_check(str(row["统一社会信用代码"]))},
        lambda row: row | {"统一社会信用代码": 914403001922038000},
        lambda row: row | {"统一社会信用代码": str(row["统一社会信用代码"])[:-1]},
        lambda row: row | {"邮编": "2001"},
    ]
    rows: list[Row] = []
    while len(rows) < SPOILT - 14:
        row = customer(draw, used)
        if row["客户类型"] == "企业":
            rows.append(faults[len(rows) % len(faults)](row))
    rows += [dict(row) for row in companies[:7]]
    return rows + [another_with_the_code_of(row, draw, used) for row in companies[7:14]]


def another_with_the_code_of(row: Row, draw: random.Random, used: set[str]) -> Row:
    name = fresh(used, lambda: company_name(draw, "上海市"))
    code = str(row["统一社会信用代码"]).strip("' ").replace(" ", "").upper()
    own = {"*公司名称（必填）": name, "客户类型": "企业", "统一社会信用代码": code, "证件号码": ""}
    return customer(draw, used) | own


def fresh(used: set[str], make: Callable[[], str]) -> str:
    """Return the first text that `make` gives and nobody has yet."""
    while (text := make()) in used:
        pass
    used.add(text)
    return text


def company_name(draw: random.Random, city: str) -> str:
    place = city.removesuffix("市")
    front, trade = draw.choice(FRONTS) + draw.choice(BACKS), draw.choice(TRADES)
    opening, closing = draw.choice([("（", "）"), ("(", ")")])
    return draw.choice([
        f"{place}{front}{trade}有限公司", f"{place}{front}{trade}有限公司",
        f"{front}{opening}{place}{closing}{trade}有限公司", f"{place}{front}{trade}股份有限公司",
    ])  # fmt: skip


def shop_name(draw: random.Random, city: str) -> str:
    kind = draw.choice(["便利店", "建材经营部", "五金商行", "小吃店"])
    return f"{city}{draw.choice(FRONTS)}{draw.choice(BACKS)}{kind}"


def person_name(draw: random.Random, _city: str = "") -> str:
    if draw.random() < 0.05:
        return draw.choice(RARE)
    return draw.choice(SURNAMES) + draw.choice(GIVEN)


NAMES: dict[str, Callable[[random.Random, str], str]] = {
    "company": company_name,
    "shop": shop_name,
    "person": person_name,
}


def landline(draw: random.Random, area: str) -> str:
    local = "6234" if len(area) == 3 or area in {"0755", "0571", "0512"} else "623"
    return f"{area}-{local}{draw.randrange(10_000):04d}"


def uscc(draw: random.Random, division: str, *, shop: bool) -> str:
    """Return a 统一社会信用代码 with sound check digits within and at the end (GB 32100)."""
    organisation = "MA" + "".join(draw.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(6))
    values = [int(char, 36) for char in organisation]
    inner = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    body = f"9{2 if shop else 1}{division}{organisation}{'0123456789X0'[min(inner, 11)]}"
    return body + USCC[-sum(USCC.index(char) * 3**at for at, char in enumerate(body)) % 31]


def wrong_check(code: str) -> str:
    return code[:-1] + USCC[(USCC.index(code[-1]) + 7) % 31]


def resident_id(draw: random.Random, division: str) -> str:
    """Return a 公民身份号码 with a sound check digit (GB 11643)."""
    born = dt.date(1960, 1, 1) + dt.timedelta(days=draw.randrange(15_000))
    body = f"{division}{born:%Y%m%d}{draw.randrange(1000):03d}"
    return body + "10X98765432"[sum(int(d) * 2 ** (17 - at) for at, d in enumerate(body)) % 11]


def write_xlsx(path: Path, rows: list[list[object]]) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": dt.datetime(2026, 1, 5, tzinfo=dt.UTC)})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("客户档案")
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(at, place, value)
            elif value:
                sheet.write_string(at, place, str(value), bold if at in {0, 3, 4} else None)
    sheet.merge_range(0, 0, 0, len(HEADERS) - 1, rows[0][0], bold)
    starts = [*GROUPS, len(HEADERS)]
    for start, end in pairwise(starts):
        if end - start > 1:
            sheet.merge_range(3, start, 3, end - 1, GROUPS[start], bold)
    book.close()


def write_csv(path: Path, rows: list[list[object]]) -> None:
    width = len(HEADERS)
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([*row, *[""] * (width - len(row))] for row in rows)


if __name__ == "__main__":
    main()
