"""`/f/<form key>`: a queue's contact form as a page of its own."""

import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from services.ingest.domain.buckets import Buckets
from services.ingest.domain.contact_form import FormFaultsError
from services.ingest.domain.form_page_words import LANGUAGES, PAGE
from services.ingest.domain.form_words import FAULTS, opens_in_words, spoken
from services.ingest.routes.form_page import Filling, form_page, plain_page, thanks_page
from services.ingest.routes.visitor_calls import read_body
from services.ingest.routes.visitor_door import address_of
from services.ingest.usecases.hosted_form import HostedForm
from shared.contracts.queues import FormField, QueueStateV1
from shared.observability.metrics import REFUSED
from shared.web.plain_page import HEADERS, wanted_languages
from shared.web.problems import ProblemError

COOKIE = "kith_form"
_A_YEAR = 365 * 24 * 3600
_MOST_BYTES = 128 * 1024
_MOST_FIELDS = 500
_PREFIX = "a."
Lang = Annotated[str, Query(max_length=35, alias="lang", description="Instead of the browser's language.")]


def router(hosted: HostedForm, addresses: Buckets, keys: Buckets) -> APIRouter:  # noqa: C901 - three routes
    """Make the routes. `addresses` and `keys` hold how often one address, and everybody at one form, may send."""
    routes = APIRouter(prefix="/f/{form_key}", tags=["hosted forms"], default_response_class=HTMLResponse)

    @routes.get("")
    async def ask(form_key: str, request: Request, lang: Lang = "") -> Response:
        """Show the form, whether the queue is open or not."""
        queue = hosted.queue(form_key)
        language = language_of(request, queue, lang)
        if queue is None:
            return _plain(language, "missing", 404)
        return _show(hosted, request, queue, language, Filling(secrets.token_urlsafe(18)))

    @routes.get("/thanks")
    async def thank(form_key: str, request: Request, lang: Lang = "") -> Response:
        """Say that it has arrived."""
        queue = hosted.queue(form_key)
        language = language_of(request, queue, lang)
        if queue is None:
            return _plain(language, "missing", 404)
        return HTMLResponse(thanks_page(queue, language), 200, HEADERS)

    @routes.post("")
    async def take(form_key: str, request: Request, lang: Lang = "") -> Response:
        """Take a form; the answer leads to a page that may be loaded again without sending it twice."""
        queue = hosted.queue(form_key)
        language = language_of(request, queue, lang)
        if queue is None:
            return _plain(language, "missing", 404)
        now = time.monotonic()
        wait = addresses.take(address_of(request.scope), now) or keys.take(form_key, now)
        if wait:
            REFUSED.labels("widget", "too-many").inc()
            return _plain(language, "wait", 429, {"Retry-After": str(int(wait) + 1)})
        try:
            typed = _typed(await read_body(request, _MOST_BYTES))
        except (ProblemError, ValueError):
            page = PAGE[spoken(language)]["large"]
            return _show(hosted, request, queue, language, Filling(secrets.token_urlsafe(18), trouble=page), 413)
        submission = (typed.get("submission") or [secrets.token_urlsafe(18)])[0]
        given = {name.removeprefix(_PREFIX): values for name, values in typed.items() if name.startswith(_PREFIX)}
        device = hosted.device(queue, request.cookies.get(COOKIE))
        try:
            refusal = await hosted.take(queue, device, submission, _answers(queue.form.fields, given), language)
        except FormFaultsError as error:
            errors = {fault.field: FAULTS[fault.kind][spoken(language)] for fault in error.faults}
            return _show(hosted, request, queue, language, Filling(submission, given, errors), 422)
        if refusal is not None:
            trouble = PAGE[spoken(language)]["away"]
            return _show(hosted, request, queue, language, Filling(submission, given, trouble=trouble), 503)
        return RedirectResponse(f"/f/{queue.form_key}/thanks?lang={language}", 303, HEADERS)

    return routes


def _show(
    hosted: HostedForm, request: Request, queue: QueueStateV1, language: str, filling: Filling, status: int = 200
) -> Response:
    """Answer with the form; a browser that has no device gets one."""
    opening = hosted.opening(queue)
    opens = opens_in_words(opening.until, datetime.now(UTC), queue.time_zone, language)
    page = form_page(queue, language, filling, is_open=opening.is_open, opens=opens)
    answer = HTMLResponse(page, status, HEADERS)
    if hosted.device(queue, request.cookies.get(COOKIE)) is None:
        answer.set_cookie(
            COOKIE,
            hosted.cookie(queue),
            max_age=_A_YEAR,
            path=f"/f/{queue.form_key}",
            secure=request.headers.get("x-forwarded-proto", request.url.scheme) == "https",
            httponly=True,
            samesite="lax",
        )
    return answer


def language_of(request: Request, queue: QueueStateV1 | None, lang: str) -> str:
    """Choose a language that the form or Kith speaks: `?lang` before what the browser wants, else the form's first."""
    own = [*queue.form.title, *(tag for field in queue.form.fields for tag in field.label)] if queue else []
    spoken_here = dict.fromkeys([*own, *LANGUAGES])
    for wanted in (lang, *wanted_languages(request.headers.get("accept-language", ""))):
        tag = wanted.strip().lower()
        for candidate in (tag, tag.partition("-")[0]):
            if candidate in spoken_here:
                return candidate
    return next(iter(spoken_here))


def _typed(body: bytes) -> dict[str, list[str]]:
    return parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)


def _answers(fields: Sequence[FormField], given: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Return what was typed as the form's own: one text, or a list of what was chosen."""
    several = {one.id for one in fields if one.kind == "choice"}
    return {name: list(values) if name in several else values[0] for name, values in given.items()}


def _plain(language: str, kind: str, status: int, more: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(plain_page(language, kind), status, {**HEADERS, **(more or {})})
