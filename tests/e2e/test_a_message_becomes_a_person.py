"""From a webhook to a person, over the real broker and database."""

import asyncio
import random
import time
from typing import Any

import pytest

from tests.e2e.kith import Kith, until
from tests.e2e.telegram import a_message


async def test_somebody_who_writes_is_seen_without_contacts_and_answered_in_their_language(
    kith: Kith, somebody: int
) -> None:
    said = await kith.say(
        somebody, {"text": "Guten Tag", "person": {"first_name": "Jürgen", "last_name": "Groß", "language_code": "de"}}
    )
    assert said["outcome"] == "delivered"

    visitor = await until(lambda: kith.visitor(somebody))
    answers = await until(lambda: _answers(kith, somebody, 2))

    assert visitor["contact_id"] == str(somebody)
    assert (visitor["channel"], visitor["bot_id"]) == ("telegram", str(kith.bot["bot_id"]))
    assert (visitor["name"], visitor["language"]) == ("Jürgen Groß", "de")
    assert visitor["first_message"]["text"] == visitor["last_message"]["text"] == "Guten Tag"
    assert visitor["client_id"] is None
    assert not visitor["registered"]
    assert [answer["text"] for answer in answers] == ["Hallo! Danke für Ihre Nachricht.", "Worum geht es?"]


async def test_a_wrong_phone_is_answered_kindly_and_a_right_one_makes_a_client(kith: Kith, somebody: int) -> None:
    for text in ("hi", "An offer", "12"):
        await kith.say(somebody, {"text": text, "person": {"first_name": "Ann", "language_code": "en"}})
    answers = await until(lambda: _answers(kith, somebody, 4))
    assert answers[3]["text"].startswith("Sorry, I could not read that as a phone number or an email address.")
    visitor = await until(lambda: kith.visitor(somebody))

    await kith.say(somebody, {"text": f"+4420794{somebody % 100_000:05d}"})

    contact = await until(lambda: _registered(kith, somebody))
    assert await kith.visitor(somebody) is None
    _, client = await kith.get(f"/api/identity/clients/{contact['client_id']}")
    assert client["registered"]
    assert client["phone"] == f"+4420794{somebody % 100_000:05d}"
    assert not client["phone_verified"]
    assert client["source"] == "telegram"
    (channel,) = client["channels"]
    assert channel["chat_contact"]["id"] == visitor["id"]
    assert (channel["linked"]["how"], channel["linked"]["strength"]) == ("phone", "claimed")
    answers = await until(lambda: _answers(kith, somebody, 5))
    assert answers[-1]["text"] == "Thank you! A colleague will get back to you."


async def test_their_own_contact_card_is_proof_and_somebody_elses_is_a_claim(kith: Kith, somebody: int) -> None:
    other = somebody + 1_000_000_000
    phone = f"+4420795{somebody % 100_000:05d}"
    await kith.say(somebody, {"contact": {"own": True, "phone": phone}, "person": {"first_name": "Own"}})
    owner = await until(lambda: _registered(kith, somebody))
    await kith.say(other, {"contact": {"own": False, "phone": phone, "name": "Own"}, "person": {"first_name": "Other"}})
    claimer = await until(lambda: _registered(kith, other))

    _, owned = await kith.get(f"/api/identity/clients/{owner['client_id']}")
    _, claimed = await kith.get(f"/api/identity/clients/{claimer['client_id']}")

    assert owned["id"] != claimed["id"]
    assert (owned["phone"], owned["phone_verified"]) == (phone, True)
    assert claimed["phone"] is None
    assert [claim["value"] for claim in claimed["claims"]] == [phone]


async def test_one_person_on_two_bots_with_the_same_verified_phone_is_one_client(kith: Kith, somebody: int) -> None:
    card = {"contact": {"own": True, "phone": f"+4420796{somebody % 100_000:05d}"}, "person": {"first_name": "Twin"}}
    await asyncio.gather(kith.say(somebody, card), kith.say(somebody, card, bot=kith.newcomers_bot))

    async def both() -> list[str]:
        _, found = await kith.get("/api/identity/chat-contacts", profile="any", search=str(somebody))
        owners = {item["client_id"] for item in found["items"]}
        registered = [item for item in found["items"] if item["registered"]]
        return [*owners] if len(registered) == 2 and len(owners) == 1 else []

    (client_id,) = await until(both)
    _, client = await kith.get(f"/api/identity/clients/{client_id}")
    assert len(client["channels"]) == 2


async def test_the_same_delivery_three_times_and_out_of_order_is_one_visitor_and_one_message(
    kith: Kith, somebody: int
) -> None:
    updates = [a_message(somebody, f"message {number}") for number in range(5)] * 3
    random.Random(somebody).shuffle(updates)
    assert {await kith.hook(update) for update in updates} == {200}

    async def all_there() -> bool:
        visitor = await kith.visitor(somebody)
        return visitor is not None and visitor["last_message"]["text"] == "message 4"

    await until(all_there)
    _, found = await kith.get("/api/identity/chat-contacts", profile="none", search=str(somebody))
    assert [(v["first_message"]["text"], v["last_message"]["text"]) for v in found["items"]] == [
        ("message 0", "message 4")
    ]
    _, messages = await kith.get(f"/api/ingest/conversations/{found['items'][0]['id']}/messages")
    inbound = [message["text"] for message in messages["items"] if message["direction"] == "in"]
    assert sorted(inbound) == [f"message {number}" for number in range(5)]


