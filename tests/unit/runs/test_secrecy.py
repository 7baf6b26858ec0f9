import base64
import json
from urllib.parse import quote

import pytest
from executing import code, run, shown

from clientlib import runs
from clientlib.errors import InputError, RunError
from clientlib.runs.executing.engine import KernelStart
from clientlib.runs.secrecy import Mask, referenced, referenced_in_source

TOKEN = 's3cr3t "tök/en" +'


@pytest.fixture
def token(monkeypatch) -> str:
    monkeypatch.setenv("CRM_TOKEN", TOKEN)
    return TOKEN


def test_notebook_gets_the_value_that_its_parameter_refers_to(token):
    assert runs.secret("env:CRM_TOKEN") == token


def test_secret_that_is_not_set_is_told_by_the_name_of_its_variable():
    with pytest.raises(RunError, match="the environment variable CRM_TOKEN is not set"):
        runs.secret("env:CRM_TOKEN")


def test_value_in_the_place_of_a_reference_is_refused_and_not_shown():
    with pytest.raises(InputError, match="no reference to a secret") as caught:
        runs.secret("hunter2-hunter2")
    assert "hunter2" not in str(caught.value)


def test_short_value_is_no_secret(monkeypatch):
    monkeypatch.setenv("CRM_TOKEN", "abc")
    with pytest.raises(RunError, match="CRM_TOKEN is shorter than 4 characters") as caught:
        runs.secret("env:CRM_TOKEN")
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(TOKEN, id="plain"),
        pytest.param(json.dumps(TOKEN)[1:-1], id="JSON"),
        pytest.param(json.dumps(TOKEN, ensure_ascii=False)[1:-1], id="JSON with its letters"),
        pytest.param(json.dumps(json.dumps(TOKEN))[3:-3], id="JSON in JSON"),
        pytest.param(repr(TOKEN)[1:-1], id="Python"),
        pytest.param(quote(TOKEN, safe=""), id="address"),
        pytest.param(base64.b64encode(TOKEN.encode()).decode(), id="base64"),
        pytest.param("s3cr3t &quot;tök/en&quot; +", id="HTML"),
    ],
)
def test_secret_is_masked_however_it_is_written(written):
    assert Mask([TOKEN]).text(f"before {written} after") == "before *** after"


@pytest.mark.parametrize("before", ["", "u", "us", "usr", "user:"])
def test_secret_within_a_longer_base64_is_masked(before):
    coded = base64.b64encode(f"{before}{TOKEN}!!!".encode()).decode()
    masked = Mask([TOKEN]).text(coded)
    assert "***" in masked
    assert len(masked) <= len(coded) - len(TOKEN)


def test_longest_secret_is_masked_first():
    assert Mask(["token", "token-2"]).text("token-2 and token") == "*** and ***"


def test_words_of_the_notebook_format_stay():
    notebook = {"cell_type": "code", "outputs": [{"data": {"text/html": "a code"}}]}
    masked = Mask(["code", "html"]).within(notebook)
    assert masked == {"cell_type": "code", "outputs": [{"data": {"text/html": "a ***"}}]}


def test_secret_that_was_printed_in_pieces_is_masked():
    pieces = [{"output_type": "stream", "name": "stdout", "text": part} for part in ("hun", "ter2")]
    other = {"output_type": "stream", "name": "stderr", "text": "hun"}
    masked = Mask(["hunter2"]).within([*pieces, other])
    assert [part["text"] for part in masked] == ["***", "", "hun"]


def test_references_are_found_in_parameters_and_in_code():
    assert referenced({"token": "env:CRM_TOKEN", "more": ["env:DB", "env:DB", "as env:NOT"]}) == [
        "CRM_TOKEN", "DB",
    ]  # fmt: skip
    assert referenced_in_source("token = 'env:CRM_TOKEN'  # as env:NOT") == ["CRM_TOKEN"]


SHOW = f"""
import base64, json
from clientlib import runs
from IPython.display import display
value = runs.secret(token)
print(value, json.dumps([value]), base64.b64encode(value.encode()).decode())
display({{"text/plain": value, "application/json": {{value: [value]}}}}, metadata={{"k": value}}, raw=True)
print("shown:", len(value) == {len(TOKEN)})
"""


def test_nothing_that_is_written_holds_the_secret(tmp_path, token):
    default = code('token = "env:OTHER_TOKEN"', "parameters")
    start = KernelStart(
        name="python3",
        environment={"OTHER_TOKEN": "of-the-default"},
        log=tmp_path / "kernel.log",
    )
    executed, notebook = run(
        tmp_path,
        default,
        SHOW + "import os; os.write(2, value.encode())",
        "value + runs.secret('env:OTHER_TOKEN')",
        "raise ValueError(f'refused: {value}')",
        parameters={"token": "env:CRM_TOKEN"},
        start=start,
    )
    _, _, given, showing, *_ = notebook.cells  # after the banner of the failure
    assert shown(showing).startswith('*** ["***"] ***\nshown: True')
    assert executed.failure.message == "refused: ***"
    assert "***" in executed.failure.traceback
    assert 'token = "env:CRM_TOKEN"' in given.source
    assert notebook.metadata.papermill.parameters == {"token": "env:CRM_TOKEN"}
    for file in tmp_path.iterdir():
        written = file.read_text()
        for form in (TOKEN, json.dumps(TOKEN)[1:-1], base64.b64encode(TOKEN.encode()).decode()):
            assert form not in written, file.name
            assert json.dumps(form)[1:-1] not in written, file.name
        assert "of-the-default" not in written, file.name


def test_named_variables_are_masked_beside_those_that_parameters_refer_to(tmp_path, token):
    executed, notebook = run(
        tmp_path, "import os; print(os.environ['CRM_TOKEN'])", secrets=("CRM_TOKEN",)
    )
    assert executed.kind == "done"
    assert notebook.cells[0].outputs[0].text == "***\n"


def test_missing_secret_is_told_before_anything_runs(tmp_path):
    from executing import write

    from clientlib.runs.executing.notebooks import execute

    executed = execute(
        write(tmp_path / "report.ipynb", "1"),
        tmp_path / "executed.ipynb",
        parameters={"token": "env:CRM_TOKEN"},
    )
    assert executed.kind == "fault"
    assert executed.failure.message.startswith("the environment variable CRM_TOKEN is not set")
