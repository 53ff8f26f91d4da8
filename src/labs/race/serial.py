"""Four CPU-bound tasks, one after another: the time to beat."""

import time

N = 1_000_000  # the article's is 10_000_000
TASKS = 4


def sum_of_squares(n):
    return sum(i * i for i in range(n))


def main():
    start = time.perf_counter()
    answers = [sum_of_squares(N) for _ in range(TASKS)]
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} tasks one after another: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
