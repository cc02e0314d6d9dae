"""Time and memory of the live page on the flagship: the engine alone, and a browser end to end.

Run ``python benchmarks/workbench.py`` (about five minutes on two cores) or with ``--quick``; it
prints tables in Markdown and writes nothing. The page needs Playwright for Python and a Chromium,
named in ``DETENTE_BROWSER`` or on the path; without them only the engine is measured.

- ``update``: from a moved parameter to all claims, a new model each time: one thing after the
  other, and side by side in threads, in turn, so that what else the machine does meets both.
- ``present``: from another state of today to all claims, on what is solved.
- ``memory``: of the process while it answers one different setting after another.
- ``released``: a slider is released until every claim at the new setting is painted.
- ``ranges``: a slider is released until the ranges over the first eight draws are there.
- ``drag``: a slider moves for three seconds, sixty times a second: how many times all claims are
  painted on the way, and whether the page ends at the answers of a solve of its own.
- ``open``: from the request of the page to all answers, what came over the wire, and from where.

Times are by the clock, in milliseconds. A machine with other work says little about milliseconds
and something about the ratios; the processor's time beside them is disturbed less.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import detente
from detente.case import CaseFolder
from detente.claims import answer_claim, claims_model, kind_of
from detente.text import show
from detente.workbench._bench import Bench
from detente.workbench._setting import Setting

PARTS = ("engine", "memory", "page")
CASE = "peninsula"
MOVED = "china.leverage"
PRESENT = "attention=high"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SLIDER = f'input[type=range][name="set.{MOVED}"]'
RELEASE = """
async ([slider, value]) => {
  const input = document.querySelector(slider);
  await new Promise((ready) => setTimeout(ready, 50));
  const answered = new Promise((done) =>
    document.addEventListener("detente:first", done, { once: true }));
  input.value = value;
  const begun = performance.now();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await answered;
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 0)));
  return performance.now() - begun;
}
"""
RANGES = """
async ([slider, value]) => {
  const input = document.querySelector(slider);
  const cells = [...document.querySelectorAll('[id^="over-"]')];
  for (const cell of cells) cell.textContent = "";
  input.value = value;
  const begun = performance.now();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const there = () => cells.some((cell) => / 8 draws/.test(cell.textContent));
  while (!there() && performance.now() - begun < 30000)
    await new Promise((soon) => setTimeout(soon, 5));
  return performance.now() - begun;
}
"""
DRAG = """
async ([slider, low, high, steps]) => {
  const input = document.querySelector(slider);
  let painted = 0;
  document.addEventListener("detente:first", () => painted++);
  for (let k = 1; k <= steps; k++) {
    await new Promise((frame) => setTimeout(frame, 1000 / 60));
    input.value = String(low + ((high - low) * k) / steps);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const during = painted;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return during;
}
"""


def main() -> None:
    """Measure the engine, the memory and the page, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repetitions")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    given = parser.parse_args()
    times = 5 if given.quick else 30
    if given.only == "memory":
        measure_memory(100 if given.quick else 1000)
    elif given.only == "page":
        measure_page(times)
    elif given.only == "engine":
        measure_engine(times)
    else:  # each in a process of its own
        for part in PARTS:
            more = ["--quick"] if given.quick else []
            subprocess.run([sys.executable, __file__, "--only", part, *more], check=True)


def row(name: str, seconds: Sequence[float], processor: Sequence[float] = ()) -> None:
    """Print one line of times."""
    ordered = sorted(seconds)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    cells = [f"{1e3 * statistics.median(seconds):.1f}", f"{1e3 * late:.1f}"]
    if processor:
        cells.append(f"{1e3 * statistics.median(processor):.1f}")
    print("| " + " | ".join([name, *cells]) + " |", flush=True)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of some work by the clock and on processors."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def measure_engine(times: int) -> None:
    """Print what an update takes without the page."""
    print("| engine | median | 95 % | processor |\n|---|---:|---:|---:|", flush=True)
    measure_updates(times)
    measure_presents(times)


def measure_updates(times: int) -> None:
    """Print a full update, one thing after the other and side by side."""
    case = detente.load(CASE)
    asked = [claim for claim in case.claims if claim.ask is not None]
    parameter = case.parameters[MOVED]

    def update(value: float, threads: bool) -> list[float]:
        model = claims_model(case, {MOVED: value}, threads=threads, anywhere=threads)
        return [answer_claim(claim, model).value for claim in asked]

    assert update(parameter.low, False) == update(parameter.low, True)
    spent: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    for k in range(times):
        value = parameter.low + (parameter.high - parameter.low) * (k + 0.5) / times
        for threads, found in spent.items():
            found.append(timed(lambda value=value, threads=threads: update(value, threads)))  # type: ignore[misc]
    for threads, found in spent.items():
        row(f"update, {'side by side' if threads else 'in turn'}", *zip(*found, strict=True))


def measure_presents(times: int) -> None:
    """Print another present on what is solved."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(CaseFolder(Path(folder)))

        def look(query: str) -> None:
            scene = bench.scene(Setting.parse(query)[0])
            for claim in scene.asked:
                answer_claim(claim, scene.model)

        found = []
        for k in range(times):
            usual = f"case={CASE}&set.{MOVED}={0.3 + 0.001 * k}"
            look(usual)
            found.append(timed(lambda usual=usual: look(f"{usual}&today.{PRESENT}")))  # type: ignore[misc]
        row("present", *zip(*found, strict=True))


def measure_memory(moves: int) -> None:
    """Answer one setting after another and print the memory now and then."""
    print("\n| settings answered | memory, MiB |\n|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(CaseFolder(Path(folder)))
        for k in range(1, moves + 1):
            scene = bench.scene(
                Setting.parse(f"case={CASE}&set.{MOVED}={0.2 + 0.6 * k / moves}")[0]
            )
            for claim in scene.asked:
                answer_claim(claim, scene.model)
            if k % max(1, moves // 5) == 0:
                print(f"| {k} | {resident():.0f} |", flush=True)


def resident() -> float:
    """Return the memory of this process in MiB; the most it ever was where that is all there is."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text("utf-8").splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_page(times: int) -> None:
    """Print how the page does in a browser."""
    print("\n| page | median | 95 % |\n|---|---:|---:|", flush=True)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("| not measured: Playwright for Python is not installed | | |")
        return
    browser = os.environ.get("DETENTE_BROWSER") or next(
        filter(None, map(shutil.which, BROWSERS)), ""
    )
    if not browser:
        print("| not measured: there is no Chromium | | |")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = subprocess.Popen(
            [sys.executable, "-m", "detente", "serve", folder, "--no-browser"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            first = server.stdout.readline().strip()
            launched = playwright.chromium.launch(executable_path=browser, chromium_sandbox=False)
            page = launched.new_page()
            page.set_default_timeout(120_000)
            page.goto(first)
            drive(page, first, times)
            launched.close()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def drive(page: Any, first: str, times: int) -> None:
    """Open the page, release a slider, drag it, and print what was seen."""
    parts = urlsplit(first)
    origin, received, hosts, requests = f"{parts.scheme}://{parts.netloc}", [0], set[str](), [0]

    def count(event: dict[str, Any]) -> None:
        received[0] += int(event["encodedDataLength"])

    def note(request: Any) -> None:
        requests[0] += 1
        hosts.add(urlsplit(request.url).netloc)

    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", count)
    page.on("request", note)

    def opened() -> None:
        page.goto(f"{origin}/claims?case={CASE}")
        page.wait_for_selector("body[data-state=done]")

    opened()  # the solver is warm from here on
    wire.send("Network.clearBrowserCache")
    received[0], requests[0] = 0, 0
    row("open, to all answers", [timed(opened)[0]])
    print(f"| received: {received[0] / 1024:.0f} KB in {requests[0]} requests | | |")

    parameter = detente.load(CASE).parameters[MOVED]
    low, high = parameter.low, parameter.high
    values = [low + (high - low) * ((7 * k) % times + 0.5) / times for k in range(times)]
    row("released", [page.evaluate(RELEASE, [SLIDER, str(v)]) / 1e3 for v in values])
    page.wait_for_selector("body[data-state=done]")
    few = values[: -1 : max(1, times // 10)]  # the last one has its draws
    row("ranges", [page.evaluate(RANGES, [SLIDER, str(v)]) / 1e3 for v in few])

    painted = page.evaluate(DRAG, [SLIDER, low, high, 180])
    page.wait_for_selector("body[data-state=done]")
    print(f"| drag of 3 s: {painted} repaints, ends on the right answers: {agrees(page)} | | |")
    others = sorted(hosts - {parts.netloc})
    print(f"| other hosts contacted: {', '.join(others) or 'none'} | | |")


def agrees(page: Any) -> str:
    """Return whether every answer on the page is that of a solve of its own at its address."""
    setting, _ = Setting.parse(urlsplit(page.url).query)
    case = setting.apply(detente.load(CASE))
    model = claims_model(case)
    for claim in case.claims:
        if claim.ask is not None:
            wanted = show(answer_claim(claim, model).value, kind_of(claim))
            found = page.locator(f"#answer-{claim.id}").text_content()
            if wanted not in found:
                return f"no, {claim.id}: {found!r} instead of {wanted!r}"
    return "yes"


if __name__ == "__main__":
    main()
