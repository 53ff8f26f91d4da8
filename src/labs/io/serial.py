"""Eight waits, one after another: the waiting times add up."""

import time

WAITS = 8
WAIT_S = 0.1


def fetch(number):
    # Stands for a request to a server: this machine has nothing to do.
    time.sleep(WAIT_S)
    return number


def main():
    start = time.perf_counter()
    answers = [fetch(number) for number in range(WAITS)]
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} waits one after another: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
