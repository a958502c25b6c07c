"""A "no" counts at once; where we cannot know whether there was one, nothing is requested."""

import asyncio
import time

import pytest
from aiohttp import web

from services.broadcast.domain.connections import ConnectionBook
from services.broadcast.settings import BroadcastSettings
from services.broadcast.usecases.gate import Gate
from shared.contracts.permissions import PermissionBook
from shared.sealing.keys import SecretKeys
from tests import servers
from tests.broadcast.house import House, a_broadcast, until
from tests.broadcast.telegram import Request, Telegram, ok


async def test_a_block_while_a_hundred_wait_stops_them_all(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    async def slowly(_request: Request) -> web.Response:
        await asyncio.sleep(0.1)
        return ok(1)

    telegram.answer = slowly
    async with a_broadcast(settings):
        await house.ask(*(house.message("5551", str(number)) for number in range(100)))

        async def some_sent() -> bool:
            return len(telegram.sent) >= 3

        await until(some_sent)
        await house.forbid("5551")
        forbidden_at = time.monotonic()

        async def all_settled() -> bool:
            statuses = await house.statuses()
            return set(statuses) == {"sent", "failed"}

        await until(all_settled)

    assert max(request.at for request in telegram.sent) <= forbidden_at + 2.0
    assert len(telegram.sent) < 100
    assert {row.get("reason") for row in await house.rows() if row["status"] == "failed"} == {"not_permitted"}


async def test_a_switch_silences_the_scenario_and_never_an_agent(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    await house.forbid("5551", fact="switches", reactive=False, agent=True)
    async with a_broadcast(settings):
        await house.ask(house.message("5551", "robot"), house.message("5551", "person", origin="agent"))
        await house.until_statuses({"failed": 1, "sent": 1})

    assert [request.body["text"] for request in telegram.sent] == ["person"]


async def test_a_connection_that_is_switched_off_sends_nothing(
    house: House, telegram: Telegram, settings: BroadcastSettings
) -> None:
    await house.connect_bot(enabled=False, rev=2)
    async with a_broadcast(settings):
        await house.ask(house.message("5551"))
        await house.until_statuses({"failed": 1})

    assert telegram.requests == []
    (row,) = await house.rows()
    assert row["reason"] == "connection_refused"
    assert "switch it on" in row["detail"]


@pytest.mark.faults
async def test_nothing_is_requested_while_the_broker_is_away(
    house: House, telegram: Telegram, settings: BroadcastSettings, kafka: servers.Kafka
) -> None:
    async with a_broadcast(settings):
        await house.ask(house.message("5551"))
        await house.until_statuses({"sent": 1})
        kafka.kill()
        try:
            await asyncio.sleep(2.5)
            await house.plan(house.message("5551", "later"))
            await asyncio.sleep(1.5)
            assert len(telegram.sent) == 1
        finally:
            kafka.restart()
        await house.until_statuses({"sent": 2})


def test_what_was_heard_too_long_ago_is_no_permission(settings: BroadcastSettings) -> None:
    ages = [0.3, 0.4]
    keys = SecretKeys(settings.secret_key.get_secret_value())
    gate = Gate(PermissionBook(), ConnectionBook(), keys, lambda: tuple(ages))
    assert gate.is_open()

    ages[0] = 2.1
    assert not gate.is_open()
