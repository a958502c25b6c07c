"""The sandbox's WhatsApp, used by a client library that others wrote: it takes it for the real one."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pywa import errors
from pywa.client import WhatsApp
from pywa.types.callback import Button, CallbackButton
from pywa.types.message import Message
from pywa.types.message_status import MessageStatus

from tests.sandbox.conftest import Sandbox
from tests.sandbox.metas import ANN, USER, Account, MetaHook, a_hook, an_account


class ToSandbox(httpx.HTTPTransport):
    """Leads what is meant for Meta to the sandbox: the library has no setting for that."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "graph.facebook.com"
        path = f"/meta{request.url.raw_path.decode()}"
        request.url = httpx.URL(f"http://127.0.0.1:{self._port}{path}")
        request.headers["Host"] = request.url.netloc.decode()
        return super().handle_request(request)


@pytest.fixture
async def meta_hook() -> AsyncIterator[MetaHook]:
    async with a_hook() as made:
        yield made


@pytest.fixture
async def number(sandbox: Sandbox, meta_hook: MetaHook) -> Account:
    made = await an_account(sandbox, "whatsapp", meta_hook)
    await made.says(text="hi", person=ANN)
    return made


@pytest.fixture
def found() -> list[Any]:
    return []


@pytest.fixture
def library(number: Account, found: list[Any]) -> Any:
    session = httpx.Client(transport=ToSandbox(number.sandbox.port))
    told = number.told
    client = WhatsApp(phone_id=number.id, token=told["token"], app_secret=told["app_secret"], session=session)
    for on in (client.on_message, client.on_callback_button, client.on_message_status):
        on(lambda _client, update: found.append(update))
    yield client
    session.close()


def reads(library: WhatsApp, bodies: list[dict[str, Any]]) -> None:
    for body in bodies:
        assert library.webhook_update_handler(json.dumps(body).encode()) == ("ok", 200)


async def test_it_reads_what_people_do_and_what_became_of_its_messages(
    number: Account, library: WhatsApp, meta_hook: MetaHook, found: list[Any]
) -> None:
    yes = [Button(title="Yes", callback_data="sure:yes")]
    sent = await asyncio.to_thread(library.send_message, USER, "Sure?", buttons=yes, tracker="row-1")

    (asked,) = [one for one in await number.messages() if one["text"] == "Sure?"]
    await number.says(press={"message_id": asked["id"], "data": "sure:yes"})
    await number.says(read=True)
    await meta_hook.until(1, "statuses")
    await meta_hook.until(2, "messages")
    reads(library, meta_hook.bodies)

    said, pressed = (one for one in found if not isinstance(one, MessageStatus))
    assert isinstance(said, Message)
    assert (said.text, said.from_user.bsuid, said.from_user.name) == ("hi", USER, "Ann Lee")
    assert isinstance(pressed, CallbackButton)
    assert pressed.data == "sure:yes"
    status = next(one for one in found if isinstance(one, MessageStatus))
    assert (status.id, status.tracker, status.status.value) == (sent.id, "row-1", "read")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (131056, errors.TooManyMessages),
        (130429, errors.RateLimitHit),
        (131048, errors.SpamRateLimitHit),
        (190, errors.ExpiredAccessToken),
        (131031, errors.AccountLocked),
    ],
)
async def test_a_refusal_is_the_librarys_own_kind_of_error(
    number: Account, library: WhatsApp, code: int, error: type[Exception]
) -> None:
    await number.faults({"kind": "error", "code": code, "rate": 1})
    with pytest.raises(errors.WhatsAppError) as refused:
        await asyncio.to_thread(library.send_message, USER, "hi")
    assert type(refused.value) is error


async def test_too_late_is_told_with_the_status(
    number: Account, library: WhatsApp, meta_hook: MetaHook, found: list[Any]
) -> None:
    await number.later(25)
    await asyncio.to_thread(library.send_message, USER, "still there?")
    (failed,) = await meta_hook.until(1, "statuses")
    assert failed["errors"][0]["code"] == 131047
    if "contacts" in meta_hook.bodies[-1]["entry"][0]["changes"][0]["value"]:  # the library cannot do without
        reads(library, meta_hook.bodies[-1:])
        assert type(found[0].error) is errors.ReEngagementMessage
