"""Segments by hand and by rule: what a rule means, and what it may not ask for."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from services.identity.domain.client import Client, Holding
from services.identity.domain.facets import BETWEEN_SEARCHES, search_for
from services.identity.domain.filter import Filter
from services.identity.domain.segments import NOBODY, expanded, leads_back, with_other_tag
from tests.identity.happenings import NOON, a_workspace
from tests.identity.house import House, names

API = "/api/identity"


def ann(**more: Any) -> Client:
    phone = Holding("phone", "+4791234567", "stated", NOON, "ev")
    return Client("cl_1", "ws", "Anna", NOON, NOON, surname="Smith", holdings=(phone,), **more)


def test_a_rule_stands_for_its_segment_and_all_that_both_ask_must_hold() -> None:
    rules = {"hot": Filter(tags=("t1",), sources=("telegram", "widget")), "deep": Filter(segments=("hot", "hand"))}
    asked = Filter(tags=("t2",), sources=("widget", "instagram"), segments=("deep",))
    assert expanded(asked, rules) == Filter(tags=("t1", "t2"), sources=("widget",), segments=("hand",))
    assert expanded(Filter(segments=("hand",)), rules) == Filter(segments=("hand",)), (
        "kept by hand: a facet like others"
    )


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (Filter(registered=True), Filter(registered=False)),
        (Filter(refused=True), Filter(refused=False)),
        (Filter(sources=("telegram",)), Filter(sources=("widget",))),
    ],
)
def test_what_cannot_both_hold_lets_nobody_through(asked: Filter, rule: Filter) -> None:
    found = expanded(
        Filter(segments=("s",), registered=asked.registered, refused=asked.refused, sources=asked.sources),
        {"s": rule},
    )
    assert found == NOBODY
    assert not any(found.matches(ann(tags=tags, registered=True)) for tags in ((), ("-",)))


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("ann", "smi", True),
        ("smi", "ann", True),
        ("ann", "bob", False),
        ("4567", "anna smith", True),
        ("anna smith", "+4791", True),
        ("anna smith", "+4792", False),
        ("ann", "x@y z", False),
    ],
)
def test_two_searches_must_both_match(first: str, second: str, both: bool) -> None:  # noqa: FBT001 - a case
    found = expanded(Filter(search=first, segments=("s",)), {"s": Filter(search=second)})
    assert found.search == f"{first}{BETWEEN_SEARCHES}{second}"
    assert found.matches(ann()) is both
    assert all(word for start in search_for(found.search) for word in start.also), "no empty way, which MongoDB refuses"


def test_a_rule_that_leads_back_to_its_segment_is_found_however_long_the_way() -> None:
    rules = {"b": Filter(segments=("c",)), "c": Filter(segments=("d", "b")), "d": Filter()}
    assert not leads_back("a", Filter(segments=("b",)), rules)
    assert leads_back("a", Filter(segments=("b",)), rules | {"d": Filter(segments=("a",))})
    assert leads_back("a", Filter(segments=("a",)), {})


def test_a_merged_tag_is_asked_for_by_the_other_ones_id() -> None:
    assert with_other_tag(Filter(tags=("old", "new"), not_tags=("old",)), "old", "new") == Filter(
        tags=("new",), not_tags=("new",)
    )


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def made(api: httpx.AsyncClient, place: str, status: int = 201, **fields: Any) -> dict[str, Any]:
    answer = await api.post(f"{API}/{place}", json=fields)
    assert answer.status_code == status, answer.text
    return answer.json()


async def listed(api: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await api.get(f"{API}/clients", params=params)
    assert answer.status_code == 200, answer.text
    return sorted(names(answer.json()["items"]))


async def test_a_segment_by_rule_has_whoever_its_filter_lets_through_at_that_moment(api: httpx.AsyncClient) -> None:
    hot = await made(api, "tags", name="hot-lead")
    people = {
        name: await made(api, "clients", name=name, source=source)
        for name, source in (("Ann", "instagram"), ("Bob", "instagram"), ("Cid", "whatsapp"))
    }
    for name in ("Ann", "Cid"):
        await api.put(f"{API}/clients/{people[name]['id']}/tags", json={"tags": [hot["id"]]})
    rule = {"source": ["instagram"], "tag": [hot["id"]]}
    segment = await made(api, "segments", name="Instagram, hot", rule=rule)
    assert (segment["kept"], segment["rule"]["source"], segment["rule"]["tag"]) == (
        "by_rule",
        ["instagram"],
        [hot["id"]],
    )
    by_hand = await made(api, "segments", name="Friends")
    await api.put(f"{API}/clients/{people['Bob']['id']}/segments", json={"segments": [by_hand["id"]]})

    assert await listed(api, segment=segment["id"]) == ["Ann"]
    assert await listed(api, segment=segment["id"], search="Bob") == []
    assert await listed(api, segment=by_hand["id"]) == ["Bob"]
    counted = (await api.get(f"{API}/segments", params={"people": True})).json()["items"]
    assert [(one["name"], one["kept"], one["people"]) for one in counted] == [
        ("Friends", "by_hand", 1),
        ("Instagram, hot", "by_rule", 1),
    ]
    shown = (await api.get(f"{API}/clients/{people['Ann']['id']}/segments")).json()["items"]
    assert shown == [{"id": segment["id"], "name": "Instagram, hot", "kept": "by_rule"}]

    await api.put(f"{API}/clients/{people['Bob']['id']}/tags", json={"tags": [hot["id"]]})
    assert await listed(api, segment=segment["id"]) == ["Ann", "Bob"]
    found = (await api.get(f"{API}/clients/{people['Bob']['id']}/segments")).json()["items"]
    assert [one["name"] for one in found] == ["Friends", "Instagram, hot"]
    answer = await api.put(f"{API}/clients/{people['Bob']['id']}/segments", json={"segments": [segment["id"]]})
    assert answer.status_code == 422, "who is in it is for its filter to say"
    assert "by hand" in answer.json()["detail"]

    changed = await api.patch(f"{API}/segments/{segment['id']}", json={"rule": {"source": ["whatsapp"]}, "rev": 1})
    assert (changed.status_code, changed.json()["rev"]) == (200, 2)
    assert await listed(api, segment=segment["id"]) == ["Cid"]


async def test_what_a_rule_may_not_ask_for_is_refused_and_changes_nothing(house: House, api: httpx.AsyncClient) -> None:
    first = await made(api, "segments", name="First", rule={"registered": True})
    second = await made(api, "segments", name="Second", rule={"segment": [first["id"]]})
    for rule in ({"segment": [first["id"]]}, {"segment": [second["id"]]}):
        answer = await api.patch(f"{API}/segments/{first['id']}", json={"rule": rule})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "rule.segment"), answer.text
    for rule, field in (
        ({"tag": ["tg_no"]}, "rule.tag"),
        ({"not_tag": ["tg_no"]}, "rule.tag"),
        ({"group": ["x"]}, "rule.group"),
    ):
        answer = await api.post(f"{API}/segments", json={"name": "x", "rule": rule})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    async with house.caller(a_workspace()) as other:
        theirs = await made(other, "segments", name="Theirs", rule={})
        answer = await api.post(f"{API}/segments", json={"name": "x", "rule": {"segment": [theirs["id"]]}})
        assert answer.status_code == 422
        assert (await api.get(f"{API}/segments/{theirs['id']}")).status_code == 404
        assert await listed(api, segment=theirs["id"]) == []
    by_hand = await made(api, "segments", name="By hand")
    assert (await api.patch(f"{API}/segments/{by_hand['id']}", json={"rule": {}})).status_code == 409
    assert (await api.patch(f"{API}/segments/{first['id']}", json={"rule": None})).status_code == 422
    assert (await made(api, "segments", 200, name="FIRST", rule={}))["id"] == first["id"]
    assert names((await api.get(f"{API}/segments")).json()["items"]) == ["By hand", "First", "Second"]
