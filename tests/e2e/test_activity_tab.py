"""The Contact activity tab in a real Chromium: what a shop told and what Kith saw, by kind and period."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.kith import Kith, until
from tests.e2e.looks import nothing_serious, turn

pytestmark = pytest.mark.browser
Shot = Callable[[str], str]


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


_BAR = (
    "row => (({ borderLeftWidth, borderLeftColor }) => `${borderLeftWidth} ${borderLeftColor}`)(getComputedStyle(row))"
)
_BROWN = {"light": "rgb(127, 85, 57)", "dark": "rgb(200, 160, 126)"}
_RED = {"light": "rgb(201, 42, 42)", "dark": "rgb(255, 135, 135)"}


async def tell(kith: Kith, what: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    status, answer = await kith.call("POST", f"/api/identity/{what}", body=body)
    assert status == 200, answer
    assert answer["refused"] == 0, answer
    return answer["results"]


async def test_what_a_client_did_is_read_by_kind_and_period(kith: Kith, agent: Page, somebody: int, shot: Shot) -> None:
    key, page = f"customer-{somebody}", agent
    row = {"contact_key": key, "name": "李小龙 🐉", "surname": "ليلى", "email": f"li.{somebody}@example.com"}
    (made,) = await tell(kith, "contacts", {"dedupe_on": "contact_key", "contacts": [row]})
    who = {"contact_key": key}

    await page.goto(f"/clients/{made['id']}")
    await page.get_by_role("tab", name="Contact activity").click()
    await expect(page.get_by_text("Nothing has happened yet")).to_be_visible()
    await page.screenshot(path=shot("activity-empty"))

    old = [{"name": f"Viewed {number}", "contact": who, "at": ago(200 + number)} for number in range(55)]
    left = {"name": "Left a basket", "contact": who, "at": ago(3), "workflows": ["Forgotten basket", "Autumn sale"]}
    await tell(kith, "events", {"events": [*old, left]})
    order = {"contact": who, "currency": "EUR", "date": ago(100), "status": "in delivery"}
    items = [{"name": "Blue shoes", "quantity": 1}, {"name": "Wool socks", "quantity": 4}]
    bought = {**order, "external_id": f"{somebody}", "amount": "1129.90", "items": items}
    await tell(kith, "orders", {"orders": [bought]})

    await page.reload()
    await page.get_by_role("tab", name="Contact activity").click()
    rows = page.get_by_test_id("activity")
    await expect(rows.first).to_contain_text("Left a basket")
    await expect(rows.first).to_contain_text("Started: Forgotten basket, Autumn sale")
    await expect(rows.first).to_contain_text("Event")
    await expect(rows.nth(1)).to_contain_text(f"Order {somebody} · €1,129.90")
    await expect(rows.nth(1)).to_contain_text("in delivery")
    await expect(rows).to_have_count(50)
    await page.get_by_test_id("activity-tab").get_by_role("button", name="Load more").click()
    await expect(rows).to_have_count(57)
    for scheme in ("light", "dark"):
        await turn(page, scheme)
        await rows.first.scroll_into_view_if_needed()
        bars = [await rows.nth(number).evaluate(_BAR) for number in range(2)]
        assert bars == [f"4px {_BROWN[scheme]}", f"4px {_RED[scheme]}"]
        await page.screenshot(path=shot(f"activity-{scheme}"))
        await nothing_serious(page)

    await _by_keyboard(page)
    await _periods(page)

    await page.route("**/activity?*", lambda route: route.abort())
    await page.get_by_text("All activity", exact=True).click()
    await page.get_by_role("combobox", name="Period").click()
    await page.get_by_role("option", name="Last 90 days").click()
    await expect(page.get_by_test_id("activity-tab").get_by_role("alert")).to_be_visible()
    await page.screenshot(path=shot("activity-away"))
    await page.unroute("**/activity?*")
    await page.get_by_role("button", name="Try again").click()
    await expect(rows).to_have_count(1)


async def _by_keyboard(page: Page) -> None:
    """Choose Orders with the arrows alone; they are those of the whole time, and say so."""
    await page.get_by_role("radio", name="All activity").focus()
    for _ in range(3):
        await page.keyboard.press("ArrowRight")
    rows = page.get_by_test_id("activity")
    await expect(rows).to_have_count(1)
    await expect(rows.first).to_contain_text(re.compile("Order .*1,129.90"))
    await expect(page.get_by_text("Orders are always shown for the whole time.")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Period")).to_have_count(0)


async def _periods(page: Page) -> None:
    """Choose a period, own dates among them, and lead back from a time in which nothing was."""
    rows = page.get_by_test_id("activity")
    await page.get_by_text("Events", exact=True).click()
    await page.get_by_role("combobox", name="Period").click()
    await page.get_by_role("option", name="Last 7 days").click()
    await expect(rows).to_have_count(1)
    await page.get_by_role("combobox", name="Period").click()
    await page.get_by_role("option", name="Own dates").click()
    await page.get_by_label("To", exact=True).fill("2001-01-31")
    await expect(page.get_by_text("Nothing in this time")).to_be_visible()
    await page.get_by_role("button", name="Show all time").click()
    await expect(rows).to_have_count(50)


async def test_what_somebody_does_in_a_chat_stands_there_by_itself(kith: Kith, agent: Page, somebody: int) -> None:
    await kith.say(somebody, {"text": "hello", "person": {"first_name": "Nora"}})
    await kith.say(somebody, {"contact": {"own": True, "phone": f"+4791{somebody % 1_000_000:06}"}})

    async def client() -> str | None:
        _, page = await kith.get("/api/identity/chat-contacts", search=str(somebody))
        return page["items"][0]["client_id"] if page["items"] else None

    id_ = await until(client)
    await agent.goto(f"/clients/{id_}")
    await agent.get_by_role("tab", name="Contact activity").click()
    rows = agent.get_by_test_id("activity")
    await expect(rows).to_have_count(2)
    await expect(rows.filter(has_text=re.compile("Wrote for the first time.*on Telegram"))).to_have_count(1)
    await expect(rows.filter(has_text="Gave a phone number")).to_have_count(1)


async def test_the_demo_s_shop_has_told_of_its_customers(kith: Kith) -> None:
    async def nora() -> str | None:
        _, page = await kith.get("/api/identity/clients", search="nora.bakke@example.com")
        return page["items"][0]["id"] if page["items"] else None

    _, page = await kith.get(f"/api/identity/clients/{await until(nora)}/activity", kind="orders")
    assert [item["order"]["external_id"] for item in page["items"]] == ["5002", "5001"]
