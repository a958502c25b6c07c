"""From the visitor who finds nobody there to the agents who answer for it: their windows side by side, in Chromium."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, Locator, Page, expect

from tests.e2e.desk import Desk, a_colleague, a_desk, console, is_accessible, shown
from tests.e2e.kith import Kith, until
from tests.notification.push_service import TestBrowser, push_service

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
LOG = "/queues/log"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FORM = {
    "title": {"en": "Leave us a message"},
    "fields": [
        {"id": "name", "kind": "name", "label": {"en": "Your name"}, "required": True},
        {
            "id": "topic",
            "kind": "choice",
            "label": {"en": "What is it about?"},
            "choices": [
                {"id": "order", "label": {"en": "An order"}},
                {"id": "else", "label": {"en": "Something else"}},
            ],
        },
        {"id": "message", "kind": "text", "label": {"en": "Your message"}, "required": True},
    ],
}


async def test_from_a_visitors_phone_to_two_consoles_the_statistics_and_the_last_step(
    kith: Kith, browser: Browser, somebody: int, shot: Shot
) -> None:
    lead_id, as_lead = await a_colleague(kith, "Lea Lead")
    members = [await _id_of(kith, "agent"), lead_id]
    soon = {"escalate_after_seconds": 15, "colleagues_asked": 0, "lead": lead_id, "members": members, "form": FORM}
    unasked: dict[str, Any] = {"permissions": None}
    async with (
        a_desk(kith, f"Side by side {somebody}", **soon) as desk,
        console(kith, browser, "agent", **unasked) as (context, agent),
        console(kith, browser, as_lead, color_scheme="dark") as (_, lead),
    ):
        visitor = await browser.new_page(locale="en-GB", **PHONE)
        await lead.goto(f"{LOG}?queue={desk.queue_id}")
        for page in (agent, lead):
            await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await _leave_by_phone(visitor, desk, shot)
        note = agent.get_by_test_id("alert-note")
        await expect(note).to_contain_text(f"New message in {desk.name}")
        await expect(lead.get_by_role("row").filter(has_text=desk.name)).to_contain_text("Unseen")
        assert await shown(agent) == []

        # Once somebody allowed it by a click, the next message is shown by the system; its click leads to it.
        await context.grant_permissions(["notifications"])
        await note.get_by_role("button", name="Allow desktop notifications").click()
        await expect(note.get_by_role("button", name="Allow desktop notifications")).to_have_count(0)
        await note.get_by_role("button", name="Open", exact=True).click()
        (first,) = await desk.entries()
        await expect(agent).to_have_url(re.compile(f"{LOG}/{first['id']}$"))
        drawer = agent.get_by_role("dialog")
        await drawer.get_by_role("button", name="View content").click()
        await expect(drawer.get_by_test_id("answers")).to_contain_text("An order")
        await agent.goto("/clients")
        await expect(agent.get_by_text("Live", exact=True)).to_be_visible()
        await desk.leave("The second one", name="Bo")
        await agent.wait_for_function("() => shown.length === 1")
        second, _ = await desk.have(2)

        await _statistics(agent, desk, shot)

        # Nobody looks at the second: after the last step it hangs above every page of the lead's, until somebody does.
        banner = lead.get_by_test_id("banner").filter(has_text=desk.name)
        await expect(banner).to_be_visible(timeout=90_000)
        await is_accessible(lead)
        await lead.screenshot(path=shot("banner-dark"))
        await banner.get_by_role("button", name="Look at it").click()
        await expect(lead).to_have_url(re.compile(f"{LOG}/{second['id']}"))
        await expect(banner).to_have_count(0)
        history = lead.get_by_role("dialog").get_by_test_id("history")
        await expect(history).to_contain_text("Nobody had looked: the lead")

        await desk.leave("The third one", name="Cy")
        await agent.wait_for_function("() => shown.length === 1")
        third, _, _ = await desk.have(3)
        await agent.evaluate("shown[0].it.dispatchEvent(new Event('click'))")
        await expect(agent).to_have_url(re.compile(f"{LOG}/{third['id']}$"))
        await expect(agent.get_by_role("dialog").get_by_test_id("request")).to_be_visible()
        await visitor.close()


async def _id_of(kith: Kith, role: str) -> str:
    _, people = await kith.get("/api/console/users", key=await kith.token("admin"), limit=200)
    return next(one["id"] for one in people["items"] if one["email"] == kith.users[role]["email"])


async def _leave_by_phone(visitor: Page, desk: Desk, shot: Shot) -> None:
    """Fill the form in, lose the line, press twice, and have it back."""
    await visitor.goto(f"{desk.kith.sandbox}/site?key={desk.site_key}")
    await visitor.get_by_role("button", name="Open chat").tap()
    chat = visitor.get_by_role("dialog", name="Chat")
    await chat.get_by_label("Your name").fill("Zoë Ünal")
    await chat.get_by_label("An order").check()
    await chat.get_by_label("Your message").fill("Where is my order? canary-91d")
    await visitor.screenshot(path=shot("visitor-phone"))
    await visitor.context.set_offline(offline=True)
    await chat.get_by_role("button", name="Send message").tap()
    await expect(chat.get_by_text("Your message is kept here")).to_be_visible()
    await visitor.context.set_offline(offline=False)
    await expect(chat.get_by_role("heading", name="Your message has arrived")).to_be_visible()
    assert await visitor.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def _statistics(page: Page, desk: Desk, shot: Shot) -> None:
    """Look at numbers and answers, and have them as a file, by keyboard alone."""
    await page.goto(f"/queues/statistics?queue={desk.queue_id}")
    numbers = page.get_by_test_id("statistics")
    await expect(numbers).to_contain_text("2 messages")
    by_hour = numbers.get_by_role("region", name="Messages by hour of the day")
    await _tab_to(page, by_hour.get_by_text("As a table"))
    await page.keyboard.press("Enter")
    await expect(by_hour.get_by_role("row")).to_have_count(25)
    heights = await by_hour.locator("svg rect[class]").evaluate_all(
        "all => all.map(one => +one.getAttribute('height'))"
    )
    assert max(heights) > 100 > min(heights)
    await is_accessible(page)
    await page.screenshot(path=shot("statistics-light"), full_page=True)

    await _tab_to(page, page.get_by_role("radio", name="Numbers"), back=True)
    await page.keyboard.press("ArrowRight")
    answers = page.get_by_test_id("questionnaire")
    await expect(answers.get_by_role("meter", name="An order")).to_have_attribute("value", "1")
    await _tab_to(page, answers.get_by_role("button", name="Show the contents"))
    await page.keyboard.press("Enter")
    row = answers.get_by_role("row").filter(has_text="canary-91d")
    await expect(row).to_contain_text("Zoë Ünal")
    await is_accessible(page)
    await page.screenshot(path=shot("answers-light"), full_page=True)
    await _tab_to(page, page.get_by_role("button", name="Download CSV", exact=True), back=True)
    async with page.expect_download() as coming:
        await page.keyboard.press("Enter")
    kept = await asyncio.to_thread(Path(await (await coming.value).path()).read_text, "utf-8-sig")
    assert "Where is my order? canary-91d" in kept
    assert "An order" in kept


async def test_on_a_phone_and_by_keyboard_alone_an_agent_works_in_the_log(
    kith: Kith, browser: Browser, desk: Desk, shot: Shot
) -> None:
    await asyncio.gather(*(desk.leave(f"Message {number}", name="Ida") for number in range(2)))
    async with console(kith, browser, "agent", **PHONE) as (_, phone):
        await phone.goto(f"{LOG}?queue={desk.queue_id}")
        await expect(phone.get_by_text("Live", exact=True)).to_be_visible()
        await desk.leave("Message 3", name="Ida")
        await expect(phone.get_by_test_id("alert-note")).to_contain_text(desk.name)
        await expect(phone.get_by_role("row")).to_have_count(4)
        newest, _, oldest = await desk.have(3)
        assert await phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await is_accessible(phone)
        await phone.screenshot(path=shot("log-phone"))
        await phone.get_by_role("row").nth(1).get_by_text(f"#{newest['n']}").tap()
        drawer = phone.get_by_role("dialog")
        await drawer.get_by_role("button", name="Take it").tap()
        await drawer.get_by_role("button", name="View content").tap()
        await expect(drawer.get_by_test_id("answers")).to_contain_text("Message")
        assert await drawer.evaluate("one => one.scrollWidth <= window.innerWidth")
        await is_accessible(phone)
        await phone.screenshot(path=shot("request-phone"))

    async with console(kith, browser, "agent") as (_, page):
        await page.goto(f"{LOG}?queue={desk.queue_id}")
        rows = page.get_by_role("row")
        await expect(rows).to_have_count(4)
        await page.keyboard.press("/")
        await expect(page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first).to_be_focused()
        await _tab_to(page, rows.nth(1))
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            await page.keyboard.press(key)
        await expect(page).to_have_url(re.compile(oldest["id"]))
        drawer = page.get_by_role("dialog")
        await _tab_to(page, drawer.get_by_role("button", name="Take it"))
        await page.keyboard.press("Enter")
        await expect(drawer.get_by_test_id("history")).to_contain_text("took it")
        await _tab_to(page, drawer.get_by_label("Comment for your colleagues"))
        await page.keyboard.type("I write to her")
        await page.keyboard.press("Control+Enter")
        await expect(drawer.get_by_test_id("comment")).to_contain_text("I write to her")
        await page.keyboard.press("Escape")
        await expect(rows.nth(3)).to_be_focused()
        await expect(rows.nth(3)).to_contain_text("I write to her")


async def _tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until something has the focus, as who has no mouse does."""
    await expect(wanted).to_be_attached()
    for _ in range(80):
        if await wanted.evaluate(
            "one => one === document.activeElement || one.closest('summary') === document.activeElement"
        ):
            return
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


