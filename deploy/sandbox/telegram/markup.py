"""`reply_markup`: what hangs below a message, checked as Telegram checks it."""

from collections.abc import Callable
from typing import Any

from deploy.sandbox.telegram.errors import bad_request
from deploy.sandbox.telegram.parameters import Parameters

MOST_DATA_BYTES = 64
"""Of a button's callback data."""
_INLINE_KINDS = ("callback_data", "url", "login_url", "web_app", "switch_inline_query", "copy_text", "pay")


def read_markup(parameters: Parameters) -> dict[str, Any] | None:
    """Read the markup of a message, checked and without unknown fields; None where there is none."""
    given = parameters.object("reply_markup", bad_request("can't parse reply keyboard markup JSON object"))
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        return {"inline_keyboard": _rows(given["inline_keyboard"], "inline keyboard", _inline_button)}
    if "keyboard" in given:
        kept = {name: given[name] for name in _KEYBOARD_FIELDS if name in given}
        return {"keyboard": _rows(given["keyboard"], "keyboard", _keyboard_button), **kept}
    for name in ("remove_keyboard", "force_reply"):
        if given.get(name) is True:
            return {name: True}
    return None


_KEYBOARD_FIELDS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective")


def _rows(given: object, what: str, button: Callable[[Any], dict[str, Any]]) -> list[list[dict[str, Any]]]:
    if not isinstance(given, list):
        raise bad_request(f'field "{"inline_keyboard" if what.startswith("inline") else what}" must be of type Array')
    rows: list[list[dict[str, Any]]] = []
    for row in given:
        if not isinstance(row, list):
            raise bad_request(f"can't parse {what}: expected an Array of Arrays of buttons")
        rows.append([button(one) for one in row])
    return [row for row in rows if row]


def _inline_button(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = given.get("text")
    if not isinstance(text, str) or not text:
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    kind = next((name for name in _INLINE_KINDS if name in given), None)
    if kind is None:
        raise bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    if kind == "callback_data":
        data = given[kind]
        if not isinstance(data, str) or not 0 < len(data.encode()) <= MOST_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    return {"text": text, kind: given[kind]}


def _keyboard_button(given: object) -> dict[str, Any]:
    if isinstance(given, str):
        given = {"text": given}
    if not isinstance(given, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    text = given.get("text")
    if not isinstance(text, str) or not text:
        raise bad_request('can\'t parse keyboard button: Field "text" must be a non-empty String')
    asks = {name: given[name] for name in ("request_contact", "request_location") if given.get(name)}
    return {"text": text, **asks}
