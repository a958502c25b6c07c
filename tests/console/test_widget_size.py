"""The website chat is a guest on others' pages: what it weighs, and what comes before it is opened."""

import gzip
import re
from pathlib import Path

import pytest

from services.console.routes.pages import Pages
from services.console.settings import ConsoleSettings

ALL_BYTES = 30_000
FIRST_BYTES = 5_000
DIST = ConsoleSettings().web_dist


@pytest.fixture
def files() -> tuple[Path, Path]:
    first = DIST / "widget.js"
    if not first.exists():
        pytest.skip("not run: the front end is not built; `make web` builds it")
    (panel,) = DIST.glob("assets/widget-panel-*.js")
    return first, panel


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_it_is_small(files: tuple[Path, Path]) -> None:
    first, panel = files
    assert packed(first) < FIRST_BYTES
    assert packed(first) + packed(panel) < ALL_BYTES


async def test_other_pages_may_load_it_and_keep_what_does_not_change(files: tuple[Path, Path]) -> None:
    first, panel = files
    assert panel.name in first.read_text()
    pages = Pages(DIST)
    script = await pages.answer("widget.js", accepts="br", has="")
    loaded = await pages.answer(f"assets/{panel.name}", accepts="br", has="")
    newest = await pages.answer("widget-panel.js", accepts="", has="")
    for one in (script, loaded, newest):
        assert one.headers["access-control-allow-origin"] == "*"
        assert re.match("text/javascript", one.headers["content-type"])
    assert script.headers["cache-control"] == "no-cache"
    assert "immutable" in loaded.headers["cache-control"]
    assert bytes(newest.body) == panel.read_bytes()
    console = await pages.answer("index.html", accepts="", has="")
    assert "access-control-allow-origin" not in console.headers
