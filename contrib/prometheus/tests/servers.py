# SPDX-License-Identifier: GPL-2.0
"""Hosts that are captured trees, and the real programs that ask them, all on loopback."""
import http.server
import json
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from exposition import read


def free_port():
    """A port that nobody has now"""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Host:
    """What "conntriage metrics" wrote of a tree, as if the capture went on: times are as
    long ago as they were then, and counters rise by a tenth a minute, from half"""

    def __init__(self, path):
        self.samples = read(path)
        self.began = time.time()
        self.read_at = next((s.value for s in self.samples
                             if s.name == 'conntriage_snapshot_timestamp_seconds'), self.began)

    def text(self):
        """The series now, in the text format"""
        now, lines, said = time.time(), [], set()
        for s in self.samples:
            value = s.value
            if s.name.endswith('_timestamp_seconds'):
                value += now - self.read_at
            elif s.kind == 'counter':
                value = int(value * (0.5 + (now - self.began) / 600))
            if s.name not in said:
                said.add(s.name)
                lines.append('# TYPE %s %s' % (s.name, s.kind))
            lines.append('%s %s' % (s.series(), repr(value).replace('inf', '+Inf')))
        return '\n'.join(lines) + '\n'


class Exporters(http.server.ThreadingHTTPServer):
    """GET /NAME: the series of a host, in place of "conntriage exporter" on each"""

    def __init__(self, hosts):
        class Handler(http.server.BaseHTTPRequestHandler):
            """One scrape"""

            def do_GET(self):  # pylint: disable=invalid-name
                """The one verb that Prometheus uses"""
                host = hosts.get(self.path[1:])
                body = host.text().encode() if host else b''
                self.send_response(200 if host else 404)
                self.send_header('Content-Type', 'text/plain; version=0.0.4')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format, *args):  # pylint: disable=redefined-builtin
                """says nothing"""

        super().__init__(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Program:
    """A server that is asked by HTTP; a context, which ends it"""

    def __init__(self, command, port, log):
        self.command, self.port, self.log = command, port, log
        self.process = None

    def __enter__(self):
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def get(self, path, **parameters):
        """JSON of a path; the server's own words where it refuses"""
        url = 'http://127.0.0.1:%d%s' % (self.port, path)
        if parameters:
            url += '?' + urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise RuntimeError(refused.read().decode()) from refused

    def ready(self, path):
        """Wait until it answers, twenty seconds at most"""
        for _ in range(200):
            try:
                url = 'http://127.0.0.1:%d%s' % (self.port, path)
                urllib.request.urlopen(url, timeout=5).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        with open(self.log, encoding='utf-8') as log:
            raise RuntimeError('%s does not answer: %s' % (self.command[0], log.read()[-800:]))


class Prometheus(Program):
    """The real one, with its data in a directory"""

    def __init__(self, tmp, config, *options):
        port = free_port()
        super().__init__(
            ['prometheus', '--config.file=' + config, '--log.level=warn',
             '--storage.tsdb.path=' + os.path.join(tmp, 'data'),
             '--web.listen-address=127.0.0.1:%d' % port, *options],
            port, os.path.join(tmp, 'prometheus.log'))

    def query(self, expr, at=None):
        """The vector of an instant query: [{metric, value}]"""
        parameters = {'query': expr, **({'time': at} if at else {})}
        return self.get('/api/v1/query', **parameters)['data']['result']

    def range(self, expr, start, end, step):
        """The matrix of a range query: [{metric, values}]"""
        return self.get('/api/v1/query_range', query=expr, start=start, end=end,
                        step=step)['data']['result']
