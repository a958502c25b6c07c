"""Queues → Hours and forms in a real Chromium: an admin makes a queue, switches it and writes its form."""

import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
Admin = tuple[Page, Shot]
HERE = "/queues/hours"
QUEUES = "/api/notification/queues"


@pytest.fixture(params=["light", "dark"])
async def admin(request: pytest.FixtureRequest, kith: Kith, browser: Browser, shot: Shot) -> AsyncGenerator[Admin]:
    """Give a page on which an admin has signed in, and where its screenshots go."""
    scheme: str = request.param
    page = await browser.new_page(
        base_url=kith.origin,
        viewport={"width": 1360, "height": 820},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/Oslo",
    )
    await sign_in(page, kith, "admin")
    yield page, lambda name: shot(f"{name}-{scheme}")
    await page.close()


async def a_queue(kith: Kith, name: str, **more: Any) -> dict[str, Any]:
    """Make a queue by the API."""
    body = {"name": name, "time_zone": "Europe/Oslo"} | more
    status, made = await kith.call("POST", QUEUES, body=body, key=await kith.token("admin"))
    assert status == 201, made
    return made


async def the_queue(kith: Kith, name: str) -> dict[str, Any]:
    _, found = await kith.get(QUEUES, key=await kith.token("admin"))
    (one,) = [queue for queue in found["items"] if queue["name"] == name]
    return one


async def _choose(page: Page, field: Locator, typed: str, option: str) -> None:
    await field.fill(typed)
    await page.get_by_role("option", name=option, exact=True).click()


async def _people_and_hours(page: Page) -> None:
    """Put the second person first, type hours, and copy them to every day."""
    await _choose(page, page.get_by_role("combobox", name="Time zone"), "Tokyo", "Asia/Tokyo")
    people = page.get_by_role("combobox", name="Add somebody")
    for _ in range(2):
        await people.click()
        await page.get_by_role("option").locator("visible=true").first.click()
    members = page.get_by_test_id("members").get_by_role("listitem")
    await expect(members).to_have_count(2)
    first = await members.first.inner_text()
    await members.first.get_by_role("button", name=re.compile("^Move .* down$")).focus()
    await page.keyboard.press("Enter")
    await expect(members.nth(1)).to_contain_text(first.strip())
    await expect(members.nth(1).get_by_role("button", name=re.compile("^Move .* down$"))).to_be_focused()

    monday = page.get_by_test_id("day-0")
    await monday.get_by_role("textbox", name="Monday: closes").fill("930")
    await monday.get_by_role("button", name="Add hours on Monday").click()
    await monday.get_by_role("button", name="Copy Monday to other days").click()
    await page.get_by_role("menuitem", name="To every day").click()
    sunday = page.get_by_test_id("day-6")
    await expect(sunday.get_by_role("textbox", name="Sunday: closes").first).to_have_value("09:30")


async def _a_form(page: Page, save: Locator, path: str) -> None:
    """Add a language and a choice, move it by keyboard, and see a fault at its place."""
    await _choose(page, page.get_by_role("combobox", name="Add a language"), "German", "German")
    fields = page.get_by_test_id("fields").get_by_role("listitem")
    await fields.nth(3).get_by_role("textbox", name="Question, German").fill("Was gibt es?")
    await page.get_by_role("button", name="Add a question").click()
    topic = fields.nth(4)
    await topic.get_by_label("Kind").select_option("choice")
    await topic.get_by_role("textbox", name="Question, English").fill("Topic")
    await topic.get_by_role("textbox", name="Answer 1, English").fill("Delivery")
    await topic.get_by_role("textbox", name="Answer 1, German").fill("Lieferung")
    await topic.get_by_role("textbox", name="Question, English").focus()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(fields.nth(3).get_by_label("Kind")).to_have_value("choice")
    await save.click()
    second = fields.nth(3).get_by_role("textbox", name="Answer 2, English")
    await expect(second).to_have_attribute("aria-invalid", "true")
    await expect(second).to_be_focused()
    await page.screenshot(path=path)
    await second.fill("Something else")


async def test_a_queue_is_made_with_hours_people_and_a_form_in_two_languages(
    kith: Kith, admin: Admin, somebody: int
) -> None:
    page, shot = admin
    name = f"Support {somebody}"
    await page.get_by_role("link", name="Hours and forms").click()
    await page.get_by_role("link", name="Add a queue").first.click()
    await expect(page.get_by_role("heading", name="New queue")).to_be_visible()
    save = page.get_by_role("button", name="Add the queue")
    await save.click()
    field = page.get_by_role("textbox", name="Name", exact=True)
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()
    await field.fill(name)

    await _people_and_hours(page)
    await _a_form(page, save, shot("queue-wrong"))
    preview = page.get_by_test_id("preview")
    await preview.get_by_label("Languages").select_option("de")
    for text in ("Was gibt es?", "Lieferung", "Montag", "Senden"):
        await expect(preview).to_contain_text(text)
    await page.evaluate("document.querySelector('#main').scrollTo(0, 0)")
    await _is_accessible(page)
    await page.screenshot(path=shot("queue-new"), full_page=True)
    await save.click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()

    made = await the_queue(kith, name)
    assert (made["time_zone"], len(made["members"])) == ("Asia/Tokyo", 2)
    assert made["hours"][6][0] == {"opens": "09:00", "closes": "09:30"}
    asked = made["form"]["fields"]
    assert [field["kind"] for field in asked] == ["name", "email", "phone", "choice", "text"]
    assert asked[3]["choices"][0]["label"] == {"en": "Delivery", "de": "Lieferung"}
    address = page.get_by_role("textbox", name="The form as a page of its own")
    await expect(address).to_have_value(re.compile(f"/f/{made['form_key']}$"))


