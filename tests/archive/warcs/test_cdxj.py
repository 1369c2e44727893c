"""The keys and lines of an index; beside the program that others make them with."""

from __future__ import annotations

import json

import pytest

from licet.archive.warcs import cdxj

DIGEST = "sha256:" + "0f" * 32


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.News.example:80/Port/A/?b=2&a=1#f", "example,news)/port/a?a=1&b=2"),
        ("https://news.example:8443/x/", "example,news:8443)/x"),
        ("https://news.example", "example,news)/"),
        ("https://news.example/?", "example,news)/"),
        ("http://www2.news.example/a//b/../c", "example,news)/a/c"),
        ("http://news.example/%E6%B8%AF%20x?q=%E6%B8%AF", "example,news)/%e6%b8%af%20x?q=%e6%b8%af"),
        ("http://news.example/港?q=港", "example,news)/%e6%b8%af?q=%e6%b8%af"),
        ("http://u:p@news.example./", "example,news)/"),
        ("http://news.example/?b=1&&a=2", "example,news)/?&a=2&b=1"),
        ("http://news.example/a%2fb%25c", "example,news)/a/b%25c"),
        ("http://news.example/?PHPSESSID=0123456789abcdef0123456789abcdef&a=b", "example,news)/?a=b"),
        ("http://192.0.2.1/x", "1,2,0,192)/x"),
        ("http://港口.example/", "example,xn--6orv52d)/"),
        ("urn:sha256:abc", "urn:sha256:abc"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_keys(url, key):
    assert cdxj.key(url) == key


def test_a_line():
    told = cdxj.Line(
        "https://a.example/", "2025-02-28T09:45:05Z", "capture", "text/html; charset=x", 200, DIGEST, "f", 7, 9
    )
    sort, stamp, fields = cdxj.line(told, recordDigest="sha256:aa").split(" ", 2)
    assert (sort, stamp) == ("example,a)/", "20250228094505")
    assert json.loads(fields) == {
        "url": "https://a.example/",
        "mime": "text/html",
        "status": "200",
        "digest": "sha256:B4HQ6DYPB4HQ6DYPB4HQ6DYPB4HQ6DYPB4HQ6DYPB4HQ6DYPB4HQ====",
        "length": "9",
        "offset": "7",
        "filename": "f",
        "recordDigest": "sha256:aa",
    }
    revisit = cdxj.line(told._replace(visit="not modified", status=304))
    assert json.loads(revisit.split(" ", 2)[2])["mime"] == "warc/revisit"
