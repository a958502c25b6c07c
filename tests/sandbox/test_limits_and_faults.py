"""Telegram's limits, and the faults that are switched on by request."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from deploy.sandbox.telegram.limits import Limits
from deploy.sandbox.telegram.schema import BotId, ChatId
from tests.sandbox.conftest import Bot, Sandbox

BOT, CHAT = BotId(1), ChatId(7)


@pytest.fixture
async def bot(sandbox: Sandbox) -> Bot:
    return await sandbox.bot().met()


def test_three_messages_in_three_seconds_and_no_fourth() -> None:
    limits = Limits()

    waits = [limits.take(BOT, CHAT, now) for now in (0.0, 1.0, 2.0, 2.5, 3.1)]

    assert waits == [None, None, None, 1, None]


def test_thirty_a_second_over_all_chats() -> None:
    limits = Limits()

    waits = [limits.take(BOT, ChatId(chat), 10.0) for chat in range(31)]

    assert waits == [None] * 30 + [1]
    assert limits.owed(BOT, ChatId(99), 10.5) is not None
    assert limits.take(BotId(2), CHAT, 10.5) is None


def test_a_request_before_the_wait_is_over_is_a_violation_unless_it_crossed_on_the_wire() -> None:
    limits = Limits()
    limits.told_to_wait(BOT, None, 3, now=100.0)

    crossed, early, done = (limits.owed(BOT, CHAT, now) for now in (100.05, 101.5, 103.0))

    assert crossed is not None
    assert (crossed.seconds, crossed.violation) == (3, False)
    assert early is not None
    assert (early.seconds, early.violation) == (2, True)
    assert done is None


async def test_the_fourth_message_at_once_is_too_many(bot: Bot) -> None:
    answers = [await bot.call("sendMessage", chat_id=5551, text=f"{n}") for n in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    seconds = answers[-1].body["parameters"]["retry_after"]
    assert 1 <= seconds <= 3
    assert answers[-1].body["description"] == f"Too Many Requests: retry after {seconds}"
    assert answers[-1].headers["Retry-After"] == str(seconds)


async def test_limits_are_lifted_by_request(bot: Bot) -> None:
    await bot.faults(limits=False)

    answers = [await bot.call("sendMessage", chat_id=5551, text=f"{n}") for n in range(40)]

    assert {answer.status for answer in answers} == {200}


async def test_limits_are_lifted_by_a_setting(start_sandbox: Callable[..., Awaitable[Sandbox]]) -> None:
    bot = await (await start_sandbox(KITH_SANDBOX_LIMITS="off")).bot().met()

    answers = [await bot.call("sendMessage", chat_id=5551, text=f"{n}") for n in range(5)]

    assert {answer.status for answer in answers} == {200}


async def test_a_429_on_request_holds_the_whole_bot_and_counts_who_does_not_wait(bot: Bot, sandbox: Sandbox) -> None:
    await bot.says(5552, text="hi", wait=0)
    await bot.faults({"kind": "429", "retry_after": 2, "times": 1})

    first = await bot.call("sendMessage", chat_id=5551, text="x")
    await asyncio.sleep(0.2)  # past the moment in which a request may have crossed the answer
    second = await bot.call("sendMessage", chat_id=5552, text="x")

    assert (first.status, second.status) == (429, 429)
    listed = await bot.requests(method="sendMessage")
    assert [(entry["fault"], entry["violation"]) for entry in listed] == [("429", False), (None, True)]
    bots = (await sandbox.ask("GET", "/api/telegram/bots")).body["items"]
    assert next(one for one in bots if one["bot_id"] == bot.id)["violations"] == 1


@pytest.mark.parametrize(
    ("kind", "status", "description"),
    [
        ("500", 500, "Internal Server Error"),
        ("502", 502, "Bad Gateway"),
        ("blocked", 403, "Forbidden: bot was blocked by the user"),
        ("deactivated", 403, "Forbidden: user is deactivated"),
        ("chat_not_found", 400, "Bad Request: chat not found"),
        ("unauthorized", 401, "Unauthorized"),
    ],
)
async def test_each_fault_answers_as_telegram_does(bot: Bot, kind: str, status: int, description: str) -> None:
    await bot.faults({"kind": kind, "times": 1})

    struck = await bot.call("sendMessage", chat_id=5551, text="x")
    after = await bot.call("sendMessage", chat_id=5551, text="y")

    assert (struck.status, struck.body["description"]) == (status, description)
    assert after.status == 200
    assert [message["text"] for message in await bot.messages()] == ["hi", "y"]


@pytest.mark.parametrize("delivered", [True, False])
async def test_silence_never_answers_and_says_whether_it_was_delivered(bot: Bot, *, delivered: bool) -> None:
    await bot.faults({"kind": "silence", "method": "sendMessage", "times": 1, "delivered": delivered})
    url = f"{bot.sandbox.address}/telegram/bot{bot.token}/sendMessage"

    with pytest.raises(TimeoutError):
        await bot.sandbox.session.post(
            url, json={"chat_id": 5551, "text": "x"}, timeout=aiohttp.ClientTimeout(total=0.5)
        )

    (entry,) = await bot.requests(method="sendMessage")
    assert (entry["status"], entry["answer"], entry["delivered"]) == (None, None, delivered)
    assert [message["text"] for message in await bot.messages()] == ["hi", "x"][: 1 + delivered]


async def test_a_stop_waits_for_no_withheld_answer_and_no_stream(
    start_sandbox: Callable[..., Awaitable[Sandbox]],
) -> None:
    sandbox = await start_sandbox()
    bot = await sandbox.bot().met()
    await bot.faults({"kind": "silence", "method": "sendMessage"})
    withheld = asyncio.create_task(bot.call("sendMessage", chat_id=5551, text="x"))
    async with sandbox.session.get(f"{sandbox.address}/api/telegram/live") as stream:
        await stream.content.readline()
        for _ in range(500):
            if await bot.requests(method="sendMessage"):
                break
            await asyncio.sleep(0.02)
        assert await sandbox.stop() == 0
    with pytest.raises(aiohttp.ClientError):
        await withheld


async def test_reset_breaks_the_connection(bot: Bot) -> None:
    await bot.faults({"kind": "reset", "times": 1})

    with pytest.raises(aiohttp.ClientOSError):
        await bot.call("sendMessage", chat_id=5551, text="x")

    assert (await bot.requests(method="sendMessage"))[0]["fault"] == "reset"


async def test_slow_takes_effect_at_once_and_answers_late(bot: Bot) -> None:
    await bot.faults({"kind": "slow", "seconds": 0.4, "times": 1})
    began = time.monotonic()

    answer = await bot.call("sendMessage", chat_id=5551, text="x")

    assert answer.status == 200
    assert time.monotonic() - began >= 0.4


async def test_a_fault_concerns_one_chat_and_a_share_of_the_requests(bot: Bot) -> None:
    await bot.says(5552, text="hi", wait=0)
    await bot.faults({"kind": "500", "chat_id": 5552}, {"kind": "502", "rate": 0})

    assert (await bot.call("sendMessage", chat_id=5551, text="x")).status == 200
    assert (await bot.call("sendMessage", chat_id=5552, text="x")).status == 500


async def test_faults_are_listed_with_what_is_left_and_taken_away(bot: Bot, sandbox: Sandbox) -> None:
    await bot.faults({"kind": "500", "times": 2})
    await bot.call("getMe")
    path = f"/api/telegram/bots/{bot.id}/faults"

    listed = (await sandbox.ask("GET", path)).body
    gone = (await sandbox.ask("DELETE", path)).body

    assert [(rule["kind"], rule["times_left"]) for rule in listed["rules"]] == [("500", 1)]
    assert gone == {"limits": True, "rules": []}


async def test_a_fault_that_is_none_is_a_clear_error(bot: Bot, sandbox: Sandbox) -> None:
    answer = await sandbox.ask(
        "PUT", f"/api/telegram/bots/{bot.id}/faults", json={"rules": [{"kind": "earthquake", "rate": 2}]}
    )

    assert answer.status == 422
    assert {error["field"] for error in answer.body["errors"]} == {"rules.0.kind", "rules.0.rate"}
