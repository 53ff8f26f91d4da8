"""Condition: wait until something about shared data is true."""

import multiprocessing
import threading
import time

ITEMS = 5


def produce(condition, stock):
    for _ in range(ITEMS):
        time.sleep(0.02)
        with condition:
            stock.value += 1
            condition.notify()


def main():
    kinds = {
        "threads": (threading, threading.Thread),
        "processes": (multiprocessing, multiprocessing.Process),
    }
    for name, (module, worker) in kinds.items():
        condition, stock = module.Condition(), multiprocessing.RawValue("i", 0)
        producer = worker(target=produce, args=(condition, stock))
        producer.start()
        for _ in range(ITEMS):
            with condition:
                # Lets go of the lock while it waits, holds it afterwards.
                condition.wait_for(lambda: stock.value > 0)
                stock.value -= 1
        producer.join()
        print(f"{name}: {ITEMS} items taken, {stock.value} in stock")


if __name__ == "__main__":
    main()
