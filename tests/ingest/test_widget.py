"""The website chat's side of ingest: who comes in, what is taken, and how a visitor is answered."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from services.broadcast.domain.outcomes import Failed, NotReached, Sent
from services.ingest.settings import IngestSettings
from shared.contracts import topics
from tests.ingest.desk import REACH
from tests.ingest.site import ORIGIN, SITE_SECRET, Site, an_ingest, an_item

SOON = 20.0


@pytest.fixture(scope="module")
async def address(settings: IngestSettings) -> AsyncGenerator[str]:
    async with an_ingest(settings) as found:
        yield found


@pytest.fixture
async def site(settings: IngestSettings, address: str) -> AsyncGenerator[Site]:
    found = Site(settings, address)
    yield await (await found.connect()).open()
    await found.http.aclose()


def in_an_hour() -> int:
    return int(time.time()) + 3600


def signed(secret: str = SITE_SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode({"sub": "user-7", "exp": in_an_hour(), **claims}, secret, algorithm=algorithm)


async def test_a_site_gets_a_key_and_a_tag_and_keeps_the_key(site: Site) -> None:
    assert site.key.startswith("wk_")
    assert site.made["secret"] is None
    assert (site.made["name"], site.made["settings"]) == ("www.example.com", {"origins": [ORIGIN]})
    (tag,) = site.made["to_paste"]
    assert f'data-site-key="{site.key}"' in tag["value"]
    changed = await site.change(origins=["https://other.example"], site_secret="y" * 32)
    assert changed.json()["bot_id"] == site.key
    assert (await site.ask("GET", "messages")).status_code == 403
    assert (await site.ask("GET", "messages", origin="https://other.example")).status_code == 200
    shown = changed.text + json.dumps(site.made)
    assert SITE_SECRET not in shown


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"origins": []}, "origins"),
        ({"origins": None}, "origins"),
        ({"origins": [ORIGIN, "http://www.example.com"]}, "origins.1"),
        ({"origins": ["https://www.example.com/"]}, "origins.0"),
        ({"origins": ["https://www.example.com/shop"]}, "origins.0"),
        ({"origins": ["https://WWW.example.com"]}, "origins.0"),
        ({"origins": ["https://*.example.com"]}, "origins.0"),
        ({"origins": ["https://bücher.example"]}, "origins.0"),
        ({"origins": ["https://a@b.example"]}, "origins.0"),
        ({"origins": ["https://a.example:443"]}, "origins.0"),
        ({"origins": ["https://a.example:x"]}, "origins.0"),
        ({"origins": ["null"]}, "origins.0"),
        ({"origins": [""]}, "origins.0"),
        ({"site_secret": "x" * 31}, "site_secret"),
        ({"token": "7:A"}, "token"),
    ],
)
async def test_what_is_wrong_with_a_site_is_told_at_the_field(site: Site, given: dict[str, Any], field: str) -> None:
    wanted = {"channel": "widget", "origins": [ORIGIN], **given}
    answer = await site.manage("POST", "/connections", wanted)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("origin", ["http://localhost:8005", "http://127.0.0.1:8005", "https://a.example:8443"])
async def test_other_ports_and_this_machine_are_taken(settings: IngestSettings, address: str, origin: str) -> None:
    found = await Site(settings, address).connect(origins=[origin])
    assert (await found.ask("POST", "session", origin=origin)).status_code == 200
    await found.http.aclose()


async def test_a_visitor_writes_and_it_is_on_the_topic_once(site: Site) -> None:
    item = an_item("message", {"text": "  Is the blue one there? ", "language": "de"}, ts="2020-01-01T00:00:00Z")
    before = datetime.now(UTC) - timedelta(days=2, seconds=1)
    for _ in range(2):
        answer = await site.ask("POST", "events", json=item)
        assert (answer.status_code, answer.json()["items"][0]["status"]) == (200, "accepted")
    first, second = await site.published()
    assert first["id"] == second["id"] == f"{site.made['id']}/{site.device}/{item['event_id']}"
    assert (first["text"], first["sender"]["language"]) == ("Is the blue one there?", "de")
    assert first["chat"] == {"channel": "widget", "connection_id": site.made["id"], "contact_id": site.device}
    assert before < datetime.fromisoformat(first["time"]) < datetime.now(UTC)  # a browser keeps it for two days
    await until_said(site, [("in", "Is the blue one there?")])


async def until_said(site: Site, wanted: list[tuple[str, str]]) -> None:
    said: list[tuple[str, str]] = []
    try:
        async with asyncio.timeout(SOON):
            while said != wanted:
                await asyncio.sleep(0.3)
                said = await site.history()
    except TimeoutError:
        pytest.fail(f"{said}, not {wanted}")


async def test_a_wrong_clock_is_put_right_and_nothing_happens_in_the_future(site: Site) -> None:
    away = datetime.now(UTC) + timedelta(hours=5)
    minute = timedelta(minutes=1)
    items = [
        an_item("message", {"text": "a minute ago"}, ts=(away - minute).isoformat()),
        an_item("message", {"text": "later than now"}, ts=(away + minute).isoformat()),
        an_item("message", {"text": "no time"}),
    ]
    answer = await site.ask("POST", "events", json={"events": items, "sent_at": away.isoformat()})
    assert answer.status_code == 200
    now = datetime.now(UTC)
    times = {event["text"]: datetime.fromisoformat(event["time"]) for event in await site.published()}
    assert abs(now - minute - times["a minute ago"]) < timedelta(seconds=10)
    assert times["later than now"] <= now
    assert times["no time"] <= now


async def test_of_several_items_each_is_answered_by_itself_and_they_keep_their_order(site: Site) -> None:
    texts = [f"m{number}" for number in range(6)]
    items: list[Any] = [an_item("message", {"text": text}) for text in texts]
    items[3:3] = [{"type": "message"}, an_item("message", {"text": "   "}), an_item("dance", {}), 7]
    answer = await site.ask("POST", "events", json=items)
    assert answer.status_code == 200
    told = answer.json()["items"]
    assert [one["status"] for one in told] == ["accepted"] * 3 + ["refused"] * 4 + ["accepted"] * 3
    assert [one["problem"]["errors"][0]["field"] for one in told[3:7]] == ["event_id", "payload.text", "type", "event"]
    assert [event["text"] for event in await site.published()] == texts


async def test_an_item_by_itself_is_answered_by_the_status(site: Site) -> None:
    assert (await site.tell("message", {"text": "x" * 4097})).status_code == 400
    assert (await site.ask("POST", "events", content=b'{"text": "\\ud800"}')).status_code == 400
    assert (await site.ask("POST", "events", content=b"7")).status_code == 400
    assert (await site.ask("POST", "events", json=[])).status_code == 422
    assert (await site.ask("POST", "events", content=b" " * 70_000)).status_code == 413
    assert await site.published() == []


async def test_presses_and_what_was_seen(site: Site) -> None:
    assert (await site.tell("press", {"data": "topic:order", "n": 3})).status_code == 200
    assert (await site.tell("seen", {"numbers": [2, 3]})).status_code == 200
    (press,) = await site.published()
    assert (press["type"], press["data"], press["message_id"]) == (
        "button.pressed.v1",
        "topic:order",
        f"{site.device}.3",
    )
    (receipt,) = await site.published(topics.RECEIPT)
    assert (receipt["status"], receipt["provider_message_ids"]) == ("read", [f"{site.device}.2", f"{site.device}.3"])


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "https://www.example.com.evil.example"])
async def test_other_pages_do_not_come_in(site: Site, origin: str | None) -> None:
    for method, path in (("POST", "session"), ("POST", "events"), ("GET", "messages"), ("GET", "stream")):
        answer = await site.ask(method, path, origin=origin, json=an_item("message", {"text": "x"}))
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:kith:problem:foreign-origin")
        assert "access-control-allow-origin" not in answer.headers
    asked = {"Access-Control-Request-Method": "POST"}
    assert (await site.ask("OPTIONS", "events", origin=origin, headers=asked)).status_code == 403
    assert await site.published() == []


async def test_pages_of_the_site_may_read_answers_and_preflights_are_kept(site: Site) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    before = await site.ask("OPTIONS", "events", headers=asked)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == ORIGIN
    assert before.headers["access-control-max-age"] == "7200"
    assert "Authorization" in before.headers["access-control-allow-headers"]
    for answer in (await site.ask("GET", "messages"), await site.tell("dance", {})):
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


async def test_a_device_is_known_by_its_token_alone_and_only_on_its_own_site(
    site: Site, settings: IngestSettings, address: str
) -> None:
    again = await site.ask("POST", "session")
    assert again.json() == {"device_id": site.device, "token": site.token}
    other = await (await Site(settings, address).connect()).open()
    own, foreign = site.token, other.token
    for token in (foreign, own[:-2] + "AA", site.device, f"{other.device}.{own.partition('.')[2]}", ""):
        site.token = token
        answer = await site.tell("message", {"text": "x"})
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:kith:problem:not-a-device")
    site.token = foreign
    assert (await site.ask("POST", "session")).json()["device_id"] not in {site.device, other.device}
    assert await site.published() == []
    await other.http.aclose()


async def test_a_site_that_is_switched_off_is_gone_and_its_streams_end(site: Site) -> None:
    async with site.stream() as stream:
        assert (await stream.next())[0] == "ready"
        await site.change(enabled=False)
        async with asyncio.timeout(5):
            assert (await stream.next())[0] == "bye"
    assert (await site.tell("message", {"text": "x"})).status_code == 404
    assert isinstance(await site.answer("x"), Failed)


async def test_who_the_site_signed_in_is_told_with_what_it_vouches_for(site: Site) -> None:
    token = signed(email="Ann@Example.com", phone="+44 20 7946 0958", name="Ann", aud="chat")
    assert (await site.tell("identify", {"jwt": token})).status_code == 200
    unreadable = signed(email="not one", phone="12", name=7)
    assert (await site.tell("identify", {"jwt": unreadable})).status_code == 200
    first, second = await site.published()
    assert (first["type"], first["external_id"], first["sender"]["name"]) == ("signed-in.v1", "user-7", "Ann")
    assert {(one["kind"], one["value"], one["strength"]) for one in first["details"]} == {
        ("phone", "+442079460958", "verified"),
        ("email", "ann@example.com", "verified"),
    }
    assert (second["external_id"], second["details"]) == ("user-7", [])


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT"}, {"sub": "user-7", "exp": in_an_hour()})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


@pytest.mark.parametrize(
    ("token", "word"),
    [
        (signed("another secret that is long enough"), "HS256"),
        (signed(exp=int(time.time()) - 5), "expired"),
        (unsigned(), "HS256"),
        (signed().rsplit(".", 1)[0] + ".", "HS256"),
        (signed(SITE_SECRET * 2, "HS512"), "HS256"),
        (signed(SITE_SECRET, "HS384"), "HS256"),
        (jwt.encode({"sub": "user-7"}, SITE_SECRET), "exp"),
        (jwt.encode({"exp": in_an_hour()}, SITE_SECRET), "sub"),
        (signed(sub=""), "sub"),
        (signed(sub="x" * 201), "sub"),
        (signed(nbf=in_an_hour()), "HS256"),
        ("x", "HS256"),
    ],
    ids=[
        *("another secret", "expired", "unsigned", "cut off", "HS512", "HS384", "no exp", "no sub", "empty sub"),
        *("long sub", "not yet", "no token"),
    ],
)
async def test_a_forged_sign_in_is_refused_and_tells_nobody(site: Site, token: str, word: str) -> None:
    answer = await site.tell("identify", {"jwt": token})
    assert answer.status_code == 401
    assert word in answer.json()["detail"]
    several = await site.ask("POST", "events", json=[an_item("identify", {"jwt": token})])
    assert several.json()["items"][0]["problem"]["status"] == 401
    assert await site.published() == []


async def test_without_a_secret_nobody_signs_in(settings: IngestSettings, address: str) -> None:
    site = await (await Site(settings, address).connect(site_secret=None)).open()
    answer = await site.tell("identify", {"jwt": signed()})
    assert answer.status_code == 401
    assert "site_secret" in answer.json()["detail"]
    await site.http.aclose()


async def test_answers_are_numbered_once_and_a_stream_goes_on_after_any(site: Site) -> None:
    async with site.stream() as stream:
        assert await stream.next() == ("ready", {"n": 0})
        assert await site.answer("one", "out-1") == Sent(f"{site.device}.1")
        name, first = await stream.next()
        assert (name, first["n"], first["text"]) == ("message", 1, "one")
        assert first["buttons"] == [{"text": "An order", "data": "topic:order"}]
        assert await site.answer("one", "out-1") == Sent(f"{site.device}.1")
        assert await site.answer("two", "out-2") == Sent(f"{site.device}.2")
        assert await stream.texts(1) == [(2, "two")]
    await asyncio.gather(*(site.answer(f"more {number}", f"out-m{number}") for number in range(5)))
    async with site.stream(after=1) as stream:
        assert await stream.next() == ("ready", {"n": 7})
        told = await stream.texts(6)
    assert [n for n, _ in told] == [2, 3, 4, 5, 6, 7]
    assert {text for _, text in told[1:]} == {f"more {number}" for number in range(5)}
    async with site.stream(after=10**12) as stream:  # of a database that was replaced
        await stream.next()
        await site.answer("eight")
        assert await stream.texts(1) == [(8, "eight")]
    assert (await site.ask("GET", "stream", headers={"Last-Event-ID": "x"})).status_code == 422
    assert (await site.ask("GET", "messages")).json()["n"] == 8


async def test_only_broadcast_may_speak_to_visitors(site: Site, settings: IngestSettings, address: str) -> None:
    refused = await site.answer("x", device_key="another key")
    assert isinstance(refused, Failed)
    assert refused.reason == "connection_refused"
    nobody = await site.answer("x", device="dv_nobody")
    assert isinstance(nobody, Failed)
    assert nobody.reason == "no_such_chat"
    assert isinstance(await site.answer("x", address="http://127.0.0.1:9"), NotReached)
    unsigned_call = await site.http.post(f"/internal/widget/{site.made['id']}/messages", json={"text": "x"})
    assert unsigned_call.status_code == 401
    other = await (await Site(settings, address).connect()).open()
    async with other.stream(after=0) as stream:
        assert await stream.next() == ("ready", {"n": 0})
        await site.answer("for one", device=site.device)
        await other.answer("for the other")
        assert await stream.texts(1) == [(1, "for the other")]
    await other.http.aclose()


async def test_a_scenario_answers_and_what_was_said_is_shown_again(site: Site) -> None:
    await site.change(scenario=REACH)
    await site.tell("message", {"text": "hello"})
    asked: list[dict[str, Any]] = []
    async with asyncio.timeout(SOON):
        while len(asked) < 2:
            await asyncio.sleep(0.3)
            asked = await site.published(topics.OUTBOUND)
    assert [one["text"] for one in asked] == ["Hi", "Your text?"]
    for one in asked:
        await site.answer(one["text"], one["id"])
    await site.tell("message", {"text": "Ann"})
    await until_said(site, [("in", "hello"), ("out", "Hi"), ("out", "Your text?"), ("in", "Ann")])


async def test_who_asks_too_often_is_told_when_to_come_again(settings: IngestSettings) -> None:
    rates = {
        "widget_device_rate": 1.0,
        "widget_device_burst": 5,
        "widget_address_rate": 1.0,
        "widget_address_burst": 40,
    }
    async with an_ingest(settings, **rates) as address:
        site = await (await Site(settings, address).connect()).open()
        answers = [await site.tell("message", {"text": f"{number}"}) for number in range(10)]
        statuses = [answer.status_code for answer in answers]
        assert statuses[:5] == [200] * 5
        assert 429 in statuses[5:]
        refused = answers[statuses.index(429)]
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["access-control-allow-origin"] == ORIGIN
        assert len(await site.published()) == statuses.count(200)
        site.token = ""
        sessions = [(await site.ask("POST", "session")).status_code for _ in range(60)]
        assert 429 in sessions
        await site.http.aclose()
