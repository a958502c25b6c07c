"""The sandbox's page in a real Chromium: one writes as a person, and sees what the bot answers."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.sandbox.conftest import Bot, Hook, Sandbox

pytestmark = pytest.mark.browser

ANNA = {"first_name": "Anna", "last_name": "Berg", "language_code": "de"}
KEYBOARD = {"keyboard": [[{"text": "Share my number", "request_contact": True}], [{"text": "No"}]]}
SOON = 30_000
"""Milliseconds; a slow machine may take some."""
expect.set_options(timeout=SOON)


def chromium() -> str:
    found = os.environ.get("KITH_CHROMIUM") or next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.skip("not run: install chromium with `apt-get install chromium`, or name one in KITH_CHROMIUM")
    return found


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        await started.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Open a page whose scripts may not fail; what the policy forbids fails, too."""
    context = await browser.new_context(viewport={"width": 1400, "height": 860})
    opened = await context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    opened.on("console", lambda said: failures.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    await context.close()
    assert failures == []


@pytest.fixture
async def bot(sandbox: Sandbox, hook: Hook) -> Bot:
    made = sandbox.bot()
    await made.ok("setMyName", name="Corner shop")
    await made.ok("setWebhook", url=hook.url, secret_token="s3cret")
    return made


async def open_chat(page: Page, bot: Bot, chat: int = 5551) -> None:
    await page.goto(f"{bot.sandbox.address}/?bot={bot.id}&chat={chat}")
    await expect(page.locator("#line")).to_have_text("Live")


async def test_a_new_person_writes_and_sees_the_answer_without_reloading(page: Page, bot: Bot, hook: Hook) -> None:
    await page.goto(f"{bot.sandbox.address}/?bot={bot.id}")
    await page.get_by_role("button", name="New person").click()
    await page.get_by_label("First name").fill("Lucía")
    await page.get_by_label("Language of their app").select_option("es")
    await page.get_by_label("Chat ID").fill("777001")
    await page.get_by_role("button", name="Start chatting").click()
    await expect(page.get_by_role("heading", name="Lucía")).to_be_visible()

    await page.get_by_label("Message", exact=True).fill("hola")
    await page.keyboard.press("Enter")
    (update,) = await hook.received(1)
    await bot.ok("sendMessage", chat_id=777001, text="¡Hola, Lucía!")

    assert update["message"]["from"] == {
        "id": 777001, "is_bot": False, "first_name": "Lucía", "language_code": "es",
    }  # fmt: skip
    assert hook.secrets == ["s3cret"]
    await expect(page.get_by_role("log")).to_contain_text("hola")
    await expect(page.get_by_role("log")).to_contain_text("¡Hola, Lucía!")
    await expect(page.locator("#entries")).to_contain_text("sendMessage")


async def test_buttons_press_and_the_answer_to_it_shows(page: Page, bot: Bot, hook: Hook) -> None:
    await bot.says(5551, text="hi", person=ANNA)
    buttons = {"inline_keyboard": [[{"text": "My order", "callback_data": "order"}]]}
    await bot.ok("sendMessage", chat_id=5551, text="How can we help?", reply_markup=buttons)
    await open_chat(page, bot)

    await page.get_by_role("button", name="My order").click()
    query = (await hook.received(2))[1]["callback_query"]
    await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="One moment")

    assert query["data"] == "order"
    await expect(page.locator("#toast")).to_have_text("One moment")


