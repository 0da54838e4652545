"""Run a real OpenSearch of three nodes on this machine: python run_nodes.py HOME [JVMS].

All nodes share one JVM, or with JVMS 3 each has its own. The jars are fetched by Maven the first
time. When the nodes are up, one line of JSON on standard output has their URLs and process ids.
Each line of standard input is a command, answered by "done": "kill N", "hang N" (SIGSTOP), "wake
N", "start N", of the JVM number N. When standard input ends, so do all nodes.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parent
LIBRARY = HERE / "lib"
NODES = 3
OWN_PORTS = range(10_000, 32_768)
MAVEN = ["mvn", "-q", "-B", "-ntp", "dependency:copy-dependencies"]
# Twelve seconds with three nodes; a busy machine takes several times as long.
JAVA = [
    "java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
    "-Dlog4j2.configurationFile=log4j2.properties", "-cp", f"{LIBRARY}/*", "Cluster.java",
]  # fmt: skip


class Nodes:
    """The processes that run the nodes, by number."""

    def __init__(self, home: Path, jvms: int) -> None:
        self._home, self._ports = home, free_ports(2 * NODES)
        each = NODES // jvms
        self._nodes = [[*range(first, first + each)] for first in range(0, NODES, each)]
        self._processes: dict[int, subprocess.Popen[str]] = {}

    @property
    def urls(self) -> list[str]:
        """The address of each node."""
        return [f"http://127.0.0.1:{port}" for port in self._ports[::2]]

    def start(self, numbers: Sequence[int]) -> None:
        """Start JVMs, which wait for each other, and wait until they are up."""
        for number in numbers:
            nodes = ",".join(map(str, self._nodes[number]))
            ports = ",".join(map(str, self._ports))
            command = [*JAVA, str(self._home), ports, nodes]
            self._processes[number] = subprocess.Popen(
                command, cwd=HERE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        for number in numbers:
            output = self._processes[number].stdout
            assert output
            if output.readline() != "up\n":
                sys.exit(f"JVM {number} did not start; its messages are above")

    def start_all(self) -> None:
        """Start every JVM."""
        self.start(range(len(self._nodes)))

    def pids(self) -> list[int]:
        """Return the process id of each JVM."""
        return [process.pid for process in self._processes.values()]

    def signal(self, number: int, name: signal.Signals) -> None:
        """Send a signal to a JVM; wait for its end if it is killed."""
        self._processes[number].send_signal(name)
        if name is signal.SIGKILL:
            self._processes[number].wait()

    def end(self) -> None:
        """Kill all JVMs that run."""
        for process in self._processes.values():
            process.kill()
            process.wait()


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback interface that nobody listens on.

    They are none that the system gives out by itself: it takes seconds until the nodes listen.
    """
    ports: list[int] = []
    while len(ports) < count:
        port = random.choice(OWN_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in ports:
                ports.append(port)
    return ports


def fetch_jars() -> None:
    """Fetch OpenSearch and what it needs, once: several test processes may ask at a time."""
    if not LIBRARY.exists():
        partial = LIBRARY.with_name(f"lib-{os.getpid()}")
        subprocess.run([*MAVEN, f"-DoutputDirectory={partial}"], cwd=HERE, check=True, stdout=2)
        try:
            partial.rename(LIBRARY)
        except OSError:  # another process was faster
            shutil.rmtree(partial)


def main() -> None:
    """Start the nodes, then obey the commands."""
    fetch_jars()
    nodes = Nodes(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    signals = {"kill": signal.SIGKILL, "hang": signal.SIGSTOP, "wake": signal.SIGCONT}
    try:
        nodes.start_all()
        print(json.dumps({"urls": nodes.urls, "pids": nodes.pids()}), flush=True)
        for line in sys.stdin:
            command, number = line.split()
            if command == "start":
                nodes.start([int(number)])
            else:
                nodes.signal(int(number), signals[command])
            print("done", flush=True)
    finally:
        nodes.end()


if __name__ == "__main__":
    main()
