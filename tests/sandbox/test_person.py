"""The person's side: each thing they do becomes an update of Telegram's form, and arrives."""

import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.sandbox.conftest import Bot, Hook, Sandbox

ANNA = {"first_name": "Anna", "last_name": "Berg", "username": "anna_b", "language_code": "de"}


@pytest.fixture
async def bot(sandbox: Sandbox, hook: Hook) -> Bot:
    """Make a bot whose webhook is `hook`."""
    made = sandbox.bot()
    await made.ok("setWebhook", url=hook.url, secret_token="s3cret-Token_1")
    return made


async def test_a_text_arrives_signed_with_all_that_telegram_says(bot: Bot, hook: Hook) -> None:
    said = await bot.says(5551, text="/start", person=ANNA)

    (update,) = hook.updates
    assert said["outcome"] == "delivered"
    assert (said["update_id"], said["message_id"], said["status"]) == (update["update_id"], 1, 200)
    assert hook.secrets == ["s3cret-Token_1"]
    message = update["message"]
    assert message["from"] == {"id": 5551, "is_bot": False, **ANNA}
    assert message["chat"] == {
        "id": 5551, "first_name": "Anna", "last_name": "Berg", "username": "anna_b", "type": "private",
    }  # fmt: skip
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert isinstance(message["date"], int)


async def test_numbers_rise(bot: Bot, hook: Hook) -> None:
    for words in ("one", "two", "three"):
        await bot.says(5551, text=words)

    assert [update["message"]["message_id"] for update in hook.updates] == [1, 2, 3]
    first = hook.updates[0]["update_id"]
    assert [update["update_id"] for update in hook.updates] == [first, first + 1, first + 2]


async def test_only_the_own_card_carries_the_senders_id(bot: Bot, hook: Hook) -> None:
    await bot.says(5551, contact={"own": True, "phone": "+47 912 34 567"}, person=ANNA)
    await bot.says(5551, contact={"own": False, "phone": "+4790000000", "name": "Ola"})

    own, other = (update["message"]["contact"] for update in hook.updates)
    assert own == {"phone_number": "+4791234567", "first_name": "Anna", "last_name": "Berg", "user_id": 5551}
    assert other == {"phone_number": "+4790000000", "first_name": "Ola"}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("photo", {"file_id", "file_unique_id", "width", "height", "file_size"}),
        ("document", {"file_id", "file_unique_id", "file_name", "mime_type", "file_size"}),
        ("voice", {"file_id", "file_unique_id", "duration", "mime_type", "file_size"}),
        ("location", {"latitude", "longitude"}),
    ],
)
async def test_media_have_their_fields(bot: Bot, hook: Hook, kind: str, fields: set[str]) -> None:
    await bot.says(5551, **{kind: True})

    held = hook.updates[0]["message"][kind]
    assert set(held[0] if kind == "photo" else held) == fields


async def test_a_photo_has_its_caption(bot: Bot, hook: Hook) -> None:
    await bot.says(5551, photo=True, caption="our shop")

    assert hook.updates[0]["message"]["caption"] == "our shop"


