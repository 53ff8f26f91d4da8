"""From asking for an event-loop task to its first line of code."""

import asyncio
import statistics
import time

STARTS = 1_000


async def first_line():
    return time.perf_counter()


async def start_one():
    start = time.perf_counter()
    return await asyncio.create_task(first_line()) - start


async def main():
    median_s = statistics.median([await start_one() for _ in range(STARTS)])
    print(f"an event-loop task: {median_s * 1000:.3f} ms (median of {STARTS})")


if __name__ == "__main__":
    asyncio.run(main())
