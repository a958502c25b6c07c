"""What a form says is read in its queue's log, and stands nowhere else: in no email, log, metric, topic or document."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from shared.contracts import topics
from shared.messaging.reading import reading, until_now
from shared.settings import KithSettings
from shared.storage.mongo import connect, database
from tests.e2e.kith import Kith, until

SERVICES = ("console", "ingest", "identity", "notification", "broadcast")


async def test_what_a_form_says_stands_in_no_email_log_metric_topic_or_document(kith: Kith) -> None:
    canary = f"canary{secrets.token_hex(8)}"
    me = await kith.token("admin")
    queue = await _queue(kith)
    await _leave(kith, queue["form_key"], {"a.message": f"I write {canary}", "a.name": "Ann"})

    async def there() -> dict[str, Any] | None:
        _, found = await kith.get("/api/notification/requests", key=me, queue_id=queue["id"])
        return found["items"][0] if found["items"] else None

    request = await until(there)
    mongo = f"mongodb://127.0.0.1:{kith.ports['mongo']}/?replicaSet=rs0"
    settings = KithSettings(kafka=f"127.0.0.1:{kith.ports['kafka']}", mongo=mongo)
    await _let_time_go_by(settings, request["id"])
    emails = await until(lambda: _emails_of(kith, request["id"]), 120)  # the leads are told
    _, viewed = await kith.call("POST", f"/api/notification/requests/{request['id']}/view", key=me)
    assert canary in str(viewed)  # what is looked for is there to be found

    assert not [email for email in emails if canary in email]
    for service in SERVICES:
        async with kith.session.get(f"http://127.0.0.1:{kith.ports[service]}/metrics") as answer:
            metrics = await answer.text()
        assert "python_info" in metrics
        assert canary not in metrics, service
    logs = await asyncio.to_thread(_logs, kith.home)
    assert len(logs) >= len(SERVICES)
    assert not [str(log) for log, said in logs.items() if canary.encode() in said]
    records = await _records(settings)
    assert len(records[topics.CONTACT_FORM.name]) >= 1
    assert not [topic for topic, said in records.items() if canary.encode() in said]
    await _not_in_any_document(settings, canary, request["id"])


async def _queue(kith: Kith) -> dict[str, Any]:
    wanted = {"name": f"Canaries {secrets.token_hex(3)}", "time_zone": "UTC"}
    status, made = await kith.call("POST", "/api/notification/queues", body=wanted)
    assert status == 201, made
    return made


async def _let_time_go_by(settings: KithSettings, request_id: str) -> None:
    """Have the form's escalation come to its end: the queue has no members, so what is left is its leads."""
    client = connect(settings)
    try:
        timers = database(client, settings, "notification")["timers"]
        await timers.update_one({"_id": request_id}, {"$set": {"due_at": datetime(2026, 1, 1, tzinfo=UTC)}})
    finally:
        client.close()


async def _leave(kith: Kith, form_key: str, typed: Mapping[str, str]) -> None:
    """Send the form as a page of its own, as a browser without JavaScript does."""
    address = f"{kith.origin}/f/{form_key}"

    async def page() -> str | None:
        async with browser.get(address) as answer:
            return await answer.text() if answer.status == 200 else None

    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        found = re.search(r'name="submission" value="([^"]+)"', await until(page))
        assert found is not None
        async with browser.post(address, data={**typed, "submission": found[1]}, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()


async def _emails_of(kith: Kith, request_id: str) -> list[str]:
    """Return all of each email about a request, as the mail server got it."""
    async with kith.session.get(f"{kith.sandbox}/api/mail/messages", params={"limit": 1000}) as answer:
        items = (await answer.json())["items"]
    whole: list[str] = []
    for item in items:
        async with kith.session.get(f"{kith.sandbox}/api/mail/messages/{item['n']}") as answer:
            whole.append(await answer.text())
    return [email for email in whole if request_id in email]


def _logs(home: Path) -> dict[Path, bytes]:
    return {log: log.read_bytes() for log in (home / "up.log", *(home / "logs").rglob("*.log*"))}


async def _records(settings: KithSettings) -> dict[str, bytes]:
    """Return all that stands on each topic, keys and headers too."""
    found: dict[str, bytes] = {}
    async with reading(settings, "tests") as reader:
        for topic in topics.TOPICS:
            said = b""
            async for record in until_now(reader, topic.name):
                said += (record.key or b"") + (record.value or b"") + str(record.headers).encode()
            found[topic.name] = said
    return found


async def _not_in_any_document(settings: KithSettings, canary: str, request_id: str) -> None:
    client, names = connect(settings), list[str]()
    try:
        for name in await client.list_database_names():
            if name in {"admin", "config", "local"}:
                continue
            for collection in await client[name].list_collection_names():
                rows = [str(row) async for row in client[name][collection].find({})]
                assert not [row for row in rows if canary in row], f"{name}.{collection}"
                names += [collection for row in rows if request_id in row]
    finally:
        client.close()
    assert "requests" in names  # what was looked through is what holds it
