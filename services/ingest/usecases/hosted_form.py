"""Take a form from its own page: which browser it comes from, and that it is taken once (docs/decisions/0081)."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from services.ingest.channels.widget.tokens import is_device, new_device
from services.ingest.usecases.accept import Accept, Refusal
from services.ingest.usecases.leave_form import Filled, LeaveForm
from services.ingest.usecases.queue_book import QueueBook
from shared.contracts.chat import ChatRef
from shared.contracts.opening import Opening
from shared.contracts.queues import QueueStateV1
from shared.sealing.keys import SecretKeys, UnsealError

_PURPOSE = "form.device"
_SUBMISSION = re.compile(r"[A-Za-z0-9_-]{8,64}")


class HostedForm:
    """Forms by their public key. A browser keeps its device sealed, in a cookie."""

    def __init__(self, queues: QueueBook, keys: SecretKeys, leave: LeaveForm, accept: Accept) -> None:
        self._queues = queues
        self._keys = keys
        self._leave = leave
        self._accept = accept

    def queue(self, form_key: str) -> QueueStateV1 | None:
        """Return the queue that takes forms at this address."""
        found = self._queues.by_form_key(form_key)
        return found if found is not None and found.form.fields else None

    def opening(self, queue: QueueStateV1) -> Opening:
        return self._queues.opening(queue)

    def device(self, queue: QueueStateV1, cookie: str | None) -> str | None:
        """Return the device that a cookie is of, or None where it is none of ours."""
        try:
            found = self._keys.unseal(queue.workspace_id, _PURPOSE, cookie or "")
        except UnsealError:
            return None
        return found if is_device(found) else None

    def cookie(self, queue: QueueStateV1) -> str:
        """Return a cookie for a browser that has none."""
        return self._keys.seal(queue.workspace_id, _PURPOSE, new_device())

    async def take(
        self, queue: QueueStateV1, device: str | None, submission: str, answers: Mapping[str, object], language: str
    ) -> Refusal | None:
        """Take a form; None: it is durable. Raises `FormFaultsError`.

        A browser that keeps no cookie is known by the submission alone, so that sending it twice is still once.
        """
        if not _SUBMISSION.fullmatch(submission):
            submission = hashlib.sha256(submission.encode(errors="replace")).hexdigest()[:32]
        device = device or f"dv_{hashlib.sha256(f'{queue.id}/{submission}'.encode()).hexdigest()[:24]}"
        filled = Filled(
            id=f"{queue.id}/{device}/{submission}",
            time=_now(),
            workspace_id=queue.workspace_id,
            chat=ChatRef(channel="widget", connection_id=queue.id, contact_id=device),
            via="hosted",
            language=language,
            answers=answers,
        )
        return await self._accept.make_durable("widget", self._leave.events(queue, filled))


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
