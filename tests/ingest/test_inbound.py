"""Anybody's own adapter: each item is answered by itself, and accepted only when it is durable."""

from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.ingest.settings import IngestSettings
from services.ingest.store.migrate import migrate
from shared.contracts import topics
from shared.contracts.ids import chat_contact_id
from shared.messaging import publisher as publishing
from shared.messaging.topics_admin import create_topics
from shared.spine import Spine
from tests import servers
from tests.broadcast.house import until
from tests.ingest.adapter import Adapter, a_service, an_adapter

Service = tuple[httpx.AsyncClient, Spine]


@pytest.fixture(scope="module")
async def service(settings: IngestSettings) -> AsyncGenerator[Service]:
    async with a_service(settings) as running:
        yield running


@pytest.fixture
async def adapter(service: Service) -> Adapter:
    return await an_adapter(*service)


async def test_what_is_accepted_is_on_the_topic_and_in_the_conversation(adapter: Adapter) -> None:
    item = adapter.item(
        "m-1",
        time="2026-01-31T12:00:00+01:00",
        sender={"name": "Ann", "language": "pt-BR"},
        attachments=[{"kind": "photo", "ref": "p1"}],
    )
    assert await adapter.sends(item) == [{"id": "m-1", "status": "accepted", "error": None}]

    (event,) = await adapter.published()
    connection = adapter.connection["id"]
    assert event["id"] == f"{connection}/m-1"
    assert event["type"] == "message.received.v1"
    assert event["time"] == "2026-01-31T11:00:00Z"
    assert event["chat"] == {"channel": "custom", "connection_id": connection, "contact_id": "ann"}
    assert event["sender"] == {"name": "Ann", "username": None, "language": "pt-br"}
    assert event["attachments"] == [{"kind": "photo", "ref": "p1", "label": "Photo"}]


async def test_one_item_needs_no_list(adapter: Adapter) -> None:
    answer = await adapter.call("POST", "inbound", adapter.item())
    assert answer.json() == {"items": [{"id": "1", "status": "accepted", "error": None}]}


async def test_a_bad_item_changes_nothing_and_spoils_none(adapter: Adapter) -> None:
    sent = [adapter.item("1"), adapter.item("2", txt="?"), "what", adapter.item("4", text=""), adapter.item("5")]
    answers = await adapter.sends(*sent)

    assert [one["id"] for one in answers] == ["1", "2", None, "4", "5"]
    assert [(one["error"] or {}).get("field") for one in answers] == [None, "txt", "item", "text", None]
    ids = [event["id"].rpartition("/")[2] for event in await adapter.published()]
    assert ids == ["1", "5"]


async def test_sent_twice_it_is_one_message(adapter: Adapter) -> None:
    await adapter.sends(adapter.item("1", text="once"), adapter.item("1", text="once"))
    await adapter.sends(adapter.item("1", text="once"), adapter.item("2", text="then"))
    chat = chat_contact_id(adapter.workspace, adapter.connection["id"], "ann")

    async def texts() -> list[str]:
        answer = await adapter.call("GET", f"conversations/{chat}/messages")
        return [one["text"] for one in answer.json().get("items", [])]

    async def both() -> bool:
        return "then" in await texts()

    await until(both)
    assert sorted(await texts()) == ["once", "then"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "a/b"}, "id"),
        ({"id": 7}, "id"),
        ({"contact_id": "x" * 129}, "contact_id"),
        ({"contact_id": "a\nb"}, "contact_id"),
        ({"contact_id": "\ud800"}, "contact_id"),
        ({"\ud800": 1}, "item"),
        ({"text": "\ud800"}, "text"),
        ({"text": "ä" * 32769}, "text"),
        ({"type": "shout"}, "type"),
        ({"type": "press"}, "text"),
        ({"type": "blocked", "text": "hi"}, "text"),
        ({"time": "2026-01-31T12:00:00"}, "time"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "time"),
        ({"time": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, "time"),
        ({"phone": "12"}, "phone"),
        ({"phone": {"value": "+4915112345678", "verified": "perhaps"}}, "phone.verified"),
        ({"email": "ann"}, "email"),
        ({"attachments": [{"kind": "hologram"}]}, "attachments.0.kind"),
        ({"connection_id": "con_unknown"}, "connection_id"),
    ],
)
async def test_what_is_wrong_is_told_at_its_field(adapter: Adapter, more: dict[str, Any], field: str) -> None:
    assert await adapter.refused(adapter.item(**more)) == field
    assert await adapter.published() == []


