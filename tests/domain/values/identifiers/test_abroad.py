"""One sound and one wrong number of every scheme, as the schemes' public documents give them."""

import importlib
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue, MissingExtra
from customer_registry.domain.values.identifiers import abroad
from customer_registry.domain.values.identifiers.schemes import aliases, schemes
from customer_registry.domain.values.tax import CHECKED_SCHEMES, TaxIdentifier

# scheme | as typed | canonical | wrong | what is wrong with it
EXAMPLES = """
ad.nrt | U-132950-X | U132950X | A132950X | component
al.nipt | AL J 91402501 L | J91402501L | Z91402501L | format
ar.cuit | 20-05536168-2 | 20055361682 | 20055361680 | check_digit
ar.dni | 20.123.456 | 20123456 | 2012345611111111111 | format
at.businessid | FN 122119m | 122119M | 122119 | format
at.tin | 59-119/9013 | 591199013 | 591199010 | check_digit
at.uid | AT U13585627 | U13585627 | U13585620 | check_digit
au.abn | 83 914 571 673 | 83914571673 | 83914571670 | check_digit
au.acn | 004 085 616 | 004085616 | 004085610 | check_digit
au.tfn | 123 456 782 | 123456782 | 123456780 | check_digit
az.voen | 140 155 5071 | 1401555071 | 1401555001 | check_digit
be.bis | 98 47 28 997 65 | 98472899765 | 98472899760 | check_digit
be.nn | 85 07 30 033 28 | 85073003328 | 85073003320 | check_digit
be.ssn | 85 07 30 033 28 | 85073003328 | 85073003320 | check_digit
be.vat | BE 428759497 | 0428759497 | 0428759490 | check_digit
bg.egn | 8032056031 | 8032056031 | 8032056030 | check_digit
bg.pnf | 7111 042 925 | 7111042925 | 7111042920 | check_digit
bg.vat | 175074752 | 175074752 | 175074750 | check_digit
br.cnpj | 16.727.230/0001-97 | 16727230000197 | 16727230000190 | check_digit
br.cpf | 390.533.447-05 | 39053344705 | 39053344700 | check_digit
by.unp | 200988541 | 200988541 | 200988540 | check_digit
ca.bn | 12302 6635 | 123026635 | 123026630 | check_digit
ca.sin | 123-456-782 | 123456782 | 123456780 | check_digit
ch.ssn | 7569217076985 | 7569217076985 | 7569217076980 | check_digit
ch.uid | CHE-100.155.212 | CHE100155212 | CHE100155210 | check_digit
ch.vat | CHE-107.787.577 IVA | CHE107787577IVA | CHE107787570IVA | check_digit
cl.rut | 76086428-5 | 760864285 | 760864280 | check_digit
co.nit | 213.123.432-1 | 2131234321 | 2131234320 | check_digit
cr.cpf | 3-0455-0175 | 0304550175 | 1304550175 | component
cr.cpj | 3-101-999999 | 3101999999 | 3100999999 | component
cr.cr | 155812994816 | 155812994816 | 055812994816 | component
cu.ni | 91021027775 | 91021027775 | 91020027775 | component
cy.vat | CY-10259033P | 10259033P | 10259033A | check_digit
cz.dic | CZ 25123891 | 25123891 | 25123890 | check_digit
cz.rc | 710319/2745 | 7103192745 | 7103192740 | check_digit
de.idnr | 36 574 261 809 | 36574261809 | 36574261800 | check_digit
de.stnr | 181/815/0815 5 | 18181508155 | 1818150815511111111111 | format
de.vat | DE136695976 | 136695976 | 136695970 | check_digit
dk.cpr | 211062-5629 | 2110625629 | 2110325629 | component
dk.cvr | DK 13585628 | 13585628 | 13585620 | check_digit
do.cedula | 00113918205 | 00113918205 | 00113918200 | check_digit
do.rnc | 1-01-85004-3 | 101850043 | 101850040 | check_digit
dz.nif | 416001000000007 | 416001000000007 | 41600100000000 | format
ec.ci | 171430710-3 | 1714307103 | 1714307100 | check_digit
ec.ruc | 1792060346-001 | 1792060346001 | 1702060346001 | check_digit
ee.ik | 36805280109 | 36805280109 | 36805280100 | check_digit
ee.kmkr | 100594102 | 100594102 | 100594100 | check_digit
ee.registrikood | 12345678 | 12345678 | 12345670 | check_digit
eg.tn | 100-531-385 | 100531385 | 10053138 | format
es.cif | J99216582 | J99216582 | J99216580 | check_digit
es.dni | 54362315-K | 54362315K | 54362315A | check_digit
es.nie | x-2482300w | X2482300W | X2482300A | check_digit
es.nif | B64717838 | B64717838 | B64717830 | check_digit
eu.oss | EU 372022452 | EU372022452 | EU370022452 | component
fi.alv | FI 20774740 | 20774740 | 20774741 | check_digit
fi.hetu | 131052-308T | 131052-308T | 131052-308A | check_digit
fi.veronumero | 123456789123 | 123456789123 | 12345678912 | format
fi.ytunnus | 2077474-0 | 20774740 | 20774741 | check_digit
fo.vn | 623857 | 623857 | 62385 | format
fr.nif | 3023217600053 | 3023217600053 | 3023217600050 | check_digit
fr.nir | 2 95 10 99 126 111 93 | 295109912611193 | 295109912611190 | check_digit
fr.siren | 404833048 | 404833048 | 404833040 | check_digit
fr.siret | 73282932000074 | 73282932000074 | 73282932000070 | check_digit
fr.tva | 23334175221 | 23334175221 | 23334175220 | check_digit
gb.utr | 1955839661 | 1955839661 | 1955839662 | check_digit
gb.vat | GB 980 7806 84 | 980780684 | 980780680 | check_digit
gh.tin | C0000803561 | C0000803561 | C0000803560 | check_digit
gn.nifp | 693770885 | 693770885 | 693770880 | check_digit
gr.amka | 01013099997 | 01013099997 | 01013099990 | check_digit
gr.vat | EL 094259216 | 094259216 | 094259210 | check_digit
gt.nit | 576937-K | 576937K | 576930K | check_digit
hr.oib | HR 33392005961 | 33392005961 | 33392005960 | check_digit
hu.anum | HU-12892312 | 12892312 | 12892310 | check_digit
id.nik | 3171011708450001 | 3171011708450001 | 3171011700450001 | component
id.npwp | 01.312.166.0-091.000 | 013121660091000 | 013121661091000 | check_digit
ie.pps | 1234567FA | 1234567FA | 1234567AA | check_digit
ie.vat | IE 6433435F | 6433435F | 6433435A | check_digit
il.hp | 516179157 | 516179157 | 516179150 | check_digit
il.idnr | 3933742-3 | 039337423 | 039337420 | check_digit
in.aadhaar | 234123412346 | 234123412346 | 234123412340 | check_digit
in.gstin | 27AAPFU0939F1ZV | 27AAPFU0939F1ZV | 27AAPFU0939F1ZA | check_digit
in.pan | ACUPA7085R | ACUPA7085R | ACUZA7085R | component
is.kennitala | 020884-2749 | 0208842749 | 0208842709 | check_digit
is.vsk | IS 00621 | 00621 | 0062 | format
it.codicefiscale | MRTNTN23M02D969P | MRTNTN23M02D969P | MRTNTN23M02D969A | check_digit
it.iva | IT 00743110157 | 00743110157 | 00743110150 | check_digit
jp.cn | 5-8356-7825-6246 | 5835678256246 | 5835678256240 | check_digit
jp.in | 6214 9832 0257 | 621498320257 | 621498320250 | check_digit
ke.pin | P051365947M | P051365947M | Z051365947M | format
kr.brn | 116-82-00276 | 1168200276 | 0168200276 | component
kr.rrn | 971013-9019902 | 9710139019902 | 9710139019900 | check_digit
li.peid | 00001234567 | 1234567 | 123456711111111111 | format
lt.asmens | 33309240064 | 33309240064 | 33309240060 | check_digit
lt.pvm | 119511515 | 119511515 | 119511510 | check_digit
lu.tva | LU 150 274 42 | 15027442 | 15027440 | check_digit
lv.pvn | LV 4000 3521 600 | 40003521600 | 40003521601 | check_digit
ma.ice | 001561191000066 | 001561191000066 | 001561191000060 | check_digit
mc.tva | 53 0000 04605 | FR53000004605 | FR53000004600 | check_digit
md.idno | 1008600038413 | 1008600038413 | 1008600038410 | check_digit
me.pib | 02655284 | 02655284 | 02655280 | check_digit
mk.edb | 4030000375897 | 4030000375897 | 4030000375890 | check_digit
mt.vat | MT 1167-9112 | 11679112 | 11679110 | check_digit
mu.nid | A0503022303817 | A0503022303817 | A0503022303810 | check_digit
mx.curp | BOXW310820HNERXN09 | BOXW310820HNERXN09 | BOXW310820HNERXN00 | check_digit
mx.rfc | VACE-460910-SX6 | VACE460910SX6 | VACE460900SX6 | component
my.nric | 770305-02-1234 | 770305021234 | 770305001234 | component
mz.nuit | 400339910 | 400339910 | 400339911 | check_digit
nl.bsn | 1112.22.333 | 111222333 | 111222330 | check_digit
nl.btw | 004495445B01 | 004495445B01 | 004495440B01 | check_digit
no.fodselsnummer | 151086 95088 | 15108695088 | 15108695080 | check_digit
no.mva | NO 995 525 828 MVA | 995525828MVA | 995525820MVA | check_digit
no.orgnr | 988 077 917 | 988077917 | 988077910 | check_digit
nz.ird | 4909185-0 | 49091850 | 49091851 | check_digit
pe.cui | 10117410 | 10117410 | 1011741 | format
pe.ruc | 20512333797 | 20512333797 | 20512333790 | check_digit
pk.cnic | 34201-0891231-8 | 3420108912318 | 3420108912310 | component
pl.nip | PL 8567346215 | 8567346215 | 8567346210 | check_digit
pl.pesel | 44051401359 | 44051401359 | 44051401350 | check_digit
pl.regon | 192598184 | 192598184 | 192598180 | check_digit
pt.cc | 00000000 0 ZZ4 | 000000000ZZ4 | 000000000ZZ0 | check_digit
pt.nif | PT 501 964 843 | 501964843 | 501964840 | check_digit
py.ruc | 80028061-0 | 800280610 | 800280611 | check_digit
ro.cf | RO 185 472 90 | 18547290 | 18547291 | check_digit
ro.cnp | 1630615123457 | 1630615123457 | 1630615123450 | check_digit
ro.cui | 185 472 90 | 18547290 | 18547291 | check_digit
rs.pib | 101134702 | 101134702 | 101134700 | check_digit
ru.inn | 123456789047 | 123456789047 | 123456789040 | check_digit
ru.ogrn | 1022200525819 | 1022200525819 | 1022200525810 | check_digit
se.orgnr | 1234567897 | 1234567897 | 1234567890 | check_digit
se.personnummer | 880320-0016 | 880320-0016 | 880320-0010 | check_digit
se.vat | SE 123456789701 | 123456789701 | 123456789001 | check_digit
sg.uen | 00192200M | 00192200M | 00192200A | check_digit
si.ddv | SI 5022 3054 | 50223054 | 50223050 | check_digit
si.emso | 0101006500006 | 0101006500006 | 0101006500000 | check_digit
si.maticna | 9331310000 | 9331310 | 9331311 | check_digit
sk.dph | SK 202 274 96 19 | 2022749619 | 2022749610 | check_digit
sk.rc | 710319/2745 | 7103192745 | 7103192740 | check_digit
sm.coe | 51 | 51 | 50 | component
sn.ninea | 306 7221 | 3067221 | 3067220 | check_digit
sv.nit | 0614-050707-104-8 | 06140507071048 | 06140507071040 | check_digit
th.moa | 0994000617721 | 0994000617721 | 0994000617720 | check_digit
th.pin | 3100600445635 | 3100600445635 | 3100600445630 | check_digit
th.tin | 1-2345-45678-78-1 | 1234545678781 | 1234545678780 | format
tn.mf | 1234567/M/A/E/001 | 1234567MAE001 | 1234567MAA001 | format
tr.tckimlik | 17291716060 | 17291716060 | 17291716061 | check_digit
tr.vkn | 4540536920 | 4540536920 | 4540536921 | check_digit
ua.edrpou | 32855961 | 32855961 | 32855960 | check_digit
ua.rntrc | 1759013776 | 1759013776 | 1759013770 | check_digit
us.atin | 123-45-6789 | 123456789 | 12345678 | format
us.ein | 91-1144442 | 911144442 | 961144442 | component
us.itin | 912-90-3456 | 912903456 | 912933456 | component
us.ptin | P-00634642 | P00634642 | A00634642 | format
us.ssn | 536-90-4399 | 536904399 | 536004399 | component
us.tin | 123-45-6789 | 123456789 | 12345678 | format
uy.rut | 21-100342-001-7 | 211003420017 | 211003420010 | check_digit
ve.rif | V-11470283-4 | V114702834 | V114702830 | check_digit
vn.mst | 0100233488 | 0100233488 | 0100233480 | check_digit
za.idnr | 7503305044089 | 7503305044089 | 7503305044080 | check_digit
za.tin | 0001339050 | 0001339050 | 0001339051 | check_digit
"""
ROWS = [[part.strip() for part in row.split("|")] for row in EXAMPLES.strip().splitlines()]
ZEROS_OF_THE_LIBRARY = {"cr.cpf", "il.idnr", "li.peid", "si.maticna", "mc.tva", "tn.mf"}
UNTIDY = "0123456789ABCXZÑ&*+-./ \u200b\u0661²Ⅷ①İßΑА_'漢"


