"""The console offers the channels that can be connected, and asks for what each of them needs."""

import json
from importlib.resources import files

import pytest
from pydantic import SecretStr

from services.ingest.channels.register import ACCOUNTS
from services.ingest.settings import IngestSettings
from shared.contracts.chat import Channel
from tests.ingest.site import KEY

PAGE = "web/src/features/connections/channels.json"
FORM = json.loads(files("services.console").joinpath(PAGE).read_text(encoding="utf-8"))


def test_the_page_offers_the_channels_of_the_register() -> None:
    assert set(FORM["connectable"]) == set(ACCOUNTS), f"correct `connectable` in {PAGE}"


@pytest.mark.parametrize("channel", ACCOUNTS)
def test_the_form_asks_for_what_the_channel_needs(channel: Channel) -> None:
    accounts = ACCOUNTS[channel](IngestSettings(secret_key=SecretStr(KEY)))
    fields = FORM["fields"][channel]
    secrets = {field["name"]: field.get("optional", False) for field in fields if field["kind"] == "secret"}
    assert {name for name, optional in secrets.items() if not optional} == accounts.needs
    assert {name for name, optional in secrets.items() if optional} <= accounts.may_have
    others = {field["name"]: field.get("optional", False) for field in fields if field["kind"] != "secret"}
    assert {name for name, optional in others.items() if not optional} == accounts.settings
    assert {name for name, optional in others.items() if optional} <= accounts.may_have
