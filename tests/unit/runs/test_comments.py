"""Comments are kept for good, stand on the pages of their own edition, and survive a run."""

import json
import shutil
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from clientlib.cli import main
from clientlib.config import load_settings
from clientlib.errors import InputError, RunError
from clientlib.reports.documents import Comment
from clientlib.runs.comments import keep_comment, read_comments, say_command
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.days import read_day
from clientlib.runs.remaking import last_written, remake
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish

MAY = date(2025, 5, 31)
NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def project(settings, ended, tmp_path):
    """Give a copy of the project with its runs, whose report asks for comments."""
    root = tmp_path / "copy"
    shutil.copytree(settings.root, root)
    config = root / "clientlib.toml"
    text = config.read_text(encoding="utf-8")
    asked = '[reports.fine]\ncomments = true\noutputs = ["deck", "pdf"]\n'
    config.write_text(text.replace("[reports.fine]\n", asked), encoding="utf-8")
    return load_settings(root)


@pytest.fixture
def comment(project, monkeypatch, capsys):
    """Call the command in the project, and give what it said."""

    def call(*words):
        monkeypatch.chdir(project.root)
        monkeypatch.setattr(sys, "argv", ["clientlib", "comment", *words])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return code, told.out + told.err

    return call


def page(project):
    return (project.output_folder / "2025-05-31/fine/all.html").read_text("utf-8")


def said(text, by="Rasa", at=NOON):
    return Comment(by, at, text)


def test_comments_come_back_in_the_order_in_which_they_were_made(tmp_path):
    keep_comment(tmp_path, "month", "all", MAY, said("second", at=NOON + timedelta(days=1)))
    keep_comment(tmp_path, "month", "all", MAY, said("first\nwith <two> lines"))
    found = read_comments(tmp_path, "month", "all", MAY)
    assert [each.text for each in found] == ["first\nwith <two> lines", "second"]
    assert found[0] == said("first\nwith <two> lines")


def test_two_comments_of_one_moment_are_both_kept(tmp_path):
    paths = {keep_comment(tmp_path, "month", "all", MAY, said(text)) for text in ("yes", "no")}
    assert len(paths) == 2
    assert {each.text for each in read_comments(tmp_path, "month", "all", MAY)} == {"yes", "no"}


@pytest.mark.parametrize(
    ("report", "edition", "day"),
    [
        pytest.param("month", "manager=M-02", MAY, id="another edition"),
        pytest.param("month", "all", MAY, id="not even everything"),
        pytest.param("quarter", "manager=M-01", MAY, id="another report"),
        pytest.param("month", "manager=M-01", date(2025, 6, 30), id="another day"),
    ],
)
def test_a_comment_is_shown_on_its_own_edition_and_day_alone(tmp_path, report, edition, day):
    keep_comment(tmp_path, "month", "manager=M-01", MAY, said("mine"))
    assert len(read_comments(tmp_path, "month", "manager=M-01", MAY)) == 1
    assert read_comments(tmp_path, report, edition, day) == ()


@pytest.mark.parametrize("wrong", [said("  \n"), said("x", by=" "), said("x" * 20_001)])
def test_a_comment_without_words_or_author_or_end_is_refused(tmp_path, wrong):
    with pytest.raises(InputError):
        keep_comment(tmp_path, "month", "all", MAY, wrong)
    assert read_comments(tmp_path, "month", "all", MAY) == ()


def test_a_page_made_anew_without_comments_is_the_page_that_the_run_made(settings, ended):
    run = ended["fine"]
    path = settings.output_folder / run.page
    before = path.read_text("utf-8")
    assert remake(settings, run)
    assert path.read_text("utf-8") == before.replace("0.0 s</dd>", f"{run.seconds:.1f} s</dd>")


def test_the_command_adds_a_comment_without_running_the_report(project, comment):
    runs_before = Ledger(project.ledger_folder).runs()
    code, told = comment("fine", "<b>Visited</b> & agreed", "--by", "Rasa")
    assert (code, "as of 2025-05-31" in told) == (0, True)
    assert "&lt;b&gt;Visited&lt;/b&gt; &amp; agreed" in page(project)
    assert Ledger(project.ledger_folder).runs() == runs_before
    comment("fine", "Second", "--by", "Jonas", "--as-of", "2025-05")
    text = page(project)
    assert 0 < text.index("Visited") < text.index("Jonas, ") < text.index("Second")


def test_a_run_again_keeps_comments_and_a_page_without_any_says_how_to_make_one(project, comment):
    run_reports(project, Wish(("fine",), is_forced=True))
    assert "clientlib comment fine --as-of 2025-05-31" in page(project)
    assert "No comment yet." in page(project)
    comment("fine", "Kept words")
    run_reports(project, Wish(("fine",), is_forced=True))
    assert "Kept words" in page(project)
    assert "No comment yet." not in page(project)


def test_the_deck_is_made_anew_with_the_comment(project, comment):
    from pptx import Presentation

    run_reports(project, Wish(("fine",)))
    code, _ = comment("fine", "Words on a slide", "--by", "Rasa")
    deck = Presentation(str(project.output_folder / "2025-05-31/fine/all.pptx"))
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes
             if shape.has_text_frame]  # fmt: skip
    assert code == 0
    assert any("Rasa" in text and "Words on a slide" in text for text in texts)


def test_a_file_is_read_and_a_comment_on_nothing_is_refused(project, comment, tmp_path):
    (tmp_path / "note.txt").write_text("\ufeffŽodžiai iš failo\n", encoding="utf-8")
    assert comment("fine", "--file", str(tmp_path / "note.txt"))[0] == 0
    assert "Žodžiai iš failo" in page(project)
    assert "--file" in comment("fine")[1]
    code, told = comment("fine", "x", "--edition", "manager=M-09")
    assert (code, "has not been run for manager=M-09" in told) == (1, True)
    assert not list((project.ledger_folder / ".comments").glob("*/manager*"))


def test_a_run_whose_notebook_is_gone_cannot_be_made_anew(project):
    (run,) = last_written(Ledger(project.ledger_folder), "fine", "all")
    (project.output_folder / run.notebook).unlink()
    with pytest.raises(RunError, match="is gone"):
        remake(project, run)


def test_the_command_that_is_shown_can_be_typed():
    assert say_command("month", "manager=M-01", MAY) == (
        'clientlib comment month --edition manager=M-01 --as-of 2025-05-31 "…"'
    )
    assert "--edition 'region=New York'" in say_command("month", "region=New York", MAY)


@pytest.mark.parametrize("text", ["2025-05-31", "2025-05"])
def test_a_day_is_read_by_date_or_period(text):
    assert read_day(text) == MAY
    with pytest.raises(InputError, match="is no day"):
        read_day("someday")


def test_what_is_kept_says_all_that_it_is_about(tmp_path):
    kept = json.loads(keep_comment(tmp_path, "month", "all", MAY, said("ž")).read_text("utf-8"))
    assert kept == {
        "report": "month", "edition": "all", "as_of": "2025-05-31", "by": "Rasa",
        "written_at": "2025-06-02T12:00:00+00:00", "text": "ž",
    }  # fmt: skip
