"""Deliveries to anybody's own adapter: signed, once, never into a private network, and read back for what they mean."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from services.broadcast.channels.custom.answers import LONGEST_WAIT, WAIT_WHEN_NOT_TOLD, outcome_of
from services.broadcast.channels.custom.send import MOST_BYTES, PRIVATE, CustomSender
from services.broadcast.channels.sender import SendingAccount
from services.broadcast.domain.outcomes import Failed, Faulty, Limited, NotReached, Outcome, Sent, Unknown
from services.broadcast.settings import BroadcastSettings
from shared.contracts import topics
from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.chat import ChatRef
from shared.contracts.sending import Button
from shared.sealing.keys import SecretKeys
from shared.web.reach import Private, may_reach
from tests.broadcast.house import House, a_broadcast
from tests.broadcast.rows import a_row

NOWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound to it
SECRET = "the-connections-own-secret"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Adapter:
    """The adapter's side: keeps what it is given, and answers as a test wants it."""

    url: str = ""
    given: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])
    answer: Answer | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.given.append((dict(request.headers), await request.read()))
        return await self.answer(request) if self.answer else web.json_response({"message_id": f"m{len(self.given)}"})

    def account(self, url: str | None = None) -> SendingAccount:
        return SendingAccount("cn_1", "a", {"secret": SECRET}, {"deliver_url": url or self.url})


@pytest.fixture
async def adapter() -> AsyncGenerator[Adapter]:
    found = Adapter()
    app = web.Application()
    app.router.add_post("/{any:.*}", found.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/deliver"
    yield found
    await runner.cleanup()


def _settings(private: Private = "loopback") -> BroadcastSettings:
    return BroadcastSettings(deliver_timeout=0.5, deliver_private=private)


@pytest.fixture
async def sender() -> AsyncGenerator[CustomSender]:
    found = CustomSender(_settings())
    yield found
    await found.close()


async def test_a_delivery_is_whole_signed_and_carries_its_id(adapter: Adapter, sender: CustomSender) -> None:
    row = a_row("o1", chat="ann", text="Grüße", buttons=(Button(text="Yes", data="y"),), ask_contact="Share")
    assert await sender.send(adapter.account(), row) == Sent("m1")

    ((headers, body),) = adapter.given
    assert json.loads(body) == {
        "id": "o1",
        "connection_id": "cn_1",
        "contact_id": "ann",
        "text": "Grüße",
        "buttons": [{"text": "Yes", "data": "y"}],
        "ask_contact": "Share",
        "acknowledges": None,
        "origin": "scenario",
    }
    assert headers["X-Kith-Delivery"] == "o1"
    at = headers["X-Kith-Timestamp"]
    assert abs(int(at) - datetime.now(UTC).timestamp()) < 60
    proof = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Kith-Signature"] == f"v1={proof}"


async def test_it_is_delivered_once_and_known_by_the_adapters_id(
    house: House, adapter: Adapter, settings: BroadcastSettings
) -> None:
    keys = SecretKeys(settings.secret_key.get_secret_value())
    state = ConnectionStateV1(
        id=house.connection,
        time=datetime.now(UTC),
        workspace_id=house.workspace,
        rev=2,
        channel="custom",
        name="SMS",
        account_id="a",
        sealed_secrets={"secret": keys.seal(house.workspace, "connection.secret", SECRET)},
        settings={"deliver_url": adapter.url},
    )
    await house.publisher.publish(topics.CONNECTION, [state])
    chat = ChatRef(channel="custom", connection_id=house.connection, contact_id="ann")
    message, empty = (
        house.message("ann", text).model_copy(update={"chat": chat, "id": f"{house.connection}-{text}"})
        for text in ("hi", "")
    )
    async with a_broadcast(settings):
        await house.ask(message, message, empty)
        await house.until_statuses({"sent": 1, "failed": 1})
        await house.ask(message)

    assert [headers["X-Kith-Delivery"] for headers, _ in adapter.given] == [message.id]
    assert (await house.row(message.id))["provider_message_id"] == "m1"
    assert (await house.row(empty.id))["reason"] == "rejected"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"message_id": "abc"}', Sent("abc")),
        (201, b'{"message_id": 77}', Sent("77")),
        (204, b"", Sent("o1")),
        (200, b"ok", Sent("o1")),
        (200, b'{"message_id": true}', Sent("o1")),
        (200, b'{"message_id": "a/b"}', Sent("a/b")),
        (200, json.dumps({"message_id": "x" * 257}).encode(), Sent("o1")),
        (429, b"", Limited(WAIT_WHEN_NOT_TOLD)),
        (410, b'{"reason": "blocked"}', Failed("blocked", "HTTP 410")),
        (404, b'{"reason": "no_such_chat", "detail": "who?"}', Failed("no_such_chat", "HTTP 404: who?")),
        (404, b"", Failed("rejected", "HTTP 404")),
        (400, b'{"error": "too long"}', Failed("rejected", "HTTP 400: too long")),
        (422, b'{"reason": "not_permitted"}', Failed("rejected", "HTTP 422")),
        (422, b'{"reason": ["blocked"]}', Failed("rejected", "HTTP 422")),
        (408, b"", Unknown("HTTP 408")),
        (500, b'{"error": "no"}', Faulty("HTTP 500: no")),
        (503, b"{}", Faulty("HTTP 503")),
        (500, b"<html>", Unknown("HTTP 500")),
        (502, b"{}", Unknown("HTTP 502")),
        (504, b"", Unknown("HTTP 504")),
    ],
)  # fmt: skip
def test_an_answer_means_what_it_says(status: int, body: bytes, outcome: Outcome) -> None:
    assert outcome_of(status, body, "o1") == outcome


