"""More and more threads on the same tasks: the lock keeps it flat."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

N = 60_000
TASKS = 32
WORKER_COUNTS = (1, 2, 4)  # go on to twice your cores


def sum_of_squares(n):
    return sum(i * i for i in range(n))


def main():
    start = time.perf_counter()
    for _ in range(TASKS):
        sum_of_squares(N)
    serial_s = time.perf_counter() - start
    print(f"serial: {serial_s:.2f} s on a machine of {os.cpu_count()} cores")
    for workers in WORKER_COUNTS:
        start = time.perf_counter()
        with ThreadPoolExecutor(max_workers=workers) as executor:
            list(executor.map(sum_of_squares, [N] * TASKS))
        elapsed_s = time.perf_counter() - start
        speedup = serial_s / elapsed_s
        print(f"{workers} threads: {elapsed_s:.2f} s, {speedup:.2f}x")


if __name__ == "__main__":
    main()
