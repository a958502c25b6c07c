"""Connections: checked with the provider, sealed, told to the others, and foreign to every other workspace."""

import secrets
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pydantic import SecretStr

from services.ingest.channels.contract import AccountRefusedError, ProviderAwayError
from services.ingest.channels.telegram.account import BotApiError, TelegramAccounts
from services.ingest.domain.scenario_check import InvalidScenarioError
from services.ingest.settings import IngestSettings
from services.ingest.store.connections import Connection, Connections, state_of
from services.ingest.usecases.connect import (
    AlreadyConnectedError,
    Change,
    Connect,
    NewConnection,
    NotOfThisChannelError,
)
from services.ingest.usecases.connection_book import ConnectionBook
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import connect, database
from shared.storage.transactions import StaleError
from tests.ingest.desk import REACH

KEY = SecretStr("1:" + "A" * 43)


class Telegram(TelegramAccounts):
    """Telegram's side: knows every token of its bot, and notes where updates are to go."""

    def __init__(self) -> None:
        super().__init__("https://api.telegram.invalid")
        self.bot = {"id": secrets.randbelow(10**9), "first_name": "Shop", "username": "shop_bot"}
        self.error: Exception | None = None
        self.webhook_error: Exception | None = None
        self.webhooks: list[tuple[str, str]] = []

    async def _call(self, token: str, method: str, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - Telegram's own form
        if method == "getMe":
            if self.error is not None:
                raise self.error
            return self.bot
        if self.webhook_error is not None:
            raise self.webhook_error
        self.webhooks.append((body["url"], body["secret_token"]))
        return {}


class House:
    """Connect with a publisher that was never started: the broker is away all the time."""

    def __init__(self, settings: IngestSettings) -> None:
        self.client = connect(settings)
        ours = database(self.client, settings, "ingest")
        self.rows = ours["outbox"]
        self.connections = Connections(ours)
        keys = SecretKeys(KEY.get_secret_value())
        self.book = ConnectionBook(keys, self.connections)
        self.telegram = Telegram()
        self.connect = Connect(
            client=self.client,
            connections=self.connections,
            book=self.book,
            outbox=Outbox("ingest", self.rows, Publisher(settings, "ingest"), {topics.CONNECTION: self.connections}),
            keys=keys,
            accounts={"telegram": self.telegram},
            origin="https://kith.example",
        )


@pytest.fixture
async def house(settings: IngestSettings) -> AsyncGenerator[House]:
    found = House(settings)
    yield found
    found.client.close()


@pytest.fixture
def workspace() -> str:
    return f"ws_{secrets.token_hex(6)}"


def asked(**how: Any) -> NewConnection:
    made: dict[str, Any] = {
        "channel": "telegram",
        "secrets": {"token": "7:AAA"},
        "settings": {},
        "name": None,
        "becomes_client": "on_contact",
        "scenario": None,
    }
    return NewConnection(**made | how)


async def add(house: House, workspace: str, **how: Any) -> Connection:
    return (await house.connect.add(workspace, asked(**how))).connection


async def test_a_new_one_is_known_sealed_and_pointed_here_even_while_the_broker_is_away(
    house: House, workspace: str
) -> None:
    told = await house.connect.add(workspace, asked(scenario=REACH))
    made, secret = told.connection, told.secret

    assert not told.to_paste
    assert (made.name, made.account_id, made.username) == ("Shop", str(house.telegram.bot["id"]), "shop_bot")
    assert house.telegram.webhooks == [(f"https://kith.example/hooks/telegram/{made.id}", secret)]
    account = house.book.account(made.id)
    assert account is not None
    assert (account.workspace_id, account.secrets) == (workspace, {"token": "7:AAA", "secret": secret})
    stored = await house.connections.one(workspace, made.id)
    assert stored == made
    assert "7:AAA" not in str(vars(made)) + str(state_of(made))
    left = [row["keys"] for row in await house.rows.find().to_list(None)]
    assert left.count({topics.CONNECTION.name: [made.id]}) == 2  # for the sweeper, once the broker is back
    scenario = await house.book.scenario(made.id)
    assert scenario is not None
    assert scenario.name == "Test"


async def test_another_workspace_sees_nothing_of_it(house: House, workspace: str) -> None:
    made = await add(house, workspace)
    assert await house.connections.one("ws_other", made.id) is None
    assert await house.connections.of("ws_other") == []
    again = await add(house, "ws_" + secrets.token_hex(6))
    assert again.id != made.id


async def test_the_same_bot_twice_is_told_which_it_is(house: House, workspace: str) -> None:
    made = await add(house, workspace)
    with pytest.raises(AlreadyConnectedError, match=made.id):
        await house.connect.add(workspace, asked())


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (BotApiError(401, "Unauthorized"), AccountRefusedError),
        (BotApiError(404, "Not Found"), AccountRefusedError),
        (BotApiError(429, "Too Many Requests"), ProviderAwayError),
        (ProviderAwayError("TimeoutError"), ProviderAwayError),
    ],
)
async def test_a_token_that_telegram_refuses_changes_nothing(
    house: House, workspace: str, error: Exception, becomes: type[Exception]
) -> None:
    house.telegram.error = error
    with pytest.raises(becomes):
        await house.connect.add(workspace, asked())
    assert await house.connections.of(workspace) == []


