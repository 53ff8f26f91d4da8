"""A thread that wakes up for I/O, beside processes that compute."""

import multiprocessing
import statistics
import time

SAMPLES = 40
WAIT_S = 0.001


def compute(ready):
    ready.send("computing")
    while True:
        sum(i * i for i in range(1_000))


def delays_ms():
    for _ in range(SAMPLES):
        start = time.perf_counter()
        time.sleep(WAIT_S)
        yield (time.perf_counter() - start - WAIT_S) * 1000


def main():
    ours, theirs = multiprocessing.Pipe()
    running = 0
    for neighbours in 0, 1, 2, 4:
        while running < neighbours:
            # Daemons end with the program.
            multiprocessing.Process(
                target=compute, args=(theirs,), daemon=True
            ).start()
            ours.recv()
            running += 1
        median_ms = statistics.median(delays_ms())
        print(f"beside {neighbours} processes: {median_ms:.2f} ms late")


if __name__ == "__main__":
    main()
