"""The demo's shop: what its customers ordered and did, told through the contacts API as any shop would."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.cli.api import Api, problem_of
from deploy.cli.output import give_up

KNOWN_WITHIN = 20.0
"""Seconds until identity has heard of the key that was just made."""
CUSTOMERS = (
    {
        "phone": "+4791234501",
        "name": "Nora",
        "surname": "Bakke",
        "source": "telegram",
        "contact_key": "customer-1001",
        "email": "nora.bakke@example.com",
        "language": "nb",
        "time_zone": "Europe/Oslo",
        "tags": ["Customer"],
        "push_tokens": [{"kind": "web", "token": "demo-web-push-nora", "label": "Firefox"}],
    },
    {
        "phone": "+919876543210",
        "name": "प्रिया",
        "surname": "शर्मा",
        "source": "telegram",
        "contact_key": "customer-1002",
        "language": "hi",
        "time_zone": "Asia/Kolkata",
        "tags": ["Customer"],
    },
)
"""Both share their own phones with the bot: whichever comes first, the shop's word or theirs, they are one client."""
_OSLO = {"country": "NO", "city": "Oslo", "street": "Storgata 1", "postcode": "0155"}


def make(api: Api) -> str:
    """Tell of them; told again, nothing is there twice."""
    _tell(api, "contacts", {"dedupe_on": "phone", "contacts": CUSTOMERS})
    _tell(api, "events", {"events": events(datetime.now(UTC))})
    _tell(api, "orders", {"orders": orders(datetime.now(UTC))})
    return "told"


def events(now: datetime) -> list[dict[str, Any]]:
    """Return what the customers did, up to now."""
    nora, priya = ({"contact_key": customer["contact_key"]} for customer in CUSTOMERS)
    return [
        _event("e-1", nora, now, 88, "Subscribed to the newsletter"),
        _event("e-2", nora, now, 6, "Viewed a product", product="Blue shoes", price=129.9),
        _event("e-3", nora, now, 5, "Left a basket", workflows=["Forgotten basket", "Autumn sale"], items=2),
        _event("e-4", priya, now, 2, "Asked for a price", product="Red scarf"),
    ]


def orders(now: datetime) -> list[dict[str, Any]]:
    """Return what the customers ordered, up to now."""
    nora, priya = ({"contact_key": customer["contact_key"]} for customer in CUSTOMERS)
    blue = [{"name": "Blue shoes", "quantity": 1, "price": "129.90"}]
    return [
        {
            **_order("5001", nora, now, 87, "49.00", "EUR", "delivered"),
            "items": [{"name": "Wool socks", "quantity": 4}],
        },
        {**_order("5002", nora, now, 4, "129.90", "EUR", "in delivery"), "items": blue, "address": _OSLO},
        _order("5003", priya, now, 1, "1890", "INR", "new"),
    ]


def _event(id_: str, contact: dict[str, Any], now: datetime, days: int, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  a property's value
    workflows = more.pop("workflows", [])
    at = (now - timedelta(days=days, hours=1)).isoformat()
    return {"id": id_, "name": name, "contact": contact, "at": at, "workflows": workflows, "properties": more}


def _order(
    id_: str, contact: dict[str, Any], now: datetime, days: int, amount: str, currency: str, status: str
) -> dict[str, Any]:
    date = (now - timedelta(days=days)).isoformat()
    return {
        "external_id": id_,
        "contact": contact,
        "amount": amount,
        "currency": currency,
        "status": status,
        "date": date,
        "updated_at": date,
    }


def _tell(api: Api, what: str, body: dict[str, Any]) -> None:
    until = time.monotonic() + KNOWN_WITHIN
    while True:
        answer = api.try_once("POST", f"/api/identity/{what}", json=body)
        if answer.is_success:
            wrong = [row["errors"] for row in answer.json()["results"] if row["result"] == "refused"]
            if wrong:
                give_up(f"The demo's {what} were refused: {wrong}")
            return
        if answer.status_code not in {401, 403, 502, 503} or time.monotonic() > until:
            give_up(f"The demo's {what} were refused ({answer.status_code}): {problem_of(answer)}")
        time.sleep(0.1)
