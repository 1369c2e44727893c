"""Lines that stand around an article: credits, notices, the beginnings of other lists."""

from __future__ import annotations

import re

from licet.archive.finding.folding import CJK


def _any(*parts: str) -> str:
    return "(?:" + "|".join(parts) + ")"


_LISTS = (
    "相关(?:阅读|新闻|报道|链接|推荐|文章|专题)",
    "延伸阅读",
    "推荐阅读",
    "猜你喜欢",
    "热门(?:推荐|文章|评论)",
    "精彩推荐",
    "网友评论",
    "最新评论",
    "更多关于",
    "更多(?:精彩|内容|资讯|新闻)",
)
_SNAPSHOT = ("以上内容为资讯信息快照", "快照生成时间", "本站信息快照", "信息原文地址")
_CREDITS = (
    "责任?编辑|责编|編輯|编辑|编校|校对|审核|审读|监制|值班(?:主任|编辑|总编)|终审|统筹|制图|排版|出品",
    "来源|本文来源|文章来源|稿件来源|信息来源|原标题|本文原标题|作者|作者系|撰文|文[/|]|图[/|]",
    "原文(?:链接|地址)|本文(?:链接|地址|作者)|版权|声明|特别声明|免责声明|风险提示|关键词|标签|分享到|转载",
    "发布(?:时间|日期)|更新时间|点击|阅读(?:原文|量|数)?|浏览|热点|上一篇|下一篇|字[体号]|举报|投诉|扫描|扫码|长按",
    "微信|关注(?:我们|公众号|微信)|打开APP|下载APP",
)
_LINE_CREDIT = re.compile(r"^[\[【(（]?\s*" + _any(*_CREDITS, *_LISTS, *_SNAPSHOT))
_CREDIT_END = re.compile(
    r"\s*[\[【(（][^\[\]【】()（）]{0,12}(?:责任?编辑|责编|编辑|编校|校对|编译|实习生|作者|记者|来源|完)\s*[:：/ ]?"
    r"[^\[\]【】()（）]{0,40}[\]】)）]\s*[A-Z]{0,3}\d{0,4}\s*$"
)
_SIGNATURE = re.compile(r"^[(（][^()（）。，,]{2,30}[)）]$")
_LIST_START = re.compile(
    r"^[\[【(（◆■●▼▲]*\s*"
    + _any(
        *_LISTS,
        *_SNAPSHOT,
        "版权声明|免责声明|特别声明",
        r"related (?:articles|stories|posts|news|reading|content)",
        r"you may also like|more (?:from|stories|on this)\b|recommended (?:for you|stories|reading)",
        r"about the author|leave a (?:reply|comment)|most (?:read|popular)",
    ),
    re.IGNORECASE,
)
_INTERRUPTION = re.compile(
    r"^(?:sign up (?:for|to)|subscribe to|follow us|share this|read (?:more|next|also)\b|trending|comments?$"
    r"|sponsored)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^"
    + _any(
        "advertisement|advertising|story continues|continue reading|read more|see also|related:|photo:|image:|credit:",
        r"watch:|listen:|share$|print$|save$|copy link|click here|skip to|sign up|subscribe|\(?getty images\)?$",
        r"loading",
        "all rights reserved|©|copyright|follow |this article (?:was|originally)",
        "if you (?:buy|purchase) ",
        "we may (?:earn|receive)",
    ),
    re.IGNORECASE,
)
_DATED = re.compile(
    r"^"
    + _any(
        r"(?:first |last )?(?:published|updated|posted)\b.{0,60}\d{4}",
        r"(?:last )?updated .{0,30}\bago\b",
        r"\d+[ -]min(?:ute)?s?(?: read)?$",
        r"text size$",
        r"https?://\S+$",
        r".{0,120}\((?:image|photo|picture)s?:[^)]*\)$",
        r"(?:image|photo(?:graph)?|picture)s?(?: credits?| by|:).{0,80}$",
    ),
    re.IGNORECASE,
)
_STAMPED = re.compile(r"^(?:.{0,24}\s)?20\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s*\d{1,2}[:：]\d{2}")
_FIELD = re.compile(
    r"(?:[时時][间間]|日期|[来來]源|作者|撰文|[编編][辑輯]|[类類][别別]|[栏欄]目|[责責][编編]|[记記]者)\s*[:：]"
)
_FIELD_LINE = re.compile(
    r"^(?:[类類][别別]|分[类類]|[栏欄]目|[频頻]道|[发發][布佈](?:[时時][间間]|日期)|[时時][间間]|日期|[来來]源|作者|撰文|撰稿|[编編][辑輯]|[责責][编編]|[记記]者"
    r"|[阅閱][读讀]|[浏瀏][览覽]|[点點][击擊])(?:量|[数數])?\s*(?:[:：]|$)\s*(?P<value>\S.*)?$"
)
_FEED_TIME = re.compile(
    r"^(?:20\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}-\d{1,2}\s\d{1,2}:\d{2})$"
)
_FEED_AGO = re.compile(
    r"^(?:an?|\d+) (?:second|minute|min|hour|hr|day|week)s? ago$|^\d+(?:分钟|小时|天)前$", re.IGNORECASE
)
_RIGHTS = re.compile(
    r"(?:版权(?:归|所有|声明)|著作权(?:归|等|权益)|侵权(?:公告|线索)|未经.{0,12}(?:授权|许可|允许).{0,20}(?:转载|不得)|不代表.{0,16}(?:立场|观点)"
    r"|如有侵权|投资有风险|不构成投资建议|违法和不良信息|ICP备)"
)
_CREDIT = 200
_DISPATCH = ("讯", "訊", "电", "電")
_HAN = re.compile(f"[{CJK}]")


