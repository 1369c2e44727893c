"""Pages made to hurt: each gives an article or one clear error, in a bounded time."""

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.archive import extract
from licet.errors import NotExtractable

LINE = "东港仓库本周完成了年度盘点，账面与实物相符，没有发现差错。"
TEXT = f"<h1>东港仓库完成盘点</h1>{f'<p>{LINE}</p>' * 3}"
SECONDS = 6.0
PAGES = {
    "nested boxes": "<div>" * 100_000 + LINE,
    "nested doubtful boxes": "<div class=comment>好，很好。" * 20_000,
    "nested links": "<a href=x>" * 20_000 + LINE,
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(300_000)) + ">" + TEXT,
    "bare attributes": "<div " + " ".join(f"a{n}" for n in range(300_000)) + ">" + TEXT,
    "attributes after a quoted bracket": "<div x='>' y='<' " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + TEXT,
    "separators in the title": "<title>" + "a - b | " * 100_000 + "</title>" + TEXT,
    "open brackets": "<h1>东港仓库标题</h1><p>" + "（记者" * 100_000 + "</p>",
    "credits": f"<h1>东港仓库标题</h1><p>{'【编辑 来源：' * 50_000}</p>",
    "digits": "<h1>东港仓库标题</h1><p>" + "2025-" * 100_000 + "</p>",
    "clocks": "<h1>Harbor counts stock</h1><div>" + "12:30 pm ET on " * 50_000 + "</div>",
    "names": "<h1>Harbor counts stock</h1><div>2025-02-28</div><div>" + "Aa " * 200_000 + "</div>",
    "script fields": "<script>" + "publish_time = " * 100_000 + "</script>" + TEXT,
    "deep JSON": "<script type='application/ld+json'>" + "[" * 200_000 + "</script>" + TEXT,
    "many objects": "<script type='application/ld+json'>" + '{"@type":"NewsArticle"},' * 50_000 + "</script>" + TEXT,
    "headings": "<h1>东港仓库</h1>" * 20_000,
    "entities": "<title>" + "&#x110000;&#0;&#xD800;" * 20_000 + "</title>" + TEXT,
    "zeros": "\0" * 300_000 + TEXT,
    "charset": "<meta charset=" + "a" * 500_000 + ">" + TEXT,
    "list items": "<ul>" + f"<li>{LINE}</li>" * 10_000,
    "breaks": f"{LINE}<br>" * 10_000,
    "nested titles": "<div class=title>" * 1_000 + LINE + "</div>" * 1_000 + TEXT,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_costs_a_bounded_time(name):
    start = time.process_time()
    try:
        article = extract(PAGES[name].encode("utf-8", "surrogatepass"))
    except NotExtractable as error:
        assert error.fix  # noqa: PT017 - either outcome is right
    else:
        assert len(article.body) <= 2_000_000
        article.title.encode()
        article.body.encode()
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("name", ["attributes", "bare attributes", "script fields", "deep JSON", "zeros", "entities"])
def test_the_article_beside_it_is_still_read(name):
    assert LINE in extract(PAGES[name].encode()).body


@given(st.binary(max_size=600), st.sampled_from([b"", b"<p>", b"<script type='application/ld+json'>", b"<h1>"]))
def test_any_bytes_give_an_article_or_one_clear_error(data, start):
    try:
        first = extract(start + data)
    except NotExtractable:
        return
    assert extract(start + data) == first


def test_another_process_reads_the_same(tmp_path):
    page = tmp_path / "page.html"
    uneven = "".join(f"<div class='x{n}'><p>{LINE}{n}</p></div>" for n in range(9))
    page.write_text(f"<title>东港仓库完成盘点_东港</title><div>2025-02-28 14:28</div>{uneven}{TEXT}", "utf-8")
    program = (
        "import sys, msgspec; from licet.archive import extract; "
        "print(msgspec.json.encode(extract(open(sys.argv[1], 'rb').read(), url='https://a.example.com/1')).decode())"
    )
    answers = set()
    for seed, zone, locale in (("0", "UTC", "C.UTF-8"), ("7", "Asia/Tokyo", "C"), ("99", "America/New_York", "POSIX")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program, str(page)], capture_output=True, text=True, env=environment, check=True
        )
        answers.add(done.stdout)
    assert len(answers) == 1
