"""The website chat in a real Chromium, on the demo website. Screenshots go to `screenshots/`, to be looked at."""

import re
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import jwt
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Request, expect

from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]


@pytest.fixture
async def page(browser: Browser) -> AsyncGenerator[Page]:
    found = await browser.new_page(viewport={"width": 1100, "height": 760}, locale="en-GB")
    yield found
    await found.close()


def address(kith: Kith, key: str | None = None, **how: str) -> str:
    more = "".join(f"&{name}={value.replace('#', '%23')}" for name, value in how.items())
    return f"{kith.sandbox}/site?key={key or kith.site['site_key']}{more}"


async def open_chat(page: Page, label: str = "Open chat") -> Locator:
    await page.get_by_role("button", name=label).click()
    found = page.get_by_role("dialog", name="Chat")
    await expect(found).to_be_visible()
    return found


async def write(chat: Locator, text: str) -> None:
    await chat.get_by_role("textbox").fill(text)
    await chat.get_by_role("textbox").press("Enter")


async def device(page: Page, key: str) -> str:
    token: str = await page.evaluate(f"localStorage.getItem('kith:{key}:token')")
    return token.partition(".")[0]


async def contact(kith: Kith, id_: str) -> dict[str, Any] | None:
    _, found = await kith.get("/api/identity/chat-contacts", profile="any", search=id_)
    return found["items"][0] if found["items"] else None


async def test_a_visitor_is_answered_becomes_a_client_and_finds_the_conversation_again(
    kith: Kith, page: Page, somebody: int, shot: Shot
) -> None:
    await page.goto(address(kith))
    await page.screenshot(path=shot("widget-closed"))
    chat = await open_chat(page)
    await expect(chat.get_by_text("Write to us. The answer comes here.")).to_be_visible()
    await write(chat, "Is the tall one there?")
    await expect(chat.get_by_text("What is it about?")).to_be_visible()
    await page.screenshot(path=shot("widget-asked"))
    await chat.get_by_role("button", name="An offer").click()
    await expect(chat.get_by_text("How can we reach you?")).to_be_visible()
    await expect(chat.get_by_role("button", name="An offer")).to_be_disabled()
    visitor = await until(lambda: _contact_of(kith, page))
    assert (visitor["channel"], visitor["client_id"], visitor["registered"]) == ("widget", None, False)

    email = f"visitor{somebody}@example.com"
    await write(chat, email)
    await expect(chat.get_by_text("Thank you! A colleague will get back to you.")).to_be_visible()
    client = await until(lambda: _client(kith, email))
    assert (client["email"], client["registered"], client["source"]) == (email, True, "widget")

    said = await _texts(chat)
    assert said[0] == "Is the tall one there?"
    await page.reload()
    again = page.get_by_role("dialog", name="Chat")  # it was open before
    await expect(again.get_by_text("Thank you! A colleague will get back to you.")).to_be_visible()
    assert await _texts(again) == said
    await page.screenshot(path=shot("widget-again"))


async def _contact_of(kith: Kith, page: Page) -> dict[str, Any] | None:
    return await contact(kith, await device(page, kith.site["site_key"]))


async def _client(kith: Kith, search: str) -> dict[str, Any] | None:
    _, found = await kith.get("/api/identity/clients", search=search)
    return found["items"][0] if found["items"] else None


async def _texts(chat: Locator) -> list[str]:
    texts = await chat.locator(".text").all_inner_texts()
    return [re.sub(r"^(You|Answer):\s*", "", text).strip() for text in texts]


async def test_nothing_but_the_button_is_loaded_before_it_is_opened(kith: Kith, page: Page) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith(kith.origin):
            asked.append(request.url.removeprefix(kith.origin))

    page.on("request", note)
    await page.goto(address(kith), wait_until="networkidle")
    assert asked == ["/widget.js"]
    assert await page.evaluate("localStorage.length") == 0
    await open_chat(page)
    await until(lambda: _has(asked, "/stream"))
    assert asked[1].startswith("/assets/widget-panel-")


async def _has(asked: list[str], end: str) -> bool:
    return any(one.partition("?")[0].endswith(end) for one in asked)


