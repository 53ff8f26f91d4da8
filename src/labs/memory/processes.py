"""What one process costs in memory: an interpreter and its modules."""

import importlib
import multiprocessing
import os

MODULES = ("asyncio", "decimal", "http.client", "sqlite3", "xml.dom.minidom")
STATM = "/proc/self/statm"


def own_memory_bytes(modules):
    """Bytes in memory that no other process shares, after some imports."""
    for module in modules:
        importlib.import_module(module)
    with open(STATM) as statm:
        resident, shared = map(int, statm.read().split()[1:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def main():
    if not os.path.exists(STATM):
        print(f"This listing reads {STATM}, which only Linux has.")
        return
    # Forked pages look like the child's own even while they are shared.
    context = multiprocessing.get_context("spawn")
    for modules in (), MODULES:
        with context.Pool(processes=1) as pool:
            own = pool.apply(own_memory_bytes, [modules])
        count = len(modules)
        print(f"a process, {count} imports: {own / 1e6:.1f} MB of its own")


if __name__ == "__main__":
    main()
