"""What the demo's shop tells is taken whole by the contacts API, and is there once however often it is told."""

from datetime import UTC, datetime

from deploy.cli import demo_shop
from tests.identity.house import House


async def test_all_that_the_demo_s_shop_tells_is_taken_and_nothing_twice(house: House, workspace: str) -> None:
    now = datetime.now(UTC)
    bodies = {
        "contacts": {"dedupe_on": "phone", "contacts": demo_shop.CUSTOMERS},
        "events": {"events": demo_shop.events(now)},
        "orders": {"orders": demo_shop.orders(now)},
    }
    async with house.caller(workspace) as api:
        for results in ({"created"}, {"unchanged"}):
            for what, body in bodies.items():
                answer = await api.post(f"/api/identity/{what}", json=body)
                assert {row["result"] for row in answer.json()["results"]} == results, answer.text
    nora = next(client for client in await house.clients(workspace) if client.contact_key == "customer-1001")
    assert (nora.time_zone, nora.address.city if nora.address else None) == ("Europe/Oslo", "Oslo")
