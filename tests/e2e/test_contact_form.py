"""A contact form in a real Chromium: in the chat while nobody is there, and as a page of its own."""

import secrets
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Request, expect

from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
NINE_TO_FIVE = [[{"opens": "09:00", "closes": "12:00"}, {"opens": "13:00", "closes": "17:00"}]] * 5 + [[], []]
FORM = {
    "title": {"en": "Leave us a message", "de": "Hinterlassen Sie uns eine Nachricht"},
    "fields": [
        {"id": "name", "kind": "name", "label": {"en": "Your name", "de": "Ihr Name"}, "required": True},
        {"id": "email", "kind": "email", "label": {"en": "Email", "de": "E-Mail"}, "required": True},
        {
            "id": "topic",
            "kind": "choice",
            "label": {"en": "What is it about?", "de": "Worum geht es?"},
            "choices": [
                {"id": "order", "label": {"en": "An order", "de": "Eine Bestellung"}},
                {"id": "else", "label": {"en": "Something else", "de": "Etwas anderes"}},
            ],
        },
        {"id": "text", "kind": "text", "label": {"en": "Your message", "de": "Ihre Nachricht"}, "required": True},
        {
            "id": "agree",
            "kind": "consent",
            "label": {"en": "You may write back to me", "de": "Sie dürfen mir antworten"},
            "required": True,
        },
    ],
    "thanks": {"en": "We answer within a day.", "de": "Wir antworten binnen eines Tages."},
}


class Shop:
    """A site of its own with a queue that is closed."""

    def __init__(self, kith: Kith, key: str, queue: dict[str, Any]) -> None:
        self.kith = kith
        self.key = key
        self.queue = queue

    def address(self, **how: str) -> str:
        more = "".join(f"&{name}={value.replace('#', '%23')}" for name, value in how.items())
        return f"{self.kith.sandbox}/site?key={self.key}{more}"

    async def turn(self, *, opened: bool) -> None:
        path = f"/api/notification/queues/{self.queue['id']}/override"
        status, answer = await self.kith.call("PUT", path, body={"opened": opened})
        assert status == 200, answer

    async def forms_of(self, page: Page) -> int:
        """Return how many forms the visitor's conversation has."""
        token: str = await page.evaluate(f"localStorage.getItem('kith:{self.key}:token')")
        device = token.partition(".")[0]
        _, found = await self.kith.get("/api/identity/chat-contacts", profile="any", search=device)
        if not found["items"]:
            return 0
        _, said = await self.kith.get(f"/api/ingest/conversations/{found['items'][0]['id']}/messages")
        return sum(one["kind"] == "form" for one in said["items"])


@pytest.fixture
async def shop(kith: Kith) -> Shop:
    wanted = {"channel": "widget", "name": f"Shop {secrets.token_hex(3)}", "origins": [kith.sandbox]}
    status, made = await kith.call("POST", "/api/ingest/connections", body=wanted)
    assert status == 201, made
    queue = {
        "name": f"Queue {secrets.token_hex(3)}",
        "time_zone": "Europe/Oslo",
        "connection_ids": [made["id"]],
        "hours": NINE_TO_FIVE,
        "offline": {"en": "Nobody is here just now.", "de": "Gerade ist niemand da."},
        "other_ways": [
            {"kind": "phone", "label": {"en": "Call us"}, "value": "+4722225555"},
            {"kind": "link", "label": {"en": "Help pages"}, "value": "https://example.com/help"},
        ],
        "form": FORM,
    }
    status, found = await kith.call("POST", "/api/notification/queues", body=queue)
    assert status == 201, found
    shop = Shop(kith, made["bot_id"], found)
    await shop.turn(opened=False)

    async def is_known() -> bool:
        async with kith.session.get(f"{kith.origin}/f/{found['form_key']}") as answer:
            return answer.status == 200 and "Nobody is here" in await answer.text()

    await until(is_known)
    return shop


@pytest.fixture
async def page(browser: Browser) -> AsyncGenerator[Page]:
    found = await browser.new_page(viewport={"width": 1100, "height": 760}, locale="en-GB", timezone_id="America/Lima")
    yield found
    await found.close()


