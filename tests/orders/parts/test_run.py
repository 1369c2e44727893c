"""A book on a cluster of two nodes: the rows, rejects and summary of one machine, whatever is lost on the way."""

import datetime as dt
import itertools
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from licet import cluster, statutes
from licet.errors import BadFile, BadInput, ClusterFailed
from licet.home import law_folder
from licet.orders import Asked, screen_files
from licet.orders.parts import sums, taking, work
from licet.orders.parts.run import screen_on_ray
from licet.statutes.library import law_files
from tools import books

DAYS = [dt.date(2024, 6, 3), dt.date(2025, 1, 20), dt.date(2025, 6, 2), dt.date(2026, 1, 20)]
LAW = law_files(law_folder())


def rows_of(count, seed=7):
    """Rows of a trade; some to one consignee that pass a limit only together."""
    dice = random.Random(seed)
    for number, row in enumerate(books.trade(dice, count, DAYS)):
        big = {"chip": "h100-sxm", "quantity": "1000", "destination": "PL", "headquarters": "PL", "basis": "written"}
        big |= {"parent_headquarters": "PL", "date": "2025-06-02", "movement": "export", "lpp_used_tpp": ""}
        big |= {"end_use": "", "direct_to_ultimate_consignee": "true"}
        yield row | (big if number % 9 == 0 else {}) | {"ultimate_consignee": f"Buyer {dice.randrange(40)}"}


def parquet(path, rows, groups):
    table = {name: [row[name] or None for row in rows] for name in rows[0]}
    pq.write_table(pa.table(table), path, row_group_size=groups)
    return str(path)


def both(tmp_path, loaded, ray, inputs, output="out.parquet"):
    """Screen a book on one machine and on the cluster; hold that both say the same, and return the summary."""
    one = screen_files(inputs, tmp_path / f"one-{output}", tmp_path / "one.csv", loaded, Asked())
    there, refused = tmp_path / output, tmp_path / "refused.csv"
    found = screen_on_ray(inputs, str(there), str(refused), LAW, Asked(), address=ray.address, rows=200, told=ray.told)
    paths = ("output", "rejects")
    assert {k: v for k, v in found.items() if k not in paths} == {k: v for k, v in one.items() if k not in paths}
    assert refused.read_bytes() == (tmp_path / "one.csv").read_bytes()
    if output.endswith(".parquet"):
        ours, theirs = pq.read_table(there), pq.read_table(tmp_path / f"one-{output}")
        assert ours.schema.equals(theirs.schema)
        assert ours.equals(theirs)
    else:
        assert there.read_bytes() == (tmp_path / f"one-{output}").read_bytes()
    left = {path.name for path in tmp_path.iterdir()} - {path.rpartition("/")[2] for path in inputs}
    assert left == {output, f"one-{output}", "one.csv", "refused.csv"}
    return found


def test_parquet_files_in_parts_say_what_one_machine_says(tmp_path, loaded, ray_cluster, monkeypatch):
    monkeypatch.setattr(sums, "PARTS_IN_A_BUCKET", 3)
    rows = list(rows_of(1500))
    first = parquet(tmp_path / "a.parquet", rows[:1000], 150)
    second = parquet(tmp_path / "b.parquet", [row | {"more": "x"} for row in rows[1000:]], 450)
    summary = both(tmp_path, loaded, ray_cluster, [first, second])
    assert summary["rejected"] > 20
    assert summary["warnings"]
    assert all(warning["lines"] > 1 and warning["ids"] for warning in summary["warnings"])


