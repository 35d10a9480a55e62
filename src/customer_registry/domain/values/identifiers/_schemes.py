"""The numbers abroad that we know: scheme, whose it is, its separators and country prefixes.

Names and separators after the public documentation of python-stdnum; spaces separate everywhere,
`=` stands for no other separator. `person` marks numbers of natural persons alone.
"""

__all__ = ["ALIASES", "TABLE"]

TABLE = """\
ad.nrt either -.
al.nipt either - AL
ar.cuit either -
ar.dni person -.
at.businessid organization -./ FN
at.tin either -./,
at.uid organization -./ AT
au.abn either -
au.acn organization -
au.tfn either -
az.voen either -
be.bis person -.
be.nn person -.
be.ssn person -.
be.vat organization -./ BE
bg.egn person -.
bg.pnf person -.
bg.vat either -. BG
br.cnpj organization -./
br.cpf person -.
by.unp either - УНП UNP
ca.bn organization -
ca.sin person -
ch.ssn person -.
ch.uid organization -.
ch.vat organization -.
cl.rut either -. CL
co.nit either -.,
cr.cpf person =
cr.cpj organization -
cr.cr person -
cu.ni person -
cy.vat organization - CY
cz.dic either -/ CZ
cz.rc person -/
de.idnr person -./,
de.stnr either -./,
de.vat organization -./, DE
dk.cpr person -
dk.cvr organization -.,/: DK
do.cedula person -
do.rnc organization -
dz.nif either -
ec.ci person -
ec.ruc either -
ee.ik person -
ee.kmkr organization - EE
ee.registrikood organization -
eg.tn either -/
es.cif organization - ES
es.dni person -
es.nie person -
es.nif either - ES
eu.oss organization -
fi.alv organization - FI
fi.hetu person =
fi.veronumero person -
fi.ytunnus organization -
fo.vn either -. FO
fr.nif person -
fr.nir person -.
fr.siren organization -.
fr.siret organization -.
fr.tva organization -. FR
gb.utr either -
gb.vat organization -. GB XI
gh.tin either -
gn.nifp either -
gr.amka person -
gr.vat either -./: EL GR
gt.nit either -
hr.oib either - HR
hu.anum organization - HU
id.nik person -.
id.npwp either -.
ie.pps person -
ie.vat either - IE
il.hp organization -
il.idnr person -
in.aadhaar person -
in.gstin either -
in.pan either -
is.kennitala either -
is.vsk organization - IS
it.codicefiscale person -:
it.iva organization -: IT
jp.cn organization - T
jp.in person -
ke.pin either -
kr.brn organization -
kr.rrn person -
li.peid either .
lt.asmens person -
lt.pvm either - LT
lu.tva organization -.: LU
lv.pvn either - LV
ma.ice organization -
mc.tva organization -. FR
md.idno organization -
me.pib either -
mk.edb either - MK МК
mt.vat organization - MT
mu.nid person -
mx.curp person -_
mx.rfc either -_
my.nric person -*
mz.nuit either -.
nl.bsn person -.
nl.btw either -. NL
no.fodselsnummer person -:
no.mva organization - NO
no.orgnr organization -
nz.ird either - NZ
pe.cui person -
pe.ruc either -
pk.cnic person -
pl.nip either - PL
pl.pesel person -
pl.regon organization -
pt.cc person -
pt.nif either -. PT
py.ruc either -
ro.cf either - RO
ro.cnp person -
ro.cui organization - RO
rs.pib either -.
ru.inn either -
ru.ogrn organization -
se.orgnr organization -.
se.personnummer person :
se.vat organization -. SE
sg.uen organization -
si.ddv either - SI
si.emso person -
si.maticna organization -.
sk.dph either - SK
sk.rc person -/
sm.coe organization -.
sn.ninea organization -/,
sv.nit either - SV
th.moa organization -
th.pin person -
th.tin either -
tn.mf either -/.
tr.tckimlik person -
tr.vkn either -
ua.edrpou organization -
ua.rntrc person -
us.atin person -
us.ein organization -
us.itin person -
us.ptin person -
us.ssn person -
us.tin person -
uy.rut organization - UY
ve.rif either -
vn.mst either -.
za.idnr person -
za.tin either -/
"""

ALIASES = """\
abn au.abn
at.vat at.uid
au.gst au.abn
be.kbo be.vat
ca.gst ca.bn
ch.mwst ch.vat
cn.ric cn.resident_id
cnpj br.cnpj
cz.vat cz.dic
de.ust de.vat
de.ustid de.vat
dk.vat dk.cvr
ee.vat ee.kmkr
ein us.ein
el.vat gr.vat
es.vat es.nif
fi.vat fi.alv
fr.vat fr.tva
gb.vrn gb.vat
gr.afm gr.vat
gstin in.gstin
hk.br hk.brn
hr.vat hr.oib
hu.vat hu.anum
in.gst in.gstin
in.vat in.gstin
is.vat is.vsk
it.piva it.iva
it.vat it.iva
kr.vat kr.brn
lt.vat lt.pvm
lu.vat lu.tva
lv.vat lv.pvn
mc.vat mc.tva
nl.vat nl.btw
no.vat no.mva
nz.gst nz.ird
pl.vat pl.nip
pt.vat pt.nif
ro.vat ro.cf
si.vat si.ddv
siren fr.siren
siret fr.siret
sk.vat sk.dph
tw.ban tw.ubn
tw.vat tw.ubn
ubn tw.ubn
uk.vat gb.vat
us.fein us.ein
uscc cn.uscc
xi.vat gb.vat
社会信用代码 cn.uscc
组织机构代码 cn.org_code
纳税人识别号 cn.taxpayer
统一社会信用代码 cn.uscc
统一编号 tw.ubn
統一編號 tw.ubn
"""
