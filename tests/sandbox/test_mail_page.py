"""The sandbox's mails in a real Chromium: what was sent, and the mail server's faults."""

import os
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.sandbox.conftest import Sandbox
from tests.sandbox.test_page import browser, page

__all__ = ["browser", "page"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KITH_SCREENSHOTS")


async def send(sandbox: Sandbox, to: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "kith@example.com", to, subject
    message.set_content(text)
    await aiosmtplib.send(message, hostname="127.0.0.1", port=sandbox.mail_port, start_tls=False)


async def test_mails_are_read_and_their_faults_switched(page: Page, sandbox: Sandbox) -> None:
    await page.goto(f"{sandbox.address}/")
    await page.get_by_role("navigation", name="Channels").get_by_role("link", name="Mail").click()
    await expect(page.get_by_text("No mail yet")).to_be_visible()
    await send(sandbox, "ann@example.com", "New message in Größe", "Somebody left a message.\nRead it in Kith.")
    await expect(page.get_by_role("heading", name="New message in Größe")).to_be_visible()
    mail = page.get_by_role("main")
    for told in ("kith@example.com", "ann@example.com", "Read it in Kith."):
        await expect(mail).to_contain_text(told)
    await send(sandbox, "bob@example.com", "Second", "<b>not bold</b>")
    mails = page.get_by_role("navigation", name="Mails").get_by_role("link")
    await expect(mails).to_have_count(2)
    await expect(page.get_by_role("heading", name="New message in Größe")).to_be_visible()  # what is read stays
    await mails.first.click()
    await expect(mail).to_contain_text("<b>not bold</b>")
    await mail.get_by_text("As it came").click()
    await expect(mail).to_contain_text("Subject: Second")
    await page.go_back()
    await page.get_by_label("Only to").fill("ann@example.com")
    await expect(mails).to_have_count(1)

    await page.get_by_label("No such mailbox (550)").select_option("Once")
    await expect(page.get_by_role("button", name="All off")).to_be_visible()
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send(sandbox, "ann@example.com", "Third", "…")
    await expect(page.get_by_label("No such mailbox (550)")).to_have_value("off")
    found = await Axe().run(page)
    assert [one["id"] for one in found.response["violations"] if one["impact"] in {"serious", "critical"}] == []
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / "sandbox-mail.png")
