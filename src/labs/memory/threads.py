"""What one more thread costs in memory: hardly more than its stack."""

import os
import threading

THREADS = 50
STATM = "/proc/self/statm"


def memory_bytes():
    """Bytes reserved by this process, and of them those in memory."""
    with open(STATM) as statm:
        reserved, resident = map(int, statm.read().split()[:2])
    page_bytes = os.sysconf("SC_PAGE_SIZE")
    return reserved * page_bytes, resident * page_bytes


def main():
    if not os.path.exists(STATM):
        print(f"This listing reads {STATM}, which only Linux has.")
        return
    leave = threading.Event()
    threads = [threading.Thread(target=leave.wait) for _ in range(THREADS)]
    before = memory_bytes()
    for thread in threads:
        thread.start()
    after = memory_bytes()
    leave.set()
    reserved, resident = ((b - a) / THREADS for a, b in zip(before, after))
    print(f"a thread: {resident / 1e6:.2f} MB in memory")
    print(f"a thread: {reserved / 1e6:.1f} MB reserved")


if __name__ == "__main__":
    main()
