"""A desk: a queue that a website feeds, and browsers of those who sit at it."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.kith import Kith, until

ORIGIN = "https://www.example.com"
SEES_ALL = """
window.shown = []; window.tones = 0;
const Real = window.Notification;
window.Notification = class extends Real {
  constructor(title, options) {
    super(title, options);
    window.shown.push({ title, body: options.body, tag: options.tag, it: this });
  }
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
"""
"""Notes what the page shows and sounds, and lets it do so."""
TONES = 2
"""Of one sound."""


@dataclass
class Desk:
    """A queue, which a website of its own feeds."""

    kith: Kith
    name: str
    queue_id: str
    site_key: str

    async def leave(self, text: str = "Is anybody there?", **answers: str) -> None:
        """Leave a message, as a visitor whom nobody has seen."""
        http, headers = self.kith.session, {"Origin": ORIGIN}
        site = f"{self.kith.origin}/widget/{self.site_key}"
        async with http.post(f"{site}/session", headers=headers) as answer:
            headers |= {"Authorization": f"Bearer {(await answer.json())['token']}"}
        payload = {"answers": {"message": text, **answers}, "language": "en"}
        now = datetime.now(UTC).isoformat()
        item = {"event_id": secrets.token_hex(8), "type": "form", "ts": now, "payload": payload}
        async with http.post(f"{site}/events", headers=headers, json=item) as answer:
            body = await answer.json()
            assert answer.status == 200, body
            assert body["items"][0]["status"] == "accepted", body

    async def entries(self) -> list[dict[str, Any]]:
        """Return what was left here, the newest first."""
        path = "/api/notification/requests"
        _, found = await self.kith.get(path, key=await self.kith.token("admin"), queue_id=self.queue_id)
        return found["items"]

    async def have(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many were left; returns them."""

        async def there() -> list[dict[str, Any]]:
            found = await self.entries()
            return found if len(found) == count else []

        return await until(there)


@asynccontextmanager
async def a_desk(kith: Kith, name: str, **more: Any) -> AsyncGenerator[Desk]:
    """Give a closed queue whose members are the agent and the admin; `more` is what else it has."""
    admin = await kith.token("admin")
    made = {"channel": "widget", "origins": [ORIGIN, kith.sandbox], "name": f"Shop of {name}"}
    status, site = await kith.call("POST", "/api/ingest/connections", body=made)
    assert status == 201, site
    _, people = await kith.get("/api/console/users", key=admin, limit=200)
    emails = {kith.users[role]["email"] for role in ("agent", "admin")}
    wanted = {
        "name": name,
        "time_zone": "Europe/Oslo",
        "hours": [[]] * 7,
        "connection_ids": [site["id"]],
        "members": [person["id"] for person in people["items"] if person["email"] in emails],
        "escalate_after_seconds": 3600,
    }
    status, queue = await kith.call("POST", "/api/notification/queues", body=wanted | more, key=admin)
    assert status == 201, queue

    async def knows() -> bool:
        async with kith.session.get(
            f"{kith.origin}/widget/{site['bot_id']}/state", headers={"Origin": ORIGIN}
        ) as answer:
            return answer.status == 200 and (await answer.json())["queue"] is not None

    await until(knows)
    try:
        yield Desk(kith, name, queue["id"], site["bot_id"])
    finally:
        await kith.call("DELETE", f"/api/notification/queues/{queue['id']}", key=await kith.token("admin"))


async def a_colleague(kith: Kith, name: str) -> tuple[str, str]:
    """Add an agent of one's own; returns their id, and as whom `console` signs them in."""
    email, password = f"{secrets.token_hex(6)}@example.com", secrets.token_urlsafe(16)
    body = {"email": email, "name": name, "role": "agent", "password": password}
    status, made = await kith.call("POST", "/api/console/users", body=body, key=await kith.token("admin"))
    assert status == 201, made
    kith.users[email] = {"email": email, "password": password, "role": "agent"}
    return made["id"], email


async def sign_in(page: Page, kith: Kith, role: str) -> None:
    """Sign in as a demo user of a role."""
    await page.goto("/")
    await page.get_by_label("Email").fill(kith.users[role]["email"])
    await page.get_by_label("Password", exact=True).fill(kith.users[role]["password"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Clients")).to_be_visible()


@asynccontextmanager
async def console(kith: Kith, browser: Browser, role: str, **how: Any) -> AsyncGenerator[tuple[BrowserContext, Page]]:
    """Give a browser of somebody's, in which notifications are allowed and seen by the test."""
    more: dict[str, Any] = {"viewport": {"width": 1360, "height": 820}, "permissions": ["notifications"]} | how
    context = await browser.new_context(base_url=kith.origin, locale="en-GB", **more)
    await context.add_init_script(SEES_ALL)
    page = await context.new_page()
    await sign_in(page, kith, role)
    yield context, page
    await context.close()


async def shown(*pages: Page) -> list[dict[str, str]]:
    """Return the desktop notifications that pages showed."""
    found: list[dict[str, str]] = []
    for page in pages:
        found += await page.evaluate("shown.map(({ title, body, tag }) => ({ title, body, tag }))")
    return found


async def sounds(*pages: Page) -> float:
    """Return how often pages sounded, together."""
    return sum([await page.evaluate("tones") for page in pages]) / TONES


async def is_accessible(page: Page, context: str | None = None) -> None:
    """Check that axe-core finds nothing serious."""
    found = await Axe().run(page, context=context)
    serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == [], [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in serious]
