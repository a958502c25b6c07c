"""The person's side on Meta's channels: what they do arrives in the documented form, as ingest reads it."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.channels.contract import Account as IngestAccount
from services.ingest.channels.instagram.parse import read_instagram
from services.ingest.channels.messenger.parse import read_messenger
from services.ingest.channels.whatsapp.parse import read_whatsapp
from tests.sandbox.conftest import Sandbox
from tests.sandbox.metas import ANN, USER, Account, MetaHook, a_hook, an_account

READERS = {"whatsapp": read_whatsapp, "messenger": read_messenger, "instagram": read_instagram}


@pytest.fixture
async def meta_hook() -> AsyncIterator[MetaHook]:
    async with a_hook() as made:
        yield made


@pytest.fixture
async def number(sandbox: Sandbox, meta_hook: MetaHook) -> Account:
    return await an_account(sandbox, "whatsapp", meta_hook)


@pytest.fixture
async def page(sandbox: Sandbox, meta_hook: MetaHook) -> Account:
    return await an_account(sandbox, "messenger", meta_hook)


@pytest.fixture
async def instagram(sandbox: Sandbox, meta_hook: MetaHook) -> Account:
    return await an_account(sandbox, "instagram", meta_hook)


def read(account: Account, hook: MetaHook) -> Sequence[dict[str, Any]]:
    """Read everything that came as ingest does."""
    secrets = {"token": "x", "app_secret": "x", "verify_token": "x"}
    ours = IngestAccount("ws_1", "con_1", account.channel, secrets, account.id)  # pyright: ignore[reportArgumentType]
    bodies = [json.dumps(body).encode() for body in hook.bodies]
    found = [READERS[account.channel](ours, body, lambda: datetime.now(UTC)) for body in bodies]
    assert not any(one.foreign for one in found)
    return [event.model_dump() for one in found for event in one.events]


async def test_a_number_that_shows_and_one_that_does_not(number: Account, meta_hook: MetaHook) -> None:
    said = await number.says(text="hi", person={**ANN, "shows_phone": False})
    await number.says(text="call me", person=ANN)

    assert (said["outcome"], said["status"]) == ("delivered", 200)
    hidden, shown = meta_hook.values("messages")
    assert "from" not in hidden
    assert hidden["from_user_id"] == shown["from_user_id"] == USER
    assert shown["from"] == "4791234567"
    assert meta_hook.values("contacts")[0] == {"profile": {"name": "Ann Lee", "username": "annlee"}, "user_id": USER}
    events = read(number, meta_hook)
    assert [event["type"] for event in events] == [
        "message.received.v1", "message.received.v1", "details.provided.v1",
    ]  # fmt: skip
    assert {event["chat"]["contact_id"] for event in events} == {USER}
    assert events[2]["details"][0]["value"] == "+4791234567"


async def test_who_is_known_by_their_number_alone(number: Account, meta_hook: MetaHook) -> None:
    await number.says("4790000001", text="hi", person={"name": "Old Phone"})

    (message,) = meta_hook.values("messages")
    assert message["from"] == "4790000001"
    assert "from_user_id" not in message
    assert (await number.send("hello", to="4790000001")).status == 200


async def test_media_places_and_cards(number: Account, meta_hook: MetaHook) -> None:
    await number.says(photo=True, caption="My parcel", person=ANN)
    for what in ("document", "voice", "location"):
        await number.says(number.somebody, **{what: True})
    await number.says(contact={"phone": "+49 151 2345678", "name": "Bob"})

    found = [event for event in read(number, meta_hook) if event["type"] == "message.received.v1"]
    kinds = [event["attachments"][0]["kind"] for event in found]
    assert kinds == ["photo", "document", "voice", "location", "contact"]
    assert found[0]["text"] == "My parcel"
    assert found[4]["card"] == {"phone": "491512345678", "name": "Bob", "own": False}


async def test_buttons_and_lists_are_pressed(number: Account, meta_hook: MetaHook) -> None:
    await number.says(text="hi", person=ANN)
    replies = [{"type": "reply", "reply": {"id": "topic:order", "title": "An order"}}]
    await number.send(
        type="interactive",
        interactive={"type": "button", "body": {"text": "What?"}, "action": {"buttons": replies}},
    )
    rows = [{"id": "topic:offer", "title": "An offer", "description": "Cheap"}]
    menu = {"type": "list", "body": {"text": "Or?"}, "action": {"button": "Menu", "sections": [{"rows": rows}]}}
    await number.send(type="interactive", interactive=menu)
    shown = [message for message in await number.messages() if message["buttons"]]
    assert [one["buttons"][0]["text"] for one in shown] == ["An order", "An offer"]

    for one, data in zip(shown, ("topic:order", "topic:offer"), strict=True):
        await number.says(press={"message_id": one["id"], "data": data})
    nothing = await number.try_says(press={"message_id": shown[0]["id"], "data": "topic:offer"})

    pressed = [event for event in read(number, meta_hook) if event["type"] == "button.pressed.v1"]
    assert [(event["data"], event["message_id"]) for event in pressed] == [
        ("topic:order", shown[0]["mid"]), ("topic:offer", shown[1]["mid"]),
    ]  # fmt: skip
    assert nothing.status == 404
    last = meta_hook.values("messages")[-1]["interactive"]
    assert last == {
        "type": "list_reply", "list_reply": {"id": "topic:offer", "title": "An offer", "description": "Cheap"},
    }  # fmt: skip


async def test_quick_replies_and_buttons_that_stay(page: Account, meta_hook: MetaHook) -> None:
    await page.says(text="hi")
    quick = [
        {"content_type": "text", "title": "An order", "payload": "topic:order"},
        {"content_type": "user_phone_number"},
    ]
    await page.send(message={"text": "What?", "quick_replies": quick})
    asked = (await page.messages())[-1]
    await page.says(press={"message_id": asked["id"], "data": "topic:order"})
    await page.says(postback={"title": "Start", "payload": "GET_STARTED"})
    await page.says(contact={"phone": "+47 912 34 567"})

    assert asked["request_contact"]
    events = [event for event in read(page, meta_hook) if event["type"] != "update.unknown.v1"]
    assert [(event["type"], event.get("data") or event.get("text")) for event in events] == [
        ("message.received.v1", "hi"),
        ("button.pressed.v1", "topic:order"),
        ("message.received.v1", "Start"),
        ("message.received.v1", "+4791234567"),
        ("details.provided.v1", None),
    ]
    phone = meta_hook.items("message")[-1]["message"]
    assert phone["quick_reply"] == {"payload": "+4791234567"}


@pytest.mark.parametrize("form", ["changes", "entry"])
async def test_a_comment_comes_in_both_forms(instagram: Account, meta_hook: MetaHook, form: str) -> None:
    said = await instagram.says(comment={"text": "How much?", "form": form}, person=ANN)

    (entry,) = meta_hook.entries()
    assert ("changes" in entry) == (form == "changes")
    (event,) = read(instagram, meta_hook)
    assert (event["text"], event["comment"]["id"]) == ("How much?", said["mid"])
    assert (event["sender"]["username"], event["chat"]["contact_id"]) == ("annlee", "7788")


async def test_reactions_edits_and_where_people_come_from(page: Account, meta_hook: MetaHook) -> None:
    await page.says(text="hallo", referral={"source": "ad", "id": "120"})
    await page.send("hello")
    await page.says(reaction={"emoji": "👍"})
    await page.says(edit={"text": "hello!"})
    await page.says(referral={"source": "link", "id": "summer"})

    events = [(event["type"], event.get("referral"), event.get("kind")) for event in read(page, meta_hook)]
    assert events == [
        ("message.received.v1", "ADS 120", None),
        ("update.unknown.v1", None, "reaction"),
        ("message.edited.v1", None, None),
        ("update.unknown.v1", None, "referral"),
    ]
    first, last = await page.messages()
    assert (first["text"], first["edited"], last["reaction"]) == ("hello!", True, "👍")


async def test_marketing_is_stopped_and_resumed(number: Account, meta_hook: MetaHook) -> None:
    await number.says(text="hi", person=ANN)
    await number.says(stop=True)
    offer: dict[str, Any] = {"type": "template", "template": {"name": "offer", "language": {"code": "en_US"}}}
    await number.send("", **offer)
    (failed,) = await meta_hook.until(1, "statuses")
    await number.send("an answer may still be given")
    await number.says(resume=True)
    await number.send("", **offer)

    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131050)
    assert [message["status"] for message in await number.messages()][1:] == ["failed", "accepted", "accepted"]
    types = [event["type"] for event in read(number, meta_hook)]
    assert types.count("marketing.resumed.v1") == 1
    assert types.count("marketing.stopped.v1") == 2, "the stop itself, and the status that failed for it"


async def test_an_edit_on_whatsapp_tells_the_whole_message_anew(number: Account, meta_hook: MetaHook) -> None:
    await number.says(text="hallo", person=ANN)
    await number.says(photo=True, caption="thsi one")
    await number.says(edit={"text": "this one"})
    told = [event for event in read(number, meta_hook) if event["type"].startswith("message.")]
    first, second, edited = told
    assert edited["type"] == "message.edited.v1"
    assert edited["message_id"] == second["message_id"] != first["message_id"]
    assert (edited["text"], edited["attachments"][0]["kind"]) == ("this one", second["attachments"][0]["kind"])
    nothing = await number.try_says("NO.7", edit={"text": "x"}, person=ANN)
    assert nothing.status == 404


async def test_a_new_number_and_a_new_user_id(number: Account, meta_hook: MetaHook) -> None:
    await number.says(text="hi", person=ANN)
    moved = (await number.says(new_number="+47 999 99 999"))["moved_to"]
    await number.says(moved, text="from the new one")
    assert (await number.says(moved, new_user_id="NO.2"))["moved_to"] == "NO.2"
    gone = await number.try_says(moved, text="as before")
    await number.says("NO.2", text="me again")

    system = [message["system"] for message in meta_hook.values("messages") if message["type"] == "system"]
    assert [one["type"] for one in system] == ["user_changed_number", "user_changed_user_id"]
    assert system[0]["wa_id"] == "4799999999"
    assert (system[0]["user_id"], system[1]["previous_user_id"]) == (moved, moved)
    texts = [message for message in meta_hook.values("messages") if message["type"] == "text"]
    assert [message["from"] for message in texts] == ["4791234567", "4799999999", "4799999999"]
    assert (gone.status, texts[-1]["from_user_id"]) == (409, "NO.2")


async def test_what_a_channel_does_not_have_is_said(number: Account, page: Account, instagram: Account) -> None:
    comment = await page.try_says(comment={"text": "x"})
    card = await instagram.try_says(contact={"phone": "+4791234567"})
    two = await page.try_says(text="x", read=True)
    misspelt = await page.try_says(txt="x")
    stranger = await number.try_says("somebody", text="x")

    assert [one.status for one in (comment, card, two, misspelt, stranger)] == [422] * 5
    assert comment.body["detail"] == "Messenger has no comment."


async def test_receipts_come_by_themselves_in_order(number: Account, meta_hook: MetaHook) -> None:
    await number.receipts("sent", "delivered", "read")
    await number.says(text="hi", person=ANN)

    answer = await number.send(biz_opaque_callback_data="row-1")

    statuses = await meta_hook.until(3, "statuses")
    assert [one["status"] for one in statuses] == ["sent", "delivered", "read"]
    mid = answer.body["messages"][0]["id"]
    assert {(one["id"], one["biz_opaque_callback_data"], one["recipient_user_id"]) for one in statuses} == {
        (mid, "row-1", USER)
    }
    receipts = [event for event in read(number, meta_hook) if event["type"] == "receipt.received.v1"]
    assert [(one["status"], one["ledger_id"]) for one in receipts] == [
        ("sent", "row-1"), ("delivered", "row-1"), ("read", "row-1"),
    ]  # fmt: skip
    assert (await number.messages())[-1]["status"] == "read"


async def test_a_page_hears_of_deliveries_and_reads(page: Account, meta_hook: MetaHook) -> None:
    await page.receipts("delivered")
    await page.says(text="hi")
    answer = await page.send()
    (delivery,) = await meta_hook.until(1, "delivery")
    await page.says(read=True)
    (seen,) = await meta_hook.until(1, "read")
    nothing = await page.try_says(read=True)

    assert delivery["delivery"]["mids"] == [answer.body["message_id"]]
    assert seen["read"]["watermark"] >= delivery["delivery"]["watermark"]
    assert nothing.status == 409


async def test_instagram_tells_which_message_was_seen_and_echoes_our_own(
    instagram: Account, meta_hook: MetaHook
) -> None:
    await instagram.says(text="hi")
    answer = await instagram.send()
    await instagram.says(read=True)
    (seen,) = await meta_hook.until(1, "read")

    assert seen["read"]["mid"] == answer.body["message_id"]
    items = [item for entry in meta_hook.entries() for item in entry["messaging"]]
    assert [item["message"]["mid"] for item in items if item.get("message", {}).get("is_echo")] == [
        answer.body["message_id"]
    ]
    types = [event["type"] for event in read(instagram, meta_hook)]
    assert types == ["message.received.v1", "receipt.received.v1"], "echoes are passed over"


@pytest.mark.parametrize(
    ("before", "code"),
    [("window", 131047), ("block", 131026), ("nobody", 131026)],
)
async def test_whatsapp_tells_later_what_failed(number: Account, meta_hook: MetaHook, before: str, code: int) -> None:
    await number.says(text="hi", person=ANN)
    if before == "window":
        await number.later(24.1)
    if before == "block":
        await number.says(block=True)

    answer = await number.send(to="4711111111" if before == "nobody" else None, biz_opaque_callback_data="row-1")

    assert answer.status == 200
    (failed,) = await meta_hook.until(1, "statuses")
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", code)
    assert failed["biz_opaque_callback_data"] == "row-1"
    receipt = read(number, meta_hook)[-1]
    assert receipt["reason"] == ("outside_window" if code == 131047 else "undeliverable")


async def test_a_template_reaches_outside_the_window(number: Account, meta_hook: MetaHook) -> None:
    await number.says(text="hi", person=ANN)
    await number.later(25)

    await number.send(type="template", template={"name": "hello_world", "language": {"code": "en_US"}})

    assert (await number.messages())[-1]["status"] == "accepted"
    assert meta_hook.values("statuses") == []
