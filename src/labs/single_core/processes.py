"""Four CPU-bound tasks in processes, on one core: all cost, no gain."""

import os
import time
from concurrent.futures import ProcessPoolExecutor

N = 400_000
TASKS = 4


def sum_of_squares(n):
    return sum(i * i for i in range(n))


def keep_one_core():
    # Linux only; elsewhere this runs on all cores, and says so.
    if not hasattr(os, "sched_setaffinity"):
        return f"{os.cpu_count()} cores (this system cannot pin)"
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    return "one core"


def main():
    cores = keep_one_core()
    # The workers inherit the core; their start counts, as it would for you.
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=TASKS) as executor:
        answers = list(executor.map(sum_of_squares, [N] * TASKS))
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} tasks, processes, {cores}: {elapsed_s:.3f} s")


if __name__ == "__main__":
    main()
