"""A large list handed to a process: it is pickled, copied and rebuilt."""

import pickle
import time
from concurrent.futures import ProcessPoolExecutor

SIZES = (1_000, 100_000, 500_000)


def main():
    with ProcessPoolExecutor(max_workers=1) as executor:
        executor.submit(sum, []).result()  # now it is warm
        for size in SIZES:
            numbers = list(range(size))
            start = time.perf_counter()
            sum(numbers)
            here_s = time.perf_counter() - start
            start = time.perf_counter()
            pickle.dumps(numbers)
            pickle_s = time.perf_counter() - start
            start = time.perf_counter()
            executor.submit(sum, numbers).result()
            there_s = time.perf_counter() - start
            print(
                f"sum of {size} numbers: here {here_s * 1000:.2f} ms, in a "
                f"process {there_s * 1000:.2f} ms, "
                f"of it pickling {pickle_s * 1000:.2f} ms"
            )


if __name__ == "__main__":
    main()
