"""The way in for providers: durable before its 2xx, and nothing published for what is refused."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator

import pytest

from services.ingest.settings import IngestSettings
from shared.contracts import topics
from shared.messaging.publisher import Publisher
from tests.ingest.door import LIMIT, SECRET, Answer, Door, a_publisher, knock, membership, refused, update
from tests.shared.logbook import a_logbook


@pytest.fixture(scope="session")
async def publisher(settings: IngestSettings) -> AsyncGenerator[Publisher]:
    async with a_publisher(settings) as found:
        yield found


@pytest.fixture
def door(settings: IngestSettings, publisher: Publisher) -> Door:
    return Door(settings, publisher)


def check_problem(answer: Answer, status: int, slug: str) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == f"urn:kith:problem:{slug}"
    assert answer.body["status"] == status
    assert answer.body["detail"]
    assert re.fullmatch(r"r_[0-9a-f]{16}", answer.body["request_id"])
    assert answer.headers["x-request-id"] == answer.body["request_id"]


async def test_what_is_accepted_is_on_the_topic(door: Door) -> None:
    answer = await door.gets(update(1, text="hello"))
    assert (answer.status, answer.body) == (200, {})
    assert [event["text"] for event in await door.published()] == ["hello"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET.upper()])
async def test_a_wrong_or_missing_secret_is_refused_and_nothing_is_published(door: Door, secret: str | None) -> None:
    before = refused("telegram", "not-genuine")
    check_problem(await door.gets(update(1), secret=secret), 401, "not-genuine")
    assert await door.published() == []
    assert refused("telegram", "not-genuine") == before + 1


LARGE = update(1, text="x" * LIMIT)


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("size", [len(LARGE), 700])
async def test_a_body_over_the_limit_is_refused_however_it_comes(door: Door, size: int, declared: bool) -> None:  # noqa: FBT001
    before = refused("telegram", "too-large")
    chunks = [LARGE[at : at + size] for at in range(0, len(LARGE), size)]
    more = {"Content_Length": str(len(LARGE))} if declared else {}
    check_problem(await door.gets(*chunks, **more), 413, "too-large")
    assert await door.published() == []
    assert refused("telegram", "too-large") == before + 1


async def test_a_body_of_just_the_limit_is_taken_in_chunks(door: Door) -> None:
    body = update(1, text="x" * (LIMIT - len(update(1, text=""))))
    assert len(body) == LIMIT
    assert (await door.gets(body[:1], b"", body[1:4000], body[4000:])).status == 200
    assert len(await door.published()) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_other_methods_are_refused_and_told_which_is_right(door: Door, method: str) -> None:
    before = refused("telegram", "method-not-allowed")
    answer = await knock(door.app, door.path, [b""], method=method)
    check_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"
    assert refused("telegram", "method-not-allowed") == before + 1


@pytest.mark.parametrize(
    "path",
    ["/hooks/telegram/con_nobody", "/hooks/telegram/", "/hooks/", "/hooks/whatsapp/{id}", "/hooks/telegram/{id}/x"],
)
async def test_an_unknown_connection_is_not_found(door: Door, path: str) -> None:
    before = refused("unknown", "not-found")
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    answer = await knock(door.app, path.format(id=door.connection_id), [update(1)], headers=headers)
    check_problem(answer, 404, "not-found")
    assert refused("unknown", "not-found") == before + 1
    assert await door.published() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [(b"hello", "body"), (b"{}", "update_id"), (b'{"update_id":1,"message":{}}', "message.message_id")],
)
async def test_what_is_not_telegrams_is_refused_by_its_field(door: Door, body: bytes, field: str) -> None:
    before = refused("telegram", "malformed")
    answer = await door.gets(body)
    check_problem(answer, 400, "malformed")
    assert answer.body["errors"][0]["field"] == field
    assert await door.published() == []
    assert refused("telegram", "malformed") == before + 1


async def test_an_unknown_update_is_accepted_and_kept(door: Door) -> None:
    assert (await door.gets(b'{"update_id": 9, "poll_answer": {"poll_id": "1"}}')).status == 200
    assert [event["kind"] for event in await door.published()] == ["poll_answer"]


async def test_everything_else_goes_to_the_app(door: Door) -> None:
    assert (await knock(door.app, "/api/ingest/connections", [b""], method="GET")).status == 299


async def test_a_block_is_on_the_permission_topic_before_the_answer(door: Door) -> None:
    await door.gets(membership(1, "kicked", at=1_767_225_600))
    blocked = await door.published(topics.PERMISSION)
    assert [(one["fact"], one["proactive"], one["reactive"], one["agent"]) for one in blocked] == [
        ("blocked", False, False, False)
    ]
    await door.gets(membership(2, "member", at=1_767_225_700))
    back = (await door.published(topics.PERMISSION))[-1]
    assert (back["proactive"], back["chat_contact_id"]) == (True, blocked[0]["chat_contact_id"])
    assert back["rev"] > blocked[0]["rev"]


async def test_a_burst_keeps_the_order_of_each_chat(door: Door) -> None:
    chats = range(1, 21)
    jobs = [door.gets(update(n * 100 + chat, chat=chat, text=str(n))) for n in range(60) for chat in chats]
    answers = await asyncio.gather(*jobs)
    assert {answer.status for answer in answers} == {200}

    found = await door.published()
    assert len(found) == 60 * len(chats)
    for chat in chats:
        said = [int(event["text"]) for event in found if event["chat"]["contact_id"] == str(chat)]
        assert said == list(range(60))


async def test_a_fault_of_ours_is_a_problem_as_well(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_connection_id: str) -> None:
        raise RuntimeError("canary@example.com")

    monkeypatch.setattr(door, "account", broken)
    with a_logbook(monkeypatch, "services.ingest.routes.hooks") as written:
        answer = await door.gets(update(1))
    check_problem(answer, 500, "ours")
    assert written.lines[0]["exception"][0]["exc_type"] == "RuntimeError"
    assert "canary" not in json.dumps(answer.body) + written.getvalue()


async def test_a_refusal_is_logged_by_its_request_and_by_ids_alone(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_logbook(monkeypatch, "services.ingest.routes.hooks") as written:
        known = await door.gets(update(1, text="canary"), secret="canary-secret")
        unknown = await knock(door.app, "/hooks/telegram/canary@example.com", [b"{}"])
    lines = written.lines

    assert [line["request_id"] for line in lines] == [known.body["request_id"], unknown.body["request_id"]]
    assert [line["connection_id"] for line in lines] == [door.connection_id, None]
    assert "canary" not in written.getvalue()
