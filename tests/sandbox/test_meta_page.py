"""The sandbox's page on Meta's channels, in a real Chromium."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.sandbox.conftest import Sandbox
from tests.sandbox.metas import ANN, Account, MetaHook, a_hook, an_account
from tests.sandbox.test_page import browser, page

__all__ = ["browser", "page"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KITH_SCREENSHOTS")


@pytest.fixture
async def meta_hook() -> AsyncIterator[MetaHook]:
    async with a_hook() as made:
        yield made


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def open_chat(page: Page, account: Account) -> None:
    chat = account.somebody
    await page.goto(f"{account.sandbox.address}/?on={account.channel}&bot={account.id}&chat={chat}")
    await expect(page.locator("#line")).to_have_text("Live")


async def test_a_number_is_made_set_up_and_written_to(page: Page, sandbox: Sandbox, meta_hook: MetaHook) -> None:
    await page.goto(sandbox.address)
    await page.get_by_role("link", name="WhatsApp").click()
    await page.get_by_role("button", name="New number").click()
    await page.get_by_role("textbox", name="Name", exact=True).fill("Corner shop")
    await page.get_by_role("button", name="Make it").click()
    meta_hook.app_secret = await page.get_by_role("textbox", name="App secret").input_value()
    await page.get_by_role("textbox", name="Callback URL").fill(meta_hook.url)
    await page.get_by_role("textbox", name="Verify token").fill("wrong")
    await page.get_by_role("button", name="Verify and save").click()
    await expect(page.get_by_role("alert")).to_contain_text("couldn't be validated")
    await page.get_by_role("textbox", name="Verify token").fill(meta_hook.verify_token)
    await page.keyboard.press("Enter")
    await expect(page.locator("#dialog")).to_be_hidden()

    await page.get_by_role("button", name="New person").click()
    await page.get_by_role("textbox", name="Name", exact=True).fill("Kofi Mensah")
    await page.get_by_role("textbox", name="Username").fill("kofi")
    await page.get_by_label("What the business sees").select_option("no")
    await page.get_by_role("button", name="Start chatting").click()
    await expect(page.locator("#dialog")).to_be_hidden()  # it gives the focus back when it goes
    await page.get_by_label("Message", exact=True).fill("hello")
    await page.get_by_label("Message", exact=True).press("Enter")

    (message,) = await meta_hook.until(1, "messages")
    assert "from" not in message
    await expect(page.get_by_role("log")).to_contain_text("hello")
    await expect(page.locator("#chat-facts")).to_contain_text("the number does not show")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_buttons_receipts_and_faults_show(page: Page, sandbox: Sandbox, meta_hook: MetaHook, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    number = await an_account(sandbox, "whatsapp", meta_hook)
    await number.receipts("sent", "delivered")
    await number.says(text="Is it open?", person=ANN)
    replies = [{"type": "reply", "reply": {"id": "topic:order", "title": "An order"}}]
    menu = {"type": "button", "body": {"text": "What is it about?"}, "action": {"buttons": replies}}
    await number.send("", type="interactive", interactive=menu)
    await open_chat(page, number)

    await expect(page.get_by_role("log")).to_contain_text("delivered")
    await page.get_by_role("button", name="An order").click()
    await expect(page.locator(".bubble.person").last).to_contain_text("An order")
    await page.get_by_label("Outside the window").select_option("once")
    await expect(page.get_by_role("button", name="All off")).to_be_visible()
    refused = await number.send()
    assert refused.body["error"]["code"] == 131047
    await expect(page.locator("#entries")).to_contain_text("Re-engagement")
    found = await Axe().run(page)
    assert [one["id"] for one in found.response["violations"] if one["impact"] in {"serious", "critical"}] == []
    await shot(page, f"sandbox-whatsapp-{scheme}")


async def test_the_menu_has_what_the_channel_has(page: Page, sandbox: Sandbox, meta_hook: MetaHook) -> None:
    instagram = await an_account(sandbox, "instagram", meta_hook)
    await instagram.says(text="hi", person={"name": "Ann", "username": "ann"})
    await open_chat(page, instagram)

    await page.get_by_role("button", name="Send something else").click()
    await expect(page.locator("#menu")).to_contain_text("Comment below a post")
    await expect(page.get_by_role("button", name="Share my phone number")).to_be_hidden()
    await page.get_by_role("button", name="Comment below a post").press("Enter")
    await page.get_by_role("textbox", name="Comment").fill("How much?")
    await page.get_by_role("textbox", name="Comment").press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("How much?")
    await instagram.send("10 euros", to={"comment_id": (await instagram.messages())[-1]["mid"]})
    await expect(page.get_by_role("log")).to_contain_text("private reply")
    await shot(page, "sandbox-instagram")

    await page.get_by_role("link", name="Messenger").click()
    await expect(page.get_by_role("button", name="New page")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("log")).to_contain_text("How much?")
