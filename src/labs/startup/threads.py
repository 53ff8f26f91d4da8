"""From asking for a thread to its first line of code."""

import statistics
import threading
import time

STARTS = 50


def start_one():
    ready = threading.Event()
    start = time.perf_counter()
    thread = threading.Thread(target=ready.set)
    thread.start()
    ready.wait()
    elapsed_s = time.perf_counter() - start
    thread.join()
    return elapsed_s


def main():
    median_s = statistics.median(start_one() for _ in range(STARTS))
    print(f"a thread: {median_s * 1000:.2f} ms (median of {STARTS})")


if __name__ == "__main__":
    main()
