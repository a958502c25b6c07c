"""The profile in a real Chromium: read, edited, edited by two at once; what an admin defines; a page of one's own."""

import re
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith, until
from tests.e2e.looks import nothing_serious, turn

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
API = "/api/identity"


@pytest.fixture
async def pages(kith: Kith, browser: Browser) -> AsyncGenerator[Mapping[str, Page]]:
    """Give a page each on which an admin and a marketer have signed in."""
    found: dict[str, Page] = {}
    for role in ("admin", "marketer"):
        viewport: Any = {"width": 1360, "height": 900}
        found[role] = await browser.new_page(base_url=kith.origin, viewport=viewport, locale="en-GB")
        await sign_in(found[role], kith, role)
    yield found
    for page in found.values():
        await page.close()


async def made(kith: Kith, path: str, **body: Any) -> dict[str, Any]:
    status, found = await kith.call("POST", f"{API}{path}", body=body)
    assert status in {200, 201}, found
    return found


async def test_an_admin_defines_what_profiles_hold(
    kith: Kith, pages: Mapping[str, Page], somebody: int, shot: Shot
) -> None:
    page = pages["admin"]
    await page.goto("/settings/fields")
    await page.get_by_role("button", name="Add a field").first.click()
    card = page.get_by_test_id("field-card")
    await card.get_by_role("button", name="Save").click()
    await expect(card.get_by_text("Enter a name.")).to_be_visible()
    name = f"店 {somebody}"
    await card.get_by_label("Name", exact=True).fill(name)
    await card.get_by_role("combobox", name="Type").click()
    await page.get_by_role("option", name="One of several").click()
    await card.get_by_label("Choice 1", exact=True).fill("Oslo")
    await card.get_by_role("button", name="Add a choice").click()
    await card.get_by_label("Choice 2", exact=True).fill("Bergen")
    await card.get_by_role("button", name="Save").click()
    await expect(card).to_have_count(0)
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text("One of several")
    await made(kith, "/fields", name=f"Last {somebody}", type="text")
    await page.reload()
    await row.get_by_role("button", name=f"Move {name} down").click()

    async def moved() -> bool:
        _, found = await kith.get(f"{API}/fields")
        names = [one["name"] for one in found["items"]]
        return names.index(name) > names.index(f"Last {somebody}")

    await until(moved)
    await page.screenshot(path=shot("fields-light"))
    await _is_accessible(page)

    await row.focus()
    await page.keyboard.press("Enter")
    await expect(card.get_by_label("Key")).to_have_attribute("readonly", "")
    await card.get_by_role("button", name="Delete").click()
    sure = page.get_by_role("alertdialog")
    await expect(sure.get_by_role("button", name="Delete")).to_be_disabled()
    await sure.get_by_label(f"Type {name} to delete it").fill(name)
    await sure.get_by_role("button", name="Delete").click()
    await expect(row).to_have_count(0)

    await page.goto("/settings/categories")
    await page.get_by_role("button", name="Add a category").first.click()
    card = page.get_by_test_id("category-card")
    await card.get_by_label("Name", exact=True).fill(f"News {somebody}")
    await card.get_by_label("Description").fill("Once a month.")
    await card.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("row").filter(has_text=f"News {somebody}")).to_contain_text("Does not get it")
    await turn(page, "dark")
    await page.screenshot(path=shot("categories-dark"))
    await _is_accessible(page)
    await pages["marketer"].goto("/settings/fields")
    await expect(pages["marketer"].get_by_role("button", name="Add a field")).to_have_count(0)


async def somebody_whole(kith: Kith, somebody: int) -> dict[str, Any]:
    """Make a client who has something of everything."""
    field = await made(kith, "/fields", name=f"Shoe size {somebody}", type="number")
    await made(kith, "/categories", name=f"Offers {somebody}", by_default=True)
    return await made(
        kith,
        "/clients",
        name="محمد",
        surname=f"王小明 🦊 {somebody}",
        email=f"p{somebody}@x.example",
        phone="+4791234567",
        tags=[(await made(kith, "/tags", name=f"t{number}"))["id"] for number in range(50)],
        fields={field["key"]: 42},
        applications=[
            {"id": "app-7", "name": "Shop", "devices": [{"id": "d-1", "platform": "iOS", "model": "iPhone"}]}
        ],
        push_tokens=[
            {"kind": "mobile", "token": "m1"},
            {"kind": "mobile", "token": "m2"},
            {"kind": "web", "token": "w1"},
        ],
        address={"country": "NO", "city": "Oslo"},
        location={"latitude": 59.9, "longitude": 10.7},
        time_zone="Europe/Oslo",
        language="nb",
    )


