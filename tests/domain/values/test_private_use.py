import unicodedata

from customer_registry import CustomerRegistry
from customer_registry.domain.values.private_use import restored


def test_every_private_character_of_gbk_has_its_place_today():
    old = "".join(map(chr, range(0xE815, 0xE865)))
    assert "Co" not in {unicodedata.category(char) for char in restored(old)}
    assert len(set(restored(old))) == len(old)


def test_a_private_character_of_somebody_else_stays():
    assert restored("张\ue000\ue814\ue865") == "张\ue000\ue814\ue865"


def test_a_clerk_is_offered_the_rare_character_that_an_old_system_lost():
    (told,) = CustomerRegistry().check(kind="person", name="赵\ue863")
    assert (told.code, told.suggestion) == ("name.pua_char", "赵䶮")


def test_nothing_is_offered_for_a_character_that_nobody_knows():
    (told,) = CustomerRegistry().check(kind="person", name="赵\ue000")
    assert (told.code, told.suggestion) == ("name.pua_char", None)