async def test_an_email_that_is_refused_is_shown_to_admins(kith: Kith, browser: Browser, shot: Shot) -> None:
    _, address = await a_colleague(kith, "Nia Nobody")
    faults = f"{kith.sandbox}/api/mail/faults"
    rule = {"kind": "refuse", "at": "recipient", "code": 550, "recipient": address}
    async with kith.session.put(faults, json={"rules": [rule]}) as answer:
        assert answer.status == 200
    try:
        path = "/api/notification/me/notifications/try"
        _, told = await kith.call("POST", path, body={"way": "email"}, key=await kith.token(address))
        assert told["outcome"] == "failed", told
    finally:
        async with kith.session.put(faults, json={"rules": []}):
            pass
    async with console(kith, browser, "admin", color_scheme="dark") as (_, page):
        await page.get_by_role("link", name="Emails").click()
        await expect(page.get_by_test_id("mail-server")).to_contain_text("The mail server takes emails")
        row = page.get_by_role("row").filter(has_text=address)
        for text in ("Nia Nobody", "Not delivered", "550", "Only tried"):
            await expect(row).to_contain_text(text)
        await is_accessible(page)
        await page.screenshot(path=shot("emails-dark"))


async def test_a_push_is_shown_with_no_page_in_front_and_its_click_leads_to_the_message(
    kith: Kith, browser: Browser, desk: Desk, shot: Shot
) -> None:
    # Chromium's push service is Google's, which no test reaches: the tests' own takes what Kith pushes, and what it
    # took is handed to the real service worker by the browser's own means.
    token = await kith.token("agent")
    own = TestBrowser()
    async with push_service() as service, console(kith, browser, "agent") as (context, page):
        endpoint = f"{service.origin}/agents-browser"
        path = "/api/notification/push/subscriptions"
        assert (await kith.call("PUT", path, body=own.subscription(endpoint), key=token))[0] == 204
        wants = "/api/notification/me/notifications"
        _, before = await kith.get(wants, key=token)
        changed = before | {"push": True, "sound": False, "desktop": False}
        assert (await kith.call("PUT", wants, body=changed, key=token))[0] == 200
        try:
            await desk.leave("A message for a push, canary-5e0")

            async def pushed() -> list[dict[str, Any]]:
                return [one for one in service.to("/agents-browser", own) if one.get("queue") == desk.name]

            (told,) = await until(pushed)
            assert "canary" not in str(told)

            # The page makes the worker known before the push service is asked.
            await page.goto("/settings/notifications")
            await page.get_by_role("button", name="Take pushes in this browser").click()
            way = page.get_by_test_id("way-push")
            await expect(way.get_by_role("alert").or_(way.get_by_text("This browser takes pushes."))).to_be_visible()
            await page.screenshot(path=shot("push-here"), full_page=True)
            await page.goto("/clients")
            cdp = await context.new_cdp_session(page)
            await _deliver(cdp, kith.origin, told)
            shows = """navigator.serviceWorker.ready
                .then(one => one.getNotifications()).then(all => all.map(one => one.title))"""

            async def is_shown() -> bool:
                return await page.evaluate(shows) == [f"New message in {desk.name}"]

            await until(is_shown)
            (worker,) = context.service_workers
            await worker.evaluate("""async () => {
                const [notification] = await self.registration.getNotifications();
                self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
            }""")
            (entry,) = await desk.entries()
            await expect(page).to_have_url(re.compile(f"{LOG}/{entry['id']}$"))
            await expect(page.get_by_role("dialog").get_by_test_id("request")).to_be_visible()
        finally:
            token = await kith.token("agent")
            await kith.call("PUT", wants, body=before, key=token)
            await kith.call("DELETE", path, body={"endpoint": endpoint}, key=token)


async def _deliver(cdp: CDPSession, origin: str, told: dict[str, Any]) -> None:
    """Hand a push to the service worker, as the browser does when its push service brings one."""
    known: asyncio.Queue[str] = asyncio.Queue()

    def on_update(said: dict[str, Any]) -> None:
        for one in said["registrations"]:
            if not one["isDeleted"]:
                known.put_nowait(one["registrationId"])

    cdp.on("ServiceWorker.workerRegistrationUpdated", on_update)
    await cdp.send("ServiceWorker.enable")
    registration = await asyncio.wait_for(known.get(), 30)
    message = {"origin": origin, "registrationId": registration, "data": json.dumps(told)}
    await cdp.send("ServiceWorker.deliverPushMessage", message)
