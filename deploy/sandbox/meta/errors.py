"""Graph's refusals, in its own words and form. Codes: developers.facebook.com, Cloud API and Messenger error codes."""

import secrets
from http import HTTPStatus
from typing import Any

from deploy.sandbox.meta.schema import Channel

_HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class GraphError(Exception):
    """One refusal. `details` are WhatsApp's, which says more there than in its message."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = HTTPStatus.BAD_REQUEST,
        details: str | None = None,
        type_: str = "OAuthException",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.message = message
        self.status = status
        self.details = details
        self.type = type_
        self.retry_after = retry_after
        """Seconds to wait before the next request; Graph itself seldom tells."""

    def answer(self) -> dict[str, Any]:
        """Write the body of the answer."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": {**error, "fbtrace_id": "A" + secrets.token_urlsafe(16)}}

    def in_status(self) -> dict[str, Any]:
        """Write it as a `failed` status holds it."""
        title = self.message.removeprefix(f"(#{self.code}) ")
        data = {"error_data": {"details": self.details}} if self.details else {}
        return {"code": self.code, "title": title, "message": title, **data, "href": _HREF}


_WHATSAPP = {
    130429: ("Rate limit hit", "Cloud API message throughput has been reached."),
    131000: ("Something went wrong", "Message failed to send due to an unknown error."),
    131005: ("Access denied", "Permission is either not granted or has been removed."),
    131008: ("Required parameter is missing", "The request is missing a required parameter."),
    131009: ("Parameter value is not valid", "One or more parameter values are invalid."),
    131016: ("Service unavailable", "A service is temporarily unavailable."),
    131026: ("Message undeliverable", "Unable to deliver message."),
    131031: ("Account has been locked", "The account has been restricted or disabled for a policy violation."),
    131042: ("Business eligibility payment issue", "There was an error related to your payment method."),
    131047: (
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131048: ("Spam rate limit hit", "There are restrictions on how many messages this phone number can send."),
    131049: ("Meta chose not to deliver", "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: ("User has stopped marketing messages", "The recipient chose to receive no marketing messages of yours."),
    131051: ("Unsupported message type", "Message type is not supported."),
    131056: (
        "(Business Account, Consumer Account) pair rate limit hit",
        "Too many messages sent from the sender phone number to the same recipient phone number in a short time.",
    ),
    131062: ("User id not supported", "This message cannot be sent to a business-scoped user id."),
    132001: ("Template name does not exist in the translation", "The template is not there in this language."),
    132015: ("Template is Paused", "The template is paused due to low quality."),
    132016: ("Template is Disabled", "The template is disabled for good."),
}
_ALL: dict[tuple[int, int | None], tuple[int, str]] = {
    (1, None): (500, "An unknown error has occurred."),
    (2, None): (500, "Service temporarily unavailable"),
    (3, None): (400, "(#3) Application does not have the capability to make this API call."),
    (4, None): (400, "(#4) Application request limit reached"),
    (10, None): (403, "(#10) Application does not have permission for this action"),
    (10, 2018278): (400, "(#10) This message is sent outside of allowed window."),
    (10, 2534022): (400, "(#10) This message is sent outside of allowed window."),
    (100, 33): (
        400,
        "Unsupported request. Object with this ID does not exist, or cannot be loaded due to missing permissions",
    ),
    (100, 2018001): (400, "(#100) No matching user found"),
    (100, 2018292): (400, "(#100) Invalid comment_id parameter"),
    (190, None): (401, "Invalid OAuth access token - Cannot parse access token"),
    (200, None): (403, "(#200) Requires pages_messaging permission"),
    (368, None): (403, "(#368) The action attempted has been deemed abusive or is otherwise disallowed"),
    (551, 1545041): (400, "(#551) This person isn't available right now."),
    (613, None): (400, "(#613) Calls to this api have exceeded the rate limit."),
    (80007, None): (400, "(#80007) There have been too many calls to this WhatsApp Business account."),
    (10900, None): (400, "(#10900) Activity already replied to"),
    (10902, None): (400, "(#10902) This is not a Replyable activity"),
}


def of_code(code: int, subcode: int | None = None, details: str | None = None) -> GraphError:
    """Make the error of a code, in Meta's words where the sandbox knows them."""
    if code in _WHATSAPP:
        title, usual = _WHATSAPP[code]
        return GraphError(code, f"(#{code}) {title}", details=details or usual)
    if subcode is None and (code, None) not in _ALL:
        subcode = next((of for known, of in _ALL if known == code), None)
    status, message = _ALL.get((code, subcode)) or (400, f"(#{code}) The sandbox was told to answer with this code")
    return GraphError(code, message, subcode=subcode, status=status, details=details)


def too_many(channel: Channel, retry_after: int) -> GraphError:
    """429: wait so many seconds. Graph seldom tells them; what stands before it may."""
    error = of_code(130429 if channel == "whatsapp" else 613)
    error.status, error.retry_after = HTTPStatus.TOO_MANY_REQUESTS, retry_after
    return error


def missing(name: str) -> GraphError:
    """Say which parameter is missing."""
    return GraphError(100, f"(#100) The parameter {name} is required.")


def invalid(details: str) -> GraphError:
    """Say which parameter is wrong, as WhatsApp does."""
    return of_code(131009, details=details)


def wrong(message: str) -> GraphError:
    """Say which parameter is wrong, as the others do."""
    return GraphError(100, f"(#100) {message}")


def no_such_object(id_: str, verb: str) -> GraphError:
    """Nobody of that id, or not for this token."""
    return GraphError(
        100,
        f"Unsupported {verb} request. Object with ID '{id_}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        subcode=33, type_="GraphMethodException",
    )  # fmt: skip


def bad_proof() -> GraphError:
    """Say that the proof is of another app than the token."""
    return GraphError(100, "Invalid appsecret_proof provided in the API argument", type_="GraphMethodException")


def no_token() -> GraphError:
    """Nothing proves who asks."""
    return GraphError(104, "An access token is required to request this resource.", status=HTTPStatus.UNAUTHORIZED)