async def test_what_the_bot_said_and_whether_it_arrived_stands_in_the_conversation(kith: Kith, somebody: int) -> None:
    await kith.say(somebody, {"text": "hi", "person": {"first_name": "Ann"}})
    visitor = await until(lambda: kith.visitor(somebody))

    async def sent() -> list[str]:
        _, page = await kith.get(f"/api/ingest/conversations/{visitor['id']}/messages")
        found = [message for message in page.get("items", ()) if message["direction"] == "out"]
        return [m["text"] for m in found] if len(found) == 2 and all(m["status"] == "sent" for m in found) else []

    assert await until(sent) == ["What is it about?", "Hello! Thank you for writing to us."]
    _, steps = await kith.get(f"/api/ingest/conversations/{visitor['id']}/steps")
    assert [(step["step"], step["kind"]) for step in steps["items"]] == [("topic", "asked"), ("hello", "said")]
    assert steps["scenario"] == {"name": "Welcome", "state": "waiting", "waits_at": "topic"}


async def test_reactive_off_silences_the_scenario_and_a_block_is_known_everywhere(kith: Kith, somebody: int) -> None:
    await kith.say(somebody, {"text": "hi", "person": {"first_name": "Quiet"}})
    visitor = await until(lambda: kith.visitor(somebody))
    await until(lambda: _answers(kith, somebody, 2))

    status, _ = await kith.call("PATCH", f"/api/identity/chat-contacts/{visitor['id']}", body={"reactive": False})
    assert status == 200
    await kith.say(somebody, {"text": "An offer"})
    await until(lambda: _last_message(kith, somebody, "An offer"))
    await asyncio.sleep(1.0)
    assert len(await kith.answers(somebody)) == 2

    await kith.say(somebody, {"block": True})
    assert await until(lambda: _blocked(kith, somebody, blocked=True))
    await kith.say(somebody, {"unblock": True})
    assert await until(lambda: _blocked(kith, somebody, blocked=False))


async def test_somebody_who_writes_to_a_bot_that_takes_everybody_in_is_a_client_without_a_registered_contact(
    kith: Kith, somebody: int
) -> None:
    _, before = await kith.get("/api/identity/clients/counts")
    await kith.say(somebody, {"text": "hi", "person": {"first_name": "New"}}, bot=kith.newcomers_bot)

    async def became_a_client() -> str | None:
        contact = await kith.contact(somebody)
        return contact["client_id"] if contact else None

    client_id = await until(became_a_client)
    _, client = await kith.get(f"/api/identity/clients/{client_id}")
    assert not client["registered"]
    assert client["channels"][0]["linked"]["how"] == "first_message"

    async def counted() -> bool:
        _, now = await kith.get("/api/identity/clients/counts")
        return now["all"] == now["registered"] + now["not_registered"] and (
            now["not_registered"] > before["not_registered"]
        )

    assert await until(counted)


@pytest.mark.parametrize(
    ("content", "label"),
    [
        ({"photo": [{"file_id": "p1", "width": 90, "height": 90}], "caption": "our door"}, "Photo · our door"),
        ({"voice": {"file_id": "v1", "duration": 3}}, "Voice message"),
        ({"document": {"file_id": "d1", "file_name": "offer.pdf"}}, "Document: offer.pdf"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "A kind of message that is not shown here"),
    ],
)
async def test_media_is_kept_with_a_label(kith: Kith, somebody: int, content: dict[str, object], label: str) -> None:
    update = a_message(somebody)
    del update["message"]["text"]
    update["message"] |= content
    assert await kith.hook(update) == 200

    visitor = await until(lambda: kith.visitor(somebody))

    async def kept() -> bool:
        _, messages = await kith.get(f"/api/ingest/conversations/{visitor['id']}/messages")
        return label in [message["text"] for message in messages.get("items", ())]

    assert await until(kept)


async def test_an_edit_changes_the_message_and_an_unknown_update_is_no_error(kith: Kith, somebody: int) -> None:
    first = a_message(somebody, "helo")
    assert await kith.hook(first) == 200
    edit = a_message(somebody, "hello", message_id=first["message"]["message_id"], edit_date=int(time.time()) + 1)
    assert await kith.hook({"update_id": edit["update_id"], "edited_message": edit["message"]}) == 200
    visitor = await until(lambda: kith.visitor(somebody))

    async def edited() -> bool:
        _, messages = await kith.get(f"/api/ingest/conversations/{visitor['id']}/messages")
        return [m["text"] for m in messages.get("items", ()) if m["direction"] == "in"] == ["hello"]

    assert await until(edited)
    before = (await kith.metrics("ingest")).get(UNKNOWN, 0.0)
    assert await kith.hook({"update_id": edit["update_id"] + 5, "chat_boost_of_next_year": {"a": 1}}) == 200
    assert (await kith.metrics("ingest"))[UNKNOWN] == before + 1


UNKNOWN = 'kith_unknown_updates_total{channel="telegram",kind="chat_boost_of_next_year"}'


async def _answers(kith: Kith, chat_id: int, number: int) -> list[dict[str, Any]]:
    found = await kith.answers(chat_id)
    return found if len(found) >= number else []


async def _registered(kith: Kith, chat_id: int) -> dict[str, Any] | None:
    found = await kith.contact(chat_id)
    return found if found and found["registered"] and found["client_id"] else None


async def _last_message(kith: Kith, chat_id: int, text: str) -> bool:
    found = await kith.contact(chat_id)
    return found is not None and found["last_message"]["text"] == text


async def _blocked(kith: Kith, chat_id: int, *, blocked: bool) -> bool:
    found = await kith.contact(chat_id)
    return found is not None and found["blocked"] == blocked
