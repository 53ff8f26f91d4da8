"""Four CPU-bound tasks one after another: the time to beat."""

import sys
import time

ADDS = 200_000
TASKS = 4


class Account:
    def __init__(self):
        self.balance = 0


def deposit(account):
    for _ in range(ADDS):
        account.balance += 1


def main():
    lock_is_on = getattr(sys, "_is_gil_enabled", lambda: True)()
    build = "with the lock" if lock_is_on else "without the lock"
    start = time.perf_counter()
    for _ in range(TASKS):
        deposit(Account())
    elapsed_s = time.perf_counter() - start
    print(f"{TASKS} tasks one after another, {build}: {elapsed_s:.3f} s")


if __name__ == "__main__":
    main()
