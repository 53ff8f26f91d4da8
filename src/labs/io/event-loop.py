"""Eight waits in one thread: the event loop waits for all at once."""

import asyncio
import time

WAITS = 8
WAIT_S = 0.1


async def fetch(number):
    # time.sleep() here would stop the whole loop: nobody else could run.
    await asyncio.sleep(WAIT_S)
    return number


async def main():
    start = time.perf_counter()
    answers = await asyncio.gather(*(fetch(number) for number in range(WAITS)))
    elapsed_s = time.perf_counter() - start
    print(f"{len(answers)} waits in an event loop: {elapsed_s:.2f} s")


if __name__ == "__main__":
    asyncio.run(main())
