import pytest

from customer_registry import CodePattern, CustomerRegistry, StorageFull
from customer_registry.registration.load import load
from customer_registry.testing import make_raw, uscc

GOOD = [make_raw("organization", seed) for seed in range(5)]
BAD = {"kind": "organization", "name": "", "website": "nowhere"}


def outcomes(report):
    return [str(row.outcome) for row in report]


def test_every_row_has_its_report_in_order():
    report = CustomerRegistry().load(GOOD)
    assert [row.row for row in report] == [1, 2, 3, 4, 5]
    assert [str(row.code) for row in report] == [f"C{at:06}" for at in range(1, 6)]
    assert outcomes(report) == ["registered"] * 5


def test_a_bad_row_costs_nobody_and_no_number():
    registry = CustomerRegistry()
    report = registry.load([GOOD[0], BAD, GOOD[1]])
    assert outcomes(report) == ["registered", "refused", "registered"]
    assert str(registry.get("C000002").name) == GOOD[1]["name"]


def test_a_refused_row_tells_everything_and_what_was_typed():
    (row,) = CustomerRegistry().load([BAD])
    assert [issue.code for issue in row.report.errors] == ["name.required", "website.format"]
    assert row.report.echo == BAD
    assert row.code is None


def test_a_row_that_shares_a_key_with_an_earlier_one_is_refused():
    second = {**GOOD[1], "tax_identifiers": GOOD[0]["tax_identifiers"]}
    report = CustomerRegistry().load([GOOD[0], second, GOOD[2]])
    assert outcomes(report) == ["registered", "refused", "registered"]
    assert report.refused[0].report.errors[0].code == "tax_id.duplicate"


def test_a_row_that_only_the_store_refuses_is_taken_back_alone():
    registry = CustomerRegistry(rules=[])
    second = {**GOOD[1], "tax_identifiers": GOOD[0]["tax_identifiers"]}
    report = registry.load([GOOD[0], second, GOOD[2]])
    assert outcomes(report) == ["registered", "refused", "registered"]
    assert str(report.rows[2].code) == "C000002"


def test_a_batch_that_is_saved_again_tells_the_same_as_rows_saved_one_by_one():
    second = {**GOOD[1], "tax_identifiers": GOOD[0]["tax_identifiers"]}
    rows = [GOOD[0], second, GOOD[0], second, GOOD[2], BAD, GOOD[2]]
    together, apart = (
        load(CustomerRegistry(rules=[])._office, rows, batch=size) for size in (200, 1)
    )
    assert outcomes(together)[:4] == ["registered", "refused", "repeated", "refused"]
    for one, other in zip(together, apart, strict=True):
        assert (one.row, one.outcome, one.code) == (other.row, other.outcome, other.code)
        assert one.report == other.report


def test_an_equal_row_is_told_and_not_registered_twice():
    same = dict(reversed(GOOD[0].items()))
    report = CustomerRegistry().load([GOOD[0], GOOD[1], same])
    assert outcomes(report) == ["registered", "registered", "repeated"]
    assert report.rows[2].report.lines("zh") == ("与第1行内容相同，未重复登记",)


def test_an_equal_row_is_told_across_batches():
    registry = CustomerRegistry()
    report = load(registry._office, [GOOD[0], GOOD[1], GOOD[0]], batch=1)
    assert outcomes(report) == ["registered", "registered", "repeated"]


def test_a_row_equal_to_a_refused_one_is_refused_for_the_same_reasons():
    first, second = CustomerRegistry().load([BAD, BAD])
    assert first.report == second.report
    assert (first.outcome, second.outcome) == ("refused", "refused")


def test_a_second_run_registers_nobody_twice():
    registry = CustomerRegistry()
    first = registry.load([*GOOD, BAD])
    second = registry.load([*GOOD, BAD])
    assert outcomes(second) == ["replayed"] * 5 + ["refused"]
    assert [row.code for row in second] == [row.code for row in first]
    assert len(registry.search(limit=100)) == 5


def test_a_corrected_row_is_registered_in_the_second_run():
    registry = CustomerRegistry()
    registry.load([GOOD[0], BAD])
    report = registry.load([GOOD[0], {**BAD, "name": "乙公司", "website": None}])
    assert outcomes(report) == ["replayed", "registered"]


@pytest.mark.parametrize("row", [None, 5, "王芳", ["王芳"], {}, {"self": 1}, object()], ids=type)
def test_a_row_that_is_no_customer_is_refused(row):
    report = CustomerRegistry().load([GOOD[0], row])
    assert outcomes(report) == ["registered", "refused"]


def test_rows_without_a_customer_are_told_apart():
    report = CustomerRegistry().load([object(), [1], object(), {1: 2}])
    assert all(row.report.issues for row in report)


def test_progress_is_told_after_every_batch():
    done = []
    load(CustomerRegistry()._office, GOOD, on_progress=done.append, batch=2)
    assert done == [2, 4, 5]


def test_the_front_door_tells_progress():
    done = []
    CustomerRegistry().load(iter(GOOD), on_progress=done.append)
    assert done == [5]


def test_no_rows_are_no_work():
    done = []
    report = CustomerRegistry().load([], on_progress=done.append)
    assert (len(report), done) == (0, [])


def test_the_counts_are_over_rows():
    warned = {"kind": "person", "name": "王芳", "phone": "95588"}
    report = CustomerRegistry().load([GOOD[0], warned, BAD, GOOD[0]])
    assert len(report.registered) == 2
    assert [row.row for row in report.warned] == [2]
    assert [row.row for row in report.refused] == [3]


