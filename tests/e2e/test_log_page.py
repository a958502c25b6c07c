"""A message left reaches an agent: the log, notes, the sound and desktop notifications, in real Chromium."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import TONES, Desk, console, is_accessible, shown, sounds
from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
HERE = "/queues/log"


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
            return len(await shown(agent, second)) == 1 and await sounds(agent, second) == 1

        await until(told)
        (entry,) = await desk.entries()
        (one,) = await shown(agent, second)
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
        await is_accessible(first)
        await first.screenshot(path=shot("request-light"))
        assert await sounds(agent, second) == 1
        assert len(await shown(agent, second)) == 1


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
        await is_accessible(admin)
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
        await is_accessible(admin)
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
        assert await sounds(agent) == 1
        tags = [one["tag"] for one in await shown(agent)]
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
        await agent.wait_for_function("() => shown.some(({ title }) => title === 'This is how it looks')")
        await agent.get_by_role("button", name="Try: Sound").click()
        await expect(agent.get_by_text("Did you hear it?")).to_be_visible()
        await agent.wait_for_function(f"() => tones === {TONES}")
        await agent.get_by_role("switch", name="Keep quiet hours").click(force=True)
        await agent.get_by_role("group", name=desk.name).get_by_label("Sound").select_option("false")

        async def is_kept() -> bool:
            found = await mine()
            return found["quiet_hours"]["on"] and found["queues"].get(desk.queue_id, {}).get("sound") is False

        await until(is_kept)
        await is_accessible(agent)
        await agent.screenshot(path=shot("notifications-light"), full_page=True)
        await email.get_by_role("switch").click(force=True)
        await agent.get_by_role("switch", name="Keep quiet hours").click(force=True)

        async def is_as_before() -> bool:
            found = await mine()
            return not found["email"] and not found["quiet_hours"]["on"]

        await until(is_as_before)
