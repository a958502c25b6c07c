"""Who is who and the blacklist in a real Chromium: merge, undo, decline, delete, refuse and lift, light and dark."""

import re
import secrets
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
CLIENTS = "/api/identity/clients"


@pytest.fixture
async def marketer(kith: Kith, browser: Browser) -> AsyncGenerator[Page]:
    page = await browser.new_page(base_url=kith.origin, viewport={"width": 1360, "height": 900}, locale="en-GB")
    await sign_in(page, kith, "marketer")
    yield page
    await page.close()


async def a_client(kith: Kith, **more: Any) -> dict[str, Any]:
    status, made = await kith.call("POST", CLIENTS, body=more)
    assert status == 201, made
    return made


async def seen_in_both(page: Page, shot: Shot, name: str) -> None:
    """Look at a page in light and in dark; nothing serious is wrong with either."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.screenshot(path=shot(f"{name}-{scheme}"))
        found = (await Axe().run(page)).response["violations"]
        assert not [v["id"] for v in found if v["impact"] in {"serious", "critical"}], found
    await page.emulate_media(color_scheme="light")


async def opened(page: Page, client: dict[str, Any]) -> Locator:
    await page.goto(f"/clients/{client['id']}")
    section = page.get_by_test_id("who-is-who")
    await expect(section).to_be_visible()
    return section


async def test_two_clients_are_merged_undone_and_one_is_deleted(kith: Kith, marketer: Page, shot: Shot) -> None:
    mark = secrets.token_hex(4)
    ann = await a_client(
        kith, name="Ann", surname=f"Berg{mark}", email=f"ann.{mark}@example.com", contact_key=f"A-{mark}"
    )
    await a_client(kith, name="陈伟", surname=f"Holm{mark}", email=f"holm.{mark}@example.com", contact_key=f"B-{mark}")
    section = await opened(marketer, ann)
    await section.get_by_role("button", name="Merge with another client").click()
    dialog = marketer.get_by_role("dialog", name="Merge with another client", exact=False)
    await dialog.get_by_label("Which client is the same person?").fill(f"holm{mark}")
    await dialog.get_by_test_id("pick").first.click()
    await expect(dialog.get_by_test_id("merge-preview")).to_be_visible()
    await dialog.get_by_role("radio", name=f"Surname: Holm{mark}", exact=False).check()
    await expect(dialog.get_by_role("radio", name=f"Surname: Holm{mark}", exact=False)).to_be_checked()
    merge = dialog.get_by_role("button", name="Merge", exact=True)
    await expect(merge).to_be_disabled()
    await seen_in_both(marketer, shot, "merge-preview")
    await dialog.get_by_role("checkbox", name="I know that they are one person").check()
    await merge.click()
    await expect(dialog).to_be_hidden()
    await expect(marketer.get_by_test_id("card-title")).to_have_text(f"Ann Holm{mark}")
    await expect(section.get_by_test_id("merge")).to_contain_text("was merged into this client")
    await seen_in_both(marketer, shot, "who-is-who")

    await section.get_by_role("button", name="Undo the merge with", exact=False).click()
    await marketer.get_by_role("alertdialog").get_by_role("button", name="Undo the merge").click()
    await expect(section.get_by_test_id("merge")).to_contain_text("Undone")
    await expect(marketer.get_by_test_id("card-title")).to_have_text(f"Ann Berg{mark}")

    await marketer.get_by_role("button", name="Delete client").click()
    ask = marketer.get_by_role("alertdialog")
    await expect(ask).to_contain_text("1 client is deleted. This cannot be undone.")
    await expect(ask.get_by_role("button", name="Cancel")).to_be_focused()
    await ask.get_by_role("button", name="Delete client").click()
    await expect(marketer).to_have_url(re.compile(r"/clients$"))
    assert (await kith.get(f"{CLIENTS}/{ann['id']}"))[0] == 404


async def test_a_phone_is_blacklisted_and_lifted(kith: Kith, marketer: Page, shot: Shot) -> None:
    phone = f"+479{secrets.randbelow(10**7):07}"
    client = await a_client(kith, name="Refused", phone=phone)
    await marketer.goto("/clients")
    await marketer.get_by_role("link", name="Blacklist", exact=True).click()
    await marketer.get_by_role("button", name="Add to blacklist").first.click()
    dialog = marketer.get_by_role("dialog")
    await dialog.get_by_text("Phone", exact=True).click()
    await dialog.get_by_role("button", name="Add to blacklist").click()
    await expect(dialog.get_by_text("Fill this in.")).to_have_count(2)
    await dialog.get_by_role("textbox", name="Phone").fill("12")
    await dialog.get_by_role("textbox", name="Reason").fill("asked by phone 🙏")
    await dialog.get_by_role("button", name="Add to blacklist").click()
    await expect(dialog).to_contain_text("country code")
    await dialog.get_by_role("textbox", name="Phone").fill(phone)
    await dialog.get_by_role("button", name="Add to blacklist").click()
    await expect(dialog).to_be_hidden()
    row = marketer.get_by_role("row").filter(has_text=phone)
    await expect(row).to_contain_text("Blacklisted")
    await seen_in_both(marketer, shot, "blacklist")
    _, refusals = await kith.get("/api/identity/refusals", client_id=client["id"])
    assert [one["value"] for one in refusals["items"]] == [phone]

    await row.press("Enter")
    card = marketer.get_by_test_id("refusal-card")
    await card.get_by_role("button", name="Lift the blacklisting").click()
    await card.get_by_role("textbox", name="Reason").fill("they asked to hear from us")
    await seen_in_both(marketer, shot, "lift")
    await card.get_by_role("button", name="Lift the blacklisting").click()
    await expect(card).to_be_hidden()
    await expect(row).to_be_hidden()
    assert (await kith.get("/api/identity/refusals", phone=phone))[1]["items"] == []
