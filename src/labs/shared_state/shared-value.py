"""A Value lies in shared memory, so processes can add to the same one."""

import multiprocessing

ADDS = 5_000
WORKERS = 4


def add(counter):
    for _ in range(ADDS):
        # += reads and then writes; the Value's lock keeps the two together.
        with counter.get_lock():
            counter.value += 1


def main():
    counter = multiprocessing.Value("q", 0)
    workers = [
        multiprocessing.Process(target=add, args=(counter,))
        for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = WORKERS * ADDS
    print(f"{WORKERS} processes, one Value: {counter.value} of {expected}")


if __name__ == "__main__":
    main()
