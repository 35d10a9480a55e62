import importlib.util
import random
from pathlib import Path

import pytest

from customer_registry.exchange import open_sheet

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_sample", EXAMPLES / "make_sample.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["客户档案.xlsx", "客户档案.csv"])
def sheet(request):
    return open_sheet(EXAMPLES / request.param)


def test_the_sample_is_what_its_script_writes(maker, tmp_path):
    rows = maker.sheet_rows(random.Random(maker.SEED))  # noqa: S311  the sample's own
    maker.write_xlsx(tmp_path / "客户档案.xlsx", rows)
    maker.write_csv(tmp_path / "客户档案.csv", rows)
    assert (tmp_path / "客户档案.csv").read_bytes() == (EXAMPLES / "客户档案.csv").read_bytes()
    assert open_sheet(tmp_path / "客户档案.xlsx") == open_sheet(EXAMPLES / "客户档案.xlsx")


def test_the_sample_holds_customers_enough(sheet):
    assert len(sheet.rows) >= 320
    assert all(row.raw for row in sheet.rows)


def test_one_column_of_the_sample_is_unknown_and_some_rows_hold_nobody(sheet):
    codes = [issue.code for issue in sheet.issues if issue.code != "import.encoding_used"]
    assert codes == ["import.header_unknown", "import.rows_skipped"]


def test_the_sample_repeats_seven_rows(sheet):
    raws = [row.raw for row in sheet.rows]
    assert sum(raw in raws[:at] for at, raw in enumerate(raws)) == 7


def test_both_files_name_the_same_customers():
    def names(file):
        return [row.raw.get("name") for row in open_sheet(EXAMPLES / file).rows]

    assert names("客户档案.xlsx") == names("客户档案.csv")
