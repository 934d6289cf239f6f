"""Stop early where this Python is too old or has no venv, and print the line to run."""

import importlib.util
import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.\n"
        "Name a later one like this:  make PYTHON=python3.12 test"
    )
if importlib.util.find_spec("ensurepip") is None:
    sys.exit("This Python has no venv. On Debian and Ubuntu run:  sudo apt-get install python3-venv")
