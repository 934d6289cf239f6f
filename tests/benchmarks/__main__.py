"""`make bench`: every measurement, each against its baseline in the same run."""

from __future__ import annotations

import importlib
import pkgutil

import tests.benchmarks


def main() -> None:
    """Run the benchmarks in the order of their names."""
    for module in sorted(module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__)):
        if module.startswith("bench_"):
            print(f"\n== {module.removeprefix('bench_')} ==", flush=True)
            importlib.import_module(f"tests.benchmarks.{module}").main()


if __name__ == "__main__":
    main()
