"""A conversation in a real Chromium: read, tagged, taken over, answered and given back."""

import itertools
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]


@pytest.fixture
async def others(kith: Kith, browser: Browser) -> AsyncGenerator[Mapping[str, Page]]:
    """Give a page each on which an admin and a marketer have signed in."""
    pages: dict[str, Page] = {}
    for role in ("admin", "marketer"):
        pages[role] = await browser.new_page(base_url=kith.origin, locale="en-GB")
        await sign_in(pages[role], kith, role)
    yield pages
    for page in pages.values():
        await page.close()


async def a_client(kith: Kith, person: int, name: str) -> dict[str, Any]:
    """Let somebody write and prove their phone; returns their chat contact."""
    card = {"own": True, "phone": f"+4420797{person % 100_000:05d}"}
    await kith.say(person, {"text": "Is the blue one there?", "person": {"first_name": name, "language_code": "en"}})
    await kith.say(person, {"contact": card, "person": {"first_name": name, "language_code": "en"}})

    async def found() -> dict[str, Any] | None:
        contact = await kith.contact(person)
        return contact if contact and contact["client_id"] else None

    return await until(found)


async def said(kith: Kith, person: int) -> list[str]:
    return [item.get("text", "") for item in await kith.answers(person)]


async def answers(page: Page, contact: Mapping[str, Any], text: str) -> None:
    await page.goto(f"/conversations/{contact['id']}")
    await page.get_by_role("textbox", name="Your answer").fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_test_id("hold")).to_contain_text("You have taken over")


async def test_an_agent_reads_takes_over_and_answers(kith: Kith, agent: Page, somebody: int) -> None:
    contact = await a_client(kith, somebody, "ليلى")
    await agent.goto(f"/clients/{contact['client_id']}")
    await agent.get_by_test_id("card-channel").get_by_role("link", name=re.compile("Conversation with")).click()
    await expect(agent).to_have_url(re.compile(f"/conversations/{contact['id']}$"))
    thread = agent.get_by_role("log", name="Messages")
    await expect(thread).to_contain_text("Is the blue one there?")
    await expect(thread).to_contain_text("Today")
    await expect(thread.get_by_test_id("message").filter(has_text="Scenario").first).to_be_visible()

    await agent.get_by_role("button", name="Take over").click()
    await expect(agent.get_by_test_id("hold")).to_contain_text("You have taken over")
    await kith.say(somebody, {"text": "And a green one?"})
    await expect(thread).to_contain_text("And a green one?")

    box = agent.get_by_role("textbox", name="Your answer")
    await box.fill("We have")
    await agent.reload()
    await expect(box).to_have_value("We have")
    await box.press("End")
    await box.press("Shift+Enter")
    await box.press_sequentially("both.")
    await box.press("Enter")
    await expect(box).to_have_value("")

    async def arrived() -> bool:
        return "We have\nboth." in await said(kith, somebody)

    await until(arrived)
    _, kept = await kith.get(f"/api/ingest/conversations/{contact['id']}/messages")
    newer = itertools.takewhile(lambda one: one["text"] != "And a green one?", kept["items"])
    assert [one["text"] for one in newer] == ["We have\nboth."], "the scenario is silent meanwhile"
    mine = thread.get_by_test_id("message").filter(has_text="We have")
    await expect(mine).to_contain_text("Sent")
    await expect(mine).to_have_count(1)
    await expect(thread.get_by_test_id("waiting")).to_have_count(0)
    await agent.get_by_role("button", name="Give back").click()
    await expect(agent.get_by_test_id("hold")).to_contain_text("The scenario answers here")


async def test_a_person_is_tagged_beside_the_thread_which_everybody_can_use(
    kith: Kith, agent: Page, somebody: int, shot: Shot
) -> None:
    contact = await a_client(kith, somebody, "Tagged")
    await answers(agent, contact, "We have both.")
    tags = agent.get_by_role("combobox", name="Tags").or_(agent.get_by_role("textbox", name="Tags"))
    await tags.fill(f"VIP {somebody}")
    await tags.press("Enter")

    async def tagged() -> bool:
        _, client = await kith.get(f"/api/identity/clients/{contact['client_id']}")
        return [tag["name"] for tag in client["tags"]] == [f"VIP {somebody}"]

    await until(tagged)
    await tags.press("Escape")
    await expect(agent.get_by_text(f"VIP {somebody}", exact=True).first).to_be_visible()

    await agent.screenshot(path=shot("conversation-light"))
    await _is_accessible(agent)
    await agent.emulate_media(color_scheme="dark")
    await agent.screenshot(path=shot("conversation-dark"))
    await _is_accessible(agent)
    await agent.set_viewport_size({"width": 390, "height": 780})
    await agent.screenshot(path=shot("conversation-phone"))
    wide = await agent.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "nothing to be scrolled sideways"


async def test_a_second_agent_is_told_and_a_marketer_only_reads(
    kith: Kith, agent: Page, others: Mapping[str, Page], somebody: int
) -> None:
    contact = await a_client(kith, somebody, "Shared")
    await answers(agent, contact, "We have both.")
    admin, marketer = others["admin"], others["marketer"]
    await admin.goto(f"/conversations/{contact['id']}")
    await expect(admin.get_by_test_id("hold")).to_contain_text("has taken over")
    await admin.get_by_role("textbox", name="Your answer").fill("Me, too")
    await admin.get_by_role("button", name="Send", exact=True).click()
    await expect(admin.get_by_role("alert").filter(has_text="has taken over this conversation")).to_be_visible()
    await expect(admin.get_by_role("button", name="Send again")).to_be_visible()
    await marketer.goto(f"/conversations/{contact['id']}")
    await expect(marketer.get_by_role("log", name="Messages")).to_contain_text("We have")
    await expect(marketer.get_by_test_id("composer")).to_have_count(0)
    await expect(marketer.get_by_role("button", name="Give back")).to_have_count(0)

    await agent.get_by_role("button", name="Give back").click()
    await expect(agent.get_by_test_id("hold")).to_contain_text("The scenario answers here")
    await admin.get_by_role("button", name="Send again").click()

    async def arrived_once() -> bool:
        return (await said(kith, somebody)).count("Me, too") == 1

    await until(arrived_once)
    await expect(admin.get_by_test_id("waiting")).to_have_count(0)


async def test_without_a_profile_the_thread_is_only_read(kith: Kith, agent: Page, somebody: int) -> None:
    await kith.say(somebody, {"text": "hello there", "person": {"first_name": "Nobody", "language_code": "en"}})
    await agent.goto(f"/clients/without-contacts?search={somebody}")
    row = agent.get_by_role("row").filter(has_text=str(somebody))
    await row.get_by_role("link", name=f"Conversation with {somebody}").click()
    await expect(agent.get_by_role("log", name="Messages")).to_contain_text("hello there")
    await expect(agent.get_by_test_id("note")).to_contain_text("you can read, but not answer")
    await expect(agent.get_by_test_id("composer")).to_have_count(0)
    await expect(agent.get_by_test_id("tags")).to_have_count(0)
    await expect(agent.get_by_role("button", name="Take over")).to_have_count(0)
    await _is_accessible(agent)


async def test_an_address_that_is_no_conversation_says_so(agent: Page) -> None:
    await agent.goto("/conversations/cc_none")
    await expect(agent.get_by_text("There is no such conversation")).to_be_visible()


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in serious]