def refused(typed, scheme):
    with pytest.raises(InvalidValue) as refusal:
        abroad.canonical(typed, scheme)
    return refusal.value


def test_every_scheme_has_its_example():
    assert {row[0] for row in ROWS} == schemes().keys()


@pytest.mark.parametrize(("scheme", "typed", "kept"), [row[:3] for row in ROWS])
def test_a_sound_number_is_written_in_its_canonical_form(scheme, typed, kept):
    assert abroad.canonical(typed, scheme) == kept
    assert abroad.canonical(kept, scheme) == kept
    assert abroad.canonical(f" {kept.lower()} ", scheme) == kept


@pytest.mark.parametrize(("scheme", "wrong", "fault"), [(row[0], *row[3:]) for row in ROWS])
def test_a_wrong_number_is_refused_by_its_fault_and_does_not_show(scheme, wrong, fault):
    refusal = refused(wrong, scheme)
    assert (refusal.code, dict(refusal.params)) == (f"tax_number.{fault}", {"scheme": scheme})
    assert wrong not in str(refusal)


@pytest.mark.parametrize(("scheme", "typed", "kept"), [row[:3] for row in ROWS])
def test_the_core_writes_a_number_as_the_check_does(scheme, typed, kept):
    identifier = TaxIdentifier.parse(typed, scheme)
    assert identifier.scheme == scheme
    assert not identifier.is_checked
    assert TaxIdentifier.parse(str(identifier), scheme) == identifier
    if scheme not in ZEROS_OF_THE_LIBRARY:
        assert str(identifier) == kept


