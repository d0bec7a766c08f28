import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.zalo_http import Hosts, Patience, Undelivered
from notifications.channels.zalo_oa_api import OaApp, refresh_tokens
from notifications.channels.zalo_tokens import (
    COOL_DOWN,
    LEASE,
    SealedTokens,
    TokenKeeper,
    Vault,
)
from notifications.outbox import Outcome
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import APP_ID, APP_SECRET, OAUTH, dropped, error, slow

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = timedelta(hours=25)


class Row:
    """The one row, in memory; `swap` is atomic, as an UPDATE … WHERE version = … is."""

    def __init__(self):
        self.row, self.lock, self.broken = SealedTokens(0, b"", None), threading.Lock(), 0

    def load(self):
        return self.row

    def swap(self, expected_version, new, lease_until):
        with self.lock:
            if self.broken and new != self.row.sealed:
                self.broken -= 1
                raise OSError("the database is away")
            if self.row.version != expected_version:
                return False
            self.row = SealedTokens(expected_version + 1, new, lease_until)
            return True


class House:
    """A vault with a clock that waiting moves on."""

    def __init__(self, row=None):
        self.row, self.time, self.waits = row or Row(), START, 0

    def sleep(self, seconds):
        self.waits += 1
        self.time += timedelta(seconds=seconds)

    def vault(self):
        return Vault(self.row, _mirrored, _mirrored, lambda: self.time, self.sleep)


def _mirrored(text):
    return text[::-1]


@pytest.fixture
def zalo():
    with fake_zalo.running() as server:
        yield server


@pytest.fixture
def house():
    return House()


def keeper(house, zalo, patience=Patience(2, 0.4)):  # noqa: B008 - a frozen value
    hosts = Hosts(oauth=zalo.url)
    app = OaApp(APP_ID, APP_SECRET, hosts=hosts, patience=patience)
    return TokenKeeper(house.vault(), lambda token: refresh_tokens(app, token))


def started(house, zalo, lifetime=DAY):
    found = keeper(house, zalo)
    pair = zalo.new_pair()
    found.start(*pair, lifetime)
    return found, *pair


def refused(found, **how):
    with pytest.raises(Undelivered) as caught:
        found.access_token(**how)
    return caught.value.attempt.outcome, caught.value.attempt.code


def test_a_token_in_force_is_used_without_asking_zalo(house, zalo):
    found, access, _ = started(house, zalo)
    assert found.access_token() == access
    assert zalo.refreshes == 0


def test_a_token_about_to_end_is_replaced_and_the_new_pair_is_kept(house, zalo):
    found, access, refresh = started(house, zalo)
    house.time += DAY - timedelta(minutes=4)
    second = found.access_token()
    assert second != access
    assert zalo.spent == {refresh}
    assert found.access_token() == second
    house.time += DAY
    assert found.access_token() not in (access, second)
    assert zalo.refreshes == 2


def test_the_lifetime_is_what_zalo_says_and_not_a_habit(house, zalo):
    zalo.lifetime = "3600"
    found, *_ = started(house, zalo, timedelta(0))
    first = found.access_token()
    house.time += timedelta(minutes=54)
    assert found.access_token() == first
    house.time += timedelta(minutes=2)
    assert found.access_token() != first


def test_a_token_zalo_refused_is_replaced_though_its_time_is_not_up(house, zalo):
    found, access, _ = started(house, zalo)
    assert found.access_token(rejected=access) != access


def test_a_token_refused_to_one_that_another_has_replaced_meanwhile_is_not_replaced_twice(
    house, zalo
):
    found, access, _ = started(house, zalo)
    second = found.access_token(rejected=access)
    assert found.access_token(rejected=access) == second
    assert zalo.refreshes == 1


def test_an_answer_without_a_refresh_token_leaves_the_old_one_in_force(house, zalo):
    zalo.rotates = False
    found, access, _ = started(house, zalo)
    second = found.access_token(rejected=access)
    assert found.access_token(rejected=second) not in (access, second)


def test_what_is_stored_is_sealed(house, zalo):
    _, access, refresh = started(house, zalo)
    for secret in (access, refresh):
        assert secret.encode() not in house.row.row.sealed
        assert secret.encode() in _mirrored(house.row.row.sealed)


def test_a_seal_of_another_key_parks_the_channel(house, zalo):
    started(house, zalo)
    vault = replace(house.vault(), unseal=lambda _: b"not json: bi mat")
    with pytest.raises(Undelivered) as caught:
        TokenKeeper(vault, lambda _: None).access_token()
    assert caught.value.attempt.code == "token-sealed"
    assert "bi mat" not in str(caught.value)


