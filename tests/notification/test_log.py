"""The queue activity log: every form once, found by what is in clear, seen by its queue's people alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notification.store.request_lists import Filter
from shared.contracts.ids import request_id
from shared.storage.mongo import connect, database
from tests.console.running import eventually
from tests.notification.conftest import chat_contact
from tests.notification.desk import Desk
from tests.notification.forms import a_form


async def _numbers(desk: Desk, who: Any, **asked: Any) -> list[int]:
    return [item["n"] for item in (await desk.call(who, "GET", "/requests", **asked)).ok()["items"]]


async def test_a_form_is_in_the_log_once_however_often_it_comes(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue = await desk.queue(agnes)
    form = a_form(desk.settings, desk.workspace, queue["id"])
    for _ in range(3):
        await desk.notification.tell(form, form)
    (last,) = await desk.leave(queue["id"])

    found = (await desk.call(agnes, "GET", "/requests")).ok()
    assert [item["id"] for item in found["items"]] == [last, request_id(desk.workspace, form.id)]
    assert [item["n"] for item in found["items"]] == [2, 1]
    assert (found["total"], found["total_is_exact"], found["next_cursor"]) == (2, True, None)
    item = found["items"][1]
    assert (item["queue_name"], item["status"], item["handler"], item["seen"]) == (
        "Customer service",
        "new",
        None,
        False,
    )
    assert (item["channel"], item["via"], item["while_closed"]) == ("widget", "widget", True)
    history = (await desk.call(agnes, "GET", f"/requests/{item['id']}/history")).ok()["items"]
    assert [one["kind"] for one in history] == ["escalated", "received"]


async def test_a_form_is_kept_whatever_became_of_its_queue(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue = await desk.queue(agnes)
    (await desk.call(desk.admin, "DELETE", f"/queues/{queue['id']}")).ok()
    (late,) = await desk.leave(queue["id"])
    (lost,) = await desk.leave("q_nobody_knows")

    assert await _numbers(desk, desk.admin) == [2, 1]
    assert (await desk.request(agnes, late))["queue_name"] == "Customer service"
    assert (await desk.request(desk.admin, lost))["queue_name"] is None
    assert (await desk.call(agnes, "GET", f"/requests/{lost}")).status == 404


async def test_agents_see_their_queues_and_nothing_of_others(desk: Desk) -> None:
    agnes, ben, mark = desk.user("Agnes"), desk.user("Ben"), desk.user("Mark", "marketer")
    one, other = await desk.queue(agnes), await desk.queue(ben)
    (mine,) = await desk.leave(one["id"])
    (theirs,) = await desk.leave(other["id"])
    elsewhere = desk.elsewhere()

    assert await _numbers(desk, agnes) == [1]
    assert await _numbers(desk, ben) == [2]
    assert await _numbers(desk, desk.admin) == [2, 1]
    assert await _numbers(desk, agnes, queue_id=other["id"]) == []
    assert await _numbers(desk, elsewhere.admin) == []
    assert await _numbers(desk, elsewhere.admin, queue_id=one["id"]) == []
    assert (await desk.call(mark, "GET", "/requests")).status == 403
    assert (await desk.call(agnes, "GET", "/requests/unseen")).ok() == {"total": 1, "by_queue": {one["id"]: 1}}
    assert (await desk.call(elsewhere.admin, "GET", "/requests/unseen")).ok() == {"total": 0, "by_queue": {}}
    for who, id_ in ((agnes, theirs), (elsewhere.admin, mine), (elsewhere.admin, theirs)):
        for method, path, body in (
            ("GET", "", None), ("GET", "/history", None), ("POST", "/view", None), ("POST", "/take", {}),
            ("POST", "/comments", {"text": "x"}), ("PUT", "/status", {"status": "done", "rev": 1}),
            ("POST", "/give", {"user_id": who.id, "rev": 1}),
        ):  # fmt: skip
            assert (await desk.call(who, method, f"/requests/{id_}{path}", body)).status == 404, (method, path)
        assert (await desk.call(who, "POST", "/requests/seen", {"ids": [id_]})).ok() == {"seen": 0}
    untouched = await desk.request(desk.admin, theirs)
    assert (untouched["rev"], untouched["seen"], untouched["comments"]) == (1, False, 0)


async def test_the_log_is_searched_by_what_is_in_clear(desk: Desk) -> None:
    queue = await desk.queue()
    await desk.leave(queue["id"], email="nora@example.com", text="canaryword")
    await desk.leave(queue["id"], topic="order", contact_id="Chat77")
    await desk.leave(queue["id"], topic="offer")

    for search, found in {
        "nora@example.com": [1], " Nora@Example.com ": [1], "ora@example.com": [], "chat77": [2],
        "Meine Bestellung": [2],
        "order": [2], "angebot": [3], "#3": [3], "2": [2], "canaryword": [], "Nora": [], "": [3, 2, 1],
        "+47 912 34 567": [],
    }.items():  # fmt: skip
        assert await _numbers(desk, desk.admin, search=search) == found, search
    other = desk.elsewhere()
    assert await _numbers(other, other.admin, search="nora@example.com") == []


async def test_the_log_is_filtered(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue, second = await desk.queue(agnes), await desk.queue(agnes)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    (old,) = await desk.leave(queue["id"], time=long_ago)
    (taken,) = await desk.leave(queue["id"])
    (done,) = await desk.leave(second["id"])
    (await desk.call(agnes, "POST", f"/requests/{taken}/take")).ok()
    (await desk.call(agnes, "PUT", f"/requests/{done}/status", {"status": "done", "rev": 1})).ok()

    for who in (agnes, desk.admin):
        for asked, found in (
            ({"queue_id": queue["id"]}, [2, 1]), ({"status": "done"}, [3]), ({"status": "new"}, [1]),
            ({"handler": agnes.id}, [2]), ({"handler": "none"}, [3, 1]), ({"unseen": "true"}, [1]),
            ({"from": long_ago, "to": long_ago + timedelta(days=1)}, [1]), ({"from": long_ago + timedelta(1)}, [3, 2]),
            ({"sort": "oldest"}, [1, 2, 3]), ({"queue_id": queue["id"], "status": "in_progress"}, [2]),
            ({"queue_id": second["id"], "handler": agnes.id}, []), ({"search": "#1", "status": "done"}, []),
        ):  # fmt: skip
            assert await _numbers(desk, who, **asked) == found, asked
    for who in (agnes, desk.admin):
        assert await _numbers(desk, who, id=[old, done]) == [3, 1]
        assert await _numbers(desk, who, id=[old, done, "rq_none"], unseen="true") == [1]
    assert await _numbers(desk, desk.user("Bo"), id=[old, done]) == []
    assert await _numbers(desk, agnes, handler="me") == [2]
    assert await _numbers(desk, desk.admin, handler="me") == []
    assert (await desk.request(agnes, old))["at"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("sort", ["newest", "oldest"])
async def test_pages_follow_on_one_another(desk: Desk, sort: str) -> None:
    queue = await desk.queue()
    same = datetime.now(UTC)
    await desk.leave(queue["id"], 5, time=same)
    await desk.leave(queue["id"], 2)
    found: list[int] = []
    cursor: dict[str, Any] = {}
    while True:
        page = (await desk.call(desk.admin, "GET", "/requests", limit=2, sort=sort, **cursor)).ok()
        found += [item["n"] for item in page["items"]]
        assert page["total"] == 7
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == (list(range(1, 8)) if sort == "oldest" else list(range(7, 0, -1)))
    other = "oldest" if sort == "newest" else "newest"
    assert "cursor" in (await desk.call(desk.admin, "GET", "/requests", sort=other, **cursor)).faults
    assert "cursor" in (await desk.call(desk.admin, "GET", "/requests", cursor="x")).faults


QUEUES = ["q_1", "q_2"]


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(), Filter(QUEUES), Filter(QUEUES, "new"), Filter(status="new"), Filter(handler="u"),
        Filter(QUEUES, handler="u"), Filter(unhandled=True), Filter(QUEUES, unhandled=True), Filter(unseen=True),
        Filter(QUEUES, unseen=True), Filter(terms=["a", "b", "c"]), Filter(QUEUES, terms=["a", "b"]),
        Filter([f"q_{n}" for n in range(300)], "new"),
    ],
)  # fmt: skip
async def test_every_list_walks_an_index_and_sorts_nothing(desk: Desk, wanted: Filter) -> None:
    client = connect(desk.settings)
    rows = database(client, desk.settings, "notification")["requests"]
    after = {"at": {"$lte": datetime.now(UTC)}, "$or": [{"at": {"$lt": datetime.now(UTC)}}, {"n": {"$lt": 5}}]}
    asked = {"$and": [wanted.asked(desk.workspace), after]}
    plan = await rows.find(asked).hint(wanted.index).sort([("at", -1), ("n", -1)]).explain()
    client.close()
    stages = str(plan["queryPlanner"]["winningPlan"])
    assert "'IXSCAN'" in stages
    assert "'SORT'" not in stages


async def test_the_clients_profile_is_one_click_away(desk: Desk) -> None:
    queue = await desk.queue()
    (id_,) = await desk.leave(queue["id"], contact_id="cherry")
    known = (await desk.request(desk.admin, id_))["chat_contact_id"]
    assert (await desk.request(desk.admin, id_))["client_id"] is None
    await desk.notification.tell(chat_contact(desk.workspace, known, 5, client_id="cl_1"))

    async def leads_to(client_id: str | None) -> bool:
        found = (await desk.call(desk.admin, "GET", "/requests")).ok()["items"][0]
        return found["client_id"] == client_id

    await eventually(lambda: leads_to("cl_1"))
    await desk.notification.tell(chat_contact(desk.workspace, known, 3, client_id="cl_old"))
    await desk.notification.tell(chat_contact(desk.workspace, known, 7, client_id="cl_2"))
    await eventually(lambda: leads_to("cl_2"))
    await desk.notification.tell(chat_contact(desk.workspace, known, 9))
    await eventually(lambda: leads_to(None))
