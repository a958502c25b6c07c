"""Deliveries over HTTP: of one's own workspace, without texts, and sent again only by a person's decision."""

import hashlib
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx

from services.broadcast.settings import BroadcastSettings
from shared.contracts import topics
from shared.contracts.accounts import ApiKeyStateV1
from tests.broadcast.house import House, a_broadcast
from tests.broadcast.telegram import Telegram


async def _a_key(house: House, workspace: str, *scopes: str) -> dict[str, str]:
    secret, id_ = secrets.token_hex(16), secrets.token_hex(6)
    key = ApiKeyStateV1(
        id=f"key_{id_}",
        time=datetime.now(UTC),
        workspace_id=workspace,
        rev=1,
        name="test",
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=scopes,
        active=True,
    )
    await house.publisher.publish(topics.ACCESS, [key])
    return {"Authorization": f"Bearer kith_{id_}_{secret}"}


@asynccontextmanager
async def _an_api(settings: BroadcastSettings) -> AsyncGenerator[httpx.AsyncClient]:
    async with (
        a_broadcast(settings) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://broadcast/api/broadcast") as client,
    ):
        yield client


async def test_deliveries_are_listed_page_by_page_without_their_texts(
    house: House, settings: BroadcastSettings
) -> None:
    mine = await _a_key(house, house.workspace, "deliveries:read")
    messages = [house.message(str(chat), "canary-text") for chat in range(7000, 7005)]
    async with _an_api(settings) as api:
        await house.ask(*messages)
        await house.until_statuses({"sent": 5})
        first = (await api.get("/deliveries", params={"limit": 3}, headers=mine)).json()
        rest = (await api.get("/deliveries", params={"limit": 3, "cursor": first["next_cursor"]}, headers=mine)).json()
        none = (await api.get("/deliveries", params={"status": "unknown"}, headers=mine)).json()
        of_one = await api.get("/deliveries", params={"chat_contact_id": messages[0].chat_contact_id}, headers=mine)
        bad = await api.get("/deliveries", params={"cursor": "%%%"}, headers=mine)
        odd = await api.get("/deliveries", params={"text": "canary"}, headers=mine)

    listed = [item["id"] for item in first["items"] + rest["items"]]
    assert sorted(listed) == sorted(message.id for message in messages)
    assert (first["total"], first["total_is_exact"], rest["next_cursor"]) == (5, True, None)
    assert none["items"] == []
    assert [item["id"] for item in of_one.json()["items"]] == [messages[0].id]
    assert "canary-text" not in of_one.text
    assert (bad.status_code, odd.status_code) == (422, 422)


async def test_another_workspaces_delivery_is_not_there(house: House, settings: BroadcastSettings) -> None:
    theirs = await _a_key(house, "w_other", "deliveries:read", "people:write")
    message = house.message("5551")
    async with _an_api(settings) as api:
        await house.ask(message)
        await house.until_statuses({"sent": 1})
        answers = [
            await api.get(f"/deliveries/{message.id}", headers=theirs),
            await api.post(f"/deliveries/{message.id}/resend", headers=theirs),
        ]
        listed = (await api.get("/deliveries", headers=theirs)).json()

    assert [answer.status_code for answer in answers] == [404, 404]
    assert listed["items"] == []


async def test_an_unknown_message_is_sent_again_once_when_a_person_says_so(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    mine = await _a_key(house, house.workspace, "deliveries:read", "people:write")
    reader = await _a_key(house, house.workspace, "deliveries:read")
    telegram.answer = telegram.silence
    message = house.message("5551", "again please")
    async with _an_api(settings) as api:
        await house.ask(message)
        await house.until_statuses({"unknown": 1})
        telegram.answer = None
        forbidden = await api.post(f"/deliveries/{message.id}/resend", headers=reader)
        again = await api.post(f"/deliveries/{message.id}/resend", headers=mine)
        twice = await api.post(f"/deliveries/{message.id}/resend", headers=mine)
        await house.until_statuses({"unknown": 1, "sent": 1})
        old = (await api.get(f"/deliveries/{message.id}", headers=mine)).json()
        new = (await api.get(f"/deliveries/{again.json()['id']}", headers=mine)).json()
        settled = await api.post(f"/deliveries/{new['id']}/resend", headers=mine)

    assert (forbidden.status_code, again.status_code, twice.status_code) == (403, 201, 409)
    assert settled.status_code == 409
    assert old["resent_as"] == new["id"] != message.id
    assert (new["outbound_id"], new["attempt"], new["status"]) == (message.id, 2, "sent")
    assert new["resent_by"].startswith("key_")
    assert [request.body["text"] for request in telegram.sent] == ["again please", "again please"]
    assert telegram.ledger_ids() == [message.id, new["id"]]