async def test_without_an_id_nothing_could_be_told_apart(adapter: Adapter) -> None:
    item = adapter.item()
    del item["id"]
    assert await adapter.refused(item) == "id"


async def test_anothers_unknown_and_other_channels_connections_are_refused_in_the_same_words(
    adapter: Adapter, service: Service
) -> None:
    stranger = await an_adapter(*service)
    off = await adapter.connect()
    await adapter.call("PATCH", f"connections/{off['id']}", {"enabled": False})
    ids = [stranger.connection["id"], "con_unknown", off["id"]]
    answers = await adapter.sends(*(adapter.item(str(at), connection_id=id_) for at, id_ in enumerate(ids)))

    assert {one["status"] for one in answers} == {"refused"}
    assert len({(one["error"]["field"], one["error"]["message"]) for one in answers}) == 1
    assert await stranger.published() == []


async def test_what_a_person_did_besides_writing(adapter: Adapter) -> None:
    bare = {"connection_id": adapter.connection["id"], "contact_id": "ann"}
    types = ["blocked", "unblocked", "stopped", "resumed"]
    answers = await adapter.sends(
        *({**bare, "id": f"s{at}", "type": type_} for at, type_ in enumerate(types)),
        {**bare, "id": "p", "type": "press", "data": "topic:order", "message_id": "7"},
        {**bare, "id": "d", "type": "details", "email": "Ann@Example.com"},
    )
    assert {one["status"] for one in answers} == {"accepted"}, answers

    assert [event["type"] for event in await adapter.published()] == [
        *("chat.blocked.v1", "chat.unblocked.v1", "marketing.stopped.v1", "marketing.resumed.v1"),
        *("button.pressed.v1", "details.provided.v1"),
    ]
    facts = await adapter.published(topics.PERMISSION)
    assert [(fact["fact"], fact["proactive"]) for fact in facts if fact["fact"] == "blocked"] == [
        ("blocked", False),
        ("blocked", True),
    ]
    assert len(facts) == 4


@pytest.mark.parametrize(
    ("vouches", "said", "strength", "how"),
    [
        (False, {"value": "+4915112345678", "verified": True}, "claimed", "typed"),
        (True, {"value": "+4915112345678", "verified": True}, "verified", "vouched"),
        (True, {"value": "+4915112345678"}, "claimed", "typed"),
        (True, "+4915112345678", "claimed", "typed"),
    ],
)
async def test_an_adapters_word_is_proof_only_where_the_connection_says_so(
    adapter: Adapter,
    vouches: bool,  # noqa: FBT001
    said: Any,
    strength: str,
    how: str,
) -> None:
    if vouches:
        answer = await adapter.call("PATCH", f"connections/{adapter.connection['id']}", {"vouches": True})
        assert answer.json()["settings"]["vouches"] is True
    await adapter.sends(adapter.item(phone=said))

    message, details = await adapter.published()
    assert message["text"] == "hi"
    assert details["details"] == [{"kind": "phone", "value": "+4915112345678", "strength": strength}]
    assert (details["id"], details["how"]) == (f"{message['id']}/details", how)


