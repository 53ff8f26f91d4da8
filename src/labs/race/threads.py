"""Four CPU-bound tasks in threads: they take turns under the lock."""

import time
from concurrent.futures import ThreadPoolExecutor

N = 1_000_000  # the article's is 10_000_000
TASKS = 4


def sum_of_squares(n):
    return sum(i * i for i in range(n))


def main():
    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=TASKS) as executor:
        answers = list(executor.map(sum_of_squares, [N] * TASKS))
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} tasks in threads: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
