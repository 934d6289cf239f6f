"""Places for passphrase work: shared by processes, given back by killed ones, and never taken all by one source."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from transition_exchange.sealing import NoPlace, memory, work_places
from transition_exchange.sealing.memory import Sizes
from transition_exchange.sealing.work_places import FILE, Places, Pool, held

UNIT = 100
SIZES = Sizes(strangers=4, own=2, share=1, unit_kib=UNIT)


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    with (tmp_path / FILE).open("w+b") as file:
        yield Places(file.fileno(), SIZES)


def takes(places: Places, pool: Pool, source: str, kib: int = 0) -> bool:
    """Whether somebody finds a place, which they give back at once."""
    try:
        with places.hold(pool=pool, source=source, kib=kib):
            return True
    except NoPlace:
        return False


@pytest.fixture
def full(places: Places) -> Iterator[Places]:
    """Strangers hold every place of theirs."""
    with ExitStack() as stack:
        for number in range(SIZES.strangers):
            stack.enter_context(places.hold(pool="strangers", source=f"192.0.2.{number}"))
        yield places


def test_beyond_the_limit_nobody_waits_and_what_ends_makes_room(places: Places) -> None:
    with ExitStack() as stack:
        for number in range(SIZES.strangers):
            stack.enter_context(places.hold(pool="strangers", source=str(number)))
        assert not takes(places, "strangers", "one more")
    assert takes(places, "strangers", "one more")


def test_what_failed_gives_its_place_back(places: Places) -> None:
    for _ in range(SIZES.strangers + 1):
        with pytest.raises(ZeroDivisionError), places.hold(pool="strangers", source="one"):
            raise ZeroDivisionError


def test_one_source_never_holds_more_than_its_share(places: Places) -> None:
    with places.hold(pool="strangers", source="192.0.2.1"):
        assert not takes(places, "strangers", "192.0.2.1")
        assert takes(places, "strangers", "192.0.2.2")


def test_two_colleagues_behind_one_address_sign_in_at_the_same_moment(tmp_path: Path) -> None:
    sizes = memory.sizes(unit_kib=UNIT, free_kib=100 * UNIT, count_of_cores=2)
    with (tmp_path / FILE).open("w+b") as file:
        places = Places(file.fileno(), sizes)
        with places.hold(pool="strangers", source="192.0.2.1"):
            assert takes(places, "strangers", "192.0.2.1")


@pytest.mark.parametrize("cores", [1, 2, 3, 4, 8, 64])
@pytest.mark.parametrize("free_units", [8, 16, 1000])
def test_whoever_guesses_from_one_address_leaves_a_place_for_a_stranger_at_another(
    tmp_path: Path, free_units: int, cores: int
) -> None:
    sizes = memory.sizes(unit_kib=UNIT, free_kib=free_units * UNIT, count_of_cores=cores)
    with (tmp_path / FILE).open("w+b") as file, ExitStack() as stack:
        places = Places(file.fileno(), sizes)
        while takes(places, "strangers", "192.0.2.1"):
            stack.enter_context(places.hold(pool="strangers", source="192.0.2.1"))
        assert takes(places, "strangers", "198.51.100.1")


def test_whoever_is_known_has_a_place_while_strangers_hold_all_of_theirs(full: Places) -> None:
    assert not takes(full, "strangers", "198.51.100.1")
    assert takes(full, "own", "a person")


def test_one_person_holds_one_place_only(places: Places) -> None:
    with places.hold(pool="own", source="a person"):
        assert not takes(places, "own", "a person")
        assert takes(places, "own", "another")


def test_known_people_use_the_strangers_places_too_and_never_the_other_way_round(places: Places) -> None:
    with ExitStack() as stack:
        for number in range(SIZES.own + SIZES.strangers):
            stack.enter_context(places.hold(pool="own", source=str(number)))
        assert not takes(places, "own", "one more")
        assert not takes(places, "strangers", "one more")


def test_work_that_needs_more_memory_takes_several_places(places: Places) -> None:
    with places.hold(pool="strangers", source="1", kib=3 * UNIT):
        assert takes(places, "strangers", "2", UNIT)
        assert not takes(places, "strangers", "2", UNIT + 1)
    assert takes(places, "strangers", "1", 100 * UNIT), "it takes all of them and so runs alone"


HOLDER = """
import sys, time
from pathlib import Path
from transition_exchange.sealing.memory import Sizes
from transition_exchange.sealing.work_places import Places
file = open(sys.argv[1], "r+b")
places = Places(file.fileno(), Sizes(strangers=4, own=2, share=1, unit_kib=100))
with places.hold(pool="strangers", source="192.0.2.1", kib=400):
    print("holds", flush=True)
    time.sleep(60)
