"""Four CPU-bound tasks in processes: each has a lock of its own."""

import time
from concurrent.futures import ProcessPoolExecutor

N = 1_000_000  # the article's is 10_000_000
TASKS = 4


# Workers find it by its name, so it is not inside another function.
def sum_of_squares(n):
    return sum(i * i for i in range(n))


def main():
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=TASKS) as executor:
        answers = list(executor.map(sum_of_squares, [N] * TASKS))
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} tasks in processes: {elapsed_s:.2f} s")


# A spawned process imports this file again; it must not start more of them.
if __name__ == "__main__":
    main()
