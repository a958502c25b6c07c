"""An adapter's connection in a real Chromium: changed by two, given a new secret; what was not saved is not lost."""

import re
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.desk import console, is_accessible
from tests.e2e.kith import Kith

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
HERE = "/channels/connections"


async def test_two_change_an_adapter_and_a_new_secret_is_told_once(
    kith: Kith, browser: Browser, somebody: int, shot: Shot
) -> None:
    name = f"Kiosk {somebody}"
    wanted = {"channel": "custom", "name": name, "deliver_url": "https://adapter.example.com/in", "vouches": True}
    status, made = await kith.call("POST", "/api/ingest/connections", body=wanted)
    assert status == 201, made
    path = f"/api/ingest/connections/{made['id']}"
    async with console(kith, browser, "admin") as (_, page):
        await page.goto(HERE)
        await page.get_by_role("row").filter(has_text=name).get_by_text(name).click()
        card = page.get_by_role("dialog")
        await card.get_by_role("button", name="Edit", exact=True).click()
        proof = card.get_by_role("switch", name="Its word is proof")
        await expect(proof).to_be_checked()
        await proof.click(force=True)
        status, theirs = await kith.call("PATCH", path, body={"name": f"Theirs {somebody}"})
        assert status == 200, theirs
        await card.get_by_role("button", name="Save", exact=True).click()
        newer = card.get_by_test_id("newer")
        await expect(newer).to_contain_text(f"Name: Theirs {somebody}")
        await expect(card.get_by_label("Name", exact=True)).to_have_value(f"Theirs {somebody}")
        await expect(proof).not_to_be_checked()
        await is_accessible(page)
        await page.screenshot(path=shot("connection-newer"))
        await card.get_by_role("button", name="Save", exact=True).click()
        await expect(newer).to_have_count(0)
        _, kept = await kith.get(path)
        assert (kept["name"], kept["settings"]["vouches"]) == (f"Theirs {somebody}", False)

        await card.get_by_role("button", name="Make a new secret").click()
        await card.get_by_role("alertdialog").get_by_role("button", name="Make a new secret").click()
        secret = await card.get_by_test_id("once").input_value()
        assert secret not in {"", made["secret"]}
        await page.screenshot(path=shot("connection-secret"))

        await card.get_by_role("link", name="Scenario", exact=True).click()
        await page.get_by_label("Scenario, as JSON").fill('{"name": "Hi"')
        await page.get_by_role("link", name="All clients").click()
        asks = page.get_by_role("alertdialog", name="Leave without saving?")
        await expect(asks).to_be_visible()
        await asks.get_by_role("button", name="Cancel").click()
        await expect(page.get_by_label("Scenario, as JSON")).to_have_value('{"name": "Hi"')
        await page.get_by_role("link", name="All clients").click()
        await asks.get_by_role("button", name="Leave").click()
        await expect(page).to_have_url(re.compile("/clients$"))
