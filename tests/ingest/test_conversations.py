"""Conversations through everything that a stream does: repeated, shuffled, cut differently, and crashed in between."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.chat import Comment, UpdateUnknownV1
from shared.contracts.event import Event
from shared.contracts.sending import DeliveryUpdatedV1, MessageRequestedV1
from shared.messaging.publisher import BrokerAwayError
from tests.ingest.desk import START, Desk, Person, in_batches
from tests.ingest.dialog import ask, choice, end, scenario


def a_dialog(person: Person) -> list[Event]:
    return [person.says("hello"), person.says("Ann"), person.says("no idea"), person.says("ann@example.com")]


WHOLE = [
    ("in", "hello"),
    ("out", "Hi"),
    ("out", "Your text?"),
    ("in", "Ann"),
    ("out", "Your contact?"),
    ("in", "no idea"),
    ("out", "Sorry"),
    ("in", "ann@example.com"),
    ("out", "Bye"),
]


async def whole(desk: Desk, person: Person) -> list[tuple[str, str]]:
    return [(way, "Sorry" if text.startswith("Sorry") else text) for way, text in await desk.shown(person)]


async def test_a_dialog_is_kept_as_an_agent_reads_it(desk: Desk) -> None:
    person = Person()
    await desk.keep(a_dialog(person))

    assert await whole(desk, person) == WHOLE
    found = await desk.conversations.one(person.workspace, person.id)
    assert found is not None
    assert found.has_email
    assert found.progress.ended
    assert [step.kind for step in found.steps][-3:] == ["answered", "said", "ended"]
    assert ("000000000004/typed", "details.provided.v1") in desk.said()


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_however_the_stream_is_cut_the_outcome_is_the_same(desk: Desk, size: int) -> None:
    at_once, in_parts = Person(), Person()
    await desk.keep(a_dialog(at_once))
    once = desk.said()
    desk.broker.published.clear()
    for batch in in_batches(a_dialog(in_parts), size):
        await desk.keep(batch)

    assert desk.said() == once
    assert await whole(desk, in_parts) == WHOLE


async def test_the_same_batch_three_times_is_one_dialog_and_publishes_the_same_ids(desk: Desk) -> None:
    person = Person()
    events = a_dialog(person)
    await desk.keep(events)
    first = [event.id for event in desk.broker.published]
    for _ in range(2):
        desk.broker.published.clear()
        await desk.keep(events)
        assert [event.id for event in desk.broker.published] == first

    assert await whole(desk, person) == WHOLE


async def test_two_deliveries_of_one_update_in_one_batch_are_one_message(desk: Desk) -> None:
    person = Person()
    hello = person.says("hello")
    await desk.keep([hello, hello, hello])
    assert await desk.shown(person) == [("in", "hello"), ("out", "Hi"), ("out", "Your text?")]


async def test_halves_of_a_batch_that_was_written_whole_publish_all_of_it(desk: Desk) -> None:
    person = Person()
    events = a_dialog(person)
    await desk.keep(events)
    wanted = desk.said()
    desk.broker.published.clear()
    await desk.keep(events[:2])
    await desk.keep(events[2:])
    assert desk.said() == wanted


async def test_a_crash_between_the_write_and_the_publish_forgets_no_reply(desk: Desk) -> None:
    person = Person()
    hello = person.says("hello")
    desk.broker.fails = 1
    with pytest.raises(BrokerAwayError):
        await desk.keep([hello])
    assert desk.broker.published == []

    await desk.keep([hello])
    assert desk.said() == [("000000000001/out/00", "Hi"), ("000000000001/out/01", "Your text?")]


async def test_a_second_crash_with_a_newer_message_beside_it_forgets_neither_reply(desk: Desk) -> None:
    person = Person()
    hello, name = person.says("hello"), person.says("Ann")
    desk.broker.fails = 2
    with pytest.raises(BrokerAwayError):
        await desk.keep([hello])
    with pytest.raises(BrokerAwayError):
        await desk.keep([hello, name])

    await desk.keep([hello, name])
    assert [text for _, text in desk.said()] == ["Hi", "Your text?", "Your contact?"]


async def test_shuffled_messages_are_each_kept_once(desk: Desk) -> None:
    person = Person()
    desk.document = None
    events: list[Event] = [person.says(f"m{number}") for number in range(30)]
    shuffled = events * 3
    random.Random(7).shuffle(shuffled)
    for batch in in_batches(shuffled, 7):
        await desk.keep(batch)
    assert await desk.shown(person) == [("in", f"m{number}") for number in range(30)]


async def test_an_edit_before_its_message_and_an_older_edit_after_a_newer_one(desk: Desk) -> None:
    person = Person()
    desk.document = None
    said = person.says("helo")
    older, newer = person.edits(said, "hallo", after=50), person.edits(said, "hello", after=60)
    await desk.keep([newer])
    await desk.keep([older])
    assert await desk.shown(person) == [("in", "hello")]
    await desk.keep([said])
    await desk.keep([said, older, newer])

    (message,) = await desk.stored(person)
    assert (message.text, message.at, message.edited_at) == ("hello", said.time, newer.time)


async def test_an_edit_does_not_answer_a_question(desk: Desk) -> None:
    person = Person()
    hello = person.says("hello")
    await desk.keep([hello, person.edits(hello, "ann@example.com", after=60)])
    assert await desk.shown(person) == [("in", "ann@example.com"), ("out", "Hi"), ("out", "Your text?")]


async def test_a_button_pressed_twice_answers_once_and_is_acknowledged(desk: Desk) -> None:
    person = Person()
    steps = {"q": ask("choice", "bye", choices=[choice("tea", "Tea")]), "bye": end("Bye")}
    desk.document = scenario(steps)
    press = [person.says("hi"), person.presses("q:tea"), person.presses("q:tea")]
    await desk.keep(press)

    assert [text for way, text in await desk.shown(person) if way == "out"] == ["Your choice?", "Bye"]
    requests = [event for event in desk.broker.published if isinstance(event, MessageRequestedV1)]
    presses = [event.model_dump()["press_id"] for event in press[1:]]
    assert [(request.acknowledges, request.text) for request in requests] == [
        (None, "Your choice?"),
        (presses[0], "Bye"),
        (presses[1], ""),  # nothing is said to it, and the button stops waiting
    ]


@pytest.mark.parametrize("silenced", [True, False])
async def test_a_press_that_nobody_answers_is_acknowledged_where_buttons_wait(desk: Desk, *, silenced: bool) -> None:
    person = Person()
    if silenced:
        desk.forbid(person, reactive=False)
    else:
        desk.document = None
    press = person.presses("old:tea")
    await desk.keep([press])
    await desk.keep([press])

    (first, again) = (event for event in desk.broker.published if isinstance(event, MessageRequestedV1))
    assert (first.text, first.acknowledges, again) == ("", press.press_id, first)
    assert [way for way, _ in await desk.shown(person)] == ["in"]


async def test_where_buttons_do_not_wait_nothing_is_sent_for_them(desk: Desk) -> None:
    desk.document = None
    press = Person().presses("old:tea")
    await desk.keep([press.model_copy(update={"chat": press.chat.model_copy(update={"channel": "messenger"})})])
    assert desk.broker.published == []


async def test_where_reactive_is_off_nothing_is_answered_and_all_is_kept(desk: Desk) -> None:
    person = Person()
    desk.forbid(person, reactive=False)
    await desk.keep([person.says("hello")])
    assert await desk.shown(person) == [("in", "hello")]
    assert desk.broker.published == []

    other = Person()
    desk.forbid(other, proactive=False)
    await desk.keep([other.says("hello")])
    assert len(desk.broker.published) == 2


async def test_many_chats_in_one_batch_do_not_mix(desk: Desk) -> None:
    people = [Person(number) for number in range(5)]
    await desk.keep([person.says(f"I am {person.chat.contact_id}") for person in people for _ in range(2)])
    for person in people:
        shown = await desk.shown(person)
        assert [text for way, text in shown if way == "in"] == [f"I am {person.chat.contact_id}"] * 2


async def test_two_replicas_over_one_chat_lose_nothing(desk: Desk) -> None:
    person = Person()
    desk.document = None
    events = [person.says(f"m{number}") for number in range(12)]
    await asyncio.gather(*(desk.keep(batch) for batch in in_batches(events, 4)))
    assert len(await desk.shown(person)) == 12


async def test_an_unknown_update_is_kept_once(desk: Desk) -> None:
    person = Person()
    update = UpdateUnknownV1(
        id=f"{person.chat.connection_id}/000000000001", time=START, workspace_id=person.workspace, channel="telegram",
        connection_id=person.chat.connection_id, kind="poll_answer", raw='{"update_id": 1, "poll_answer": {}}',
    )  # fmt: skip
    await desk.keep([update])
    await desk.keep([update, update])
    kept = await desk.database["unknown_updates"].find({"connection_id": person.chat.connection_id}).to_list(None)
    assert [(one["kind"], one["raw"]) for one in kept] == [("poll_answer", '{"update_id": 1, "poll_answer": {}}')]


def delivered(person: Person, outbound: str, status: str, seconds: int, reason: str | None = None) -> DeliveryUpdatedV1:
    return DeliveryUpdatedV1.model_validate(
        {
            "id": f"{outbound}/{status}/{seconds}",
            "time": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds),
            "workspace_id": person.workspace,
            "chat": person.chat,
            "outbound_id": outbound,
            "status": status,
            "reason": reason,
            "provider_message_id": "77" if status == "sent" else None,
        }
    )


async def test_what_became_of_a_message_stands_in_its_conversation(desk: Desk) -> None:
    person = Person()
    await desk.keep([person.says("hello")])
    first, second = [f"{person.chat.connection_id}/000000000001/out/0{number}" for number in range(2)]
    assert [one.status for one in await desk.stored(person)] == [None, "queued", "queued"]

    await desk.note([delivered(person, first, "unknown", 10), delivered(person, second, "failed", 10, "blocked")])
    assert [(one.status, one.reason) for one in await desk.stored(person)][1:] == [
        ("unknown", None),
        ("failed", "blocked"),
    ]

    late = delivered(person, first, "sent", 20)
    await desk.note([late])
    await desk.note([delivered(person, first, "unknown", 10), late, late])
    sent = (await desk.stored(person))[1]
    assert (sent.status, sent.provider_message_id) == ("sent", "77")

    await desk.keep([person.says("Ann")])
    assert (await desk.stored(person))[1].status == "sent"


async def test_a_delivery_of_another_workspace_changes_nothing(desk: Desk) -> None:
    person, stranger = Person(), Person()
    await desk.keep([person.says("hello")])
    await desk.note([delivered(stranger, f"{person.chat.connection_id}/000000000001/out/00", "failed", 10)])
    assert [one.status for one in await desk.stored(person)] == [None, "queued", "queued"]


async def test_a_comment_is_answered_once_and_in_private(desk: Desk) -> None:
    """Who comments in public may be written to once, until they write themselves: all that is said goes into one."""
    person = Person()
    said = person.says("how much is it?")
    await desk.keep([said.model_copy(update={"comment": Comment(id="17")})])
    (answer,) = [event for event in desk.broker.published if isinstance(event, MessageRequestedV1)]
    assert answer.answers_comment == "17"
    assert answer.text == "Hi\n\nYour text?"
