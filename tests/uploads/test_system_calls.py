"""The filter of system calls, run here instruction by instruction. That it holds is shown in `test_doors.py`."""

from __future__ import annotations

import errno
import platform
import re
import sys
from pathlib import Path

import pytest

from transition_exchange.uploads import system_calls
from transition_exchange.uploads.system_calls import MACHINES, Machine, program

ALLOWED, NOT_PERMITTED, KILLED = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
X32 = 0x40000000
"""The bit by which a process on x86-64 asks for the calls of a third numbering."""


def verdict(machine: Machine, number: int, *, protection: int = 0, audit: int | None = None) -> int:
    """What the filter says of a call."""
    data = {0: number, 4: machine.audit if audit is None else audit, 32: protection}
    written, place, value = program(machine), 0, 0
    while True:
        code, if_true, if_false, operand = written[place]
        place += 1
        if code == 0x20:
            value = data[operand]
        elif code == 0x15:
            place += if_true if value == operand else if_false
        elif code == 0x45:
            place += if_true if value & operand else if_false
        else:
            return operand


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_only_the_named_calls_are_let_through(machine: Machine) -> None:
    named = {*machine.allowed.values(), *machine.mapping.values()}
    assert {number for number in range(600) if verdict(machine, number) == ALLOWED} == named
    assert {verdict(machine, number) for number in range(600) if number not in named} == {NOT_PERMITTED}
    assert verdict(machine, machine.allowed["read"] | X32) == NOT_PERMITTED


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_memory_is_never_executable(machine: Machine) -> None:
    for number in machine.mapping.values():
        assert verdict(machine, number, protection=0b011) == ALLOWED
        assert verdict(machine, number, protection=0b101) == NOT_PERMITTED


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_a_call_in_another_machines_numbers_ends_the_process(machine: Machine) -> None:
    assert verdict(machine, machine.allowed["read"], audit=0x40000003) == KILLED


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_nothing_that_opens_connects_starts_or_signals_is_named(machine: Machine) -> None:
    named = {*machine.allowed, *machine.mapping}
    dangerous = re.compile(
        r"open|socket|connect|send|recv|exec|fork|clone|kill|ptrace|process_vm|ioctl|prctl|mount|pidfd"
    )
    assert not [name for name in named if dangerous.search(name)]


def test_the_numbers_are_those_of_the_kernel() -> None:
    """Compared with the headers of Linux where they are installed; the values below hold everywhere."""
    assert (MACHINES["x86_64"].allowed["exit_group"], MACHINES["aarch64"].allowed["exit_group"]) == (231, 94)
    for machine, header in (
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ("aarch64", "/usr/include/asm-generic/unistd.h"),
    ):
        if Path(header).is_file():
            pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
            defined = {name: int(number) for name, number in re.findall(pattern, Path(header).read_text())}
            known = MACHINES[machine]
            assert {name: defined[name] for name in (*known.allowed, *known.mapping)} == {
                **known.allowed,
                **known.mapping,
            }


def test_an_unknown_machine_or_system_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(platform, "machine", lambda: "riscv64")
        assert not system_calls.forbid_others()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not system_calls.forbid_others()
