"""Contacts → Import, export, a person's data and their erasure, in a real Chromium and through a whole Kith."""

import json
import re
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from bson import json_util
from motor.motor_asyncio import AsyncIOMotorClient
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.kith import Kith, until

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]
HERE = "/contacts/import"
OURS = ("ingest", "identity", "notification", "broadcast", "console")


@pytest.fixture
async def admin(kith: Kith, browser: Browser) -> AsyncGenerator[Page]:
    page = await browser.new_page(base_url=kith.origin, viewport={"width": 1360, "height": 900}, locale="en-GB")
    await sign_in(page, kith, "admin")
    yield page
    await page.close()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def is_accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [one for one in found.response["violations"] if one["impact"] in {"serious", "critical"}]
    assert not serious, json.dumps(serious, indent=1)[:3000]


def a_file(folder: Path, somebody: int) -> Path:
    """Write three people: one whole, one with two faults, one with a name of one sign."""
    rows = (
        "Vorname;Nachname;E-Mail;Handy;Notiz",
        f"李{somebody};Ünal;a{somebody}@example.org;0151 23456789;VIP",
        f"ناصر;;b{somebody}@;12;",
        f"😀;;b{somebody}@x.org;;",
    )
    file = folder / "Kunden.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


async def test_a_file_is_mapped_checked_imported_and_taken_out_again(
    admin: Page, somebody: int, shot: Shot, tmp_path: Path
) -> None:
    file = a_file(tmp_path, somebody)
    await admin.get_by_role("link", name="Import", exact=True).click()
    await expect(admin).to_have_url(re.compile(f"{HERE}$"))
    await expect(admin.get_by_role("heading", name="Import", exact=True)).to_be_visible()
    await is_accessible(admin)
    await admin.screenshot(path=shot("imports-empty-light"))
    await admin.get_by_role("link", name="Import a file").first.click()
    await admin.locator("input[type=file]").set_input_files(str(file))
    await is_accessible(admin)
    await admin.screenshot(path=shot("import-new-light"))
    await admin.get_by_role("button", name="Upload").click()

    mapping = admin.get_by_role("region", name="What the columns are")
    await expect(mapping).to_be_visible()
    await expect(mapping.get_by_label("What E-Mail is")).to_have_value("Email")
    await expect(mapping.get_by_label("What Notiz is")).to_have_value("")
    await expect(mapping).to_contain_text(f"李{somebody}")
    await mapping.get_by_label("Country of phones without a code").fill("de")
    await is_accessible(admin)
    await admin.screenshot(path=shot("import-mapping-light"), full_page=True)
    await admin.get_by_role("button", name="Check the file").click()

    run = admin.get_by_role("button", name="Import 2 people")
    await expect(run).to_be_visible()
    faults = admin.get_by_role("region", name="What is wrong")
    await expect(faults).to_contain_text("E-Mail")
    await expect(faults.get_by_role("row")).to_have_count(3)  # two faults of one row, and the header
    async with admin.expect_download() as coming:
        await faults.get_by_role("button", name="Download as CSV").click()
    assert "E-Mail" in text_of(await (await coming.value).path())
    await is_accessible(admin)
    await admin.emulate_media(color_scheme="dark")
    await admin.screenshot(path=shot("import-checked-dark"), full_page=True)
    await is_accessible(admin)
    await admin.emulate_media(color_scheme="light")
    await run.click()
    await expect(admin.get_by_test_id("import")).to_have_attribute("data-status", "done")
    await is_exported_and_taken_out_again(admin, somebody, shot)


async def is_exported_and_taken_out_again(admin: Page, somebody: int, shot: Shot) -> None:
    await admin.screenshot(path=shot("import-done-light"), full_page=True)

    await admin.goto(f"/clients?search=a{somebody}@example.org")
    row = admin.get_by_role("row").filter(has_text=f"李{somebody}")
    await expect(row).to_be_visible()
    await expect(row).to_contain_text("+4915123456789")
    await admin.get_by_role("button", name="Export").click()
    async with admin.expect_download() as coming:
        await admin.get_by_role("menuitem", name="As CSV, for spreadsheets").click()
    exported = text_of(await (await coming.value).path())
    assert len(exported.strip().splitlines()) == 2
    assert "'+4915123456789" in exported

    await admin.goto(HERE)
    await admin.get_by_role("row").filter(has_text="Kunden.csv").first.press("Enter")
    await admin.get_by_role("button", name="Undo this import").click()
    question = admin.get_by_role("alertdialog")
    await expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    await question.get_by_role("button", name="Undo this import").click()
    await expect(admin.get_by_test_id("import")).to_have_attribute("data-status", "undone")
    await admin.goto(f"/clients?search=a{somebody}@example.org")
    await expect(row).to_be_hidden()


