"""Connections that two people change, what they no longer need, and new secrets: over the API."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from services.ingest.settings import IngestSettings
from tests.ingest.site import ORIGIN, SITE_SECRET, Site, an_ingest

ADAPTER = {"channel": "custom", "name": "Kiosk", "deliver_url": "https://adapter.example.com/deliver", "vouches": True}


@pytest.fixture(scope="module")
async def address(settings: IngestSettings) -> AsyncGenerator[str]:
    async with an_ingest(settings) as found:
        yield found


@pytest.fixture
async def admin(settings: IngestSettings, address: str) -> AsyncGenerator[Site]:
    found = Site(settings, address)
    yield found
    await found.http.aclose()


async def adapter(admin: Site) -> dict[str, Any]:
    answer = await admin.manage("POST", "/connections", ADAPTER)
    assert answer.status_code == 201, answer.text
    admin.made = answer.json()
    return admin.made


async def kept(admin: Site) -> dict[str, Any]:
    return (await admin.manage("GET", f"/connections/{admin.made['id']}")).json()


async def test_who_changes_an_older_version_is_shown_the_newer_one(admin: Site) -> None:
    made = await adapter(admin)
    assert (await admin.change(rev=made["rev"], name="Theirs")).status_code == 200

    refused = await admin.change(rev=made["rev"], name="Mine", deliver_url="https://b.example/x")
    told = refused.json()
    assert (refused.status_code, told["type"]) == (409, "urn:kith:problem:changed-meanwhile")
    assert (told["current"]["name"], told["current"]["rev"]) == ("Theirs", made["rev"] + 1)
    assert told["yours"] == {"rev": made["rev"], "name": "Mine", "deliver_url": "https://b.example/x"}
    assert (await kept(admin))["settings"]["deliver_url"] == ADAPTER["deliver_url"]

    assert (await admin.change(rev=told["current"]["rev"], name="Mine")).json()["name"] == "Mine"
    path = f"/api/ingest/connections/{made['id']}"
    headers = {"Authorization": f"Bearer {admin.workspace}:admin", "If-Match": f'"{made["rev"]}"'}
    assert (await admin.http.patch(path, json={"name": "Late"}, headers=headers)).status_code == 409
    assert (await admin.change(name="Whoever")).status_code == 200  # without a rev the last one holds


async def test_a_secret_that_is_refused_is_shown_to_nobody(admin: Site) -> None:
    made = (await admin.connect()).made
    assert made["secrets"] == ["site_secret"]
    await admin.change(name="Newer")
    refused = await admin.change(rev=made["rev"], site_secret="y" * 40)
    assert refused.status_code == 409
    assert "y" * 40 not in refused.text


async def test_what_a_connection_need_not_have_can_be_taken_away(admin: Site) -> None:
    await admin.connect()
    assert (await admin.change(site_secret=None)).json()["secrets"] == []
    refused = await admin.change(origins=None)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "origins")
    assert (await kept(admin))["settings"]["origins"] == [ORIGIN]
    assert (await admin.change(site_secret=SITE_SECRET)).json()["secrets"] == ["site_secret"]

    await adapter(admin)
    assert (await admin.change(vouches=False)).json()["settings"]["vouches"] is False
    assert "vouches" not in (await admin.change(vouches=None)).json()["settings"]


async def test_an_adapters_secret_is_replaced_and_told_once(admin: Site, settings: IngestSettings) -> None:
    made = await adapter(admin)
    answer = await admin.manage("POST", f"/connections/{made['id']}/secret")
    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert told["secret"] not in (None, made["secret"])
    assert told["rev"] > made["rev"]
    assert told["secret"] not in (await admin.manage("GET", f"/connections/{made['id']}")).text
    assert told["secret"] not in (await admin.manage("GET", "/connections")).text

    elsewhere = Site(settings, admin.address)
    async with elsewhere.http:
        assert (await elsewhere.manage("POST", f"/connections/{made['id']}/secret")).status_code == 404
    await admin.connect()
    refused = await admin.manage("POST", f"/connections/{admin.made['id']}/secret")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "secret")
