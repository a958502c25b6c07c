"""Merges of clients, and taking them back: /clients/{id}/merges, /merges/{id}/undo; and deleting a client."""

from collections.abc import Mapping
from typing import NoReturn

from fastapi import APIRouter

from services.identity.routes.chat_contacts import not_told
from services.identity.routes.merge_shapes import (
    MergeAsked,
    MergedOut,
    MergesOut,
    PreviewAsked,
    PreviewOut,
    UndoneOut,
    merge_out,
    person_out,
    preview_out,
    warnings_out,
)
from services.identity.usecases.change_chat_contact import NotToldError
from services.identity.usecases.delete_clients import DeleteClients
from services.identity.usecases.label_client import ClientChangedError
from services.identity.usecases.merge_clients import (
    MergeClients,
    SameClientError,
    SpeaksAgainstError,
    UnknownChoiceError,
    Wanted,
)
from services.identity.usecases.merge_history import MergeHistory
from services.identity.usecases.show_client import ShowClient, UnknownClientError
from services.identity.usecases.undo_merge import (
    AlreadyUndoneError,
    NotNewestError,
    PeopleGoneError,
    UndoMerge,
    UnknownMergeError,
)
from shared.web.access import ReadsPeople, WritesPeople
from shared.web.problems import ProblemError, invalid, not_found

GONE: Mapping[int | str, dict[str, str]] = {
    410: {"description": "This client was merged; `survivor` and the Link header say into whom."}
}
MERGING = (
    UnknownClientError,
    SameClientError,
    UnknownChoiceError,
    ClientChangedError,
    SpeaksAgainstError,
    NotToldError,
)
UNDOING = (UnknownMergeError, AlreadyUndoneError, PeopleGoneError, NotNewestError, NotToldError)


def merges(merge: MergeClients, undo: UndoMerge, history: MergeHistory, show: ShowClient) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["who is who"])

    @router.post("/clients/{id}/merges/preview", responses={**GONE})
    async def preview_merge(who: ReadsPeople, id: str, asked: PreviewAsked) -> PreviewOut:  # noqa: A002 - the path's own word
        """Show which value of two clients wins, and what speaks against their being one. Nothing is written."""
        try:
            return preview_out(await merge.preview(who.workspace_id, Wanted(id, asked.other, asked.choices, who.id)))
        except MERGING as error:
            await refused(error, who.workspace_id, id, show)

    @router.post("/clients/{id}/merges", status_code=201, responses={**GONE})
    async def merge_clients(who: WritesPeople, id: str, asked: MergeAsked) -> MergedOut:  # noqa: A002 - the path's own word
        """Merge another client into this one. It can be undone."""
        wanted = Wanted(
            survivor_id=id,
            other_id=asked.other,
            choices=asked.choices,
            by=who.id,
            accepts=asked.accepts,
            revs=(asked.rev, asked.other_rev),
        )
        try:
            made = await merge(who.workspace_id, wanted)
        except MERGING as error:
            await refused(error, who.workspace_id, id, show)
        return MergedOut(id=made.id, survivor=person_out(made.after), absorbed_id=made.absorbed.id)

    @router.get("/clients/{id}/merges", responses={**GONE})
    async def list_merges(who: ReadsPeople, id: str) -> MergesOut:  # noqa: A002 - the path's own word
        """List a client's merges, the newest first, those that were undone among them."""
        try:
            found = await history(who.workspace_id, id)
        except UnknownClientError:
            raise not_found("client") from None
        items = [merge_out(one) for one in found]
        return MergesOut(items=items, next_cursor=None, total=len(items), total_is_exact=True)

    @router.post("/merges/{id}/undo")
    async def undo_merge(who: WritesPeople, id: str) -> UndoneOut:  # noqa: A002 - the path's own word
        """Take a merge back. Later edits stay with the survivor; the two are never linked again by themselves."""
        try:
            parted = await undo(who.workspace_id, id, who.id)
        except UNDOING as error:
            raise _not_undone(error) from error
        return UndoneOut(survivor=person_out(parted.survivor), restored=person_out(parted.absorbed))

    return router


def deleting(delete: DeleteClients) -> APIRouter:
    """Make the route that deletes a client."""
    router = APIRouter(tags=["clients"])

    @router.delete("/clients/{id}", status_code=204, responses={**GONE})
    async def delete_client(who: WritesPeople, id: str) -> None:  # noqa: A002 - the path's own word
        """Delete a client for good. Its chats stay, without a profile; what is refused stays refused."""
        if not await delete(who.workspace_id, [id]):
            raise not_found("client")

    return router


async def refused(error: Exception, workspace_id: str, survivor_id: str | None, show: ShowClient) -> NoReturn:
    """Say why two clients are not merged, at the field that is to blame."""
    match error:
        case UnknownClientError() if str(error) == survivor_id:
            raise not_found("client") from None
        case UnknownClientError():
            into = await show.survivor_of(workspace_id, str(error))
            where = f"it was merged into {into}; name that one" if into else "there is no such client in this workspace"
            raise invalid("other", where) from None
        case SameClientError():
            raise invalid("other", "this is the same client; name another one") from None
        case UnknownChoiceError():
            message = f"there is nothing to choose of {error}; look at the rows of the preview"
            raise invalid("choices", message) from None
        case ClientChangedError():
            raise ProblemError(
                409,
                "changed-meanwhile",
                "Somebody changed one of the two since you looked. Look at the preview again.",
                more={"current": person_out(error.current).model_dump(mode="json")},
            ) from error
        case SpeaksAgainstError():
            said = warnings_out(error.warnings)
            raise ProblemError(
                409,
                "speaks-against",
                " ".join(one.message for one in said) + " Merge them only if you know that they are one person: then "
                "name these warnings in `accepts`.",
                more={"warnings": [one.model_dump() for one in said]},
            ) from error
        case _:
            raise not_told("The clients are merged.") from error


def _not_undone(error: Exception) -> ProblemError:
    match error:
        case AlreadyUndoneError():
            return ProblemError(409, "undone-already", "This merge was undone before. Read the client again.")
        case PeopleGoneError():
            return ProblemError(
                409, "people-gone", "The people of this merge were deleted; nothing is left to take apart."
            )
        case NotNewestError():
            return ProblemError(
                409,
                "not-the-newest",
                f"Another merge came after this one. Undo that first: {error.newest_id}",
                more={"newest": error.newest_id},
            )
        case NotToldError():
            return not_told("The merge is undone.")
        case _:
            return not_found("merge")
