"""No result is forgotten: what a crash left unreported is swept."""

from datetime import UTC, datetime, timedelta

from services.broadcast.settings import BroadcastSettings
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.ledger import Ledger
from shared.contracts import topics
from shared.contracts.sending import DeliveryUpdatedV1
from tests.broadcast.house import House, a_broadcast, until


async def test_a_result_that_a_crash_left_unreported_is_told_once(house: House, settings: BroadcastSettings) -> None:
    left, fresh = house.message("5551"), house.message("5552")
    await house.plan(left, fresh)
    settled = {"status": "sent", "provider_message_id": "7", "reported": False}
    now = datetime.now(UTC)
    await house.database.ledger.update_one(
        {"_id": left.id}, {"$set": settled | {"finished_at": now - timedelta(seconds=30)}}
    )
    await house.database.ledger.update_one({"_id": fresh.id}, {"$set": settled | {"finished_at": now}})
    ledger = Ledger(house.database, DatabaseClock(house.database))
    assert [row.id for row in await ledger.unreported(timedelta(seconds=10), 10)] == [left.id]

    async with a_broadcast(settings):

        async def reported() -> bool:
            return bool((await house.row(left.id))["reported"])

        await until(reported)
    (event, *_) = await house.published(topics.DELIVERY)
    assert isinstance(event, DeliveryUpdatedV1)
    assert (event.outbound_id, event.status, event.provider_message_id) == (left.id, "sent", "7")


async def test_a_late_answer_settles_what_was_called_unknown(house: House) -> None:
    """A holder that lost its lease may still hear from the provider; whoever took over has called it unknown."""
    from services.broadcast.domain.settle import Change
    from services.broadcast.store.ledger import Result

    message = house.message("5551")
    await house.plan(message)
    ledger = Ledger(house.database, DatabaseClock(house.database))
    (row,) = await ledger.waiting(house.connection, without=[], limit=10)
    assert await ledger.claim([row.id], 1) == {row.id}
    row.fence = 1
    assert [one.status for one in await ledger.end_older(house.connection, 2)] == ["unknown"]

    await ledger.record([Result(row, Change("planned"), datetime.now(UTC))])
    assert (await house.row(message.id))["status"] == "unknown"
    await ledger.record([Result(row, Change("sent", provider_message_id="7"), datetime.now(UTC))])
    assert (await house.row(message.id))["status"] == "sent"


async def test_what_was_claimed_and_never_requested_is_planned_again(house: House) -> None:
    await house.plan(house.message("5551"), house.message("5552"))
    ledger = Ledger(house.database, DatabaseClock(house.database))
    first, second = [row.id for row in await ledger.waiting(house.connection, without=[], limit=10)]
    await ledger.claim([first, second], 3)

    assert await ledger.put_back(house.connection, 3, {first}) == 1
    assert (await house.row(first))["status"] == "sending"
    assert (await house.row(second))["status"] == "planned"
