"""`GET /{id}` and `/{id}/subscribed_apps`: what an app asks of the account it is set up for."""

from typing import Any

from deploy.sandbox.meta.accounts import FIELDS, Account
from deploy.sandbox.meta.calls import Call, Result
from deploy.sandbox.meta.errors import wrong

_TYPES = {"whatsapp": "WhatsAppBusinessPhoneNumber", "messenger": "Page", "instagram": "IGUser"}
_USUAL = {
    "whatsapp": ("verified_name", "display_phone_number", "quality_rating", "id"),
    "messenger": ("name", "id"),
    "instagram": ("id",),
}
"""Fields that come unasked."""


def details(call: Call) -> Result:
    """Give the fields that were asked for, of those that the sandbox keeps."""
    there = _fields_of(call.account)
    wanted = [name.strip() for name in call.text("fields").split(",") if name.strip()]
    unknown = next((name for name in wanted if name not in there), None)
    if unknown is not None:
        raise wrong(f"Tried accessing nonexisting field ({unknown}) on node type ({_TYPES[call.account.channel]})")
    chosen = [*(wanted or _USUAL[call.account.channel]), "id"]
    return Result({name: there[name] for name in dict.fromkeys(chosen) if there[name] is not None})


def _fields_of(account: Account) -> dict[str, Any]:
    if account.channel == "whatsapp":
        return {
            "id": account.account_id,
            "verified_name": account.name,
            "display_phone_number": account.username,
            "quality_rating": "GREEN",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "code_verification_status": "VERIFIED",
            "name_status": "APPROVED",
        }
    if account.channel == "messenger":
        return {"id": account.account_id, "name": account.name, "username": account.username or None}
    return {
        "id": account.account_id,
        "name": account.name,
        "username": account.username,
        "user_id": account.account_id,
        "account_type": "BUSINESS",
    }


PERMISSIONS = {
    "whatsapp": ("whatsapp_business_messaging", "whatsapp_business_management"),
    "messenger": ("pages_messaging", "pages_manage_metadata", "pages_read_engagement"),
    "instagram": ("instagram_manage_messages", "instagram_basic", "instagram_manage_comments"),
}
"""What a token of the sandbox's may do."""


def app(call: Call) -> Result:
    """Name the app that a token is of."""
    return Result({"id": call.account.app_id, "name": f"{call.account.name} app"})


def debug_token(call: Call) -> Result:
    """Tell the app what one of its tokens may do; of another's token only that it is not valid."""
    account = call.account
    told: dict[str, Any] = {"app_id": account.app_id, "application": f"{account.name} app", "expires_at": 0}
    if call.text("input_token") != account.token:
        error = {"code": 190, "message": "The access token could not be decrypted"}
        return Result({"data": {**told, "is_valid": False, "error": error, "scopes": []}})
    scopes = PERMISSIONS[account.channel]
    target = account.business_id if account.channel == "whatsapp" else account.account_id
    granular = [{"scope": scope, "target_ids": [target]} for scope in scopes]
    kind = "PAGE" if account.channel == "messenger" else "SYSTEM_USER"
    return Result(
        {"data": {**told, "type": kind, "is_valid": True, "scopes": list(scopes), "granular_scopes": granular}}
    )


def subscriptions(call: Call) -> Result:
    """Tell of which updates the app is told."""
    account = call.account
    app: dict[str, Any] = {"id": account.app_id, "name": f"{account.name} app"}
    return Result({"data": [{**app, "subscribed_fields": account.fields}] if account.fields else []})


def subscribe(call: Call) -> Result:
    """Have the app told of these updates; of all, where none are named."""
    given = call.given.get("subscribed_fields")
    named = given if isinstance(given, list) else str(given or "").split(",")
    wanted = [str(name).strip() for name in named if str(name).strip()]
    known = FIELDS[call.account.channel]
    unknown = next((name for name in wanted if name not in known), None)
    if unknown is not None:
        raise wrong(f"Param subscribed_fields[0] must be one of {{{', '.join(known)}}} - got {unknown!r}")
    call.state.accounts.set_fields(call.account.account_id, wanted or list(known))
    return Result({"success": True})


def unsubscribe(call: Call) -> Result:
    """Have the app told of nothing."""
    call.state.accounts.set_fields(call.account.account_id, [])
    return Result({"success": True})
