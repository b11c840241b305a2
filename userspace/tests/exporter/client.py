# SPDX-License-Identifier: GPL-2.0
"""A conntriage exporter on a port of its own, what is asked of it, and TAP."""
import os
import signal
import socket
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("CONNTRIAGE", os.path.join(HERE, "../../conntriage"))
CONNECTIONS = 256       # SERVER_CONNECTIONS
DEADLINE = 5            # s, SERVER_MS
DRAIN = 1               # s, SERVER_DRAIN_MS
REQUEST = b"GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n"


class Results:
    def __init__(self):
        print("TAP version 13")
        self.count = self.failed = 0

    def add(self, good, name, why=""):
        self.count += 1
        self.failed += not good
        print("%sok %d %s" % ("" if good else "not ", self.count, name), flush=True)
        if not good and why:
            print("#   %s" % why, flush=True)

    def plan(self):
        """Exit status"""
        print("1..%d" % self.count)
        return self.failed > 0


class Exporter:
    def __init__(self, tree, *words, before=()):
        """
        tree: "": this host
        before: what stands between PROGRAM and its words, where that runs another
        """
        self.said = tempfile.TemporaryFile()
        # What is freed is kept by ASan for a while, which would be taken for growth.
        options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
        self.process = subprocess.Popen(
            [PROGRAM, *before, "exporter", "--listen", "127.0.0.1:0", *words,
             *(["--root", tree] if tree else [])],
            stdout=subprocess.PIPE, stderr=self.said, env=dict(os.environ, ASAN_OPTIONS=options))
        port = self.process.stdout.readline().decode().rpartition(":")[2]
        self.at = ("127.0.0.1", int(port))

    def peak(self):
        """MiB"""
        with open("/proc/%d/status" % self.process.pid) as file:
            return [int(line.split()[1]) for line in file if line.startswith("VmHWM")][0] / 1024

    def files(self):
        return len(os.listdir("/proc/%d/fd" % self.process.pid))

    def end(self):
        """Exit status, and what it has complained of"""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = "none: it had to be killed"
        self.process.stdout.close()
        self.said.seek(0)
        with self.said:
            return code, self.said.read().decode(errors="replace")


def unpack(name, to):
    subprocess.run([os.path.join(HERE, "../tree"), "unpack",
                    os.path.join(HERE, "../diagnose", name + ".tree"), to], check=True)
    return to


def dial(at, receive_buffer=None):
    s = socket.socket()
    if receive_buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    s.settimeout(DEADLINE + 5)
    s.connect(at)
    return s


def read_all(s):
    parts = []
    while True:
        part = s.recv(65536)
        if not part:
            return b"".join(parts)
        parts.append(part)


def ask(at, text):
    with dial(at) as s:
        s.sendall(text)
        return read_all(s)


def status(reply):
    return reply.split(b" ", 2)[1].decode() if reply.startswith(b"HTTP/1.1 ") else "none"
