"""Thousands of tiny tasks in processes: chunks share a message."""

import time
from concurrent.futures import ProcessPoolExecutor

TASKS = 2_000
WORKERS = 2


def square(n):
    return n * n


def main():
    with ProcessPoolExecutor(max_workers=WORKERS) as executor:
        # Let them start first: starting is the startup lab's subject.
        list(executor.map(square, range(WORKERS)))
        for chunk in 1, 10, 100, 1_000:
            start = time.perf_counter()
            list(executor.map(square, range(TASKS), chunksize=chunk))
            task_us = (time.perf_counter() - start) / TASKS * 1e6
            print(f"{chunk} tasks a message: {task_us:.1f} us a task")


if __name__ == "__main__":
    main()
