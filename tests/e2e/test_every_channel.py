"""WhatsApp, Messenger and Instagram through a whole running Kith: written to, answered, seen, and one client of two."""

import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]


def id_at(channel: str, somebody: int) -> str:
    return f"NO.13491{somebody}" if channel == "whatsapp" else str(somebody)


def phone_of(somebody: int) -> str:
    return f"+479{zlib.crc32(str(somebody).encode()) % 10_000_000:07}"


class Channel:
    """One of Meta's channels of a running Kith, as a person there sees it."""

    def __init__(self, kith: Kith, name: str, somebody: int) -> None:
        self.kith = kith
        self.name = name
        self.chat_id = id_at(name, somebody)
        account_id = kith.connections[name]["account_id"]
        self._chat = f"{kith.sandbox}/api/meta/accounts/{account_id}/chats/{self.chat_id}"

    async def says(self, **what: Any) -> None:
        async with self.kith.session.post(f"{self._chat}/say", json=what) as answer:
            said = await answer.json()
            assert (answer.status, said["outcome"]) == (200, "delivered"), said

    async def answers(self) -> list[dict[str, Any]]:
        async with self.kith.session.get(f"{self._chat}/messages") as answer:
            return [item for item in (await answer.json())["items"] if item["from"] == "bot"]

    async def asked(self) -> list[dict[str, Any]]:
        """Wait for the scenario's question."""

        async def question() -> list[dict[str, Any]]:
            found = await self.answers()
            return found if any(one["buttons"] for one in found) else []

        return await until(question)

    async def contact(self) -> dict[str, Any] | None:
        _, found = await self.kith.get("/api/identity/chat-contacts", profile="any", search=self.chat_id)
        return found["items"][0] if found["items"] else None

    async def client(self) -> str | None:
        found = await self.contact()
        return found["client_id"] if found else None


@pytest.mark.parametrize("name", ["whatsapp", "messenger", "instagram"])
async def test_somebody_writes_is_answered_and_is_seen(
    kith: Kith, agent: Page, somebody: int, shot: Shot, name: str
) -> None:
    channel = Channel(kith, name, somebody)
    phone = {"phone": phone_of(somebody)} if name == "whatsapp" else {}
    await channel.says(text="Is it open?", person={"name": f"Ann {somebody}", "username": f"ann{somebody}", **phone})

    question = (await channel.asked())[-1]
    await channel.says(press={"message_id": question["id"], "data": question["buttons"][1]["data"]})
    if name == "whatsapp":  # the number shows and WhatsApp vouches for it: a client at once, and asked for nothing
        await until(lambda: _is_told(channel, "A colleague will"))
        await until(channel.client)
        await agent.goto("/clients")
        row = agent.get_by_role("row").filter(has_text=phone_of(somebody))
    else:
        await until(lambda: _is_told(channel, "reach you"))
        await until(channel.contact)
        await agent.goto("/clients/without-contacts")
        row = agent.get_by_role("row").filter(has_text=channel.chat_id)
    await expect(row).to_be_visible()
    await agent.screenshot(path=shot(f"channel-{name}"))


async def _is_told(channel: Channel, words: str) -> bool:
    return any(words in one["text"] for one in await channel.answers())


async def test_a_username_alone_is_a_visitor_until_the_phone_shows(kith: Kith, somebody: int) -> None:
    channel = Channel(kith, "whatsapp", somebody)
    who = {"name": "Kofi", "username": f"kofi{somebody}", "phone": phone_of(somebody)}
    await channel.says(text="hi", person={**who, "shows_phone": False})
    visitor = await until(channel.contact)
    assert (visitor["client_id"], visitor["registered"]) == (None, False)

    await channel.says(text="call me", person={**who, "shows_phone": True})

    client = await until(channel.client)
    found = await channel.contact()
    assert found is not None
    assert (found["id"], found["contact_id"], found["registered"]) == (visitor["id"], channel.chat_id, True)
    _, card = await kith.get(f"/api/identity/clients/{client}")
    assert card["phone"] == phone_of(somebody)


async def test_one_phone_on_two_channels_is_one_client(kith: Kith, agent: Page, somebody: int, shot: Shot) -> None:
    whatsapp = Channel(kith, "whatsapp", somebody)
    phone = phone_of(somebody)
    await whatsapp.says(text="hi", person={"name": "Nora Bakke", "username": f"nora{somebody}", "phone": phone})
    client = await until(whatsapp.client)

    await kith.say(somebody, {"text": "hello", "person": {"first_name": "Nora"}})
    await kith.say(somebody, {"contact": {"own": True, "phone": phone}})

    async def both() -> bool:
        _, found = await kith.get("/api/identity/chat-contacts", profile="any", search=str(somebody))
        return any(one["client_id"] == client and one["channel"] == "telegram" for one in found["items"])

    await until(both)
    await agent.goto(f"/clients?search={phone[1:]}")
    row = agent.get_by_role("row").filter(has_text=phone)
    await expect(row).to_have_count(1)
    await row.get_by_role("link").or_(row.get_by_role("button")).first.click()
    card = agent.get_by_role("dialog")
    for words in ("WhatsApp", "Telegram", re.compile("verified", re.IGNORECASE)):
        await expect(card).to_contain_text(words)
    await agent.screenshot(path=shot("channel-one-client"))
