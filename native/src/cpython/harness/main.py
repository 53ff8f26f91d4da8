"""Runs experiments of gilscope in the Python that runs this.

Requests come on standard input and answers go to standard output, one JSON object a line. Read it from
harness/conversation.py on. Everything here also runs on Python 2.7, but for what only later ones can do.
gilscope names a folder as the one argument, which goes with gilscope, as does the process group.
"""
# A spawned worker imports this file too, and has no use for what is below.
if __name__ == "__main__":
    from harness import conversation

    conversation.main()
