"""Hundreds of waits in one thread: each is only a note in the loop."""

import asyncio
import threading
import time

WAITS = 500
WAIT_S = 0.2


async def main():
    start = time.perf_counter()
    await asyncio.gather(*(asyncio.sleep(WAIT_S) for _ in range(WAITS)))
    elapsed_s = time.perf_counter() - start
    threads = threading.active_count()
    print(f"{WAITS} waits, {threads} thread: {elapsed_s:.2f} s")


if __name__ == "__main__":
    asyncio.run(main())
