"""A large buffer in shared memory: only its name travels."""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory

SIZE_BYTES = 16_000_000


def length(data):
    return len(data)


def length_of_shared(name):
    shared = SharedMemory(name=name)
    size = len(shared.buf)
    shared.close()
    return size


def main():
    shared = SharedMemory(create=True, size=SIZE_BYTES)
    data = bytes(SIZE_BYTES)
    with ProcessPoolExecutor(max_workers=1) as executor:
        executor.submit(length, b"").result()  # now it is warm
        start = time.perf_counter()
        executor.submit(length, data).result()
        print(f"16 MB in a message: {time.perf_counter() - start:.4f} s")
        start = time.perf_counter()
        executor.submit(length_of_shared, shared.name).result()
        print(f"16 MB in shared memory: {time.perf_counter() - start:.4f} s")
    shared.close()
    shared.unlink()


if __name__ == "__main__":
    main()