@pytest.mark.parametrize(
    ("typed", "scheme", "kept"),
    [
        ("DE123456788", "de.tax", "123456788"),
        ("201/123/12340", "de.tax", "20112312340"),
        ("EU528003646", "eu.vat", "EU528003646"),
        ("EU528003646", "ca.tax", "EU528003646"),
        ("215521750017", "uy.rut", "215521750017"),
        ("220018800014", "uy.rut", "220018800014"),
        ("21-55217500-17", "uy.tax", "215521750017"),
        ("21 55217500 17", "uy.rut", "215521750017"),
        ("UY215521750017", "uy.rut", "215521750017"),
        ("RORO790707I47", "mx.tax", "RORO790707I47"),
        ("152-0000706-8", "do.tax", "15200007068"),
        ("4-01-00707-1", "do.tax", "401007071"),
        ("BE0477472701", "be.tax", "0477472701"),
        ("BE 477 472 701", "eu.vat", "BE0477472701"),
        ("GR 94259216", "eu.vat", "EL094259216"),
        ("XI 980 7806 84", "eu.vat", "XI980780684"),
        ("GB 980 7806 84", "uk.vat", "980780684"),
        ("NL4495445B01", "eu.vat", "NL004495445B01"),
        ("FR 83 404833048", "fr.vat", "83404833048"),
        ("1793213150001", "ec.ruc", "1793213150001"),
        ("001099012345", "vn.mst", "001099012345"),
        ("331-105-268", "eg.tn", "331105268"),
        ("٣٣١-١٠٥-٢٦٨", "eg.tn", "331105268"),
    ],
)
def test_the_cases_of_practice_pass(typed, scheme, kept):
    assert abroad.canonical(typed, scheme) == kept


