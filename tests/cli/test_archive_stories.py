import json

import pytest
from typer.testing import CliRunner

from licet.cli import app as group
from licet.errors import LicetError, NoSuchSnapshot

PAGE = (
    "<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
    "<div>类别:财经 发布时间:{time} 来源:{source}</div><p>{first}</p><p>{second}</p></body></html>"
)
TITLE = "东港仓库完成年度盘点 账面与实物相符"
FIRST = "东港仓库3月1日完成了年度盘点,历时三天,覆盖二十四个库区,账面数量与实物数量相符。"
SECOND = "盘点小组采用手持终端扫码,每个库区的用时缩短了一半,差错率降到万分之一以下。"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LICET_LANG", "en")

    def _run(*arguments):
        result = CliRunner().invoke(group, ["archive", *(str(argument) for argument in arguments)])
        if result.exception is not None and not isinstance(result.exception, (SystemExit, LicetError)):
            raise result.exception
        return result

    return _run


@pytest.fixture
def stocked(run, tmp_path):
    """Add a report, its copy, and a later report of the event; return their ids."""
    found = []
    for name, source, time, title, lead in (
        ("one", "东港日报", "2025-03-01 09:00:00", TITLE, FIRST),
        ("two", "西湾晚报", "2025-03-01 15:00:00", TITLE, "西湾讯 " + FIRST),
        ("three", "东港日报", "2025-03-02 10:00:00", "东港仓库盘点之后 二十四个库区全部换装货架", ""),
    ):
        first = lead or "东港仓库年度盘点结束后,二十四个库区3月2日起全部换装新货架,工期一个月。"
        second = SECOND if name != "three" else "仓库说,换装期间照常收发货物,夜间不施工。"
        path = tmp_path / f"{name}.html"
        path.write_text(PAGE.format(title=title, time=time, source=source, first=first, second=second), "utf-8")
        url = f"https://{name}.example/a"
        added = run("add", path, "--at", "2025-03-03T08:00:00+08:00", "--url", url, "--json")
        found.append(json.loads(added.stdout)["id"])
    return found


def test_copies(run, stocked):
    first, copy, _ = stocked
    found = json.loads(run("copies", copy, "--json").stdout)
    assert found["origin"]["id"] == first
    assert [one["id"] for one in found["copies"]] == [first]
    assert found["copies"][0]["shared"] > 0.6
    shown = run("copies", copy).stdout
    assert "Probable origin" in shown
    assert "东港日报" in shown
    assert "相同部分" in run("copies", copy, "--lang", "zh").stdout


def test_no_copies(run, stocked):
    assert "no copy is stored" in run("copies", stocked[2]).stdout
    assert json.loads(run("copies", stocked[2], "--json").stdout)["copies"] == []


def test_story(run, stocked):
    first, copy, later = stocked
    found = json.loads(run("story", later, "--json").stdout)
    assert [member["id"] for member in found["members"]] == [first, later]
    assert [one["id"] for one in found["members"][0]["copies"]] == [copy]
    assert [day["day"] for day in found["timeline"]] == ["2025-03-01", "2025-03-02"]
    assert json.loads(run("story", found["id"], "--json").stdout) == found
    shown = run("story", first, "--lang", "zh").stdout
    assert "转载 1 篇:西湾晚报" in shown
    assert "共 2 篇报道" in shown


def test_an_id_that_is_none(run):
    for command in ("copies", "story"):
        assert isinstance(run(command, "nosuchthing1").exception, NoSuchSnapshot)
