"""Strangers cannot keep people out: neither those who sign in on their own browser nor those who are signed in.

`python -m tests.benchmarks.bench_siege` does the same for a minute, at the real cost of a passphrase.
"""

from __future__ import annotations

import time
from pathlib import Path

from tests.siege import besieged

QUICK_KIB = 32 * 1024
"""Some hundredths of a second: enough for strangers to hold every place."""


def test_a_senco_signs_in_on_her_own_browser_while_strangers_hold_every_place(tmp_path: Path) -> None:
    with besieged(tmp_path, memory_kib=QUICK_KIB) as siege:
        colleague = siege.her_browser
        with siege.strangers(12):
            while siege.answers[503] < 20 or not siege.answers[422]:
                time.sleep(0.05)
            before = siege.answers.total()
            began = time.monotonic()
            assert colleague.ask("GET", "/account")[0] == 200
            page = time.monotonic() - began
            took = siege.sign_in(siege.her_browser)
            during = siege.answers.total() - before
    assert took < 10
    assert page < 10
    assert during > 0, "nobody tried meanwhile"
    assert siege.answers[422] > 0, "no stranger ever had a place"
    assert set(siege.answers) == {422, 503}, siege.answers
