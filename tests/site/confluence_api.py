"""Registered by the site's application."""

from flask import Flask

from tests.site.accounts import Accounts
from tests.site.store import Store


def register(app: Flask, store: Store, accounts: Accounts) -> None:
    """Add the routes to the application."""
