"""The live stream, as the console's pages see it."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from services.notification.domain.changes import Change
from services.notification.settings import NotificationSettings
from services.notification.store.live import Live
from services.notification.usecases import hub, listener
from shared.storage.mongo import connect, database
from tests.notification.conftest import Notification, chat_contact, client
from tests.notification.numbered import add
from tests.notification.stream import Said


async def test_a_change_arrives_with_a_number_and_nothing_personal(notification: Notification) -> None:
    ws = notification.workspace
    async with notification.listening() as stream:
        assert stream.answer.content_type == "text/event-stream"
        assert await stream.ready() == 0
        await notification.tell(chat_contact(ws, "cc_1"))
        (first,) = await stream.changes(1)
        await notification.tell(client(ws, "cl_1"))
        (second,) = await stream.changes(1)
        await notification.tell(chat_contact(ws, "cc_1", 2, client_id="cl_1"))
        (third,) = await stream.changes(1)

    assert first == {
        "n": 1, "kind": "chat-contact", "id": "cc_1", "client_id": None, "registered": False, "rev": 1, "created": True,
        "queue_id": None,
    }  # fmt: skip
    assert second == {
        "n": 2, "kind": "client", "id": "cl_1", "client_id": "cl_1", "registered": True, "rev": 1, "created": True,
        "queue_id": None,
    }  # fmt: skip
    assert third == {
        "n": 3, "kind": "chat-contact", "id": "cc_1", "client_id": "cl_1", "registered": True, "rev": 2,
        "created": False, "queue_id": None,
    }  # fmt: skip


async def test_a_line_that_broke_is_taken_up_after_its_last_number(notification: Notification) -> None:
    ws = notification.workspace
    async with notification.listening() as stream:
        await stream.ready()
        await notification.tell(*(client(ws, f"cl_{n}") for n in range(3)))
        seen = await stream.changes(3)
    async with notification.listening(after=3) as stream:
        assert await stream.ready() == 3
    await notification.tell(client(ws, "cl_late"))
    last = seen[0]["n"]

    for by_query in (False, True):
        async with notification.listening(after=last, by_query=by_query) as stream:
            newest = await stream.ready()
            missed = await stream.changes(4 - last)
            assert newest in {3, 4}
            assert [change["n"] for change in missed] == list(range(last + 1, 5))
            assert missed[-1]["id"] == "cl_late"


async def test_who_missed_too_much_is_told_to_read_again(
    notification: Notification, settings: NotificationSettings
) -> None:
    ws = notification.workspace
    async with notification.listening() as stream:
        await stream.ready()
        await notification.tell(*(client(ws, f"cl_{n}") for n in range(4)))
        await stream.changes(4)
    owner = connect(settings)
    await database(owner, settings, "notification")["live"].delete_many({"workspace_id": ws, "n": {"$lte": 2}})
    owner.close()

    for after in (0, 1, 99, 10**17):
        async with notification.listening(after=after) as stream:
            assert await stream.ready() == 4
            assert await stream.next() == Said("reset", {})
            await notification.tell(client(ws, f"cl_after_{after}", registered=False))
            (change,) = await stream.changes(1)
            assert change["id"] == f"cl_after_{after}"
        await _forget_since(settings, ws, 4)
    async with notification.listening(after=2) as stream:
        assert await stream.ready() == 4
        assert [change["n"] for change in await stream.changes(2)] == [3, 4]


async def _forget_since(settings: NotificationSettings, workspace: str, n: int) -> None:
    owner = connect(settings)
    owned = database(owner, settings, "notification")
    await owned["live"].delete_many({"workspace_id": workspace, "n": {"$gt": n}})
    await owned["numbers"].update_one({"_id": workspace}, {"$set": {"n": n}})
    owner.close()


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30, "\u0661"])
async def test_what_is_no_number_is_refused(notification: Notification, after: str) -> None:
    async with notification.listening(after=after, by_query=True) as stream:
        assert stream.answer.status == 422
        assert (await stream.answer.json(content_type=None))["errors"][0]["field"] == "last_event_id"


async def test_one_workspace_never_sees_anothers_changes(notification: Notification) -> None:
    other = notification.of_another_workspace()
    async with notification.listening() as mine, other.listening(after=0) as theirs:
        await mine.ready()
        await theirs.ready()
        for n in range(5):
            await notification.tell(client(notification.workspace, f"cl_mine{n}"))
            await notification.tell(client(other.workspace, f"cl_theirs{n}"))
        seen = [change["id"] for change in await mine.changes(5)]
        seen_there = [change["id"] for change in await theirs.changes(5)]

    assert sorted(seen) == [f"cl_mine{n}" for n in range(5)]
    assert sorted(seen_there) == [f"cl_theirs{n}" for n in range(5)]


@pytest.mark.parametrize("credential", [None, "nonsense", "kith_0_0"])
async def test_only_who_may_read_live_listens(notification: Notification, credential: str | None) -> None:
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    async with (
        aiohttp.ClientSession(notification.origin, headers=headers) as session,
        session.get("/api/notification/live") as answer,
    ):
        assert answer.status == 401
        assert answer.content_type == "application/problem+json"
    state, key = notification.key(("people:read",))
    notification.knows(state)
    async with notification.listening(token=key) as stream:
        assert stream.answer.status == 403


async def _end(stream: Any) -> float:
    began = time.monotonic()
    while (said := await stream.next()) is not None:
        if said.event == "bye":
            assert await stream.next() is None
            return time.monotonic() - began
    raise AssertionError("no goodbye")


async def test_a_stream_ends_with_its_token(notification: Notification) -> None:
    notification.knows(notification.signs_in.key, notification.user)
    token = notification.signs_in.token(notification.user, timedelta(seconds=1))
    async with notification.listening(token=token) as stream:
        await stream.ready()
        assert await _end(stream) < 5


async def test_a_stream_ends_when_its_key_is_revoked(notification: Notification) -> None:
    state, key = notification.key()
    await notification.tell(state)
    notification.knows(state)
    async with notification.listening(token=key) as stream:
        await stream.ready()
        await notification.tell(state.model_copy(update={"active": False, "rev": 2}))
        assert await _end(stream) < 5


@pytest.mark.parametrize("change", [{"active": False}, {"tokens_from": None}])
async def test_a_stream_ends_when_its_user_is_put_out(notification: Notification, change: dict[str, object]) -> None:
    user = notification.user
    async with notification.listening() as stream:
        await stream.ready()
        now = user.time + timedelta(seconds=30)
        gone = user.model_copy(update={"rev": 2, **{k: now if v is None else v for k, v in change.items()}})
        await notification.tell(gone)
        assert await _end(stream) < 5


async def test_silence_is_broken_now_and_then(notification: Notification, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "HEARTBEAT_SECONDS", 0.2)
    async with notification.listening() as stream:
        await stream.ready()
        for _ in range(2):
            said = await stream.next()
            assert said is not None
            assert said.event == "comment"


async def test_one_caller_cannot_hold_all_streams(notification: Notification, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "STREAMS_PER_CALLER", 1)
    async with notification.listening() as stream:
        await stream.ready()
        async with notification.listening() as refused:
            assert refused.answer.status == 429
            assert refused.answer.headers["retry-after"]
    for _ in range(100):  # the first one's place is free again, as soon as its end was noticed
        async with notification.listening() as again:
            if again.answer.status == 200:
                return
        await asyncio.sleep(0.05)
    raise AssertionError("no place became free")


async def test_a_change_that_another_process_numbers_arrives_as_well(
    notification: Notification, settings: NotificationSettings
) -> None:
    def change(id_: str) -> Change:
        return Change("client", id_, None, registered=True, rev=1, created=True)

    owner = connect(settings)
    elsewhere = Live(owner, database(owner, settings, "notification"))
    took: list[float] = []
    async with notification.listening() as stream:
        await stream.ready()
        for n in range(10):
            await add(elsewhere, notification.workspace, [change(f"cl_{n}")])
            committed = time.monotonic()
            await stream.changes(1)
            took.append(time.monotonic() - committed)
    owner.close()

    assert sorted(took)[4] < hub.POLL_SECONDS / 2  # woken by the change stream, not found by looking


async def test_openapi_tells_the_shape_of_a_change(notification: Notification) -> None:
    async with aiohttp.ClientSession(notification.origin) as session:
        openapi = await (await session.get("/api/notification/openapi.json")).json()

    answer = openapi["paths"]["/api/notification/live"]["get"]["responses"]["200"]
    assert "text/event-stream" in answer["content"]
    assert set(openapi["components"]["schemas"]["Change"]["properties"]) == {
        "n", "kind", "id", "client_id", "registered", "rev", "created", "queue_id",
    }  # fmt: skip
