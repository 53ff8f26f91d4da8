"""Eight waits in processes: it works, and costs eight interpreters."""

import time
from concurrent.futures import ProcessPoolExecutor

WAITS = 8
WAIT_S = 0.1


def fetch(number):
    time.sleep(WAIT_S)
    return number


def main():
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=WAITS) as executor:
        answers = list(executor.map(fetch, range(WAITS)))
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} waits in processes: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
