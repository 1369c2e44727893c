from hypothesis import given
from hypothesis import strategies as st

from licet.archive import Article
from licet.archive.relating import copies

CLOSING = (
    "{day}收盘,综合指数报{one}点,涨{two}%;成份指数报{three}点,涨{four}%。两市成交额{five}亿元。"
    "以上数据由程序自动整理,不构成任何投资建议,投资者据此操作,风险自担。行情数据延迟十五分钟,请以交易所公布的结果为准。"
    "更多行情请查看当日的完整列表。"
)
MONDAY = CLOSING.format(day="3月4日", one="3021.55", two="0.41", three="9433.12", four="0.87", five="8120")
TUESDAY = CLOSING.format(day="3月5日", one="2987.04", two="1.14", three="9320.66", four="1.19", five="9034")
texts = st.text(alphabet="港口仓库盘点数字0123456789,。 abcXYZ", max_size=120)


def text(body):
    return copies.text_of(Article(body=body))


def test_a_text_carried_on_is_a_copy():
    carried = "东港3月6日电 " + MONDAY.replace(",", "，") + "(责任编辑:夜班)"
    assert copies.shared(text(MONDAY), text(carried)) > 0.9


def test_a_notice_of_the_same_form_is_none():
    assert copies.contained(text(MONDAY).pieces, text(TUESDAY).pieces) >= copies.CONTAINED
    assert copies.apart(text(MONDAY), text(TUESDAY))
    assert copies.shared(text(MONDAY), text(TUESDAY)) == 0


def test_a_figure_that_a_bad_copy_tore_is_no_other_figure():
    torn = MONDAY.replace("3021.55", "3021").replace("9433.12", "33.12")
    assert copies.shared(text(MONDAY), text(torn)) > 0.6


def test_one_figure_put_right_leaves_a_copy():
    assert copies.shared(text(MONDAY), text(MONDAY.replace("8120", "8210"))) > 0.9


def test_what_stands_before_a_report_is_no_part_of_its_text():
    for before in ("东港3月6日电（记者 夜班）", "據海灣報導，", "本报东港3月6日讯 ", "据海湾日报3日消息，"):
        assert copies.letters(before + "仓库已经关闭。") == "仓库已经关闭"
    assert copies.letters("数据来自据点3月6日的电报") == "数据来自据点3月6日的电报"


def test_a_sentence_that_is_missing_changes_no_slot():
    whole = "两座仓库同时盘点。2019年盘出四十箱,货主没有来取。2021年改由港口代管,钥匙交给值班室。2023年重新开放。"
    shorter = "两座仓库同时盘点。2021年改由港口代管,钥匙交给值班室。2023年重新开放。"
    assert not copies.apart(text(whole), text(shorter))
    assert copies.apart(text(whole), text(whole.replace("2021", "2018").replace("2019", "2012")))


def test_english_months_and_days_are_slots():
    form = "The next drawing is on {day}, {month} {n}, and the jackpot stands at {m} million dollars in all states."
    one = text(form.format(day="Monday", month="March", n=4, m=120))
    other = text(form.format(day="Friday", month="August", n=19, m=377))
    assert copies.apart(one, other)


def test_hostile_texts():
    for body in ("", "。", "港", "1", "0123456789" * 3000, "港" * 2_000_000, "\x00\ud800 \U0010ffff" * 10):
        found = text(body)
        assert len(copies.bands(found.pieces)) == copies.BANDS
        assert 0 <= copies.shared(found, text(MONDAY)) <= 1


@given(texts, texts)
def test_sharing_is_symmetric(one, other):
    first, second = text(one), text(other)
    assert copies.shared(first, second) == copies.shared(second, first)
    assert copies.apart(first, second) == copies.apart(second, first)


@given(texts)
def test_a_text_is_a_copy_of_itself(body):
    found = text(body)
    assert not copies.apart(found, found)
    assert copies.shared(found, found) == (1.0 if found.pieces else 0.0)
    assert copies.bands(found.pieces) == copies.bands(frozenset(sorted(found.pieces)))
