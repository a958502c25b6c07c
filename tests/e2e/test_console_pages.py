"""The console in a real Chromium, as an agent sees it. Screenshots go to `screenshots/`, to be looked at."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]


async def test_somebody_who_writes_appears_without_a_reload_and_can_be_looked_at(
    kith: Kith, agent: Page, somebody: int, shot: Shot
) -> None:
    await agent.get_by_role("link", name="Without Contacts").click()
    await expect(agent.get_by_text("Live", exact=True)).to_be_visible()

    await kith.say(somebody, {"text": "Is the blue one there?", "person": {"first_name": "Zoë", "language_code": "en"}})
    row = agent.get_by_role("row").filter(has_text=str(somebody))
    await expect(row).to_be_visible()
    for text in ("Telegram", str(kith.bot["bot_id"]), "Zoë", "Is the blue one there?", "English"):
        await expect(row).to_contain_text(text)
    await agent.screenshot(path=shot("without-contacts-light"))

    await row.get_by_role("link", name="View JSON").click()
    await expect(agent.get_by_role("dialog")).to_contain_text(f'"contact_id": "{somebody}"')
    await agent.keyboard.press("Escape")
    await expect(agent.get_by_role("dialog")).to_be_hidden()

    await row.get_by_role("link", name="Last steps").click()
    await expect(agent.get_by_role("dialog")).to_contain_text("What is it about?")
    await agent.screenshot(path=shot("last-steps-light"))


async def test_the_page_offers_viewing_and_chat_id_search_alone(kith: Kith, agent: Page, somebody: int) -> None:
    await kith.say(somebody, {"text": "hello", "person": {"first_name": "Findme"}})
    await until(lambda: kith.visitor(somebody))
    await agent.goto("/clients/without-contacts")
    row = agent.get_by_role("row").filter(has_text=str(somebody))
    await expect(row).to_be_visible()

    await expect(agent.get_by_text("Search works by Chat ID only in this mode")).to_be_visible()
    buttons = await row.get_by_role("link").all_inner_texts()
    assert [text for text in buttons if text] == ["View JSON", "Last steps", "Conversation"]
    await expect(row.get_by_role("button")).to_have_count(0)
    await expect(agent.get_by_role("checkbox")).to_have_count(0)
    for word in ("Actions", "Send", "Broadcast"):
        await expect(agent.get_by_role("button", name=word)).to_have_count(0)

    search = agent.get_by_label("Chat ID").first
    await search.fill("Findme")
    await expect(agent.get_by_text("No visitor has a Chat ID that begins with")).to_be_visible()
    await search.fill(str(somebody))
    await expect(row).to_be_visible()


async def test_a_visitor_who_leaves_a_contact_becomes_a_client_while_one_looks(
    kith: Kith, browser: Browser, agent: Page, somebody: int, shot: Shot
) -> None:
    await kith.say(somebody, {"text": "hi", "person": {"first_name": "Live", "last_name": f"Link{somebody}"}})
    await agent.goto("/clients/without-contacts")
    row = agent.get_by_role("row").filter(has_text=str(somebody))
    await expect(row).to_be_visible()
    clients = await browser.new_page(base_url=kith.origin, viewport={"width": 1360, "height": 820}, locale="en-GB")
    await sign_in(clients, kith, "agent")

    await kith.say(somebody, {"contact": {"own": True, "phone": f"+4420797{somebody % 100_000:05d}"}})

    new = clients.get_by_role("row").filter(has_text=f"Link{somebody}")
    await expect(new).to_be_visible()
    await expect(new).to_contain_text("Has registered contact")
    await expect(new).to_contain_text(f"+4420797{somebody % 100_000:05d}")
    await clients.screenshot(path=shot("clients-light"))
    await clients.close()

    await agent.get_by_role("heading", name="Without Contacts").click()
    await agent.reload()
    await expect(agent.get_by_role("heading", name="Without Contacts")).to_be_visible()
    await expect(row).to_have_count(0)


async def test_clients_are_filtered_searched_and_opened(kith: Kith, agent: Page, somebody: int, shot: Shot) -> None:
    name = f"Quill{somebody}"
    phone = f"+4420798{somebody % 100_000:05d}"
    await kith.say(
        somebody, {"contact": {"own": True, "phone": phone}, "person": {"first_name": name, "last_name": "Carder"}}
    )

    async def is_client() -> bool:
        found = await kith.contact(somebody)
        return bool(found and found["client_id"])

    await until(is_client)
    await agent.goto("/clients")
    counts = (await kith.get("/api/identity/clients/counts"))[1]
    filters = agent.get_by_role("radiogroup", name="Registered contact")
    await expect(filters).to_contain_text(str(counts["registered"]))
    await agent.get_by_text("No registered contact").first.click()
    await expect(agent).to_have_url(re.compile("registered="))
    await expect(agent.get_by_role("row").filter(has_text=name)).to_have_count(0)
    await agent.goto("/clients")

    await agent.get_by_role("columnheader", name="Registered contact").get_by_role("button").first.hover()
    await expect(
        agent.get_by_text("Shows whether the client has at least one registered contact — a channel where").first
    ).to_be_visible()

    await agent.keyboard.press("/")
    await agent.keyboard.type(name)
    row = agent.get_by_role("row").filter(has_text=name)
    await expect(row).to_be_visible()
    await expect(agent.get_by_role("row")).to_have_count(2)
    await row.click()
    card = agent.get_by_role("dialog")
    await expect(card).to_contain_text(phone)
    await expect(card).to_contain_text("Verified")
    await expect(card).to_contain_text(f"Linked because the phone number {phone} was verified by Telegram.")
    await agent.screenshot(path=shot("client-card-light"))
    await agent.keyboard.press("Escape")
    await expect(card).to_be_hidden()

    await agent.goto("/clients?search=nobody-of-this-name")
    await (
        agent.get_by_role("button", name="Look in Without Contacts")
        .or_(agent.get_by_role("link", name="Look in Without Contacts"))
        .click()
    )
    await expect(agent.get_by_role("heading", name="Without Contacts")).to_be_visible()


async def test_a_lost_line_is_said_and_caught_up(kith: Kith, agent: Page, somebody: int) -> None:
    await agent.goto("/clients/without-contacts")
    await expect(agent.get_by_text("Live", exact=True)).to_be_visible()
    await kith.kill("notification")
    await expect(agent.get_by_text("Connection lost").first).to_be_visible()
    await kith.say(somebody, {"text": "written while the line was down", "person": {"first_name": "Patient"}})
    await kith.until_ready()
    await expect(agent.get_by_role("row").filter(has_text=str(somebody))).to_be_visible(timeout=60_000)
    await expect(agent.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)


async def test_names_and_messages_are_never_markup(kith: Kith, agent: Page, somebody: int) -> None:
    dialogs: list[str] = []
    agent.on("dialog", lambda dialog: dialogs.append(dialog.message))
    evil = "<img src=x onerror=alert(1)>'\"><script>alert(2)</script>{{7*7}}"
    await kith.say(somebody, {"text": evil, "person": {"first_name": evil[:60], "last_name": "\u202eمرحبا"}})  # noqa: RUF001
    await until(lambda: kith.visitor(somebody))
    await agent.goto(f"/clients/without-contacts?search={somebody}")
    row = agent.get_by_role("row").filter(has_text=str(somebody))
    await expect(row).to_contain_text("<img src=x")
    await row.get_by_role("link", name="View JSON").click()
    await expect(agent.get_by_role("dialog")).to_contain_text("<script>")
    assert dialogs == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_serious_for_those_who_cannot_see_or_point(
    kith: Kith, browser: Browser, somebody: int, scheme: str, shot: Shot
) -> None:
    await kith.say(somebody, {"text": "مرحبا 漢字 🌻", "person": {"first_name": "ليلى", "last_name": "漢字🌻" * 20}})
    await until(lambda: kith.visitor(somebody))
    dark = scheme == "dark"
    page = await browser.new_page(
        base_url=kith.origin,
        viewport={"width": 1360, "height": 820},
        color_scheme="dark" if dark else "light",
        locale="en-GB",
    )
    await page.goto("/")
    await expect(page.get_by_label("Email")).to_be_visible()
    await _is_accessible(page)
    await page.screenshot(path=shot(f"sign-in-{scheme}"))
    await sign_in(page, kith, "agent")
    for path, heading in (("/clients", "Clients"), ("/clients/without-contacts", "Without Contacts")):
        await page.goto(path)
        await expect(page.get_by_role("heading", name=heading)).to_be_visible()
        await expect(page.get_by_role("row").nth(1)).to_be_visible()
        await _is_accessible(page)
        await page.screenshot(path=shot(f"{path.strip('/').replace('/', '-')}-{scheme}-all"))
    await page.close()


async def test_a_wrong_password_is_told_kindly_and_one_comes_back_to_where_one_was(
    kith: Kith, browser: Browser
) -> None:
    page = await browser.new_page(base_url=kith.origin, locale="en-GB")
    await page.goto("/clients/without-contacts")
    await page.get_by_label("Email").fill(kith.users["marketer"]["email"])
    await page.get_by_label("Password", exact=True).fill("not the password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This email and password do not match.")).to_be_visible()
    await page.get_by_label("Password", exact=True).fill(kith.users["marketer"]["password"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Without Contacts")).to_be_visible()
    await page.close()


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in serious]
