"""A chat on each channel that is written to a lot, a provider that keeps when requests began, and ways to say no."""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from aiohttp import web

from services.ingest.channels.widget.tokens import new_device
from shared.contracts import topics
from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.chat import Channel, ChatRef, MessageReceivedV1, Sender
from shared.contracts.ids import chat_contact_id
from shared.contracts.sending import MessageRequestedV1
from shared.messaging.publisher import Publisher
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import connect, database
from tests.e2e.kith import until
from tests.faults.house import GENEROUS, SLOW, House
from tests.faults.load import a_membership

Way = Literal["switch", "block"]
QUICK: list[tuple[Channel, Way]] = [("whatsapp", "switch"), ("widget", "switch"), ("custom", "block")]
SLOWER: list[tuple[Channel, Way]] = [
    ("telegram", "block"),
    *((channel, "switch") for channel in ("telegram", "messenger", "instagram", "custom")),
]
WAYS = [*QUICK, *(pytest.param(*one, marks=pytest.mark.slow) for one in SLOWER)]
"""A person's own block where the channel tells of one, and our switch everywhere."""
SECONDS_EACH = 0.3
"""So long a provider takes: a few hundred messages to one person wait for more than a minute."""
WRITTEN = 300


@dataclass
class Provider:
    """Meta's side, and an adapter's: takes all, slowly. Times are seconds since 1970."""

    meta: str = ""
    adapter: str = ""
    began: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    async def of_meta(self, request: web.Request) -> web.Response:
        at, body = time.time(), await request.json()
        whom = body.get("to") or body.get("recipient")
        return await self._taken(at, whom if isinstance(whom, str) else whom["id"])

    async def of_adapter(self, request: web.Request) -> web.Response:
        at, body = time.time(), await request.json()
        return await self._taken(at, body["contact_id"])

    async def _taken(self, at: float, contact_id: str) -> web.Response:
        self.began.setdefault(contact_id, []).append(at)
        await asyncio.sleep(SECONDS_EACH)
        id_ = f"m_{secrets.token_hex(6)}"
        return web.json_response({"message_id": id_, "messages": [{"id": id_}]})


@asynccontextmanager
async def a_provider() -> AsyncGenerator[Provider]:
    found = Provider()
    app = web.Application()
    app.router.add_post("/v24.0/{id}/messages", found.of_meta)
    app.router.add_post("/deliver", found.of_adapter)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    found.meta, found.adapter = f"{origin}/v24.0", f"{origin}/deliver"
    try:
        yield found
    finally:
        await runner.cleanup()


