"""`/u/<token>`: what a person wants to be sent, on a page of their own that needs no JavaScript."""

from html import escape
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from services.identity.domain.preference_words import LANGUAGES, WORDS, Language, masked
from services.identity.routes.problems import absorbed
from services.identity.usecases.change_chat_contact import NotToldError
from services.identity.usecases.preferences import ChoosePreferences, Preferences
from services.identity.usecases.show_client import AbsorbedClientError, ShowClient, UnknownClientError
from shared.sealing.preferences import NoSuchPageError
from shared.web.access import WritesPeople
from shared.web.plain_page import HEADERS, page, wanted_languages
from shared.web.problems import ProblemError, not_found

_MOST_BYTES = 16 * 1024
_MOST_FIELDS = 200
ONE_CLICK = "List-Unsubscribe"
"""What a mail program sends of its own accord when its unsubscribe button is pressed (RFC 8058)."""
Lang = Annotated[str, Query(max_length=35, alias="lang", description="Instead of the browser's language.")]


class PreferencePageOut(BaseModel):
    """Where a client chooses what to be sent. Whoever has the address may choose."""

    address: str


def preferences(choose: ChoosePreferences) -> APIRouter:
    """Make the routes of the page."""
    routes = APIRouter(prefix="/u/{token}", tags=["preference page"], default_response_class=HTMLResponse)

    @routes.get("")
    async def ask(token: str, request: Request, lang: Lang = "", saved: bool = False) -> Response:  # noqa: FBT001, FBT002 - of a query
        """Show what holds now. Nothing is changed by looking."""
        try:
            found = await choose(token)
        except NoSuchPageError:
            return _plain(_language(request, None, lang), "missing", 404)
        language = _language(request, found, lang)
        return HTMLResponse(_form(found, language, saved=saved), 200, HEADERS)

    @routes.post("")
    async def take(token: str, request: Request, lang: Lang = "") -> Response:
        """Keep what was chosen; a mail program's one click unsubscribes from everything."""
        language = _language(request, None, lang)
        try:
            typed = await _typed(request)
            everything = typed.get("everything") or typed.get(ONE_CLICK)
            if everything:
                await choose.refuse_everything(token)
            elif "chosen" in typed:
                await choose.choose(token, typed.get("category", []))
            else:
                return RedirectResponse("?", 303, HEADERS)
        except NoSuchPageError:
            return _plain(language, "missing", 404)
        except NotToldError:
            return _plain(language, "away", 503)
        if ONE_CLICK in typed:
            return HTMLResponse("", 200, HEADERS)
        return RedirectResponse(f"?lang={language}&saved=true", 303, HEADERS)

    return routes


def preference_links(choose: ChoosePreferences, show: ShowClient) -> APIRouter:
    """Make the route by which a user gets the page's address."""
    router = APIRouter(tags=["clients"])

    @router.get(
        "/clients/{id}/preference-page",
        responses={410: {"description": "This client was merged; `survivor` and the Link header say into whom."}},
    )
    async def preference_page(who: WritesPeople, id: str) -> PreferencePageOut:  # noqa: A002 - the path's own word
        """Return the address of the client's own preference page, to be handed to them alone."""
        try:
            await show(who.workspace_id, id)
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        return PreferencePageOut(address=choose.address_of(who.workspace_id, id))

    return router


async def _typed(request: Request) -> dict[str, list[str]]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise ProblemError(413, "too-large", "This is more than the page sends.")
    content = request.headers.get("content-type", "")
    if content.startswith("multipart/form-data"):  # RFC 8058 allows both, and it has one field
        return {ONE_CLICK: ["One-Click"]} if f'name="{ONE_CLICK}"'.encode() in body else {}
    return parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)


def _language(request: Request, found: Preferences | None, lang: str) -> Language:
    own = found.client.language if found is not None else None
    for wanted in (lang, own or "", *wanted_languages(request.headers.get("accept-language", ""))):
        bare = wanted.strip().lower().partition("-")[0]
        for language in LANGUAGES:
            if bare == language:
                return language
    return LANGUAGES[0]


def _form(found: Preferences, language: Language, *, saved: bool) -> str:
    words = WORDS[language]
    email = found.client.shown("email")
    who = masked(email.value) if email else found.client.name
    note = _note(found, language, saved=saved)
    boxes = "".join(
        f'<label class="pick"><input type="checkbox" name="category" value="{escape(one.id)}"'
        f"{' checked' if found.wanted[one.id] and not found.refused else ''}>"
        f'<span dir="auto">{escape(one.name)}'
        f"{f'<br><span class=quiet>{escape(one.description)}</span>' if one.description else ''}</span></label>"
        for one in found.categories
    )
    chosen = (
        f'<form method="post" action="?lang={language}"><fieldset><legend>{escape(words["choose"])}</legend>{boxes}'
        f'</fieldset><button name="chosen" value="yes">{escape(words["save"])}</button></form>'
        if found.categories
        else ""
    )
    nothing = (
        ""
        if found.refused
        else f'<section class="note" aria-label="{escape(words["nothing"])}"><p><strong>{escape(words["nothing"])}'
        f"</strong></p><p>{escape(words['nothing_about'])}</p>"
        f'<form method="post" action="?lang={language}"><button name="everything" value="yes">'
        f"{escape(words['unsubscribe'])}</button></form></section>"
    )
    title = escape(words["title"])
    about = f'<p dir="auto">{escape(words["about"].format(who=who))}</p>'
    return page(language, words["title"], f"<h1>{title}</h1>{about}{note}{chosen}<br>{nothing}")


def _note(found: Preferences, language: Language, *, saved: bool) -> str:
    words = WORDS[language]
    if found.refused:
        text = words["refused" if found.categories else "refused_bare"]
    elif saved:
        text = words["saved"]
    else:
        return ""
    return f'<div class="note" role="status"><p>{escape(text)}</p></div>'


def _plain(language: Language, kind: str, status: int) -> Response:
    words = WORDS[language]
    body = f"<h1>{escape(words[kind])}</h1><p>{escape(words[f'{kind}_more'])}</p>"
    return HTMLResponse(page(language, words[kind], body), status, HEADERS)
