"""From the article's box to paragraphs: what is around the text is left out, what belongs to it is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from licet.archive.extraction.body import HEADINGS, Block, size
from licet.archive.folding import CJK, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE_CREDIT = re.compile(
    r"^[\[【(（]?\s*(?:责任?编辑|责编|編輯|编辑|编校|校对|审核|审读|监制|值班(?:主任|编辑|总编)|终审|统筹|制图|排版|出品|来源|本文来源|文章来源|稿件来源|信息来源|原标题"
    r"|作者|作者系|撰文|文[/|]|图[/|]|原文(?:链接|地址)|本文(?:链接|地址|作者)|版权|声明|特别声明|免责声明|风险提示|关键词|标签|分享到|转载|发布时间|更新时间|点击|阅读(?:原文|量|数)?|浏览|热点|上一篇|下一篇"
    r"|举报|投诉|扫描|扫码|长按|微信|关注(?:我们|公众号|微信)|打开APP|下载APP|更多(?:精彩|内容|资讯|新闻)|相关(?:阅读|新闻|报道|链接|推荐|文章|专题)|延伸阅读|推荐阅读|猜你喜欢|热门(?:推荐|文章|评论)|精彩推荐|网友评论"
    r"|本文原标题|字[体号]|发布日期|信息来源|快照生成时间|信息原文地址|以上内容为资讯信息快照|本站信息快照)"
)
_CREDIT_END = re.compile(
    r"\s*[\[【(（][^\[\]【】()（）]{0,12}(?:责任?编辑|责编|编辑|编校|校对|编译|实习生|作者|记者|来源|完)\s*[:：/ ]?[^\[\]【】()（）]{0,40}[\]】)）]\s*[A-Z]{0,3}\d{0,4}\s*$"
)
_SIGNATURE = re.compile(r"^[(（][^()（）。，,]{2,30}[)）]$")
_STOPPERS = re.compile(
    r"^[\[【(（◆■●▼▲]*\s*(?:相关(?:阅读|新闻|报道|链接|推荐|文章|专题)|延伸阅读|推荐阅读|猜你喜欢|热门(?:推荐|文章|评论)|精彩推荐|网友评论|最新评论|更多关于|更多新闻|版权声明|免责声明|特别声明"
    r"|以上内容为资讯信息快照|快照生成时间|本站信息快照|信息原文地址|related (?:articles|stories|posts|news|reading|content)|read (?:more|next|also)\b|you may also like|more (?:from|stories|on this)\b"
    r"|recommended (?:for you|stories|reading)|sign up (?:for|to)|subscribe to|follow us|about the author|share this|leave a (?:reply|comment)|most (?:read|popular)|trending|comments?$|sponsored)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^(?:advertisement|advertising|story continues|continue reading|read more|see also|related:|photo:|image:|credit:|watch:|listen:|share$|print$|save$|copy link|click here|skip to|sign up|subscribe|\(?getty images\)?$|loading"
    r"|all rights reserved|©|copyright|follow |this article (?:was|originally)|if you (?:buy|purchase) |we may (?:earn|receive))",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"^(?:(?:first |last )?(?:published|updated|posted)\b.{0,60}\d{4}|(?:last )?updated .{0,30}\bago\b|\d+[ -]min(?:ute)?s?(?: read)?$|text size$"
    r"|https?://\S+$|.{0,120}\((?:image|photo|picture)s?:[^)]*\)$|(?:image|photo(?:graph)?|picture)s?(?: credits?| by|:).{0,80}$)",
    re.IGNORECASE,
)
_STAMPED = re.compile(r"^(?:.{0,24}\s)?20\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s*\d{1,2}[:：]\d{2}")
_COPYRIGHT = re.compile(
    r"(?:版权(?:归|所有|声明)|著作权(?:归|等)|侵权公告|未经.{0,12}(?:授权|许可|允许).{0,20}(?:转载|不得)|不代表.{0,16}(?:立场|观点)|如有侵权|投资有风险|不构成投资建议|违法和不良信息|ICP备)"
)
_DATELINE = re.compile(
    r"^(?P<who>[^\s，。,：:]{2,12}?)(?P<when>\d{1,2}月\d{1,2}日)?(?P<kind>[讯电])\s*[(（](?P<staff>[^()（）]{1,40})[)）]\s*[，,：:]?\s*"
)
_STAFF = re.compile(r"编辑|记者|作者|编译|通讯员|实习")
_HAN = re.compile(f"[{CJK}]")
_ENDING = re.compile(r"[。！？!?.…”\"』」)）：:;；]$")


def paragraphs(blocks: Iterable[Block], title: str, lang: str) -> list[str]:
    """Return the paragraphs of the article among the blocks of its box, in order."""
    kept = _without_lists(list(blocks))
    lines = [(block.text, block.element.tag in HEADINGS) for block in kept]
    lines = _from_start(lines, title)
    lines = _until_end(lines)
    texts = [_trimmed(text) for text, _ in lines if not _is_notice(text, lang)]
    return _without_repeats([text for text in texts if text], title)


def _without_lists(blocks: list[Block]) -> list[Block]:
    """Leave out what is mostly links: menus, lists of other articles."""
    kept = []
    for index, block in enumerate(blocks):
        if block.linked > 0.6 * block.weight and not _inside_text(blocks, index):
            continue
        kept.append(block)
    return kept


def _inside_text(blocks: list[Block], index: int) -> bool:
    """Say whether a linked line stands between running text, as a cited headline does."""
    before = blocks[index - 1] if index else None
    after = blocks[index + 1] if index + 1 < len(blocks) else None
    return all(
        near is not None and near.linked < 0.3 * near.weight and near.weight > 25 and near.element.tag == "p"
        for near in (before, after)
    )


def _from_start(lines: list[tuple[str, bool]], title: str) -> list[tuple[str, bool]]:
    """Begin after the headline, where the box holds it near its start."""
    wanted = fold(title).replace(" ", "")
    if not wanted:
        return lines
    for index, (text, _) in enumerate(lines[:12]):
        if fold(text).replace(" ", "") == wanted and not any(size(t) > 40 for t, _ in lines[:index]):
            return lines[index + 1 :]
    return lines


def _until_end(lines: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """End where another list or a notice begins, if most of the text stands before it."""
    whole = sum(size(text) for text, _ in lines)
    read = 0.0
    for index, (text, _) in enumerate(lines):
        if read > 0.5 * whole and len(text) < 60 and _STOPPERS.match(text):
            return lines[:index]
        read += size(text)
    return lines


def _is_notice(text: str, lang: str) -> bool:
    if len(text) < 90 and _LINE_CREDIT.match(text):
        return True
    if lang != "zh" and len(text) < 140 and _DATED.match(text):
        return True
    if lang != "zh":
        return len(text) < 120 and bool(_NOTICE.match(text))
    if len(text) < 260 and _COPYRIGHT.search(text):
        return True
    if len(text) < 60 and _STAMPED.search(text) and not text.endswith("。"):
        return True
    return bool(_SIGNATURE.match(text)) and not text.endswith("。")


def _trimmed(text: str) -> str:
    """Take off the credit at the end of a paragraph, and the staff's names after the place of a dispatch."""
    if _HAN.search(text):
        text = _CREDIT_END.sub("", text)
        dateline = _DATELINE.match(text)
        if dateline and _STAFF.search(dateline["staff"]):
            text = text[dateline.end() :]
    return text.strip()


def _without_repeats(texts: list[str], title: str) -> list[str]:
    """Leave out a line that was just there, and the headline once more."""
    seen: set[str] = set()
    kept = []
    headline = fold(title).replace(" ", "")
    for text in texts:
        key = fold(text).replace(" ", "")
        if key == headline or (len(key) > 30 and key in seen):
            continue
        seen.add(key)
        kept.append(text)
    return kept
