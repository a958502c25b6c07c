"""Settings → Users and API keys in a real Chromium: an admin's pages, and what the invited person sees."""

import re
import time
from collections.abc import AsyncGenerator, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
PASSWORD = "seven quiet herons"


@pytest.fixture(params=["light", "dark"])
async def admin(
    request: pytest.FixtureRequest, kith: Kith, browser: Browser
) -> AsyncGenerator[tuple[Page, Callable[[str], str]]]:
    """Give a page on which an admin has signed in, and the end of a screenshot's name."""
    scheme: str = request.param
    page = await browser.new_page(
        base_url=kith.origin,
        viewport={"width": 1360, "height": 820},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    await sign_in(page, kith, "admin")
    yield page, lambda name: f"{name}-{scheme}"
    await page.close()


async def test_somebody_invited_chooses_a_password_and_is_in_with_that_role_only(
    kith: Kith, browser: Browser, admin: tuple[Page, Callable[[str], str]], somebody: int, shot: Shot
) -> None:
    page, named = admin
    email = f"nia.{somebody}@example.com"
    link = await _invited(page, kith, email, lambda name: shot(named(name)))
    row = page.get_by_role("row").filter(has_text=email)

    context = await browser.new_context(
        base_url=kith.origin, locale="en-GB", color_scheme="dark" if named("").endswith("dark") else "light"
    )
    guest = await context.new_page()
    await guest.goto(link)
    await expect(guest.get_by_role("heading", name=re.compile("^Join "))).to_be_visible()
    await expect(guest.get_by_text("invites you to work here as Marketer")).to_be_visible()
    await guest.get_by_label("Choose a password").fill("short")
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_text("so far there are 5")).to_be_visible()
    await _is_accessible(guest)
    await guest.screenshot(path=shot(named("join")))
    await guest.get_by_label("Choose a password").fill(PASSWORD)
    await guest.keyboard.press("Enter")
    await expect(guest.get_by_role("heading", name="Clients")).to_be_visible()
    await expect(guest.get_by_test_id("role")).to_have_text("Marketer")
    await expect(guest.get_by_role("link", name="Users")).to_have_count(0)
    await guest.goto("/settings/users")
    await expect(guest.get_by_text("Your role does not allow this")).to_be_visible()

    other = await browser.new_page(base_url=kith.origin, locale="en-GB")
    await other.goto(link)
    await expect(other.get_by_text("This invitation was used already")).to_be_visible()
    await other.close()

    await page.reload()
    await expect(page.get_by_role("heading", name="Users")).to_be_visible()
    await expect(row).to_have_count(0)
    await _is_out_when_deactivated(page, guest, email, shot(named("user-card")))
    await context.close()


async def _invited(page: Page, kith: Kith, email: str, shot: Shot) -> str:
    """Invite somebody as a marketer, with mistakes on the way; returns the link."""
    await page.get_by_role("link", name="Users").click()
    await expect(page.get_by_role("row").filter(has_text="(you)")).to_be_visible()
    await _is_accessible(page)
    await page.screenshot(path=shot("users"))
    await page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("no email is sent yet")
    await dialog.get_by_role("button", name="Make the link").click()
    await expect(dialog).to_contain_text("Enter their email.")
    await dialog.get_by_label("Email").fill(kith.users["agent"]["email"])
    await dialog.get_by_label("Name").fill("Nia Newcomer")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("Somebody signs in with this email already.")
    await dialog.get_by_label("Email").fill(email)
    await dialog.get_by_label("Marketer").check()
    await _is_accessible(page)
    await page.screenshot(path=shot("invite"))
    await dialog.get_by_role("button", name="Make the link").click()
    link = await dialog.get_by_test_id("once").input_value()
    assert link.startswith(f"{kith.origin}/invitation#")
    await expect(dialog).to_contain_text("shown this once")
    await page.screenshot(path=shot("invite-link"))
    await dialog.get_by_role("button", name="Done").click()
    await page.get_by_text(re.compile("^Invitations")).click()
    row = page.get_by_role("row").filter(has_text=email)
    await expect(row).to_contain_text("Pending")
    await expect(row).to_contain_text("in 6 days")
    await page.screenshot(path=shot("invitations"))
    return link


async def _is_out_when_deactivated(page: Page, guest: Page, email: str, path: str) -> None:
    await page.goto(f"/settings/users?search={email}")
    await page.get_by_role("row").filter(has_text=email).click()
    card = page.get_by_role("dialog")
    await card.get_by_role("switch", name="May sign in").click()
    await expect(card).to_contain_text("Deactivated: signed out everywhere.")
    began = time.monotonic()
    await guest.goto("/clients")
    await expect(guest.get_by_role("heading", name="Sign in to Kith")).to_be_visible(timeout=5_000)
    assert time.monotonic() - began < 5.0
    await _is_accessible(page)
    await page.screenshot(path=path)


async def test_the_last_admin_is_told_why_they_stay(
    kith: Kith, admin: tuple[Page, Callable[[str], str]], shot: Shot
) -> None:
    page, named = admin
    await page.goto(f"/settings/users?search={kith.users['admin']['email']}")
    row = page.get_by_role("row").filter(has_text="(you)")
    await row.focus()
    await page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    await card.get_by_label("Role").select_option("agent")
    await card.get_by_role("alertdialog").get_by_role("button", name="Change it").click()
    await expect(card.get_by_role("alert").filter(has_text="last active admin")).to_be_visible()
    await expect(card.get_by_label("Role")).to_have_value("admin")
    await _is_accessible(page)
    await page.screenshot(path=shot(named("last-admin")))
    await page.keyboard.press("Escape")
    await expect(card).to_be_hidden()
    await expect(row).to_be_focused()


async def test_a_key_is_shown_once_and_refused_soon_after_it_is_revoked(
    kith: Kith, admin: tuple[Page, Callable[[str], str]], somebody: int, shot: Shot
) -> None:
    page, named = admin
    name = f"Importer {somebody}"
    await page.get_by_role("link", name="API keys").click()
    await page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Make a key").click()
    await expect(dialog).to_contain_text("Enter a name.")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("Read people").check()
    await _is_accessible(page)
    await page.screenshot(path=shot(named("key-new")))
    await dialog.get_by_role("button", name="Make a key").click()
    key = await dialog.get_by_test_id("once").input_value()
    await page.screenshot(path=shot(named("key-made")))
    await dialog.get_by_role("button", name="Done").click()

    async def status() -> int:
        return (await kith.get("/api/identity/clients", key=key))[0]

    async def is_let_in() -> bool:
        return await status() == 200

    await until(is_let_in)
    assert (await kith.get("/api/console/users", key=key))[0] == 403
    await page.screenshot(path=shot(named("keys")))
    await page.get_by_role("row").filter(has_text=name).click()
    card = page.get_by_role("dialog")
    await card.get_by_role("button", name="Revoke").click()
    assert await status() == 200  # it only asked
    await page.screenshot(path=shot(named("key-card")))
    await card.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()

    began = time.monotonic()
    await expect(card).to_contain_text("Revoked")

    async def is_out() -> bool:
        return await status() == 401

    await until(is_out)
    assert time.monotonic() - began < 5.0
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("Revoked")
    await _is_accessible(page)


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], [node["html"] for node in v["nodes"][:3]]) for v in serious]
