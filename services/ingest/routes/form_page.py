"""The contact form as a page of its own: HTML that works without JavaScript, and asks nobody else for anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from services.ingest.domain.contact_form import MOST_CHARACTERS
from services.ingest.domain.form_page_words import PAGE
from services.ingest.domain.form_words import CLOSED, THANKS, TITLE, in_words, spoken
from shared.contracts.queues import FormField, QueueStateV1
from shared.web.plain_page import page

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Filling:
    """A form as it is being filled in: what was typed, and what is wrong with it."""

    submission: str
    """The id of this form: however often it is sent, it is one."""
    typed: Typed = field(default_factory=dict[str, Sequence[str]])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    trouble: str = ""
    """What stands in the way of the whole of it."""


def form_page(queue: QueueStateV1, language: str, filling: Filling, *, is_open: bool, opens: str) -> str:
    """Return the page that asks."""
    words = PAGE[spoken(language)]
    title = in_words(queue.form.title, language, TITLE)
    note = "" if is_open else _note(in_words(queue.offline, language, CLOSED), opens)
    trouble = filling.trouble or (words["fix"] if filling.errors else "")
    wrong = f'<p class="wrong" role="alert">{escape(trouble)}</p>' if trouble else ""
    fields = "".join(
        _field(one, number, language, filling.typed.get(one.id, ()), filling.errors.get(one.id, ""), first)
        for number, (one, first) in enumerate(_with_first(queue.form.fields, filling.errors))
    )
    return page(
        language,
        title,
        f"<h1>{escape(title)}</h1>{note}{wrong}"
        f'<form method="post" action="?lang={escape(language)}" novalidate>'
        f'<input type="hidden" name="submission" value="{escape(filling.submission)}">{fields}'
        f"<button>{escape(words['send'])}</button></form>",
    )


def thanks_page(queue: QueueStateV1, language: str) -> str:
    """Return the page that says it has arrived."""
    words = PAGE[spoken(language)]
    thanks = in_words(queue.form.thanks, language, THANKS)
    again = f'<p><a href="/f/{escape(queue.form_key)}?lang={escape(language)}">{escape(words["another"])}</a></p>'
    return page(language, words["arrived"], f"<h1>{escape(words['arrived'])}</h1><p>{escape(thanks)}</p>{again}")


def plain_page(language: str, kind: str) -> str:
    """Return a page that only says something: that there is no such form, or to wait."""
    words = PAGE[spoken(language)]
    return page(language, words[kind], f"<h1>{escape(words[kind])}</h1><p>{escape(words[f'{kind}_more'])}</p>")


def _note(text: str, opens: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in (text, opens) if line)
    return f'<div class="note" dir="auto">{lines}</div>'


def _with_first(fields: Sequence[FormField], errors: Mapping[str, str]) -> list[tuple[FormField, bool]]:
    """Mark the first field that is wrong: there the reader goes on."""
    first = next((one.id for one in fields if one.id in errors), None)
    return [(one, one.id == first) for one in fields]


def _field(one: FormField, number: int, language: str, typed: Sequence[str], error: str, first: bool) -> str:  # noqa: FBT001 - one of many
    words = PAGE[spoken(language)]
    name = f"a.{one.id}"
    id_ = f"f{number}"
    label = escape(in_words(one.label, language))
    if not one.required:
        label += f' <span class="quiet">({escape(words["optional"])})</span>'
    told = f'<p class="error" id="{id_}-error">{escape(error)}</p>' if error else ""
    more = f' aria-invalid="true" aria-describedby="{id_}-error"' if error else ""
    more += " autofocus" if first else ""
    required = ' aria-required="true"' if one.required else ""
    given = typed[0] if typed else ""
    if one.kind == "choice":
        kind = "checkbox" if one.several else "radio"
        picks = "".join(
            f'<label class="pick"><input type="{kind}" name="{escape(name)}" value="{escape(choice.id)}"'
            f"{' checked' if choice.id in typed else ''}{more if place == 0 else ''}>"
            f'<span dir="auto">{escape(in_words(choice.label, language))}</span></label>'
            for place, choice in enumerate(one.choices)
        )
        return f"<fieldset><legend>{label}</legend>{picks}{told}</fieldset>"
    if one.kind == "consent":
        checked = " checked" if given else ""
        box = f'<input type="checkbox" name="{escape(name)}" value="yes"{checked}{required}{more}>'
        return f'<div class="field"><label class="pick">{box}<span>{label}</span></label>{told}</div>'
    most = MOST_CHARACTERS[one.kind]
    common = f'id="{id_}" name="{escape(name)}" dir="auto" maxlength="{most}"{required}{more}'
    if one.kind == "text":
        box = f"<textarea {common}>\n{escape(given)}</textarea>"
    else:
        kind, auto = {"email": ("email", "email"), "phone": ("tel", "tel")}.get(one.kind, ("text", "name"))
        box = f'<input type="{kind}" autocomplete="{auto}" value="{escape(given)}" {common}>'
    return f'<div class="field"><label for="{id_}">{label}</label>{box}{told}</div>'
