"""Eight waits in threads: a thread that waits lets go of the lock."""

import time
from concurrent.futures import ThreadPoolExecutor

WAITS = 8
WAIT_S = 0.1


def fetch(number):
    # Sleeping drops the lock, as reading from a socket or a file does.
    time.sleep(WAIT_S)
    return number


def main():
    start = time.perf_counter()
    with ThreadPoolExecutor(max_workers=WAITS) as executor:
        answers = list(executor.map(fetch, range(WAITS)))
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} waits in threads: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
