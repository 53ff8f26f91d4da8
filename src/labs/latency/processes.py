"""A process started for each request, against a warm pool of them."""

import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor

REQUESTS = 10


def handle():
    return sum(i * i for i in range(1_000))


def start_for_it():
    worker = multiprocessing.Process(target=handle)
    worker.start()
    worker.join()


def report(name, request):
    samples_ms = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        request()
        samples_ms.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(samples_ms, n=20, method="inclusive")
    print(f"{name}: p50 {cuts[9]:.2f} ms, p95 {cuts[18]:.2f} ms")


def main():
    report("started for each", start_for_it)
    with ProcessPoolExecutor(max_workers=1) as pool:
        pool.submit(handle).result()  # now it is warm
        report("warm pool", lambda: pool.submit(handle).result())


if __name__ == "__main__":
    main()
