"""A contact form that is left in the website chat, and what visitors are told of their queue."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.settings import IngestSettings
from shared.contracts import topics
from shared.contracts.lookups import lookup
from shared.contracts.queues import ContactForm, Override, QueueStateV1
from shared.sealing.keys import SecretKeys
from tests.ingest.queues import ALWAYS, GIVEN, NEVER, a_queue, opened, opened_form, publish, until_true
from tests.ingest.site import KEY, Site, an_ingest, an_item

CANARY = "canary-5f1c77"


@pytest.fixture(scope="module")
async def address(settings: IngestSettings) -> AsyncGenerator[str]:
    async with an_ingest(settings) as found:
        yield found


@pytest.fixture
async def site(settings: IngestSettings, address: str) -> AsyncGenerator[Site]:
    found = Site(settings, address)
    yield await (await found.connect()).open()
    await found.http.aclose()


async def state(site: Site, language: str = "en") -> dict[str, Any] | None:
    answer = await site.ask("GET", f"state?language={language}")
    assert answer.status_code == 200, answer.text
    return answer.json()["queue"]


async def fed(site: Site, **more: Any) -> QueueStateV1:
    """Let the site feed a queue, and wait until ingest knows."""
    queue = a_queue(site.workspace, site.made["id"], **more)
    await publish(site.settings, queue)
    await until_true(lambda: state(site))
    return queue


async def test_a_site_without_a_queue_says_so_and_takes_no_form(site: Site) -> None:
    assert await state(site) is None
    answer = await site.tell("form", {"answers": GIVEN})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:kith:problem:no-form")
    assert await site.published() == []


async def test_what_a_queue_says_is_told_in_the_visitors_language(site: Site) -> None:
    hours = (*NEVER[:6], ALWAYS[0])
    await fed(site, hours=hours)
    found = await state(site, "de-AT")
    assert found is not None
    assert (found["offline"], found["time_zone"], found["when_closed"]) == ("Niemand ist da.", "Europe/Oslo", "form")
    assert len(found["spans"]) in {2, 3}
    assert [field["label"] for field in found["form"]["fields"]][:2] == ["Ihr Name", "Email"]
    assert found["form"]["fields"][4]["choices"][0] == {"id": "order", "label": "Eine Bestellung"}
    assert "members" not in found
    assert "form_key" not in found


async def test_a_form_is_sealed_and_kept_once_however_often_it_is_sent(site: Site, caplog: Any) -> None:
    queue = await fed(site)
    answers = {**GIVEN, "text": f"I write {CANARY} here", "name": f"Ann {CANARY}"}
    item = an_item("form", {"answers": answers, "language": "de"})
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            answer = await site.ask("POST", "events", json=item)
            assert (answer.status_code, answer.json()["items"][0]["status"]) == (200, "accepted")
    base = f"{site.made['id']}/{site.device}/{item['event_id']}"
    forms = await site.published(topics.CONTACT_FORM)
    assert {form["id"] for form in forms} == {f"{base}/form"}
    form = forms[0]
    assert (form["queue_id"], form["via"], form["language"], form["while_closed"]) == (queue.id, "widget", "de", True)
    assert form["choices"] == {"topic": ["order"], "agree": ["yes"]}
    assert opened_form(form, KEY) == {
        "name": f"Ann {CANARY}",
        "email": "ann@example.com",
        "text": f"I write {CANARY} here",
    }
    hashed = lookup(SecretKeys(KEY).lookup_key(), site.workspace, "email", "ann@example.com")
    assert form["lookups"] == [hashed]

    said = {event["type"]: event for event in await site.published()}
    assert said["form.left.v1"]["id"] == base
    assert said["form.left.v1"]["form_id"] == f"{base}/form"
    details = said["details.provided.v1"]
    assert (details["id"], details["how"]) == (f"{base}/details", "form")
    assert details["details"] == [{"kind": "email", "value": "ann@example.com", "strength": "claimed"}]
    assert details["sender"]["name"] == f"Ann {CANARY}"
    await until_true(lambda: _said(site, [("in", "Contact form")]))
    await nothing_leaks(site, f"I write {CANARY}", caplog)


async def _said(site: Site, wanted: list[tuple[str, str]]) -> bool:
    return await site.history() == wanted


async def nothing_leaks(site: Site, canary: str, caplog: Any) -> None:
    """Check that a form's text stands on no topic, in no metric and in no log."""
    for topic in (topics.CONVERSATION, topics.CONTACT_FORM, topics.OUTBOUND, topics.DEAD_LETTER):
        assert canary not in str(await site.published(topic)), topic.name
    metrics = (await site.http.get("/metrics")).text
    assert "kith_accepted_total" in metrics
    assert canary not in metrics
    assert canary not in caplog.text


