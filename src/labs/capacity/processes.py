"""How many processes a memory budget holds, by what one takes here."""

import multiprocessing
import os

BUDGET_BYTES = 8_000_000_000
DATA_BYTES = 20_000_000  # what each worker keeps of its task
STATM = "/proc/self/statm"


def own_memory_bytes(data_bytes):
    """Bytes in memory that no other process shares, with data held."""
    data = b"x" * data_bytes
    with open(STATM) as statm:
        resident, shared = map(int, statm.read().split()[1:3])
    del data
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def main():
    if not os.path.exists(STATM):
        print(f"This listing reads {STATM}, which only Linux has.")
        return
    # Forked pages look like the child's own even while they are shared.
    with multiprocessing.get_context("spawn").Pool(processes=1) as pool:
        for data_bytes in 0, DATA_BYTES:
            own = pool.apply(own_memory_bytes, [data_bytes])
            fit = BUDGET_BYTES // own
            print(f"{own / 1e6:.0f} MB a process: {fit} fit the budget")


if __name__ == "__main__":
    main()
