"""The whole service in one file, and back again, from and into either kind of database."""