async def test_what_is_wrong_is_told_at_each_field_in_the_visitors_language_and_nothing_is_taken(
    site: Site, caplog: Any
) -> None:
    await fed(site)
    answers = {**GIVEN, "email": CANARY, "agree": False, "text": CANARY}
    with caplog.at_level(logging.DEBUG):
        answer = await site.tell("form", {"answers": answers, "language": "es"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:kith:problem:invalid-form")
    told = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert set(told) == {"payload.answers.email", "payload.answers.agree"}
    assert "correo" in told["payload.answers.email"]
    assert CANARY not in answer.text
    assert CANARY not in caplog.text
    assert await site.published(topics.CONTACT_FORM) == []
    for bad in ({}, {"answers": []}, {"answers": {str(n): "x" for n in range(201)}}):
        assert (await site.tell("form", bad)).status_code == 400


async def test_the_form_is_the_one_that_the_queue_has_now(site: Site) -> None:
    queue = await fed(site)
    less = ContactForm(fields=queue.form.fields[:1])
    await publish(site.settings, queue.model_copy(update={"form": less, "rev": 2}))

    async def is_less() -> bool:
        return len((await state(site) or {})["form"]["fields"]) == 1

    await until_true(is_less)
    assert (await site.tell("form", {"answers": GIVEN})).status_code == 422
    assert (await site.tell("form", {"answers": {"name": "Ann"}})).status_code == 200
    (form,) = await site.published(topics.CONTACT_FORM)
    assert [field["id"] for field in form["fields"]] == ["name"]
    assert [event["type"] for event in await site.published()] == ["form.left.v1"]  # nothing was claimed

    await publish(site.settings, queue.model_copy(update={"active": False, "rev": 3}))

    async def is_gone() -> bool:
        return await state(site) is None

    await until_true(is_gone)
    assert (await site.tell("form", {"answers": {"name": "Ann"}})).status_code == 409


async def test_a_stream_tells_what_the_queue_says_and_again_when_it_changes(site: Site) -> None:
    async with site.stream() as stream:
        assert await stream.next_state() is None
        queue = await fed(site)
        closed = await stream.next_state()
        assert closed is not None
        assert not closed["is_open"]
        await publish(site.settings, opened(queue, by_hand=True))
        by_hand = await stream.next_state()
        assert by_hand is not None
        assert by_hand["is_open"]
        soon = datetime.now(UTC) + timedelta(seconds=2)
        until = queue.model_copy(update={"override": Override(opened=True, until=soon), "rev": 3})
        await publish(site.settings, until)
        told = await asyncio.wait_for(stream.next_state(), 20)
        assert told is not None
        assert datetime.fromisoformat(told["until"]) - soon < timedelta(seconds=1)
        turned = await asyncio.wait_for(stream.next_state(), 20)  # nobody published anything
        assert turned is not None
        assert not turned["is_open"]


async def test_without_its_broker_a_form_is_not_taken(settings: IngestSettings, site: Site) -> None:
    """503 means: keep it, and send it again. The queue is known from before."""
    await fed(site)
    async with an_ingest(settings, accept_seconds=0.0001) as slow:
        there = Site(settings, slow)
        there.made, there.token = site.made, site.token
        await until_true(lambda: state(there))
        answer = await there.tell("form", {"answers": GIVEN})
        await there.http.aclose()
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:kith:problem:away")
