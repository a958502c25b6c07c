"""What the sandbox remembers of Meta's side. Times are seconds since 1970."""

from typing import Literal

from deploy.sandbox import deliveries, ledger
from deploy.sandbox.faults import RULES_SCHEMA

Channel = Literal["whatsapp", "messenger", "instagram"]

COLUMNS = ledger.Columns(whose="account_id", chat="chat_id")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
  n INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, name TEXT NOT NULL,
  username TEXT NOT NULL, business_id TEXT NOT NULL, app_id TEXT NOT NULL, app_secret TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, webhook_url TEXT NOT NULL DEFAULT '', verify_token TEXT NOT NULL DEFAULT '',
  fields TEXT NOT NULL DEFAULT '[]', receipts TEXT NOT NULL, limits INTEGER NOT NULL DEFAULT 1,
  next_update INTEGER NOT NULL DEFAULT 1, last_error_at REAL, last_error TEXT);
CREATE TABLE IF NOT EXISTS chats (
  account_id TEXT NOT NULL, chat_id TEXT NOT NULL, person TEXT NOT NULL, blocked INTEGER NOT NULL DEFAULT 0,
  marketing_stopped INTEGER NOT NULL DEFAULT 0, wrote_at REAL, moved_to TEXT, changed_at REAL NOT NULL,
  PRIMARY KEY (account_id, chat_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
  n INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, chat_id TEXT NOT NULL, mid TEXT NOT NULL,
  by_business INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL, status TEXT);
CREATE INDEX IF NOT EXISTS messages_of_chat ON messages (account_id, chat_id, n);
CREATE INDEX IF NOT EXISTS messages_by_mid ON messages (account_id, mid);
CREATE TABLE IF NOT EXISTS comments (
  comment_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, chat_id TEXT NOT NULL, at REAL NOT NULL,
  answered INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
"""
SCHEMA = "".join((_SCHEMA, deliveries.schema(COLUMNS.whose), ledger.schema(COLUMNS), RULES_SCHEMA))
