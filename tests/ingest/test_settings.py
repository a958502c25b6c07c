"""Where ingest says that it can be reached."""

import pytest

from services.ingest.settings import IngestSettings


@pytest.mark.parametrize(
    ("public", "hooks", "origin"),
    [
        ("", "", "http://127.0.0.1:8000"),
        ("https://kith.example.com/", "", "https://kith.example.com"),
        ("https://kith.example.com", "https://hooks.example.com/", "https://hooks.example.com"),
    ],
)
def test_webhooks_have_an_address_of_their_own_only_where_one_is_given(
    monkeypatch: pytest.MonkeyPatch, public: str, hooks: str, origin: str
) -> None:
    monkeypatch.setenv("KITH_PUBLIC_URL", public)
    monkeypatch.setenv("KITH_HOOKS_URL", hooks)
    monkeypatch.delenv("KITH_PORT", raising=False)

    assert IngestSettings().hooks_origin == origin


def test_a_setting_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_TELEGRAM_API", "")
    monkeypatch.setenv("KITH_INGEST_PORT", "")

    assert IngestSettings().telegram_api == "https://api.telegram.org"
    assert IngestSettings().own_port == IngestSettings().port + 1
