"""How often two threads change turns, by the setting of their lock."""

from __future__ import print_function

import sys
import threading
import time

RUN_S = 0.3
turns = {"last": None, "changes": 0}


def compute(end):
    me = threading.current_thread()
    while time.time() < end:
        if turns["last"] is not me:
            turns["last"] = me
            turns["changes"] += 1


def changes_of_turn():
    turns["changes"] = 0
    end = time.time() + RUN_S
    threads = [threading.Thread(target=compute, args=(end,)) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return turns["changes"]


def main():
    setting, values = "setcheckinterval", (10, 100, 1000)
    if hasattr(sys, "setswitchinterval"):  # since Python 3.2
        setting, values = "setswitchinterval", (0.0005, 0.005, 0.05)
    for value in values:
        getattr(sys, setting)(value)
        print("{}({}): {} turns".format(setting, value, changes_of_turn()))


if __name__ == "__main__":
    main()
