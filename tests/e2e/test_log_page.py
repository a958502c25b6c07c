"""A message left reaches an agent: the log, notes, the sound and desktop notifications, in real Chromium."""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
HERE = "/queues/log"
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
        path = "/api/notification/requests"
        _, found = await self.kith.get(path, key=await self.kith.token("admin"), queue_id=self.queue_id)
        return found["items"]


@pytest.fixture
async def desk(kith: Kith, somebody: int) -> AsyncGenerator[Desk]:
    """Give a queue whose members are the agent and the admin."""
    admin = await kith.token("admin")
    made = {"channel": "widget", "origins": [ORIGIN], "name": f"Shop {somebody}"}
    status, site = await kith.call("POST", "/api/ingest/connections", body=made)
    assert status == 201, site
    _, people = await kith.get("/api/console/users", key=admin, limit=200)
    emails = {kith.users[role]["email"] for role in ("agent", "admin")}
    name = f"Help {somebody}"
    wanted = {
        "name": name,
        "time_zone": "Europe/Oslo",
        "hours": [[]] * 7,
        "connection_ids": [site["id"]],
        "members": [person["id"] for person in people["items"] if person["email"] in emails],
        "escalate_after_seconds": 3600,
    }
    status, queue = await kith.call("POST", "/api/notification/queues", body=wanted, key=admin)
    assert status == 201, queue
    found = Desk(kith, name, queue["id"], site["bot_id"])

    async def knows() -> bool:
        async with kith.session.get(
            f"{kith.origin}/widget/{site['bot_id']}/state", headers={"Origin": ORIGIN}
        ) as answer:
            return answer.status == 200 and (await answer.json())["queue"] is not None

    await until(knows)
    yield found
    await kith.call("DELETE", f"/api/notification/queues/{queue['id']}", key=await kith.token("admin"))


@asynccontextmanager
async def console(kith: Kith, browser: Browser, role: str, **how: Any) -> AsyncGenerator[tuple[BrowserContext, Page]]:
    """Give a browser of somebody's, in which notifications are allowed and seen by the test."""
    more: dict[str, Any] = {"viewport": {"width": 1360, "height": 820}} | how
    context = await browser.new_context(base_url=kith.origin, locale="en-GB", permissions=["notifications"], **more)
    await context.add_init_script(SEES_ALL)
    page = await context.new_page()
    await sign_in(page, kith, role)
    yield context, page
    await context.close()


