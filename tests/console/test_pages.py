"""The web console's files, and the headers that keep browsers strict."""

from pathlib import Path

import pytest

from services.console.routes.pages import Pages
from tests.console.conftest import Console


@pytest.mark.parametrize(
    "path", ["/", "/clients", "/clients/without-contacts?search=1", "/api/console/me", "/assets/no.js"]
)
async def test_every_answer_keeps_browsers_strict(console: Console, path: str) -> None:
    async with console.browser() as browser:
        headers = (await browser.get(path)).headers

    assert headers["content-security-policy"] == (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["referrer-policy"]


async def test_any_place_in_the_console_is_its_one_page(console: Console) -> None:
    async with console.browser() as browser:
        pages = [await browser.get(path) for path in ("/", "/clients", "/clients/cl_1/channels")]
        head = await browser.head("/clients")

    assert {(page.status_code, page.text.startswith("<!doctype html>")) for page in pages} == {(200, True)}
    assert pages[0].headers["cache-control"] == "no-cache"
    assert (head.status_code, head.text) == (200, "")


async def test_hashed_files_are_kept_for_ever_and_come_packed(console: Console) -> None:
    async with console.browser() as browser:
        packed = await browser.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip, br"})
        plain = await browser.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "identity"})
        again = await browser.get("/assets/app-1a2b.js", headers={"If-None-Match": packed.headers["etag"]})

    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == "text/javascript; charset=utf-8"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/favicon.ico",
        "/api/nothing",
        "/hooks",
        "/api/console/nothing",
        "/..%2f..%2fsettings.py",
        "/health/x",
    ],
)
async def test_what_is_not_there_is_no_page(console: Console, path: str) -> None:
    async with console.browser() as browser:
        answer = await browser.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_pages_take_no_posts(console: Console) -> None:
    async with console.browser() as browser:
        assert (await browser.post("/clients")).status_code == 405


async def test_without_a_build_the_page_says_how_to_make_one_and_finds_it_when_it_is_there(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    missing = await pages.answer("clients", accepts="", has="")
    assert missing.status_code == 503
    assert b"make web" in bytes(missing.body)

    (tmp_path / "index.html").write_text("<!doctype html>new")
    assert bytes((await pages.answer("clients", accepts="", has="")).body) == b"<!doctype html>new"


async def test_what_the_build_packed_is_used(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "index.html.br").write_bytes(b"brotli")
    pages = Pages(tmp_path)

    packed = await pages.answer("", accepts="gzip, br;q=1.0", has="")
    refused = await pages.answer("", accepts="gzip, br;q=0", has="")
    direct = await pages.answer("index.html", accepts="", has="")

    assert (packed.headers["content-encoding"], bytes(packed.body)) == ("br", b"brotli")
    assert "content-encoding" not in refused.headers
    assert direct.status_code == 200


async def test_the_apis_own_pages_are_served(console: Console) -> None:
    async with console.browser() as browser:
        openapi = (await browser.get("/api/console/openapi.json")).json()
        docs = await browser.get("/api/console/docs")

    assert "/api/console/sign-in" in openapi["paths"]
    assert "/{path}" not in openapi["paths"]
    assert docs.status_code == 200
