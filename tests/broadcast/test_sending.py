"""A message that is asked for reaches Telegram once, in its form, and what became of it is told."""

from services.broadcast.settings import BroadcastSettings
from shared.contracts import topics
from shared.contracts.sending import Button, DeliveryUpdatedV1
from tests.broadcast.house import TOKEN, House, a_broadcast, until
from tests.broadcast.telegram import Telegram


async def test_the_same_message_three_times_is_one_request(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    message = house.message("5551", "hi", buttons=(Button(text="Yes", data="y"),))
    async with a_broadcast(settings):
        await house.ask(message, message)
        await house.until_statuses({"sent": 1})
        await house.ask(message, house.message("5552"))
        await house.until_statuses({"sent": 2})

    assert [request.ledger_id for request in telegram.to("5551")] == [message.id]
    request = telegram.to("5551")[0]
    assert request.token == TOKEN
    assert request.body == {
        "chat_id": 5551,
        "text": "hi",
        "reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]},
    }


async def test_a_result_is_told_and_the_text_is_not_kept(house: House, settings: BroadcastSettings) -> None:
    message = house.message("5551", "something private")
    async with a_broadcast(settings):
        await house.ask(message)

        async def told() -> bool:
            return bool(await house.published(topics.DELIVERY))

        await until(told)
        row = await house.row(message.id)
    (event,) = await house.published(topics.DELIVERY)
    assert isinstance(event, DeliveryUpdatedV1)
    assert (event.outbound_id, event.status, event.provider_message_id) == (message.id, "sent", "1")
    assert event.key() == message.key()
    assert "text" not in row
    assert row["reported"] is True


async def test_the_order_of_each_chat_is_kept(house: House, telegram: Telegram, settings: BroadcastSettings) -> None:
    chats = [str(6000 + number) for number in range(10)]
    messages = [house.message(chat, f"{number}") for number in range(12) for chat in chats]
    async with a_broadcast(settings):
        for start in range(0, len(messages), 17):
            await house.ask(*messages[start : start + 17])
        await house.until_statuses({"sent": 120})

    for chat in chats:
        assert [request.body["text"] for request in telegram.to(chat)] == [str(number) for number in range(12)]
