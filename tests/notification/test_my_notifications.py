"""What everybody sets for themselves, what is tried out, who is online, and what admins are told of emails."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notification.domain.escalation import Reached, Step
from services.notification.settings import NotificationSettings
from services.notification.store.clock import clock_of
from services.notification.store.emails import NewEmail
from services.notification.store.presence import Presence
from services.notification.usecases.alerting import Alerting
from shared.storage.mongo import Database, connect, database
from tests.console.running import eventually
from tests.notification.conftest import Notification
from tests.notification.desk import Desk
from tests.notification.push_service import TestBrowser

DEFAULTS: dict[str, Any] = {
    "sound": True, "desktop": True, "push": True, "email": False, "language": None, "queues": {},
    "quiet_hours": {"on": False, "from": "20:00", "to": "08:00", "days": [0, 1, 2, 3, 4, 5, 6], "time_zone": "UTC"},
}  # fmt: skip


@pytest.fixture
async def owned(settings: NotificationSettings) -> AsyncGenerator[Database]:
    client = connect(settings)
    yield database(client, settings, "notification")
    client.close()


@pytest.fixture
def alerting(notification: Notification) -> Alerting:
    found = notification.app.state.alerting
    assert isinstance(found, Alerting)
    return found


async def test_settings_are_the_defaults_until_somebody_chooses(desk: Desk) -> None:
    ada, ben = desk.user("Ada"), desk.user("Ben")
    queue = await desk.queue(ada, ben)
    assert (await desk.call(ada, "GET", "/me/notifications")).ok() == DEFAULTS
    own: dict[str, Any] = {"sound": None, "desktop": None, "push": None, "email": True, "off": False}
    chosen: dict[str, Any] = {
        **DEFAULTS, "sound": False, "language": "es", "queues": {queue["id"]: own},
        "quiet_hours": {"on": True, "from": "22:00", "to": "06:30", "days": [0, 4], "time_zone": "Europe/Oslo"},
    }  # fmt: skip

    given = {**chosen, "queues": {**chosen["queues"], "qu_gone": own}}
    assert (await desk.call(ada, "PUT", "/me/notifications", given)).ok() == chosen

    assert (await desk.call(ada, "GET", "/me/notifications")).ok() == chosen
    assert (await desk.call(ben, "GET", "/me/notifications")).ok() == DEFAULTS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quiet_hours", {"time_zone": "Oslo"}),
        ("quiet_hours", {"time_zone": "../../etc/passwd"}),
        ("quiet_hours", {"from": "25:00"}),
        ("quiet_hours", {"days": [7]}),
        ("language", "fr"),
        ("sound", "perhaps"),
        ("smell", True),
    ],
)
async def test_bad_settings_change_nothing(desk: Desk, field: str, value: object) -> None:
    ada = desk.user("Ada")

    answer = await desk.call(ada, "PUT", "/me/notifications", {field: value})

    assert any(name.startswith(field) for name in answer.faults)
    assert (await desk.call(ada, "GET", "/me/notifications")).ok() == DEFAULTS


async def test_a_marketer_is_told_of_no_forms(desk: Desk) -> None:
    assert (await desk.call(desk.user("Mia", "marketer"), "GET", "/me/notifications")).status == 403


async def test_a_browser_takes_pushes_until_it_is_switched_off(desk: Desk, alerting: Alerting) -> None:
    ada = desk.user("Ada")
    key = (await desk.call(ada, "GET", "/push/key")).ok()["public_key"]
    assert len(key) == 87
    browser = TestBrowser().subscription("https://push.example/abc")

    assert (await desk.call(ada, "PUT", "/push/subscriptions", browser)).status == 204
    assert len(await alerting.subscriptions.of(desk.workspace, ada.id)) == 1
    assert (await desk.call(ada, "DELETE", "/push/subscriptions", {"endpoint": browser["endpoint"]})).status == 204
    assert await alerting.subscriptions.of(desk.workspace, ada.id) == []
    inside = TestBrowser().subscription("https://127.0.0.1:8008/x")
    assert "endpoint" in (await desk.call(ada, "PUT", "/push/subscriptions", inside)).faults
    bad = {**browser, "keys": {"p256dh": "AAAA", "auth": "AAAA"}}
    assert "keys" in (await desk.call(ada, "PUT", "/push/subscriptions", bad)).faults


async def test_who_has_a_page_open_is_online_however_many_pages(
    desk: Desk, notification: Notification, alerting: Alerting, owned: Database
) -> None:
    ada = desk.user("Ada")
    token = notification.signs_in.token(ada)
    elsewhere = Presence(owned, clock_of(owned), "other")

    async def online() -> bool:
        return await alerting.presence.online(desk.workspace, [ada.id]) == {ada.id}

    async def offline() -> bool:
        return not await online()

    async with notification.listening(token=token) as one, notification.listening(token=token) as two:
        await one.ready()
        await two.ready()
        await eventually(online)
        one.answer.close()
        assert await online()
        await elsewhere.come([(desk.workspace, ada.id)])
    assert await online()  # with another process still
    await elsewhere.leave()
    await eventually(offline)


async def test_trying_says_what_came_of_it(desk: Desk, notification: Notification, alerting: Alerting) -> None:
    ada, ben = desk.user("Ada"), desk.user("Ben")

    async def tried(way: str) -> str:
        return (await desk.call(ada, "POST", "/me/notifications/try", {"way": way})).ok()["outcome"]

    assert await tried("sound") == "nowhere"
    assert await tried("push") == "nowhere"
    assert await tried("email") == "waits"  # no mail server is set here
    async with (
        notification.listening(token=notification.signs_in.token(ada)) as hers,
        notification.listening(token=notification.signs_in.token(ben)) as his,
    ):
        await hers.ready()
        await his.ready()

        async def online() -> bool:
            return bool(await alerting.presence.online(desk.workspace, [ada.id]))

        await eventually(online)
        assert await tried("desktop") == "sent"
        (line,) = await hers.changes(1)
        assert line["kind"] == "alert"
        assert line["id"].startswith("try_desktop_")


async def test_admins_are_told_what_became_of_emails(desk: Desk, alerting: Alerting) -> None:
    ada = desk.user("Ada")
    now = datetime.now(UTC)
    await alerting.emails.add(desk.workspace, [NewEmail("rq_1", ada.id, None, "lead")], now, None)
    (email,) = await alerting.emails.of_request(desk.workspace, "rq_1")

    told = (await desk.call(desk.admin, "GET", "/email/troubles")).ok()
    assert told["items"] == []
    assert told["server"]["is_set"] is False
    assert told["server"]["waiting"] == 1
    assert "KITH_SMTP_URL" in told["server"]["trouble"]

    await alerting.emails.end(email, "failed", "550 No such mailbox")
    (trouble,) = (await desk.call(desk.admin, "GET", "/email/troubles")).ok()["items"]
    assert (trouble["user_name"], trouble["status"], trouble["reason"]) == ("Ada", "failed", "550 No such mailbox")
    assert (await desk.call(ada, "GET", "/email/troubles")).status == 403
    other = desk.elsewhere()
    assert (await desk.call(other.admin, "GET", "/email/troubles")).ok()["items"] == []
    bounce = {"message_id": f"<{email.id}@example.com>", "reason": "mailbox full"}
    assert (await desk.call(other.admin, "POST", "/bounces", bounce)).status == 404
    assert (await desk.call(desk.admin, "POST", "/bounces", bounce)).status == 204
    (trouble,) = (await desk.call(desk.admin, "GET", "/email/troubles")).ok()["items"]
    assert trouble["reason"] == "came back: mailbox full"


async def test_a_banner_hangs_for_the_lead_and_for_admins_where_the_lead_left(
    desk: Desk, notification: Notification, owned: Database
) -> None:
    lead, member = desk.user("Lea"), desk.user("Max")
    queue = await desk.queue(member, lead=lead.id)
    banner = {"_id": "rq_b", "workspace_id": desk.workspace, "queue_id": queue["id"], "at": datetime.now(UTC)}
    await owned["banners"].insert_one(banner)

    async def seen_by(user: object) -> list[str]:
        found = (await desk.call(user, "GET", "/me/banners")).ok()  # pyright: ignore[reportArgumentType]
        assert found["total"] == len(found["items"])
        return [item["queue_name"] for item in found["items"]]

    assert await seen_by(lead) == ["Customer service"]
    assert await seen_by(member) == []
    assert await seen_by(desk.admin) == []
    notification.knows(lead.model_copy(update={"rev": 2, "active": False}))
    assert await seen_by(desk.admin) == ["Customer service"]


def test_a_step_knows_whom_it_told_by_which_way() -> None:
    step = Step("colleague", (Reached("ada", ("live", "push")), Reached("ben", ("email",))))

    assert (step.by("live"), step.by("push"), step.by("email")) == (["ada"], ["ada"], ["ben"])
