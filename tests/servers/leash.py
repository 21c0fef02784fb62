"""Become another program that the kernel kills when the test run dies, however it dies.

Run as `python leash.py PARENT COMMAND...` before the real program: the wish to die with the parent
(Linux's PR_SET_PDEATHSIG) survives exec. Elsewhere it is only an exec, and atexit has to do.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

parent, command = int(sys.argv[1]), sys.argv[2:]
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we could ask
        sys.exit(1)
os.execv(command[0], command)
