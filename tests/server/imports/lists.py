"""Small lists in the ministry's layouts, invented schools only."""

from datetime import date

from server.imports.layout import CLASSES
from server.imports.row import read_parts
from server.imports.sheet import read_sheet
from server.imports.shelf import read_gazetteer

GAZETTEER = read_gazetteer()
TODAY = date(2026, 4, 10)
DIRECTORY = "學年度,代碼,學校名稱,公/私立,縣市名稱,地址,電話,網址"
KINDERGARTENS = "學年度,代碼,學校名稱,公/私立,縣市名稱,鄉鎮市區名稱,地址,電話"
COUNTED = ",".join(("學年度,縣市代碼,縣市名稱,鄉鎮市區,學校代碼,學校名稱", *CLASSES))
REMOTENESS = f"{COUNTED},地區屬性"
ENTERED = "代碼,學校名稱,縣市,鄉鎮市區,階段別,註記"
VACANCIES = "代碼,科別,缺額,遇缺不補"


def sheet(header, *rows, name="list.csv", encoding="utf-8"):
    """A file of these lines as read."""
    return read_sheet(name, "\r\n".join((header, *rows)).encode(encoding))


def listed(code, **fields):
    """A row of a directory."""
    said = {
        "name": "市立山海國小",
        "owner": "公立",
        "county": "[01]新北市",
        "place": "新北市淡水區",
        "year": 114,
    } | fields
    return (
        f"{said['year']},{code},{said['name']},{said['owner']},{said['county']},"
        f"[251]{said['place']}海邊路1號,(02)00000000,"
    )


def counted(code, **fields):
    """A row of figures; with ``grade`` of the list that tells remoteness."""
    said = {
        "name": "市立山海國小",
        "township": "淡水區",
        "classes": 1,
        "year": 114,
        "grade": None,
        "county": 1,
    } | fields
    row = (
        f"{said['year']},{said['county']},新北市,{said['township']},{code},{said['name']},"
        f"{','.join([str(said['classes'])] * 6)}"
    )
    return row if said["grade"] is None else f"{row},{said['grade']}"


def parts_of(layout, header, *rows, name="list.csv"):
    """What the rows say and the findings, as (parts, faults)."""
    return read_parts(sheet(header, *rows, name=name), layout, GAZETTEER, TODAY)
