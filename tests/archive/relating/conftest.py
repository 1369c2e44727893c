"""A newsroom of our own words: three events with several reports each, copies among them, and what belongs to none."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

BRIDGE = {
    "collapse": (
        "白沙河老桥桥面塌陷 两辆货车落水",
        "2024年03月05日09:30",
        (
            "3月5日清晨,白沙河老桥桥面突然塌陷,两辆货车落入河中,司机已被救起,送往白沙县医院检查。",
            "白沙县应急管理局称,老桥建于1978年,限重15吨,事发时桥上车辆的重量正在核实。",
        ),
    ),
    "repair": (
        "白沙河老桥塌陷后启用浮桥 货车绕行",
        "2024年03月06日15:10",
        (
            "白沙河老桥塌陷次日,县交通局在下游架起浮桥,小客车可以通行,货车须绕行省道。",
            "交通局预计,白沙河老桥的残余桥面将在两周内拆除,新桥的设计方案下月公布。",
        ),
    ),
    "cause": (
        "白沙河老桥塌陷原因初步查明:货车超重",
        "2024年03月08日20:00",
        (
            "调查组8日通报,白沙河老桥塌陷的直接原因是两辆货车超重,其中一辆总重达41吨。",
            "调查组建议全县限重桥梁加装称重设备。两名司机已被救起,送往白沙县医院。",
        ),
    ),
}
LIBRARY = {
    "open": (
        "临江市新图书馆开馆 首日迎来八千名读者",
        "2024年03月05日18:00",
        (
            "临江市新图书馆5日开馆,馆内藏书一百二十万册,首日迎来八千名读者,自习座位上午便已坐满。",
            "图书馆设有儿童区和盲文阅览室,每周二闭馆整理图书。",
        ),
    ),
    "night": (
        "临江市新图书馆延长开放至夜里十一点",
        "2024年03月07日11:00",
        (
            "应读者要求,临江市新图书馆从本周起把自习区的开放时间延长到夜里十一点。",
            "图书馆说,开馆以来每天的读者超过六千名,夜间座位可以在网上预约。",
        ),
    ),
}
ALONE = {
    "tea": (
        "高山春茶开采 茶农说今年早了十天",
        "2024年03月06日08:00",
        (
            "高台乡的春茶6日开采,茶农说,暖冬使采摘比往年早了十天。",
            "合作社收购价每斤比去年高两成,第一批茶叶已经发往外地。",
        ),
    ),
    "chess": (
        "少年象棋赛在平谷收官",
        "2024年03月06日21:00",
        (
            "平谷少年象棋赛6日收官,一百多名小棋手下了三天快棋。",
            "冠军由十二岁的本地小学生获得,裁判长说,女棋手的人数创了纪录。",
        ),
    ),
}
EVENTS = {"bridge": BRIDGE, "library": LIBRARY, "alone": ALONE}


@pytest.fixture
def newsroom(add, pages):
    """Add every report in the order of time; return the snapshots by name, and how to carry one on."""
    reports = {name: report for event in EVENTS.values() for name, report in event.items()}
    found = {
        name: add(f"{name}.html", pages.chinese(title, paragraphs, published=at), url=f"https://east.example/{name}")
        for name, (title, at, paragraphs) in sorted(reports.items(), key=lambda item: item[1][1])
    }

    def carried(name, *, lead="", without=0, published="2024年03月09日07:00", url=None):
        title, _, paragraphs = reports[name]
        page = pages.chinese(
            title, (lead + paragraphs[0], *paragraphs[1 : len(paragraphs) - without]), published=published
        )
        return add(f"carried-{name}.html", page, url=url or f"https://west.example/{name}")

    return SimpleNamespace(**found, carried=carried, reports=reports)
