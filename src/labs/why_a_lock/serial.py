"""Every object counts its references; at zero it is freed, at once."""

import sys
import weakref


class Picture:
    pass


def main():
    picture = Picture()
    weakref.finalize(picture, print, "count 0: the picture is freed")
    # The call itself may hold one more reference, so compare.
    before = sys.getrefcount(picture)
    album = [picture, picture]
    print(f"in a list twice: {sys.getrefcount(picture) - before:+} references")
    same = picture
    print(f"one more name: {sys.getrefcount(picture) - before:+} references")
    del album, same
    print(f"all deleted: {sys.getrefcount(picture) - before:+} references")
    del picture
    print("the program goes on")


if __name__ == "__main__":
    main()
