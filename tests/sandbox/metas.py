"""Accounts at the sandbox's Meta, and a webhook that checks Meta's signature over the raw bytes."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.sandbox.conftest import Answer, Sandbox, free_port

ANN = {"name": "Ann Lee", "username": "annlee", "phone": "+47 912 34 567"}
USER = "NO.13491208655302741918"


@dataclass
class MetaHook:
    """A webhook of ours: proves itself to Meta, keeps what it is sent, answers as told."""

    url: str
    verify_token: str = "v3rify"
    app_secret: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    answers: list[int] = field(default_factory=list[int])
    """Statuses of the next answers; 200 when there are none left."""

    async def prove(self, request: web.Request) -> web.Response:
        known = request.query.get("hub.verify_token") == self.verify_token
        return web.Response(text=request.query["hub.challenge"]) if known else web.Response(status=403)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        made = hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        assert request.headers["X-Hub-Signature-256"] == f"sha256={made}"
        self.bodies.append(json.loads(body))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def entries(self) -> list[dict[str, Any]]:
        return [entry for body in self.bodies for entry in body["entry"]]

    def values(self, name: str) -> list[dict[str, Any]]:
        """List what WhatsApp's changes hold under a name: messages, statuses, user_preferences."""
        changes = [change for entry in self.entries() for change in entry.get("changes", [])]
        return [item for change in changes for item in change["value"].get(name, [])]

    def items(self, name: str) -> list[dict[str, Any]]:
        """List the items of `messaging` of a kind, but for echoes."""
        items = [item for entry in self.entries() for item in entry.get("messaging", []) if name in item]
        return [item for item in items if not item[name].get("is_echo")]

    async def until(self, count: int, name: str) -> list[dict[str, Any]]:
        """Wait until so many came."""
        for _ in range(2000):
            found = self.values(name) or self.items(name)
            if len(found) >= count:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"{count} {name} did not come within 20 s: {self.bodies}")


@asynccontextmanager
async def a_hook() -> AsyncGenerator[MetaHook]:
    port = free_port()
    made = MetaHook(f"http://127.0.0.1:{port}/hooks/meta")
    application = web.Application()
    application.router.add_get("/hooks/meta", made.prove)
    application.router.add_post("/hooks/meta", made.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield made
    await runner.cleanup()


@dataclass
class Account:
    """One account, its business's side and its people's side."""

    sandbox: Sandbox
    channel: str
    told: dict[str, Any]

    @property
    def id(self) -> str:
        return self.told["account_id"]

    @property
    def path(self) -> str:
        return f"/api/meta/accounts/{self.id}"

    @property
    def somebody(self) -> str:
        return USER if self.channel == "whatsapp" else "7788"

    async def graph(self, verb: str, path: str, *, token: str | None = None, **how: Any) -> Answer:
        """Ask Graph as the business does."""
        headers = {
            "Authorization": f"Bearer {self.told['token'] if token is None else token}",
            **how.pop("headers", {}),
        }
        return await self.sandbox.ask(verb, f"/meta/v24.0/{path}", headers=headers, **how)

    async def send(self, text: str = "hello", to: Any = None, **more: Any) -> Answer:
        """Write to a person, in the channel's form."""
        to = self.somebody if to is None else to
        if self.channel == "whatsapp":
            named = {"recipient": to} if "." in to else {"to": to}
            body = {"messaging_product": "whatsapp", **named, "type": "text", "text": {"body": text}, **more}
        else:
            recipient = to if isinstance(to, dict) else {"id": to}
            body = {"recipient": recipient, "message": {"text": text}, **more}
        return await self.graph("POST", f"{self.id}/messages", json=body)

    async def says(self, chat: str = "", **what: Any) -> Any:
        answer = await self.try_says(chat, **what)
        assert answer.status == 200, answer.body
        return answer.body

    async def try_says(self, chat: str = "", **what: Any) -> Answer:
        return await self.sandbox.ask("POST", f"{self.path}/chats/{chat or self.somebody}/say", json=what)

    async def later(self, hours: float, chat: str | None = None) -> None:
        passed = await self.sandbox.ask(
            "POST", f"{self.path}/chats/{chat or self.somebody}/later", json={"hours": hours}
        )
        assert passed.status == 200, passed.body

    async def messages(self, chat: str | None = None) -> list[dict[str, Any]]:
        return (await self.sandbox.ask("GET", f"{self.path}/chats/{chat or self.somebody}/messages")).body["items"]

    async def faults(self, *rules: dict[str, Any], **more: Any) -> Any:
        put = await self.sandbox.ask("PUT", f"{self.path}/faults", json={"rules": list(rules), **more})
        assert put.status == 200, put.body
        return put.body

    async def requests(self, **wanted: Any) -> list[dict[str, Any]]:
        wanted = {"account_id": self.id, **wanted}
        return (await self.sandbox.ask("GET", "/api/meta/requests", params=wanted)).body["items"]

    async def receipts(self, *which: str) -> None:
        put = await self.sandbox.ask("PATCH", self.path, json={"receipts": list(which)})
        assert put.status == 200, put.body

    async def connect(self, hook: MetaHook, **more: Any) -> Answer:
        hook.app_secret = self.told["app_secret"]
        setting = {"url": hook.url, "verify_token": hook.verify_token, **more}
        return await self.sandbox.ask("PUT", f"{self.path}/webhook", json=setting)


async def an_account(sandbox: Sandbox, channel: str, hook: MetaHook | None = None) -> Account:
    """Make an account without receipts of its own; with a webhook, where one is given."""
    made = await sandbox.ask("POST", "/api/meta/accounts", json={"channel": channel, "name": "Shop"})
    assert made.status == 201, made.body
    account = Account(sandbox, channel, made.body)
    await account.receipts()
    if hook is not None:
        set_ = await account.connect(hook)
        assert set_.status == 200, set_.body
    return account
