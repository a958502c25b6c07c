"""The way in for Meta: an address that proves itself, and updates that carry the app's signature."""

import json
from collections.abc import AsyncGenerator
from urllib.parse import urlencode

import pytest

from services.ingest.channels.contract import Account
from services.ingest.channels.meta.hook import signature
from services.ingest.settings import IngestSettings
from shared.contracts import topics
from shared.contracts.chat import Channel
from shared.messaging.publisher import Publisher
from shared.observability.metrics import PASSED_OVER
from tests.ingest.door import LIMIT, Answer, Door, a_publisher, knock, refused
from tests.ingest.metas import APP_SECRET
from tests.ingest.test_whatsapp import WHATSAPP

VERIFY_TOKEN = "v3rify"


class MetaDoor(Door):
    """One connection's hook, its provider's side Meta."""

    def __init__(self, settings: IngestSettings, publisher: Publisher, channel: Channel, account_id: str) -> None:
        super().__init__(settings, publisher)
        self.channel: Channel = channel
        self.account_id = account_id
        self.path = f"/hooks/{channel}/{self.connection_id}"

    def account(self, connection_id: str) -> Account | None:
        if connection_id != self.connection_id:
            return None
        secrets = {"token": "EAAB", "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN}
        return Account("ws_1", connection_id, self.channel, secrets, self.account_id)

    async def asks(self, **query: str) -> Answer:
        asked = urlencode({f"hub.{name}": value for name, value in query.items()})
        return await knock(self.app, self.path, [b""], method="GET", query=asked)

    async def takes(self, body: bytes, secret: str | None = APP_SECRET) -> Answer:
        headers = {} if secret is None else {"X-Hub-Signature-256": signature(secret, body).decode()}
        return await knock(self.app, self.path, [body], headers=headers)


@pytest.fixture(scope="session")
async def publisher(settings: IngestSettings) -> AsyncGenerator[Publisher]:
    async with a_publisher(settings) as found:
        yield found


@pytest.fixture
async def door(settings: IngestSettings, publisher: Publisher) -> AsyncGenerator[MetaDoor]:
    door = MetaDoor(settings, publisher, "whatsapp", "106540352242922")
    yield door
    door.client.close()


async def test_an_address_proves_itself_and_is_known_to_be_pasted(door: MetaDoor) -> None:
    answer = await door.asks(mode="subscribe", verify_token=VERIFY_TOKEN, challenge="1158201444")
    assert (answer.status, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert door.challenged == [door.connection_id]


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "subscribe", "verify_token": "wrong", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "vérify", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY_TOKEN, "challenge": "1"},
        {"mode": "subscribe", "verify_token": VERIFY_TOKEN},
        {},
    ],
)
async def test_whoever_does_not_know_the_verify_token_learns_nothing(door: MetaDoor, query: dict[str, str]) -> None:
    assert (await door.asks(**query)).status == 401
    assert door.challenged == []


async def test_what_is_signed_is_on_the_topics(door: MetaDoor) -> None:
    assert (await door.takes(WHATSAPP.body("text"))).status == 200
    assert (await door.takes(WHATSAPP.body("status_read"))).status == 200
    assert (await door.takes(WHATSAPP.body("marketing_stopped"))).status == 200
    assert [event["type"] for event in await door.published()] == [
        "message.received.v1",
        "details.provided.v1",
        "marketing.stopped.v1",
    ]
    assert [event["status"] for event in await door.published(topics.RECEIPT)] == ["read"]
    assert [event["fact"] for event in await door.published(topics.PERMISSION)] == ["marketing"]


@pytest.mark.parametrize("secret", [None, "", APP_SECRET + "x", APP_SECRET.upper()])
async def test_a_wrong_or_missing_signature_is_refused_and_nothing_is_published(
    door: MetaDoor, secret: str | None
) -> None:
    before = refused("whatsapp", "not-genuine")
    assert (await door.takes(WHATSAPP.body("text"), secret)).status == 401
    assert await door.published() == []
    assert refused("whatsapp", "not-genuine") == before + 1


async def test_the_signature_is_over_the_raw_bytes(door: MetaDoor) -> None:
    body = WHATSAPP.body("text")
    signed = {"X-Hub-Signature-256": signature(APP_SECRET, body).decode()}
    same = json.dumps(json.loads(body)).encode()
    assert (await knock(door.app, door.path, [same], headers=signed)).status == 401
    assert (await knock(door.app, door.path, [body[:9], body[9:]], headers=signed)).status == 200


@pytest.mark.parametrize("header", ["sha256=", "sha1=abc", "", "sha256=" + "0" * 64])
async def test_what_is_no_signature_is_none(door: MetaDoor, header: str) -> None:
    headers = {"X-Hub-Signature-256": header}
    assert (await knock(door.app, door.path, [WHATSAPP.body("text")], headers=headers)).status == 401


async def test_updates_of_another_number_are_passed_over_and_counted(door: MetaDoor) -> None:
    counted = PASSED_OVER.labels("whatsapp", "not_ours")._value  # pyright: ignore[reportPrivateUsage]
    before = counted.get()
    assert (await door.takes(WHATSAPP.body("of_another_number"))).status == 200
    assert await door.published() == []
    assert counted.get() == before + 1


async def test_many_updates_may_come_in_one_body(door: MetaDoor) -> None:
    update = json.loads(WHATSAPP.body("reaction"))
    update["entry"] *= 100
    body = json.dumps(update).encode()
    assert len(body) > LIMIT
    assert (await door.takes(body)).status == 200
    assert len({event["id"] for event in await door.published()}) == 1


async def test_an_envelope_of_another_kind_is_refused_by_its_field(door: MetaDoor) -> None:
    answer = await door.takes(b'{"object": "page", "entry": []}')
    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == "object"


async def test_a_delivery_repeated_for_a_week_has_the_ids_it_had(door: MetaDoor) -> None:
    for _ in range(2):
        await door.takes(WHATSAPP.body("several_with_unreadable_ones").replace(b'"999"', b'"998"'))
    ids = [event["id"] for event in await door.published()]
    assert len(ids) == 2 * len(set(ids))
