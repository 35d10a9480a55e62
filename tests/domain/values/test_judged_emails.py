"""E-mail addresses judged one by one: from the standards, from lists of hard cases, as typed."""

import pytest

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.email import EmailAddress

A64 = "a" * 64
B63 = "b" * 63

AS_TYPED = r"""
simple@example.com
very.common@example.com
FirstName.LastName@easier-to-read.org
x@example.com
long.email-address-with-hyphens@and.subdomains.example.com
user.name+tag+sorting@example.com
name/surname@example.com
admin@example.org
example@s.example
mailhost!username@example.org
user%example.com@example.org
user-@example.org
disposable.style.email.with+symbol@example.com
other.email-with-hyphen@example.com
fully-qualified-domain@example.com
email@subdomain.example.com
firstname+lastname@example.com
1234567890@example.com
email@example-one.com
_______@example.com
email@example.name
email@example.museum
email@example.co.jp
firstname-lastname@example.com
!@historicalsociety.museum
***@qq.com
zhang.san@example.com
ryu+giga-Sushi@aizubange.fukushima.jp
raoul@chirurgiens-dentistes.fr
test@io.io
test@nominet.org.uk
test@about.museum
a@iana.org
test@e.com
test@iana.a
test.test@iana.org
!#$%&`*+/=?^`{|}~@iana.org
123@iana.org
test@123.com
abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl@iana.org
test@mason-dixon.com
test@c--n.com
test@test.co.uk
customer/department=shipping@example.com
$A12345@example.com
!def!xyz%abc@example.com
_somename@example.com
dclo@us.ibm.com
peter.piper@example.com
user+mailbox@example.com
TEST@example.com
1@23456789.com
+1~1+@example.com
{_test_}@example.com
gatsby@f.sc.ot.t.f.i.tzg.era.l.d.com
weird-ish@but.valid.ru
email@x.co
niceandsimple@example.com
a.little.lengthy.but.fine@dept.example.com
valid@with-hyphen.com
o'brien@example.ie
zhang_san@163.com
12345678@qq.com
li-lei@vip.163.com
li.lei@sina.com.cn
li.lei@mail.tsinghua.edu.cn
lilei@foxmail.com
lilei@139.com
lilei@126.com
13800138000@139.com
-lilei@example.com
_@example.com
a@a.co
用户@例子.广告
张三@例子.公司
用户名@领域.电脑
伊昭傑@郵件.商務
我買@屋企.香港
二ノ宮@黒川.日本
медведь@с-балалайкой.рф
Pelé@example.com
δοκιμή@παράδειγμα.δοκιμή
संपर्क@डाटामेल.भारत
квіточка@пошта.укр
θσερ@εχαμπλε.ψομ
Dörte@Sörensen.example
jeff@臺網中心.tw
lilei@中国.cn
user@münchen.de
用户@example.com
ñoñó1234@server.com
葉士豪@臺網中心.tw
อีเมลทดสอบ@ยูเอทดสอบ.ไทย
a@faß.de
a@straße.de
user@domain.invalid
user@domain.test
user@printer.local
user@sub.domain.localhost
root@some.onion
hostmaster@in-addr.arpa
user@example.example
user@test.com
user@localhost.com
user@local.dev
user@corp.internal
user@home.lan
""".strip("\n").split("\n")

OTHERWISE = [
    *(("jeff@xn--xample-9ua.com", "jeff@éxample.com"), ("JOHN@EXAMPLE.COM", "JOHN@example.com")),
    *(("li.lei@Example.Com", "li.lei@example.com"), (" li.lei@example.com ", "li.lei@example.com")),
    ("li.lei@example.com\n", "li.lei@example.com"),
    ("\tli.lei@example.com", "li.lei@example.com"),
    ("\u3000li.lei@example.com\u3000", "li.lei@example.com"),
    ("li.lei@example.com\u200b", "li.lei@example.com"),
    ("\ufeffli.lei@example.com", "li.lei@example.com"),
    ("ｌｉ．ｌｅｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", "li.lei@example.com"),
    ("li.lei＠example.com", "li.lei@example.com"),
    ("li.lei@example．com", "li.lei@example.com"),
    ("li.lei@example。com", "li.lei@example.com"),
    ("li.lei@example｡com", "li.lei@example.com"),
    ("１２３４５@qq.com", "12345@qq.com"),
    ("<li.lei@example.com>", "li.lei@example.com"),
    ("＜li.lei@example.com＞", "li.lei@example.com"),
    ("< li.lei@example.com >", "li.lei@example.com"),
    ("user@MÜNCHEN.de", "user@münchen.de"),
    ("user@xn--mnchen-3ya.de", "user@münchen.de"),
    ("e\u0301@example.com", "é@example.com"),
    ("ﬁ@example.com", "fi@example.com"),
    ("user@EXAMPLE.TEST", "user@example.test"),
    (f"{A64}@example.com", f"{A64}@example.com"),
    (f"a@{B63}.com", f"a@{B63}.com"),
    (f"{A64}@{B63}.{B63}.{'b' * 57}.com", f"{A64}@{B63}.{B63}.{'b' * 57}.com"),
    ("张" * 21 + "@example.com", "张" * 21 + "@example.com"),
]