@pytest.mark.parametrize(
    ("typed", "scheme", "fault"),
    [
        ("136695978", "de.tax", "check_digit"),
        ("EU528003646", "be.tax", "format"),
        ("215521750018", "uy.rut", "check_digit"),
        ("21.55217500.17", "uy.rut", "format"),
        ("2155 ABC 21750017", "uy.rut", "format"),
        ("RORORORO1234567897", "be.tax", "format"),
        ("152-0000706-7", "do.tax", "check_digit"),
        ("10123457890", "do.tax", "check_digit"),
        ("152-0000706-99", "do.tax", "format"),
        ("BE0477472702", "eu.vat", "check_digit"),
        ("US123456789", "eu.vat", "format"),
        ("DE12345678", "eu.vat", "format"),
        ("", "de.vat", "format"),
        ("-", "de.vat", "format"),
        ("1" * 60, "de.vat", "format"),
        ("V0022862X04", "gh.tin", "format"),
    ],
)
def test_the_cases_of_practice_are_refused(typed, scheme, fault):
    assert refused(typed, scheme).code == f"tax_number.{fault}"


def test_a_scheme_that_nobody_knows_is_not_checked():
    assert refused("1", "zz.tax").code == "tax_id.not_checked"
    assert not abroad.knows("zz.tax")
    assert not abroad.knows("unchecked")


