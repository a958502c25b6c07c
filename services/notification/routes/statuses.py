"""How far a request can be."""

from fastapi import APIRouter

from services.notification.domain.request import Status
from services.notification.routes.request_shapes import StatusesIn, StatusList, StatusOut
from services.notification.usecases.own_statuses import OwnStatuses, UnknownStatusError, WantedStatus
from shared.storage.transactions import StaleError
from shared.web.access import ReadsRequests, WritesQueues
from shared.web.problems import ProblemError, invalid


def status_routes(statuses: OwnStatuses) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["contact requests"])

    @routes.get("/request-statuses")
    async def list_statuses(who: ReadsRequests) -> StatusList:
        """List the statuses that a request can have."""
        return _shown(*await statuses.of(who.workspace_id))

    @routes.put("/request-statuses")
    async def set_statuses(who: WritesQueues, asked: StatusesIn) -> StatusList:
        """Set the workspace's own ones. Requests keep what is removed, with its label."""
        wanted = [WantedStatus(one.id, one.label, one.counts_as) for one in asked.own]
        try:
            return _shown(*await statuses.replace(who.workspace_id, wanted, asked.rev))
        except UnknownStatusError as error:
            words = "There is no own status with this id, or it is here twice. Leave the id out to make a new one."
            raise invalid(f"own.{error.place}.id", words) from error
        except StaleError as error:
            raise ProblemError(
                409, "changed-meanwhile", "Somebody changed the statuses meanwhile. Read them again."
            ) from error

    return routes


def _shown(found: list[Status], rev: int) -> StatusList:
    items = [
        StatusOut(id=one.id, label=dict(one.label), counts_as=one.counts_as, built_in=one.built_in, removed=one.removed)
        for one in found
    ]
    return StatusList(items=items, total=len(items), rev=rev)
