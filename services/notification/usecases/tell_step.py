"""Writing what a step does: emails, pushes, banners and the log, in the transaction that does the step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.changes import Change
from services.notification.domain.escalation import Step
from services.notification.store.banners import Banner, Banners
from services.notification.store.emails import Emails, NewEmail
from services.notification.store.steps import Steps
from services.notification.store.subscriptions import NewPush, Pushes
from shared.storage.mongo import Session


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was decided for a form."""

    request_id: str
    queue_id: str
    number: int
    """Of this step in the form's escalation, 0 at intake."""
    step: Step


class TellSteps:
    """All that a step writes besides its timer."""

    def __init__(self, *, emails: Emails, pushes: Pushes, banners: Banners, steps: Steps) -> None:
        self.emails = emails
        self.pushes = pushes
        self.banners = banners
        self._steps = steps

    async def write(self, workspace_id: str, done: Sequence[Done], now: datetime, session: Session) -> list[Change]:
        """Write them; returns the lines that are to be numbered last of all."""
        await self.emails.add(
            workspace_id,
            [
                NewEmail(one.request_id, user_id, one.queue_id, one.step.kind)
                for one in done
                for user_id in one.step.by("email")
            ],
            now,
            session,
        )
        await self.pushes.add(
            workspace_id,
            [
                NewPush(one.request_id, user_id, one.queue_id, f"{one.step.kind}-{one.number}")
                for one in done
                for user_id in one.step.by("push")
            ],
            now,
            session,
        )
        led = [one for one in done if one.step.kind == "lead"]
        await self.banners.put_up(workspace_id, [Banner(one.request_id, one.queue_id, now) for one in led], session)
        await self._steps.note(workspace_id, [(one.request_id, one.number, one.step) for one in done], now, session)
        return [line for one in done for line in _lines(one)]

    async def stop(self, workspace_id: str, request_ids: Sequence[str], now: datetime, session: Session) -> None:
        """Let nothing more go out of what somebody has looked at."""
        await self.emails.drop(workspace_id, request_ids, now, session)
        await self.pushes.drop(workspace_id, request_ids, session)
        await self.banners.take_down(workspace_id, request_ids, session)


def _lines(done: Done) -> list[Change]:
    """Return what is said at once, to a colleague who is asked and to the lead. At intake the request's line does."""
    if done.step.kind == "colleague" and (to := done.step.by("live")):
        return [_line("alert", done, to)]
    if done.step.kind == "lead" and (to := done.step.by("banner")):
        return [_line("banner", done, to)]
    return []


def _line(kind: str, done: Done, to: Sequence[str]) -> Change:
    return Change(
        "alert" if kind == "alert" else "banner",
        done.request_id,
        None,
        registered=False,
        rev=done.number,
        created=True,
        queue_id=done.queue_id,
        to=tuple(to),
    )