async def _shown(*pages: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for page in pages:
        found += await page.evaluate("shown.map(({ title, body, tag }) => ({ title, body, tag }))")
    return found


async def _sounds(*pages: Page) -> float:
    return sum([await page.evaluate("tones") for page in pages]) / TONES


async def test_one_message_sounds_once_and_its_click_leads_to_it(
    kith: Kith, browser: Browser, desk: Desk, shot: Shot
) -> None:
    async with console(kith, browser, "agent") as (context, agent), console(kith, browser, "admin") as (_, admin):
        second = await context.new_page()
        await second.goto("/clients")
        await admin.goto(f"{HERE}?queue={desk.queue_id}")
        for page in (agent, second, admin):
            await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await desk.leave("Where is my order? canary-7c1", name="Zoë")
        for page in (agent, second, admin):
            await expect(page.get_by_test_id("alert-note")).to_contain_text(f"New message in {desk.name}")
        await expect(agent.get_by_test_id("unseen-count")).to_be_visible()
        await expect(agent).to_have_title(re.compile(r"^\(\d+\) Clients"))
        await expect(admin.get_by_role("row").filter(has_text=desk.name)).to_contain_text("Unseen")
        await admin.screenshot(path=shot("alert-light"))

        async def told() -> bool:
            return len(await _shown(agent, second)) == 1 and await _sounds(agent, second) == 1

        await until(told)
        (entry,) = await desk.entries()
        (one,) = await _shown(agent, second)
        assert one["title"] == f"New message in {desk.name}"
        assert "canary" not in str(one)
        first = agent if await agent.evaluate("shown.length") else second
        await first.evaluate("shown[0].it.dispatchEvent(new Event('click'))")
        await expect(first).to_have_url(re.compile(f"{HERE}/{entry['id']}$"))
        drawer = first.get_by_role("dialog")
        await expect(drawer.get_by_role("heading", name=f"Message #{entry['n']}")).to_be_visible()
        for page in (agent, second, admin):
            await expect(page.get_by_test_id("alert-note")).to_have_count(0)
        await expect(drawer).not_to_contain_text("canary-7c1")
        await drawer.get_by_role("button", name="View content").click()
        await expect(drawer.get_by_test_id("answers")).to_contain_text("Where is my order? canary-7c1")
        await expect(drawer.get_by_test_id("history")).to_contain_text("opened it")
        await _is_accessible(first)
        await first.screenshot(path=shot("request-light"))
        assert await _sounds(agent, second) == 1
        assert len(await _shown(agent, second)) == 1


async def test_two_who_take_one_message_are_told_and_the_log_is_live(
    kith: Kith, browser: Browser, desk: Desk, shot: Shot
) -> None:
    await desk.leave("Take me")

    async def there() -> list[dict[str, Any]]:
        return await desk.entries()

    (entry,) = await until(there)
    dark = {"color_scheme": "dark"}
    async with console(kith, browser, "agent") as (_, agent), console(kith, browser, "admin", **dark) as (_, admin):
        await admin.goto(f"{HERE}?queue={desk.queue_id}")
        row = admin.get_by_role("row").filter(has_text=desk.name)
        await expect(row).to_be_visible()
        await agent.goto(f"{HERE}/{entry['id']}?queue={desk.queue_id}")
        mine = agent.get_by_role("dialog")
        take = mine.get_by_role("button", name="Take it")
        await expect(take).to_be_visible()
        path = f"/api/notification/requests/{entry['id']}"
        await agent.route(f"**{path}", lambda route: route.abort())  # it hears nothing of the other
        await admin.goto(f"{HERE}/{entry['id']}?queue={desk.queue_id}")
        theirs = admin.get_by_role("dialog")
        await theirs.get_by_role("button", name="Take it").click()
        name = (await admin.get_by_test_id("account").get_attribute("aria-label") or "").removeprefix("Your account: ")
        await expect(theirs.get_by_test_id("handler")).to_contain_text(name)
        await take.click()
        await expect(mine.get_by_role("alert").filter(has_text=f"{name} has taken this already.")).to_be_visible()
        await expect(take).to_have_count(0)
        await agent.unroute(f"**{path}")

        await mine.get_by_label("Comment for your colleagues").fill("I call her back")
        await agent.keyboard.press("Control+Enter")
        await expect(mine.get_by_test_id("comment")).to_contain_text("I call her back")
        await mine.get_by_label("Status").select_option("waiting")
        await expect(theirs.get_by_test_id("comment")).to_contain_text("I call her back")
        await expect(theirs.get_by_test_id("history")).to_contain_text("set the status to Waiting")
        await _is_accessible(admin)
        await admin.screenshot(path=shot("request-dark"))
        await admin.keyboard.press("Escape")
        await expect(row).to_be_focused()
        await expect(row).to_contain_text("Waiting")
        await expect(row).to_contain_text("I call her back")
        await mine.get_by_test_id("handler").select_option("-")
        await expect(row).not_to_contain_text(name)
        await admin.goto(f"{HERE}?queue={desk.queue_id}&status=done")
        await expect(admin.get_by_text("Nothing matches")).to_be_visible()
        await admin.get_by_role("button", name="Show everything").click()
        await expect(admin).to_have_url(re.compile(f"{HERE}$"))
        await _is_accessible(admin)
        await admin.screenshot(path=shot("log-dark"))


async def test_a_burst_is_one_note_and_what_came_offline_is_there_once(
    kith: Kith, browser: Browser, desk: Desk, shot: Shot
) -> None:
    async with console(kith, browser, "agent") as (context, agent):
        await expect(agent.get_by_text("Live", exact=True)).to_be_visible()
        await desk.leave("first")
        note = agent.get_by_test_id("alert-note")
        await expect(note).to_contain_text(desk.name)
        await asyncio.gather(*(desk.leave(f"more {number}") for number in range(6)))
        await expect(note).to_contain_text(f"{desk.name}: 7")
        assert await _sounds(agent) == 1
        tags = [one["tag"] for one in await _shown(agent)]
        assert tags[0].startswith("kith.rq_")
        assert set(tags[1:]) == {"kith.burst"}
        await agent.screenshot(path=shot("alert-burst"))

        await context.set_offline(True)
        for number in range(2):
            await desk.leave(f"meanwhile {number}")
        await context.set_offline(False)
        await expect(note).to_contain_text(f"{desk.name}: 9")
        await note.get_by_role("button", name=re.compile("^Seen, all")).click()
        await expect(note).to_have_count(0)

        async def all_seen() -> bool:
            return all(entry["seen"] for entry in await desk.entries())

        await until(all_seen)
        await agent.reload()
        await expect(agent.get_by_text("Live", exact=True)).to_be_visible()
        await expect(note).to_have_count(0)


async def test_each_way_is_switched_and_tried(kith: Kith, browser: Browser, desk: Desk, shot: Shot) -> None:
    async with console(kith, browser, "agent") as (_, agent):
        await agent.get_by_role("link", name="Notifications").click()
        email = agent.get_by_test_id("way-email")
        await expect(email.get_by_role("switch")).not_to_be_checked()
        await email.get_by_role("switch").click(force=True)

        async def mine() -> dict[str, Any]:
            _, found = await kith.get("/api/notification/me/notifications", key=await kith.token("agent"))
            return found

        async def is_on() -> bool:
            return (await mine())["email"]

        await until(is_on)
        await expect(agent.get_by_test_id("permission")).to_have_text("The browser allows it.")
        await agent.get_by_role("button", name="Try: Desktop notification").click()
        await agent.wait_for_function("shown.some(({ title }) => title === 'This is how it looks')")
        await agent.get_by_role("button", name="Try: Sound").click()
        await expect(agent.get_by_text("Did you hear it?")).to_be_visible()
        await agent.wait_for_function(f"tones === {TONES}")
        await agent.get_by_role("switch", name="Keep quiet hours").click(force=True)
        await agent.get_by_role("group", name=desk.name).get_by_label("Sound").select_option("false")

        async def is_kept() -> bool:
            found = await mine()
            return found["quiet_hours"]["on"] and found["queues"].get(desk.queue_id, {}).get("sound") is False

        await until(is_kept)
        await _is_accessible(agent)
        await agent.screenshot(path=shot("notifications-light"), full_page=True)
        await email.get_by_role("switch").click(force=True)
        await agent.get_by_role("switch", name="Keep quiet hours").click(force=True)

        async def is_as_before() -> bool:
            found = await mine()
            return not found["email"] and not found["quiet_hours"]["on"]

        await until(is_as_before)


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in serious]