async def test_the_largest_item_fits_and_larger_bodies_do_not(adapter: Adapter) -> None:
    largest = adapter.item("1", text="\x01" * 65536)
    assert [one["status"] for one in await adapter.sends(largest)] == ["accepted"]
    beyond = adapter.item("2", text="\x01" * 65536, attachments=[{"kind": "other", "ref": "\x01" * 2000}] * 20)
    assert await adapter.refused(beyond) == "text"
    answer = await adapter.call("POST", "inbound", [adapter.item(str(at), text="x" * 60000) for at in range(20)])
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"7", b"[]", b"\xff", b"[" * 100_000, b"[" + b"1," * 100 + b"1]"])
async def test_a_body_that_holds_no_items_is_a_problem(adapter: Adapter, body: bytes) -> None:
    answer = await adapter.call("POST", "inbound", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")


async def test_it_takes_a_key_with_its_scope(adapter: Adapter) -> None:
    other = await adapter.let_in("conversations:read", "connections:write")
    for path in ("inbound", "receipts"):
        assert (await adapter.call("POST", path, adapter.item(), key=other)).status_code == 403
        assert (await adapter.call("POST", path, adapter.item(), key="kith_a_b")).status_code == 401


async def test_receipts_go_onto_their_topic(adapter: Adapter) -> None:
    bare = {"connection_id": adapter.connection["id"], "contact_id": "ann"}
    answers = await adapter.sends(
        {**bare, "message_id": "m1", "status": "delivered"},
        {**bare, "delivery_id": "c/d1/out/00", "status": "failed"},
        {**bare, "status": "read"},
        {**bare, "message_id": "m2", "status": "read", "reason": "blocked"},
        {**bare, "message_id": "m3", "status": "failed", "reason": "blocked", "detail": "said so"},
        to="receipts",
    )
    assert [(one["id"], one["status"]) for one in answers] == [
        ("m1", "accepted"), ("c/d1/out/00", "accepted"), (None, "refused"), ("m2", "refused"), ("m3", "accepted"),
    ]  # fmt: skip
    told = await adapter.published(topics.RECEIPT)
    assert [(one["provider_message_ids"], one["ledger_id"], one["status"], one["reason"]) for one in told] == [
        (["m1"], None, "delivered", None), ([], "c/d1/out/00", "failed", "undeliverable"),
        (["m3"], None, "failed", "blocked"),
    ]  # fmt: skip
    assert await adapter.published() == []


async def test_a_connection_is_told_what_it_needs_once(adapter: Adapter) -> None:
    made = adapter.connection
    assert len(made["secret"]) > 30
    assert made["webhook"] is None
    assert {paste["value"] for paste in made["to_paste"]} >= {made["id"]}
    again = await adapter.call("GET", f"connections/{made['id']}")
    assert made["secret"] not in again.text
    changed = await adapter.call("PATCH", f"connections/{made['id']}", {"deliver_url": "https://b.example/d"})
    assert (changed.json()["bot_id"], changed.json()["settings"]) == (
        made["bot_id"],
        {"deliver_url": "https://b.example/d"},
    )


@pytest.mark.parametrize(
    "url",
    [
        "", "adapter.example", "ftp://a.example", "http://a.example/d", "http://10.0.0.1/", "https://u:p@a.example/",
        "https://", "https://a.example:99999/", "https://a b.example/", "http://127.0.0.1\\@a.example/",
    ],
)  # fmt: skip
async def test_an_address_that_cannot_be_delivered_to_is_told_at_its_field(adapter: Adapter, url: str) -> None:
    asked = {"channel": "custom", "name": "SMS", "deliver_url": url}
    answer = await adapter.call("POST", "connections", asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "deliver_url")


async def test_a_part_that_cannot_be_stored_is_refused_to_be_sent_again(
    adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "MAX_WAITING_BYTES", 30_000)
    answers = await adapter.sends(
        adapter.item("1"), adapter.item("2", text="x" * 40_000), adapter.item("3"), adapter.item("4", id="/")
    )
    assert [one["status"] for one in answers] == ["accepted", "refused", "refused", "refused"]
    assert "try again" in answers[1]["error"]["message"]
    assert "try again" in answers[2]["error"]["message"]  # or it would overtake the second
    assert [event["text"] for event in await adapter.published()] == ["hi"]


@pytest.fixture(scope="module")
def own_kafka() -> Generator[servers.Kafka]:
    with servers.a_kafka() as running:
        yield running


@pytest.mark.faults
async def test_503_while_the_broker_is_away_then_everything_again(
    settings: IngestSettings, own_kafka: servers.Kafka
) -> None:
    own = settings.model_copy(
        update={"kafka": own_kafka.bootstrap, "accept_seconds": 0.7, "database_prefix": f"{settings.database_prefix}b"}
    )
    await create_topics(own)
    await migrate(own)
    async with a_service(own) as running:
        adapter = await an_adapter(*running)
        own_kafka.kill()
        answer = await adapter.call("POST", "inbound", [adapter.item("1"), adapter.item("/")])
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert await adapter.refused(adapter.item("/")) == "id"

        own_kafka.restart()

        async def taken() -> bool:
            again = await adapter.call("POST", "inbound", adapter.item("1"))
            return again.status_code == 200 and again.json()["items"][0]["status"] == "accepted"

        await until(taken)
        assert {event["id"] for event in await adapter.published()} == {f"{adapter.connection['id']}/1"}
