"""Tasks that wait and compute: threads share the waiting, not the work."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

TASKS = 4
WAIT_S = 0.05
N = 500_000


def wait_and_compute(n):
    time.sleep(WAIT_S)
    return sum(i * i for i in range(n))


def main():
    start = time.perf_counter()
    for _ in range(TASKS):
        wait_and_compute(N)
    print(f"one after another: {time.perf_counter() - start:.2f} s")
    pools = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
    for name, pool in pools.items():
        start = time.perf_counter()
        with pool(max_workers=TASKS) as executor:
            list(executor.map(wait_and_compute, [N] * TASKS))
        print(f"{TASKS} {name}: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
