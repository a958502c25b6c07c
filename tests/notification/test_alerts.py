"""A form comes in over the topic: who is told, and that nothing more goes out once somebody has looked."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from services.notification.settings import NotificationSettings
from shared.storage.mongo import Database, connect, database
from tests.console.running import eventually
from tests.notification.conftest import Notification
from tests.notification.desk import Desk


@pytest.fixture
async def owned(settings: NotificationSettings) -> AsyncGenerator[Database]:
    client = connect(settings)
    yield database(client, settings, "notification")
    client.close()


async def test_a_form_tells_who_is_online_and_emails_who_ticked_it(desk: Desk, notification: Notification) -> None:
    ada, ben, cia = desk.user("Ada"), desk.user("Ben"), desk.user("Cia")
    queue = await desk.queue(ada, ben, cia)
    await desk.call(ben, "PUT", "/me/notifications", {"email": True})
    await desk.call(cia, "PUT", "/me/notifications", {"queues": {queue["id"]: {"off": True}}, "email": True})
    alerting = notification.app.state.alerting
    async with notification.listening(token=notification.signs_in.token(ada)) as hers:
        await hers.ready()

        async def online() -> bool:
            return bool(await alerting.presence.online(desk.workspace, [ada.id]))

        await eventually(online)
        (id_,) = await desk.leave(queue["id"])
        (line,) = await hers.changes(1)

    assert (line["kind"], line["id"], line["created"]) == ("request", id_, True)
    (step,) = await alerting.steps.of(desk.workspace, id_)
    assert step["reached"] == [{"user_id": ada.id, "by": ["live"]}, {"user_id": ben.id, "by": ["email"]}]
    assert step["skipped"] == [{"user_id": cia.id, "why": "off"}]
    (email,) = await alerting.emails.of_request(desk.workspace, id_)
    assert (email.user_id, email.status) == (ben.id, "queued")
    request = await desk.request(ada, id_)
    assert request["escalation"]["step"] == 0

    (await desk.call(ada, "POST", "/requests/seen", {"ids": [id_]})).ok()

    (email,) = await alerting.emails.of_request(desk.workspace, id_)
    assert (email.status, email.reason) == ("dropped", "seen")
    assert (await desk.request(ada, id_))["escalation"] is None


async def test_a_form_that_nobody_looks_at_ends_with_the_lead(
    desk: Desk, notification: Notification, owned: Database
) -> None:
    ada, lead = desk.user("Ada"), desk.user("Lea")
    queue = await desk.queue(ada, lead=lead.id, escalate_after_seconds=15, colleagues_asked=1)
    (id_,) = await desk.leave(queue["id"])
    alerting = notification.app.state.alerting
    async with notification.listening(token=notification.signs_in.token(lead)) as hers:
        await hers.ready()
        # as if its time had come
        await owned["timers"].update_one({"_id": id_}, {"$set": {"due_at": datetime(2026, 1, 1, tzinfo=UTC)}})
        (banner,) = await hers.changes(1)
        while banner["kind"] != "banner":  # that the form came may be told late
            (banner,) = await hers.changes(1)
        (again,) = await hers.changes(1)
    assert (banner["kind"], banner["id"]) == ("banner", id_)
    assert (again["kind"], again["id"], again["created"]) == ("request", id_, False)  # an open log shows the step

    kinds = [step["kind"] for step in await alerting.steps.of(desk.workspace, id_)]
    assert kinds == ["intake", "push", "email", "colleague", "lead"]
    (email,) = await alerting.emails.of_request(desk.workspace, id_)
    assert (email.user_id, email.why) == (lead.id, "lead")
    (banner,) = (await desk.call(lead, "GET", "/me/banners")).ok()["items"]
    assert (banner["request_id"], banner["queue_name"]) == (id_, queue["name"])
    assert (await desk.call(ada, "POST", f"/me/banners/{id_}/dismiss")).status == 204

    assert (await desk.call(lead, "GET", "/me/banners")).ok() == {"items": [], "total": 0}
    history = (await desk.call(lead, "GET", f"/requests/{id_}/history")).ok()["items"]
    assert {"received", "escalated", "seen"} == {entry["kind"] for entry in history}


@pytest.mark.parametrize("gone", ["deleted", "unknown"])
async def test_a_form_of_a_queue_that_is_gone_reaches_somebody(
    desk: Desk, notification: Notification, owned: Database, gone: str
) -> None:
    queue_id = f"q_nobody_knows_{desk.workspace}"
    if gone == "deleted":
        queue_id = (await desk.queue())["id"]
        (await desk.call(desk.admin, "DELETE", f"/queues/{queue_id}")).ok()
    (id_,) = await desk.leave(queue_id)
    async with notification.listening(token=notification.signs_in.token(desk.admin)) as his:
        await his.ready()
        await owned["timers"].update_one({"_id": id_}, {"$set": {"due_at": datetime(2026, 1, 1, tzinfo=UTC)}})
        (banner,) = await his.changes(1)
        while banner["kind"] != "banner":  # that the form came, and that a step was taken, are told, too
            (banner,) = await his.changes(1)

    assert (banner["kind"], banner["id"]) == ("banner", id_)
    (email,) = await notification.app.state.alerting.emails.of_request(desk.workspace, id_)
    assert (email.user_id, email.why) == (desk.admin.id, "lead")
    (shown,) = (await desk.call(desk.admin, "GET", "/me/banners")).ok()["items"]
    assert shown["request_id"] == id_
    assert shown["queue_name"] == ("Customer service" if gone == "deleted" else queue_id)
    assert (await desk.request(desk.admin, id_))["escalation"] is None
