"""Run every benchmark, or those named, and keep what they printed with the machine described.

    python -m bench [repair reuse ...]      results in bench/RESULTS.md
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import platform
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS.md"


def describe_machine() -> str:
    """One line: processor, cores, memory, system, Python."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        processor = names[0] if names else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else float("nan")
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def main() -> int:
    """Run the benchmarks named on the command line (default: all); returns the exit status."""
    every = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    asked = sys.argv[1:] or every
    unknown = sorted(set(asked) - set(every))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}: there are {', '.join(every)}", file=sys.stderr)
        return 2
    sections = _read_sections()
    for name in asked:
        printed = io.StringIO()
        sys.argv = [f"bench_{name}"]  # a benchmark that reads arguments of its own runs with its defaults here
        with contextlib.redirect_stdout(printed):
            importlib.import_module(f"bench.bench_{name}").main()
        sections[name] = f"_{describe_machine()}_\n\n{printed.getvalue().strip()}\n"
        print(f"## {name}\n\n{sections[name]}", flush=True)
    body = "\n".join(f"## {name}\n\n{text}" for name, text in sorted(sections.items()))
    RESULTS.write_text(f"# Benchmarks\n\nMade by `make bench`; each section names the machine it ran on.\n\n{body}", encoding="utf-8")
    return 0


def _read_sections() -> dict[str, str]:
    if not RESULTS.is_file():
        return {}
    _, *parts = RESULTS.read_text(encoding="utf-8").split("\n## ")
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1].strip() + "\n" for part in parts}


if __name__ == "__main__":
    sys.exit(main())
