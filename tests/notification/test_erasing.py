"""A person is erased from notification: forms, comments, histories; they are gathered for them before, opened."""

import json
from datetime import UTC, datetime

from bson import json_util

from services.notification.settings import NotificationSettings
from shared.contracts import topics
from shared.contracts.erasure import ErasedChat, ErasureRequestedV1
from shared.contracts.ids import request_id
from shared.storage.mongo import connect, database
from tests.console.running import eventually
from tests.notification.conftest import chat_contact
from tests.notification.desk import Desk
from tests.notification.forms import a_form


async def everything(settings: NotificationSettings) -> str:
    client = connect(settings)
    owned = database(client, settings, "notification")
    # what pages are told live is opaque ids alone, and kept for a day
    names = set(await owned.list_collection_names()) - {"live"}
    found = {name: await owned[name].find({}).to_list(None) for name in names}
    client.close()
    return json.dumps(json.loads(json_util.dumps(found)), ensure_ascii=False)


async def test_forms_are_gathered_opened_then_erased_and_stay_away(desk: Desk) -> None:
    queue = await desk.queue(desk.admin)
    form = a_form(desk.settings, desk.workspace, queue["id"], contact_id="canary-contact", text="canary words")
    other = a_form(desk.settings, desk.workspace, queue["id"])
    contact = chat_contact(desk.workspace, form.chat_contact_id, client_id="cl_canary")
    await desk.notification.tell(form, other, contact)
    ids = [request_id(desk.workspace, one.id) for one in (form, other)]

    async def there() -> bool:
        return all([(await desk.call(desk.admin, "GET", f"/requests/{id_}")).status == 200 for id_ in ids])

    await eventually(there, within=60)
    (await desk.call(desk.admin, "POST", f"/requests/{ids[0]}/comments", {"text": "canary comment"})).ok()
    found = (await desk.call(desk.admin, "GET", "/people/data", chat_contact_id=form.chat_contact_id)).ok()
    (shown,) = found["parts"]["contact_forms"]
    assert {"question": "Message", "answer": "canary words"} in shown["answers"]
    assert [one["text"] for one in shown["comments"]] == ["canary comment"]
    agent = desk.user("Agnes")
    assert (await desk.call(agent, "GET", "/people/data", chat_contact_id=form.chat_contact_id)).status == 403
    elsewhere = desk.elsewhere()
    nothing = (await elsewhere.call(elsewhere.admin, "GET", "/people/data", chat_contact_id=form.chat_contact_id)).ok()
    assert nothing["parts"]["contact_forms"] == []

    request = ErasureRequestedV1(
        id=f"er_{desk.workspace}",
        time=datetime.now(UTC),
        workspace_id=desk.workspace,
        client_ids=("cl_canary",),
        chats=(ErasedChat(id=form.chat_contact_id, chat=form.chat),),
    )
    await desk.notification.publisher.publish(topics.ERASURE, [request])

    async def gone() -> bool:
        return (await desk.call(desk.admin, "GET", f"/requests/{ids[0]}")).status == 404

    await eventually(gone, within=60)
    last = a_form(desk.settings, desk.workspace, queue["id"])
    await desk.notification.tell(form, contact, last)  # topics are read again

    async def last_is_there() -> bool:
        return (await desk.call(desk.admin, "GET", f"/requests/{request_id(desk.workspace, last.id)}")).status == 200

    await eventually(last_is_there, within=60)
    assert (await desk.call(desk.admin, "GET", f"/requests/{ids[0]}")).status == 404
    assert (await desk.call(desk.admin, "GET", f"/requests/{ids[1]}")).status == 200
    left = await everything(desk.settings)
    for canary in ("canary-contact", "cl_canary", ids[0]):
        assert canary not in left, left[max(0, left.find(canary) - 300) :][:400]
