"""What a person or the API may do. Each command changes rows in one transaction, marks what it touches as due, writes
down who did it, and rings; no remote call is made while a transaction is open. What cannot be done raises NotPossible.
"""

from __future__ import annotations

from sync.commands.check_ins import record_check_in
from sync.commands.connections import ConnectReport, connect
from sync.commands.data_center import connect_data_center, is_data_center
from sync.commands.links import LinkReport, link, unlink
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.commands.okrs import ImportReport, export_okrs, import_okrs
from sync.commands.people import claim_installation, first_workspace, make_sign_in_code, sign_in
from sync.commands.running import check_everything, pause_writing, resume_writing, sync_now, try_again
from sync.commands.table_back import put_back_table
from sync.commands.table_changes import ChangedTable, TableChange, change_table, write_table
from sync.commands.table_pausing import pause_table, resume_table
from sync.commands.table_plan import TableWish
from sync.commands.tables import AddedTable, add_table, remove_table
from sync.commands.typed import give_up_typed, take_typed
from sync.commands.webhooks import WebhookReport, register_webhook, webhook_instructions

__all__ = [
    "AddedTable",
    "ChangedTable",
    "ConnectReport",
    "ImportReport",
    "LinkReport",
    "NotPossible",
    "NotPossibleNow",
    "TableChange",
    "TableWish",
    "WebhookReport",
    "add_table",
    "change_table",
    "check_everything",
    "claim_installation",
    "connect",
    "connect_data_center",
    "export_okrs",
    "first_workspace",
    "give_up_typed",
    "import_okrs",
    "is_data_center",
    "link",
    "make_sign_in_code",
    "pause_table",
    "pause_writing",
    "put_back_table",
    "record_check_in",
    "register_webhook",
    "remove_table",
    "resume_table",
    "resume_writing",
    "sign_in",
    "sync_now",
    "take_typed",
    "try_again",
    "unlink",
    "webhook_instructions",
    "write_table",
]
