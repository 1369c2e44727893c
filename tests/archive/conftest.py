"""Pages of our own making, in the structures that news pages have. Every sentence here was written for these tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from licet.archive import Archive

TITLE = "港口仓库完成年度盘点 账面与实物相符"
PARAGRAPHS = (
    "据悉,东港仓库本周完成了年度盘点,盘点历时三天,覆盖全部二十四个库区,账面数量与实物数量完全相符。",
    "盘点小组表示,今年首次使用手持终端扫码,每个库区的用时比去年缩短了近一半,差错率也降到了万分之一以下。",
    "盘点的方法",
    "小组先按库区划分任务,再由两名人员分别清点,只有两次结果一致,数字才会录入系统;不一致的货位当天复核。",
    "仓库负责人称,下一步将把这套流程推广到其他港口,并在明年第一季度之前完成培训,届时盘点可以按月进行。",
)
DATELINE = "财联社2月28日讯(编辑 潇湘)"
RELATED = (
    (
        "北港码头新增两条装卸线",
        "...码头方面介绍,新线投用后,装卸能力将提高三成,仓库周转也会随之加快",
        "2024-02-26 10:54:00",
    ),
    (
        "冷库改造工程进入验收阶段",
        "改造后的冷库采用新的保温材料,能耗下降明显,工程预计下月交付使用",
        "2023-12-12 15:59:00",
    ),
    ("集装箱堆场启用自动道闸", "自动道闸启用后,车辆平均等候时间从十分钟缩短到两分钟", "2025-01-15 07:43:00"),
    ("", "记者从港区获悉,春节期间港口照常作业,值班人员已经安排到位", "2024-02-15 14:01:00"),
)


def model_page(title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS) -> bytes:
    """Return a snapshot page with the fields and the order of the model page, the text our own."""
    lines = [
        "<ul class='sub'><li>我的订阅</li><li>财经</li></ul>",
        f"<h1>{title}</h1>",
        "<div class='info'>类别:财经 发布时间:2025-02-28 14:28:00 来源:财联社</div>",
        "<div class='content'>",
        f"<p>{DATELINE}{paragraphs[0]}</p>",
        f"<p>{paragraphs[1]}</p>",
        f"<p><img src='/img/a.jpg' alt='{title}'></p><p>{title}</p>",
        *(f"<p>{paragraph}</p>" for paragraph in paragraphs[2:]),
        "<p>(财联社 潇湘)</p>",
        "<p>以上内容为资讯信息快照,由程序自动收集,文字未经改动,也不表示赞同其中的看法。</p>",
        "<p>快照生成时间:2025-02-28 17:45:05</p>",
        "<p>信息原文地址:</p>",
        "</div><div class='list'>",
        *(f"<div><a href='/n/{n}'>{t}</a><p>{e}</p><span>{s}</span></div>" for n, (t, e, s) in enumerate(RELATED)),
        "</div><h3>更多关于财经的资讯:</h3><div class='list'>",
        *(f"<div><a href='/m/{n}'>{t}</a><p>{e}</p><span>{s}</span></div>" for n, (t, e, s) in enumerate(RELATED)),
        "</div>",
    ]
    head = f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
    return (head + "\n".join(lines) + "</body></html>").encode()


def chinese_page(title: str, paragraphs: tuple[str, ...], *, charset: str = "utf-8", published: str = "") -> bytes:
    """Return an ordinary Chinese news page."""
    lines = [
        f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={charset}'>",
        f"<title>{title}_港口频道_东港网</title></head><body>",
        "<div class='nav'><a href='/'>首页</a> <a href='/n'>新闻</a></div>",
        f"<h1>{title}</h1>",
        f"<div class='meta'>{published or '2024年03月05日09:30'} 来源:东港日报 作者:本报编辑部</div><div id='article'>",
        *(f"<p>　　{paragraph}</p>" for paragraph in paragraphs),
        "<p>(责任编辑:港口组)</p></div><div class='footer'>版权所有 东港网</div></body></html>",
    ]
    return "".join(lines).encode("gb18030" if charset.lower().startswith("gb") else charset)


def english_page(title: str, paragraphs: tuple[str, ...]) -> bytes:
    """Return an ordinary English news page with JSON-LD."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2024-03-05T09:30:00+00:00",
        "author": [{"@type": "Organization", "name": "Staff desk"}],
        "publisher": {"name": "Harbor Ledger"},
        "articleSection": "Business",
    }
    lines = [
        f"<!doctype html><html lang='en'><head><title>{title} | Harbor Ledger</title>",
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head><body>",
        "<header><nav><a href='/'>Home</a></nav></header><main><article>",
        f"<h1>{title}</h1><p class='byline'>By Staff desk</p>",
        *(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        "</article><aside><h2>Most read</h2><ul><li><a href='/x'>Another story</a></li></ul></aside></main>",
        "<footer>All rights reserved</footer></body></html>",
    ]
    return "".join(lines).encode()


@pytest.fixture(scope="session")
def pages():
    return SimpleNamespace(
        title=TITLE,
        paragraphs=PARAGRAPHS,
        dispatch=(DATELINE + PARAGRAPHS[0], *PARAGRAPHS[1:]),
        model=model_page,
        chinese=chinese_page,
        english=english_page,
    )


@pytest.fixture
def at():
    return datetime(2025, 2, 28, 9, 45, 5, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def add(archive, tmp_path, at):
    """Add bytes to the archive under a file name."""

    def _add(name, data, **known):
        path = tmp_path / name
        path.write_bytes(data)
        return archive.add_file(path, at=known.pop("at", at), **known)

    return _add
