"""What texts and buttons must be like, on all of Meta's channels; each has its own numbers."""

from collections.abc import Sequence

from shared.contracts.sending import Button, MessageRequestedV1


def fault_of(message: MessageRequestedV1, channel: str, most_buttons: int, most_data: int) -> str | None:
    """Say what is wrong with a text or a button, or None. `most_data` is in bytes."""
    if not message.text.strip():
        return f"the text is empty; {channel} takes none of that"
    if len(message.buttons) > most_buttons:
        return f"there are {len(message.buttons)} buttons; {channel} shows at most {most_buttons}"
    for number, button in enumerate(message.buttons, start=1):
        if not button.text:
            return f"button {number} has no text"
        if not 0 < len(button.data.encode()) <= most_data:
            return f"the data of button {number} must have 1 to {most_data} bytes"
    return None


def cut(text: str, most: int) -> str:
    """Shorten a label to what the channel shows, and say so with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def are_within(buttons: Sequence[Button], characters: int) -> bool:
    """Tell whether all labels fit."""
    return all(len(button.text) <= characters for button in buttons)
