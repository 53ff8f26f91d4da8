"""A thread that wakes up for I/O, beside threads that compute."""

import statistics
import threading
import time

SAMPLES = 40
WAIT_S = 0.001


def compute(stop):
    while not stop.is_set():
        sum(i * i for i in range(1_000))


def delays_ms():
    for _ in range(SAMPLES):
        start = time.perf_counter()
        time.sleep(WAIT_S)  # drops the lock, and needs it again afterwards
        yield (time.perf_counter() - start - WAIT_S) * 1000


def main():
    for neighbours in 0, 1, 2, 4:
        stop = threading.Event()
        for _ in range(neighbours):
            threading.Thread(target=compute, args=(stop,)).start()
        median_ms = statistics.median(delays_ms())
        stop.set()
        print(f"beside {neighbours} threads: {median_ms:.2f} ms late")


if __name__ == "__main__":
    main()
