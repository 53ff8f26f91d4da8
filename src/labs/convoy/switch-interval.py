"""The delay beside a computing thread follows the switch interval."""

import statistics
import sys
import threading
import time

SAMPLES = 20
WAIT_S = 0.001


def compute(stop):
    while not stop.is_set():
        sum(i * i for i in range(1_000))


def delays_ms():
    for _ in range(SAMPLES):
        start = time.perf_counter()
        time.sleep(WAIT_S)
        yield (time.perf_counter() - start - WAIT_S) * 1000


def main():
    stop = threading.Event()
    threading.Thread(target=compute, args=(stop,)).start()
    for interval_ms in 1, 5, 20:
        # Short intervals help who waits, and cost who computes.
        sys.setswitchinterval(interval_ms / 1000)
        median_ms = statistics.median(delays_ms())
        print(f"switch interval {interval_ms} ms: {median_ms:.2f} ms late")
    stop.set()


if __name__ == "__main__":
    main()
