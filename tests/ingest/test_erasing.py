"""A person is erased from ingest, with all that hangs on their chats; a topic read again brings nothing back."""

import json
from datetime import UTC, datetime

from bson import json_util

from services.ingest.store.aliases import Alias, Aliases
from services.ingest.store.personal import PersonalData
from shared.contracts.chat import UpdateUnknownV1
from shared.contracts.erasure import ErasedChat, ErasureDoneV1, ErasureRequestedV1
from shared.messaging.erasing import Erasing
from tests.ingest.desk import START, Desk, Person


def asked(person: Person, id_: str = "er_1") -> ErasureRequestedV1:
    return ErasureRequestedV1(
        id=f"{id_}_{person.workspace}",
        time=datetime.now(UTC),
        workspace_id=person.workspace,
        client_ids=("cl_1",),
        chats=(ErasedChat(id=person.id, chat=person.chat),),
    )


async def everything(desk: Desk) -> str:
    names = await desk.database.list_collection_names()
    found = {name: await desk.database[name].find({}).to_list(None) for name in names}
    return json.dumps(json.loads(json_util.dumps(found)), ensure_ascii=False)


async def test_chats_go_with_all_that_hangs_on_them_and_do_not_come_back(desk: Desk) -> None:
    person, other = Person(987654321), Person(987654322)
    events = [person.says("canary hello"), person.says("canary name"), person.says("canary@example.com")]
    update = UpdateUnknownV1(
        id=f"{person.chat.connection_id}/9",
        time=START,
        workspace_id=person.workspace,
        channel="telegram",
        connection_id=person.chat.connection_id,
        kind="poll_answer",
        raw='{"user": {"id": 987654321}}',
    )
    await desk.keep([*events, update, other.says("stays")])
    aliases = Aliases(desk.database)
    connection = f"{person.workspace}/{person.chat.connection_id}"
    await aliases.make(connection, "canary-alias", Alias(person.chat.contact_id, None, START))
    personal = PersonalData(desk.database)
    assert len(await personal.messages(person.workspace, [person.id])) == len(await desk.stored(person)) > 3
    assert len(await personal.conversations(person.workspace, [person.id])) == 1
    assert await personal.messages(other.workspace, [person.id]) == []

    erase = Erasing("ingest", desk.client, desk.database, desk.broker, personal.remove)
    request = asked(person)
    await erase([request])
    await erase([request])  # a topic may bring it twice
    first, again = (one for one in desk.broker.published if isinstance(one, ErasureDoneV1))
    assert first == again
    assert first.removed["conversations"] == 1
    assert (first.removed["other ids"], first.removed["unknown updates"]) == (1, 1)
    assert first.removed["messages"] > 3
    left = await everything(desk)
    assert "canary" not in left
    assert "987654321" not in left
    assert await desk.shown(other) != []

    desk.broker.published.clear()
    await desk.keep([*events, update])  # the topic is read again
    assert await desk.shown(person) == []
    assert desk.broker.published == []
    assert "987654321" not in await everything(desk)
    await desk.keep([person.says("hello again").model_copy(update={"time": datetime.now(UTC)})])
    assert ("in", "hello again") in await desk.shown(person)


async def test_an_erasure_reaches_its_own_workspace_alone(desk: Desk) -> None:
    person = Person()
    await desk.keep([person.says("hello")])
    wrong = asked(person).model_copy(update={"workspace_id": "ws_other", "id": f"er_other_{person.workspace}"})
    await Erasing("ingest", desk.client, desk.database, desk.broker, PersonalData(desk.database).remove)([wrong])
    assert ("in", "hello") in await desk.shown(person)
