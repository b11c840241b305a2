// SPDX-License-Identifier: GPL-2.0
// The alerts about conntriage itself: who can't see says so. They work for both ways in
// which series come, and for hosts that never had the module they are silent.
{
  local config = self._config,
  local q = (import 'queries.libsonnet')(config),
  local text = import 'text.libsonnet',
  local alert = (import 'alert.libsonnet')(config),
  local onHost = '{{ $labels.instance }}',

  // EXPR as a reason that the text knows
  local because(reason, expr) =
    'label_replace(%s, "reason", "%s", "", "")' % [expr, reason],
  local either(rows) = std.join('\nor on (job, instance)\n', rows) + '\n',

  local build = q.series('conntriage_build_info'),
  local recently = 'max without (version) (max_over_time(%s[1h]))' % build,
  local mtime = q.series('node_textfile_mtime_seconds', 'file=~".*conntriage.*[.]prom"'),

  local blind(name, summary, description, command=text.ask) = alert(name, 'warning') {
    labels+: { cause: 'blind' },
    annotations+: {
      summary: summary,
      description: description,
      command: command,
      culprit: 'nobody: this is about conntriage itself',
    },
  },

  prometheusAlerts+:: {
    groups+: [{
      name: 'conntriage-health',
      rules: [
        blind(
          'ConntriageModuleGone',
          'conntriage has lost its module on ' + onHost,
          'The module was loaded within the last day and is not, or its files can no ' +
          'longer be read. Nobody is named any more, and packets that are refused are ' +
          'seen by the kernel\'s own counters alone.',
          'modprobe conntriage    # as root, on {{ $labels.instance }}',
        ) {
          expr: |||
            %s == 0
            and
            max_over_time(%s[1d]) == 1
          ||| % [q.series('conntriage_module_up'), q.series('conntriage_module_up')],
          'for': '5m',
        },
        blind(
          'ConntriageLossy',
          'conntriage loses what it should count on ' + onHost,
          '{{ if eq $labels.what "read" }}Files of the module are damaged or contradict ' +
          'each other{{ else if eq $labels.what "ticks" "blind" }}The module did not ' +
          'watch {{ $value | humanizePercentage }} of the time ({{ $labels.what }})' +
          '{{ else }}The module lost {{ $value | humanizePercentage }} of the events ' +
          '({{ $labels.what }}){{ end }}: what is told of sources is too little.',
        ) {
          // "sample" isn't here: in a storm of INVALID packets most are only counted, and
          // that is how it should be
          expr: |||
            (
              %(lost)s
              / on (job, instance) group_left ()
              (%(events)s > 0)
            ) > %(share)s
            or
            %(missed)s > %(time)s
            or
            label_replace(%(faults)s > 0, "what", "read", "", "")
          ||| % {
            lost: q.rate('conntriage_lost_total', '15m', 'what!~"ticks|blind|sample"'),
            events: q.events,
            share: config.lostShare,
            missed: q.rate('conntriage_lost_total', '15m', 'what=~"ticks|blind"'),
            time: config.missedShare,
            faults: q.series('conntriage_read_faults'),
          },
          'for': '10m',
        },
        blind(
          'ConntriageUnwatched',
          'conntriage does not see all of ' + onHost,
          '{{ if eq $labels.what "namespaces" }}{{ $value }} network namespaces are not ' +
          'watched, as there was no memory for them{{ else }}{{ $value }} processors have ' +
          'no source table: what they see is counted, and nobody is named{{ end }}.',
        ) {
          expr: |||
            label_replace(%s > 0, "what", "namespaces", "", "")
            or
            label_replace(%s > 0, "what", "processors", "", "")
          ||| % [
            q.series('conntriage_unwatched_namespaces'),
            q.series('conntriage_cpus_without_table'),
          ],
          'for': '10m',
        },
        blind(
          'ConntriageDown',
          'nothing answers for conntriage on ' + onHost,
          'Prometheus can\'t scrape {{ $labels.job }} on {{ $labels.instance }}, from ' +
          'which the series of conntriage come.',
          'systemctl status conntriage-exporter.socket prometheus-node-exporter    # on ' +
          '{{ $labels.instance }}',
        ) {
          expr: |||
            %(exporter)s == 0
            or
            %(up)s == 0 and on (job, instance) %(recently)s
          ||| % {
            exporter: q.series('up', config.exporterSelector),
            up: q.series('up'),
            recently: recently,
          },
          'for': '5m',
        },
        blind(
          'ConntriageStale',
          'what conntriage tells of ' + onHost + ' is old',
          '{{ if eq $labels.reason "textfile" }}The file for node_exporter was written ' +
          '{{ $value | humanizeDuration }} ago{{ else if eq $labels.reason "snapshot" }}' +
          'What is told was read {{ $value | humanizeDuration }} ago{{ else if eq ' +
          '$labels.reason "rejected" }}node_exporter can\'t read one of its text files' +
          '{{ else }}The target answers, and has no series of conntriage any more{{ end }}. ' +
          'No other alert about this host means anything until that is mended.',
          'systemctl status conntriage-metrics.timer conntriage-exporter.service    # on ' +
          '{{ $labels.instance }}',
        ) {
          expr: either([
            because('textfile', 'time() - %s > %d' % [mtime, config.stale]),
            because('snapshot', 'time() - %s > %d' % [
              q.series('conntriage_snapshot_timestamp_seconds'),
              config.stale,
            ]),
            because('rejected', '%s == 1 and on (job, instance) %s' % [
              q.series('node_textfile_scrape_error'),
              recently,
            ]),
            because('vanished', |||
              %s
              unless on (job, instance) %s
              and on (job, instance) %s == 1
            ||| % [recently, build, q.series('up')]),
          ]),
          'for': '5m',
        },
      ],
    }],
  },
}