def test_text_files_with_broken_lines_keep_their_line_numbers(tmp_path, loaded, ray_cluster, monkeypatch):
    monkeypatch.setattr(taking, "RANGE", 5_000)
    path = books.write_csv(tmp_path / "book.csv", list(rows_of(700)))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[300] += ",one cell too many"
    lines[301] = lines[301].replace("carried", '"carried\nover"')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    clean = books.write_csv(tmp_path / "clean.csv", list(rows_of(100, seed=8)))
    summary = both(tmp_path, loaded, ray_cluster, [str(path), str(clean)], output="out.csv")
    assert summary["lines"] == 800
    assert ',301,,"the line has' in (tmp_path / "refused.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("harm", ["workers", "node"])
def test_a_worker_that_is_lost_midway_changes_nothing(tmp_path, loaded, ray_cluster, harm):
    path = parquet(tmp_path / "a.parquet", list(rows_of(1600)), 100)
    stage, harmed = [], []

    def told(what, percent):
        if what:
            stage.append(what)
        elif stage[-1] == "deciding" and 0 < percent < 100 and not any(harmed):
            harmed.append(ray_cluster.harm(harm))

    ray_cluster.told = told
    both(tmp_path, loaded, ray_cluster, [path])
    assert any(harmed)


def test_a_folder_gets_numbered_parts_and_a_manifest_last(tmp_path, loaded, ray_cluster):
    path = parquet(tmp_path / "a.parquet", list(rows_of(900)), 100)
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        screen_on_ray(
            [f"file://{path}"],
            f"{folder}/",
            f"{folder}/rejects.csv",
            LAW,
            Asked(),
            address=ray_cluster.address,
            rows=300,
        )
    names = ["manifest.json", *(f"part-{number:06}.parquet" for number in range(3)), "rejects.csv"]
    assert [sorted(item.name for item in folder.iterdir()) for folder in folders] == [names, names]
    for name in names[1:]:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    manifest = json.loads((folders[0] / "manifest.json").read_text(encoding="utf-8"))
    assert [part["lines"] for part in manifest["parts"]] == [300, 300, 300]
    assert sum(part["rejected"] for part in manifest["parts"]) == manifest["summary"]["rejected"]
    found = pq.read_table([str(folders[0] / part["name"]) for part in manifest["parts"]])
    assert found["line"].to_pylist() == sorted(found["line"].to_pylist())
    with pytest.raises(BadFile, match="there is something in"):
        screen_on_ray([path], f"{folders[0]}/", f"{folders[0]}/rejects.csv", LAW, Asked(), address=ray_cluster.address)


def test_what_one_machine_refuses_the_cluster_refuses_in_the_same_words(tmp_path, loaded, ray_cluster):
    rows = [row | {"quantity": None} for row in rows_of(30)]
    path = tmp_path / "a.parquet"
    table = pa.Table.from_pylist([{**row, "tpp": [1.0]} for row in rows])
    pq.write_table(table, path, row_group_size=10)
    said = []
    for run in (
        lambda: screen_files([str(path)], tmp_path / "o.csv", tmp_path / "r.csv", loaded, Asked()),
        lambda: screen_on_ray(
            [str(path)],
            str(tmp_path / "o.csv"),
            str(tmp_path / "r.csv"),
            LAW,
            Asked(),
            address=ray_cluster.address,
            rows=10,
        ),
    ):
        with pytest.raises(BadInput) as refused:
            run()
        said.append((type(refused.value), refused.value.message, refused.value.fix))
    assert said[0] == said[1]
    assert "tpp is a number" in said[0][1]
    assert [item.name for item in tmp_path.iterdir()] == ["a.parquet"]


def test_a_worker_with_another_law_refuses(tmp_path, loaded, ray_cluster, monkeypatch):
    path = parquet(tmp_path / "a.parquet", list(rows_of(20)), 10)
    whole = statutes.of
    calls = itertools.count()

    def other(files):
        # The caller reads a law without its later acts, and so expects other digests than the worker has.
        return whole(files[:22] if next(calls) == 0 else files)

    monkeypatch.setattr(statutes, "of", other)
    with pytest.raises(ClusterFailed, match="another law"):
        screen_on_ray(
            [path], str(tmp_path / "o.csv"), str(tmp_path / "r.csv"), LAW, Asked(), address=ray_cluster.address
        )


def test_another_version_refuses(ray_cluster, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "0.0.1")
    with cluster.joined(ray_cluster.address) as joined, pytest.raises(ClusterFailed, match=r"and this is 0\.0\.1"):
        joined.each(work.refused_by, [1])


def test_no_cluster_and_no_ray_are_told(monkeypatch):
    with pytest.raises(BadInput, match="no Ray cluster answers"), cluster.joined("127.0.0.1:1"):
        pass
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(BadInput, match="Ray is not installed") as refused, cluster.joined():
        pass
    assert "licet[ray]" in refused.value.fix