async def test_an_edit_names_the_message_and_when(bot: Bot, hook: Hook) -> None:
    await bot.says(5551, text="helo")
    await bot.says(5551, edit={"text": "hello"})

    edited = hook.updates[1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (1, "hello")
    assert edited["edit_date"] >= edited["date"]
    assert [(message["text"], message["edited"]) for message in await bot.messages()] == [("hello", True)]


async def test_a_press_carries_the_message_and_the_data(bot: Bot, hook: Hook, sandbox: Sandbox) -> None:
    await bot.says(5551, text="hi", person=ANNA)
    buttons = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await bot.ok("sendMessage", chat_id=5551, text="Well?", reply_markup=buttons)
    await bot.says(5551, press={"message_id": sent["message_id"], "data": "y"})

    query = hook.updates[1]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("y", 5551, "Well?")
    assert {"id", "chat_instance"} <= set(query)
    path = f"/api/telegram/bots/{bot.id}/chats/5551/say"
    assert (await sandbox.ask("POST", path, json={"press": {"message_id": 2, "data": "no"}})).status == 404


async def test_blocking_is_a_membership_and_stops_messages(bot: Bot, hook: Hook, sandbox: Sandbox) -> None:
    await bot.says(5551, text="hi")
    await bot.says(5551, block=True)
    refused = await bot.call("sendMessage", chat_id=5551, text="x")
    unheard = await sandbox.ask("POST", f"/api/telegram/bots/{bot.id}/chats/5551/say", json={"text": "hi"})
    await bot.says(5551, unblock=True)
    taken = await bot.call("sendMessage", chat_id=5551, text="x")

    kicked, back = (update["my_chat_member"] for update in hook.updates[1:])
    assert (kicked["old_chat_member"]["status"], kicked["new_chat_member"]["status"]) == ("member", "kicked")
    assert (back["old_chat_member"]["status"], back["new_chat_member"]["status"]) == ("kicked", "member")
    assert kicked["new_chat_member"]["user"]["id"] == bot.id
    assert kicked["chat"]["type"] == "private"
    assert (refused.status, refused.body["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert unheard.status == 409
    assert taken.status == 200


async def test_a_refused_update_is_sent_again_until_it_is_taken_and_those_behind_it_wait(bot: Bot, hook: Hook) -> None:
    hook.answers = [503, 503]

    said = await bot.says(5551, text="one", wait=20)
    await bot.says(5551, text="two")

    assert (said["outcome"], said["attempts"]) == ("delivered", 3)
    assert [update["message"]["text"] for update in hook.updates] == ["one", "one", "one", "two"]
    assert len({update["update_id"] for update in hook.updates[:3]}) == 1
    info = await bot.ok("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert info["pending_update_count"] == 0
    assert info["last_error_date"] > 0


async def test_what_is_not_taken_waits_and_is_said_to_wait(bot: Bot, hook: Hook) -> None:
    hook.answers = [503] * 1000

    said = await bot.says(5551, text="one", wait=0.2)

    assert said["outcome"] == "pending"
    assert said["status"] == 503
    assert (await bot.ok("getWebhookInfo"))["pending_update_count"] == 1


async def test_one_update_is_delivered_several_times(bot: Bot, hook: Hook) -> None:
    said = await bot.says(5551, text="one", deliver_times=3)

    assert said["deliveries"] == 3
    assert hook.updates[0] == hook.updates[1] == hook.updates[2]


async def test_shuffled_updates_all_arrive(bot: Bot, hook: Hook) -> None:
    for n in range(20):
        await bot.says(5551, text=str(n), deliver_times=2, shuffle=True, wait=0)

    texts = [int(update["message"]["text"]) for update in await hook.received(40)]
    assert sorted(texts) == sorted([*range(20), *range(20)])
    assert texts != sorted(texts)


async def test_a_kind_that_the_bot_does_not_want_is_not_sent(bot: Bot, hook: Hook) -> None:
    await bot.ok("setWebhook", url=hook.url, allowed_updates=["message"])

    await bot.says(5551, text="hi")
    said = await bot.says(5551, block=True)

    assert said["outcome"] == "not_wanted"
    assert len(hook.updates) == 1


async def test_updates_wait_for_a_webhook(sandbox: Sandbox, hook: Hook) -> None:
    bot = await sandbox.bot().met()
    await bot.ok("setWebhook", url=hook.url)

    assert [update["message"]["text"] for update in await hook.received(1)] == ["hi"]


async def test_get_updates_hands_them_over_until_they_are_confirmed(sandbox: Sandbox) -> None:
    bot = await sandbox.bot().met()

    first = await bot.ok("getUpdates", timeout=5)
    again = await bot.ok("getUpdates")
    none = await bot.ok("getUpdates", offset=first[0]["update_id"] + 1)

    assert [update["message"]["text"] for update in first] == ["hi"]
    assert again == first
    assert none == []


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"text": "a", "photo": True},
        {"text": ""},
        {"contact": {"own": False, "phone": "+4791234567"}},
        {"contact": {"own": True, "phone": "call me"}},
        {"voice": True, "caption": "x"},
        {"text": "a", "person": {"first_name": ""}},
        {"txet": "a"},
        {"text": "a", "deliver_times": 6},
    ],
)
async def test_what_nobody_can_do_is_a_clear_error(bot: Bot, sandbox: Sandbox, what: dict[str, Any]) -> None:
    answer = await sandbox.ask("POST", f"/api/telegram/bots/{bot.id}/chats/5551/say", json=what)

    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["errors"][0]["message"]


async def test_all_of_it_outlives_a_kill(start_sandbox: Callable[..., Awaitable[Sandbox]], hook: Hook) -> None:
    sandbox = await start_sandbox()
    bot = sandbox.bot()
    await bot.met()
    await bot.ok("sendMessage", chat_id=5551, text="kept")
    await bot.faults({"kind": "500", "method": "getMyName"})
    before = await bot.requests()
    await sandbox.stop(signal.SIGKILL)
    await sandbox.start()

    assert await bot.requests() == before
    assert [message["text"] for message in await bot.messages()] == ["hi", "kept"]
    assert (await bot.call("getMyName")).status == 500
    await bot.ok("setWebhook", url=hook.url)
    assert [update["message"]["text"] for update in await hook.received(1)] == ["hi"]
    said = await bot.says(5551, text="and on")
    assert said["message_id"] == 3
