# SPDX-License-Identifier: GPL-2.0
"""Who receives what Alertmanager sends, on loopback: HTTP and SMTP, on ports of the
kernel's choice. What came is in .got, in order."""
import email
import email.policy
import http.server
import json
import socketserver
import threading


class Posts(http.server.ThreadingHTTPServer):
    """(path, JSON) of each POST"""

    def __init__(self):
        self.got = []
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Keeps what was sent, and is content"""

            def do_POST(self):  # pylint: disable=invalid-name
                """The one verb that receivers use"""
                body = self.rfile.read(int(self.headers['Content-Length']))
                sink.got.append((self.path, json.loads(body)))
                # a chat wants "ok", a pager JSON
                answer = b'ok' if self.path == '/chat' else b'{"status":"success"}'
                self.send_response(202 if self.path == '/pager' else 200)
                self.send_header('Content-Length', str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format, *args):  # pylint: disable=redefined-builtin
                """says nothing"""

        super().__init__(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        """Where to send"""
        return 'http://127.0.0.1:%d%s' % (self.server_address[1], path)


class Mails(socketserver.ThreadingTCPServer):
    """(subject, text) of each mail; as much of SMTP as that takes"""

    daemon_threads = True

    def __init__(self):
        self.got = []
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            """One connection"""

            def say(self, line):
                """An answer"""
                self.wfile.write(line.encode() + b'\r\n')

            def handle(self):
                self.say('220 sink')
                while True:
                    line = self.rfile.readline().decode().strip()
                    verb = line.upper().split(' ')[0]
                    if verb == 'DATA':
                        self.say('354 go on')
                        sink.keep(self.data())
                        self.say('250 ok')
                    elif verb in ('QUIT', ''):
                        self.say('221 bye')
                        return
                    else:
                        self.say('250 ok')

            def data(self):
                """The mail, without the dots that SMTP adds"""
                lines = []
                for line in self.rfile:
                    if line == b'.\r\n':
                        break
                    lines.append(line[1:] if line.startswith(b'..') else line)
                return b''.join(lines)

        super().__init__(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def keep(self, data):
        """One mail"""
        mail = email.message_from_bytes(data, policy=email.policy.default)
        body = mail.get_body(preferencelist=('plain',))
        self.got.append((mail['Subject'], body.get_content().replace('\r\n', '\n')))
