"""The ``okr`` command, one module per noun. A module is imported only when its command is used."""
