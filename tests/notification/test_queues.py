"""Queues: what an admin sets, what is refused and where, and who is told."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notification.usecases.queue_book import QueueBook
from shared.contracts import topics
from shared.messaging.tail import Tail
from tests.console.running import eventually
from tests.notification.desk import ALWAYS, Desk

NEW = {"name": "Q", "time_zone": "Europe/Oslo"}


async def test_a_queue_is_made_with_hours_and_a_form_and_told_of(desk: Desk) -> None:
    agnes, ben = desk.user("Agnes"), desk.user("Ben")
    connection = await desk.connection()
    told = QueueBook()
    tail = Tail(desk.settings, topics.QUEUE, told)
    await tail.start()
    async with desk.notification.listening(token=desk.notification.signs_in.token(agnes)) as stream:
        await stream.ready()
        made = await desk.queue(ben, agnes, connection_ids=[connection], lead=desk.admin.id)
        (change,) = await stream.changes(1)

    assert (change["kind"], change["id"], change["rev"], change["created"]) == ("queue", made["id"], 1, True)
    assert made["members"] == [ben.id, agnes.id]
    assert made["hours"][0] == [{"opens": "09:00", "closes": "17:00"}]
    assert made["hours"][6] == []
    assert [field["kind"] for field in made["form"]["fields"]] == ["name", "email", "phone", "text"]
    assert made["form_url"].endswith(f"/f/{made['form_key']}")

    async def is_told() -> bool:
        return told.one(desk.workspace, made["id"]) is not None

    await eventually(is_told)
    await tail.stop()
    state = told.one(desk.workspace, made["id"])
    assert state is not None
    assert (state.members, state.lead, state.connection_ids) == ((ben.id, agnes.id), desk.admin.id, (connection,))
    listed = (await desk.call(agnes, "GET", "/queues")).ok()
    assert [(queue["id"], queue["is_member"]) for queue in listed["items"]] == [(made["id"], True)]


LABEL = {"en": "Say"}
CHOICE = {"id": "a", "kind": "choice", "label": LABEL}
ONE = {"id": "x", "label": LABEL}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_zone": "Oslo"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"name": " "}, "name"),
        ({"hours": [[]] * 6}, "hours"),
        ({"hours": [[{"opens": "9:00", "closes": "17:00"}]] + [[]] * 6}, "hours.0.0.opens"),
        ({"hours": [[]] * 6 + [[{"opens": "17:00", "closes": "09:00"}]]}, "hours.6.0.closes"),
        ({"hours": [[{"opens": "09:00", "closes": "12:00"}, {"opens": "11:59", "closes": "13:00"}]] + [[]] * 6},
         "hours.0.1.opens"),
        ({"exceptions": [{"day": "2026-12-25"}, {"day": "2026-12-25"}]}, "exceptions.1.day"),
        ({"exceptions": [{"day": "2026-02-30"}]}, "exceptions.0.day"),
        ({"exceptions": [{"day": "2026-12-24", "spans": [{"opens": "09:00", "closes": "09:00"}]}]},
         "exceptions.0.spans.0.closes"),
        ({"when_closed": "shout"}, "when_closed"),
        ({"offline": {"EN": "Closed"}}, "offline.EN"),
        ({"offline": {"en": " "}}, "offline.en"),
        ({"other_ways": [{"kind": "phone", "label": LABEL, "value": "12"}]}, "other_ways.0.value"),
        ({"other_ways": [{"kind": "phone", "label": LABEL, "value": "0047 22 33 44 55"}]}, "other_ways.0.value"),
        ({"other_ways": [{"kind": "email", "label": LABEL, "value": "a@"}]}, "other_ways.0.value"),
        ({"other_ways": [{"kind": "link", "label": LABEL, "value": "javascript:alert(1)"}]}, "other_ways.0.value"),
        ({"other_ways": [{"kind": "link", "label": LABEL, "value": "http://example.com"}]}, "other_ways.0.value"),
        ({"other_ways": [{"kind": "link", "label": {}, "value": "https://example.com"}]}, "other_ways.0.label"),
        ({"form": {"fields": []}}, "form.fields"),
        ({"form": {"fields": [{"id": "a", "kind": "text", "label": LABEL}] * 2}}, "form.fields.1.id"),
        ({"form": {"fields": [{"id": "a b", "kind": "text", "label": LABEL}]}}, "form.fields.0.id"),
        ({"form": {"fields": [{"id": "a", "kind": "text", "label": LABEL},
                              {"id": "b", "kind": "text", "label": {"en": ""}}]}}, "form.fields.1.label.en"),
        ({"form": {"fields": [{"id": "a", "kind": "text", "label": {}}]}}, "form.fields.0.label"),
        ({"form": {"fields": [{"id": "a", "kind": "date", "label": LABEL}]}}, "form.fields.0.kind"),
        ({"form": {"fields": [{"id": "a", "kind": "email", "label": LABEL},
                              {"id": "b", "kind": "email", "label": LABEL}]}}, "form.fields.1.kind"),
        ({"form": {"fields": [CHOICE | {"choices": [ONE]}]}},
         "form.fields.0.choices"),
        ({"form": {"fields": [CHOICE | {"choices": [ONE, ONE]}]}},
         "form.fields.0.choices.1.id"),
        ({"form": {"fields": [{"id": "a", "kind": "text", "label": LABEL, "choices": [ONE]}]}},
         "form.fields.0.choices"),
        ({"members": ["user_none"]}, "members.0"),
        ({"lead": "user_none"}, "lead"),
        ({"connection_ids": ["con_none"]}, "connection_ids.0"),
        ({"escalate_after_seconds": 14}, "escalate_after_seconds"),
        ({"shoe_size": 3}, "shoe_size"),
    ],
)  # fmt: skip
async def test_each_fault_is_told_at_its_field_and_nothing_is_made(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    assert field in (await desk.call(desk.admin, "POST", "/queues", {**NEW, **wrong})).faults
    assert (await desk.call(desk.admin, "GET", "/queues")).ok()["total"] == 0


async def test_members_are_active_agents_or_admins_of_this_workspace(desk: Desk) -> None:
    wrong = [
        desk.user("Mark", "marketer"),
        desk.user("Gone", active=False),
        desk.elsewhere().user("Other"),
    ]
    agnes = desk.user("Agnes")
    answer = await desk.call(
        desk.admin, "POST", "/queues", {**NEW, "members": [agnes.id, *(one.id for one in wrong), agnes.id]}
    )
    assert set(answer.faults) == {"members.1", "members.2", "members.3", "members.4"}


async def test_a_connection_feeds_one_queue_until_that_one_is_deleted(desk: Desk) -> None:
    shared, other = await desk.connection(), await desk.connection()
    first = await desk.queue(name="First", connection_ids=[shared])
    second = await desk.queue(name="Second", connection_ids=[other])
    change = {"rev": second["rev"], "connection_ids": [other, shared]}

    refused = await desk.call(desk.admin, "PATCH", f"/queues/{second['id']}", change)
    assert refused.status == 409
    assert refused.body["queue"] == {"id": first["id"], "name": "First"}
    assert refused.body["errors"][0]["field"] == "connection_ids.1"

    (await desk.call(desk.admin, "DELETE", f"/queues/{first['id']}")).ok()
    (await desk.call(desk.admin, "DELETE", f"/queues/{first['id']}")).ok()
    (await desk.call(desk.admin, "PATCH", f"/queues/{second['id']}", change)).ok()
    gone = (await desk.call(desk.admin, "GET", f"/queues/{first['id']}")).ok()
    assert (gone["active"], gone["connection_ids"], gone["now"]["is_open"]) == (False, [], False)
    listed = (await desk.call(desk.admin, "GET", "/queues")).ok()
    assert [queue["name"] for queue in listed["items"]] == ["Second"]
    again = await desk.call(desk.admin, "PATCH", f"/queues/{first['id']}", {"rev": gone["rev"], "name": "X"})
    assert (again.status, again.body["type"]) == (409, "urn:kith:problem:queue-deleted")


async def test_two_who_claim_a_connection_at_once_get_one_queue(desk: Desk) -> None:
    connection = await desk.connection()
    wanted = {**NEW, "connection_ids": [connection]}
    answers = await asyncio.gather(*(desk.call(desk.admin, "POST", "/queues", wanted) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]


async def test_who_changes_an_old_state_is_shown_the_newer_one(desk: Desk) -> None:
    made = await desk.queue(escalate_after_seconds=60)
    changed = (await desk.call(desk.admin, "PATCH", f"/queues/{made['id']}", {"rev": 1, "name": "Shop"})).ok()
    assert (changed["rev"], changed["name"], changed["escalate_after_seconds"]) == (2, "Shop", 60)
    assert changed["form"] == made["form"]

    late = await desk.call(desk.admin, "PATCH", f"/queues/{made['id']}", {"rev": 1, "name": "Late"})
    assert late.status == 409
    assert (late.body["newer"]["rev"], late.body["newer"]["name"]) == (2, "Shop")
    answers = await asyncio.gather(
        *(desk.call(desk.admin, "PATCH", f"/queues/{made['id']}", {"rev": 2, "name": f"N{n}"}) for n in range(4))
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]


async def test_what_a_queue_has_already_it_may_keep(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    made = await desk.queue(agnes)
    desk.notification.knows(agnes.model_copy(update={"active": False, "rev": 2}))

    kept = (await desk.call(desk.admin, "PATCH", f"/queues/{made['id']}", {"rev": 1, "members": [agnes.id]})).ok()
    assert kept["members"] == [agnes.id]
    assert (await desk.call(desk.admin, "GET", f"/queues/{made['id']}/members")).ok()["items"] == []


async def test_the_switch_by_hand_goes_before_the_hours(desk: Desk) -> None:
    made = await desk.queue(hours=ALWAYS)
    path = f"/queues/{made['id']}"
    now = (await desk.call(desk.admin, "GET", f"{path}/now")).ok()
    assert (now["is_open"], now["until"], len(now["spans"])) == (True, None, 1)

    until = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)
    (await desk.call(desk.admin, "PUT", f"{path}/override", {"opened": False, "until": until.isoformat()})).ok()
    now = (await desk.call(desk.admin, "GET", f"{path}/now")).ok()
    assert (now["is_open"], datetime.fromisoformat(now["until"])) == (False, until)

    (await desk.call(desk.admin, "DELETE", f"{path}/override")).ok()
    assert (await desk.call(desk.admin, "GET", f"{path}/now")).ok()["is_open"] is True
    past = {"opened": False, "until": "2020-01-01T00:00:00Z"}
    assert "until" in (await desk.call(desk.admin, "PUT", f"{path}/override", past)).faults
    assert (
        "until"
        in (
            await desk.call(desk.admin, "PUT", f"{path}/override", {"opened": False, "until": "2030-01-01T00:00:00"})
        ).faults
    )


async def test_who_is_online_is_shown_among_the_members(desk: Desk) -> None:
    agnes, ben = desk.user("Agnes"), desk.user("Ben")
    made = await desk.queue(agnes, ben)
    async with desk.notification.listening(token=desk.notification.signs_in.token(ben)) as stream:
        await stream.ready()

        async def shown() -> bool:
            found = (await desk.call(agnes, "GET", f"/queues/{made['id']}/members")).ok()
            return [(one["name"], one["online"]) for one in found["items"]] == [("Agnes", False), ("Ben", True)]

        await eventually(shown)


async def test_another_workspaces_queue_is_not_there(desk: Desk) -> None:
    made = await desk.queue()
    other = desk.elsewhere()
    path = f"/queues/{made['id']}"
    for method, place, body in (
        ("GET", path, None), ("GET", f"{path}/now", None), ("GET", f"{path}/members", None), ("DELETE", path, None),
        ("PATCH", path, {"rev": 1, "name": "Mine"}), ("PUT", f"{path}/override", {"opened": True}),
        ("DELETE", f"{path}/override", None),
    ):  # fmt: skip
        assert (await desk.call(other.admin, method, place, body)).status == 404, (method, place)
    assert (await desk.call(desk.admin, "GET", path)).ok()["rev"] == 1
    theirs = await desk.connection()
    assert (
        "connection_ids.0"
        in (await other.call(other.admin, "POST", "/queues", {**NEW, "connection_ids": [theirs]})).faults
    )


async def test_agents_read_queues_and_change_none(desk: Desk) -> None:
    made = await desk.queue()
    agnes, mark = desk.user("Agnes"), desk.user("Mark", "marketer")
    assert (await desk.call(agnes, "GET", f"/queues/{made['id']}")).status == 200
    for who, method, place, body in (
        (agnes, "POST", "/queues", NEW), (agnes, "PATCH", f"/queues/{made['id']}", {"rev": 1}),
        (agnes, "DELETE", f"/queues/{made['id']}", None), (agnes, "DELETE", f"/queues/{made['id']}/override", None),
        (agnes, "PUT", f"/queues/{made['id']}/override", {"opened": True}), (mark, "GET", "/queues", None),
    ):  # fmt: skip
        assert (await desk.call(who, method, place, body)).status == 403