class Chat:
    """One person on one connection, to whom a scenario says far too much."""

    def __init__(self, house: House, provider: Provider, publisher: Publisher, channel: Channel) -> None:
        self._house = house
        self._provider = provider
        self._publisher = publisher
        self.channel: Channel = channel
        self._connection = ""
        self._bot: dict[str, Any] = {}
        self.contact_id = new_device() if channel == "widget" else f"9{secrets.randbelow(10**11):011d}"

    async def open(self) -> None:
        """Connect an account that only this person writes to, and have them say hello."""
        match self.channel:
            case "telegram":
                self._bot = await self._house.bot(700_000 + secrets.randbelow(100_000))
                self._connection = self._bot["id"]
                await self._house.faults(self._bot["bot_id"], [{**SLOW, "seconds": SECONDS_EACH}])
                address = f"/api/telegram/bots/{self._bot['bot_id']}/chats/{self.contact_id}/say"
                sandbox = self._house.kith.sandbox
                async with self._house.session.post(f"{sandbox}{address}", json={"text": "hi", "wait": 30}) as answer:
                    assert (await answer.json())["outcome"] == "delivered"
            case "widget":
                self._connection = self._house.kith.site["id"]
            case "custom":
                asked = {"channel": "custom", "name": "Adapter", "deliver_url": self._provider.adapter}
                status, made = await self._house.kith.call("POST", "/api/ingest/connections", body=asked)
                assert status == 201, made
                self._connection = made["id"]
            case _:
                await self._connect_meta()
        if self.channel != "telegram":
            await self._publisher.publish(topics.CONVERSATION, [self._hello()])
        await until(self._is_known, GENEROUS)

    async def _connect_meta(self) -> None:
        """Tell of an account as ingest does: to connect one asks Meta about it, which is not what is looked at here."""
        self._connection = f"con_{secrets.token_hex(10)}"
        setting = (self._house.kith.home / "secret-key").read_text(encoding="utf-8").strip()
        keys, workspace = SecretKeys(setting), self._house.kith.workspace_id
        state = ConnectionStateV1(
            id=self._connection,
            time=datetime.now(UTC),
            workspace_id=workspace,
            rev=1,
            channel=self.channel,
            name=self.channel,
            account_id=f"1{secrets.randbelow(10**9):09d}",
            sealed_secrets={
                name: keys.seal(workspace, f"connection.{name}", "secret") for name in ("token", "app_secret")
            },
        )
        await self._publisher.publish(topics.CONNECTION, [state])

    def _common(self, id_: str) -> dict[str, Any]:
        chat = ChatRef(channel=self.channel, connection_id=self._connection, contact_id=self.contact_id)
        return {"id": id_, "time": datetime.now(UTC), "workspace_id": self._house.kith.workspace_id, "chat": chat}

    def _hello(self) -> MessageReceivedV1:
        id_ = f"{self._connection}/{secrets.token_hex(6)}"
        return MessageReceivedV1(**self._common(id_), sender=Sender(name="Ann"), message_id="1", text="hi")

    @property
    def id(self) -> str:
        return chat_contact_id(self._house.kith.workspace_id, self._connection, self.contact_id)

    async def _is_known(self) -> bool:
        return (await self._house.kith.get(f"/api/identity/chat-contacts/{self.id}"))[0] == 200

    async def is_written_to(self) -> None:
        """Ask for hundreds of messages, and wait until some have been requested."""
        wanted = [
            MessageRequestedV1(**self._common(secrets.token_hex(10)), text=f"number {n}", origin="scenario", cause="t")
            for n in range(WRITTEN)
        ]
        await self._publisher.publish(topics.OUTBOUND, wanted)

        async def some() -> bool:
            return len(await self.requests()) >= 3

        await until(some, GENEROUS)

    async def says_no(self, way: Way) -> float:
        """Refuse; returns when that was answered."""
        if way == "switch":
            path = f"/api/identity/chat-contacts/{self.id}"
            status, told = await self._house.kith.call("PATCH", path, body={"reactive": False})
        elif self.channel == "telegram":
            update = a_membership(int(self.contact_id), 900_000_000 + secrets.randbelow(10**6), "kicked")
            status, told = await self._house.kith.hook(update, bot=self._bot), None
        else:
            item = {"id": secrets.token_hex(6), "type": "blocked", "connection_id": self._connection}
            item["contact_id"] = self.contact_id
            status, told = await self._house.kith.call("POST", "/api/ingest/inbound", body=item)
            assert told["items"][0]["status"] == "accepted", told
        assert status == 200, told
        return time.time()

    async def requests(self) -> list[float]:
        """Return when each request began, as the provider saw it."""
        match self.channel:
            case "telegram":
                return await self._of_the_sandbox()
            case "widget":
                return await self._of_ingest()
            case _:
                return self._provider.began.get(self.contact_id, [])

    async def _of_the_sandbox(self) -> list[float]:
        asked: dict[str, Any] = {"bot_id": self._bot["bot_id"], "method": "sendMessage", "limit": 1000}
        async with self._house.session.get(f"{self._house.kith.sandbox}/api/telegram/requests", params=asked) as answer:
            return [datetime.fromisoformat(one["at"]).timestamp() for one in (await answer.json())["items"]]

    async def _of_ingest(self) -> list[float]:
        """To the widget ingest is the provider: it keeps when it was asked."""
        settings = self._house.settings
        client = connect(settings)
        try:
            lines = database(client, settings, "ingest")["visitor_lines"]
            return [line["at"].timestamp() async for line in lines.find({"chat": self.id})]
        finally:
            client.close()

    async def settled(self) -> dict[str, int]:
        """Wait until nothing waits or is in flight; returns how many ended how."""
        found: dict[str, int] = {}
        for status in ("planned", "sending", "sent", "failed", "unknown"):

            async def number(status: str = status) -> int | None:
                asked: dict[str, Any] = {"chat_contact_id": self.id, "status": status, "limit": 1}
                answer, page = await self._house.kith.get("/api/broadcast/deliveries", **asked)
                there = page["total"] if answer == 200 else None
                waits = status in {"planned", "sending"} and there != 0
                return None if waits or there is None else there + 1

            found[status] = await until(number, GENEROUS) - 1
        return found
