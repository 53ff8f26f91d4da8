"""More and more threads on a free-threaded build (python3.13t)."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

N = 60_000
TASKS = 32
WORKER_COUNTS = (1, 2, 4)  # go on to twice your cores


def sum_of_squares(n):
    return sum(i * i for i in range(n))


def seconds(workers):
    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=workers) as executor:
        list(executor.map(sum_of_squares, [N] * TASKS))
    return time.perf_counter() - start


def main():
    lock_is_on = getattr(sys, "_is_gil_enabled", lambda: True)()
    print("this Python has", "the lock" if lock_is_on else "no lock")
    one_s = seconds(1)
    for workers in WORKER_COUNTS:
        elapsed_s = seconds(workers)
        print(f"{workers} threads: {elapsed_s:.2f} s, {one_s / elapsed_s:.2f}x")


if __name__ == "__main__":
    main()
