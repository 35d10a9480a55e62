"""What the readers of contacts make of one text, and in which country a number is dialled."""

import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, PolicyError
from customer_registry.exchange import open_sheet
from customer_registry.validation.validators import phone

BASE = {"kind": "organization", "name": "上海浦江贸易有限公司"}


def register(policy=None, **fields):
    return CustomerRegistry(policy=policy).register({**BASE, **fields}).customer


def codes(policy=None, **fields):
    return [issue.code for issue in CustomerRegistry(policy=policy).check({**BASE, **fields})]


def at(country):
    return [{"country": country, "street_address": "1"}]


def test_of_two_addresses_with_names_none_is_lost():
    typed = "Li Lei <li.lei@example.cn>; Han Meimei <han@example.cn>"
    assert codes(email=typed) == ["email.multiple"]


@pytest.mark.parametrize(
    ("typed", "name", "email"),
    [
        (
            '"Raoul Grosbedon" <raoul@chirurgiens-dentistes.fr> ',
            "Raoul Grosbedon",
            "raoul@chirurgiens-dentistes.fr",
        ),
        (
            " Raoul O'hara  <!@historicalsociety.museum>",
            "Raoul O'hara",
            "!@historicalsociety.museum",
        ),
        ("李雷＜li.lei@example.cn＞", "李雷", "li.lei@example.cn"),
        ('"Lei, Li" <li.lei@example.cn>', "Lei, Li", "li.lei@example.cn"),
        ("mailto:li.lei@example.cn", None, "li.lei@example.cn"),
        (
            "ryu+giga-Sushi@aizubange.fukushima.jp",
            None,
            "ryu+giga-Sushi@aizubange.fukushima.jp",
        ),
    ],
)
def test_a_contact_in_one_text_is_split_into_name_and_address(typed, name, email):
    (contact,) = register(contacts=[typed]).contacts

    assert (contact.name, [str(each) for each in contact.emails]) == (name, [email])


@pytest.mark.parametrize("typed", ["Raoul chirurgiens-dentistes.fr", "李雷 <li@>", "李雷@上海"])
def test_a_text_without_a_sound_address_is_the_contacts_name(typed):
    (contact,) = register(contacts=[typed]).contacts

    assert (contact.name, contact.emails) == (typed, ())


def test_a_customer_is_found_by_an_address_in_other_letters():
    registry = CustomerRegistry()
    registry.register({**BASE, "contacts": ["Raoul <raoul@chirurgiens-dentistes.fr>"]})

    (found,) = registry.find(email="raoul@CHIRURGIENS-dentistes.fr")

    assert found.contacts[0].name == "Raoul"


def test_an_address_behind_what_is_none_is_refused_and_suggested():
    report = CustomerRegistry().check(
        {**BASE, "email": "vlad.the.impaler.com, vlad.the.dragon@example.com"}
    )

    (issue,) = report
    assert (issue.code, issue.suggestion) == ("email.format", "vlad.the.dragon@example.com")


def test_a_text_that_is_no_address_is_told():
    assert codes(email="notanemail") == ["email.format"]


@pytest.mark.parametrize(
    ("country", "typed", "shown"),
    [
        ("ES", "666666666", "+34 666 66 66 66"),
        ("ES", "+442083661178", "+44 20 8366 1178"),
        ("NL", "0031765123456", "+31 76 512 3456"),
        ("BE", "0456998877", "+32 456 99 88 77"),
        ("HK", "2885 1234", "+852 2885 1234"),
        ("CA", "613-555-0177", "+1 613-555-0177"),
        ("GB", "020 7946 0000", "+44 20 7946 0000"),
    ],
)
def test_a_number_is_dialled_in_the_country_of_the_address(country, typed, shown):
    (phone,) = register(addresses=at(country), phone=typed).phones

    assert phone.international == shown


@pytest.mark.parametrize("typed", ["0031765123456", "+31765123456", "076 512 3456"])
def test_a_number_is_the_same_whichever_way_it_comes(typed, tmp_path):
    (tmp_path / "a.csv").write_text(f"客户名称,国家,电话\n甲,NL,'{typed}\n", "utf-8")
    (row,) = open_sheet(tmp_path / "a.csv").rows
    ways = [{"phone": typed}, {"contacts": [{"phones": [typed]}]}]
    customers = [register(addresses=at("NL"), **fields) for fields in ways]
    customers.append(register(**row.raw))
    found = {phone for customer in customers for phone in customer.phones}

    assert {str(phone) for phone in found} == {"+31765123456"}
    assert phone.given(country="NL").parse(typed) in found