@pytest.mark.parametrize("scheme", ["cn.uscc", "tw.ubn", "hk.brn"])
def test_numbers_of_our_own_are_not_asked_elsewhere(scheme):
    assert not abroad.knows(scheme)


def test_another_name_leads_to_its_scheme():
    assert set(aliases().values()) <= {*schemes(), *CHECKED_SCHEMES}
    assert aliases().keys().isdisjoint(schemes())
    assert all(abroad.knows(name) for name, scheme in aliases().items() if scheme in schemes())


def test_a_number_is_read_in_every_way_it_may_be():
    for typed in ("BE500923836", "500923836"):
        assert ("eu.vat", "BE0500923836") in abroad.readings(typed)
    assert abroad.readings("500923836", ["be.vat"]) == (("be.vat", "0500923836"),)
    assert abroad.readings("500923837", ["be.vat"]) == ()


def test_without_the_library_it_says_what_to_install(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(MissingExtra, match="tax"):
        abroad.canonical("123456788", "de.vat")


def test_knowing_the_schemes_does_not_need_the_library():
    before = {name for name in sys.modules if name.startswith("stdnum")}
    assert all(map(abroad.knows, schemes()))
    assert {name for name in sys.modules if name.startswith("stdnum")} == before


@settings(max_examples=1000)
@given(
    st.sampled_from([*schemes(), "eu.vat", "de.tax", "do.tax"]),
    st.text(st.characters(), max_size=30) | st.text(UNTIDY, max_size=22),
)
def test_any_text_is_a_number_or_is_refused(scheme, typed):
    try:
        number = abroad.canonical(typed, scheme)
    except InvalidValue:
        return
    assert abroad.canonical(number, scheme) == number


@settings(max_examples=1000)
@given(
    st.sampled_from([(row[0], row[2]) for row in ROWS]),
    st.integers(0, 20),
    st.integers(0, 3),
    st.text(UNTIDY, max_size=3),
)
def test_a_damaged_number_is_a_number_or_is_refused(example, at, lost, damage):
    scheme, kept = example
    typed = kept[:at] + damage + kept[at + lost :]
    try:
        number = abroad.canonical(typed, scheme)
    except InvalidValue:
        return
    assert abroad.canonical(number, scheme) == number


def test_a_text_of_any_length_is_refused_at_once():
    assert refused("1" * 1_000_000, "de.vat").code == "too_long"


WEIGHED = ["au.abn", "be.vat", "dk.cvr", "fr.siren", "it.iva", "pl.nip", "pt.nif", "uy.rut"]


@pytest.mark.parametrize("scheme", WEIGHED)
def test_every_single_wrong_digit_is_found(scheme):
    kept = next(row[2] for row in ROWS if row[0] == scheme)
    for at, digit in enumerate(kept):
        for other in set("0123456789") - {digit}:
            refused(kept[:at] + other + kept[at + 1 :], scheme)


@pytest.mark.parametrize("scheme", ["dk.cvr", "pl.nip", "pt.nif", "uy.rut"])
def test_every_swap_of_neighbours_is_found(scheme):
    kept = next(row[2] for row in ROWS if row[0] == scheme)
    for at in range(len(kept) - 1):
        if kept[at] != kept[at + 1]:
            refused(kept[:at] + kept[at + 1] + kept[at] + kept[at + 2 :], scheme)
