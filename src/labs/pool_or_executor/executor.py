"""An executor hands back futures: take each answer as it completes."""

import time
from concurrent.futures import ProcessPoolExecutor, as_completed

DELAYS_S = (0.4, 0.1, 0.2, 0.3)
WORKERS = 2


def task(delay_s):
    # A wait stands for work, so that a busy machine shows the same.
    time.sleep(delay_s)
    return delay_s


def main():
    with ProcessPoolExecutor(max_workers=WORKERS) as executor:
        list(executor.map(task, [0] * WORKERS))  # their start does not count
        start = time.perf_counter()
        futures = [executor.submit(task, delay_s) for delay_s in DELAYS_S]
        for future in as_completed(futures):
            arrived_s = time.perf_counter() - start
            print(f"the {future.result()} s task came after {arrived_s:.2f} s")


if __name__ == "__main__":
    main()
