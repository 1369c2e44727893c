"""The pages of a small archive for desks, and the day on which they are shown."""

from __future__ import annotations

import datetime as dt

TODAY = dt.date(2026, 11, 22)
CAPTURED = dt.datetime(2025, 3, 1, 9, 30, 5, tzinfo=dt.UTC)

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<script>document.title = "taken over";</script></head><body>
<nav>{site}</nav><article><h1>{title}</h1>
<p class="info">{source_label}{source} {time}</p>
{body}
<img src="https://pictures.example/chip.jpg" alt="{alt}">
</article></body></html>"""

ZH = {
    "lang": "zh",
    "title": "瑞士想买两千块H100，额度怎么算",
    "site": "晨港财经",
    "source_label": "来源：",
    "source": "晨港财经",
    "time": "2025-02-28 14:28:00",
    "alt": "机房示意图",
    "paragraphs": (
        "晨港财经讯，瑞士一家研究机构计划购买两千块英伟达H100芯片，正在计算按照《人工智能扩散出口管制框架》需要走哪条路。",
        "按照框架，瑞士属于第二层级，国家算力配额为7.9亿TPP；低处理性能例外每年可用2690万TPP，只够一千六百九十九块。",
        "中国大陆和澳门属于第三层级，同样的芯片运往当地按推定拒绝审查；德国和日本属于第一层级，不设数量上限。",
        "业内人士提醒，许可申请须附采购订单，并写明合计总处理性能，发货之前应核对最终收货人的总部所在地。",
    ),
}
ZH_RELATED = {
    **ZH,
    "title": "瑞士研究机构谈H100采购：配额与例外",
    "time": "2025-03-02 08:05:00",
    "paragraphs": (
        "瑞士多家研究机构讨论H100采购办法，关注国家算力配额与低处理性能例外之间如何取舍，出口管制框架的合规日期是五月十五日。",
        "参与讨论的机构认为，低处理性能例外手续简单，但每年的总处理性能有上限；超出部分须申请许可并占用国家算力配额。",
        "他们还提到，收货人的总部和最终母公司所在地决定所属层级，不能只看芯片运到哪里。",
    ),
}
EN = {
    "lang": "en",
    "title": "Poland counts its accelerators <before> the ceiling",
    "site": "Harbor Ledger",
    "source_label": "Source: ",
    "source": "Harbor Ledger",
    "time": "2025-05-20 10:00:00",
    "alt": "A hall of racks",
    "paragraphs": (
        "Poland weighs how many accelerators its data centers may buy under the ceiling of the framework.",
        "A buyer in Warsaw wants the NVIDIA H200; in ECCN 3A090.a it needs a license as the code is written.",
        "Germany and Japan stand in the first group and buy freely, while China in the third is almost shut out.",
        "Buyers below the yearly volume may use an exception, if the shipment goes straight to them.",
    ),
}


def html_of(article: dict[str, object]) -> bytes:
    body = "\n".join(f"<p>{text}</p>" for text in article["paragraphs"])
    shown = {**article, "title": str(article["title"]).replace("<", "&lt;").replace(">", "&gt;"), "body": body}
    return PAGE.format(**shown).encode()
