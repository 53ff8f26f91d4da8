"""Threads again: on a free-threaded build (python3.13t) nobody waits."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

N = 1_000_000  # the article's is 10_000_000
TASKS = 4


def sum_of_squares(n):
    return sum(i * i for i in range(n))


def lock_is_on():
    # Before Python 3.13 there was nothing to ask: the lock was always on.
    return getattr(sys, "_is_gil_enabled", lambda: True)()


def main():
    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=TASKS) as executor:
        answers = list(executor.map(sum_of_squares, [N] * TASKS))
    elapsed_s = time.perf_counter() - start
    build = "with the lock" if lock_is_on() else "without the lock"
    print(f"{len(answers)} tasks in threads, {build}: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
