"""A person on WhatsApp is one chat contact, whichever of their ids an update names (docs/decisions/0064)."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.domain.conversation import Conversation
from services.ingest.settings import IngestSettings
from services.ingest.store.conversations import Conversations
from shared.contracts import topics
from shared.contracts.chat import ChatRef
from shared.contracts.ids import chat_contact_id
from shared.contracts.people import PermissionStateV1
from shared.messaging.publisher import Publisher
from shared.storage.mongo import database
from shared.storage.transactions import in_transaction
from tests.ingest.door import a_publisher
from tests.ingest.test_meta_hook import MetaDoor

NUMBER = "106540352242922"
PHONE, NEW_PHONE = "4791234567", "4799999999"
USER, NEW_USER, OTHER = "NO.1", "NO.2", "NO.3"
MINUTES = itertools.count()


@pytest.fixture(scope="module")
async def publisher(settings: IngestSettings) -> AsyncGenerator[Publisher]:
    async with a_publisher(settings) as found:
        yield found


@pytest.fixture
def a_door(settings: IngestSettings, publisher: Publisher) -> Callable[[], MetaDoor]:
    return lambda: MetaDoor(settings, publisher, "whatsapp", NUMBER)


@pytest.fixture
async def door(a_door: Callable[[], MetaDoor]) -> AsyncGenerator[MetaDoor]:
    door = a_door()
    yield door
    door.client.close()


def body(**value: Any) -> bytes:
    """Make a webhook of one change."""
    whole = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMBER}, **value}
    change = {"field": "messages", "value": whole}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def item(user: str | None, phone: str | None, **what: Any) -> dict[str, Any]:
    minute = next(MINUTES)
    ids = {"from_user_id": user, "from": phone}
    there = {name: value for name, value in ids.items() if value is not None}
    return {"id": f"wamid.{minute}", "timestamp": str(1_767_225_600 + 60 * minute), **there, **what}


def text(user: str | None, phone: str | None) -> bytes:
    return body(messages=[item(user, phone, type="text", text={"body": "hi"})])


def system(user: str | None, phone: str | None, type_: str, **what: Any) -> bytes:
    return body(messages=[item(user, phone, type="system", system={"type": type_, "body": "changed", **what})])


async def written(door: MetaDoor, *bodies: bytes) -> list[tuple[str, str | None]]:
    """Deliver webhooks; for each message that came of them its chat and its address."""
    for one in bodies:
        assert (await door.takes(one)).status == 200
    events = [event for event in await door.published() if event["type"] == "message.received.v1"]
    return [(event["chat"]["contact_id"], event["address"]) for event in sorted(events, key=lambda e: e["time"])]


async def test_known_by_phone_a_person_stays_the_same_when_user_ids_come(door: MetaDoor) -> None:
    steps = text(None, PHONE), text(USER, PHONE), text(USER, None), text(None, PHONE)
    assert await written(door, *steps) == [(PHONE, None), (PHONE, None), (PHONE, USER), (PHONE, None)]


async def test_known_by_user_id_a_person_stays_the_same_when_the_phone_comes_alone(door: MetaDoor) -> None:
    steps = text(USER, None), text(USER, PHONE), text(None, PHONE)
    assert await written(door, *steps) == [(USER, None), (USER, None), (USER, PHONE)]


async def test_a_conversation_older_than_this_is_found_by_its_phone(door: MetaDoor) -> None:
    where = ChatRef(channel="whatsapp", connection_id=door.connection_id, contact_id=PHONE)
    id_ = chat_contact_id("ws_1", door.connection_id, PHONE)
    conversations = Conversations(database(door.client, door.settings, "ingest"))
    old = Conversation(id=id_, workspace_id="ws_1", chat=where, rev=1)
    await in_transaction(door.client, lambda session: conversations.save_all([old], session))

    assert await written(door, text(USER, PHONE)) == [(PHONE, None)]


async def test_who_gets_the_number_of_somebody_known_is_somebody_else(door: MetaDoor) -> None:
    steps = text(None, PHONE), text(USER, PHONE), text(OTHER, PHONE), text(USER, None), text(OTHER, None)
    assert [chat for chat, _ in await written(door, *steps)] == [PHONE, PHONE, OTHER, PHONE, OTHER]


async def test_who_gets_a_number_that_was_given_up_is_somebody_else(door: MetaDoor) -> None:
    moved = system(None, PHONE, "user_changed_number", wa_id=NEW_PHONE)
    steps = text(None, PHONE), moved, text(OTHER, PHONE), text(NEW_USER, NEW_PHONE)
    assert [chat for chat, _ in await written(door, *steps)] == [PHONE, OTHER, PHONE]


async def test_a_new_number_and_its_new_user_id_are_the_same_chat(door: MetaDoor) -> None:
    moved = system(NEW_USER, PHONE, "user_changed_number", wa_id=NEW_PHONE, user_id=NEW_USER, previous_user_id=USER)
    steps = text(USER, PHONE), moved, text(NEW_USER, NEW_PHONE), text(NEW_USER, None)
    assert await written(door, *steps) == [(USER, None), (USER, NEW_USER), (USER, NEW_USER)]

    vouched = [event for event in await door.published() if event.get("how") == "vouched"]
    numbers = {(e["chat"]["contact_id"], e["details"][0]["value"], e["address"]) for e in vouched}
    assert numbers == {(USER, f"+{PHONE}", None), (USER, f"+{NEW_PHONE}", NEW_USER)}


@pytest.mark.parametrize("named", [{"previous_user_id": USER}, {}])
async def test_a_new_user_id_is_the_same_chat(door: MetaDoor, named: dict[str, str]) -> None:
    moved = system(NEW_USER if named else USER, None, "user_changed_user_id", user_id=NEW_USER, **named)
    assert await written(door, text(USER, None), moved, text(NEW_USER, None)) == [(USER, None), (USER, NEW_USER)]


async def test_who_wrote_under_a_new_user_id_before_that_was_told_is_one_from_then_on(door: MetaDoor) -> None:
    stop = {"user_id": NEW_USER, "category": "marketing_messages", "value": "stop", "timestamp": "1767225600"}
    early = text(USER, None), text(NEW_USER, None), body(user_preferences=[stop])
    assert await written(door, *early) == [(USER, None), (NEW_USER, None)]
    (fact,) = await door.published(topics.PERMISSION)
    door.permissions.take(PermissionStateV1.model_validate(fact))

    moved = system(NEW_USER, None, "user_changed_user_id", user_id=NEW_USER, previous_user_id=USER)
    assert (await written(door, moved, text(NEW_USER, None), moved))[2:] == [(USER, NEW_USER)]
    stopped = {fact["chat_contact_id"]: fact["proactive"] for fact in await door.published(topics.PERMISSION)}
    assert stopped == {chat_contact_id("ws_1", door.connection_id, who): False for who in (USER, NEW_USER)}


async def test_receipts_and_stops_are_of_the_chat_that_was_written_to(door: MetaDoor) -> None:
    told = {"id": "wamid.out", "timestamp": "1767225600", "recipient_user_id": USER, "recipient_id": PHONE}
    failed = {**told, "status": "failed", "errors": [{"code": 131050}]}
    stranger = {**told, "status": "read", "recipient_user_id": OTHER, "recipient_id": NEW_PHONE}
    await written(door, text(None, PHONE), text(USER, PHONE), body(statuses=[failed]), body(statuses=[stranger]))

    chats = [event["chat"]["contact_id"] for event in await door.published(topics.RECEIPT)]
    assert sorted(chats) == sorted([PHONE, OTHER])
    (stopped,) = [event for event in await door.published() if event["type"] == "marketing.stopped.v1"]
    assert stopped["chat"]["contact_id"] == PHONE
    (fact,) = await door.published(topics.PERMISSION)
    assert fact["chat_contact_id"] == chat_contact_id("ws_1", door.connection_id, PHONE)
    assert await written(door, text(OTHER, NEW_PHONE)) != []


async def test_replicas_agree_on_a_person_who_writes_to_all_of_them_at_once(a_door: Callable[[], MetaDoor]) -> None:
    doors = [a_door() for _ in range(4)]
    for one in doors[1:]:
        one.connection_id, one.path = doors[0].connection_id, doors[0].path
    updates = [text(None, PHONE), *(text(USER, PHONE) for _ in range(7))]
    answers = await asyncio.gather(*(doors[n % 4].takes(one) for n, one in enumerate(updates)))
    assert {answer.status for answer in answers} == {200}
    chats = await written(doors[0], text(USER, None), text(None, PHONE))
    assert len({chat for chat, _ in chats}) == 1
    for one in doors:
        one.client.close()


async def test_who_was_added_by_hand_under_a_phone_is_the_same_when_they_write(door: MetaDoor) -> None:
    added = chat_contact_id("ws_1", door.connection_id, PHONE)
    switches = PermissionStateV1(
        id=f"{added}/switches",
        time=datetime(2026, 1, 1, tzinfo=UTC),
        workspace_id="ws_1",
        rev=1,
        chat_contact_id=added,
        fact="switches",
        proactive=True,
        reactive=True,
    )
    door.permissions.take(switches)
    steps = text(USER, PHONE), text(USER, None), text(OTHER, PHONE)
    assert await written(door, *steps) == [(PHONE, None), (PHONE, USER), (OTHER, None)]
