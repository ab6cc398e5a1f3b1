"""Changes of the schema, one file each in ``versions``, and what applies them."""

from connector.migrations.apply import check_version, migrate, pending

__all__ = ["check_version", "migrate", "pending"]