@pytest.mark.parametrize("spend", [True, False])
def test_a_dead_refresh_token_is_asked_once_and_then_only_an_admin_helps(house, zalo, spend):
    found, access, refresh = started(house, zalo)
    zalo.refresh.clear()
    if spend:
        zalo.spent.add(refresh)  # an empty 200
    for _ in range(3):
        assert refused(found, rejected=access) == (Outcome.AUTH, "token-dead")
    assert zalo.refreshes == 1
    second = zalo.new_pair()
    found.start(*second, DAY)
    assert found.access_token() == second[0]


def test_a_channel_without_a_pair_is_parked(house, zalo):
    assert refused(keeper(house, zalo)) == (Outcome.AUTH, "token-missing")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (error(-14003), (Outcome.AUTH, "oauth:-14003")),
        (error(-1), (Outcome.AUTH, "oauth:-1")),
        (fake_zalo.Fault(503, b"<html>"), (Outcome.RETRY, "http:503")),
        (fake_zalo.Fault(429, b"{}"), (Outcome.LATER, "http:429")),
        (fake_zalo.Fault(200, b"<html>"), (Outcome.RETRY, "http:200")),
        (dropped(taken=False), (Outcome.RETRY, "lost")),
        (slow(1.0, taken=False), (Outcome.RETRY, "lost")),
    ],
)
def test_a_refresh_that_fails_for_now_is_not_hammered_and_then_tried_again(
    house, zalo, fault, expected
):
    found, access, _ = started(house, zalo)
    zalo.will(OAUTH, fault)
    assert refused(found, rejected=access) == expected
    assert refused(found, rejected=access) == (Outcome.RETRY, "token-busy")
    assert zalo.refreshes == 0
    house.time += COOL_DOWN
    assert found.access_token(rejected=access) != access


def test_a_pair_lost_on_its_way_back_leaves_a_dead_token_that_says_so(house, zalo):
    found, access, _ = started(house, zalo)
    zalo.will(OAUTH, dropped(taken=True))
    assert refused(found, rejected=access) == (Outcome.RETRY, "lost")
    house.time += COOL_DOWN
    assert refused(found, rejected=access) == (Outcome.AUTH, "token-dead")


def test_one_who_died_while_refreshing_is_waited_for_and_then_replaced(house, zalo):
    found, access, _ = started(house, zalo)
    row = house.row.load()
    assert house.row.swap(row.version, row.sealed, house.time + LEASE)
    assert refused(found, rejected=access) == (Outcome.RETRY, "token-busy")
    assert house.waits > 0
    house.time += LEASE
    assert found.access_token(rejected=access) != access


def test_a_new_pair_is_kept_though_the_lease_was_taken_over_and_the_token_called_dead(house, zalo):
    found, access, _ = started(house, zalo)
    real = found._refresh

    def slowly(token):
        fresh = real(token)
        house.time += LEASE
        late = keeper(house, zalo)
        assert refused(late, rejected=access) == (Outcome.AUTH, "token-dead")
        return fresh

    found._refresh = slowly
    second = found.access_token(rejected=access)
    assert keeper(house, zalo).access_token() == second


def test_an_admins_pair_put_in_during_a_refresh_is_left_alone(house, zalo):
    found, access, _ = started(house, zalo)
    real, admins = found._refresh, zalo.new_pair()

    def meanwhile(token):
        keeper(house, zalo).start(*admins, DAY)
        return real(token)

    found._refresh = meanwhile
    found.access_token(rejected=access)
    assert keeper(house, zalo).access_token() == admins[0]


def test_a_database_that_goes_away_while_the_new_pair_comes_does_not_lose_it(house, zalo):
    found, access, _ = started(house, zalo)
    house.row.broken = 3
    second = found.access_token(rejected=access)
    assert house.row.broken == 0
    assert found.access_token() == second


def test_a_database_that_is_away_is_a_try_for_later(house, zalo):
    found, _, _ = started(house, zalo)
    house.row.load = None
    assert refused(found) == (Outcome.RETRY, "token-store")


def test_many_that_need_a_new_token_at_once_make_one_refresh(house, zalo):
    _, access, _ = started(house, zalo)
    gate = threading.Barrier(32)
    tokens = []

    def need():
        mine = House(house.row)
        mine.sleep = lambda _: threading.Event().wait(0.02)
        one = keeper(mine, zalo, Patience(5, 5))
        gate.wait()
        tokens.append(one.access_token(rejected=access))

    threads = [threading.Thread(target=need) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 32
    assert len(set(tokens)) == 1
    assert zalo.refreshes == 1


def test_many_that_meet_a_dead_token_at_once_ask_once(house, zalo):
    _, access, _ = started(house, zalo)
    zalo.refresh.clear()
    gate, seen = threading.Barrier(32), []

    def need():
        mine = House(house.row)
        mine.sleep = lambda _: threading.Event().wait(0.02)
        gate.wait()
        seen.append(refused(keeper(mine, zalo, Patience(5, 5)), rejected=access))

    threads = [threading.Thread(target=need) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(Outcome.AUTH, "token-dead")] * 32
    assert zalo.refreshes == 1