async def test_a_scenario_is_checked_before_anything_is_done(house: House, workspace: str) -> None:
    with pytest.raises(InvalidScenarioError):
        await house.connect.add(workspace, asked(scenario={"name": "x"}))
    assert await house.connections.of(workspace) == []


async def test_a_webhook_that_telegram_refuses_stays_to_be_seen_and_tried_again(house: House, workspace: str) -> None:
    house.telegram.webhook_error = BotApiError(400, "Bad Request: bad webhook: HTTPS url must be provided")
    made = await add(house, workspace)
    assert made.webhook is not None
    assert not made.webhook.ok
    assert "KITH_PUBLIC_URL" in (made.webhook.error or "")

    house.telegram.webhook_error = None
    changed = await house.connect.change(made, Change(enabled=True))
    assert changed.webhook is not None
    assert changed.webhook.ok


async def test_switched_off_it_takes_nothing_and_says_nothing(house: House, workspace: str) -> None:
    made = await add(house, workspace, scenario=REACH)
    off = await house.connect.change(made, Change(enabled=False))
    assert house.book.account(made.id) is None
    assert await house.book.scenario(made.id) is None
    await house.connect.change(off, Change(enabled=True))
    assert house.book.account(made.id) is not None


async def test_an_older_state_does_not_come_back(house: House, workspace: str) -> None:
    made = await add(house, workspace)
    await house.connect.change(made, Change(enabled=False))
    house.book.take(state_of(made))
    assert house.book.account(made.id) is None


async def test_who_was_slower_is_told(house: House, workspace: str) -> None:
    made = await add(house, workspace)
    await house.connect.change(made, Change(name="First"))
    with pytest.raises(StaleError):
        await house.connect.change(made, Change(name="Second"))


async def test_a_token_of_another_bot_is_refused(house: House, workspace: str) -> None:
    made = await add(house, workspace)
    house.telegram.bot = {"id": 1, "first_name": "Other"}
    with pytest.raises(AccountRefusedError, match="another account"):
        await house.connect.change(made, Change(secrets={"token": "1:BBB"}))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"secrets": {}}, "token"),
        ({"secrets": {"token": "7:A", "app_secret": "x"}}, "app_secret"),
        ({"settings": {"page_id": "1"}}, "page_id"),
    ],
)
async def test_what_a_channel_does_not_have_is_told_at_the_field(
    house: House, workspace: str, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotOfThisChannelError) as refused:
        await add(house, workspace, **given)
    assert refused.value.field == field
    made = await add(house, workspace)
    with pytest.raises(NotOfThisChannelError):
        await house.connect.change(made, Change(settings={"deliver_url": "https://a.example"}))


async def test_a_new_secret_reaches_the_provider_at_once(house: House, workspace: str) -> None:
    made = await house.connect.add(workspace, asked())
    told = await house.connect.rotate(made.connection)
    assert told.secret not in {None, made.secret}
    assert house.telegram.webhooks[-1] == (f"https://kith.example/hooks/telegram/{made.connection.id}", told.secret)
    account = house.book.account(made.connection.id)
    assert account is not None
    assert account.secrets["secret"] == told.secret


async def test_an_empty_scenario_takes_it_away(house: House, workspace: str) -> None:
    made = await add(house, workspace, scenario=REACH)
    changed = await house.connect.change(made, Change(scenario={}))
    assert changed.scenario is None
    assert await house.book.scenario(made.id) is None
