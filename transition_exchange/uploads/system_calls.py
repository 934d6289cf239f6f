"""Giving up all system calls but a few with seccomp, which needs no rights.

The filter is a program of classic BPF that the kernel runs before every call (seccomp(2)). It lets through what a
process needs that computes in memory and reads and writes what is open already. Any other call fails as not permitted.
Memory cannot be made executable, so what a file smuggles in as data cannot run as a program of its own.

The numbers stand in `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h` of Linux.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from typing import Final, NamedTuple

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_IF_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K

_ALLOW = 0x7FFF0000
_NOT_PERMITTED = 0x00050000 | errno.EPERM
_KILL = 0x80000000

_NUMBER, _ARCHITECTURE, _THIRD_ARGUMENT = 0, 4, 32
"""Offsets in `struct seccomp_data`; of an argument, its lower half on a little-endian machine."""

_PROT_EXEC = 4


class Machine(NamedTuple):
    """How a kind of machine numbers the calls.

    Attributes:
        audit: how the kernel calls this kind in `seccomp_data`.
        allowed: the calls that stay.
        mapping: calls that stay unless their third argument asks for executable memory.
    """

    audit: int
    allowed: dict[str, int]
    mapping: dict[str, int]


MACHINES: Final = {
    "x86_64": Machine(
        audit=0xC000003E,
        allowed={
            "read": 0,
            "write": 1,
            "close": 3,
            "fstat": 5,
            "lseek": 8,
            "munmap": 11,
            "brk": 12,
            "rt_sigaction": 13,
            "rt_sigprocmask": 14,
            "rt_sigreturn": 15,
            "sched_yield": 24,
            "mremap": 25,
            "madvise": 28,
            "getpid": 39,
            "exit": 60,
            "gettimeofday": 96,
            "sigaltstack": 131,
            "gettid": 186,
            "futex": 202,
            "restart_syscall": 219,
            "clock_gettime": 228,
            "exit_group": 231,
            "getrandom": 318,
            "membarrier": 324,
            "rseq": 334,
        },
        mapping={"mmap": 9, "mprotect": 10},
    ),
    "aarch64": Machine(
        audit=0xC00000B7,
        allowed={
            "close": 57,
            "lseek": 62,
            "read": 63,
            "write": 64,
            "fstat": 80,
            "exit": 93,
            "exit_group": 94,
            "futex": 98,
            "clock_gettime": 113,
            "sched_yield": 124,
            "restart_syscall": 128,
            "sigaltstack": 132,
            "rt_sigaction": 134,
            "rt_sigprocmask": 135,
            "rt_sigreturn": 139,
            "gettimeofday": 169,
            "getpid": 172,
            "gettid": 178,
            "brk": 214,
            "munmap": 215,
            "mremap": 216,
            "madvise": 233,
            "getrandom": 278,
            "membarrier": 283,
            "rseq": 293,
        },
        mapping={"mmap": 222, "mprotect": 226},
    ),
}
"""The kinds of machines whose numbers are known here; on others this door stays open."""


class Instruction(NamedTuple):
    """One instruction of classic BPF; a jump says how many instructions to skip."""

    code: int
    if_true: int
    if_false: int
    value: int


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def forbid_others() -> bool:
    """Forbid this process all calls but those of its kind of machine in `MACHINES`.

    The process must have given up new rights (`PR_SET_NO_NEW_PRIVS`).

    Returns:
        Whether the kernel did it.
    """
    machine = MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32:
        return False
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program(machine))
    instructions = ctypes.create_string_buffer(code, len(code))
    filtering = _Program(len(code) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filtering), 0, 0) == 0)


def program(machine: Machine) -> list[Instruction]:
    """The filter for one kind of machine. A call numbered in another machine's way ends the process."""
    written = [
        Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        Instruction(_IF_EQUAL, 1, 0, machine.audit),
        Instruction(_RETURN, 0, 0, _KILL),
        Instruction(_LOAD, 0, 0, _NUMBER),
    ]
    for number in machine.allowed.values():
        written += [Instruction(_IF_EQUAL, 0, 1, number), Instruction(_RETURN, 0, 0, _ALLOW)]
    for number in machine.mapping.values():
        written += [
            Instruction(_IF_EQUAL, 0, 4, number),
            Instruction(_LOAD, 0, 0, _THIRD_ARGUMENT),
            Instruction(_IF_ANY_BIT, 0, 1, _PROT_EXEC),
            Instruction(_RETURN, 0, 0, _NOT_PERMITTED),
            Instruction(_RETURN, 0, 0, _ALLOW),
        ]
    return [*written, Instruction(_RETURN, 0, 0, _NOT_PERMITTED)]
