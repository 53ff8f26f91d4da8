"""Thousands of tiny tasks in threads: each passes through a queue."""

import time
from concurrent.futures import ThreadPoolExecutor

TASKS = 2_000
WORKERS = 2


def square(n):
    return n * n


def main():
    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=WORKERS) as executor:
        answers = list(executor.map(square, range(TASKS)))
    elapsed_s = time.perf_counter() - start
    task_us = elapsed_s / len(answers) * 1e6
    print(f"{TASKS} tiny tasks in threads: {task_us:.1f} us a task")


if __name__ == "__main__":
    main()
