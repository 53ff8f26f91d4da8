"""Two countdowns in two threads. Also runs on Python 2.7: compare."""

from __future__ import print_function

import sys
import threading
import time

N = 1000000
clock = getattr(time, "perf_counter", time.time)


def count_down(n):
    while n > 0:
        n -= 1


def main():
    start = clock()
    threads = [threading.Thread(target=count_down, args=(N,)) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed_s = clock() - start
    version = "Python {}.{}".format(*sys.version_info)
    print("{}, in two threads: {:.2f} s".format(version, elapsed_s))


if __name__ == "__main__":
    main()