REFUSED = r"""
plainaddress
@
@example.com
li.lei@
li.lei
li.lei.example.com
#@%^%#$@#$@#.com
email.example.com
email@example@example.com
a@b@c@example.com
.email@example.com
email.@example.com
email..email@example.com
Abc..123@example.com
email@example..com
email@.example.com
email@example.com.
email@-example.com
email@example-.com
email@example
email@localhost
admin@mailserver1
root@home
email@111.222.333.44444
email@127.0.0.1
email@[127.0.0.1]
email@[123.123.123.123]
postmaster@[IPv6:2001:0db8:85a3::8a2e:0370:7334]
email@[IPv6:::1]
email@[]
"john..doe"@example.org
" "@example.org
"much.more unusual"@example.com
"very.unusual.@.unusual.com"@example.com
"Abc@def"@example.com
"Joe.\\Blow"@example.com
""@iana.org
"test@iana.org
test"@iana.org
a"b(c)d,e:f;g<h>i[j\k]l@example.com
just"not"right@example.com
this is"not\allowed@example.com
this\ still\"not\\allowed@example.com
Joe Smith <email@example.com
email@example.com (Joe Smith)
(comment)test@iana.org
test@iana(comment).org
john.smith(comment)@example.com
test.(comment)test@iana.org
i.like.underscores@but_they_are_not_allowed_in_this_part
email@exa_mple.com
user@_example.com
email@example.web1
email@example.123
email@1.2.3
email@ex ample.com
e mail@example.com
li lei@example.com
li.lei @example.com
li.lei@ example.com
email@example .com
email@exam\ple.com
email@example.com/path
email@example.com:25
email@example.com?subject=x
email@example.com#x
email@exam!ple.com
email@exam*ple.com
email@exam%ple.com
email@exam$ple.com
email@exam&ple.com
http://example.com
https://user@example.com
www.example.com
li.lei#example.com
li.lei(at)example.com
li.lei at example.com
li.lei[at]example.com
li.leiⓐexample.com
li:lei@example.com
li;lei@example.com
li,lei@example.com
li<lei@example.com
li(lei)@example.com
li[lei]@example.com
li\lei@example.com
li"lei@example.com
email@ab--cd.com
email@xn--zzzzzzzz.com
email@xn--.com
email@-.com
email@..com
email@.
.@example.com
..@example.com
email@example,com
email@example，com
email@example、com
email@example;com
email@example.com,
email@example.com，
email@example.com;
email@example.com；
email@example.com。
email@example.com、
,email@example.com
邮箱：email@example.com
邮箱:email@example.com
E-mail: email@example.com
Email:email@example.com
email@example.com(李雷)
email@example.com（李雷）
李雷 email@example.com
李雷<email@example.com>
"李雷" <email@example.com>
mailto:email@example.com
email@@example.com
email＠@example.com
email@example@com
email!example.com
zhang san@qq.com
zhang。san@qq.com
zhang、san@qq.com
无
暂无
没有
N/A
-
/
13800138000
qq:12345678
12345678
email@*.com
用户@例子
用户@例子..公司
用户@-例子.公司
用户@例子_公司.cn
email@☃.net
email@♡.com
email@😀.com
""".strip("\n").split("\n")

OTHER_REFUSALS = [
    ("", "email.format"),
    ("a@b.com;c@d.com", "email.multiple"),
    ("a@b.com；c@d.com", "email.multiple"),
    ("a@b.com,c@d.com", "email.multiple"),
    ("a@b.com, c@d.com", "email.multiple"),
    ("a@b.com，c@d.com", "email.multiple"),
    ("a@b.com、c@d.com", "email.multiple"),
    ("a@b.com c@d.com", "email.multiple"),
    ("a@b.com\nc@d.com", "email.multiple"),
    ("a@b.com\tc@d.com", "email.multiple"),
    ("a@b.com/c@d.com", "email.multiple"),
    ("a@b.com|c@d.com", "email.multiple"),
    ("a@b.com或c@d.com", "email.multiple"),
    ("a@b.com和c@d.com", "email.multiple"),
    ("李雷 <a@b.com>, 韩梅梅 <c@d.com>", "email.multiple"),
    ("a@b.com;", "email.format"),
    ("email@exam\x00ple.com", "text.forbidden"),
    ("email@exam\u202eple.com", "text.forbidden"),
    ("em\ud800ail@example.com", "text.forbidden"),
    ("em\x7fail@example.com", "text.forbidden"),
    (f"a{A64}@example.com", "email.too_long"),
    (f"a@b{B63}.com", "email.format"),
    (f"{A64}@{B63}.{B63}.{'b' * 58}.com", "email.too_long"),
    (f"a@{B63}.{B63}.{B63}.{B63}.com", "email.too_long"),
    (f"a@{'b.' * 127}com", "email.too_long"),
    ("张" * 22 + "@example.com", "email.too_long"),
]


def verdict(typed):
    try:
        return str(EmailAddress.parse(typed))
    except InvalidValue as refused:
        return refused.code


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_sound_address_is_kept_as_typed(typed):
    assert verdict(typed) == typed.rpartition("@")[0] + "@" + typed.rpartition("@")[2].lower()


@pytest.mark.parametrize(("typed", "canonical"), OTHERWISE)
def test_an_untidy_address_is_kept_tidied(typed, canonical):
    assert verdict(typed) == canonical


@pytest.mark.parametrize("typed", REFUSED)
def test_what_no_mail_server_of_the_net_is_asked_for_is_refused(typed):
    assert verdict(typed) == "email.format"


@pytest.mark.parametrize(("typed", "code"), OTHER_REFUSALS)
def test_a_refusal_tells_what_is_wrong(typed, code):
    assert verdict(typed) == code