async def test_a_profile_is_read_whole(kith: Kith, pages: Mapping[str, Page], somebody: int, shot: Shot) -> None:
    page = pages["marketer"]
    client = await somebody_whole(kith, somebody)
    await page.goto(f"/clients?search={somebody}")
    row = page.get_by_role("row").filter(has_text=str(somebody))
    await row.get_by_role("link", name=re.compile("Open the profile of")).click()
    await expect(page).to_have_url(re.compile(f"/clients/{client['id']}"))
    card = page.get_by_test_id("client-card")
    for text in (
        *(f"p{somebody}@x.example", "+4791234567", "Not verified", "Norway", "By the API", "Norwegian"),
        *("Europe/Oslo", "m1", "m2", "w1", f"Shoe size {somebody}", "42", f"Offers {somebody}", "by default"),
    ):
        await expect(card.get_by_text(text).first).to_be_visible()
    application = card.get_by_test_id("application")
    await application.hover()
    await expect(page.get_by_role("tooltip")).to_contain_text("iPhone")
    await card.get_by_text("Contact key").hover()
    await expect(page.get_by_role("tooltip")).to_have_count(0)
    await page.get_by_role("button", name="Edit contact").focus()
    for _ in range(5):
        await page.keyboard.press("Tab")
        if await application.evaluate("element => element === document.activeElement"):
            break
    await expect(page.get_by_role("tooltip")).to_contain_text("app-7")
    await card.get_by_role("button", name="Show 30 more").click()
    await expect(card.get_by_text("t49", exact=True)).to_be_visible()
    await page.screenshot(path=shot("profile-light"))
    await _is_accessible(page)
    await turn(page, "dark")
    await page.screenshot(path=shot("profile-dark"))
    await _is_accessible(page)
    await page.get_by_role("tab", name="Contact activity").click()
    await expect(page.get_by_role("tabpanel")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(re.compile(r"/clients\?search="))


async def test_a_contact_is_edited_by_keyboard(kith: Kith, pages: Mapping[str, Page], somebody: int) -> None:
    page = pages["marketer"]
    client = await somebody_whole(kith, somebody)
    segment = await made(kith, "/segments", name=f"Spring {somebody}")
    await page.goto(f"/clients/{client['id']}")
    await page.get_by_role("button", name="Edit contact").press("Enter")
    form = page.get_by_test_id("edit-client")
    await form.get_by_label("Last name").fill("x" * 300)
    await form.get_by_role("button", name="Save", exact=True).press("Enter")
    await expect(form.get_by_text("At most 256 characters.")).to_be_visible()
    await form.get_by_label("Last name").fill(f"Berg {somebody}")
    await form.get_by_label("Phone number").fill("12")
    await form.get_by_role("button", name="Address").press("Enter")
    await form.get_by_label("Street").fill("Karl Johans gate 1")
    await form.get_by_role("button", name="Additional fields").press("Enter")
    await form.get_by_label(f"Shoe size {somebody}").fill("43,5")
    await form.get_by_role("button", name="Subscription categories").press("Enter")
    await form.get_by_role("switch", name=f"Offers {somebody}").press("Space")
    await form.get_by_role("button", name="Save", exact=True).press("Enter")
    await expect(form.get_by_text("give the phone with its country code")).to_be_visible()
    await expect(form.get_by_label("Phone number")).to_be_focused()
    await _is_accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_contain_text("Leave without saving?")
    await page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    await form.get_by_label("Phone number").fill("+47 912 34 568")

    await form.get_by_role("button", name="Add to or remove from segments").click()
    menu = page.get_by_test_id("segments")
    await menu.get_by_label(f"Spring {somebody}").check()
    await menu.get_by_role("button", name="Save").click()
    await expect(menu).to_have_count(0)
    await expect(form.get_by_label("Last name")).to_have_value(f"Berg {somebody}")
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_test_id("client-card").get_by_text(f"Spring {somebody}")).to_be_visible()
    _, now = await kith.get(f"{API}/clients/{client['id']}")
    assert (now["surname"], now["phone"]) == (f"Berg {somebody}", "+4791234568")
    assert now["address"]["street"] == "Karl Johans gate 1"
    assert (now["fields"][0]["value"], [one["id"] for one in now["segments"]]) == (43.5, [segment["id"]])
    offers = next(one for one in now["subscriptions"] if one["name"] == f"Offers {somebody}")
    assert offers["subscribed"] is False


