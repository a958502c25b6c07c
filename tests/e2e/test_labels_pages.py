"""Actions on many clients, the tray, Marketing → Contact groups, Segments and Tags, in a real Chromium."""

import re
from collections.abc import AsyncGenerator, Callable

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith
from tests.e2e.looks import nothing_serious, turn

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]


@pytest.fixture
async def page(kith: Kith, browser: Browser) -> AsyncGenerator[Page]:
    """Give a page on which a marketer has signed in."""
    opened = await browser.new_page(base_url=kith.origin, viewport={"width": 1360, "height": 820}, locale="en-GB")
    await sign_in(opened, kith, "marketer")
    yield opened
    await opened.close()


async def _found(page: Page, name: str) -> Locator:
    """Search for the one of this name."""
    await page.get_by_role("searchbox").fill("")
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.type(name)
    await expect(page.get_by_role("searchbox")).to_have_value(name)
    row = page.get_by_test_id("row").filter(has_text=name)
    await expect(row).to_have_count(1)
    await expect(page.get_by_test_id("row")).to_have_count(1)
    return row


async def test_chosen_people_and_all_that_match_are_put_into_groups_and_segments(
    kith: Kith, page: Page, somebody: int, shot: Shot
) -> None:
    word = f"crowd{somebody}"
    await _people(kith, somebody, 120, word)
    await page.goto(f"/clients?search={word}")
    await expect(page.get_by_test_id("shown")).to_have_text("50 of 120")
    rows = page.get_by_test_id("row")
    await rows.first.focus()
    await page.keyboard.press("ArrowDown")
    await rows.nth(1).get_by_role("checkbox").focus()
    await page.keyboard.press("Space")
    bar = page.get_by_test_id("selection")
    await expect(bar).to_contain_text("1 selected")
    await bar.get_by_role("button", name="Select all 120 that match").click()
    await expect(bar).to_contain_text("All 120 that match are selected")
    await _looks(page, shot, "selection")
    await _put_into_a_group(page, shot, f"Guests {somebody}")
    await _save_as_a_segment(page, shot, f"Segment {somebody}", word)
    await _delete_the_group(page, shot, f"Guests {somebody}")

    await page.goto("/clients/without-contacts")
    await expect(page.get_by_role("heading", name="Without Contacts")).to_be_visible()
    await expect(page.get_by_role("checkbox")).to_have_count(0)
    await expect(page.get_by_role("button", name="Actions")).to_have_count(0)


async def _put_into_a_group(page: Page, shot: Shot, name: str) -> None:
    bar, dialog = page.get_by_test_id("selection"), page.get_by_role("dialog")
    await bar.get_by_role("button", name="Actions").click()
    await page.get_by_role("menuitem", name="Add to a contact group").click()
    await dialog.get_by_label("Contact group").fill(name)
    await page.get_by_role("option", name=f"Make “{name}”").click()
    await _looks(page, shot, "action")
    await dialog.get_by_role("button", name="Do it").click()
    await expect(dialog).to_have_count(0)
    await expect(bar).to_have_count(0)
    await page.get_by_test_id("tray").click()
    job = page.get_by_test_id("job").filter(has_text=name)
    await expect(job).to_have_attribute("data-status", "done")
    await expect(job).to_contain_text("120 changed")
    await page.keyboard.press("Escape")


async def _save_as_a_segment(page: Page, shot: Shot, name: str, word: str) -> None:
    dialog = page.get_by_role("dialog")
    await page.get_by_role("button", name="Save as segment").click()
    await dialog.get_by_label("Name").fill(name)
    await page.keyboard.press("Enter")
    await dialog.get_by_role("link", name="Open Segments").click()
    await expect(page.get_by_role("heading", name="Segments", exact=True)).to_be_visible()
    await expect(dialog).to_have_count(0)
    row = await _found(page, name)
    await expect(row).to_contain_text("By rule")
    await expect(row).to_contain_text("120")
    await row.focus()
    await page.keyboard.press("Enter")
    card = page.get_by_test_id("label-card")
    await expect(card).to_contain_text(word)
    await card.get_by_role("button", name="Edit").click()
    await expect(card.get_by_label("Name, email or phone begins with")).to_have_value(word)
    await _looks(page, shot, "segment-edit")
    await card.get_by_role("button", name="Cancel").click()
    await page.keyboard.press("Escape")