@pytest.mark.parametrize("typed", ["0456998877", "456998877"])
def test_a_number_of_no_known_country_is_told_and_never_guessed(typed):
    (issue,) = CustomerRegistry().check({**BASE, "phone": typed})

    assert issue.code.startswith("phone.")
    assert issue.path == ("phone",)


@pytest.mark.parametrize(
    ("country", "region", "typed", "number"),
    [
        ("HK", "CN", "010-62345678", "+861062345678"),
        ("HK", "CN", "0755-86123456转801", "+8675586123456"),
        ("HK", "CN", "400-810-8888", "+864008108888"),
        ("GB", "CN", "13800138000", "+8613800138000"),
        ("FR", "CN", "138 0013 8000", "+8613800138000"),
        ("HK", "CN", "13800138000", "+8613800138000"),
        ("CN", "HK", "13800138000", "+8613800138000"),
        ("US", "CN", "13800138000", "+8613800138000"),
        ("DE", "CN", "13800138000", "+8613800138000"),
        ("CN", "GB", "0161 496 0000", "+441614960000"),
        ("CN", "FR", "01 42 68 53 00", "+33142685300"),
        ("CN", "US", "(999) 555-1234", "+869995551234"),
    ],
)
def test_a_number_unknown_there_is_dialled_in_the_companys_region(country, region, typed, number):
    policy = CompanyPolicy(region=region)
    (phone,) = register(policy, addresses=at(country), phone=typed).phones

    assert phone.number == number


@pytest.mark.parametrize(
    ("country", "region", "typed", "number"),
    [
        ("HK", "CN", "+852 01062345678", "+85201062345678"),
        ("US", "HK", "212 555 1234", "+12125551234"),
        ("CN", "HK", "62345678", "62345678;phone-context=+86"),
        ("CN", "US", "4155552671", "+864155552671"),
    ],
)
def test_a_number_possible_there_stays_there(country, region, typed, number):
    policy = CompanyPolicy(region=region)
    (phone,) = register(policy, addresses=at(country), phone=typed).phones

    assert phone.number == number


@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [
        ("US", "555-1234", "phone.too_short"),
        ("US", "95588", "phone.too_short"),
        ("GB", "12345", "phone.too_short"),
        ("HK", "0716-81234567", "phone.too_long"),
        ("HK", "+852 288", "phone.too_short"),
    ],
)
def test_what_is_another_number_in_every_town_is_not_dialled_at_home(country, typed, code):
    policy = CompanyPolicy(region="CN", area_code="010")

    assert codes(policy, addresses=at(country), phone=typed) == [code]
    assert codes(CompanyPolicy(region=country), phone=typed) == [code]


def test_a_company_accepts_mail_to_its_own_domains_without_a_word():
    policy = CompanyPolicy(special_domains=("corp.local",))

    assert codes(email="li@corp.local") == ["email.special_domain"]
    assert codes(policy, email="li@mail.corp.local") == []


@pytest.mark.parametrize("area_code", ["010", "0755", "029"])
def test_a_local_number_is_completed_by_the_companys_area_code(area_code):
    policy = CompanyPolicy(area_code=area_code)
    (phone,) = register(policy, phone="62345678转801").phones

    assert str(phone) == f"+86{area_code[1:]}62345678;ext=801"


@pytest.mark.parametrize("area_code", ["0139", "0400", "0950", "10", "０１０", "01", "07555"])
def test_a_company_has_no_area_code_that_completes_no_number(area_code):
    with pytest.raises(PolicyError):
        CompanyPolicy(area_code=area_code)


def test_a_contact_of_the_small_form_without_a_phone_is_told_at_its_field():
    report = CustomerRegistry().check(kind="organization", name="浦江贸易有限公司", contact="李雷")
    assert [(issue.code, issue.path) for issue in report] == [("contact.unreachable", ("contact",))]