def starts_list(text: str) -> bool:
    """Say whether a line begins a list of other articles or the notices at the end of a page."""
    return len(text) < 60 and bool(_LIST_START.match(text))


def ends_snapshot(text: str) -> bool:
    """Say whether a line is the notice at the end of a snapshot page, or the list of a category after it."""
    return starts_list(text) and ("快照" in text or "更多关于" in text)


def interrupts(text: str) -> bool:
    """Say whether a line asks to subscribe, share or read on: an end, if little follows."""
    return len(text) < 60 and bool(_INTERRUPTION.match(text))


def feed_mark(text: str) -> int:
    """Return -1 for a time that ends an item of a list, 1 for one that begins it (``8 hours ago``), else 0."""
    if len(text) > 24:
        return 0
    return 1 if _FEED_AGO.match(text) else -1 if _FEED_TIME.match(text) else 0


def field_label(text: str) -> tuple[bool, bool]:
    """Say whether a line is a field of the article (category, time, source …), and whether it is the label alone."""
    match = _FIELD_LINE.match(text)
    return bool(match), bool(match and not match["value"])


def fields_of(text: str) -> int:
    """Return how many fields of the article (category, time, source …) a line states."""
    return len(_FIELD.findall(text))


def is_notice(text: str, lang: str) -> bool:
    """Say whether a line is a credit or a notice."""
    if len(text) < 90 and _LINE_CREDIT.match(text):
        return True
    if lang != "zh":
        return len(text) < 140 and bool(_DATED.match(text) or (len(text) < 120 and _NOTICE.match(text)))
    if len(text) < 260 and _RIGHTS.search(text):
        return True
    if text.endswith("。"):
        return False
    if len(text) < 90 and fields_of(text) > 1:
        return True
    return (len(text) < 60 and bool(_STAMPED.search(text))) or bool(_SIGNATURE.match(text))


def trimmed(text: str) -> str:
    """Take off the credit at the end of a paragraph. A dispatch's dateline, staff and all, is its text and stays."""
    start = max(0, len(text) - _CREDIT)
    credit = _CREDIT_END.search(text, start) if _HAN.search(text, start) else None
    if credit and not text[: credit.start()].endswith(_DISPATCH):
        text = text[: credit.start()]
    return text.strip()
