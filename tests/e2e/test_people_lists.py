"""Marketing → Visitors, Clients and Contacts → All contacts in a real Chromium."""

import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
VISITORS, CLIENTS, TAGS = "/marketing/visitors", "/api/identity/clients", "/api/identity/tags"
BADGES = {
    "instagram": "Instagram",
    "whatsapp": "WhatsApp",
    "widget": "Website chat",
    "messenger": "Messenger",
    "telegram": "Telegram",
}


@pytest.fixture
async def marketer(kith: Kith, browser: Browser) -> AsyncGenerator[Page]:
    page = await browser.new_page(base_url=kith.origin, viewport={"width": 1440, "height": 860}, locale="en-GB")
    await sign_in(page, kith, "marketer")
    yield page
    await page.close()


async def made(kith: Kith, address: str, **body: Any) -> dict[str, Any]:
    status, answer = await kith.call("POST", address, body=body)
    assert status in {200, 201}, answer
    return answer


async def a_tag(kith: Kith, name: str, color: str) -> str:
    return (await made(kith, TAGS, name=name, color=color))["id"]


def row_of(page: Page, text: str) -> Locator:
    return page.get_by_test_id("row").filter(has_text=text)


async def choose(page: Page, filter_: str, *choices: str) -> None:
    await page.get_by_role("button", name=re.compile(f"^{filter_}")).click()
    choices_of = page.get_by_role("dialog", name=re.compile(f"^{filter_}"))
    for choice in choices:
        box = choices_of.get_by_role("checkbox", name=choice, exact=True)
        await box.click()  # `check` wants it turned at once, and the address says later that it is
        await expect(box).to_be_checked()
    await page.keyboard.press("Escape")
    await expect(choices_of).to_be_hidden()


async def tone_of(badge: Locator) -> str:
    tone: str = await badge.evaluate("(node) => getComputedStyle(node).getPropertyValue('--tone').trim()")
    return tone


async def test_a_visitor_is_created_by_hand(kith: Kith, marketer: Page, somebody: int, shot: Shot) -> None:
    name, tag = f"Zoë {somebody}", f"fresh-{somebody}"
    group = await made(kith, "/api/identity/groups", name=f"Shop {somebody}")
    await kith.say(somebody, {"text": "hello", "person": {"first_name": "Unknown"}})
    await marketer.get_by_role("link", name="Visitors", exact=True).click()
    await expect(marketer).to_have_url(re.compile(VISITORS))
    await expect(marketer.get_by_role("navigation", name="Pages")).to_contain_text("Marketing")
    await expect(marketer.get_by_test_id("without-profile")).to_contain_text("wrote without leaving a profile")
    await expect(marketer.get_by_role("link", name="See them in Without Contacts")).to_be_visible()

    await marketer.get_by_role("link", name="Create").click()
    form = marketer.get_by_test_id("visitor-form")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("Enter a name.")
    await expect(form).to_contain_text("Choose where they came from.")
    await expect(form.get_by_label("Name")).to_be_focused()
    await form.get_by_label("Name").fill(name)
    await form.get_by_role("combobox", name="Source").or_(form.get_by_label("Source")).first.click()
    await marketer.get_by_role("option", name="Instagram").click()
    await form.get_by_label("Phone number").fill("123")
    await form.get_by_label("Tags").fill(tag)
    await marketer.keyboard.press("Enter")
    await marketer.keyboard.press("Tab")  # what may be chosen is no longer over the rest of the form
    fresh = form.get_by_role("group", name=f"New tag “{tag}”")
    await fresh.get_by_label("Colour").first.click()
    await marketer.get_by_role("option", name="Teal").click()
    await fresh.get_by_label("What it is for").fill("Asked for the price")
    await form.get_by_label("Contact groups").first.click()
    await marketer.get_by_role("option", name=group["name"]).click()
    await marketer.keyboard.press("Escape")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("country code")
    await form.get_by_label("Phone number").fill("+47 912 34 567")
    await marketer.screenshot(path=shot("visitors-create-light"))
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()

    row = row_of(marketer, name)
    for text in ("+4791234567", "Instagram", tag):
        await expect(row).to_contain_text(text)
    await expect(row.get_by_test_id("tag")).to_have_attribute("data-color", "teal")
    _, found = await kith.get(CLIENTS, search=str(somebody))
    assert [one["name"] for one in found["items"][0]["groups"]] == [group["name"]]
    _, kept = await kith.get(TAGS, search=tag)
    assert kept["items"][0]["description"] == "Asked for the price"


