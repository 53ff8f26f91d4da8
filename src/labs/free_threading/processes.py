"""The same tasks in processes: private data and no lock to share."""

import time
from concurrent.futures import ProcessPoolExecutor

ADDS = 200_000
TASKS = 4


class Account:
    def __init__(self):
        self.balance = 0


def deposit(account):
    for _ in range(ADDS):
        account.balance += 1
    return account.balance


def main():
    accounts = [Account() for _ in range(TASKS)]
    start = time.perf_counter()
    with ProcessPoolExecutor(max_workers=TASKS) as executor:
        balances = list(executor.map(deposit, accounts))
    elapsed_s = time.perf_counter() - start
    print(f"{TASKS} tasks in processes: {elapsed_s:.3f} s")
    # Each worker got a copy: its answer came back, our object did not change.
    print(f"there {balances[0]}, here {accounts[0].balance}")


if __name__ == "__main__":
    main()
