"""An agent in a conversation: what they say goes out once, and the scenario is silent while they hold the chat."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.domain.speaking import HELD_FOR, LONGEST
from services.ingest.domain.windows import window_of
from services.ingest.usecases.speak_as_agent import (
    HeldByAnotherError,
    MayNotSpeakError,
    NoConversationError,
    SpeakAsAgent,
    TooLongError,
)
from shared.contracts.chat import Channel, ChatRef
from shared.contracts.sending import MessageRequestedV1
from tests.ingest.desk import Desk, Person
from tests.ingest.dialog import ask, scenario

ASKS = scenario({"more": ask("text", "more")})


def speaking(desk: Desk, *, takes: bool = True) -> SpeakAsAgent:
    return SpeakAsAgent(
        client=desk.client,
        conversations=desk.conversations,
        messages=desk.messages,
        permissions=desk.permissions,
        takes=lambda _: takes,
        publisher=desk.broker,
    )


def of_agents(desk: Desk) -> list[MessageRequestedV1]:
    found = (one for one in desk.broker.published if isinstance(one, MessageRequestedV1))
    return [one for one in found if one.origin == "agent"]


async def test_an_answer_goes_out_once_and_is_read_in_the_thread(desk: Desk) -> None:
    person, speak = Person(), speaking(desk)
    await desk.keep([person.says("hello")])
    first = await speak.say(person.workspace, person.id, "usr_1", "key-00001", "I am here")
    again = await speak.say(person.workspace, person.id, "usr_1", "key-00001", "other words, the same key")

    assert first == again
    assert {(one.id, one.text, one.human_agent) for one in of_agents(desk)} == {(first.id, "I am here", False)}
    assert (await desk.shown(person))[-1] == ("out", "I am here")
    assert (await desk.stored(person))[-1].by == "usr_1"


async def test_the_scenario_is_silent_while_an_agent_holds_the_chat_and_goes_on_where_it_waited(desk: Desk) -> None:
    desk.document = ASKS
    person, speak = Person(), speaking(desk)
    await desk.keep([person.says("hello")])
    before = await desk.shown(person)
    await speak.take_over(person.workspace, person.id, "usr_1")
    await desk.keep([person.says("are you there?")])
    assert await desk.shown(person) == [*before, ("in", "are you there?")]

    await speak.give_back(person.workspace, person.id)
    await desk.keep([person.says("anybody?")])
    assert [way for way, _ in await desk.shown(person)][-2:] == ["in", "out"]


async def test_a_hold_lapses_so_that_nobody_writes_into_silence_for_ever(desk: Desk) -> None:
    person, speak = Person(), speaking(desk)
    await desk.keep([person.says("hello")])
    await speak.take_over(person.workspace, person.id, "usr_1")
    found = (await speak.standing(person.workspace, person.id)).conversation
    now = datetime.now(UTC)
    assert found.held_at(now) is not None
    assert found.held_at(now + HELD_FOR) is None


async def test_who_holds_a_chat_is_told_to_whoever_comes_second(desk: Desk) -> None:
    person, speak = Person(), speaking(desk)
    await desk.keep([person.says("hello")])
    done = await asyncio.gather(
        *(speak.take_over(person.workspace, person.id, f"usr_{n}") for n in range(5)), return_exceptions=True
    )
    refused = [one for one in done if isinstance(one, HeldByAnotherError)]
    holder = (await speak.standing(person.workspace, person.id)).hold
    assert holder is not None
    assert len(refused) == 4
    assert {one.hold.user_id for one in refused} == {holder.user_id}
    with pytest.raises(HeldByAnotherError):
        await speak.say(person.workspace, person.id, "usr_9", "key-00001", "me, too")
    assert of_agents(desk) == []


async def test_reactive_off_stops_the_scenario_and_never_an_agent(desk: Desk) -> None:
    person, speak = Person(), speaking(desk)
    desk.forbid(person, reactive=False, proactive=False)
    await desk.keep([person.says("hello")])
    await speak.say(person.workspace, person.id, "usr_1", "key-00001", "a word by hand")
    assert await desk.shown(person) == [("in", "hello"), ("out", "a word by hand")]


@pytest.mark.parametrize("why", ["forbidden", "connection"])
async def test_what_could_not_be_sent_is_refused_before_anything_is_kept(desk: Desk, why: str) -> None:
    person, speak = Person(), speaking(desk, takes=why != "connection")
    await desk.keep([person.says("hello")])
    before = await desk.shown(person)
    if why == "forbidden":
        desk.forbid(person, agent=False)
    with pytest.raises(MayNotSpeakError) as refused:
        await speak.say(person.workspace, person.id, "usr_1", "key-00001", "hello?")
    assert refused.value.why == why
    assert await desk.shown(person) == before


async def test_another_workspaces_conversation_is_none(desk: Desk) -> None:
    person, speak = Person(), speaking(desk)
    await desk.keep([person.says("hello")])
    for attempt in (
        speak.standing("ws_other", person.id),
        speak.say("ws_other", person.id, "usr_1", "key-00001", "hello"),
        speak.take_over("ws_other", person.id, "usr_1"),
        speak.give_back("ws_other", person.id),
    ):
        with pytest.raises(NoConversationError):
            await attempt


async def test_what_the_broker_did_not_take_is_published_by_the_sweeper_once(desk: Desk) -> None:
    person, speak = Person(), speaking(desk)
    await desk.keep([person.says("hello")])
    desk.broker.fails = 1
    kept = await speak.say(person.workspace, person.id, "usr_1", "key-00001", "I am here")
    assert of_agents(desk) == []
    assert await speak.publish_left(after=timedelta(seconds=-5)) >= 1
    assert await speak.publish_left(after=timedelta(seconds=-5)) == 0
    assert [(one.id, one.text, one.time) for one in of_agents(desk)] == [(kept.id, "I am here", kept.at)]


async def test_a_text_that_is_too_long_for_the_channel_is_refused_at_once(desk: Desk) -> None:
    person, speak = Person(), speaking(desk)
    person.chat = ChatRef(channel="instagram", connection_id="con_i", contact_id=person.chat.contact_id)
    hello = person.says("hello").model_copy(update={"time": datetime.now(UTC).replace(microsecond=0)})
    await desk.keep([hello])
    with pytest.raises(TooLongError):
        await speak.say(person.workspace, person.id, "usr_1", "key-00001", "é" * 501)
    await speak.say(person.workspace, person.id, "usr_1", "key-00002", "é" * 500)
    assert len(of_agents(desk)) == 1


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "hours_ago", "is_open", "is_a_persons"),
    [
        ("telegram", 24 * 400, True, False),
        ("widget", 24 * 400, True, False),
        ("whatsapp", 23, True, False),
        ("whatsapp", 24, False, True),
        ("messenger", 23, True, False),
        ("messenger", 25, True, True),
        ("messenger", 24 * 7, False, True),
        ("instagram", 24 * 6, True, True),
        ("instagram", 24 * 8, False, True),
    ],
)
def test_windows(channel: Channel, hours_ago: int, is_open: bool, is_a_persons: bool) -> None:  # noqa: FBT001
    window = window_of(channel, NOW - timedelta(hours=hours_ago))
    assert (window.is_open(NOW), window.is_a_persons(NOW)) == (is_open, is_a_persons)


def test_who_never_wrote_cannot_be_answered_where_a_window_is_kept() -> None:
    assert not window_of("whatsapp", None).is_open(NOW)
    assert window_of("telegram", None).is_open(NOW)
    assert set(LONGEST) == set(Channel.__args__)  # type: ignore[attr-defined] - a Literal
