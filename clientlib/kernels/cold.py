"""An ordinary kernel, held to its limits before anything else is imported.

``python -m clientlib.kernels.cold -f CONNECTION_FILE`` does what ``python -m ipykernel_launcher``
does.
"""

import sys
from importlib.util import find_spec

if __name__ == "__main__":
    del sys.path[0]  # the working folder, as ipykernel_launcher does; the shell puts it back

    from clientlib.kernels.limits import hold_to_limits

    hold_to_limits()
    program = find_spec("ipykernel_launcher")
    sys.argv[0] = str(program.origin) if program else sys.argv[0]

    from ipykernel import kernelapp

    from clientlib.kernels.ending import finish_control

    kernelapp.launch_new_instance()
    finish_control(kernelapp.IPKernelApp.instance())
