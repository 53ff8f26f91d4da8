"""Two countdowns, one after the other. Also runs on Python 2.7."""

from __future__ import print_function

import sys
import time

N = 1000000
clock = getattr(time, "perf_counter", time.time)


def count_down(n):
    while n > 0:
        n -= 1


def main():
    start = clock()
    count_down(N)
    count_down(N)
    elapsed_s = clock() - start
    version = "Python {}.{}".format(*sys.version_info)
    print("{}, one after the other: {:.2f} s".format(version, elapsed_s))


if __name__ == "__main__":
    main()
