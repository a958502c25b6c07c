"""Recorded updates in Instagram's documented form, and what each of them says."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from services.ingest.channels.contract import MalformedError
from services.ingest.channels.instagram.parse import read_instagram
from services.ingest.domain.outputs import outputs_of
from services.ingest.domain.scenario_run import Progress, Reply, Turn
from shared.contracts.sending import MessageRequestedV1
from tests.ingest.metas import Recorded, anything, mutated
from tests.ingest.metas_direct import NOBODY, attached, direct, message, receipt, unknown

INSTAGRAM = Recorded("instagram", "17841400000000001", read_instagram)
ID = "17865799348089039"


def comment(**more: Any) -> list[dict[str, Any]]:
    said = {"id": f"con_1/comment/{ID}", "message_id": ID, "text": "How much?"}
    there = {"comment": {"id": ID, "media_id": "178", "parent_id": None} | more}
    return [message("instagram", sender=NOBODY | {"username": "annlee"}, **said, **there)]


def seen() -> list[dict[str, Any]]:
    return [receipt("instagram", "read", "m_out", provider_message_ids=("m_out",))]


SAYS: dict[str, list[dict[str, Any]]] = {
    **direct("instagram"),
    "story_reply": attached("instagram", "other", "Reply to a story", "178", text="nice"),
    "story_mention": attached("instagram", "other", "Story mention", "https://cdn.example/st"),
    "reel": attached("instagram", "video", "Reel: Chairs", "https://cdn.example/r"),
    "seen": seen(),
    "messaging_seen": seen(),
    "comment": comment(),
    "comment_in_the_entry": comment(),
    "comment_that_answers": comment(parent_id="17865"),
    "comment_on_live": comment(),
    "comment_of_our_own": [],
    "comment_without_author": [unknown("comments")],
    "mention": [unknown("mentions")],
}


def test_every_recorded_update_is_in_the_table() -> None:
    assert INSTAGRAM.names() == set(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_a_recorded_update_says_what_it_says(name: str) -> None:
    INSTAGRAM.says(name, SAYS[name])


def test_a_comment_under_a_boosted_post_is_one_however_often_it_is_told() -> None:
    again = json.loads(INSTAGRAM.body("comment_in_the_entry"))
    again["entry"][0]["time"] += 7
    first, second = INSTAGRAM.read(INSTAGRAM.body("comment")), INSTAGRAM.read(json.dumps(again).encode())
    assert first[0].id == second[0].id


def test_what_is_said_to_a_comment_answers_it_once_in_private() -> None:
    (event,) = INSTAGRAM.read(INSTAGRAM.body("comment"))
    assert event.type == "message.received.v1"
    turn = Turn(Progress(), replies=(Reply("Hello"), Reply("Write to us")))
    outputs = [out for out in outputs_of(event, turn, None) if isinstance(out, MessageRequestedV1)]
    assert [out.answers_comment for out in outputs] == [ID]


@pytest.mark.parametrize(("body", "field"), [(b"{", "body"), (b'{"object": "page", "entry": []}', "object")])
def test_what_is_not_metas_is_refused_by_its_field(body: bytes, field: str) -> None:
    with pytest.raises(MalformedError) as refused:
        INSTAGRAM.read(body)
    assert refused.value.field == field


@settings(max_examples=300)
@given(mutated(lambda: [INSTAGRAM.body(name) for name in SAYS]))
def test_a_mutated_update(body: bytes) -> None:
    INSTAGRAM.check(body)


@settings(max_examples=100)
@given(anything)
def test_random_bytes_and_random_json(body: bytes) -> None:
    INSTAGRAM.check(body)
