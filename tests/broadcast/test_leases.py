"""A connection has one sender at a time, whatever becomes of senders."""

import asyncio

import pytest
from aiohttp import web

from services.broadcast.settings import BroadcastSettings
from services.broadcast.store.leases import Leases
from services.broadcast.store.slot import Slot
from shared.contracts import topics
from shared.contracts.sending import DeliveryUpdatedV1
from tests.broadcast.house import House, a_broadcast, a_process, until
from tests.broadcast.telegram import Request, Telegram, ok


async def test_two_senders_never_send_for_one_connection_at_once(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async with a_broadcast(settings), a_broadcast(settings):
        for _ in range(10):
            await house.ask(*(house.message(str(chat)) for chat in range(7000, 7030)))
            await asyncio.sleep(0.02)
        await house.until_statuses({"sent": 300})

    assert len(set(telegram.ledger_ids())) == len(telegram.sent) == 300
    assert len({row["fence"] for row in await house.rows()}) == 1


async def test_a_sender_that_stops_hands_over_at_once(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async with a_broadcast(settings):
        await house.ask(house.message("5551"))
        await house.until_statuses({"sent": 1})
    async with a_broadcast(settings):
        await house.ask(house.message("5551"))
        await house.until_statuses({"sent": 2}, seconds=10)

    one, two = [row["fence"] for row in await house.rows()]
    assert two == one + 1
    assert len(telegram.sent) == 2


@pytest.mark.faults
async def test_a_killed_sender_leaves_unknown_what_was_in_flight_and_nothing_else(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    telegram.answer = telegram.silence
    patient = settings.model_copy(update={"send_in_flight": 5, "telegram_timeout": 20.0, "send_lease": 30.0})
    async with a_process(patient) as process:
        await house.ask(*(house.message(str(chat)) for chat in range(7000, 7020)))

        async def in_flight() -> bool:
            return len(telegram.sent) == 5

        await until(in_flight)
        assert (await house.statuses()) == {"sending": 5, "planned": 15}
        await process.kill()
    telegram.answer = None
    async with a_broadcast(patient):
        await house.until_statuses({"unknown": 5, "sent": 15}, seconds=40)

        async def told() -> bool:
            return len(await house.published(topics.DELIVERY)) == 20

        await until(told)

    assert len(telegram.sent) == len(set(telegram.ledger_ids())) == 20
    events = [event for event in await house.published(topics.DELIVERY) if isinstance(event, DeliveryUpdatedV1)]
    assert sorted(event.status for event in events) == ["sent"] * 15 + ["unknown"] * 5


@pytest.mark.faults
async def test_a_frozen_sender_starts_nothing_when_it_wakes_after_its_lease(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async def slowly(_request: Request) -> web.Response:
        await asyncio.sleep(0.05)
        return ok(1)

    telegram.answer = slowly
    few = settings.model_copy(update={"send_in_flight": 4})
    async with a_process(few) as frozen:
        await house.ask(*(house.message(str(chat)) for chat in range(7000, 7200)))

        async def some_sent() -> bool:
            return len(telegram.sent) > 20

        await until(some_sent)
        frozen.freeze()
        async with a_broadcast(few):

            async def the_other_sends() -> bool:
                return len({row["fence"] for row in await house.rows() if row["status"] == "sent"}) == 2

            await until(the_other_sends)
            frozen.thaw()

            async def all_settled() -> bool:
                return set(await house.statuses()) <= {"sent", "unknown"}

            await until(all_settled)
            await frozen.terminate()

    unknown = (await house.statuses()).get("unknown", 0)
    assert unknown <= 4
    assert len(telegram.sent) == len(set(telegram.ledger_ids()))
    assert 200 - unknown <= len(telegram.sent) <= 200


@pytest.mark.faults
async def test_a_sigterm_loses_nothing_and_leaves_nothing_unknown(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async def slowly(_request: Request) -> web.Response:
        await asyncio.sleep(0.1)
        return ok(1)

    telegram.answer = slowly
    async with a_process(settings.model_copy(update={"send_in_flight": 10})) as process:
        await house.ask(*(house.message(str(chat)) for chat in range(7000, 7100)))

        async def some_sent() -> bool:
            return len(telegram.sent) > 20

        await until(some_sent)
        await process.terminate()
    assert set(await house.statuses()) == {"sent", "planned"}
    async with a_broadcast(settings):
        await house.until_statuses({"sent": 100})

    assert len(telegram.sent) == len(set(telegram.ledger_ids())) == 100


@pytest.mark.faults
async def test_who_starts_in_a_dead_senders_place_does_not_wait_for_its_lease(
    house: House, settings: BroadcastSettings
) -> None:
    long = settings.model_copy(update={"send_lease": 300.0})
    async with a_process(long) as process:
        await house.ask(house.message("5551"))
        await house.until_statuses({"sent": 1})
        await process.kill()
    async with a_broadcast(long):
        await house.ask(house.message("5551"))
        await house.until_statuses({"sent": 2})

    one, two = [row["fence"] for row in await house.rows()]
    assert two == one + 1


async def test_a_living_senders_place_is_not_taken(house: House, settings: BroadcastSettings) -> None:
    first, second = Slot(settings.home), Slot(settings.home)
    one = Leases(house.database, "one", 300.0, first)
    two = Leases(house.database, "two", 300.0, second)
    assert await one.end_of_predecessor() == 0
    lease = await one.acquire(house.connection, window=1.0)
    assert lease is not None
    assert lease.wait == 0.0

    assert await two.end_of_predecessor() == 0
    assert await two.acquire(house.connection, window=1.0) is None
    one.close()
    two.close()

    three = Leases(house.database, "three", 300.0, Slot(settings.home))
    assert await three.end_of_predecessor() == 1
    taken = await three.acquire(house.connection, window=1.0)
    assert taken is not None
    assert taken.fence == lease.fence + 1
    assert 0.0 < taken.wait <= 1.0
    three.close()
