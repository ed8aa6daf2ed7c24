"""Where a fault stands, as it is said."""

import pytest

from bayestrace.errors import Fault, address


@pytest.mark.parametrize(
    ("path", "line", "column", "said"),
    [
        ("study.yaml", 3, 7, "study.yaml:3:7"),
        ("study.yaml", 0, 0, "study.yaml"),
        ("codings.xlsx!Sheet1", 2, 4, "codings.xlsx!Sheet1:D2"),
        ("codings.xlsx!Sheet1", 0, 0, "codings.xlsx!Sheet1"),
        ("我的研究.XLSX!权重", 12, 28, "我的研究.XLSX!权重:AB12"),
        ("evidence/odd!name.yaml", 2, 4, "evidence/odd!name.yaml:2:4"),
    ],
)
def test_a_fault_stands_where_people_find_it(path: str, line: int, column: int, said: str) -> None:
    assert Fault(path, line, column, "", "file-empty").place() == said


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_columns_are_lettered_as_spreadsheets_do(column: int, letters: str) -> None:
    assert address(1, column) == f"{letters}1"