async def test_a_queue_is_switched_by_hand_and_the_list_knows_at_once(
    kith: Kith, admin: Admin, agent: Page, somebody: int
) -> None:
    page, shot = admin
    name = f"Sales {somebody}"
    queue = await a_queue(kith, name, hours=[[{"opens": "00:00", "closes": "24:00"}]] * 7)
    await agent.goto(HERE)
    row = agent.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text("Open")
    await page.goto(f"{HERE}/{queue['id']}")
    override = page.get_by_test_id("override")
    await override.get_by_text("Closed", exact=True).click()
    await expect(override).to_contain_text("by hand")
    await expect(row).to_contain_text("Closed")
    await expect(row).to_contain_text("by hand")
    assert (await the_queue(kith, name))["override"] == {"opened": False, "until": None}
    await override.get_by_label("Until").fill("2020-01-01T10:00")
    await override.get_by_role("button", name="Switch").click()
    await expect(override).to_contain_text("This moment is over")
    await page.screenshot(path=shot("queue-override"))
    await override.get_by_text("By the hours", exact=True).click()
    await expect(row).not_to_contain_text("by hand")

    await row.focus()
    await agent.keyboard.press("Enter")
    await expect(agent.get_by_test_id("queue-summary")).to_contain_text("Only admins change queues.")
    await expect(agent.get_by_role("button", name="Save")).to_have_count(0)
    await agent.goto(f"{HERE}/new")
    await expect(agent.get_by_text("Only admins change queues.")).to_be_visible()
    await page.goto(HERE)
    await expect(page.get_by_role("row").filter(has_text=name)).to_be_visible()
    await _is_accessible(page)
    await page.screenshot(path=shot("queues"))


async def test_two_who_change_one_queue_see_both_versions(kith: Kith, admin: Admin, somebody: int) -> None:
    page, shot = admin
    queue = await a_queue(kith, f"Both {somebody}")
    await page.goto(f"{HERE}/{queue['id']}")
    name = page.get_by_role("textbox", name="Name", exact=True)
    await name.fill(f"Mine {somebody}")
    await expect(page.get_by_text("Not saved yet")).to_be_visible()
    change = {"rev": queue["rev"], "name": f"Theirs {somebody}", "time_zone": "Asia/Tokyo"}
    token = await kith.token("admin")
    assert (await kith.call("PATCH", f"{QUEUES}/{queue['id']}", body=change, key=token))[0] == 200
    await page.get_by_role("button", name="Save", exact=True).click()
    conflict = page.get_by_test_id("conflict")
    for text in (f"Mine {somebody}", f"Theirs {somebody}", "Asia/Tokyo", "Europe/Oslo"):
        await expect(conflict).to_contain_text(text)
    await _is_accessible(page)
    await page.screenshot(path=shot("queue-conflict"))
    await conflict.get_by_role("button", name="Take what is saved").click()
    await expect(name).to_have_value(f"Theirs {somebody}")
    await name.fill(f"After both {somebody}")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved. Visitors see it within seconds.")).to_be_visible()
    saved = await the_queue(kith, f"After both {somebody}")
    assert saved["time_zone"] == "Asia/Tokyo"

    await page.get_by_role("button", name="Delete the queue").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Delete the queue").click()
    await expect(page.get_by_role("heading", name="Hours and forms")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text=f"After both {somebody}")).to_have_count(0)


async def test_a_connection_that_feeds_another_queue_is_refused_at_its_field(
    kith: Kith, admin: Admin, somebody: int
) -> None:
    page, shot = admin
    second = await a_queue(kith, f"Second {somebody}")  # the demo's bot feeds the demo's queue
    try:
        await page.goto(f"{HERE}/{second['id']}")
        await page.get_by_role("combobox", name="Connections that feed it").click()
        _, found = await kith.get("/api/identity/connections")
        (bot,) = [one for one in found["items"] if one["id"] == kith.newcomers_bot["id"]]
        await page.get_by_role("option", name=re.compile(re.escape(bot["name"]))).click()
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Save", exact=True).click()
        field = page.get_by_role("combobox", name="Connections that feed it")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(page.get_by_text("feeds the queue Customer service already").first).to_be_visible()
        await page.screenshot(path=shot("queue-connection"))
    finally:
        await kith.call("DELETE", f"{QUEUES}/{second['id']}", key=await kith.token("admin"))


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in serious]
