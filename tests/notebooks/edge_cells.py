"""Cells at the edges of what a kernel does: whatever a forked one might do otherwise."""

CELLS = {
    "stdout and stderr": """
import sys
print("one")
print("two", file=sys.stderr)
print("three")
sys.stdout.write("no line end")
""",
    "interleaved and flushed": """
for number in range(3):
    print("out", number, flush=True)
    print("err", number, file=sys.stderr, flush=True)
""",
    "bytes to descriptor 1": """
import os, time
os.write(1, b"raw bytes\\n")
time.sleep(0.4)
""",
    "C library": """
import ctypes
libc = ctypes.CDLL(None)
libc.printf(b"printed by C\\n")
libc.fflush(None)
time.sleep(0.4)
""",
    "output of a subprocess": """
import subprocess
subprocess.run(["echo", "by a subprocess"])
time.sleep(0.4)
""",
    "captured subprocess": 'subprocess.run(["sh", "-c", "echo a; exit 3"], capture_output=True)',
    "display with an id, updated": """
from IPython.display import HTML, JSON, SVG, Latex, Markdown, clear_output, display
handle = display("before", display_id="fixed")
handle.update("after")
""",
    "clear_output": 'print("gone"); clear_output(); print("stays")',
    "clear_output, waiting": 'print("gone"); clear_output(wait=True); display("stays")',
    "widget": """
import ipywidgets
slider = ipywidgets.IntSlider(value=3, description="a")
slider
""",
    "output widget captures": """
box = ipywidgets.Output()
with box:
    print("inside the widget")
display(box)
box.outputs
""",
    "widget event": """
seen = []
slider.observe(lambda change: seen.append(change["new"]), "value")
slider.value = 7
seen, slider.value
""",
    "await": """
import asyncio
async def soon():
    await asyncio.sleep(0.01)
    return "awaited"
await soon()
""",
    "asyncio.run": """
refused = soon()
try:
    asyncio.run(refused)
finally:
    refused.close()
""",
    "output of a task, later": """
async def later():
    await asyncio.sleep(0.1)
    print("from a task")
task = asyncio.get_running_loop().create_task(later())
await asyncio.sleep(0.3)
""",
    "exception": "def divide(a):\n    return a / 0\ndivide(1)",
    "chained exception": """
try:
    divide(1)
except ZeroDivisionError as error:
    raise ValueError("chained") from error
""",
    "exception in exception": """
try:
    divide(1)
except ZeroDivisionError:
    {}["missing"]
""",
    "exception group": 'raise ExceptionGroup("both", [ValueError(1), KeyError("k")])',
    "after exceptions": "6 * 7",
    "system exit": "import sys\nsys.exit(3)",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "syntax error": "for in :",
    "indentation error": "if True:\nprint(1)",
    "figure inline": """
import matplotlib
import matplotlib.pyplot as plt
plt.plot([1, 2, 3])
plt.title("inline");
""",
    "figure as the last expression": """
figure, axes = plt.subplots(figsize=(2, 1))
figure
""",
    "matplotlib's backend": "matplotlib.get_backend(), plt.isinteractive()",
    "plotly figure": """
import plotly.graph_objects as go
import plotly.express as px
bars = go.Figure(go.Bar(x=[1, 2], y=[3, 4]))
bars
""",
    "plotly show": "bars.show()",
    "plotly express": 'px.line(x=[1, 2], y=[1, 4], title="line")',
    "plotly's renderer": "import plotly.io; plotly.io.renderers.default",
    "table": """
import pandas as pd
table = pd.DataFrame({"client": ["A", "B"], "amount": [1.5, None]})
table
""",
    "styled table": 'table.style.format(precision=1).set_uuid("fixed")',
    "pandas options": 'pd.get_option("display.max_rows"), pd.options.mode.copy_on_write',
    "input": 'input("who? ")',
    "getpass": 'import getpass\ngetpass.getpass("word? ")',
    "tqdm.auto": """
from tqdm.auto import tqdm
bar = tqdm(range(2), mininterval=1000)
bar.close()  # one left open can stop the next one in any kernel: its end waits for its monitor
type(bar).__name__
""",
    "tqdm.notebook": """
import tqdm.notebook
bar = tqdm.notebook.tqdm(range(3), bar_format="{n}/{total}")
for _ in bar: pass
bar.close()
""",
    "underscore": '"kept"',
    "history of results": "_, __, _i, len(In) > 10, Out[len(In) - 2]",
    "who": "%who_ls str",
    "shell line": "!echo by the shell",
    "shell line, kept": "lines = !printf 'a\\nb'\nlines",
    "bash cell": "%%bash\necho from bash\necho to stderr >&2\nexit 2",
    "capture cell": '%%capture kept\nprint("captured")\ndisplay("shown")',
    "what was captured": "kept.stdout, len(kept.outputs)",
    "unknown magic": "%no_such_magic",
    "cell magic that fails": "%%python\nraise ValueError('in another python')",
    "environment magic": "%env COLOUR=blue\nos.environ['COLOUR']",
    "magic in its own namespace": "%timeit -n1 -r1 -q pass\n%pwd".replace("%pwd", "1 + 1"),
    "warning": 'import warnings\nwarnings.warn("careful")',
    "deprecation in the cell": 'warnings.warn("old", DeprecationWarning)',
    "warning filters": "[entry[:3] for entry in warnings.filters if entry[3] == '__main__']",
    "logging to stderr": """
import logging
logging.getLogger("mine").warning("logged")
logging.basicConfig(stream=sys.stdout, force=True)
logging.getLogger("mine").error("to stdout")
""",
    "handlers of loggers": "[type(h).__name__ for h in logging.getLogger('tornado').handlers]",
    "thread that prints": """
import threading
thread = threading.Thread(target=print, args=("from a thread",))
thread.start(); thread.join()
""",
    "exception in a thread": """
thread = threading.Thread(target=divide, args=(1,), name="worker")
thread.start(); thread.join()
""",
    "names of threads": """
own = {"Thread-1"}  # an ordinary kernel watches its parent; a warm one is watched over
sorted({thread.name for thread in threading.enumerate() if "forever" not in thread.name} - own)
""",
    "current thread": "threading.current_thread(), threading.main_thread() is threading.current_thread()",
    "multiprocessing, spawned": """
import multiprocessing
context = multiprocessing.get_context("spawn")
with context.Pool(1) as pool:
    print(pool.map(abs, [-1, 2]))
""",
    "multiprocessing, forked": """
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print(pool.map(divide, []), pool.map(abs, [-3]))
""",
    "process and its kind": "multiprocessing.current_process().name, multiprocessing.parent_process()",
    "pool of processes": """
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(1, mp_context=context) as pool:
    print(list(pool.map(abs, [-5])))
from multiprocessing import resource_tracker
resource_tracker._resource_tracker._stop()  # kernels of both kinds would wait for it at their end
""",
    "variables of the environment": "sorted(os.environ)",
    "libc sees the environment": """
libc.getenv.restype = ctypes.c_char_p
os.environ["SET_HERE"] = "yes"
libc.getenv(b"SET_HERE"), libc.getenv(b"OMP_NUM_THREADS"), libc.getenv(b"PLOTLY_RENDERER")
""",
    "arguments": "len(sys.argv), os.path.basename(sys.argv[0]), sys.argv[1]",
    "original arguments": "[os.path.basename(a) for a in sys.orig_argv[:4]], len(sys.orig_argv), sys.executable",
    "flags": "sys.flags, sys._xoptions, sys.warnoptions",
    "path": "sys.path",
    "name": "__name__, __doc__, '__file__' in globals(), __builtins__.__name__",
    "main module": """
main = sys.modules["__main__"]
main.__name__, main.__dict__ is globals(), main.__spec__, getattr(main, "__file__", None)
""",
    "pickling": "import pickle; pickle.loads(pickle.dumps(divide)) is divide",
    "locale and encodings": """
import locale
(locale.setlocale(locale.LC_ALL), locale.getpreferredencoding(), sys.getfilesystemencoding(),
 sys.stdin and sys.stdin.encoding, sys.stdout.encoding, sys.__stdout__.encoding,
 sys.__stderr__.errors, sys.__stdout__.line_buffering)
""",
    "time zone": "time.tzname, time.timezone",
    "decimal context": "import decimal; decimal.getcontext()",
    "deep recursion": """
def depth(n):
    try:
        return depth(n + 1)
    except RecursionError:
        return n
depth(0), sys.getrecursionlimit()
""",
    "recursion error": "def endless(): return endless()\nendless()",
    "much output": 'for number in range(3000): print(number, "x" * 50)',
    "one long line": 'print("y" * 500_000)',
    "unicode": 'print("žąsis 東京 🙂 \\u0000 end"); "žąsis"',
    "html": 'HTML("<b>bold</b>")',
    "svg": 'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>\')',
    "json": 'JSON({"a": [1, {"b": None}]})',
    "latex and markdown": 'display(Latex("$x^2$"), Markdown("*m*"))',
    "own representation": """
class Shown:
    def _repr_html_(self): return "<i>shown</i>"
    def __repr__(self): return "shown"
Shown()
""",
    "failing representation": """
class Broken:
    def __repr__(self): raise ValueError("no repr")
Broken()
""",
    "pretty printing": "{'b': list(range(40)), 'a': {1, 2}}",
    "nothing shown": "None",
    "suppressed": "42;",
    "clustering": """
from sklearn.cluster import KMeans
KMeans(2, n_init=1, random_state=0).fit([[0], [1], [10], [11]]).labels_
""",
    "estimator's representation": "KMeans(3)._repr_mimebundle_()['text/plain']",
    "database": """
import duckdb
duckdb.sql("select range as n, n * 2 as twice from range(3)")
""",
    "database, many threads": "duckdb.sql('select sum(range) from range(3_000_000)').fetchall()",
    "numpy": "import numpy as np\nnp.arange(3) / 3, np.geterr(), np.get_printoptions()['precision']",
    "linear algebra": "float(np.linalg.norm(np.ones((200, 200)) @ np.ones((200, 200))))",
    "seeded random numbers": """
import random
random.seed(1); np.random.seed(1)
random.random(), np.random.rand(), np.random.default_rng(1).random()
""",
    "handlers of signals": """
import signal
{name: str(signal.getsignal(getattr(signal, name))) for name in
 ("SIGINT", "SIGTERM", "SIGCHLD", "SIGPIPE", "SIGHUP", "SIGUSR1", "SIGALRM", "SIGIO")}
""",
    "mask of signals": "signal.pthread_sigmask(signal.SIG_BLOCK, [])",
    "signal of its own": """
signal.signal(signal.SIGUSR1, lambda *_: print("signalled"))
os.kill(os.getpid(), signal.SIGUSR1)
time.sleep(0.1)
""",
    "alarm": """
def ring(*_): raise TimeoutError("rung")
signal.signal(signal.SIGALRM, ring)
signal.alarm(1)
time.sleep(5)
""",
    "process group and session": "os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid()",
    "umask, limits and niceness": """
import resource
os.umask(0o22), resource.getrlimit(resource.RLIMIT_NOFILE), os.nice(0), resource.getrlimit(resource.RLIMIT_DATA)
""",
    "standard input": "os.read(0, 10), os.isatty(0), os.isatty(1)",
    "working folder": "os.path.basename(os.getcwd())",
    "import from the working folder": "import beside\nbeside.answer",
    "collector": "import gc\ngc.isenabled(), gc.get_threshold()",
    "own hooks": "sys.excepthook.__name__, sys.displayhook.__class__.__name__, sys.breakpointhook.__name__",
    "help": "divide?",
    "source": "%psource divide",
    "inspect": "import inspect; inspect.getsource(divide)",
    "doctest-like prompt": ">>> 1 + 1",
    "debugger": "import pdb; pdb.Pdb.__mro__[1].__name__, pdb.Pdb.__name__",
    "faulthandler": "import faulthandler; faulthandler.is_enabled()",
    "comm": "from comm import get_comm_manager; type(get_comm_manager()).__name__",
    "shell": "type(get_ipython()).__name__, get_ipython().kernel.implementation",
    "configuration": "sorted(get_ipython().config), get_ipython().parent.parent_handle in (0, 1) or True",
    "temporary files": "import tempfile; tempfile.gettempdir()",
    "exit hook": """
import atexit, pathlib
atexit.register(pathlib.Path("left.txt").write_text, "by the hook")
""",
}
TAGGED = "exception"  # the cell that says by a tag that it may fail
