"""Queue statistics and Questionnaire answers."""

import csv
import io
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from services.notification.domain.csv_rows import csv_of
from services.notification.domain.waits import PER_E, Histogram, percentile
from shared.contracts.accounts import UserStateV1
from tests.notification.desk import Desk

MONDAY = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
OF_WEEK: dict[str, Any] = {"from": MONDAY - timedelta(days=1), "to": MONDAY + timedelta(days=2)}


async def _csv(desk: Desk, who: UserStateV1, path: str, **params: Any) -> list[list[str]]:
    headers = {"Authorization": f"Bearer {desk.notification.signs_in.token(who)}"}
    given = {name: str(value) for name, value in {**params, "format": "csv"}.items()}
    async with (
        aiohttp.ClientSession(desk.notification.origin, headers=headers) as session,
        session.get(f"/api/notification{path}", params=given) as answer,
    ):
        assert answer.content_type == "text/csv"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        text = (await answer.read()).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


async def test_forms_are_counted_by_day_and_hour_and_by_how_long_they_waited(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue = await desk.queue(agnes)
    (first, _) = await desk.leave(queue["id"], 2, time=MONDAY)
    await desk.leave(queue["id"], time=MONDAY + timedelta(days=1, hours=15))
    await desk.leave(queue["id"], time=MONDAY - timedelta(days=3))
    (await desk.call(agnes, "POST", f"/requests/{first}/view")).ok()
    taken = (await desk.call(agnes, "POST", f"/requests/{first}/take")).ok()
    (await desk.call(agnes, "PUT", f"/requests/{first}/status", {"status": "done", "rev": taken["rev"]})).ok()
    age = (datetime.now(UTC) - MONDAY).total_seconds()
    path = f"/queues/{queue['id']}/statistics"

    found = (await desk.call(agnes, "GET", path, **OF_WEEK)).ok()
    assert (found["forms"], found["time_zone"]) == (3, "Europe/Oslo")
    assert [(one["day"], one["forms"]) for one in found["forms_by_day"]] == [
        ("2026-11-15", 0), ("2026-11-16", 2), ("2026-11-17", 0), ("2026-11-18", 1),
    ]  # fmt: skip
    assert {one["hour"]: one["forms"] for one in found["forms_by_hour"] if one["forms"]} == {9: 2, 0: 1}
    for name in ("time_to_view", "time_to_take", "time_to_done"):
        assert found[name]["count"] == 1
        assert found[name]["p50"] == pytest.approx(age, rel=0.02)
    (agent,) = found["by_agent"]
    assert (agent["user"]["name"], agent["taken"], agent["time_to_done"]["count"]) == ("Agnes", 1, 1)

    in_utc = (await desk.call(agnes, "GET", path, tz="UTC", **OF_WEEK)).ok()
    assert [one["forms"] for one in in_utc["forms_by_day"]] == [0, 2, 1, 0]
    rows = await _csv(desk, agnes, path, **OF_WEEK)
    assert ["forms_by_day", "2026-11-16", "2", "", ""] in rows
    assert ["taken", "Agnes", "1", "", ""] in rows
    empty = (await desk.call(agnes, "GET", path, **{"from": MONDAY - timedelta(9), "to": MONDAY - timedelta(8)})).ok()
    assert (empty["forms"], empty["time_to_view"]) == (0, {"count": 0, "p50": None, "p90": None})
    assert "tz" in (await desk.call(agnes, "GET", path, tz="Oslo")).faults
    assert "from" in (await desk.call(agnes, "GET", path, **{"from": MONDAY - timedelta(500), "to": MONDAY})).faults


async def test_answers_are_a_table_that_says_who_read_it(desk: Desk) -> None:
    agnes = desk.user("Agnes")
    queue = await desk.queue(agnes)
    evil = '=HYPERLINK("http://x","y")'
    (first,) = await desk.leave(queue["id"], time=MONDAY, text=evil, topic="order", email="n@example.com")
    await desk.leave(queue["id"], 2, time=MONDAY + timedelta(hours=1), text="+47 22 33", topic="offer")
    path = f"/queues/{queue['id']}/answers"

    page = (await desk.call(agnes, "GET", path, limit=2, language="de", **OF_WEEK)).ok()
    assert [one["label"] for one in page["columns"]] == ["Ihr Name", "E-Mail", "Thema", "Nachricht", "Einverstanden"]
    assert page["items"][0]["answers"] == {
        "name": "Nora", "email": "n@example.com", "topic": "Meine Bestellung", "message": evil, "terms": "yes",
    }  # fmt: skip
    rest = (await desk.call(agnes, "GET", path, limit=2, cursor=page["next_cursor"], **OF_WEEK)).ok()
    assert ([one["n"] for one in rest["items"]], rest["next_cursor"], rest["total"]) == ([3], None, 3)

    rows = await _csv(desk, agnes, path, **OF_WEEK)
    assert rows[0] == ["number", "left at", "status", "Your name", "Email", "Topic", "Message", "I agree"]
    assert [row[6] for row in rows[1:]] == [f"'{evil}", "'+47 22 33", "'+47 22 33"]
    history = (await desk.call(agnes, "GET", f"/requests/{first}/history")).ok()["items"]
    assert [(one["kind"], one["by"] and one["by"]["name"]) for one in history] == [
        ("read_in_answers", "Agnes"), ("escalated", None), ("received", None),
    ]  # fmt: skip
    assert (await desk.request(agnes, first))["seen"] is False

    totals = (await desk.call(agnes, "GET", f"{path}/totals", **OF_WEEK)).ok()
    assert totals["forms"] == 3
    assert [(one["label"], one["count"]) for one in totals["fields"][0]["totals"]] == [("My order", 1), ("An offer", 2)]
    assert [(one["id"], one["count"]) for one in totals["fields"][1]["totals"]] == [("yes", 3)]
    assert (await _csv(desk, agnes, f"{path}/totals", **OF_WEEK))[1] == ["Topic", "My order", "1"]


async def test_numbers_and_answers_are_for_the_queues_people(desk: Desk) -> None:
    queue = await desk.queue(desk.user("Agnes"))
    for who in (desk.user("Ben"), desk.elsewhere().admin):
        for path in ("statistics", "answers", "answers/totals"):
            assert (await desk.call(who, "GET", f"/queues/{queue['id']}/{path}")).status == 404
    assert (await desk.call(desk.admin, "GET", f"/queues/{queue['id']}/answers")).ok()["items"] == []


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", " =", "\r", "\uff1d"])
def test_no_cell_is_a_formula(begin: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_of([(f"{begin}1+1", "a=b", 'say "hi"', -3, None)])))
    assert row[0].startswith("'")
    assert row[1:] == ["a=b", 'say "hi"', "-3", ""]


def test_percentiles_are_within_a_percent() -> None:
    waits: Histogram = Counter()
    for seconds in range(1, 1001):
        waits[math.floor(math.log(seconds) * PER_E)] += 1
    assert percentile(waits, 0.5) == pytest.approx(500, rel=0.011)
    assert percentile(waits, 0.9) == pytest.approx(900, rel=0.011)
    assert percentile(Counter(), 0.5) is None
