"""What changed since the last run, in words, on the page and in short."""

from datetime import UTC, date, datetime

import pytest

from clientlib.language import speaking
from clientlib.reports.changes import (
    Changes,
    FactCount,
    FigureChange,
    ModelChange,
    Population,
    Since,
)
from clientlib.reports.news import tell_news

SINCE = Since("r-0", date(2025, 5, 31), datetime(2025, 6, 2, 6, tzinfo=UTC), "20250602T060000")


@pytest.fixture
def news(make_run):
    def news(**changed):
        return tell_news(make_run(changes=Changes(**{"since": SINCE, "facts": (), **changed})))

    return news


def part(news, heading):
    return dict(news.parts)[heading]


def test_a_run_that_was_not_compared_has_no_news(make_run):
    assert tell_news(make_run()) is None


def test_first_run_of_an_edition_says_so(make_run):
    told = tell_news(make_run(changes=Changes()))
    assert told.since == "First run of this edition: there is nothing to compare it with."
    assert (told.parts, told.figures, told.short) == ((), (), ())
    assert told.in_short == "First run of this edition."


def test_nothing_new_is_said_in_short(news):
    said = "Since the run as of 31 May 2025: nothing new in facts, model and clients."
    assert news().in_short == said


def test_a_new_load_only(news):
    told = news(facts=(FactCount("orders", 1204, 0), FactCount("payments", 30, 0, 2)))
    assert told.since == "Compared with the run of 2 June 2025, as of 31 May 2025."
    assert part(told, "New facts") == (
        "As of 30 June 2025, before as of 31 May 2025.",
        "Rows that were not known then: orders 1\u202f204 and payments 30.",
        "Loaded since, but known only after 30 June 2025: payments 2.",
    )
    assert part(told, "Corrected facts") == ("No row of then was corrected.",)
    assert part(told, "Model") == ("The same version of clientlib, parameters and seed as then.",)
    assert told.short == ("1\u202f234\u00a0rows new",)


def test_a_corrected_row_only(news):
    told = news(facts=(FactCount("invoices", 0, 1),))
    assert part(told, "New facts")[-1] == "No row is known that was not known then."
    assert part(told, "Corrected facts") == (
        "Rows of then that were replaced or withdrawn: invoices 1.",
    )
    assert told.short == ("1\u00a0row corrected",)


def test_many_tables_are_told_by_the_largest(news):
    told = news(facts=tuple(FactCount(f"t{k}", k, 0) for k in range(1, 8)))
    said = part(told, "New facts")[-1]
    assert said.endswith("t7 7, t6 6, t5 5, t4 4, t3 3 and other tables 3.")


def test_another_code_parameter_and_seed(news):
    told = news(
        model=(
            ModelChange("code_version", "0.1.0", "0.2.0"),
            ModelChange("top_n", "", "25", is_parameter=True),
            ModelChange("seed", "7", "8"),
        )
    )
    assert part(told, "Model") == (
        "Version of clientlib: 0.1.0 then, 0.2.0 now.",
        "Parameter top_n: none then, 25 now.",
        "Seed: 7 then, 8 now.",
    )
    assert told.short == ("model changed",)


@pytest.mark.parametrize(
    ("population", "said"),
    [
        (Population(10, 9, 0, 1), "9\u00a0clients now, 10 then: 0 came, 1 went."),
        (Population(10, 9), "9\u00a0clients now, 10 then; it is not known who came and went."),
        (None, "It is not known which clients were counted: none are in what was issued."),
    ],
)
def test_clients_counted(news, population, said):
    assert part(news(population=population), "Clients counted") == (said,)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("gone", "How many rows is not known: snapshot 20250602T060000 is gone."),
        ("unread", "How many rows is not known: the snapshots could not be compared."),
    ],
)
def test_what_is_not_known_is_said(news, why, said):
    told = news(facts=None, why_uncounted=why)
    assert part(told, "New facts")[-1] == part(told, "Corrected facts")[-1] == said


def test_figures_then_and_now_with_their_difference(news):
    figures = (
        FigureChange("late_share", 0.142, 0.154),
        FigureChange("overdue_amount", 1500.0, 1200.0),
        FigureChange("clients_count", 10, 10),
        FigureChange("best", "model", "rule"),
        FigureChange("auc", None, 0.7),
    )
    rows = [(f.label, f.then, f.now, f.difference) for f in news(figures=figures).figures]
    assert rows == [
        ("Late share", "14.2%", "15.4%", "+1.2 points"),
        ("Overdue", "1\u202f500", "1\u202f200", "−300"),
        ("Clients", "10", "10", "same"),
        ("Best", "model", "rule", "changed"),
        ("AUC", "not enough data", "0.700", "changed"),
    ]


def test_a_page_tells_the_news_and_links_what_else_there_is(write, prose, make_run):
    changes = Changes(SINCE, (FactCount("<b>orders", 3, 0),), figures=(FigureChange("<i>", 1, 2),))
    outputs = {"deck": "2025-06-30/reliability/all.pptx", "data": "2025-06-30/data/all.csv"}
    page = write(prose("Words"), changes=changes, outputs=outputs)
    assert "What changed since the last run" in page
    assert "&lt;b&gt;orders 3." in page
    assert "<b>orders" not in page
    links = ['href="all.pptx">Deck', 'href="../data/all.csv">Data', 'href="all.ipynb">Analyst']
    assert [page.count(link) for link in links] == [1, 1, 1]
    assert ">PDF<" not in page


def test_news_are_told_in_the_language_that_is_spoken(news):
    with speaking("lt"):
        told = news(facts=(FactCount("orders", 2, 0),))
    assert told.short == ("nauja: 2\u00a0eilutės",)