async def test_by_keyboard_alone(kith: Kith, page: Page) -> None:
    await page.goto(address(kith))
    await page.get_by_role("button", name="Open chat").focus()
    await page.keyboard.press("Enter")
    chat = page.get_by_role("dialog", name="Chat")
    await expect(chat.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("there")
    await page.keyboard.press("Enter")
    await expect(chat.get_by_text("hello\nthere")).to_be_visible()
    await expect(chat.get_by_role("button", name="An order")).to_be_visible()
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    await expect(chat.get_by_role("button", name="An order")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(chat.get_by_role("textbox")).to_be_focused()
    await expect(chat.get_by_text("Which order?")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(chat).to_be_hidden()
    await expect(page.get_by_role("button", name="Open chat")).to_be_focused()


@pytest.mark.parametrize(
    ("name", "how", "look"),
    [
        ("hostile", {"hostile": "1"}, {}),
        ("phone", {"language": "de"}, {"viewport": {"width": 360, "height": 640}, "has_touch": True}),
        ("dark-rtl", {"language": "ar", "color": "#ffdd00"}, {"color_scheme": "dark"}),
        ("spanish", {"language": "es", "color": "#7a1fa2"}, {}),
    ],
)
async def test_on_any_page_it_looks_the_same_and_can_be_used_by_all(
    kith: Kith, browser: Browser, shot: Shot, name: str, how: dict[str, str], look: dict[str, Any]
) -> None:
    usual: dict[str, Any] = {"viewport": {"width": 1100, "height": 760}, "locale": "en-GB"}
    page = await browser.new_page(**(usual | look))
    await page.goto(address(kith, **how))
    label = {"de": "Chat öffnen", "es": "Abrir el chat"}.get(how.get("language", ""), "Open chat")
    button = await page.get_by_role("button", name=label).bounding_box()
    assert button is not None
    assert (button["width"], button["height"]) == (56, 56)
    chat = await open_chat(page, label)
    await write(chat, "https://example.com/lamp <b>bold</b> مرحبا")
    await expect(chat.locator(".choice")).to_have_count(3)
    await expect(chat.get_by_role("link", name="https://example.com/lamp")).to_be_visible()
    box = await chat.bounding_box()
    assert box is not None
    if name == "phone":
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 640)
    else:
        assert (box["width"], box["height"]) == (372, 600)
    size = await chat.get_by_role("textbox").evaluate("e => getComputedStyle(e).fontSize")
    assert size == "16px"
    await page.screenshot(path=shot(f"widget-{name}"))
    found = await Axe().run(page, context="kith-chat")
    serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == [], [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in serious]
    await page.close()


async def test_what_is_written_without_a_line_is_sent_once_when_it_is_back(kith: Kith, page: Page, shot: Shot) -> None:
    await page.goto(address(kith))
    chat = await open_chat(page)
    await expect(chat.get_by_text("Write to us.")).to_be_visible()
    await page.context.set_offline(offline=True)
    await write(chat, "into the dark")
    await expect(chat.get_by_text("Sending…")).to_be_visible()
    await expect(chat.get_by_text("No connection. Trying again…")).to_be_visible()
    await page.screenshot(path=shot("widget-offline"))
    await page.context.set_offline(offline=False)
    await expect(chat.get_by_text("What is it about?")).to_be_visible()
    await expect(chat.get_by_text("Sending…")).to_have_count(0)
    visitor = await until(lambda: _contact_of(kith, page))
    _, said = await kith.get(f"/api/ingest/conversations/{visitor['id']}/messages")
    assert [one["text"] for one in said["items"] if one["direction"] == "in"] == ["into the dark"]


async def test_a_line_that_is_lost_is_taken_up_where_it_was(kith: Kith, page: Page) -> None:
    await page.goto(address(kith))
    chat = await open_chat(page)
    await write(chat, "hi")
    await expect(chat.get_by_text("What is it about?")).to_be_visible()
    await kith.kill("ingest")
    await write(chat, "while it was down")
    await expect(chat.get_by_text("Sorry").first).to_be_visible(timeout=90_000)
    said = await _texts(chat)
    assert said.count("while it was down") == 1
    assert len(said) == len(set(said)) or said.count("What is it about?") == 1
    await kith.until_ready()


async def test_who_signs_in_on_the_site_is_known(kith: Kith, page: Page, somebody: int) -> None:
    await page.goto(address(kith))
    await page.wait_for_function("'Kith' in window")
    claims = {"sub": f"user-{somebody}", "exp": int(time.time()) + 300, "email": f"signed{somebody}@example.com"}
    await page.evaluate("token => window.Kith.identify(token)", jwt.encode(claims, kith.site["secret"], "HS256"))
    client = await until(lambda: _client(kith, f"signed{somebody}@example.com"))
    assert client["registered"]
    forged = jwt.encode(claims, "x" * 40, "HS256")
    refused = await page.evaluate("token => window.Kith.identify(token).then(() => '', error => error.message)", forged)
    assert "not signed" in refused


async def test_a_page_that_is_not_on_the_list_shows_no_chat(kith: Kith, page: Page) -> None:
    wanted = {"channel": "widget", "name": "Elsewhere", "origins": ["https://elsewhere.example"]}
    status, made = await kith.call("POST", "/api/ingest/connections", body=wanted)
    assert status == 201
    await page.goto(address(kith, made["bot_id"]))
    chat = await open_chat(page)
    # a browser tells a page no more of a refusal without CORS than of a lost line
    await expect(chat.get_by_text("No connection. Trying again…")).to_be_visible()
