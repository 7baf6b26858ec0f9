"""The command export writes one file, and says which."""

from datetime import UTC, date, datetime

from nbformat.v4 import new_markdown_cell, new_notebook

from clientlib.reports import Run, place_assets, read_document, write_page


def write_one(folder):
    run = Run(
        run_id="r-1", report="fine", title="Fine", question="Is it?", edition="all",
        as_of=date(2025, 6, 30), state="done", started_at=datetime(2025, 7, 1, tzinfo=UTC),
        seconds=1.0, snapshot=None, code_version="0.1.0",
    )  # fmt: skip
    notebook = new_notebook(cells=[new_markdown_cell("Well.")])
    page = folder / "reports" / "2025-06-30" / "fine" / "all.html"
    return write_page(read_document(notebook, run), page, assets=place_assets(folder / "reports"))


def test_export_writes_beside_the_page_or_where_it_is_told(call, tmp_path):
    page = write_one(tmp_path)
    answer = call("export", str(page), folder=tmp_path)
    assert (answer.code, answer.error) == (0, "")
    assert "all-alone.html" in answer.out
    alone = page.with_name("all-alone.html").read_text("utf-8")
    assert "<style>" in alone
    assert "<script defer" not in alone
    assert call("export", str(page), "-o", "sent.html", folder=tmp_path).code == 0
    assert (tmp_path / "sent.html").read_text("utf-8") == alone


def test_export_of_what_is_no_page_says_so(call, tmp_path):
    (tmp_path / "other.html").write_text("<p>Hello</p>")
    answer = call("export", "other.html", folder=tmp_path)
    assert answer.code == 1
    assert "other.html is no page of a run" in answer.error
