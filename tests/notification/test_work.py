"""What agents do with a request, and that the contents stay where they are."""

import asyncio
from typing import Any

import aiohttp

from shared.contracts import topics
from shared.contracts.accounts import UserStateV1
from shared.messaging.records import Record
from shared.observability.metrics import DEAD_LETTERS
from shared.storage.mongo import connect, database
from tests.console.running import eventually
from tests.notification.desk import Desk

CANARY = "zanzibar-canary"


async def _history(desk: Desk, who: UserStateV1, id_: str) -> list[tuple[str, str | None]]:
    found = (await desk.call(who, "GET", f"/requests/{id_}/history")).ok()["items"]
    return [(one["kind"], one["by"]["name"] if one["by"] else None) for one in found]


async def test_viewing_opens_the_contents_and_keeps_who_did(desk: Desk) -> None:
    agnes, ben = desk.user("Agnes"), desk.user("Ben")
    queue = await desk.queue(agnes, ben)
    (id_,) = await desk.leave(queue["id"], text="Where is it?", email="n@example.com", topic="order")

    viewed = (await desk.call(agnes, "POST", f"/requests/{id_}/view", language="de-AT")).ok()
    assert [(one["field"], one["label"], one["value"], one["choices"]) for one in viewed["answers"]] == [
        ("name", "Ihr Name", "Nora", None),
        ("email", "E-Mail", "n@example.com", None),
        ("topic", "Thema", None, [{"id": "order", "label": "Meine Bestellung"}]),
        ("message", "Nachricht", "Where is it?", None),
        ("terms", "Einverstanden", None, [{"id": "yes", "label": "yes"}]),
    ]
    assert (viewed["request"]["seen"], viewed["request"]["seen_by"]["name"]) == (True, "Agnes")
    assert viewed["request"]["viewed_by_me"] is True
    assert (await desk.request(ben, id_))["viewed_by_me"] is False
    english = (await desk.call(ben, "POST", f"/requests/{id_}/view", language="fr")).ok()
    assert english["answers"][0]["label"] == "Your name"
    await desk.call(agnes, "POST", f"/requests/{id_}/view")
    assert await _history(desk, ben, id_) == [
        ("viewed", "Agnes"), ("viewed", "Ben"), ("viewed", "Agnes"), ("escalated", None), ("received", None),
    ]  # fmt: skip


async def test_two_who_take_it_at_once_one_gets_it_and_the_other_is_told(desk: Desk) -> None:
    agents = [desk.user(name) for name in ("Agnes", "Ben", "Cleo")]
    queue = await desk.queue(*agents)
    (id_,) = await desk.leave(queue["id"])

    answers = await asyncio.gather(*(desk.call(who, "POST", f"/requests/{id_}/take") for who in agents))

    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    winner = next(who for who, answer in zip(agents, answers, strict=True) if answer.status == 200)
    for answer in answers:
        if answer.status == 409:
            assert answer.body["detail"] == f"{winner.name} has taken this already."
            assert answer.body["newer"]["handler"] == {"id": winner.id, "name": winner.name}
    again = (await desk.call(winner, "POST", f"/requests/{id_}/take")).ok()
    assert (again["status"], again["rev"]) == ("in_progress", 2)
    assert await _history(desk, winner, id_) == [("taken", winner.name), ("escalated", None), ("received", None)]


async def test_it_is_given_to_colleagues_of_the_queue_alone(desk: Desk) -> None:
    agnes, ben, cleo = desk.user("Agnes"), desk.user("Ben"), desk.user("Cleo")
    queue = await desk.queue(agnes, ben)
    (id_,) = await desk.leave(queue["id"])
    for to in (cleo.id, desk.elsewhere().user("Other").id, desk.user("Mark", "marketer").id, "user_none"):
        refused = await desk.call(agnes, "POST", f"/requests/{id_}/give", {"user_id": to, "rev": 1})
        assert "user_id" in refused.faults

    given = (await desk.call(agnes, "POST", f"/requests/{id_}/give", {"user_id": ben.id, "rev": 1})).ok()
    assert given["handler"]["name"] == "Ben"
    stale = await desk.call(agnes, "POST", f"/requests/{id_}/give", {"user_id": desk.admin.id, "rev": 1})
    assert (stale.status, stale.body["newer"]["handler"]["name"]) == (409, "Ben")
    back = (await desk.call(ben, "POST", f"/requests/{id_}/give", {"user_id": None, "rev": given["rev"]})).ok()
    assert back["handler"] is None
    (first, second, _, _) = (await desk.call(agnes, "GET", f"/requests/{id_}/history")).ok()["items"]
    assert first["what"] == {"was_handler": {"id": ben.id, "name": "Ben"}, "to": None}
    assert second["what"]["to"] == {"id": ben.id, "name": "Ben"}


