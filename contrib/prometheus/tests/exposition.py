# SPDX-License-Identifier: GPL-2.0
"""What "conntriage metrics" writes, read by Prometheus' text format 0.0.4."""
import re

SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?')


class Sample:
    """One line: name, labels as they are written, value, and the family's type"""

    def __init__(self, name, labels, value, kind):
        self.name, self.labels, self.value, self.kind = name, labels, value, kind

    def series(self, **more):
        """The series, with more labels: what a target adds"""
        pairs = ['%s="%s"' % pair for pair in list(more.items()) + self.labels]
        return self.name + ('{%s}' % ','.join(pairs) if pairs else '')


def read(path):
    """Samples of a file in order; an error names the line that is none"""
    kinds, samples = {}, []
    with open(path, encoding='utf-8') as text:
        for number, line in enumerate(text, 1):
            line = line.rstrip('\n')
            if line.startswith('# TYPE '):
                _, _, name, kind = line.split(' ')
                kinds[name] = kind
            if not line or line.startswith('#'):
                continue
            match = SAMPLE.match(line)
            if not match:
                raise ValueError('%s:%d: not a sample: %s' % (path, number, line))
            name, labels, value = match.groups()
            samples.append(Sample(name, LABEL.findall(labels or ''), float(value),
                                  kinds.get(name, 'untyped')))
    return samples
