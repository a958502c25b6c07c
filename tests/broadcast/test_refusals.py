"""What Telegram refuses, fails at, or keeps silent about."""

import itertools

from aiohttp import web

from services.broadcast.settings import BroadcastSettings
from shared.contracts import topics
from shared.contracts.people import PermissionStateV1
from shared.contracts.sending import DeliveryUpdatedV1
from tests.broadcast.house import House, a_broadcast, until
from tests.broadcast.telegram import Request, Telegram, ok, refused


async def _told(house: House, count: int) -> list[DeliveryUpdatedV1]:
    async def there() -> bool:
        return len(await house.published(topics.DELIVERY)) >= count

    await until(there)
    return [event for event in await house.published(topics.DELIVERY) if isinstance(event, DeliveryUpdatedV1)]


async def test_after_a_429_the_connection_is_silent_for_as_long_as_it_says(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    limited: list[Request] = []

    async def answer(request: Request) -> web.Response:
        if not limited:
            limited.append(request)
            return refused(429, "Too Many Requests: retry after 2", retry_after=2)
        return ok(1)

    telegram.answer = answer
    async with a_broadcast(settings.model_copy(update={"send_in_flight": 1})):
        await house.ask(*(house.message(str(chat)) for chat in range(7000, 7020)))
        await house.until_statuses({"sent": 20})

    others = [request.at - limited[0].at for request in telegram.sent if request is not limited[0]]
    assert min(others) >= 2.0
    assert len(others) == 20


async def test_a_429_outlives_the_process_it_was_told(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async def answer(_request: Request) -> web.Response:
        return refused(429, "Too Many Requests: retry after 4", retry_after=4)

    telegram.answer = answer
    async with a_broadcast(settings):
        await house.ask(house.message("5551"))

        async def is_limited() -> bool:
            return bool(telegram.sent) and (await house.statuses()) == {"planned": 1}

        await until(is_limited)
    telegram.answer = None
    async with a_broadcast(settings):
        await house.until_statuses({"sent": 1})

    first, second = (request.at for request in telegram.sent)
    assert second - first >= 4.0


async def test_silence_is_unknown_and_stays_so(house: House, telegram: Telegram, settings: BroadcastSettings) -> None:
    telegram.answer = telegram.silence
    message = house.message("5551")
    async with a_broadcast(settings):
        await house.ask(message)
        await house.until_statuses({"unknown": 1})
        telegram.answer = None
        await house.ask(house.message("5552"))
        await house.until_statuses({"unknown": 1, "sent": 1})
        events = await _told(house, 2)

    assert telegram.ledger_ids().count(message.id) == 1
    assert {event.outbound_id: event.status for event in events}[message.id] == "unknown"


async def test_a_silent_chat_holds_up_nobody_else(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async def answer(request: Request) -> web.StreamResponse:
        return await telegram.silence(request) if request.chat == "5551" else ok(1)

    telegram.answer = answer
    async with a_broadcast(settings.model_copy(update={"telegram_timeout": 5.0, "send_lease": 6.0})):
        await house.ask(house.message("5551"), *(house.message(str(chat)) for chat in range(7000, 7100)))
        await house.until_statuses({"sending": 1, "sent": 100}, seconds=4.5)
        telegram.release.set()


async def test_a_block_is_known_before_its_result_is_told(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async def answer(_request: Request) -> web.Response:
        return refused(403, "Forbidden: bot was blocked by the user")

    telegram.answer = answer
    async with a_broadcast(settings):
        await house.ask(house.message("5551"), house.message("5551", "and another thing"))
        await house.until_statuses({"failed": 2})
        events = await _told(house, 2)

    (fact,) = await house.published(topics.PERMISSION)
    assert isinstance(fact, PermissionStateV1)
    assert (fact.fact, fact.agent, fact.reactive, fact.proactive) == ("blocked", False, False, False)
    assert [event.reason for event in events] == ["blocked", "not_permitted"]
    assert len(telegram.sent) == 1


async def test_a_fault_of_telegrams_is_tried_again_in_order_and_given_up(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    counter = itertools.count()

    async def answer(request: Request) -> web.Response:
        if request.chat == "5551" and next(counter) == 0:
            return refused(500, "Internal Server Error")
        return refused(500, "Internal Server Error") if request.chat == "5552" else ok(1)

    telegram.answer = answer
    async with a_broadcast(settings.model_copy(update={"send_attempts": 2})):
        await house.ask(house.message("5551", "1"), house.message("5551", "2"), house.message("5552"))
        await house.until_statuses({"sent": 2, "failed": 1})

    assert [request.body["text"] for request in telegram.to("5551")] == ["1", "1", "2"]
    assert len(telegram.to("5552")) == 2
    assert [row["reason"] for row in await house.rows() if row["status"] == "failed"] == ["gave_up"]


async def test_a_telegram_that_cannot_be_reached_is_tried_until_it_can(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async with a_broadcast(settings.model_copy(update={"telegram_api": "http://127.0.0.1:9"})):
        await house.ask(house.message("5551"))

        async def has_tried() -> bool:
            return (await house.statuses()) == {"planned": 1}

        await until(has_tried)
    async with a_broadcast(settings):
        await house.until_statuses({"sent": 1})
    assert len(telegram.sent) == 1


async def test_what_can_never_be_sent_fails_with_a_reason_and_no_request(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async with a_broadcast(settings):
        await house.ask(house.message("5551", "x" * 5000))
        (event,) = await _told(house, 1)

    assert (event.status, event.reason) == ("failed", "rejected")
    assert "5000 characters" in (event.detail or "")
    assert telegram.requests == []


async def test_a_button_press_is_acknowledged_once(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async with a_broadcast(settings):
        await house.ask(house.message("5551", acknowledges="press-1"))
        await house.until_statuses({"sent": 1})

        async def acknowledged() -> bool:
            return len(telegram.requests) == 2

        await until(acknowledged)
    (press,) = [request for request in telegram.requests if request.method == "answerCallbackQuery"]
    assert press.body == {"callback_query_id": "press-1"}
    assert press.ledger_id is None


async def test_a_press_that_nothing_is_said_to_is_acknowledged_all_the_same(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    """An old button, or a person whom the scenario may not write to: it stops waiting, and nobody is told more."""
    async with a_broadcast(settings):
        await house.forbid("5552", fact="switches", agent=True)
        for chat, press in (("5551", "press-1"), ("5552", "p-2")):
            await house.ask(house.message(chat, "", acknowledges=press))
        await house.until_statuses({"sent": 2})

    assert [request.method for request in telegram.requests] == ["answerCallbackQuery"] * 2
    assert {request.body["callback_query_id"] for request in telegram.requests} == {"press-1", "p-2"}
    assert {row["provider_message_id"] for row in await house.rows()} == {"press/press-1", "press/p-2"}
