"""Channels → Connections in a real Chromium: an admin connects a bot, switches it, and writes its scenario."""

import json
import re
import secrets
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
Admin = tuple[Page, Shot]


@pytest.fixture(params=["light", "dark"])
async def admin(request: pytest.FixtureRequest, kith: Kith, browser: Browser, shot: Shot) -> AsyncGenerator[Admin]:
    """Give a page on which an admin has signed in, and where its screenshots go."""
    scheme: str = request.param
    page = await browser.new_page(
        base_url=kith.origin,
        viewport={"width": 1360, "height": 820},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    await sign_in(page, kith, "admin")
    yield page, lambda name: shot(f"{name}-{scheme}")
    await page.close()


def a_token() -> str:
    """Return a token of Telegram's form, which the sandbox takes for a bot's."""
    return f"{6_000_000_000 + secrets.randbelow(900_000_000)}:{secrets.token_hex(17)}x"


async def _added(page: Page, shot: Shot, name: str) -> Locator:
    """Connect a Telegram bot, with mistakes on the way; returns its row."""
    await page.get_by_role("link", name="Connections").click()
    await expect(page.get_by_role("row").filter(has_text="Kith demo bot")).to_contain_text("They arrive")
    await _is_accessible(page)
    await page.screenshot(path=shot("connections"))
    await page.get_by_role("button", name="Add a connection").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Connect").click()
    await expect(dialog).to_contain_text("Enter: Token.")
    token = dialog.get_by_label("Token")
    assert await token.get_attribute("type") == "password"
    await token.fill("1:wrong")
    await dialog.get_by_label("Name (optional)").fill(name)
    await dialog.get_by_role("button", name="Connect").click()
    await expect(dialog).to_contain_text("Telegram does not know this token")
    await expect(token).to_be_focused()
    await expect(token).to_have_attribute("aria-invalid", "true")
    await _is_accessible(page)
    await page.screenshot(path=shot("connection-new"))
    await token.fill(a_token())
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text(f"{name} is connected")
    await expect(dialog.get_by_label("Webhook address", exact=True)).to_have_value(re.compile(r"/hooks/telegram/con_"))
    assert len(await dialog.get_by_test_id("once").input_value()) > 20
    await dialog.get_by_role("button", name="Check").click()
    await expect(dialog).to_contain_text("Telegram knows the token and sends messages here.")
    await _is_accessible(page)
    await page.screenshot(path=shot("connection-made"))
    await dialog.get_by_role("button", name="Done").click()
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text("They arrive")
    return row


async def _connection(kith: Kith, name: str) -> dict[str, Any]:
    _, found = await kith.get("/api/ingest/connections")
    (one,) = [item for item in found["items"] if item["name"] == name]
    return one


async def test_a_bot_is_connected_switched_and_changed(kith: Kith, admin: Admin, somebody: int) -> None:
    page, shot = admin
    name = f"Shop bot {somebody}"
    row = await _added(page, shot, name)
    switch = row.get_by_role("switch")
    await switch.click(force=True)  # its track lies above it, and is its label
    await expect(row).to_contain_text("Switched off")
    assert not (await _connection(kith, name))["enabled"]

    async def refuse(route: Route) -> None:
        problem = {"title": "Away", "status": 503, "detail": "Telegram could not be reached."}
        await (route.fulfill(status=503, json=problem) if route.request.method == "PATCH" else route.continue_())

    await page.route("**/api/ingest/connections/*", refuse)
    await switch.click(force=True)
    refused = page.get_by_role("alert").filter(has_text="Telegram could not be reached.")
    await expect(refused).to_be_visible()
    await expect(switch).not_to_be_checked()
    await page.screenshot(path=shot("connection-refused"))
    await page.unroute("**/api/ingest/connections/*")
    await switch.click(force=True)
    await expect(row).to_contain_text("They arrive")
    await expect(refused).to_have_count(0)

    await row.get_by_text(name).click()
    card = page.get_by_role("dialog")
    await card.get_by_role("button", name="Edit").click()
    await expect(card.get_by_label("Token: enter a new one")).to_have_value("")
    await card.get_by_label("Token: enter a new one").fill(a_token())
    await card.get_by_label("Name").fill(f"{name} II")
    await card.get_by_label("At the first message").check()
    await card.get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("this belongs to another account")
    assert (await _connection(kith, name))["becomes_client"] == "on_contact"
    await _is_accessible(page)
    await page.screenshot(path=shot("connection-card"))
    await card.get_by_label("Token: enter a new one").fill("")
    await card.get_by_role("button", name="Save").click()
    await expect(card.get_by_role("button", name="Edit")).to_be_visible()
    assert (await _connection(kith, f"{name} II"))["becomes_client"] == "on_first_message"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("row").filter(has_text=f"{name} II")).to_be_focused()


