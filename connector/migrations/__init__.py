"""Changes of the schema, one file each in ``versions``, applied by ``connector.migrations.apply``."""
