"""A flood of sign-ins cannot take the machine, nor keep out people at other addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.exceptions import TooManyRequests
from werkzeug.test import TestResponse

from connector.store.engine import Database
from connector.store.fair_lock import FairLock
from sync.commands.passwords import PASSWORDS
from tests.clock import FakeClock
from tests.unit.web.made_up import EMAIL, PASSWORD, MadeUp
from tests.unit.web.surroundings import Visitor, visitor
from web.password_turns import MOST_IN_A_MINUTE, Crowded, PasswordTurns, bound_password_checks, network_of

HERE, THERE, ELSEWHERE = "203.0.113.7", "198.51.100.4", "192.0.2.1"


class Given(FairLock):
    """Given to everybody at once, or to nobody."""

    def __init__(self, *, is_given: bool = True) -> None:
        super().__init__()
        self.is_given = is_given

    def acquire(self, seconds: float) -> bool:
        return self.is_given

    def release(self) -> None:
        """Nobody waits."""


def test_few_are_there_at_once_and_of_one_address_but_half_of_them(clock: FakeClock) -> None:
    turns = PasswordTurns(4, Given())
    turns.take(HERE, clock.now())
    turns.take(HERE, clock.now())
    with pytest.raises(TooManyRequests) as of_one:
        turns.take(HERE, clock.now())
    turns.take(THERE, clock.now())
    turns.take(ELSEWHERE, clock.now())
    with pytest.raises(Crowded) as of_all:
        turns.take(THERE, clock.now())
    assert (of_one.value.retry_after, of_all.value.retry_after) == (5, 5)
    turns.give_back(HERE)
    turns.take(HERE, clock.now())


def test_who_waited_too_long_leaves_the_place_to_others(clock: FakeClock) -> None:
    turn = Given(is_given=False)
    turns = PasswordTurns(1, turn)
    for _ in range(2):
        with pytest.raises(Crowded):
            turns.take(HERE, clock.now())
    turn.is_given = True
    turns.take(THERE, clock.now())


def _sign_in(stranger: Visitor, token: str, address: str, password: str) -> TestResponse:
    form = {"email": EMAIL, "password": password, "csrf_token": token}
    return stranger.client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})


def test_an_address_asks_so_often_in_a_minute_and_others_go_on(
    stranger: Visitor, filled: MadeUp, clock: FakeClock
) -> None:
    token = stranger.token("/sign-in")
    codes = {_sign_in(stranger, token, HERE, "a wrong one").status_code for _ in range(MOST_IN_A_MINUTE)}
    refused = _sign_in(stranger, token, HERE, "a wrong one")
    assert (codes, refused.status_code, refused.headers["Retry-After"]) == ({401}, 429, "60")
    assert "Wait a moment" in refused.text
    assert _sign_in(stranger, token, THERE, "a wrong one").status_code == 401
    clock.advance(minutes=16)
    assert _sign_in(stranger, token, HERE, PASSWORD).status_code == 303


def test_where_too_many_sign_in_one_is_told_when_to_come_again(
    sqlite_database: Database, clock: FakeClock, filled: MadeUp
) -> None:
    late = visitor(sqlite_database, clock)
    bound_password_checks(late.client.application, clock, PasswordTurns(1, Given(is_given=False)))
    answer = late.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Many are signing in just now" in answer.text


def test_a_check_takes_one_core() -> None:
    assert PASSWORDS.hasher.parallelism == 1
    assert not PASSWORDS.hasher.check_needs_rehash(PASSWORDS.nobodys)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (HERE, HERE),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", HERE),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
    ],
)
def test_an_ipv6_address_counts_with_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_minutes_follow_one_another(clock: FakeClock) -> None:
    turns = PasswordTurns(4, Given())
    for _ in range(MOST_IN_A_MINUTE):
        turns.take(HERE, clock.now())
        turns.give_back(HERE)
    with pytest.raises(TooManyRequests):
        turns.take(HERE, clock.now() + timedelta(seconds=59))
    turns.take(HERE, clock.now() + timedelta(seconds=60))
