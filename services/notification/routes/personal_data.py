"""All that notification keeps of a person: for a file of their data."""

from typing import Any

from fastapi import APIRouter

from services.notification.domain.answers import FieldAnswer
from services.notification.usecases.gather_forms import GatherForms, LeftForm
from shared.web.access import GuardsPrivacy
from shared.web.person_data import ChatContactIds, PersonDataOut, person_data


def personal_routes(gather: GatherForms) -> APIRouter:
    """Make the route."""
    router = APIRouter(tags=["personal data"])

    @router.get("/people/data")
    async def gather_forms(who: GuardsPrivacy, chat_contact_ids: ChatContactIds) -> PersonDataOut:
        """Gather the forms that were left in a person's chats, opened. That they were read stands in each history."""
        found = await gather(who, chat_contact_ids)
        return person_data("notification", {"contact_forms": [_form(one) for one in found]})

    return router


def _form(left: LeftForm) -> dict[str, Any]:
    one = left.request
    return {
        "_id": one.id,
        "number": one.n,
        "left_at": one.at,
        "queue_id": one.queue_id,
        "channel": one.channel,
        "contact_id": one.contact_id,
        "via": one.via,
        "language": one.language,
        "status": one.status,
        "answers": None if left.answers is None else [_answer(answer) for answer in left.answers],
        "comments": list(left.comments),
    }


def _answer(answer: FieldAnswer) -> dict[str, Any]:
    value = answer.value if not answer.chosen else [one.label for one in answer.chosen]
    return {"question": answer.label, "answer": value}
