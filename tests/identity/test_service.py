"""The whole service in this process, as `python -m services.identity` runs it: consumers, tails and API."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.identity.app import create_app
from services.identity.settings import IdentitySettings
from shared.contracts import topics
from shared.messaging.records import Record
from tests.identity.happenings import Chat, a_connection, a_phone
from tests.identity.house import AnybodyBook, House

WAIT_SECONDS = 30.0


@pytest.fixture(scope="module")
async def service(settings: IdentitySettings) -> AsyncGenerator[FastAPI]:
    app = create_app(settings)
    app.state.access = AnybodyBook()
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def api(service: FastAPI, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(service),
        base_url="http://identity/api/identity",
        headers={"Authorization": f"Bearer {workspace}:admin"},
    ) as client:
        yield client


async def until_listed(api: httpx.AsyncClient, address: str, number: int, **params: str) -> list[dict[str, Any]]:
    """Read a list until it has so many items."""
    items: list[dict[str, Any]] = []
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while len(items) != number:
                items = (await api.get(address, params=params)).json()["items"]
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"{address} has {len(items)} items, not {number}")
    return items


async def test_from_the_topic_to_the_list(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    connection = f"con_{workspace}"
    await house.publisher.publish(topics.CONNECTION, [a_connection(workspace, connection, "on_first_message", "Bot")])
    quiet, newcomer = Chat(workspace, name="Quiet"), Chat(workspace, connection=connection, name="Newcomer")
    await house.publisher.publish(topics.CONVERSATION, [quiet.writes()] * 3)
    (visitor,) = await until_listed(api, "/chat-contacts", 1, profile="none")
    assert visitor["contact_id"] == quiet.contact

    await house.publisher.publish(topics.CONVERSATION, [newcomer.writes()])
    (client,) = await until_listed(api, "/clients", 1, registered="false")
    assert client["name"] == "Newcomer"
    whole = (await api.get(f"/clients/{client['id']}")).json()
    shown = whole["channels"][0]
    assert (shown["chat_contact"]["connection_name"], shown["linked"]["how"]) == ("Bot", "first_message")

    await house.publisher.publish(topics.CONVERSATION, [quiet.proves(a_phone())])
    await until_listed(api, "/chat-contacts", 0, profile="none")
    assert [item["name"] for item in await until_listed(api, "/clients", 1, registered="true")] == ["Quiet"]


async def test_a_block_that_a_delivery_met_is_noted(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    chat = Chat(workspace)
    await house.publisher.publish(topics.DELIVERY, [chat.was_sent(3, reason="blocked")])
    (contact,) = await until_listed(api, "/chat-contacts", 1, profile="any")
    assert contact["blocked"]
    assert contact["first_message"] is None


async def test_bad_records_take_no_good_ones_with_them(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    chats = [Chat(workspace) for _ in range(20)]
    await house.publisher.publish(topics.CONVERSATION, [chat.writes() for chat in chats[:10]])
    bad = [Record(b"bad", b"{", []), Record(b"bad", None, []), Record(b"bad", b"{}", [("ce_id", b"\xff")])]
    await house.publisher.publish_records(topics.CONVERSATION, bad)
    await house.publisher.publish(topics.CONVERSATION, [chat.writes() for chat in chats[10:]])
    await until_listed(api, "/chat-contacts", 20, profile="none")


async def test_it_says_whether_it_is_ready_and_what_it_does(service: FastAPI, api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while (await api.get("http://identity/health/ready")).status_code != 200:  # noqa: ASYNC110 - as a supervisor asks
            await asyncio.sleep(0.05)
    metrics = (await api.get("http://identity/metrics")).text
    assert "kith_recognised_total" in metrics
    assert "kith_linked_total" in metrics
    paths = (await api.get("http://identity/api/identity/openapi.json")).json()["paths"]
    assert "/api/identity/clients/{id}" in paths
    assert service.title == "Kith Identity"
