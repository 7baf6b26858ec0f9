"""Template processes that kernels share: one for each state of the environment, learning."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import pytest
from warm_kernels import (
    folders_of_their_own,
    is_running,
    kernel,
    read_report,
    run_cell,
    shared_templates,
    wait_until,
)

from clientlib.kernels import start_template
from clientlib.kernels.preload import LIBRARIES, PACKAGE, Preload, is_library
from clientlib.kernels.spec.protocol import receive, send

LOADED = "import sys; print('xml.dom.minidom' in sys.modules, 'tqdm.auto' in sys.modules)"
LEARNING_SECONDS = 60


@pytest.fixture
def own_folders(monkeypatch):
    """Give variables for kernelspec, runtime folder and cache that one test uses alone."""
    with (
        tempfile.TemporaryDirectory(prefix="wk-") as place,
        folders_of_their_own(Path(place)) as variables,
    ):
        for name, text in variables.items():
            monkeypatch.setenv(name, text)
        yield {name: Path(text) for name, text in variables.items()}


def kept(folders) -> dict:
    """Read what template processes have learned."""
    files = list(folders["XDG_CACHE_HOME"].glob("clientlib/preload-*.json"))
    return json.loads(files[0].read_text("utf-8")) if files else {"learned": [], "refused": {}}


def test_kernels_without_a_batch_share_a_template_that_the_first_one_starts(own_folders, report):
    runtime = own_folders["XDG_RUNTIME_DIR"]
    variables = {"CLIENTLIB_KERNEL_REPORT": str(report)}
    with kernel(variables) as first, kernel({}) as second:
        parents = {cells.run("import os; os.getppid()") for cells in (first, second)}
        assert {*map(str, shared_templates(runtime))} == parents
    assert read_report(report)["kernel"] == "warm"
    assert (runtime / "clientlib-kernels").stat().st_mode & 0o777 == 0o700


def test_kernels_that_start_at_once_get_one_template(own_folders):
    program = "from warm_kernels import run_cell; print(run_cell({}, 'import os; os.getppid()'))"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    parents = [process.communicate(timeout=90)[0].strip() for process in started]
    assert len(set(parents)) == 1
    assert shared_templates(own_folders["XDG_RUNTIME_DIR"]) == [int(parents[0])]


def test_shared_template_ends_itself_when_idle(own_folders):
    place = own_folders["XDG_RUNTIME_DIR"] / "socket"
    lock = os.open(place.parent / "lock", os.O_RDWR | os.O_CREAT)
    command = [sys.executable, "-m", "clientlib.kernels.template", str(place), "--lock", str(lock)]
    with subprocess.Popen(
        [*command, "--idle-seconds", "0.3"], cwd=place.parent, pass_fds=[lock]
    ) as process:
        os.close(lock)
        assert process.wait(60) == 0
    assert not place.exists()


def test_changed_environment_gets_a_new_template_and_running_kernels_go_on(
    own_folders, report, tmp_path
):
    library = tmp_path / "clientlib"
    library.symlink_to(PACKAGE)
    variables = {"PYTHONPATH": str(tmp_path), "CLIENTLIB_KERNEL_REPORT": str(report)}
    with kernel(variables) as first:
        old = int(first.run("import os; os.getppid()"))
        library.unlink()
        library.mkdir()
        for entry in PACKAGE.iterdir():
            (library / entry.name).symlink_to(entry)
        (library / "new.py").write_text("", encoding="utf-8")
        with kernel({**variables, "CLIENTLIB_KERNEL_REPORT": ""}) as second:
            new = int(second.run("import os; os.getppid()"))
            assert new != old
            assert is_running(old)
            assert first.run("6 * 7") == "42"
    assert read_report(report)["exit_code"] == 0
    wait_until(lambda: not is_running(old))


def test_template_with_an_extra_thread_forks_no_kernel(own_folders, report, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import signal, threading, time\n"
        "go = lambda *_: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "signal.signal(signal.SIGUSR1, go)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with start_template() as own:
        variables = {**own.environment, "CLIENTLIB_KERNEL_REPORT": str(report)}
        assert run_cell(variables, "6 * 7") == "42"
        assert read_report(report)["kernel"] == "warm"
        report.unlink()
        own.process.send_signal(signal.SIGUSR1)
        assert run_cell(variables, "6 * 7") == "42"
    end = read_report(report)
    assert end["kernel"] == "cold"
    assert end["why_cold"] == "the template process has 2 threads instead of 1"


def test_what_kernels_import_is_learned_but_for_what_asks_for_the_shell(own_folders):
    with start_template() as own:
        first = f"import xml.dom.minidom, tqdm.auto, inspect; {LOADED}"
        assert run_cell(own.environment, LOADED) == "False False"
        run_cell(own.environment, first)
        wait_until(lambda: "xml.dom.minidom" in kept(own_folders)["learned"], LEARNING_SECONDS)
        assert run_cell(own.environment, LOADED) == "True False"
        refused = kept(own_folders)["refused"]
        assert refused["tqdm.auto"] == "asks for the shell while it is imported"
        assert "ipywidgets" in refused
    with start_template() as later:
        assert run_cell(later.environment, LOADED) == "True False"


def test_folder_that_is_open_to_others_is_not_used(own_folders, report):
    folder = own_folders["XDG_RUNTIME_DIR"] / "clientlib-kernels"
    folder.mkdir(mode=0o755)
    run_cell({"CLIENTLIB_KERNEL_REPORT": str(report)}, "1")
    assert read_report(report)["why_cold"] == (
        f"the folder of template processes is open to others: {folder}"
    )


def test_template_that_ends_while_it_starts_is_told_with_its_log(own_folders, report, tmp_path):
    (tmp_path / "argparse.py").write_text("raise SystemExit('broken')", encoding="utf-8")
    variables = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{PACKAGE.parent}"}
    with pytest.raises(RuntimeError, match="Kernel died"):  # the cold one is broken as well
        run_cell({**variables, "CLIENTLIB_KERNEL_REPORT": str(report)}, "1")
    said = read_report(report)["why_cold"]
    assert said.startswith("the template process did not start; see ")
    assert Path(said.partition("see ")[2]).read_text("utf-8") == "broken\n"


MODULES = {
    "good": "answer = 42",
    "asks": "from IPython import get_ipython\nget_ipython()",
    "asks_by_name": "try:\n    get_ipython()\nexcept NameError:\n    pass",
    "asks_through_another": "import asks",
    "prints": "print('welcome')",
    "warns": "import warnings\nwarnings.warn('old', DeprecationWarning, stacklevel=2)",
    "is_quiet": "import warnings\nwarnings.warn('for developers', DeprecationWarning)",
    "starts_a_thread": """
        import threading, time
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        """,
    "fails": "1 / 0",
}


def test_trial_refuses_what_would_make_a_forked_kernel_differ(tmp_path):
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    program = f"""
import json, os, sys
from clientlib.kernels.preload import Preload
from clientlib.kernels.watching import sift
out = os.fdopen(os.dup(1), "w")
found = sift(Preload(refused={{"known": "before"}}), {list(MODULES)} + ["known.part"])
json.dump(vars(found), out)
out.flush()
os._exit(0)
"""
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{PACKAGE.parent}"}
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )
    found = json.loads(told.stdout)
    asked = "asks for the shell while it is imported"
    spoke = "prints or warns while it is imported"
    assert found["refused"] == {
        "known": "before",
        "asks": asked,
        "asks_by_name": asked,
        "prints": spoke,
        "warns": spoke,
        "starts_a_thread": "starts threads while it is imported",
    }
    assert found["learned"] == ["good", "asks_through_another", "is_quiet"]


def test_what_lies_in_a_refused_package_is_refused():
    preload = Preload(refused={"tqdm.auto": "asks", "ipywidgets": "asks"})
    names = ["tqdm", "tqdm.auto", "tqdm.automatic", "ipywidgets", "ipywidgets.widgets.box"]
    assert preload.allowed(names) == ["tqdm", "tqdm.automatic"]


def test_refused_modules_of_the_base_list_are_left_out():
    preload = Preload(learned=["tqdm"], refused={"pandas": "starts threads"})
    assert preload.names() == [name for name in LIBRARIES if name != "pandas"] + ["tqdm"]


PREFIX = Path(sys.prefix)


@pytest.mark.parametrize(
    ("file", "folder", "expected"),
    [
        pytest.param(PREFIX / "lib/site-packages/x.py", "/home/ann", True, id="installed"),
        pytest.param(PACKAGE / "runs/plan.py", "/home/ann", True, id="ours"),
        pytest.param(PACKAGE / "runs/plan.py", PACKAGE.parent, True, id="ours, from its checkout"),
        pytest.param("/home/ann/own.py", "/home/ann", False, id="beside the notebook"),
        pytest.param("/srv/shared/own.py", "/home/ann", False, id="anywhere else"),
        pytest.param(PREFIX / "lib/x.py", PREFIX.parent, True, id="environment in the project"),
        pytest.param(PREFIX / "work/own.py", PREFIX / "work", False, id="project in it"),
        pytest.param(None, "/home/ann", False, id="without a file"),
    ],
)
def test_only_modules_of_libraries_are_learned(file, folder, expected):
    assert is_library(file and str(file), str(folder)) is expected


def test_message_arrives_whole_and_with_its_files():
    ours, theirs = socket.socketpair()
    told = {"environment": {"A": "ü" * 400_000, "B": "\udcff"}}
    with ours, theirs:
        sender = threading.Thread(target=send, args=(ours, told, [0]))
        sender.start()
        message, descriptors = receive(theirs, 1)
        sender.join()
    assert message == told
    assert len(descriptors) == 1
    os.close(descriptors[0])


def test_message_that_is_cut_off_is_no_message():
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            ours.sendall((100).to_bytes(4, "big") + b"{")
        with pytest.raises(EOFError, match="the connection was closed"):
            receive(theirs)
