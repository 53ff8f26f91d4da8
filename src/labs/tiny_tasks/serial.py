"""Thousands of tiny tasks in a plain loop: nothing but the work."""

import time

TASKS = 2_000


def square(n):
    return n * n


def main():
    start = time.perf_counter()
    answers = [square(n) for n in range(TASKS)]
    elapsed_s = time.perf_counter() - start
    task_us = elapsed_s / len(answers) * 1e6
    print(f"{TASKS} tiny tasks in a loop: {task_us:.2f} us a task")


if __name__ == "__main__":
    main()