async def open_chat(page: Page, label: str = "Open chat") -> Locator:
    await page.get_by_role("button", name=label).click()
    chat = page.get_by_role("dialog", name="Chat")
    await expect(chat).to_be_visible()
    return chat


async def fill(chat: Locator, email: str) -> None:
    await chat.get_by_label("Your name").fill("Ann Example")
    await chat.get_by_label("Email").fill(email)
    await chat.get_by_label("Your message").fill("Please call me back.")
    await chat.get_by_label("You may write back to me").check()


async def a_client(kith: Kith, email: str) -> dict[str, Any] | None:
    _, found = await kith.get("/api/identity/clients", search=email)
    return found["items"][0] if found["items"] else None


async def no_fault(page: Page, context: str) -> None:
    found = await Axe().run(page, context=context)
    serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == [], [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in serious]


async def test_who_finds_nobody_leaves_a_message_once_and_becomes_a_client(
    kith: Kith, shop: Shop, page: Page, somebody: int, shot: Shot
) -> None:
    await page.goto(shop.address())
    chat = await open_chat(page)
    await expect(chat.get_by_text("Nobody is here just now.")).to_be_visible()
    await expect(chat.get_by_role("link", name="Call us")).to_have_attribute("href", "tel:+4722225555")
    await chat.get_by_text("Opening hours (your time)").click()
    await expect(chat.locator(".hours dd").first).to_be_visible()
    await page.screenshot(path=shot("form-closed"))

    await chat.get_by_role("button", name="Send message").click()
    await expect(chat.get_by_label("Your name")).to_be_focused()
    await expect(chat.get_by_label("Your name")).to_have_attribute("aria-invalid", "true")
    await expect(chat.get_by_text("Please fill this in.")).to_have_count(3)
    await page.screenshot(path=shot("form-errors"))

    email = f"form{somebody}@example.com"
    await fill(chat, email)
    await page.keyboard.press("Escape")
    await expect(chat).to_be_hidden()
    chat = await open_chat(page)
    await expect(chat.get_by_label("Your message")).to_have_value("Please call me back.")
    await chat.get_by_role("button", name="Send message").dblclick()
    await expect(chat.get_by_role("heading", name="Your message has arrived")).to_be_visible()
    await expect(chat.get_by_role("heading", name="Your message has arrived")).to_be_focused()
    await expect(chat.get_by_text("We answer within a day.")).to_be_visible()
    await page.screenshot(path=shot("form-thanks"))
    assert await page.evaluate("Object.keys(localStorage).filter(one => one.includes(':form:'))") == []

    client = await until(lambda: a_client(kith, email))
    assert (client["email"], client["registered"], client["name"]) == (email, True, "Ann Example")
    await chat.get_by_role("button", name="Go to the chat").click()
    await expect(chat.get_by_text("You left us a message.")).to_have_count(1)
    await shop.turn(opened=True)
    await expect(chat.get_by_role("textbox", name="Write a message")).to_be_visible()
    assert await shop.forms_of(page) == 1


async def test_a_form_that_could_not_be_sent_is_kept_and_sent_once_even_after_a_reload(
    shop: Shop, page: Page, somebody: int, shot: Shot
) -> None:
    await page.goto(shop.address())
    chat = await open_chat(page)
    await fill(chat, f"kept{somebody}@example.com")
    await page.context.set_offline(offline=True)
    await chat.get_by_role("button", name="Send message").click()
    await expect(chat.get_by_text("Your message is kept here")).to_be_visible()
    await page.screenshot(path=shot("form-kept"))
    await page.keyboard.press("Escape")  # the next page does not open the chat
    await page.route("**/widget/**", lambda route: route.abort())
    await page.context.set_offline(offline=False)
    await page.reload()
    kept = "Object.keys(localStorage).filter(one => one.includes(':form:')).length"
    assert await page.evaluate(kept) == 1
    await page.unroute("**/widget/**")
    await page.reload()

    async def is_taken() -> bool:
        return await page.evaluate(kept) == 0

    await until(is_taken)
    chat = await open_chat(page)
    await expect(chat.get_by_role("heading", name="Your message has arrived")).to_be_visible()

    async def is_once() -> bool:
        return await shop.forms_of(page) == 1

    await until(is_once)


