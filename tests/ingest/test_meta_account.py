"""Whose a token is, as Graph says: every refusal at the field that is wrong."""

import hashlib
import hmac
import secrets
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from aiohttp import web

from services.ingest.channels.contract import Account, AccountRefusedError, Accounts, Identity, ProviderAwayError
from services.ingest.channels.meta.account import INSTAGRAM, MESSENGER, WHATSAPP, MetaAccounts
from services.ingest.channels.register import HOOKS
from services.ingest.settings import IngestSettings
from services.ingest.usecases.connect import Change, NewConnection, NotOfThisChannelError
from shared.contracts.chat import Channel
from tests.ingest.metas import APP_SECRET
from tests.ingest.test_connect import House, asked

SECRETS = {"token": "EAAB", "app_secret": APP_SECRET}


class Graph:
    """Meta's side: answers what a test tells it to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[web.Request] = []
        self.answer: Any = {}
        self.status = 200
        self.token: Any = {"error": {"code": 100, "message": "Unsupported get request"}}
        """What Graph tells of the token."""

    async def handle(self, request: web.Request) -> web.Response:
        if request.path == "/v24.0/app":
            return web.json_response({"id": "777"})
        if request.path == "/v24.0/debug_token":
            proven = request.headers["Authorization"] == f"Bearer 777|{APP_SECRET}"
            return web.json_response(self.token if proven and request.query["input_token"] == "EAAB" else {})
        self.asked.append(request)
        return web.json_response(self.answer, status=self.status)

    def refuses(self, code: int, words: str = "no", **more: Any) -> None:
        self.status, self.answer = 400, {"error": {"message": words, "code": code, "type": "OAuthException", **more}}


@pytest.fixture
async def graph() -> AsyncGenerator[Graph]:
    found = Graph()
    app = web.Application()
    app.router.add_get("/v24.0/{id}", found.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.base = f"http://127.0.0.1:{runner.addresses[0][1]}/v24.0/"
    yield found
    await runner.cleanup()


@pytest.mark.parametrize(
    ("kind", "answer", "who"),
    [
        (
            WHATSAPP,
            {"id": "42", "verified_name": "Shop", "display_phone_number": "+1 555-078-3881"},
            Identity("42", "Shop", "+1 555-078-3881"),
        ),
        (MESSENGER, {"id": "42", "name": "Shop"}, Identity("42", "Shop")),
        (INSTAGRAM, {"id": "42", "name": "Shop", "username": "shop"}, Identity("42", "Shop", "shop")),
        (INSTAGRAM, {"id": "42", "username": "shop"}, Identity("42", "shop", "shop")),
        (WHATSAPP, {"id": "42"}, Identity("42", "42")),
    ],
)
async def test_graph_says_whose_it_is(graph: Graph, kind: Any, answer: dict[str, Any], who: Identity) -> None:
    graph.answer = answer
    assert await MetaAccounts(graph.base, kind).who_is(SECRETS, {kind.id_setting: "42"}) == who
    (asked,) = graph.asked
    assert asked.path == "/v24.0/42"
    assert asked.headers["Authorization"] == "Bearer EAAB"
    proof = hmac.new(APP_SECRET.encode(), b"EAAB", hashlib.sha256).hexdigest()
    assert asked.query == {"fields": kind.fields, "appsecret_proof": proof}


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        ({"code": 190, "error_subcode": 463}, "token"),
        ({"code": 100, "error_subcode": 33}, "page_id"),
        ({"code": 100, "words": "Invalid appsecret_proof provided in the API argument"}, "app_secret"),
        ({"code": 10}, "token"),
        ({"code": 200}, "token"),
    ],
)
async def test_a_refusal_is_told_at_its_field(graph: Graph, refusal: dict[str, Any], field: str) -> None:
    graph.refuses(**refusal)
    with pytest.raises(AccountRefusedError) as refused:
        await MetaAccounts(graph.base, MESSENGER).who_is(SECRETS, {"page_id": "42"})
    assert refused.value.field == field


def told(*scopes: str, **more: Any) -> dict[str, Any]:
    return {"data": {"app_id": "777", "is_valid": True, "scopes": [*scopes, "public_profile"], **more}}


@pytest.mark.parametrize(
    ("kind", "token", "words"),
    [
        (MESSENGER, told("pages_manage_metadata"), "lacks the permission pages_messaging"),
        (WHATSAPP, told("whatsapp_business_management"), "lacks the permission whatsapp_business_messaging"),
        (INSTAGRAM, told("pages_messaging"), "instagram_manage_messages or instagram_business_manage_messages"),
        (
            MESSENGER,
            told("pages_messaging", granular_scopes=[{"scope": "pages_messaging", "target_ids": ["43"]}]),
            "other pages",
        ),
        (
            MESSENGER,
            {"data": {"is_valid": False, "error": {"message": "The session has been invalidated."}}},
            "The session has been invalidated; make a new one",
        ),
    ],
)
async def test_a_token_that_may_read_the_account_and_not_write_is_refused(
    graph: Graph, kind: Any, token: dict[str, Any], words: str
) -> None:
    graph.answer, graph.token = {"id": "42", "name": "Shop"}, token
    with pytest.raises(AccountRefusedError, match=words) as refused:
        await MetaAccounts(graph.base, kind).who_is(SECRETS, {kind.id_setting: "42"})
    assert refused.value.field == "token"


@pytest.mark.parametrize(
    "token",
    [
        told("pages_messaging"),
        told("pages_messaging", granular_scopes=[{"scope": "pages_messaging", "target_ids": ["41", "42"]}]),
        told("pages_messaging", granular_scopes=[{"scope": "pages_messaging"}]),
        {"data": {"is_valid": True}},
        {"error": {"code": 190, "message": "no"}},
        {},
    ],
)
async def test_a_token_that_may_write_or_of_which_graph_tells_nothing_is_taken(graph: Graph, token: Any) -> None:
    graph.answer, graph.token = {"id": "42", "name": "Shop"}, token
    assert (await MetaAccounts(graph.base, MESSENGER).who_is(SECRETS, {"page_id": "42"})).account_id == "42"


async def test_a_token_of_another_account_is_told_at_the_id(graph: Graph) -> None:
    graph.answer = {"id": "43", "name": "Shop"}
    with pytest.raises(AccountRefusedError, match="43") as refused:
        await MetaAccounts(graph.base, MESSENGER).who_is(SECRETS, {"page_id": "42"})
    assert refused.value.field == "page_id"


@pytest.mark.parametrize(
    ("wrong", "id_", "field"),
    [
        ({"app_secret": "x" * 15}, "42", "app_secret"),
        ({}, "forty-two", "page_id"),
        ({}, "42/feed", "page_id"),
        ({}, "", "page_id"),
    ],
)
async def test_what_can_be_seen_to_be_wrong_is_not_asked_about(
    graph: Graph, wrong: dict[str, str], id_: str, field: str
) -> None:
    with pytest.raises(AccountRefusedError) as refused:
        await MetaAccounts(graph.base, MESSENGER).who_is(SECRETS | wrong, {"page_id": id_})
    assert refused.value.field == field
    assert graph.asked == []


@pytest.mark.parametrize("refusal", [{"code": 4}, {"code": 2}, {"code": 999, "is_transient": True}])
async def test_what_may_pass_is_worth_another_try(graph: Graph, refusal: dict[str, Any]) -> None:
    graph.refuses(**refusal)
    with pytest.raises(ProviderAwayError):
        await MetaAccounts(graph.base, MESSENGER).who_is(SECRETS, {"page_id": "42"})


@pytest.mark.parametrize("answer", [[], "busy", None])
async def test_what_is_not_metas_form_is_no_answer(graph: Graph, answer: Any) -> None:
    graph.answer = answer
    with pytest.raises(ProviderAwayError):
        await MetaAccounts(graph.base, MESSENGER).who_is(SECRETS, {"page_id": "42"})


async def test_nobody_there_is_told_without_the_token() -> None:
    with pytest.raises(ProviderAwayError) as away:
        await MetaAccounts("http://127.0.0.1:9/v24.0", MESSENGER).who_is(SECRETS, {"page_id": "42"})
    assert "EAAB" not in str(away.value)


async def test_the_address_and_the_verify_token_are_pasted_by_hand() -> None:
    accounts = MetaAccounts("https://graph.facebook.com/v24.0", WHATSAPP)
    made = accounts.made_secrets()
    assert len(made["verify_token"]) >= 24
    assert made != accounts.made_secrets()
    account = Account("ws_1", "con_1", "whatsapp", {**SECRETS, **made}, "42")
    url = "https://kith.example/hooks/whatsapp/con_1"
    assert await accounts.point_here(account, url) is False
    assert [paste.value for paste in accounts.to_paste(account, url)][:2] == [url, made["verify_token"]]


def a_number(**how: Any) -> NewConnection:
    return asked(**({"channel": "whatsapp", "secrets": SECRETS, "settings": {"phone_number_id": "42"}} | how))


async def test_it_waits_for_its_address_until_meta_has_asked_for_it(settings: IngestSettings, graph: Graph) -> None:
    house, workspace = House(settings), f"ws_{secrets.token_hex(6)}"
    accounts: dict[Channel, Accounts] = {"whatsapp": MetaAccounts(graph.base, WHATSAPP)}
    house.connect._accounts = accounts  # pyright: ignore[reportPrivateUsage]
    graph.answer = {"id": "42", "verified_name": "Shop"}

    with pytest.raises(NotOfThisChannelError, match="app_secret"):
        await house.connect.add(workspace, a_number(secrets={"token": "EAAB"}))
    with pytest.raises(NotOfThisChannelError, match="phone_number_id"):
        await house.connect.add(workspace, a_number(settings={}))

    told = await house.connect.add(workspace, a_number())
    made = told.connection
    assert (made.account_id, made.name, told.secret) == ("42", "Shop", None)
    assert made.webhook is not None
    assert not made.webhook.ok
    url, verify_token = (paste.value for paste in told.to_paste[:2])
    assert url == f"https://kith.example/hooks/whatsapp/{made.id}"
    assert APP_SECRET not in str(vars(made))

    account = house.book.account(made.id)
    assert account is not None
    question = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": "7"}
    assert HOOKS["whatsapp"].challenge(account, question) == "7"
    await house.connect.challenged(made.id)
    proven = await house.connections.one(workspace, made.id)
    assert proven is not None
    assert proven.webhook is not None
    assert proven.webhook.ok

    changed = await house.connect.change(proven, Change(secrets={"token": "EAAC"}))
    assert changed.webhook == proven.webhook
    assert graph.asked[-1].headers["Authorization"] == "Bearer EAAC"
    renewed = house.book.account(made.id)
    assert renewed is not None
    assert renewed.secrets == {"token": "EAAC", "app_secret": APP_SECRET, "verify_token": verify_token}
    house.client.close()
