# SPDX-License-Identifier: GPL-2.0
"""The queries of dashboards, as Grafana would send them."""
import json


def load(path):
    """A dashboard"""
    with open(path, encoding='utf-8') as text:
        return json.load(text)


def fill(expr, host, netns='.+', interval='10s', whole='1m'):
    """Variables with their values"""
    for name, value in (('$host', host), ('$netns', netns), ('$__rate_interval', interval),
                        ('$__range', whole)):
        expr = expr.replace(name, value)
    return expr


def targets(board):
    """(panel, target) of all that ask"""
    for panel in board['panels']:
        for target in panel.get('targets', []):
            yield panel, target
