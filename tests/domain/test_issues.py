import pytest

from customer_registry import Issue, Report, Severity

IDENTITY_NUMBER = "11010519491231002X"


def test_an_issue_shows_neither_what_it_suggests_nor_its_params():
    issue = Issue("id.length", ("x",), params={"len": 5}, suggestion=IDENTITY_NUMBER)
    assert repr(issue) == "Issue(code='id.length', path=('x',), severity=<Severity.ERROR: 'error'>)"


def test_a_path_given_as_one_name_is_a_path_of_one_step():
    assert Issue("required", "name").path == ("name",)


def test_a_path_given_as_a_list_is_kept_as_a_tuple():
    assert Issue("required", ["contacts", 0]).path == ("contacts", 0)


def test_a_severity_may_be_a_word_but_only_a_known_one():
    assert Issue("required", severity="info").severity is Severity.INFO
    with pytest.raises(ValueError, match="fatal"):
        Issue("required", severity="fatal")


def test_the_params_of_an_issue_cannot_be_changed():
    given = {"max": 5}
    issue = Issue("too_long", params=given)
    given["max"] = 6
    assert issue.params == {"max": 5}
    with pytest.raises(TypeError):
        issue.params["max"] = 7


def test_equal_issues_hash_alike_whatever_their_params():
    one, other = (Issue("too_long", ("name",), params={"max": most}) for most in (5, 5))
    assert one == other
    assert len({one, other}) == 1


def test_an_issue_with_other_params_is_another_one():
    assert Issue("too_long", params={"max": 5}) != Issue("too_long", params={"max": 6})


def test_an_issue_of_an_entry_moves_below_the_entry():
    assert Issue("required", ("name",)).under(("contacts", 1)).path == ("contacts", 1, "name")


def test_an_issue_moved_nowhere_is_the_same_one():
    issue = Issue("required", ("name",))
    assert issue.under(()) is issue


def test_a_report_without_errors_is_fine_whatever_it_warns_of():
    report = Report([Issue("a", severity="warning"), Issue("b", severity="info")])
    assert report.ok


def test_a_report_with_one_error_is_not_fine():
    assert not Report([Issue("a", severity="info"), Issue("b")]).ok


def test_an_empty_report_is_fine_and_says_nothing():
    assert Report().ok
    assert Report().lines() == ()
    assert Report().by_path() == {}


def test_a_report_tells_errors_from_warnings():
    error, warning, told = Issue("a"), Issue("b", severity="warning"), Issue("c", severity="info")
    report = Report([told, warning, error])
    assert (report.errors, report.warnings) == ((error,), (warning,))
    assert tuple(report) == (told, warning, error)


def test_a_report_made_from_a_generator_can_be_read_twice():
    report = Report(Issue(code) for code in "ab")
    assert len(report.issues) == len(list(report)) == 2


def test_what_was_typed_is_in_the_echo_and_nowhere_else():
    report = Report(
        [Issue("id.length", ("identity_document",))], {"identity_document": IDENTITY_NUMBER}
    )
    assert report.echo["identity_document"] == IDENTITY_NUMBER
    assert IDENTITY_NUMBER not in f"{report!r} {report} {report.lines('zh')} {report.by_path('en')}"


def test_reports_with_the_same_findings_are_equal_whatever_was_typed():
    assert Report([Issue("a")], {"name": "x"}) == Report([Issue("a")], {"name": "y"})


def test_a_form_gets_the_sentences_of_each_field_under_its_dotted_path():
    report = Report(
        [
            Issue("email.format", ("contacts", 0, "emails", 0)),
            Issue("name.required", ("name",)),
            Issue("text.unusual_char", ("name",), "warning", {"pos": 2}),
        ]
    )
    assert report.by_path("zh") == {
        "contacts.0.emails.0": ("电子邮箱格式不正确",),
        "name": ("客户名称不能为空", "客户名称含有其他系统可能无法显示的字符（第2位）"),
    }


def test_a_sentence_of_a_form_carries_the_number_of_its_entry():
    report = Report([Issue("required", ("tags", 1))], {"tags": ["a", ""]})
    assert report.by_path("zh") == {"tags.1": ("标签 2不能为空",)}


def test_a_company_says_it_in_its_own_words():
    own = {"zh": {"name.required": "请填写单位全称"}}
    report = Report([Issue("name.required", ("name",))], sentences=own)
    assert report.lines("zh") == ("客户名称：请填写单位全称",)
    assert report.by_path("zh-CN") == {"name": ("请填写单位全称",)}
    assert report.lines("en") == ("Customer name is required",)


@pytest.mark.parametrize(
    ("echo", "line"),
    [
        ({"tags": ["a", ""]}, "标签 1不能为空"),
        ({"tags": ("a", "")}, "标签 1不能为空"),
        ({"tags": [""]}, "标签不能为空"),
        ({"tags": "a"}, "标签不能为空"),
        ({}, "标签不能为空"),
        ({"tags": None}, "标签不能为空"),
    ],
    ids=["list", "tuple", "single", "text", "absent", "nothing"],
)
def test_the_first_of_a_list_is_numbered_only_if_others_were_typed(echo, line):
    assert Report([Issue("required", ("tags", 0))], echo).lines("zh") == (line,)


def test_an_index_beyond_what_was_typed_is_still_said():
    report = Report([Issue("required", ("contacts", 7, "phones", 3))], {"contacts": [{}]})
    assert report.lines("zh") == ("联系人 8 的电话 4不能为空",)
