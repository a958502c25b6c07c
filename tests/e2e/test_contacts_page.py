"""Audiences → Chat → Contacts in a real Chromium, as a marketer and an agent see it."""

import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
HERE = "/audiences/chat/contacts"
CHATS = "/api/identity/chat-contacts"


@pytest.fixture
async def marketer(kith: Kith, browser: Browser) -> AsyncGenerator[Page]:
    page = await browser.new_page(base_url=kith.origin, viewport={"width": 1360, "height": 820}, locale="en-GB")
    await sign_in(page, kith, "marketer")
    yield page
    await page.close()


async def writes(kith: Kith, person: int, name: str) -> dict[str, Any]:
    await kith.say(person, {"text": "hello", "person": {"first_name": name, "language_code": "de"}})
    return await until(lambda: kith.contact(person))


def row_of(page: Page, person: int) -> Locator:
    return page.get_by_role("row").filter(has_text=str(person))


async def the_contact(kith: Kith, person: int) -> dict[str, Any]:
    found = await kith.contact(person)
    assert found is not None
    return found


async def test_contacts_are_found_and_their_switches_turned_in_the_table(
    kith: Kith, marketer: Page, somebody: int, shot: Shot
) -> None:
    await writes(kith, somebody, "José")
    await marketer.get_by_role("link", name="Contacts", exact=True).click()
    await expect(marketer).to_have_url(re.compile(HERE))
    await expect(marketer.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    await expect(marketer.get_by_role("navigation", name="Pages")).to_contain_text("Audiences / Chat")
    for column in ("Name", "Contact Id", "External code", "Channel", "Language", "Proactive messages"):
        await expect(marketer.get_by_role("columnheader", name=column, exact=False).first).to_be_visible()

    row = row_of(marketer, somebody)
    search = marketer.get_by_role("searchbox", name="Search by name or Contact Id")
    for text in (str(somebody), "jose", str(somebody)[:-1]):
        await marketer.keyboard.press("/")
        await search.fill(text)
        await expect(marketer).to_have_url(re.compile(f"search={text}"))
        await expect(row).to_be_visible()
    for text in ("José", "Telegram", "German", "Active", "On"):
        await expect(row).to_contain_text(text)

    await row.get_by_role("switch", name="Proactive messages").click(force=True)
    await expect(row).to_contain_text("Blocked")
    await row.get_by_role("switch", name="Reactive messages").click(force=True)
    await expect(row).to_contain_text("Off")

    async def both_are_off() -> bool:
        found = await the_contact(kith, somebody)
        return not found["proactive"] and not found["reactive"]

    await until(both_are_off)
    await expect(marketer.get_by_role("dialog")).to_be_hidden()
    await marketer.mouse.move(0, 0)
    await marketer.screenshot(path=shot("contacts-switched-light"))

    await marketer.goto(f"{HERE}?search={somebody}&proactive=false&channel=telegram")
    await expect(row).to_be_visible()
    await marketer.goto(f"{HERE}?search={somebody}&reactive=true")
    await expect(marketer.get_by_text("No contact matches")).to_be_visible()
    await marketer.get_by_role("button", name="Show all contacts").click()
    await expect(marketer).to_have_url(re.compile(f"{HERE}$"))


async def test_a_refused_switch_turns_back_and_says_why(kith: Kith, marketer: Page, somebody: int) -> None:
    await writes(kith, somebody, "Refused")
    await marketer.goto(f"{HERE}?search={somebody}")
    row = row_of(marketer, somebody)
    await expect(row).to_contain_text("Active")

    async def refuse(route: Route) -> None:
        if route.request.method != "PATCH":
            await route.continue_()
            return
        body = '{"title": "Forbidden", "detail": "You may not do this today."}'
        await route.fulfill(status=403, content_type="application/problem+json", body=body)

    await marketer.route(f"**{CHATS}/*", refuse)
    await row.get_by_role("switch", name="Proactive messages").click(force=True)
    await expect(marketer.get_by_role("alert")).to_contain_text("Proactive messages of Refused could not be changed")
    await expect(marketer.get_by_role("alert")).to_contain_text("You may not do this today.")
    await expect(row).to_contain_text("Active")
    await expect(row.get_by_role("switch", name="Proactive messages")).to_be_checked()


async def test_a_contact_is_added_or_not(kith: Kith, marketer: Page, somebody: int, shot: Shot) -> None:
    await marketer.goto(HERE)
    add = marketer.get_by_role("link", name="Add chat contact")
    red, _, blue = [int(n) for n in re.findall(r"\d+", await add.evaluate("e => getComputedStyle(e).backgroundColor"))][
        :3
    ]
    assert blue > 2 * red, "the seed calls it blue"
    await add.click()
    form = marketer.get_by_role("dialog", name="Add chat contact")
    await form.get_by_label("Name").fill("Never Saved")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_be_hidden()
    await expect(add).to_be_focused()

    await marketer.keyboard.press("Enter")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("Enter the Contact Id.")
    await expect(form).to_contain_text("Choose a channel.")
    await form.get_by_label("Name").fill("Ann Lee")
    await form.get_by_label("Contact Id").fill("not a number")
    await form.get_by_label("External code").fill("CRM-7")
    await form.get_by_role("textbox", name="Language").or_(form.get_by_role("combobox", name="Language")).fill("Span")
    await marketer.get_by_role("option", name="Spanish", exact=True).click()
    await form.get_by_role("textbox", name="Channel").or_(form.get_by_role("combobox", name="Channel")).click()
    await marketer.get_by_role("option").filter(has_text="Telegram").first.click()
    await form.get_by_role("switch", name="Proactive messages").click(force=True)
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("a Telegram contact id is a whole number")
    await form.get_by_label("Contact Id").fill(str(somebody))
    await marketer.screenshot(path=shot("contact-add-light"))
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()
    row = row_of(marketer, somebody)
    for text in ("Ann Lee", "CRM-7", "Spanish", "Blocked", "On"):
        await expect(row).to_contain_text(text)
    made = await the_contact(kith, somebody)
    assert (made["proactive"], made["reactive"], made["language"], made["first_message"]) == (False, True, "es", None)

    await add.click()
    await form.get_by_label("Contact Id").fill(str(somebody))
    await form.get_by_role("textbox", name="Channel").or_(form.get_by_role("combobox", name="Channel")).click()
    await marketer.get_by_role("option").filter(has_text="Telegram").first.click()
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("has a contact with this id already")


async def test_a_contact_is_edited_and_its_id_stays(kith: Kith, marketer: Page, somebody: int, shot: Shot) -> None:
    body = {"connection_id": kith.bot["id"], "contact_id": str(somebody), "name": "Ann Lee", "external_code": "CRM-7"}
    assert (await kith.call("POST", CHATS, body=body))[0] == 201
    await marketer.goto(HERE)
    row = row_of(marketer, somebody)
    await row.get_by_role("link", name="Edit Ann Lee").click()
    edit = marketer.get_by_role("dialog", name="Edit chat contact")
    await expect(edit.get_by_label("Contact Id")).to_have_value(str(somebody))
    await expect(edit.get_by_label("Contact Id")).not_to_be_editable()
    await expect(edit).to_contain_text("cannot be changed once the contact is saved")
    await marketer.screenshot(path=shot("contact-edit-light"))
    await edit.get_by_label("Name").fill("Not this")
    await marketer.keyboard.press("Escape")
    await expect(edit).to_be_hidden()
    await expect(row).to_contain_text("Ann Lee")

    await row.focus()
    await marketer.keyboard.press("Enter")
    await edit.get_by_label("Name").fill("Ann Smith")
    await edit.get_by_label("External code").fill("")
    await marketer.keyboard.press("Enter")
    await expect(edit).to_be_hidden()
    await expect(row).to_contain_text("Ann Smith")
    await expect(row).not_to_contain_text("CRM-7")
    assert (await the_contact(kith, somebody))["external_code"] is None


async def test_who_was_added_writes_and_is_the_same_live(kith: Kith, marketer: Page, somebody: int) -> None:
    body = {"connection_id": kith.bot["id"], "contact_id": str(somebody), "name": "Given By Hand"}
    status, made = await kith.call("POST", CHATS, body=body)
    assert status == 201, made
    await marketer.goto(f"{HERE}?search={somebody}")
    await expect(row_of(marketer, somebody)).to_contain_text("Given By Hand")
    await expect(marketer.get_by_text("Live", exact=True)).to_be_visible()
    await kith.call("PATCH", f"{CHATS}/{made['id']}", body={"external_code": "LIVE-1"})
    await expect(row_of(marketer, somebody)).to_contain_text("LIVE-1")

    await kith.say(somebody, {"text": "it is me", "person": {"first_name": "Otherwise"}})

    async def visitor() -> dict[str, Any] | None:
        return await kith.visitor(somebody)

    found = await until(visitor)
    assert (found["id"], found["name"]) == (made["id"], "Given By Hand")


async def test_an_agent_looks_and_changes_nothing(kith: Kith, agent: Page, somebody: int, shot: Shot) -> None:
    await writes(kith, somebody, "Looked At")
    await agent.goto(f"{HERE}?search={somebody}")
    row = row_of(agent, somebody)
    await expect(row).to_contain_text("Active")
    await expect(agent.get_by_role("link", name="Add chat contact")).to_have_count(0)
    await expect(row.get_by_role("switch")).to_have_count(0)
    await expect(row.get_by_role("link")).to_have_count(0)
    await row.focus()
    await agent.keyboard.press("Enter")
    dialog = agent.get_by_role("dialog", name="Chat contact")
    await expect(dialog).to_contain_text("Your role may look at contacts, but not change them.")
    await expect(dialog.get_by_role("button", name="Save")).to_have_count(0)
    await expect(dialog.get_by_label("Name")).not_to_be_editable()
    await agent.screenshot(path=shot("contact-agent-light"))
    await agent.goto(f"{HERE}/new")
    await expect(agent.get_by_role("dialog")).to_contain_text("Your role does not allow this")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_contacts_by_keyboard_and_for_those_who_cannot_see(
    kith: Kith, browser: Browser, somebody: int, scheme: str, shot: Shot
) -> None:
    await writes(kith, somebody, "ليلى 漢字")
    page = await browser.new_page(
        base_url=kith.origin,
        viewport={"width": 1360, "height": 820},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    await sign_in(page, kith, "marketer")
    await page.goto(f"{HERE}?search={somebody}")
    row = row_of(page, somebody)
    await row.focus()
    await page.keyboard.press("Tab")
    await expect(row.get_by_role("switch", name="Proactive messages")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(row).to_contain_text("Blocked")
    await _is_accessible(page)
    await page.screenshot(path=shot(f"contacts-one-{scheme}"))
    await page.goto(HERE)
    await expect(page.get_by_role("row").nth(1)).to_be_visible()
    await _is_accessible(page)
    await page.screenshot(path=shot(f"contacts-{scheme}-all"))
    await page.goto(f"{HERE}/new")
    await expect(page.get_by_role("dialog").get_by_label("Name")).to_be_visible()
    await page.wait_for_timeout(400)
    await _is_accessible(page)
    await page.screenshot(path=shot(f"contact-add-{scheme}"))
    await page.close()


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in serious]
