"""Hundreds of waits, one thread each: it works, and needs the threads."""

import threading
import time

WAITS = 500
WAIT_S = 0.2


def main():
    most = 0
    start = time.perf_counter()
    threads = []
    for _ in range(WAITS):
        thread = threading.Thread(target=time.sleep, args=(WAIT_S,))
        thread.start()
        threads.append(thread)
        most = max(most, threading.active_count())
    for thread in threads:
        thread.join()
    elapsed_s = time.perf_counter() - start
    print(f"{WAITS} waits, {most} threads at once: {elapsed_s:.2f} s")


if __name__ == "__main__":
    main()
