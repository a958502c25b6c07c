"""Graph as the business asks it: whose a token is, what is sent, and what Meta refuses."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator

import pytest

from services.broadcast.channels.meta.answers import outcome_of
from services.broadcast.domain.outcomes import Failed, Limited, Sent
from services.ingest.channels.contract import AccountRefusedError
from services.ingest.channels.meta.account import INSTAGRAM, MESSENGER, WHATSAPP, Kind, MetaAccounts
from tests.sandbox.conftest import Answer, Sandbox
from tests.sandbox.metas import ANN, Account, MetaHook, a_hook, an_account

CHANNELS = ("whatsapp", "messenger", "instagram")


@pytest.fixture
async def meta_hook() -> AsyncIterator[MetaHook]:
    async with a_hook() as made:
        yield made


@pytest.fixture(params=CHANNELS)
async def account(sandbox: Sandbox, request: pytest.FixtureRequest) -> Account:
    return await an_account(sandbox, request.param)


@pytest.fixture
async def number(sandbox: Sandbox) -> Account:
    return await an_account(sandbox, "whatsapp")


@pytest.mark.parametrize("kind", [WHATSAPP, MESSENGER, INSTAGRAM])
async def test_ingest_is_told_whose_an_account_is(sandbox: Sandbox, kind: Kind) -> None:
    channel = {"phone_number_id": "whatsapp", "page_id": "messenger", "instagram_id": "instagram"}[kind.id_setting]
    made = await an_account(sandbox, channel)
    asks = MetaAccounts(f"{sandbox.address}/meta/v24.0", kind)
    secrets = {"token": made.told["token"], "app_secret": made.told["app_secret"]}

    who = await asks.who_is(secrets, {kind.id_setting: made.id})

    assert (who.account_id, who.name) == (made.id, "Shop")
    (debugged,) = await made.requests(method="debug_token")
    assert set(kind.permissions) & set(debugged["answer"]["data"]["scopes"])
    assert "input_token" not in debugged["body"]
    for wrong, field in (
        ({"token": "EAAB"}, "token"),
        ({"app_secret": "0" * 32}, "app_secret"),
    ):
        with pytest.raises(AccountRefusedError) as refused:
            await asks.who_is({**secrets, **wrong}, {kind.id_setting: made.id})
        assert refused.value.field == field
    with pytest.raises(AccountRefusedError) as refused:
        await asks.who_is(secrets, {kind.id_setting: "4242"})
    assert refused.value.field == kind.id_setting


async def test_errors_have_metas_form(number: Account) -> None:
    no_token = await number.sandbox.ask("GET", f"/meta/v24.0/{number.id}")
    unknown_field = await number.graph("GET", number.id, params={"fields": "id,likes"})
    unknown_edge = await number.graph("POST", f"{number.id}/feed", json={})
    other_version = await number.graph("GET", number.id)

    assert (no_token.status, no_token.body["error"]["code"]) == (401, 104)
    assert set(no_token.body["error"]) == {"message", "type", "code", "fbtrace_id"}
    assert unknown_field.body["error"]["code"] == 100
    assert "nonexisting field (likes)" in unknown_field.body["error"]["message"]
    assert unknown_edge.body["error"]["code"] == 2500
    assert other_version.body["id"] == number.id
    assert (await number.sandbox.ask("GET", "/meta/nonsense/1")).body["error"]["code"] == 2500


async def test_what_an_app_is_subscribed_to(account: Account, meta_hook: MetaHook) -> None:
    await account.connect(meta_hook, fields=["messages"])

    before = await account.graph("GET", f"{account.id}/subscribed_apps")
    said = await account.graph("POST", f"{account.id}/subscribed_apps", json={"subscribed_fields": "messages"})
    wrong = await account.graph("POST", f"{account.id}/subscribed_apps", json={"subscribed_fields": "likes"})
    gone = await account.graph("DELETE", f"{account.id}/subscribed_apps")
    after = await account.graph("GET", f"{account.id}/subscribed_apps")

    assert before.body["data"][0]["subscribed_fields"] == ["messages"]
    assert (said.body, gone.body, after.body) == ({"success": True}, {"success": True}, {"data": []})
    assert wrong.body["error"]["code"] == 100
    assert (await account.says(text="hi", wait=0))["outcome"] == "not_wanted"


async def test_a_message_is_answered_as_meta_does(account: Account) -> None:
    await account.says(text="hi", person=ANN)

    answer = await account.send("hello back")

    assert isinstance(outcome_of(answer.status, _bytes(answer)), Sent)
    if account.channel == "whatsapp":
        assert answer.body["contacts"] == [{"input": account.somebody, "user_id": account.somebody}]
        assert answer.body["messages"][0]["id"].startswith("wamid.")
    else:
        assert answer.body["recipient_id"] == account.somebody
    last = (await account.messages())[-1]
    assert (last["from"], last["text"]) == ("bot", "hello back")


def _bytes(answer: Answer) -> bytes:
    return json.dumps(answer.body).encode()


async def test_whatsapp_takes_a_phone_as_well(number: Account) -> None:
    await number.says(text="hi", person=ANN)

    answer = await number.send("by phone", to="+47 912 34 567")

    assert answer.body["contacts"] == [{"input": "+47 912 34 567", "wa_id": "4791234567"}]
    assert (await number.messages())[-1]["text"] == "by phone"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": {"body": "x"}}, 100),
        ({"messaging_product": "whatsapp", "text": {"body": "x"}}, 100),
        ({"messaging_product": "whatsapp", "to": "4791234567", "text": {"body": "x" * 4097}}, 131009),
        ({"messaging_product": "whatsapp", "to": "4791234567", "type": "dance"}, 131009),
        (
            {
                "messaging_product": "whatsapp", "to": "4791234567", "type": "template",
                "template": {"name": "nope", "language": {"code": "en_US"}},
            },
            132001,
        ),
    ],
)  # fmt: skip
async def test_whatsapp_refuses_what_is_wrong_in_form(number: Account, body: dict[str, object], code: int) -> None:
    answer = await number.graph("POST", f"{number.id}/messages", json=body)

    assert (answer.status, answer.body["error"]["code"]) == (400, code)


def _buttons(count: int, title: str = "Yes") -> dict[str, object]:
    replies = [{"type": "reply", "reply": {"id": f"a:{n}", "title": title}} for n in range(count)]
    return {"type": "button", "body": {"text": "Well?"}, "action": {"buttons": replies}}


@pytest.mark.parametrize(
    ("interactive", "status"),
    [(_buttons(3), 200), (_buttons(4), 400), (_buttons(1, "x" * 21), 400), ({"type": "button", "body": {}}, 400)],
)
async def test_reply_buttons_have_their_limits(number: Account, interactive: object, status: int) -> None:
    await number.says(text="hi", person=ANN)

    answer = await number.send(type="interactive", interactive=interactive)

    assert answer.status == status


async def test_a_page_refuses_what_is_wrong_in_form(sandbox: Sandbox) -> None:
    page, instagram = await an_account(sandbox, "messenger"), await an_account(sandbox, "instagram")
    for one in (page, instagram):
        await one.says(text="hi")

    long, bytes_ = await page.send("x" * 2001), await instagram.send("ü" * 501)
    many = {"text": "?", "quick_replies": [{"content_type": "text", "title": "a", "payload": "b"}] * 14}
    replies = await page.send(message=many)

    assert [one.body["error"]["code"] for one in (long, bytes_, replies)] == [100, 100, 100]
    assert (await page.send("x" * 2000)).status == (await instagram.send("ü" * 500)).status == 200


@pytest.mark.parametrize(
    ("channel", "subcode"), [("messenger", 2018278), ("instagram", 2534022)],
)  # fmt: skip
async def test_nothing_is_sent_after_24_hours(sandbox: Sandbox, channel: str, subcode: int) -> None:
    account = await an_account(sandbox, channel)
    await account.says(text="hi")
    await account.later(23.9)
    inside = await account.send()
    await account.later(0.2)
    outside = await account.send()
    by_human = await account.send(messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")
    await account.says(text="I am back")
    again = await account.send()

    assert (inside.status, by_human.status, again.status) == (200, 200, 200)
    error = outside.body["error"]
    assert (outside.status, error["code"], error["error_subcode"]) == (400, 10, subcode)
    assert outcome_of(400, _bytes(outside)) == Failed("outside_window", f"10/{subcode}: {error['message']}")


async def test_nobody_and_whoever_blocked_are_not_reached(sandbox: Sandbox) -> None:
    page = await an_account(sandbox, "messenger")
    await page.says(text="hi")
    nobody = await page.send(to="999")
    await page.says(block=True)
    blocked = await page.send()
    refused = await page.try_says(text="hello?")
    await page.says(unblock=True)

    assert (nobody.body["error"]["code"], nobody.body["error"]["error_subcode"]) == (100, 2018001)
    assert (blocked.body["error"]["code"], blocked.body["error"]["error_subcode"]) == (551, 1545041)
    assert refused.status == 409
    assert (await page.send()).status == 200


async def test_a_comment_is_answered_once_and_within_seven_days(sandbox: Sandbox) -> None:
    account = await an_account(sandbox, "instagram")
    first = (await account.says(comment={"text": "How much?"}))["mid"]
    second = (await account.says(comment={"text": "And this?"}))["mid"]

    direct = await account.send()
    answered = await account.send("10 euros", to={"comment_id": first})
    twice = await account.send("Only 10", to={"comment_id": first})
    nothing = await account.send("?", to={"comment_id": "1"})
    await account.later(7 * 24 + 1)
    late = await account.send("Late", to={"comment_id": second})

    assert direct.body["error"]["error_subcode"] == 2534022, "a comment opens no window"
    assert answered.body["recipient_id"] == account.somebody
    codes = [one.body["error"]["code"] for one in (twice, nothing, late)]
    assert codes == [10900, 100, 10902]
    assert (await account.messages())[-1]["answers_comment"] == first


async def test_limits_of_an_account(sandbox: Sandbox) -> None:
    page = await an_account(sandbox, "messenger")
    await page.says(text="hi")
    statuses = [(await page.send(f"{n}")).status for n in range(20)]
    assert set(statuses) == {200}

    number = await an_account(sandbox, "whatsapp")
    await number.says(text="hi", person=ANN)
    answers = [await number.send(f"{n}") for n in range(46)]
    assert [one.status for one in answers[:45]] == [200] * 45
    assert answers[45].body["error"]["code"] == 131056
    found = outcome_of(answers[45].status, _bytes(answers[45]))
    assert isinstance(found, Limited)
    assert found.chat_alone
    await number.faults(limits=False)
    assert (await number.send("more")).status == 200


async def test_a_proof_of_another_app_is_refused(number: Account) -> None:
    await number.says(text="hi", person=ANN)
    proof = hmac.new(number.told["app_secret"].encode(), number.told["token"].encode(), hashlib.sha256).hexdigest()
    body = {"messaging_product": "whatsapp", "recipient": number.somebody, "text": {"body": "x"}}
    path = f"{number.id}/messages"

    good = await number.graph("POST", path, params={"appsecret_proof": proof}, json=body)
    bad = await number.graph("POST", path, params={"appsecret_proof": "0" * 64}, json=body)

    assert good.status == 200
    assert "Invalid appsecret_proof" in bad.body["error"]["message"]
    (entry,) = await number.requests(method="messages")
    assert "appsecret_proof" not in entry["body"]


async def test_a_received_message_is_marked_as_read(number: Account) -> None:
    said = await number.says(text="hi", person=ANN)
    marks = {"messaging_product": "whatsapp", "status": "read"}

    answer = await number.graph("POST", f"{number.id}/messages", json={**marks, "message_id": said["mid"]})
    wrong = await number.graph("POST", f"{number.id}/messages", json={**marks, "message_id": "wamid.x"})

    assert answer.body == {"success": True}
    assert wrong.body["error"]["code"] == 131009
