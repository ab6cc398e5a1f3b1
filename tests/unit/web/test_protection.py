"""What guards every answer."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from flask import request

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web.made_up import KEY, MadeUp
from tests.unit.web.surroundings import Visitor, resources, visitor
from web.app import create_app

ADDRESSES = [
    "/",
    "/status",
    "/kr/PAY-KR1",
    "/check-in/PAY-KR1",
    "/sign-in",
    "/come-in",
    "/people",
    "/account",
    "/settings",
    "/nowhere",
    "/healthz",
    "/static/style.css",
]
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(address: str, rosa: Visitor) -> None:
    headers = rosa.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers, "this one is served without HTTPS"


@pytest.mark.parametrize("address", ["/", "/status", "/kr/PAY-KR1", "/sign-in", "/people/1", "/settings"])
def test_no_page_is_kept_by_a_browser_or_proxy(address: str, rosa: Visitor) -> None:
    assert rosa.get(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/", "/status", "/kr/PAY-KR1", "/people", "/people/1", "/account", "/settings"])
def test_pages_hold_nothing_that_the_policy_forbids(address: str, rosa: Visitor) -> None:
    page = rosa.get(address).text
    for forbidden in (" style=", "<style", "javascript:", " onclick", "http-equiv"):
        assert forbidden not in page
    assert page.count("<script") == page.count("<script src=")


def test_static_files_are_named_by_their_content_and_kept(rosa: Visitor) -> None:
    link = rosa.get("/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "?v=" in link
    headers = rosa.get(link).headers
    assert "max-age=31536000" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_over_https_the_cookie_is_for_this_host_alone(
    sqlite_database: Database, clock: FakeClock, filled: MadeUp
) -> None:
    address = "https://okr.acme.example"
    secure = visitor(sqlite_database, clock, address, base_url=address)
    answer = secure.get("/sign-in")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-okr=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain=" not in cookie


@pytest.mark.parametrize("host", ["127.0.0.1:8400", "localhost:8400", "[::1]:8400", "okr.acme.example", "okr.internal"])
def test_known_hosts_are_answered(host: str, sqlite_database: Database, clock: FakeClock) -> None:
    on = resources(sqlite_database, clock, base_url="https://okr.acme.example", allowed_hosts="okr.internal")
    assert create_app(on).test_client().get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "okr.acme.example.evil.example", "10.0.0.7"]
)
def test_other_hosts_are_refused_with_what_to_do(host: str, sqlite_database: Database, clock: FakeClock) -> None:
    on = resources(sqlite_database, clock, base_url="https://okr.acme.example")
    answer = create_app(on).test_client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "OKR_ALLOWED_HOSTS" in answer.text
    assert host not in answer.text


@pytest.mark.parametrize(("proxies", "host"), [(0, "127.0.0.1"), (1, "okr.acme.example")])
def test_forwarded_headers_count_only_behind_known_proxies(
    proxies: int, host: str, sqlite_database: Database, clock: FakeClock
) -> None:
    on = resources(sqlite_database, clock, base_url="https://okr.acme.example", trusted_proxies=proxies)
    app = create_app(on)
    seen = []
    app.before_request(lambda: seen.append(request.host))
    app.test_client().get("/healthz", headers={"Host": "127.0.0.1", "X-Forwarded-Host": "okr.acme.example"})
    assert seen == [host]


def test_a_form_that_is_too_long_is_refused(rosa: Visitor) -> None:
    answer = rosa.post("/check-in/PAY-KR1", {"done_since": "x" * 70_000})
    assert answer.status_code == 413
    assert "64 kB" in answer.text


def test_a_sign_in_outlives_a_change_of_keys(rosa: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    cookie = rosa.client.get_cookie("okr_session")
    assert cookie is not None
    new = Fernet.generate_key().decode()
    for keys, status in ((f"{new},{KEY.decode()}", 200), (new, 302)):
        later = visitor(sqlite_database, clock, secret_keys=keys)
        later.client.set_cookie("okr_session", cookie.value)
        assert later.get("/").status_code == status


def test_what_went_wrong_is_told_without_its_insides(rosa: Visitor, sqlite_database: Database) -> None:
    with sqlite_database.write() as conn:
        conn.exec_driver_sql("ALTER TABLE objective RENAME TO hidden")
    rosa.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = rosa.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "objective" not in answer.text


@pytest.mark.parametrize("address", ["/kr/a%00b", "/?team=a%00b", "/cycles/%00", "/?a%00b=1", "/nowhere%00"])
def test_a_zero_byte_in_an_address_is_no_address(address: str, rosa: Visitor) -> None:
    assert rosa.get(address).status_code == 400


def test_a_zero_byte_in_a_form_is_refused_before_anything_is_done(rosa: Visitor, stranger: Visitor) -> None:
    assert rosa.post("/account", {"name": "Ro\0sa", "language": ""}).status_code == 400
    assert "Rosa Klein" in rosa.get("/account").text
    assert stranger.client.post("/sign-in", data={"email": "a\0b", "password": "x"}).status_code == 400
