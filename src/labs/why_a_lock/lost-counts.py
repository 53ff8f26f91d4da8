"""What a reference count would be if no lock kept its steps together."""

import sys
import threading

ROUNDS = 50_000
references = 0


def add(change):
    global references
    # What C does for each reference, in slow motion: load, add, store.
    # The empty call is a place where the other thread may come between.
    loaded = references
    (lambda: None)()
    references = loaded + change


def take_and_drop():
    for _ in range(ROUNDS):
        add(+1)
        add(-1)


def main():
    sys.setswitchinterval(1e-5)  # more switches, so that it shows sooner
    workers = [threading.Thread(target=take_and_drop) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    meaning = "as it should be, by luck"
    if references:
        meaning = "a leak" if references > 0 else "freed too early"
    print(f"{references:+} references left: {meaning}")


if __name__ == "__main__":
    main()
