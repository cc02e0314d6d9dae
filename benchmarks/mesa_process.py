"""The process of `simulation.py` as two Mesa models; run by it in an environment with Mesa.

``python mesa_process.py FILE`` reads the process from a JSON file and prints JSON: for each model
the seconds, the agent steps, and how many paths end in each state.

- ``paths``: an agent is one whole path of the process; a step is one change of state. Nothing but
  ``AgentSet.do`` stands between the steps: the least that Mesa can do.
- ``actors``: an agent is an actor or nature, and a model one path. Each agent waits for its chance
  on Mesa's event list and then changes something or stays; a step is a chance.
"""

from __future__ import annotations

import json
import random
import sys
import time
from bisect import bisect
from itertools import accumulate
from pathlib import Path

import mesa
from mesa.experimental.devs import DEVSimulator


class PathAgent(mesa.Agent):
    """One path of the process."""

    def __init__(self, model, state):
        super().__init__(model)
        self.state = state
        self.now = 0.0

    def step(self):
        """Go on to the next change of state."""
        model = self.model
        goals, sums = model.rows[self.state]
        if not goals:
            self.remove()
            return
        total = sums[-1]
        self.now += model.draw.expovariate(total)
        if self.now >= model.years:
            model.ends[self.state] += 1
            self.remove()
            return
        self.state = goals[bisect(sums, model.draw.random() * total, 0, len(sums) - 1)]
        model.steps += 1


class PathModel(mesa.Model):
    """Many paths side by side."""

    def __init__(self, process, paths):
        super().__init__(seed=1)
        self.rows = [
            ([goal for goal, _ in row], list(accumulate(rate for _, rate in row)))
            for row in process["rows"]
        ]
        self.years = process["years"]
        self.draw = random.Random(1)
        self.steps = 0
        self.ends = [0] * len(self.rows)
        for _ in range(paths):
            PathAgent(self, process["start"])

    def run(self):
        """Follow all paths to their end."""
        while len(self.agents):
            self.agents.do("step")


class Mover(mesa.Agent):
    """An actor, or nature: waits for a chance, then changes something or stays."""

    def __init__(self, model, rate, choices):
        super().__init__(model)
        self.rate = rate
        self.choices = choices
        self.wait()

    def wait(self):
        """Put the next chance on the event list."""
        self.model.simulator.schedule_event_relative(
            self.step, self.model.draw.expovariate(self.rate)
        )

    def step(self):
        """Take a chance: change something or stay."""
        model = self.model
        goals, sums = self.choices[model.state]
        number = bisect(sums, model.draw.random())
        if number < len(goals):
            model.state = goals[number]
        model.chances += 1
        self.wait()


class ActorModel(mesa.Model):
    """One path, its actors and nature on one event list."""

    def __init__(self, movers, state, draw, simulator):
        super().__init__(seed=1)
        self.simulator = simulator
        simulator.setup(self)
        self.draw = draw
        self.state = state
        self.chances = 0
        for rate, choices in movers:
            Mover(self, rate, choices)


def run_actors(process, paths):
    """Run one model a path; return steps and ends."""
    movers = [
        (
            mover["rate"],
            [
                ([goal for goal, _ in row], list(accumulate(share for _, share in row)))
                for row in mover["choices"]
            ],
        )
        for mover in process["movers"]
        if mover["rate"] > 0
    ]
    draw, steps = random.Random(2), 0
    ends = [0] * len(process["rows"])
    for _ in range(paths):
        simulator = DEVSimulator()
        model = ActorModel(movers, process["start"], draw, simulator)
        simulator.run_until(process["years"])
        steps += model.chances
        ends[model.state] += 1
    return steps, ends


def main():
    """Run both models and print what they took."""
    process = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    model = PathModel(process, process["paths"])
    start = time.perf_counter()
    model.run()
    seconds = time.perf_counter() - start
    found = {"paths": {"seconds": seconds, "steps": model.steps, "ends": model.ends}}
    start = time.perf_counter()
    steps, ends = run_actors(process, process["models"])
    seconds = time.perf_counter() - start
    found["actors"] = {"seconds": seconds, "steps": steps, "ends": ends}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