async def test_visitors_are_filtered_by_everything_at_once_and_a_link_shows_the_same(
    kith: Kith, marketer: Page, somebody: int, shot: Shot
) -> None:
    hot = await a_tag(kith, f"hot-lead-{somebody}", "red")
    cold = await a_tag(kith, f"cold-{somebody}", "blue")
    for channel in BADGES:
        for number, tags in enumerate(([hot], [hot, cold], [])):
            name = f"{channel} {number} x{somebody}"
            await made(kith, CLIENTS, name=name, source=channel, tags=tags, email=f"{channel}{number}@x{somebody}.com")
    await marketer.goto(f"{VISITORS}?search=x{somebody}")
    await expect(marketer.get_by_test_id("row")).to_have_count(15)
    tones = {}
    for channel, said in BADGES.items():
        badge = row_of(marketer, f"{channel} 0 x{somebody}").locator(f"[data-channel={channel}]").first
        await expect(badge).to_contain_text(said)
        tones[channel] = await tone_of(badge)
    greenish = ("green", "blue", "cyan", "gray", "orange")
    colors = [
        await marketer.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--mantine-color-{one}')")
        for one in ("green-7", "blue-6", "cyan-6", "gray-6", "orange-7")
    ]
    assert list(tones.values()) == colors, greenish

    await choose(marketer, "Source", "Instagram")
    await expect(marketer.get_by_test_id("row")).to_have_count(3)
    await choose(marketer, "Has tag", f"hot-lead-{somebody}")
    await expect(marketer.get_by_test_id("row")).to_have_count(2)
    await choose(marketer, "Has not tag", f"cold-{somebody}")
    await expect(marketer.get_by_test_id("row")).to_have_count(1)
    await expect(row_of(marketer, f"instagram 0 x{somebody}")).to_be_visible()
    await expect(marketer.get_by_role("button", name=f"Has tag: hot-lead-{somebody}")).to_be_visible()
    await marketer.screenshot(path=shot("visitors-filtered-light"))

    for text in (f"instagram0@x{somebody}", f"x{somebody}"):
        await marketer.keyboard.press("/")
        await marketer.get_by_role("searchbox").fill(text)
        await expect(marketer).to_have_url(re.compile(f"search={text.replace('@', '.*')}"))
        await expect(marketer.get_by_test_id("row")).to_have_count(1)
    await marketer.goto(marketer.url)
    await expect(marketer.get_by_test_id("row")).to_have_count(1)
    await expect(marketer.get_by_role("button", name="Source: Instagram")).to_be_visible()

    await made(kith, CLIENTS, name=f"newcomer x{somebody}", source="instagram", tags=[hot])
    await made(kith, CLIENTS, name=f"other x{somebody}", source="instagram", tags=[cold])
    await expect(row_of(marketer, f"newcomer x{somebody}")).to_be_visible()
    await expect(row_of(marketer, f"other x{somebody}")).to_be_hidden()

    await marketer.get_by_role("button", name="Save this filter as a segment").click()
    await marketer.get_by_label("Name of the segment").fill(f"Hot {somebody}")
    await marketer.get_by_role("button", name="Save segment").click()
    await expect(marketer.get_by_role("button", name=f"Segment: Hot {somebody}")).to_be_visible()
    await expect(marketer.get_by_test_id("row")).to_have_count(2)

    await marketer.goto(f"{VISITORS}?search=x{somebody}&tag={hot}&not_tag={hot}")
    await expect(marketer.get_by_test_id("blank")).to_contain_text("Nobody matches all of these filters together")
    await marketer.get_by_test_id("blank").get_by_role("button", name="Clear filters").click()
    await expect(marketer.get_by_test_id("row")).to_have_count(17)


