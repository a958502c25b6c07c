"""What each channel's side sends, with its proof. Nothing of Kith is imported: the load starts anew for each round."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

TEXT = "Good morning, is the blue one still there?"
ORIGIN = "https://www.example.com"
NUMBER_ID = "106540352242922"
PAGE_ID = "104567"
INSTAGRAM_ID = "17841400000000001"
CONNECTIONS = {
    channel: f"con_{channel}" for channel in ("telegram", "whatsapp", "messenger", "instagram", "widget", "custom")
}
GATHERED = 5
"""Updates that Meta puts into one webhook here: it sends one while little happens, and gathers them under load."""
WRITE_AGAIN = 500
"""People on WhatsApp who write again and again."""
_BEGAN = 1_795_348_800

Headers = Mapping[str, str]
Maker = Callable[[int, int, str], tuple[Headers, bytes]]
"""Makes a request of its number, a person, and the secret, token or key that proves it."""


def telegram(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    named = {"id": person, "first_name": "Ann", "last_name": "Example", "username": f"ann{person}"}
    message = {
        "message_id": number,
        "from": {**named, "is_bot": False, "language_code": "en"},
        "chat": {**named, "type": "private"},
        "date": _BEGAN + number % 1000,
        "text": TEXT,
    }
    body = json.dumps({"update_id": number, "message": message}).encode()
    return {"x-telegram-bot-api-secret-token": proof}, body


def whatsapp(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    """People who write again: a process remembers by which ids they were named."""
    return _whatsapp(number, [(person + 17 * one) % WRITE_AGAIN for one in range(GATHERED)], proof)


def whatsapp_new(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    """People who write for the first time: each is made known by both ids before the answer."""
    del person
    return _whatsapp(number, [WRITE_AGAIN + number * GATHERED + one for one in range(GATHERED)], proof)


def _whatsapp(number: int, people: Sequence[int], proof: str) -> tuple[Headers, bytes]:
    changes = [
        {"field": "messages", "value": _whatsapp_value(number * GATHERED + one, person)}
        for one, person in enumerate(people)
    ]
    entry = {"id": "102290129340398", "changes": changes}
    return _signed(proof, {"object": "whatsapp_business_account", "entry": [entry]})


def _whatsapp_value(number: int, person: int) -> dict[str, Any]:
    phone, user_id = f"479{person:08d}", f"NO.{person:020d}"
    profile = {"name": "Ann Example", "username": f"ann{person}"}
    message = {"from": phone, "from_user_id": user_id, "id": f"wamid.HBgLNDc5{number:044d}", "type": "text"}
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID},
        "contacts": [{"profile": profile, "wa_id": phone, "user_id": user_id}],
        "messages": [{**message, "timestamp": str(_BEGAN + number % 1000), "text": {"body": TEXT}}],
    }


def messenger(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    return _signed(proof, {"object": "page", "entry": _direct(PAGE_ID, number, person)})


def instagram(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    return _signed(proof, {"object": "instagram", "entry": _direct(INSTAGRAM_ID, number, person)})


def _direct(account: str, number: int, person: int) -> list[dict[str, Any]]:
    """Return entries of one item each: Meta promises that `messaging` never holds more."""
    entries: list[dict[str, Any]] = []
    for one in range(GATHERED):
        at = (_BEGAN + number % 1000) * 1000 + one
        message = {"mid": f"m_{number * GATHERED + one:0110d}", "text": TEXT}
        item = {"sender": {"id": f"{person + 17 * one:016d}"}, "recipient": {"id": account}, "timestamp": at}
        entries.append({"id": account, "time": at, "messaging": [{**item, "message": message}]})
    return entries


def _signed(secret: str, update: dict[str, Any]) -> tuple[Headers, bytes]:
    body = json.dumps(update).encode()
    signature = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    return {"x-hub-signature-256": f"sha256={signature}"}, body


def widget(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    del person  # the device that the token is of is the person
    payload = {"text": TEXT, "language": "en"}
    told = {"event_id": f"ev_{number:016d}", "type": "message", "ts": _now(), "payload": payload}
    return {"authorization": f"Bearer {proof}", "origin": ORIGIN}, json.dumps(told).encode()


def custom(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    return {"authorization": f"Bearer {proof}"}, json.dumps(_item(number, person)).encode()


def custom_many(number: int, person: int, proof: str) -> tuple[Headers, bytes]:
    items = [_item(number * 100 + one, person + 17 * one) for one in range(100)]
    return {"authorization": f"Bearer {proof}"}, json.dumps(items).encode()


def _item(number: int, person: int) -> dict[str, Any]:
    sender = {"name": "Ann Example", "username": f"ann{person}", "language": "en"}
    item = {"connection_id": CONNECTIONS["custom"], "id": f"sms-{number}", "contact_id": f"{person}", "time": _now()}
    return {**item, "text": TEXT, "sender": sender}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


MAKERS: Mapping[str, Maker] = {
    "telegram": telegram,
    "whatsapp": whatsapp,
    "whatsapp_new": whatsapp_new,
    "messenger": messenger,
    "instagram": instagram,
    "widget": widget,
    "custom": custom,
    "custom_many": custom_many,
}