async def test_statuses_are_built_in_and_own(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue = await desk.queue(agnes)
    (id_,) = await desk.leave(queue["id"])
    own = {"own": [{"label": {"en": "Sent on"}, "counts_as": "done"}, {"label": {"en": "Odd"}}], "rev": 0}
    assert (await desk.call(agnes, "PUT", "/request-statuses", own)).status == 403
    made = (await desk.call(desk.admin, "PUT", "/request-statuses", own)).ok()
    assert [one["id"] for one in made["items"][:4]] == ["new", "in_progress", "waiting", "done"]
    sent_on, odd = made["items"][4:]
    assert (await desk.call(desk.admin, "PUT", "/request-statuses", own)).status == 409
    unknown = {"own": [{"id": "st_none", "label": {"en": "X"}}], "rev": made["rev"]}
    assert "own.0.id" in (await desk.call(desk.admin, "PUT", "/request-statuses", unknown)).faults

    path = f"/requests/{id_}/status"
    assert "status" in (await desk.call(agnes, "PUT", path, {"status": "st_none", "rev": 1})).faults
    settled = (await desk.call(agnes, "PUT", path, {"status": sent_on["id"], "rev": 1})).ok()
    assert (settled["status"], settled["rev"]) == (sent_on["id"], 2)
    late = await desk.call(agnes, "PUT", path, {"status": "waiting", "rev": 1})
    assert (late.status, late.body["newer"]["status"]) == (409, sent_on["id"])

    fewer = {"own": [{"id": odd["id"], "label": {"en": "Odd"}}], "rev": made["rev"]}
    left = (await desk.call(desk.admin, "PUT", "/request-statuses", fewer)).ok()
    assert [(one["id"], one["removed"]) for one in left["items"][4:]] == [(odd["id"], False), (sent_on["id"], True)]
    assert (await desk.request(agnes, id_))["status"] == sent_on["id"]
    assert "status" in (await desk.call(agnes, "PUT", path, {"status": sent_on["id"], "rev": 9})).faults
    elsewhere = desk.elsewhere()
    assert (await desk.call(elsewhere.admin, "GET", "/request-statuses")).ok()["total"] == 4


async def test_comments_stand_in_the_log(desk: Desk) -> None:
    agnes, ben = desk.user("Agnes"), desk.user("Ben")
    queue = await desk.queue(agnes, ben)
    (id_,) = await desk.leave(queue["id"])
    for who, text in ((agnes, "Called, no answer"), (ben, "  Wrote to them ")):
        (await desk.call(who, "POST", f"/requests/{id_}/comments", {"text": text})).ok()
    for wrong in (" ", "x" * 4001, "\x00"):
        assert "text" in (await desk.call(agnes, "POST", f"/requests/{id_}/comments", {"text": wrong})).faults

    found = await desk.request(agnes, id_)
    assert (found["comments"], found["seen"]) == (2, True)
    assert (found["last_comment"]["by"]["name"], found["last_comment"]["text"]) == ("Ben", "Wrote to them")
    history = (await desk.call(ben, "GET", f"/requests/{id_}/history", limit=2)).ok()
    assert [one["what"]["text"] for one in history["items"]] == ["Wrote to them", "Called, no answer"]
    rest = (await desk.call(ben, "GET", f"/requests/{id_}/history", limit=2, cursor=history["next_cursor"])).ok()
    assert ([one["kind"] for one in rest["items"]], rest["next_cursor"]) == (["escalated", "received"], None)


async def test_what_is_acknowledged_counts_no_more(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue = await desk.queue(agnes)
    ids = await desk.leave(queue["id"], 3)
    assert (await desk.call(agnes, "GET", "/requests/unseen")).ok()["total"] == 3
    assert (await desk.call(agnes, "POST", "/requests/seen", {"ids": ids[:2]})).ok() == {"seen": 2}
    assert (await desk.call(agnes, "POST", "/requests/seen", {"ids": ids})).ok() == {"seen": 1}
    assert (await desk.call(agnes, "GET", "/requests/unseen")).ok() == {"total": 0, "by_queue": {}}
    assert await _history(desk, agnes, ids[0]) == [("seen", "Agnes"), ("escalated", None), ("received", None)]


async def test_a_program_takes_nothing(desk: Desk) -> None:
    queue = await desk.queue()
    (id_,) = await desk.leave(queue["id"])
    state, key = desk.notification.key(("requests:read", "requests:write"))
    desk.notification.knows(state)
    async with (
        aiohttp.ClientSession(desk.notification.origin, headers={"Authorization": f"Bearer {key}"}) as session,
        session.post(f"/api/notification/requests/{id_}/take") as answer,
    ):
        assert answer.status == 422


async def _lines(stream: Any, count: int) -> list[tuple[str, int, bool]]:
    return [(one["id"], one["rev"], one["created"]) for one in await stream.changes(count)]


async def test_lines_reach_the_queues_people_alone(desk: Desk) -> None:
    agnes, ben = desk.user("Agnes"), desk.user("Ben")
    one, other = await desk.queue(agnes), await desk.queue(ben)
    token = desk.notification.signs_in.token
    async with (
        desk.notification.listening(token=token(agnes)) as hers,
        desk.notification.listening(token=token(ben)) as his,
        desk.notification.listening(token=token(desk.admin)) as all_,
    ):
        start = await hers.ready()
        assert (await his.ready(), await all_.ready()) == (start, start)
        (first,) = await desk.leave(one["id"])
        (second,) = await desk.leave(other["id"])
        (await desk.call(agnes, "POST", f"/requests/{first}/take")).ok()

        assert await _lines(all_, 3) == [(first, 1, True), (second, 1, True), (first, 2, False)]
        assert await _lines(hers, 2) == [(first, 1, True), (first, 2, False)]
        assert await _lines(his, 1) == [(second, 1, True)]
    async with desk.notification.listening(token=token(ben), after=start) as resumed:
        await resumed.ready()
        assert await _lines(resumed, 1) == [(second, 1, True)]
        mark = await resumed.next()
        assert mark is not None
        assert (mark.event, mark.id) == ("mark", str(start + 3))


async def test_who_is_taken_out_of_a_queue_hears_no_more_of_it(desk: Desk) -> None:
    agnes, ben = desk.user("Agnes"), desk.user("Ben")
    queue, other = await desk.queue(agnes, ben), await desk.queue(ben)
    async with desk.notification.listening(token=desk.notification.signs_in.token(ben)) as his:
        await his.ready()
        (first,) = await desk.leave(queue["id"])
        assert await _lines(his, 1) == [(first, 1, True)]
        change = {"rev": queue["rev"], "members": [agnes.id]}
        (await desk.call(desk.admin, "PATCH", f"/queues/{queue['id']}", change)).ok()
        assert [one["kind"] for one in await his.changes(1)] == ["queue"]
        await desk.leave(queue["id"])
        (third,) = await desk.leave(other["id"])
        assert await _lines(his, 1) == [(third, 1, True)]
    assert (await desk.call(ben, "GET", f"/requests/{first}")).status == 404


def put_aside() -> float:
    """Count what was put aside; where logs go is settled by whichever service of this process came first."""
    found = [sample for metric in DEAD_LETTERS.collect() for sample in metric.samples]
    return sum(one.value for one in found if one.name.endswith("_total"))


async def test_contents_stand_nowhere_in_clear(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue = await desk.queue(agnes)
    async with desk.notification.listening(token=desk.notification.signs_in.token(agnes)) as stream:
        await stream.ready()
        email = f"{CANARY}@example.com"
        (id_,) = await desk.leave(queue["id"], text=CANARY, email=email, name=CANARY, topic="offer")
        viewed = (await desk.call(agnes, "POST", f"/requests/{id_}/view")).ok()
        assert str(viewed).count(CANARY) == 3
        (await desk.call(agnes, "POST", f"/requests/{id_}/comments", {"text": f"wrote to {CANARY}"})).ok()
        (await desk.call(agnes, "GET", "/requests", search=email)).ok()
        (await desk.call(agnes, "GET", f"/queues/{queue['id']}/answers")).ok()
        lines = str(await stream.changes(3))
    assert CANARY not in lines
    broken = Record(f"{desk.workspace}/broken".encode(), f'{{"text": "{CANARY}"'.encode(), [])
    before = put_aside()
    await desk.notification.publisher.publish_records(topics.CONTACT_FORM, [broken])

    async def is_put_aside() -> bool:
        return put_aside() > before

    await eventually(is_put_aside, within=60)
    assert CANARY not in desk.notification.said.getvalue()
    async with (
        aiohttp.ClientSession(desk.notification.origin) as session,
        session.get("/metrics") as metrics,
    ):
        assert metrics.status == 200
        assert CANARY not in await metrics.text()
    client = connect(desk.settings)
    owned = database(client, desk.settings, "notification")
    for name in await owned.list_collection_names():
        async for row in owned[name].find({}):
            assert CANARY not in str(row), name
    client.close()
