"""Processes share no counter: each adds to a copy of its own."""

import multiprocessing

ADDS = 20_000
WORKERS = 4
counter = 0


def add(results):
    global counter
    for _ in range(ADDS):
        counter += 1
    results.put(counter)


def main():
    results = multiprocessing.SimpleQueue()
    workers = [
        multiprocessing.Process(target=add, args=(results,))
        for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    counted = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    print(f"in the processes: {counted}, here: {counter}")
    # A message is what brings the answers together.
    print(f"the sum of their messages: {sum(counted)}")


if __name__ == "__main__":
    main()
