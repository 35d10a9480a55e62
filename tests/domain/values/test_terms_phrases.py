"""A list of our own: how people write terms of payment, and what we decided that they mean."""

import pytest

from customer_registry.domain.values.terms import PaymentTerms


def prepaid(percent):
    return {"anchor": "order", "prepaid_percent": percent}


def parts(*each):
    installments = [
        {"percent": share, "anchor": stage, "days": days} for share, stage, days in each
    ]
    return {"installments": installments}


UNDERSTOOD = [
    (
        prepaid(100),
        [
            "款到发货",
            "先款后货",
            "款到提货",
            "全款预付",
            "预付全款",
            "100%预付",
            "预付100%",
            "全额预付",
            "付款后发货",
            "先付款后发货",
            "款到付货",
            "现款提货",
            "发货前付清",
            "发货前付全款",
            "prepaid",
            "Prepayment",
            "100% prepayment",
            "100% in advance",
            "100% T/T in advance",
            "T/T in advance",
            "TT in advance",
            "cash in advance",
            "CIA",
            "CWO",
            "cash with order",
            "payment in advance",
            "advance payment",
            "full payment before shipment",
            "款清发货",
            "款到发运",
            "先付后发",
        ],
    ),
    (parts((100, "before_shipment", 0)), ["100% before shipment"]),
    (
        {"anchor": "delivery"},
        [
            "货到付款",
            "货到即付",
            "货到结算",
            "收货付款",
            "验收付款",
            "验收合格后付款",
            "到付",
            "现结",
            "现款现货",
            "一手交钱一手交货",
            "钱货两清",
            "COD",
            "cash on delivery",
            "C.O.D.",
            "payment on delivery",
            "货到后付款",
            "货款两清",
        ],
    ),
    (
        {"anchor": "delivery", "days": 30},
        [
            "货到30天",
            "货到30天付款",
            "货到后30天内付款",
            "验收后30天",
            "验收合格后30日内付款",
            "到货30日",
            "30 days after delivery",
            "30 days from delivery",
            "within 30 days of delivery",
            "货到后30日付款",
            "收到货后30天内付款",
            "30 days after receipt of goods",
        ],
    ),
    ({"anchor": "delivery", "days": 45}, ["收货后45天"]),
    ({"anchor": "delivery", "days": 60}, ["交货后60天", "收货后60日内结清"]),
    ({"anchor": "shipment", "days": 30}, ["发货后30天", "T/T 30 days after shipment"]),
    (
        {"anchor": "shipment", "days": 60},
        ["出货后60天", "60 days after shipment", "60 days after B/L date"],
    ),
    ({"anchor": "delivery", "months": 3}, ["货到3个月"]),
    ({"anchor": "delivery", "months": 2}, ["收货后两个月"]),
    ({"anchor": "delivery", "days": 7}, ["货到一周内"]),
    ({"anchor": "shipment", "days": 90}, ["90 days from BL date"]),
    (
        {},
        [
            "票到付款",
            "票到即付",
            "见票付款",
            "见票即付",
            "due on receipt",
            "Due upon receipt",
            "payable on receipt",
            "immediate",
            "immediate payment",
            "0天",
            "立即付款",
            "即付",
            "即期",
            "Upon receipt",
            "Payment upon receipt",
            "Due on receipt of invoice",
        ],
    ),
    (
        {"days": 30},
        [
            "票到30天",
            "票到30天付款",
            "收票后30天",
            "收到发票后30天内付款",
            "收到发票后30日内付清",
            "开票后30天",
            "开票30天",
            "挂账30天",
            "开票后三十天",
            "Net 30",
            "net30",
            "n/30",
            "N30",
            "Net 30 days from invoice date",
            "30 days",
            "30 days net",
            "30 days from invoice",
            "30 days after invoice date",
            "30 days from date of invoice",
            "within 30 days of invoice",
            "payment within 30 days",
            "due in 30 days",
            "net 30 days after receipt of invoice",
            "30D",
            "账期30天",
            "30天账期",
            "信用期30天",
            "赊销30天",
            "30天",
            "30日",
            "票到后30日内付款",
            "收到发票之日起30日内付款",
            "收到增值税专用发票后30天内付款",
            "自收到发票之日起30天",
            "见票后30天付款",
            "开具发票后30天内",
            "net-30",
            "30 net",
            "Net 30 Days",
        ],
    ),
    (
        {"days": 60},
        [
            "发票日起60天",
            "NET 60 DAYS",
            "60 days net",
            "OA 60 days",
            "open account 60 days",
            "帐期60天",
            "60",
            "账期60日",
            "信用60天",
        ],
    ),
    ({"days": 45}, ["发票开具后45天", "45天内付款", "发票到后45天", "账期45", "45天账期"]),
    (
        {"eom": True, "months": 1},
        [
            "开票后次月付款",
            "end of following month",
            "end of next month",
            "次月底",
            "次月末付款",
            "下月底",
            "下个月底付款",
            "次月结",
            "开票次月底付款",
            "开票后次月底",
            "次月末结清",
        ],
    ),
    ({"days": 7}, ["net 7"]),
    (
        {"eom": True, "days": 30},
        [
            "NET30 EOM",
            "30 EOM",
            "30 days EOM",
            "EOM 30",
            "EOM+30",
            "end of month + 30 days",
            "30 days end of month",
            "30 days from end of month",
            "月底+30天",
            "次月结30天",
        ],
    ),
    ({"days": 90}, ["O/A 90 days", "账期：90天", "开票后90天付款"]),
    (
        {"eom": True},
        ["EOM", "end of month", "月底付款", "月末结清", "当月结清", "当月底", "当月结"],
    ),
    ({"eom": True, "days": 45}, ["EOM + 45 days", "月底后45天"]),
    (
        {"eom": True, "due_day": 15},
        ["15 MFI", "15th of following month", "下月15号", "次月15日前付清"],
    ),
    ({"eom": True, "due_day": 10}, ["10th of next month", "次月10日前付款"]),
    ({"eom": True, "due_day": 25}, ["次月25日", "次月25号付款"]),
    ({"eom": True, "due_day": 5}, ["下个月5号"]),
    ({"eom": True, "months": 2}, ["隔月结", "隔月底"]),
    ({"eom": True, "months": 1, "due_day": 25}, ["隔月25日"]),
    ({"due_day": 25}, ["每月25日付款"]),
    ({"due_day": 10}, ["每月10号"]),
    ({"eom": True, "days": 60}, ["月末加60天", "month end 60 days", "60 days month end"]),
    ({"months": 3}, ["3个月", "三个月", "账期3个月"]),
    ({"months": 1}, ["账期一个月"]),
    ({"anchor": "statement"}, ["周结", "半月结", "日结", "对账后付款"]),
    ({"anchor": "statement", "days": 30}, ["对账后30天"]),
    ({"anchor": "statement", "days": 15}, ["对账单后15天"]),
    (
        {"days": 30, "discounts": [{"percent": 2, "days": 10}]},
        [
            "2/10 net 30",
            "2/10, n/30",
            "2/10 n/30",
            "2/10,n/30",
            "2% 10, net 30",
            "2% 10 days, net 30",
        ],
    ),
    ({"days": 45, "discounts": [{"percent": 1, "days": 15}]}, ["1/15 net 45"]),
    (
        {"days": 60, "discounts": [{"percent": 3, "days": 10}, {"percent": 2, "days": 20}]},
        ["3/10,2/20,n/60"],
    ),
    ({"days": 30, "discounts": [{"percent": "1.5", "days": 10}]}, ["1.5/10 net 30"]),
    ({"prepaid_percent": 30}, ["预付30%"]),
    (
        parts((30, "order", 0), (70, "before_shipment", 0)),
        [
            "预付30%，余款发货前付清",
            "预付30%，发货前付70%",
            "30%预付，70%发货前",
            "定金30%，余款发货前付清",
            "30%定金，70%尾款发货前付清",
            "30% deposit, 70% before shipment",
            "30% deposit, balance before shipment",
            "30% T/T in advance, 70% before shipment",
            "T/T 30% deposit, 70% balance before shipment",
        ],
    ),
    (parts((30, "order", 0), (70, "delivery", 0)), ["预付30%余款货到付款"]),
    (
        parts((50, "order", 0), (50, "delivery", 0)),
        ["预付50%，货到付50%", "50% deposit, 50% on delivery"],
    ),
    (
        parts((30, "order", 0), (70, "delivery", 30)),
        ["预付30%，货到30天付70%", "首付30%，余款货到30天"],
    ),
    (
        parts((30, "order", 0), (60, "before_shipment", 0), (10, "warranty", 0)),
        ["签订合同付30%，发货前付60%，质保金10%"],
    ),
    (
        parts((30, "order", 0), (60, "delivery", 0), (10, "warranty", 0)),
        ["预付30%，验收后付60%，质保金10%", "预付30%，到货60%，质保10%"],
    ),
    (parts((30, "order", 0), (70, "invoice", 30)), ["30%预付款，余款票到30天"]),
    (
        parts((30, "order", 0), (70, "shipment", 0)),
        ["30% advance, 70% against copy of B/L", "30% T/T deposit, 70% against B/L copy"],
    ),
    ({"due_day": 15}, ["每月15日结算"]),
    (parts((50, "order", 0), (50, "invoice", 30)), ["预付50%，余款票到30天"]),
    ({"anchor": "shipment", "days": 45}, ["45 days after B/L"]),
    (
        {"days": 14},
        ["14 days net", "payment in 14 days", "within 14 days", "14 days after date of invoice"],
    ),
    ({"eom": True, "days": 30, "discounts": [{"percent": 2, "days": 10}]}, ["2/10, net 30 EOM"]),
]
AMBIGUOUS = [
    "票到月结30天",
    "开票后月结60天",
    "月结",
    "月结30天",
    "月结60天",
    "月结90天",
    "月结30",
    "月结 45 天",
    "月结30日",
    "月结30天付款",
    "30天月结",
    "月结三十天",
    "月结，30天",
    "月结60",
    "月结90天付款",
    "月结，60天",
    "30日月结",
    "60天月结",
]
KEPT_AS_TEXT = [
    "款到发货，不赊账",
    "Proforma",
    "货到票到付款",
    "到货后7个工作日",
    "发票入账后30天",
    "月结60天（承兑）",
    "monthly 30 days",
    "月结两个月",
    "半年",
    "季结",
    "年结",
    "2/10 EOM",
    "3:3:3:1",
    "3331",
    "预付三成",
    "定金3成，尾款发货前",
    "30% prepaid, balance net 30",
    "分期付款",
    "按合同",
    "见合同",
    "L/C at sight",
    "信用证",
    "银行承兑汇票",
    "D/P at sight",
    "电汇",
    "T/T",
    "现金",
    "无",
    "待定",
    "TBD",
    "N/A",
    "另议",
    "6个月承兑",
    "月结30天，承兑",
    "先付30%定金，余款提货前付清",
    "押一付三",
    "背靠背付款",
    "50/50",
    "cash",
    "30 Tage netto",
    "开票当月付款",
    "3-3-3-1",
    "每月25号对账，次月10号付款",
]


@pytest.mark.parametrize(
    ("meant", "typed"), [(meant, typed) for meant, phrases in UNDERSTOOD for typed in phrases]
)
def test_a_phrase_of_the_trade_means_what_we_decided(meant, typed):
    terms = PaymentTerms.parse(typed)
    given = {name: part for name, part in terms.to_mapping().items() if name != "text"}
    assert given == {"anchor": "invoice", **meant}
    assert not terms.is_ambiguous
    assert PaymentTerms.from_mapping(terms.to_mapping()) == terms


@pytest.mark.parametrize("typed", AMBIGUOUS)
def test_a_monthly_settlement_has_several_readings(typed):
    terms = PaymentTerms.parse(typed)
    assert terms.is_ambiguous
    for reading in terms.readings:
        assert PaymentTerms.parse(str(reading)) == reading


@pytest.mark.parametrize("typed", KEPT_AS_TEXT)
def test_a_phrase_without_a_due_date_is_kept_as_text(typed):
    terms = PaymentTerms.parse(typed)
    assert not terms.is_understood
    assert str(terms) == typed
