"""A minute of strangers who keep every place for passphrase work taken, at the real cost of a passphrase.

`python -m tests.benchmarks.bench_siege`. The baseline is the same SENCO on the same server before they come.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from tests.siege import Client, besieged
from transition_exchange.sealing.unlocks import STANDARD

MINUTE = 60.0
STRANGERS = 24
GOAL = 10.0


def main() -> None:
    """Print how long signing in and opening a page take before the strangers come and while they are there."""
    with (
        tempfile.TemporaryDirectory() as folder,
        besieged(Path(folder), memory_kib=STANDARD.memory_kib) as siege,
    ):
        alone = siege.sign_in(siege.her_browser)
        quiet = _page(siege.her_browser)
        sign_ins: list[float] = []
        pages: list[float] = []
        with siege.strangers(STRANGERS):
            end = time.monotonic() + MINUTE
            while time.monotonic() < end:
                if len(sign_ins) < 6:
                    sign_ins.append(siege.sign_in(siege.her_browser))
                pages.append(_page(siege.her_browser))
                time.sleep(0.5)
        print(
            f"Strangers' tries in a minute: {dict(siege.answers)}; slowest 503 {siege.slowest_refusal:.2f} s"
        )
        print(f"  a page       {quiet:5.2f} s before, {statistics.median(pages):5.2f} s meanwhile", end="")
        print(f" (slowest {max(pages):.2f} s)")
        word = "met" if max(sign_ins) < GOAL else "MISSED"
        print(f"  signing in   {alone:5.2f} s before, {statistics.median(sign_ins):5.2f} s meanwhile", end="")
        print(f" (slowest {max(sign_ins):.2f} s; goal: under {GOAL:.0f} s) {word}")


def _page(browser: Client) -> float:
    began = time.monotonic()
    assert browser.ask("GET", "/account")[0] == 200
    return time.monotonic() - began


if __name__ == "__main__":
    main()