"""


def test_processes_share_the_places_and_a_killed_one_gives_them_back(tmp_path: Path, places: Places) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / FILE)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holds\n"
        assert not takes(places, "strangers", "192.0.2.2")
        assert takes(places, "own", "a person")
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert takes(places, "strangers", "192.0.2.1", 4 * UNIT)


FORKING = """
import os, sys
from pathlib import Path
from transition_exchange.sealing import NoPlace, memory, work_places
def takes(kib):
    try:
        with work_places.shared().hold(pool="strangers", source="2", kib=kib):
            return True
    except NoPlace:
        return False
places = work_places.share(Path(sys.argv[1]), unit_kib=100)
most = places.sizes.strangers
with places.hold(pool="strangers", source="1", kib=100 * (most - 1)):
    child = os.fork()
    if child == 0:
        os._exit(0 if takes(100) and not takes(200) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not takes(200), "the end of the child gave the parent's places back"
"""


def test_a_forked_process_takes_nothing_along_and_takes_part(tmp_path: Path) -> None:
    """The server forks its workers after it has opened the file."""
    done = subprocess.run([sys.executable, "-c", FORKING, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_many_threads_at_once_never_hold_more_than_there_are(places: Places) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def work(number: int) -> bool:
        nonlocal running, most
        try:
            with places.hold(pool="strangers", source=str(number)):
                with lock:
                    running += 1
                    most = max(most, running)
                threading.Event().wait(0.005)
                with lock:
                    running -= 1
                return True
        except NoPlace:
            return False

    with ThreadPoolExecutor(12) as pool:
        served = list(pool.map(work, range(200)))
    assert most == SIZES.strangers
    assert any(served)
    assert takes(places, "strangers", "1", 4 * UNIT), "all are given back"


def test_a_command_waits_for_a_place_and_whoever_holds_one_needs_no_other(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_places, "_shared", places)
    done = threading.Event()

    def command() -> None:
        with held(UNIT):
            done.set()

    waiting = threading.Thread(target=command)
    with ExitStack() as stack:
        for number in range(SIZES.own + SIZES.strangers):
            stack.enter_context(places.hold(pool="own", source=str(number)))
        waiting.start()
        assert not done.wait(0.1)
    waiting.join(timeout=10)
    assert done.is_set()
    with work_places.holding(pool="own", source="one"), places.hold(pool="own", source="another"):
        for _ in range(SIZES.strangers):
            with held(UNIT), work_places.holding(pool="own", source="one"):
                assert takes(places, "strangers", "1", SIZES.strangers * UNIT)


def test_an_error_inside_a_block_that_held_a_place_comes_out_as_it_is(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_places, "_shared", places)
    with pytest.raises(NoPlace), held(UNIT):
        raise NoPlace
    assert takes(places, "own", "a person")


def test_the_file_of_the_folder_is_for_this_service_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_places, "_shared", None)
    made = work_places.share(tmp_path, unit_kib=UNIT)
    assert made is work_places.shared()
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert made.sizes.unit_kib == UNIT


def test_without_a_folder_to_write_to_the_places_are_still_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_places, "_shared", None)
    made = work_places.share(tmp_path / "missing", unit_kib=UNIT)
    with made.hold(pool="strangers", source="1", kib=10**9):
        assert not takes(made, "strangers", "2")