@pytest.mark.parametrize(("status", "word"), [(401, "signature"), (302, "redirects")])
def test_a_connection_that_is_set_up_wrongly_is_told(status: int, word: str) -> None:
    found = outcome_of(status, b"", "o1")
    assert isinstance(found, Failed)
    assert found.reason == "connection_refused"
    assert word in (found.detail or "")


def test_a_pause_is_kept_as_long_as_told() -> None:
    assert outcome_of(429, b"", "o1", "7") == Limited(7.0)
    assert outcome_of(429, b"", "o1", "1e300") == Limited(LONGEST_WAIT)
    dated = outcome_of(429, b"", "o1", format_datetime(datetime.now(UTC) + timedelta(seconds=30)))
    assert isinstance(dated, Limited)
    assert 25 < dated.retry_after <= 30


@given(st.integers(200, 599), st.binary(max_size=200) | st.just(b"[" * 5000), st.none() | st.text(max_size=10))
def test_no_answer_is_too_strange(status: int, body: bytes, retry_after: str | None) -> None:
    outcome_of(status, body, "o1", retry_after)


async def test_a_redirect_is_not_followed(adapter: Adapter, sender: CustomSender) -> None:
    async def elsewhere(_request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": adapter.url})

    adapter.answer = elsewhere
    assert isinstance(await sender.send(adapter.account(), a_row()), Failed)
    assert len(adapter.given) == 1


async def test_an_endless_answer_is_cut(adapter: Adapter, sender: CustomSender) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(MOST_BYTES // 1024 * 100):
            await response.write(b"x" * 1024)
        return response

    adapter.answer = endless
    assert await sender.send(adapter.account(), a_row()) == Sent("o1")


async def test_no_answer_leaves_it_unknown_and_no_connection_does_not(adapter: Adapter, sender: CustomSender) -> None:
    async def silence(_request: web.Request) -> web.Response:
        await asyncio.sleep(2)
        return web.Response()

    adapter.answer = silence
    assert isinstance(await sender.send(adapter.account(), a_row()), Unknown)
    assert isinstance(await sender.send(adapter.account("http://127.0.0.1:9/"), a_row()), NotReached)
    assert isinstance(await sender.send(adapter.account("https://adapter.invalid/"), a_row()), NotReached)
    assert isinstance(await sender.send(adapter.account("not an address"), a_row()), Failed)
    assert isinstance(await sender.send(adapter.account("http://2130706433/"), a_row()), Failed)


@pytest.mark.parametrize(
    ("private", "host"),
    [
        ("off", "127.0.0.1"), ("off", "localhost"), ("off", "[::1]"), ("off", "0x7f.1"),
        ("off", "[::ffff:127.0.0.1]"), ("off", NOWHERE), ("loopback", NOWHERE), ("loopback", "10.0.0.1"),
        ("loopback", "169.254.169.254"), ("loopback", "[fe80::1]"), ("loopback", "[fd00::1]"),
    ],
)  # fmt: skip
async def test_no_delivery_goes_into_a_private_network(adapter: Adapter, private: Private, host: str) -> None:
    guarded = CustomSender(_settings(private))
    try:
        url = adapter.url.replace("127.0.0.1", host)
        assert await guarded.send(adapter.account(url), a_row()) == PRIVATE
    finally:
        await guarded.close()
    assert adapter.given == []


async def test_this_machine_by_name_is_reached_where_it_may_be(adapter: Adapter, sender: CustomSender) -> None:
    url = adapter.url.replace("127.0.0.1", "localhost")
    assert await sender.send(adapter.account(url), a_row()) == Sent("m1")


@pytest.mark.parametrize(
    ("address", "off", "loopback"),
    [
        ("8.8.8.8", True, True), ("2606:4700::1111", True, True), ("::ffff:8.8.8.8", True, True),
        ("127.8.0.1", False, True), ("::1", False, True), ("64:ff9b::7f00:1", False, True),
        ("100.64.0.1", False, False), ("224.0.0.1", False, False), ("2002:a00:1::", False, False),
        ("64:ff9b::a00:1", False, False), ("::", False, False), ("fe80::1%1", False, False),
    ],
)  # fmt: skip
def test_which_addresses_may_be_reached(address: str, off: Any, loopback: Any) -> None:
    assert (may_reach(address, "off"), may_reach(address, "loopback"), may_reach(address, "on")) == (
        off,
        loopback,
        True,
    )
