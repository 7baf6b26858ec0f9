"""The command lint: reports as they were written, held against the rules of charts and pages."""

from collections.abc import Iterator, Sequence

import typer

from clientlib.cli.output import say, say_json
from clientlib.cli.running import Reports
from clientlib.cli.warehousing import Json, project_settings
from clientlib.config import Settings
from clientlib.language import speaking
from clientlib.reports import Run
from clientlib.reports.linting import Finding, lint_deck, lint_document, lint_page
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.plan import check_reports
from clientlib.runs.remaking import open_workshop


def lint(reports: Reports = None, as_json: Json = False) -> None:
    """Hold the charts, pages and decks of the last runs against the rules; exit 1 if one breaks."""
    settings = project_settings()
    found = lint_project(settings, tuple(reports or ()))
    if as_json:
        say_json(
            [
                {"run": run.run_id, "rule": each.rule, "where": each.where, "what": each.what}
                for run, findings in found
                for each in findings
            ]
        )
    else:
        _say_found(found)
    if any(findings for _, findings in found):
        raise typer.Exit(1)


def lint_project(settings: Settings, names: Sequence[str]) -> list[tuple[Run, list[Finding]]]:
    """Hold the last done run of each report, edition and language against the rules.

    Parameters
    ----------
    settings : Settings
        Of the project.
    names : sequence of str
        Reports; none stands for all.

    Returns
    -------
    list of (Run, list of Finding)
        Each run with what it breaks.
    """
    wanted = set(check_reports(settings, names))
    runs = [run for run in Ledger(settings.ledger_folder).runs() if run.report in wanted]
    last = {
        (run.report, run.edition, run.language): run
        for run in sorted(runs, key=lambda run: (run.started_at, run.run_id))
        if run.state == "done"
    }
    return [(run, list(_lint_run(settings, run))) for run in last.values()]


def _lint_run(settings: Settings, run: Run) -> Iterator[Finding]:
    output = settings.output_folder
    if not (run.page and run.notebook and (output / run.notebook).is_file()):
        yield Finding("footer", run.run_id, "its page or notebook is gone: run it again")
        return
    workshop = open_workshop(settings, run.report)
    with speaking(run.language):
        document = workshop.read(run, output / run.notebook)
        yield from lint_document(document)
        yield from lint_page(output / run.page, document)
        if "deck" in run.outputs:
            yield from lint_deck(output / run.outputs["deck"], document)


def _say_found(found: list[tuple[Run, list[Finding]]]) -> None:
    for run, findings in found:
        say("linted", run.report, run.reader, f"{len(findings)} findings")
        for finding in findings:
            say("", finding.rule, finding.what, finding.where)
