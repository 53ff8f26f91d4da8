"""Four CPU-bound tasks one after another, on one core."""

import os
import time

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
    start = time.perf_counter()
    answers = [sum_of_squares(N) for _ in range(TASKS)]
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} tasks, serial, {cores}: {elapsed_s:.3f} s")


if __name__ == "__main__":
    main()
