"""From private data to one shared object: what that costs threads."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

ADDS = 200_000
TASKS = 4


class Account:
    def __init__(self):
        self.balance = 0


def deposit(own, shared, percent):
    for number in range(ADDS):
        account = shared if number % 100 < percent else own
        account.balance += 1


def main():
    lock_is_on = getattr(sys, "_is_gil_enabled", lambda: True)()
    print("this Python has", "the lock" if lock_is_on else "no lock")
    shared = Account()
    for percent in 0, 50, 100:
        start = time.perf_counter()
        with ThreadPoolExecutor(max_workers=TASKS) as executor:
            for _ in range(TASKS):
                executor.submit(deposit, Account(), shared, percent)
        elapsed_s = time.perf_counter() - start
        print(f"{percent} % on one shared object: {elapsed_s:.3f} s")


if __name__ == "__main__":
    main()
