"""The shared files are placed once, beside the pages, and named by what they hold."""

import plotly
import pytest

from clientlib.errors import RunError
from clientlib.reports import assets as assets_module
from clientlib.reports import place_assets


def test_plotly_style_and_script_lie_beside_the_pages(tmp_path):
    assets = place_assets(tmp_path / "reports")
    assert assets.plotly == f"plotly-{plotly.__version__}.min.js"
    for name in (assets.plotly, assets.style, assets.script):
        assert (tmp_path / "reports" / "assets" / name).stat().st_size > 1000


def test_placing_again_touches_nothing(tmp_path):
    first = place_assets(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    assert place_assets(tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in first.folder.iterdir()} == times


def test_a_torn_file_is_mended(tmp_path):
    first = place_assets(tmp_path)
    (first.folder / first.script).write_bytes(b"half")
    place_assets(tmp_path)
    assert (first.folder / first.script).stat().st_size > 1000


def test_links_are_relative_to_the_page(tmp_path):
    assets = place_assets(tmp_path)
    links = assets.link_from(tmp_path / "2025-06-30" / "reliability" / "all.html")
    assert links["style"] == f"../../assets/{assets.style}"
    assert assets.link_from(tmp_path / "index.html")["script"] == f"assets/{assets.script}"


def test_no_half_written_file_is_left(tmp_path):
    assets_module.write_whole(tmp_path / "a" / "b.html", b"whole")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.html"]


def test_a_plotly_without_its_script_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(assets_module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RunError, match=r"brings no plotly\.min\.js"):
        place_assets(tmp_path)
