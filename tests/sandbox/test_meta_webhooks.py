"""Meta's webhooks are proved before they are set, signed, tried again, repeated and shuffled; faults by request."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from tests.sandbox.conftest import Sandbox
from tests.sandbox.metas import ANN, Account, MetaHook, a_hook, an_account


@pytest.fixture
async def meta_hook() -> AsyncIterator[MetaHook]:
    async with a_hook() as made:
        yield made


@pytest.fixture
async def number(sandbox: Sandbox, meta_hook: MetaHook) -> Account:
    made = await an_account(sandbox, "whatsapp", meta_hook)
    await made.says(text="hi", person=ANN)
    return made


async def test_a_webhook_that_does_not_prove_itself_is_not_set(sandbox: Sandbox, meta_hook: MetaHook) -> None:
    account = await an_account(sandbox, "messenger")

    wrong_token = await account.connect(meta_hook, verify_token="guess")
    nobody = await account.connect(meta_hook, url="http://127.0.0.1:9/hook")
    elsewhere = await account.connect(meta_hook, url="https://kith.example.com/hook")
    no_field = await account.connect(meta_hook, fields=["likes"])

    assert [one.status for one in (wrong_token, nobody, elsewhere, no_field)] == [422] * 4
    assert "answered 403" in wrong_token.body["detail"]
    assert "this machine alone" in elsewhere.body["detail"]
    told = (await sandbox.ask("GET", account.path)).body
    assert (told["webhook_url"], told["fields"]) == ("", [])
    assert (await account.says(text="hi"))["outcome"] == "no_webhook"


async def test_secrets_are_shown_to_the_owner_alone(sandbox: Sandbox) -> None:
    account = await an_account(sandbox, "instagram")

    listed = (await sandbox.ask("GET", "/api/meta/accounts", params={"channel": "instagram"})).body["items"]
    one = (await sandbox.ask("GET", account.path)).body

    (found,) = [item for item in listed if item["account_id"] == account.id]
    assert not {"token", "app_secret", "verify_token"} & set(found)
    assert (one["token"], one["app_secret"]) == (account.told["token"], account.told["app_secret"])
    assert (await sandbox.ask("GET", "/api/meta/accounts/1")).status == 404


async def test_what_is_not_taken_comes_again_and_holds_up_nobody(number: Account, meta_hook: MetaHook) -> None:
    meta_hook.answers += [503, 200]
    late = await number.says(text="first", wait=0)
    await number.says(text="second")

    messages = await meta_hook.until(4, "messages")

    texts = [message["text"]["body"] for message in messages]
    assert sorted(texts[1:]) == ["first", "first", "second"]
    assert late["outcome"] == "pending"
    listed = (await number.sandbox.ask("GET", number.path)).body
    assert listed["last_error"].startswith("Wrong response from the webhook: 503")


async def test_repeated_and_shuffled(number: Account, meta_hook: MetaHook) -> None:
    for n in range(3):
        await number.says(text=f"{n}", deliver_times=3, shuffle=True, wait=0)

    messages = await meta_hook.until(10, "messages")

    assert len({message["id"] for message in messages}) == 4
    assert len(messages) == 10


async def test_what_waits_outlives_a_kill(
    start_sandbox: Callable[..., Awaitable[Sandbox]], meta_hook: MetaHook
) -> None:
    sandbox = await start_sandbox()
    account = await an_account(sandbox, "messenger", meta_hook)
    meta_hook.answers += [500] * 3
    await account.says(text="hello?", wait=0)
    await account.send()
    await sandbox.stop(signal.SIGKILL)
    await sandbox.start()

    found = await meta_hook.until(2, "message")
    assert {item["message"]["text"] for item in found} == {"hello?"}
    (entry,) = await account.requests(method="messages")
    assert entry["delivered"]


async def test_everything_is_kept_and_counted_by_ledger_id(number: Account) -> None:
    await number.send("one", biz_opaque_callback_data="row-1")
    body = {"messaging_product": "whatsapp", "recipient": number.somebody, "text": {"body": "two"}}
    await number.graph("POST", f"{number.id}/messages", json=body, headers={"X-Kith-Ledger-Id": "row-2"})
    await number.send("nobody", to="4700000000")

    async def count(**wanted: str) -> int:
        asked = {"account_id": number.id, **wanted}
        return (await number.sandbox.ask("GET", "/api/meta/requests/count", params=asked)).body["count"]

    assert (await count(), await count(method="messages", ledger_id="row-1")) == (3, 1)
    assert (await count(ledger_id="row-2"), await count(chat_id=number.somebody)) == (1, 2)
    one, _, nobody = await number.requests()
    assert (one["status"], one["delivered"], one["body"]["text"]) == (200, True, {"body": "one"})
    assert "authorization" not in one["headers"]
    assert (nobody["chat_id"], nobody["delivered"]) == ("4700000000", False)


async def test_a_429_holds_the_account_and_counts_who_does_not_wait(number: Account) -> None:
    await number.faults({"kind": "429", "retry_after": 30, "times": 1})

    first, _ = await number.send(), await asyncio.sleep(0.15)
    early = await number.send()
    await number.sandbox.ask("DELETE", f"{number.path}/faults")
    after = await number.send()

    assert (first.status, first.headers["Retry-After"], first.body["error"]["code"]) == (429, "30", 130429)
    assert (early.status, after.status) == (429, 200)
    assert [entry["violation"] for entry in await number.requests()] == [False, True, False]


async def test_silence_and_reset_may_have_reached_the_person(number: Account) -> None:
    await number.faults(
        {"kind": "silence", "delivered": True, "times": 1}, {"kind": "reset", "times": 1}, {"kind": "502", "times": 1}
    )

    with pytest.raises(TimeoutError):
        await number.graph(
            "POST", f"{number.id}/messages", timeout=aiohttp.ClientTimeout(total=0.3),
            json={"messaging_product": "whatsapp", "recipient": number.somebody, "text": {"body": "silent"}},
        )  # fmt: skip
    with pytest.raises(aiohttp.ClientError):
        await number.send("reset")
    with pytest.raises(ValueError, match="Expecting value"):
        await number.send("no gateway")

    entries = await number.requests()
    assert [(entry["fault"], entry["delivered"], entry["status"]) for entry in entries] == [
        ("silence", True, None), ("reset", False, None), ("502", False, 502),
    ]  # fmt: skip
    assert [message["text"] for message in await number.messages()] == ["hi", "silent"]


async def test_slow_and_500(number: Account) -> None:
    await number.faults({"kind": "slow", "seconds": 0.3, "times": 1}, {"kind": "500", "times": 1})
    started = time.monotonic()

    slow, broken = await number.send(), await number.send()

    assert time.monotonic() - started >= 0.3
    assert (slow.status, broken.status, broken.body["error"]["code"]) == (200, 500, 1)


async def test_any_code_of_metas_at_once_or_later(number: Account, meta_hook: MetaHook) -> None:
    await number.faults(
        {"kind": "error", "code": 131049, "later": True, "times": 1}, {"kind": "error", "code": 131048, "times": 1}
    )

    later, at_once, fine = await number.send(), await number.send(), await number.send()

    assert (later.status, at_once.status, fine.status) == (200, 400, 200)
    assert at_once.body["error"]["code"] == 131048
    (failed,) = await meta_hook.until(1, "statuses")
    assert failed["errors"][0]["code"] == 131049
    wrong = await number.sandbox.ask("PUT", f"{number.path}/faults", json={"rules": [{"kind": "error"}]})
    assert wrong.status == 422


async def test_live_names_what_changed(number: Account) -> None:
    async with number.sandbox.session.get(f"{number.sandbox.address}/api/meta/live") as stream:
        assert await stream.content.readline() == b"retry: 500\n"
        await number.says(text="again", wait=0)
        async for line in stream.content:
            if f"chat/{number.id}/{number.somebody}".encode() in line:
                return
    raise AssertionError("the stream ended")
