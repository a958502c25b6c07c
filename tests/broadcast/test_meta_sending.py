"""A message that is asked for reaches Meta once, in its channel's form, and what became of it is told."""

import hashlib
import hmac
from collections.abc import AsyncGenerator

import pytest
from aiohttp import web

from services.broadcast.settings import BroadcastSettings
from shared.contracts import topics
from shared.contracts.chat import Channel
from shared.contracts.people import PermissionStateV1
from tests.broadcast.house import House, a_broadcast
from tests.broadcast.meta import APP_SECRET, TOKEN, Meta, Request, a_meta, error, ok

PROOF = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()


@pytest.fixture
async def meta() -> AsyncGenerator[Meta]:
    async with a_meta() as running:
        yield running


async def connect(house: House, channel: Channel) -> None:
    house.channel = channel
    await house.connect_account("42", {"token": TOKEN, "app_secret": APP_SECRET}, rev=2)


def told(settings: BroadcastSettings, meta: Meta) -> BroadcastSettings:
    return settings.model_copy(update={"meta_api": meta.api})


@pytest.mark.parametrize(
    ("channel", "number", "to"),
    [
        ("whatsapp", "wamid.1", ("recipient", "NO.1349")),
        ("messenger", "m_1", ("recipient", {"id": "NO.1349"})),
        ("instagram", "m_1", ("recipient", {"id": "NO.1349"})),
    ],
)
async def test_the_same_message_twice_is_one_request(
    house: House, settings: BroadcastSettings, meta: Meta, channel: Channel, number: str, to: tuple[str, object]
) -> None:
    await connect(house, channel)
    message = house.message("NO.1349", "hi")
    async with a_broadcast(told(settings, meta)):
        await house.ask(message, message)
        await house.until_statuses({"sent": 1})

    (request,) = meta.requests
    assert request.account_id == "42"
    assert request.http.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.http.query == {"appsecret_proof": PROOF}
    assert request.http.headers["X-Kith-Ledger-Id"] == message.id
    assert request.body[to[0]] == to[1]
    assert (await house.row(message.id))["provider_message_id"] == number
    if channel == "whatsapp":
        assert request.body["biz_opaque_callback_data"] == message.id


async def test_an_answer_to_a_comment_goes_to_the_comment(
    house: House, settings: BroadcastSettings, meta: Meta
) -> None:
    await connect(house, "instagram")
    async with a_broadcast(told(settings, meta)):
        await house.ask(house.message("55", "thanks", answers_comment="178"))
        await house.until_statuses({"sent": 1})
    assert meta.bodies() == [{"recipient": {"comment_id": "178"}, "message": {"text": "thanks"}}]


async def test_outside_the_window_it_fails_for_that_and_blocks_nobody(
    house: House, settings: BroadcastSettings, meta: Meta
) -> None:
    await connect(house, "whatsapp")

    async def refuse(_request: Request) -> web.StreamResponse:
        return error(400, 131047, "Re-engagement message")

    meta.answer = refuse
    message = house.message("4791234567")
    async with a_broadcast(told(settings, meta)):
        await house.ask(message)
        await house.until_statuses({"failed": 1})
    assert (await house.row(message.id))["reason"] == "outside_window"
    assert [event for event in await house.published(topics.PERMISSION) if isinstance(event, PermissionStateV1)] == []


async def test_a_limit_of_one_pair_holds_up_nobody_else(house: House, settings: BroadcastSettings, meta: Meta) -> None:
    await connect(house, "whatsapp")

    async def limited(request: Request) -> web.StreamResponse:
        if request.body["to"] == "4711":
            return error(400, 131056, "(Business, consumer) pair rate limit hit")
        return ok(len(meta.requests), whatsapp=True)

    meta.answer = limited
    async with a_broadcast(told(settings, meta)):
        await house.ask(house.message("4711"))
        await house.ask(*(house.message(f"479123456{n}") for n in range(5)))
        await house.until_statuses({"planned": 1, "sent": 5}, seconds=5.0)
    assert [body["to"] for body in meta.bodies()].count("4711") == 1


async def test_nobody_at_the_other_end_is_waited_for(house: House, settings: BroadcastSettings, meta: Meta) -> None:
    await connect(house, "messenger")
    message = house.message("77")
    async with a_broadcast(settings.model_copy(update={"meta_api": "http://127.0.0.1:9/v24.0"})):
        await house.ask(message)
        await house.until_statuses({"planned": 1})
    async with a_broadcast(told(settings, meta)):
        await house.until_statuses({"sent": 1})
    assert len(meta.requests) == 1