async def _delete_the_group(page: Page, shot: Shot, name: str) -> None:
    await page.get_by_role("link", name="Contact groups").click()
    await expect(page.get_by_role("heading", name="Contact groups")).to_be_visible()
    row = await _found(page, name)
    await row.focus()
    await page.keyboard.press("Enter")
    card = page.get_by_test_id("label-card")
    await expect(card.get_by_test_id("people")).to_have_text("120")
    await card.get_by_role("button", name="Delete the contact group").click()
    ask = card.get_by_role("alertdialog")
    await expect(ask.get_by_role("button", name="Delete the contact group")).to_be_disabled()
    await ask.get_by_label("Type 120 to go on").fill("120")
    await _looks(page, shot, "group-delete")
    await ask.get_by_role("button", name="Delete the contact group").click()
    await expect(card).to_have_count(0)


async def test_people_are_merged_exported_blacklisted_and_deleted_after_a_question(
    kith: Kith, page: Page, somebody: int, shot: Shot
) -> None:
    word = f"away{somebody}"
    ids = await _people(kith, somebody, 103, word)
    await page.goto(f"/marketing/visitors?search={word}")
    await expect(page.get_by_test_id("shown")).to_have_text("50 of 103")
    rows, bar = page.get_by_test_id("row"), page.get_by_test_id("selection")
    survivor = await _merge_the_first_two(page, rows)
    assert len((await kith.get(f"/api/identity/clients/{survivor}/merges"))[1]["items"]) == 1
    await expect(page.get_by_test_id("shown")).to_have_text("50 of 102")

    await rows.nth(0).get_by_role("checkbox").check()
    await page.get_by_role("button", name="Export").click()
    await expect(page.get_by_role("menu")).to_contain_text("1 selected")
    async with page.expect_download() as coming:
        await page.get_by_role("menuitem", name="As JSON, one a line").click()
    assert (await (await coming.value).path()).read_text("utf-8").count("\n") == 1

    await bar.get_by_role("button", name="Actions").click()
    await expect(page.get_by_role("menuitem", name="Merge: select two")).to_be_disabled()
    await _looks(page, shot, "actions-menu")
    await page.get_by_role("menuitem", name="Blacklist").click()
    ask = page.get_by_role("alertdialog", name="Blacklist 1 person?")
    await expect(ask.get_by_role("button", name="Cancel")).to_be_focused()
    await ask.get_by_role("button", name="Blacklist").click()
    await expect(ask.get_by_role("alert")).to_have_text("Say why.")
    await expect(ask.get_by_label("Reason")).to_be_focused()
    await page.keyboard.type("asked us not to write")
    await _looks(page, shot, "action-blacklist")
    await ask.get_by_role("button", name="Blacklist").click()
    await expect(bar).to_have_count(0)
    await _is_done(page, "Blacklist people", "1 blacklisted")

    await rows.nth(0).get_by_role("checkbox").check()
    await bar.get_by_role("button", name="Select all 102 that match").click()
    actions = bar.get_by_role("button", name="Actions")
    await actions.click()
    await page.get_by_role("menuitem", name="Delete").click()
    ask = page.get_by_role("alertdialog", name="Delete 102 people?")
    await ask.get_by_role("button", name="Cancel").click()
    await expect(actions).to_be_focused()
    await actions.click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(ask.get_by_role("button", name="Delete")).to_be_disabled()
    await ask.get_by_label("Type 102 to go on").fill("102")
    await _looks(page, shot, "action-delete")
    await ask.get_by_role("button", name="Delete").click()
    await _is_done(page, "Delete people", "102 deleted")
    await expect(rows).to_have_count(0)
    assert {(await kith.get(f"/api/identity/clients/{id_}"))[0] for id_ in (ids[0], survivor)} == {404}


async def _merge_the_first_two(page: Page, rows: Locator) -> str:
    """Merge the second client into the first; returns the id of the one that stays."""
    await rows.nth(0).get_by_role("checkbox").check()
    await rows.nth(1).get_by_role("checkbox").check()
    await page.get_by_test_id("selection").get_by_role("button", name="Actions").click()
    await page.get_by_role("menuitem", name="Merge the two").click()
    preview = page.get_by_test_id("merge-preview")
    await expect(preview).to_be_visible()
    survivor = page.url.partition("?")[0].rpartition("/")[2]
    await preview.get_by_role("button", name="Merge", exact=True).click()
    await expect(preview).to_have_count(0)
    await expect(page).not_to_have_url(re.compile("merge="))
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    return survivor