async def test_a_website_gets_its_tag_and_its_errors_at_the_line(kith: Kith, admin: Admin, somebody: int) -> None:
    page, shot = admin
    await page.goto("/channels/connections")
    await page.get_by_role("button", name="Add a connection").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Website chat").check()
    await dialog.get_by_label("Websites").fill(f"https://s{somebody}.example\nhttps://other.example/shop")
    await dialog.get_by_role("button", name="Connect").click()
    await expect(dialog).to_contain_text("2: leave out what follows the host")
    await dialog.get_by_label("Websites").fill(f"https://s{somebody}.example")
    await dialog.get_by_role("button", name="Connect").click()
    tag = dialog.get_by_label(re.compile("^Script tag")).and_(dialog.get_by_role("textbox"))
    await expect(tag).to_be_visible()
    made = await _connection(kith, f"s{somebody}.example")
    await expect(tag).to_have_value(
        f'<script src="{kith.origin}/widget.js" data-site-key="{made["bot_id"]}" async></script>'
    )
    await page.screenshot(path=shot("connection-widget"))


async def test_a_scenario_is_written_tried_and_taken_away(kith: Kith, admin: Admin, somebody: int) -> None:
    page, shot = admin
    name = f"Talking bot {somebody}"
    made = {"channel": "telegram", "token": a_token(), "name": name}
    status, connection = await kith.call("POST", "/api/ingest/connections", body=made)
    assert status == 201, connection
    await page.goto("/channels/connections")
    # by its name: in its middle stands the switch, and that opens nothing
    await page.get_by_role("row").filter(has_text=name).get_by_text(name, exact=True).first.click()
    await page.get_by_role("dialog").get_by_role("link", name="Scenario").click()
    await expect(page.get_by_role("heading", name=f"Scenario: {name}")).to_be_visible()
    text = page.get_by_role("textbox", name="Scenario, as JSON")
    faults = page.get_by_test_id("scenario-faults")
    save = page.get_by_role("button", name="Save")
    await expect(save).to_be_disabled()
    await page.get_by_role("button", name="Begin with an example").click()
    await expect(faults).to_contain_text("Nothing is wrong.")
    good = await text.input_value()

    lines = good.split("\n")
    asks = next(number for number, line in enumerate(lines, 1) if '"next": "thanks"' in line)
    await text.fill(good.replace('"next": "thanks"', '"next": "nowhere"'))
    await expect(faults).to_contain_text(f"Line {asks} · steps.reach.next: There is no step “nowhere”.")
    at_line = page.locator(f'[data-testid="fault-at-line"][data-line="{asks}"]')
    await expect(at_line).to_contain_text("no step “nowhere”")
    await expect(save).to_be_disabled()
    await expect(text).to_have_attribute("aria-invalid", "true")
    await _is_accessible(page)
    await page.screenshot(path=shot("scenario-wrong"))
    await text.fill(good.replace('"start": "hello",', '"start": "hello"'))
    await expect(faults).to_contain_text("A comma or a closing bracket is missing")
    await expect(save).to_be_disabled()

    await text.fill(good.replace("How can we reach you?", "Where are you?"))
    await _tried(page, shot)
    await save.click()
    await expect(page.get_by_text("Saved. It holds for the next message")).to_be_visible()
    kept = (await _connection(kith, name))["scenario"]
    assert kept["steps"]["reach"]["text"].startswith("Where are you?")
    assert kept == json.loads(await text.input_value())

    await text.fill("")
    await page.get_by_role("button", name="Save without a scenario").click()
    await expect(page.get_by_text("There is no scenario now")).to_be_visible()
    assert (await _connection(kith, name))["scenario"] is None


async def _tried(page: Page, shot: Shot) -> None:
    """Have the dialog of the text that is not saved yet."""
    tried = page.get_by_test_id("try-out")
    await tried.get_by_role("button", name="Begin").click()
    await expect(tried.get_by_role("log")).to_contain_text("Where are you?")
    await tried.get_by_label("Write as the person").fill("somewhere")
    await page.keyboard.press("Enter")
    await expect(tried.locator("[data-who=bot]")).to_have_count(3)
    await tried.get_by_label("Write as the person").fill("ann@example.com")
    await page.keyboard.press("Enter")
    await expect(tried.get_by_role("log")).to_contain_text("A colleague will get back to you.")
    await expect(tried).to_contain_text("The dialog has ended.")
    await expect(tried).to_contain_text("Email ann@example.com")
    await _is_accessible(page)
    await page.screenshot(path=shot("scenario-tried"))
    await tried.get_by_role("button", name="Begin again").click()
    await expect(tried.get_by_role("log")).not_to_contain_text("ann@example.com")
    await tried.get_by_role("button", name=re.compile("phone")).click()
    await expect(tried).to_contain_text("Phone +4722225555")


async def test_an_agent_does_not_see_the_page(agent: Page, kith: Kith) -> None:
    await expect(agent.get_by_role("link", name="Connections")).to_have_count(0)
    for path in ("/channels/connections", f"/channels/connections/{kith.bot['id']}/scenario"):
        await agent.goto(path)
        await expect(agent.get_by_text("Your role does not allow this")).to_be_visible()


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in serious]