async def test_the_three_lists_show_the_same_people_and_open_their_profile(
    kith: Kith, marketer: Page, somebody: int, shot: Shot
) -> None:
    key = f"K{somebody}"
    ann = await made(kith, CLIENTS, name=f"李雷 {somebody}", contact_key=key, language="no", source="telegram")
    for address, link, columns in (
        (VISITORS, "Visitors", ["Name", "Email", "Phone", "Source", "Tags"]),
        ("/contacts", "All contacts", ["Name", "Email", "Phone", "Contact key", "Language", "Segments"]),
        ("/clients", "All clients", ["Name", "Registered contact", "Email", "Phone"]),
    ):
        await marketer.get_by_role("link", name=link, exact=True).click()
        for column in columns:
            await expect(marketer.get_by_role("columnheader", name=column).first).to_be_visible()
        await marketer.keyboard.press("/")
        await marketer.get_by_role("searchbox").fill(str(somebody))
        await expect(marketer).to_have_url(re.compile(f"{address}\\?search={somebody}"))
        row = row_of(marketer, f"李雷 {somebody}")
        await expect(marketer.get_by_test_id("row")).to_have_count(1)
        await row.focus()
        await marketer.keyboard.press("Enter")
        await expect(marketer).to_have_url(re.compile(f"{address}/{ann['id']}"))
        await expect(marketer.get_by_test_id("card-title")).to_contain_text(f"李雷 {somebody}")
        await marketer.keyboard.press("Escape")
        await expect(marketer).to_have_url(re.compile(f"{address}\\?search={somebody}"))
        await expect(row).to_be_focused()

    await marketer.goto(f"/contacts?search={key}")
    await marketer.goto(f"/contacts?search={somebody}")
    row = row_of(marketer, key)
    await expect(row).to_contain_text("Norwegian")
    await row.get_by_role("link", name="Contact preview").click()
    await expect(marketer.get_by_role("dialog")).to_be_visible()
    await marketer.keyboard.press("Escape")
    await row.locator("td[data-column=segments]").click()
    await expect(marketer).to_have_url(re.compile(f"/contacts/{ann['id']}"))
    await marketer.screenshot(path=shot("all-contacts-profile-light"))


async def test_registered_contact_is_said_and_filtered_as_the_page_promises(
    kith: Kith, marketer: Page, somebody: int
) -> None:
    await made(kith, CLIENTS, name=f"Unregistered {somebody}")
    await marketer.goto(f"/clients?search={somebody}")
    row = row_of(marketer, f"Unregistered {somebody}")
    await expect(row).to_contain_text("No registered contact")
    head = marketer.get_by_role("columnheader", name="Registered contact").get_by_role("button")
    await expect(head).to_have_attribute(
        "data-tip",
        "Shows whether the client has at least one registered contact — a channel where the user signed in to their "
        "profile or provided a phone number or email.",
    )
    for choice, visible in (("filter-yes", False), ("filter-no", True), ("filter-all", True)):
        await marketer.get_by_test_id(choice).click()
        await expect(row).to_be_visible(visible=visible)
    await choose(marketer, "Source", "Telegram")
    await expect(row).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_serious_for_those_who_cannot_see_or_point(
    kith: Kith, browser: Browser, somebody: int, scheme: str, shot: Shot
) -> None:
    tags = [await a_tag(kith, f"{color} {somebody}", color) for color in ("red", "lime", "violet", "orange", "gray")]
    name = f"محمد 👩‍👩‍👧 {'x' * 230} {somebody}"
    await made(kith, CLIENTS, name=name, source="messenger", tags=tags, email=f"m{somebody}@example.com")
    page = await browser.new_page(
        base_url=kith.origin,
        viewport={"width": 1440, "height": 860},
        locale="en-GB",
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # axe is a script
    )
    await sign_in(page, kith, "marketer")
    for address, name in ((VISITORS, "visitors"), ("/contacts", "all-contacts"), ("/clients", "clients-filters")):
        await page.goto(address)
        await expect(page.get_by_test_id("row").first).to_be_visible()
        await page.get_by_role("button", name=re.compile("^Has tag")).click()
        await expect(page.get_by_role("checkbox").first).to_be_visible()
        await page.screenshot(path=shot(f"{name}-{scheme}"))
        found = await Axe().run(page)
        serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
        assert not serious, serious
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name=re.compile("^Has tag"))).to_be_focused()
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.goto(VISITORS)
    await expect(page.get_by_test_id("row").first).to_be_visible()
    await page.screenshot(path=shot(f"visitors-phone-{scheme}"))
    await page.close()
