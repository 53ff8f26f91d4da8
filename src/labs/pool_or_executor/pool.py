"""Pool.map hands back all answers at the end; imap_unordered does not."""

import multiprocessing
import time

DELAYS_S = (0.4, 0.1, 0.2, 0.3)
WORKERS = 2


def task(delay_s):
    # A wait stands for work, so that a busy machine shows the same.
    time.sleep(delay_s)
    return delay_s


def report(name, start, answers):
    arrived = [time.perf_counter() - start for _ in answers]
    print(f"{name}: first answer {arrived[0]:.2f} s, last {arrived[-1]:.2f} s")


def main():
    with multiprocessing.Pool(WORKERS) as pool:
        pool.map(task, [0] * WORKERS)  # the workers' start does not count
        start = time.perf_counter()
        report("map", start, pool.map(task, DELAYS_S, chunksize=1))
        start = time.perf_counter()
        report("imap_unordered", start, pool.imap_unordered(task, DELAYS_S))


if __name__ == "__main__":
    main()
