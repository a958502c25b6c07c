"""What the sandbox was sent, and who may look."""

from collections.abc import Awaitable, Callable

from tests.sandbox.conftest import Bot, Sandbox


async def send(bot: Bot, text: str, ledger_id: str) -> None:
    await bot.sandbox.ask(
        "POST", f"/telegram/bot{bot.token}/sendMessage",
        json={"chat_id": 5551, "text": text}, headers={"X-Kith-Ledger-Id": ledger_id, "Traceparent": "00-1-1-01"},
    )  # fmt: skip


async def test_everything_is_kept_with_its_answer(sandbox: Sandbox) -> None:
    bot = await sandbox.bot().met()
    await send(bot, "one", "ledger-1")

    (entry,) = await bot.requests(method="sendMessage", chat_id=5551)
    assert entry["body"] == {"chat_id": 5551, "text": "one"}
    assert (entry["status"], entry["delivered"], entry["ledger_id"]) == (200, True, "ledger-1")
    assert entry["answer"]["result"]["text"] == "one"
    assert entry["headers"]["traceparent"] == "00-1-1-01"
    assert "authorization" not in entry["headers"]
    assert entry["at"].endswith("Z")


async def test_requests_are_paged_and_filtered(sandbox: Sandbox) -> None:
    bot = await sandbox.bot().met()
    for n in range(3):
        await send(bot, str(n), f"ledger-{n}")
    wanted = {"bot_id": bot.id, "method": "sendmessage", "limit": 2}

    first = (await sandbox.ask("GET", "/api/telegram/requests", params=wanted)).body
    rest = (await sandbox.ask("GET", "/api/telegram/requests", params={**wanted, "after": first["next"]})).body
    newest = (await sandbox.ask("GET", "/api/telegram/requests", params={**wanted, "newest": "true"})).body
    count = (await sandbox.ask("GET", "/api/telegram/requests/count", params={"ledger_id": "ledger-1", **wanted})).body

    assert [entry["body"]["text"] for entry in first["items"]] == ["0", "1"]
    assert [entry["body"]["text"] for entry in rest["items"]] == ["2"]
    assert rest["next"] is None
    assert [entry["body"]["text"] for entry in newest["items"]] == ["2", "1"]
    assert count == {"count": 1}


async def test_refusals_and_unknown_tokens_are_kept_too(sandbox: Sandbox) -> None:
    bot = sandbox.bot()
    await bot.call("sendMessage", chat_id=1, text="x")
    await bot.call("sendTelepathy")

    assert [(entry["method"], entry["status"]) for entry in await bot.requests()] == [
        ("sendMessage", 400),
        ("sendTelepathy", 404),
    ]


async def test_only_so_many_are_kept(start_sandbox: Callable[..., Awaitable[Sandbox]]) -> None:
    bot = (await start_sandbox(KITH_SANDBOX_KEEP="100")).bot()
    for _ in range(520):
        await bot.call("getMe")

    assert len(await bot.requests(limit=1000)) < 200


async def test_bots_and_chats_are_listed(sandbox: Sandbox) -> None:
    bot = await sandbox.bot().met()
    await bot.ok("setMyName", name="Corner shop")

    bots = (await sandbox.ask("GET", "/api/telegram/bots")).body["items"]
    chats = (await sandbox.ask("GET", f"/api/telegram/bots/{bot.id}/chats")).body["items"]

    mine = next(one for one in bots if one["bot_id"] == bot.id)
    assert (mine["name"], mine["pending_update_count"]) == ("Corner shop", 1)
    assert [(chat["chat_id"], chat["blocked"]) for chat in chats] == [(5551, False)]


async def test_an_unknown_bot_or_chat_is_a_problem_that_says_what_to_do(sandbox: Sandbox) -> None:
    bot = await sandbox.bot().met()
    for path in ("/api/telegram/bots/404/chats", f"/api/telegram/bots/{bot.id}/chats/404/messages", "/api/nothing"):
        answer = await sandbox.ask("GET", path)
        assert answer.status == 404
        assert {"type", "title", "status", "detail", "request_id"} <= set(answer.body)


async def test_no_foreign_page_may_use_it(sandbox: Sandbox) -> None:
    foreign = await sandbox.ask("GET", "/api/telegram/bots", headers={"Origin": "https://example.com"})
    rebound = await sandbox.ask("GET", "/api/telegram/bots", headers={"Host": "evil.example.com"})
    own = await sandbox.ask("GET", "/api/telegram/bots", headers={"Origin": sandbox.address})

    assert (foreign.status, rebound.status, own.status) == (403, 403, 200)
    assert "KITH_SANDBOX_HOSTS" in rebound.body["detail"]


async def test_changes_are_told_at_once(sandbox: Sandbox) -> None:
    bot = await sandbox.bot().met()
    async with sandbox.session.get(f"{sandbox.address}/api/telegram/live") as stream:
        lines = stream.content
        while b"ready" not in await lines.readline():
            pass
        await bot.says(5551, text="news", wait=0)
        told = b""
        while f"chat/{bot.id}/5551".encode() not in told:
            told = await lines.readline()
    assert told.startswith(b"data: ")
