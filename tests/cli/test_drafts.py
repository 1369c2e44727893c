import json

import pytest
from typer.testing import CliRunner

from licet import cli
from licet.errors import BadFile, BadValue, UnknownName

LPP = ("--chip", "h100-sxm", "--quantity", "1699", "--to", "CH", "--on", "2025-06-02", "--basis", "written")
NAMES = [f"lpp_{part}.{code}.md" for part in ("certificate", "copy", "notice") for code in ("en", "zh")]


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setenv("LICET_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LICET_LANG", raising=False)


def run(*arguments):
    result = CliRunner().invoke(cli.app, ["drafts", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_papers_are_printed():
    text = run(*LPP, "--fact", "ultimate_consignee=Matterhorn AG", "--exporter", "Nvidia Corp.")
    assert text.count("\n# ") == 2
    assert "Matterhorn AG is aware that NVIDIA H100 SXM5 80GB" in text
    assert "Nvidia Corp. provides a copy" in text
    assert run(*LPP, "--lang", "zh").startswith("# 最终收货人证明（LPP）")


def test_an_answer_that_asks_for_nothing_says_so():
    assert run("--chip", "h100-sxm", "--quantity", "1", "--to", "DE", "--on", "2025-06-02") == (
        "Nothing in this answer asks for a paper.\n"
    )


def test_as_json():
    data = json.loads(run(*LPP, "--fact", "signer_name=A. Muster", "--json"))
    assert data["exception"] == "LPP"
    assert [item["obligation"] for item in data["drafts"]] == ["lpp_certificate", "lpp_copy", "lpp_notice"]
    assert "name A. Muster, title [____" in data["drafts"][0]["paragraphs"][-1]["text"]
    assert data["drafts"][1]["due"] == "2025-07-02"
    assert data["drafts"][0]["files"] == []


def test_half_a_surrogate_pair_goes_out_as_an_escape():
    assert json.loads(run(*LPP, "--fact", "signer_name=\ud800", "--json"))["drafts"]


def test_files_are_written_for_each_paper_and_language(tmp_path):
    told = run(*LPP, "-o", str(tmp_path / "new" / "papers"))
    folder = tmp_path / "new" / "papers"
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    assert "lpp_copy.en.md, lpp_copy.zh.md · Copy of the LPP certification to BIS · by July 2, 2025 · " in told
    assert "not filed by Licet" in told
    assert (folder / "lpp_copy.en.md").read_text(encoding="utf-8").startswith("# Copy of the LPP")


def test_a_file_that_is_there_is_never_replaced(tmp_path):
    folder = tmp_path / "papers"
    run(*LPP, "-o", str(folder))
    run(*LPP, "-o", str(folder))  # the same text is no quarrel
    (folder / "lpp_copy.en.md").write_text("signed", encoding="utf-8")
    (folder / "lpp_notice.zh.md").unlink()
    with pytest.raises(BadFile, match=r"lpp_copy\.en\.md is there already"):
        run(*LPP, "-o", str(folder))
    assert (folder / "lpp_copy.en.md").read_text(encoding="utf-8") == "signed"
    assert not (folder / "lpp_notice.zh.md").exists()


def test_a_link_is_not_followed_to_write(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "lpp_copy.en.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadFile):
        run(*LPP, "-o", str(folder))
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "papers").write_text("", encoding="utf-8")
    with pytest.raises(BadFile, match="cannot be written"):
        run(*LPP, "-o", str(tmp_path / "papers"))


def test_a_blank_that_no_paper_has_is_told():
    with pytest.raises(UnknownName) as error:
        run(*LPP, "--fact", "sgner_name=x")
    assert "signer_name" in error.value.near
    with pytest.raises(BadValue, match="by hand"):
        run(*LPP, "--fact", "signature=x")


def test_a_template_of_ones_own_is_used_and_marked(tmp_path):
    folder = tmp_path / "home" / "law" / "us-ear" / "drafts"
    folder.mkdir(parents=True)
    (folder / "lpp_copy.yaml").write_text(
        "draft: lpp_copy\ntitle: {en: Our letter, zh: 本公司函}\ncite: 15 CFR 740.29(g)(1)\nseen: primary\n"
        "form: email\n"
        "addressee: {en: BIS, zh: BIS}\nsigner: {en: us, zh: 本公司}\n"
        "paragraphs: [{cite: (g)(1), text: {en: A copy., zh: 副本。}}]\n",
        encoding="utf-8",
    )
    text = run(*LPP)
    assert "# Our letter" in text
    assert "template of your own" in text
