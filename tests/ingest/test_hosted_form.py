"""A queue's contact form as a page of its own: nothing but HTML, once only, and with what was typed kept."""

import re
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from services.ingest.settings import IngestSettings
from shared.contracts import topics
from shared.contracts.queues import QueueStateV1
from tests.ingest.queues import a_queue, opened, opened_form, publish, until_true
from tests.ingest.site import KEY, Site, an_ingest

TYPED = {"a.name": "Ann <b>", "a.email": "Ann@Example.com", "a.text": "Line 1\r\nLine 2", "a.agree": "yes"}


@pytest.fixture(scope="module")
async def address(settings: IngestSettings) -> AsyncGenerator[str]:
    async with an_ingest(settings) as found:
        yield found


class Page:
    """A browser without JavaScript at one form's address."""

    def __init__(self, settings: IngestSettings, http: httpx.AsyncClient, queue: QueueStateV1) -> None:
        self.http = http
        self.queue = queue
        self.path = f"/f/{queue.form_key}"
        self._topics = Site(settings, str(http.base_url))
        self._topics.made = {"id": queue.id}

    async def get(self, more: str = "", **headers: str) -> httpx.Response:
        return await self.http.get(self.path + more, headers=headers)

    async def submission(self) -> str:
        found = re.search(r'name="submission" value="([^"]+)"', (await self.get()).text)
        assert found is not None
        return found[1]

    async def post(self, more: str = "", **typed: Any) -> httpx.Response:
        return await self.http.post(self.path + more, data=typed)

    async def forms(self) -> list[dict[str, Any]]:
        return await self._topics.published(topics.CONTACT_FORM)

    async def said(self) -> list[dict[str, Any]]:
        return await self._topics.published(topics.CONVERSATION)

    async def aclose(self) -> None:
        await self._topics.http.aclose()


@pytest.fixture
async def page(settings: IngestSettings, address: str) -> AsyncGenerator[Page]:
    async with httpx.AsyncClient(base_url=address, timeout=20) as http:
        found = Page(settings, http, a_queue("ws_hosted"))
        await publish(settings, found.queue)

        async def is_there() -> bool:
            return (await found.get()).status_code == 200

        await until_true(is_there)
        yield found
        await found.aclose()


async def test_a_form_is_taken_once_however_often_it_is_sent(page: Page) -> None:
    typed = {**TYPED, "submission": await page.submission()}
    for _ in range(3):
        answer = await page.post("?lang=de", **typed)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{page.path}/thanks?lang=de")
    thanks = await page.get("/thanks?lang=de")
    assert "Got it, thank you." in thanks.text
    assert "Ihre Nachricht ist angekommen" in thanks.text
    forms = await page.forms()
    assert len({form["id"] for form in forms}) == 1
    assert (forms[0]["via"], forms[0]["language"], forms[0]["while_closed"]) == ("hosted", "de", True)
    assert opened_form(forms[0], KEY)["text"] == "Line 1\nLine 2"
    assert forms[0]["chat"]["connection_id"] == page.queue.id
    assert {event["type"] for event in await page.said()} == {"form.left.v1", "details.provided.v1"}

    await page.post(**{**TYPED, "submission": await page.submission()})
    both = await page.forms()
    assert len({form["id"] for form in both}) == 2
    assert len({form["chat"]["contact_id"] for form in both}) == 1  # the same browser is the same device
    page.http.cookies.clear()
    for _ in range(2):
        page.http.cookies.clear()
        await page.post(**{**TYPED, "submission": "without-a-cookie"})
    assert len({form["id"] for form in await page.forms()}) == 3


async def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(page: Page) -> None:
    submission = await page.submission()
    wrong = {"a.email": 'ann"><script>', "a.agree": "", "submission": submission}
    answer = await page.post("?lang=es", **{**TYPED, **wrong})
    assert answer.status_code == 422
    assert answer.url.query == b"lang=es"
    html = answer.text
    assert "Ann &lt;b&gt;" in html
    assert "Line 1\r\nLine 2" in html or "Line 1\nLine 2" in html
    assert "ann&quot;&gt;&lt;script&gt;" in html
    assert "<script" not in html
    assert html.count('class="error"') == 2
    assert html.count("autofocus") == 1
    assert f'value="{submission}"' in html
    assert await page.forms() == []
    assert (await page.post(submission=submission, **{"a.text": "x" * 200_000})).status_code == 413
    assert (await page.http.post(page.path, content=b"\xff\xfe%%%=&&a.name")).status_code == 422


async def test_it_asks_nobody_else_and_no_script_may_run(page: Page) -> None:
    page.http.cookies.clear()
    answer = await page.get()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert re.findall(r'(?:src|href)="([^"]*)"', answer.text) == ["data:,"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert f"path={page.path}" in cookie


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("", "fr,es;q=0.3,en;q=0.1", "es"),
        ("?lang=de", "es", "de"),
        ("?lang=xx", "nonsense;q=x,*", "en"),
        ("?lang=%22%3E%3Cb%3E", "", "en"),
    ],
)
async def test_it_speaks_the_visitors_language(page: Page, query: str, accepts: str, language: str) -> None:
    answer = await page.get(query, **{"Accept-Language": accepts})
    assert f'<html lang="{language}"' in answer.text
    wanted = {"en": "Leave us a message", "es": "Déjenos un mensaje", "de": "Hinterlassen Sie uns eine Nachricht"}
    assert wanted[language] in answer.text


async def test_open_or_closed_it_takes_forms_and_deleted_it_is_gone(page: Page, settings: IngestSettings) -> None:
    assert "Nobody is here." in (await page.get()).text
    await publish(settings, opened(page.queue, by_hand=True))

    async def is_open() -> bool:
        return "Nobody is here." not in (await page.get()).text

    await until_true(is_open)
    assert (await page.post(**{**TYPED, "submission": await page.submission()})).status_code == 303
    assert (await page.forms())[0]["while_closed"] is False
    await publish(settings, page.queue.model_copy(update={"active": False, "rev": 3}))

    async def is_gone() -> bool:
        return (await page.get()).status_code == 404

    await until_true(is_gone)
    gone = await page.post(**TYPED)
    assert (gone.status_code, gone.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such form" in gone.text
    assert (await page.http.get("/f/never")).status_code == 404


async def test_an_address_that_sends_too_many_has_to_wait(settings: IngestSettings, page: Page) -> None:
    async with an_ingest(settings, form_address_burst=2) as strict, httpx.AsyncClient(base_url=strict) as http:
        other = Page(settings, http, page.queue)

        async def is_there() -> bool:
            return (await other.get()).status_code == 200

        await until_true(is_there)
        codes = [(await other.post(**{**TYPED, "submission": f"number-{n}-of-3"})).status_code for n in range(3)]
        last = await other.post(**TYPED)
        await other.aclose()
    assert codes == [303, 303, 429]
    assert int(last.headers["retry-after"]) >= 1
