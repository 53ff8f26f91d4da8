"""Exact counts in threads: the lock's work, or atomic adds without it."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

ROUNDS = 100_000
WORKERS = 2


def take_and_drop(target):
    for _ in range(ROUNDS):
        another = [target]  # counts up
        del another  # counts down


def seconds(targets):
    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=WORKERS) as executor:
        list(executor.map(take_and_drop, targets))
    return time.perf_counter() - start


def main():
    lock_is_on = getattr(sys, "_is_gil_enabled", lambda: True)()
    print("this Python has", "the lock" if lock_is_on else "no lock")
    # Without the lock, a count that two threads change travels between
    # their cores, and each change has to wait for it.
    separate = [object() for _ in range(WORKERS)]
    print(f"an object for each thread: {seconds(separate):.3f} s")
    print(f"one object for all: {seconds(separate[:1] * WORKERS):.3f} s")


if __name__ == "__main__":
    main()