async def test_the_second_of_two_sees_both_and_loses_nothing(
    kith: Kith, pages: Mapping[str, Page], somebody: int, shot: Shot
) -> None:
    client = await made(kith, "/clients", name="Shared", surname=str(somebody))
    path = f"{API}/clients/{client['id']}"
    page = pages["marketer"]
    await page.goto(f"/clients/{client['id']}")
    await page.get_by_role("button", name="Edit contact").click()
    form = page.get_by_test_id("edit-client")
    await form.get_by_label("First name").fill("Mine")
    await form.get_by_label("Email").fill(f"m{somebody}@x.example")
    await kith.call("PATCH", path, body={"name": "Theirs", "contact_key": f"k-{somebody}"})
    await form.get_by_role("button", name="Save", exact=True).click()
    conflict = page.get_by_test_id("conflict")
    await expect(conflict.get_by_role("radiogroup", name="First name")).to_contain_text("MineTheirs")
    await expect(conflict.get_by_role("radio", name=f"k-{somebody}")).to_be_checked()
    await page.screenshot(path=shot("profile-conflict-light"))
    await _is_accessible(page)
    await turn(page, "dark")
    await page.screenshot(path=shot("profile-conflict-dark"))
    await _is_accessible(page)
    await conflict.get_by_role("radio", name="Theirs").check()
    await conflict.get_by_role("button", name="Save what is chosen").click()
    await expect(form).to_have_count(0)
    await expect(page.get_by_test_id("card-title")).to_have_text(f"Theirs {somebody}")
    _, now = await kith.get(path)
    assert (now["name"], now["email"], now["contact_key"]) == ("Theirs", f"m{somebody}@x.example", f"k-{somebody}")


async def test_somebody_chooses_on_a_page_of_their_own_without_javascript(
    kith: Kith, browser: Browser, pages: Mapping[str, Page], somebody: int, shot: Shot
) -> None:
    await made(kith, "/categories", name=f"Weekly {somebody}", description="Every Friday.")
    client = await made(
        kith, "/clients", name="Zoë", surname=str(somebody), email=f"z{somebody}@x.example", language="de"
    )
    _, found = await kith.get(f"{API}/clients/{client['id']}/preference-page")
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(found["address"])
    await expect(page.get_by_role("heading", level=1)).to_have_text("Was wir Ihnen senden dürfen")
    await page.get_by_role("checkbox", name=f"Weekly {somebody}").check()
    await page.get_by_role("button", name="Speichern").click()
    await expect(page.get_by_role("status")).to_have_text("Ihre Wahl ist gespeichert.")
    await expect(page.get_by_role("checkbox", name=f"Weekly {somebody}")).to_be_checked()
    await page.get_by_role("button", name="Von allem abmelden").click()
    await expect(page.get_by_role("status")).to_contain_text("Sie sind von allem abgemeldet.")
    await context.close()

    console = pages["marketer"]
    await console.goto(f"/clients/{client['id']}")
    card = console.get_by_test_id("client-card")
    await expect(card.get_by_test_id("refusal").first).to_contain_text("Unsubscribed")
    await expect(card.get_by_test_id("refusal").first).to_contain_text("Their own preference page")
    await card.get_by_role("button", name="Their preference page").click()
    await expect(card.get_by_test_id("once")).to_have_value(re.compile(f"{kith.origin}/u/k"))
    await _is_accessible(console)
    own = await browser.new_page(locale="en-GB")
    await own.goto(f"{found['address']}?lang=en")
    await own.screenshot(path=shot("preferences-light"))
    await _is_accessible(own)
    await own.emulate_media(color_scheme="dark")
    await own.screenshot(path=shot("preferences-dark"))
    await _is_accessible(own)
    await own.close()


async def _is_accessible(page: Page) -> None:
    """Look at the drawer alone where one is open: what lies behind it is other pages' own."""
    drawer = await page.get_by_role("dialog").count()
    await nothing_serious(page, "[role=dialog]" if drawer else None)