async def test_a_tag_is_made_by_keyboard_recoloured_merged_and_deleted(
    kith: Kith, page: Page, somebody: int, shot: Shot
) -> None:
    name, other = f"warm{somebody}", f"hot{somebody}"
    await kith.call("POST", "/api/identity/tags", body={"name": other, "color": "red"})
    [client] = await _people(kith, somebody, 1)
    await page.goto("/marketing/tags")
    await page.get_by_role("button", name="New tag").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Name")).to_be_focused()
    await page.keyboard.type(name)
    await page.keyboard.press("Tab")
    await expect(dialog.get_by_role("radio", name="Grey")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(dialog.get_by_role("radio", name="Red")).to_be_checked()
    await page.keyboard.press("ArrowRight")
    await expect(dialog.get_by_role("radio", name="Pink")).to_be_checked()
    await _looks(page, shot, "tag-new")
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    tag = (await kith.get("/api/identity/tags", search=name))[1]["items"][0]
    assert (tag["name"], tag["color"]) == (name, "pink")
    await kith.call("PUT", f"/api/identity/clients/{client}/tags", body={"tags": [tag["id"]]})

    card = await _opened(page, name)
    await card.get_by_role("button", name="Edit").click()
    await card.get_by_role("radio", name="Pink").focus()
    await page.keyboard.press("ArrowLeft")
    await expect(card.get_by_role("radio", name="Red")).to_be_checked()
    await card.get_by_role("button", name="Save").click()
    await expect(card.get_by_role("button", name="Edit")).to_be_visible()
    assert (await kith.get(f"/api/identity/tags/{tag['id']}"))[1]["color"] == "red"

    await card.get_by_role("button", name="Merge").click()
    await card.get_by_role("combobox").or_(card.get_by_role("textbox")).first.fill(other)
    await page.get_by_role("option", name=other).click()
    await _looks(page, shot, "tag-merge")
    await card.get_by_role("alertdialog").get_by_role("button", name="Merge").click()
    await expect(card).to_have_count(0)
    await page.get_by_test_id("tray").click()
    await expect(page.get_by_test_id("job").filter(has_text=name)).to_have_attribute("data-status", "done")
    await page.keyboard.press("Escape")
    assert [one["name"] for one in (await kith.get(f"/api/identity/clients/{client}"))[1]["tags"]] == [other]

    card = await _opened(page, other)
    await expect(card.get_by_test_id("people")).to_have_text("1")
    await card.get_by_role("button", name="Delete the tag").click()
    await card.get_by_role("alertdialog").get_by_role("button", name="Delete the tag").click()
    await expect(card).to_have_count(0)
    await expect(page.get_by_test_id("row").filter(has_text=other)).to_have_count(0)


async def _opened(page: Page, name: str) -> Locator:
    row = await _found(page, name)
    await row.focus()
    await page.keyboard.press("Enter")
    return page.get_by_test_id("label-card")


async def _is_done(page: Page, what: str, result: str) -> None:
    await page.get_by_test_id("tray").click()
    job = page.get_by_test_id("job").filter(has_text=what).first
    await expect(job).to_have_attribute("data-status", "done")
    await expect(job).to_contain_text(result)
    await page.keyboard.press("Escape")


async def _people(kith: Kith, somebody: int, number: int, word: str = "Ann") -> list[str]:
    """Have so many clients."""
    found: list[str] = []
    for place in range(number):
        body = {"name": f"{word} {somebody} {place}", "source": "instagram"}
        status, made = await kith.call("POST", "/api/identity/clients", body=body)
        assert status == 201, made
        found.append(made["id"])
    return found


async def _looks(page: Page, shot: Shot, name: str) -> None:
    """Look at the page in light and in dark: nothing serious found, and a picture of each."""
    for scheme in ("light", "dark"):
        await turn(page, scheme)
        await nothing_serious(page)
        await page.screenshot(path=shot(f"{name}-{scheme}"))
    await page.emulate_media(color_scheme="light")