async def test_the_bots_keyboard_shares_the_own_card(page: Page, bot: Bot, hook: Hook) -> None:
    await bot.says(5551, text="hi", person=ANNA)
    await bot.ok("sendMessage", chat_id=5551, text="Your number?", reply_markup=KEYBOARD)
    await open_chat(page, bot)

    await page.locator("#keyboard").get_by_role("button", name="Share my number").click()
    await page.get_by_role("textbox", name="Phone number").fill("call me")
    await page.get_by_role("button", name="Share", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("5 to 15 digits")
    await page.get_by_role("textbox", name="Phone number").fill("+47 912 34 567")
    await page.keyboard.press("Enter")

    message = (await hook.received(2))[1]["message"]
    assert message["contact"]["user_id"] == message["from"]["id"] == 5551
    assert message["reply_to_message"]["text"] == "Your number?"
    await expect(page.get_by_role("log")).to_contain_text("own card")


async def test_everything_else_a_person_can_send(page: Page, bot: Bot, hook: Hook) -> None:
    await bot.says(5551, text="helo", person=ANNA)
    await open_chat(page, bot)
    menu = page.locator("#menu")

    for name in ("Photo", "Voice message", "Location"):
        await page.get_by_role("button", name="Send something else").click()
        await menu.get_by_role("button", name=name).click()
    await page.get_by_role("button", name="Send something else").click()
    await menu.get_by_role("button", name="Somebody else").click()
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await hook.received(5)
    await page.get_by_role("button", name="Send something else").click()
    await menu.get_by_role("button", name="Edit my last message").click()
    await expect(page.get_by_label("Message", exact=True)).to_have_value("helo")
    await page.get_by_label("Message", exact=True).fill("hello")
    await page.keyboard.press("Enter")
    updates = await hook.received(6)

    kinds = [set(update["message"]) & {"photo", "voice", "location", "contact"} for update in updates[1:5]]
    assert kinds == [{"photo"}, {"voice"}, {"location"}, {"contact"}]
    assert "user_id" not in updates[4]["message"]["contact"]
    assert updates[5]["edited_message"]["text"] == "hello"
    await expect(page.get_by_role("log")).to_contain_text("edited")


async def test_blocking_and_letting_in_again(page: Page, bot: Bot, hook: Hook) -> None:
    await bot.says(5551, text="hi", person=ANNA)
    await open_chat(page, bot)

    await page.get_by_role("button", name="Send something else").click()
    await page.get_by_role("button", name="Block the bot").click()
    await expect(page.get_by_text("has blocked the bot. It cannot write")).to_be_visible()
    await page.get_by_role("button", name="Unblock").click()
    await expect(page.get_by_label("Message", exact=True)).to_be_visible()

    updates = await hook.received(3)
    assert [update["my_chat_member"]["new_chat_member"]["status"] for update in updates[1:]] == ["kicked", "member"]


async def test_a_fault_is_switched_on_and_seen(page: Page, bot: Bot) -> None:
    await bot.says(5551, text="hi", person=ANNA)
    await open_chat(page, bot)

    await page.get_by_label("Bot was blocked").select_option("once")
    await expect(page.get_by_role("button", name="All off")).to_be_visible()
    answer = await bot.call("sendMessage", chat_id=5551, text="x")

    assert answer.status == 403
    entry = page.locator("#entries details").first
    await expect(entry).to_contain_text("fault: blocked")
    await entry.locator("summary").click()
    await expect(entry).to_contain_text("bot was blocked by the user")
    await expect(page.get_by_label("Bot was blocked")).to_have_value("off")


async def test_words_stay_words(page: Page, bot: Bot) -> None:
    nasty = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await bot.says(5551, text=nasty, person={"first_name": "<b>Bo</b>"})
    await open_chat(page, bot)

    await expect(page.get_by_role("log")).to_contain_text(nasty)
    await expect(page.locator("#chat-title")).to_have_text("<b>Bo</b>")
    assert dialogs == []


async def test_it_all_works_by_keyboard(page: Page, bot: Bot, hook: Hook) -> None:
    await bot.says(5551, text="hi", person=ANNA)
    await open_chat(page, bot)

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()
    await page.keyboard.type("by keyboard")
    await page.keyboard.press("Enter")
    await hook.received(2)
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    assert "photo" in (await hook.received(3))[2]["message"]
    await expect(page.get_by_role("button", name="Send something else")).to_be_focused()


async def violations(page: Page) -> list[tuple[str, str]]:
    """List what axe found: the rule, and where."""
    found = (await Axe().run(page)).response["violations"]
    return [(one["id"], node["html"]) for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(page: Page, bot: Bot, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await bot.says(5551, text="hi", person=ANNA)
    buttons = {"inline_keyboard": [[{"text": "My order", "callback_data": "order"}]]}
    await bot.ok("sendMessage", chat_id=5551, text="How can we help?", reply_markup=buttons)
    await bot.ok("sendMessage", chat_id=5551, text="Your number?", reply_markup=KEYBOARD)
    await bot.call("sendMessage", chat_id=5551, text="")
    await bot.faults({"kind": "slow", "method": "sendMessage"})
    await open_chat(page, bot)
    await expect(page.locator("#entries details")).to_have_count(5)
    await page.locator("#entries summary").first.click()
    await page.get_by_role("button", name="Send something else").click()

    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="New person").click()
    assert await violations(page) == []