async def test_the_command_line_imports_and_undoes(kith: Kith, somebody: int, tmp_path: Path) -> None:
    file = a_file(tmp_path, somebody)
    only = await kith.command("import", str(file), "--check", "--country", "DE", "--map", "Notiz=tags")
    assert (only["status"], only["counts"]["made"], len(only["faults"])) == ("checked", 2, 2)
    done = await kith.command("import", str(file), "--country", "DE", "--map", "Notiz=tags")
    assert (done["status"], done["counts"]["made"]) == ("done", 2)
    _, found = await kith.get("/api/identity/clients", search=f"a{somebody}@example.org")
    assert [tag["name"].lower() for tag in found["items"][0]["tags"]] == ["vip"]
    undone = await kith.command("import", done["id"], "--undo")
    assert (undone["status"], undone["counts"]["removed"]) == ("undone", 2)


async def databases(kith: Kith) -> str:
    """Write out every collection of every service."""
    mongo: Any = AsyncIOMotorClient(f"mongodb://127.0.0.1:{kith.ports['mongo']}/?directConnection=true")
    try:
        found: dict[str, Any] = {}
        for service in OURS:
            owned = mongo[f"kith_{service}"]
            for name in await owned.list_collection_names():
                found[f"{service}.{name}"] = await owned[name].find({}).to_list(None)
        return json.dumps(json.loads(json_util.dumps(found)), ensure_ascii=False)
    finally:
        mongo.close()


async def test_a_person_is_downloaded_whole_then_erased_from_every_service(
    kith: Kith, admin: Page, somebody: int, shot: Shot
) -> None:
    canary = f"Xanthippe{somebody}"
    await kith.say(somebody, {"text": f"I am {canary}", "person": {"first_name": canary, "language_code": "en"}})
    await kith.say(somebody, {"contact": {"own": True, "phone": f"+4915{somebody}"}})

    async def client_id() -> str | None:
        found = await kith.contact(somebody)
        return found["client_id"] if found else None

    client = await until(client_id)
    contact = await kith.contact(somebody)
    assert contact is not None
    assert canary in await databases(kith)

    await admin.goto(f"/clients/{client}")
    await admin.get_by_role("button", name="Personal data").click()
    async with admin.expect_download() as coming:
        await admin.get_by_role("menuitem", name="Download all data").click()
    content = json.loads(text_of(await (await coming.value).path()))
    by_service = {part["service"]: part["parts"] for part in content["services"]}
    assert set(by_service) == {"identity", "ingest", "notification", "broadcast"}
    assert any(canary in message["text"] for message in by_service["ingest"]["messages"])
    assert by_service["broadcast"]["deliveries"], "what the bot said to them"

    await admin.get_by_role("button", name="Personal data").click()
    await admin.get_by_role("menuitem", name="Erase for good…").click()
    question = admin.get_by_role("alertdialog")
    await expect(question).to_contain_text("their chats (1)")
    await expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    await is_accessible(admin)
    await admin.screenshot(path=shot("erase-asks-light"))
    await question.get_by_role("button", name="Erase for good").click()
    certificate = admin.get_by_test_id("certificate")
    await expect(certificate).to_have_attribute("data-complete", "true")
    await is_accessible(admin)
    await admin.screenshot(path=shot("erased-certificate-light"))
    async with admin.expect_download() as coming:
        await certificate.get_by_role("button", name="Download the certificate").click()
    told = json.loads(text_of(await (await coming.value).path()))
    assert {part["service"]: part["done"] for part in told["parts"]} == dict.fromkeys(by_service, True)
    assert next(part for part in told["parts"] if part["service"] == "ingest")["removed"]["messages"] >= 2
    await admin.get_by_role("button", name="Done").click()
    await expect(admin).to_have_url(re.compile("/clients$"))

    await admin.get_by_role("link", name="Erasures", exact=True).click()
    await admin.get_by_role("row").filter(has_text=client).press("Enter")
    await expect(admin.get_by_test_id("certificate")).to_contain_text("Conversations")
    await is_accessible(admin)
    await admin.screenshot(path=shot("erasures-light"))

    everything = await databases(kith)
    place = everything.find(canary)
    assert place < 0, everything[max(0, place - 400) : place + 100]
    assert (await kith.get(f"/api/identity/clients/{client}"))[0] == 404
    assert await kith.contact(somebody) is None
    assert (await kith.get(f"/api/ingest/conversations/{contact['id']}/messages"))[0] == 404
