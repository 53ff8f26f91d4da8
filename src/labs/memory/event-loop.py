"""What one more waiting task of an event loop costs in memory."""

import asyncio
import tracemalloc

TASKS = 1_000


async def wait_for(event):
    await event.wait()


async def main():
    leave = asyncio.Event()
    tracemalloc.start()
    tasks = [asyncio.create_task(wait_for(leave)) for _ in range(TASKS)]
    await asyncio.sleep(0)  # let every task run as far as its wait
    allocated, _ = tracemalloc.get_traced_memory()
    leave.set()
    await asyncio.gather(*tasks)
    print(f"an event-loop task: {allocated / TASKS / 1e6:.4f} MB")


if __name__ == "__main__":
    asyncio.run(main())
