"""The kernelspec comes with an install, for use and for development alike."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from warm_kernels import SPEC

ROOT = Path(__file__).parents[3]
PLACE = "clientlib-0.1.0.data/data/share/jupyter/kernels/clientlib-warm/"


@pytest.mark.parametrize("kind", ["build_wheel", "build_editable"])
def test_install_carries_the_kernelspec(tmp_path, kind):
    pytest.importorskip("hatchling")
    program = f"import hatchling.build; hatchling.build.{kind}({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        carried = {name.removeprefix(PLACE) for name in files.namelist() if name.startswith(PLACE)}
    assert carried >= {"kernel.json", *(file.name for file in SPEC.glob("*.py"))}


def test_kernelspec_starts_a_python_without_site_packages():
    spec = json.loads((SPEC / "kernel.json").read_text("utf-8"))
    assert spec["argv"] == [
        "python", "-I", "-S", "-E", "{resource_dir}/launcher.py", "{connection_file}"]  # fmt: skip
    assert spec["interrupt_mode"] == "signal"