@pytest.mark.parametrize(
    ("name", "how", "look"),
    [
        ("hostile", {"hostile": "1"}, {}),
        ("phone", {"language": "de"}, {"viewport": {"width": 360, "height": 640}, "has_touch": True}),
        ("dark", {"color": "#ffdd00"}, {"color_scheme": "dark"}),
    ],
)
async def test_on_any_page_the_form_can_be_used_by_all(
    shop: Shop, browser: Browser, shot: Shot, name: str, how: dict[str, str], look: dict[str, Any]
) -> None:
    usual: dict[str, Any] = {"viewport": {"width": 1100, "height": 760}, "locale": "en-GB"}
    page = await browser.new_page(**(usual | look))
    await page.goto(shop.address(**how))
    german = how.get("language") == "de"
    chat = await open_chat(page, "Chat öffnen" if german else "Open chat")
    await chat.get_by_role("button", name="Nachricht senden" if german else "Send message").click()
    await expect(chat.locator(".error:not(:empty)")).to_have_count(4)
    await page.screenshot(path=shot(f"form-{name}"))
    await no_fault(page, "kith-chat")
    wide = await chat.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert wide
    await page.close()


async def test_by_keyboard_and_while_it_is_open_the_chat_is_as_ever(shop: Shop, page: Page, somebody: int) -> None:
    await page.goto(shop.address())
    await page.get_by_role("button", name="Open chat").focus()
    await page.keyboard.press("Enter")
    chat = page.get_by_role("dialog", name="Chat")
    await expect(chat.get_by_label("Your name")).to_be_focused()
    email = f"keys{somebody}@example.com"
    for keys in ("Ann", "Tab", email, "Tab", "Space", "Tab", "Hello", "Tab", "Space", "Tab", "Enter"):
        await (page.keyboard.press(keys) if keys in {"Tab", "Space", "Enter"} else page.keyboard.type(keys))
    await expect(chat.get_by_role("heading", name="Your message has arrived")).to_be_focused()
    await shop.turn(opened=True)
    await page.reload()
    chat = page.get_by_role("dialog", name="Chat")
    await expect(chat.get_by_role("textbox", name="Write a message")).to_be_visible()
    await expect(chat.get_by_role("button", name="Send message")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_forms_own_page_works_without_javascript(
    kith: Kith, shop: Shop, browser: Browser, somebody: int, shot: Shot, scheme: Any
) -> None:
    context = await browser.new_context(
        java_script_enabled=False, color_scheme=scheme, viewport={"width": 360, "height": 740}, locale="en-GB"
    )
    page = await context.new_page()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    await page.goto(f"{kith.origin}/f/{shop.queue['form_key']}")
    await page.get_by_label("Your name").fill("Ann Example")
    await page.get_by_label("Your message").fill("A message\nof two lines")
    await page.get_by_role("button", name="Send message").click()
    await expect(page.get_by_role("alert")).to_have_text("Not sent yet. Please look at the marked fields.")
    await expect(page.get_by_label("Your message")).to_have_value("A message\nof two lines")
    await page.screenshot(path=shot(f"hosted-errors-{scheme}"), full_page=True)
    email = f"hosted{somebody}@example.com"
    await page.get_by_label("Email").fill(email)
    await page.get_by_label("An order").check()
    await page.get_by_label("You may write back to me").check()
    await page.get_by_role("button", name="Send message").click()
    await expect(page.get_by_role("heading", name="Your message has arrived")).to_be_visible()
    await page.reload()
    await page.screenshot(path=shot(f"hosted-thanks-{scheme}"))
    client = await until(lambda: a_client(kith, email))
    assert client["registered"]
    assert all(one.startswith((kith.origin, "data:")) for one in asked)
    assert not any("Ann" in one for one in asked)
    await context.close()


async def test_the_forms_own_page_has_no_serious_fault(kith: Kith, shop: Shop, browser: Browser) -> None:
    for scheme in ("light", "dark"):
        page = await browser.new_page(color_scheme=scheme, bypass_csp=True)  # axe is a script
        await page.goto(f"{kith.origin}/f/{shop.queue['form_key']}")
        await page.get_by_role("button", name="Send message").click()
        await expect(page.locator("[autofocus]")).to_be_focused()
        await no_fault(page, "body")
        await page.close()