def test_numbers_that_are_used_up_refuse_the_rest_row_by_row():
    registry = CustomerRegistry(codes=CodePattern("K{number:1,start=8}"))
    report = registry.load(GOOD)
    assert outcomes(report) == ["registered"] * 2 + ["refused"] * 3
    assert [issue.code for issue in report.rows[2].report.errors] == ["code.sequence_overflow"]
    assert report.rows[2].report.echo == GOOD[2]


def test_hooks_run_for_new_customers_only_and_after_their_batch():
    seen = []
    registry = CustomerRegistry(hooks=[lambda receipt: seen.append(str(receipt.customer.code))])
    registry.load([GOOD[0], BAD])
    registry.load([GOOD[0], GOOD[1]])
    assert seen == ["C000001", "C000002"]


def test_a_hook_that_fails_is_told_in_its_row():
    def broken(receipt):
        raise RuntimeError("host's bug")

    (row,) = CustomerRegistry(hooks=[broken]).load([GOOD[0]])
    assert str(row.outcome) == "registered"
    assert "hook.failed" in [issue.code for issue in row.report.warnings]


def test_what_stops_the_store_is_raised_and_what_was_committed_stays():
    def rows():
        yield GOOD[0]
        yield GOOD[1]
        raise StorageFull("disk")

    registry = CustomerRegistry()
    with pytest.raises(StorageFull):
        load(registry._office, rows(), batch=1)
    assert len(registry.search()) == 2


def test_an_import_and_a_clerk_do_not_share_their_keys():
    registry = CustomerRegistry()
    registry.load([{"kind": "organization", "name": "甲公司", "tax_identifiers": [uscc(7)]}])
    with registry.unit("look") as work:
        keys = list(work.receipts._kept)
    assert {actor for actor, _ in keys} == {"import"}


def with_codes(*codes):
    return [{**make_raw("person", seed), "code": code} for seed, code in enumerate(codes)]


def editable(**kinds):
    codes = kinds.pop("codes", CodePattern("KH{number:06}", mode="editable"))
    return CustomerRegistry(codes=codes, **kinds)


def following(registry):
    return str(registry.register(kind="person", name="王芳").customer.code)


def warnings(report):
    return [issue.code for row in report for issue in row.report.warnings if "code" in issue.path]


def test_loaded_codes_leave_the_counter_which_steps_over_them():
    registry = editable()
    report = registry.load(with_codes("KH000001", "KH000003", "KH500000"))
    assert outcomes(report) == ["registered"] * 3
    assert warnings(report) == ["code.far_ahead"]
    assert [following(registry) for _ in range(2)] == ["KH000002", "KH000004"]


def test_loaded_codes_lift_the_counter_where_one_asks_for_it():
    registry = editable()
    report = registry.load(with_codes("KH500000", "KH000003"), lift_numbers=True)
    assert outcomes(report) == ["registered"] * 2
    assert warnings(report) == []
    assert following(registry) == "KH500001"


def test_only_the_load_lifts_and_not_what_is_typed_afterwards():
    registry = editable()
    registry.load(with_codes("KH000003"), lift_numbers=True)
    registry.register(kind="person", name="李娜", code="KH000090")
    assert following(registry) == "KH000004"


def test_a_refused_row_lifts_no_counter():
    registry = editable()
    rows = with_codes("KH000003", "KH000900")
    report = registry.load([rows[0], {**rows[1], "name": ""}], lift_numbers=True)
    assert outcomes(report) == ["registered", "refused"]
    assert following(registry) == "KH000004"


def test_a_row_that_only_the_store_refuses_lifts_no_counter():
    registry = editable(rules=[])
    rows = with_codes("KH000003", "KH000900")
    rows = [{**row, "kind": "organization", "tax_identifiers": [uscc(1)]} for row in rows]
    assert outcomes(registry.load(rows, lift_numbers=True)) == ["registered", "refused"]
    assert following(registry) == "KH000004"


def test_rows_without_a_code_go_on_behind_the_lifted_ones():
    first, last = with_codes("KH000041", "KH000007")
    report = editable().load([first, make_raw("person", 7), last], lift_numbers=True)
    assert [str(row.code) for row in report] == ["KH000041", "KH000042", "KH000007"]


def test_each_range_is_lifted_by_its_own_codes():
    pattern = "{kind:person=P,organization=E}{number:03,by=kind}"
    registry = editable(codes=CodePattern(pattern, mode="editable"))
    registry.load(with_codes("P041", "E007"), lift_numbers=True)
    assert following(registry) == "P042"
    organization = registry.register(make_raw("organization", 9)).customer
    assert str(organization.code) == "E008"


def test_blocks_that_a_process_holds_go_on_behind_lifted_codes():
    pattern = CodePattern("KH{number:03}", mode="editable", guarantee="unique", block=5)
    registry = editable(codes=pattern)
    assert [following(registry) for _ in range(2)] == ["KH001", "KH002"]
    registry.load(with_codes("KH041"), lift_numbers=True)
    assert following(registry) == "KH042"


def test_codes_of_another_form_lift_nothing_and_are_warned_of():
    registry = editable()
    report = registry.load(with_codes("OLD-7"), lift_numbers=True)
    assert warnings(report) == ["code.off_pattern"]
    assert following(registry) == "KH000001"


def test_a_second_run_lifts_nothing_further_and_registers_nobody_twice():
    registry = editable()
    rows = with_codes("KH000041")
    registry.load(rows, lift_numbers=True)
    assert outcomes(registry.load(rows, lift_numbers=True)) == ["replayed"]
    assert following(registry) == "KH000042"
