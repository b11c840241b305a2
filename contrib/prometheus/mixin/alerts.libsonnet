// SPDX-License-Identifier: GPL-2.0
// The alerts about a host's connections; those about conntriage itself are in
// health.libsonnet. docs/runbooks has a page for each, ../tests/promtool what fires it
// and who only looks like it.
{
  local config = self._config,
  local q = (import 'queries.libsonnet')(config),
  local text = import 'text.libsonnet',
  local alert = (import 'alert.libsonnet')(config),
  local onHost = '{{ $labels.instance }}',
  local inNetns = '{{ $labels.instance }}{{ with $labels.netns }}{{ if ne . "host" }}, ' +
                  'namespace {{ . }}{{ end }}{{ end }}',

  // How full the fullest table of the host is
  local full = '{{ with printf `max(conntriage_entries{job=%q,instance=%q} / ' +
               'conntriage_entries_limit)` $labels.job $labels.instance | query }}' +
               '{{ with first . }}, which is {{ .Value | humanizePercentage }} full' +
               '{{ end }}{{ end }}.',

  // What an alert of its own tells: the other causes share one
  local named = 'flood|scan|spoofed|leak|forgotten|invalid|clash|growth|blind',

  local accused(name, causes, severity, summary, description) =
    alert(name, severity) {
      expr: q.accused(causes, severity) + (
        if severity == 'critical' then '' else
          'unless on (job, instance, cause)\n%s\n' % q.finding(causes, 'critical')
      ),
      keep_firing_for: config.keep,
      annotations+: {
        summary: summary,
        description: description,
        culprit: text.culprit('$labels.cause'),
        command: text.command('$labels.cause'),
      },
    },

  local bySeverity(name, causes, summary, description) = [
    accused(name, causes, severity, summary, description)
    for severity in ['critical', 'warning']
  ],

  prometheusAlerts+:: {
    groups+: [{
      name: 'conntriage-alerts',
      rules: [
        alert('ConntriageRefusing', 'critical') {
          // Without the module it is the kernel's own counter, which has drops for other
          // reasons as well: there the table has to be full, too
          expr: |||
            %(refused)s > 0
            unless on (job, instance, netns) (
              %(used)s < %(tight)s
              and on (job, instance)
              %(up)s == 0
            )
          ||| % {
            refused: q.rate('conntriage_refused_total'),
            used: q.used,
            tight: config.tight,
            up: q.series('conntriage_module_up'),
          },
          keep_firing_for: config.keep,
          labels+: { cause: 'full' },
          annotations+: {
            summary: 'new connections are refused on ' + inNetns,
            description: 'The connection table is full of what the kernel may not evict: ' +
                         '{{ $value | humanize }} packets of new connections a second ' +
                         'were dropped. Found there: ' + text.causes + '.',
            culprit: text.culprit('`.+`'),
            command: text.command('`.+`'),
          },
        },
        alert('ConntriageTableFullSoon', 'warning') {
          // of the fullest namespace, which the forecast is about; not where a full table
          // would only evict what nobody answers
          expr: |||
            (
              topk by (job, instance) (1, %(used)s) * 0
              + on (job, instance) group_left ()
              %(left)s
            ) < %(within)d > 0
            unless on (job, instance, netns)
            %(firm)s < %(hard)s
          ||| % {
            used: q.used,
            left: q.series('conntriage_seconds_until_full'),
            within: config.fullWithin,
            firm: q.firm,
            hard: config.hard,
          },
          'for': '5m',
          keep_firing_for: config.keep,
          labels+: { cause: 'full' },
          annotations+: {
            summary: 'the connection table will be full in ' +
                     '{{ $value | humanizeDuration }} on ' + inNetns,
            description: 'At the rate at which it grows now there is no room left in ' +
                         '{{ $value | humanizeDuration }}. Found there: ' + text.causes + '.',
            culprit: text.culprit('`.+`'),
            command: text.command('`.+`'),
          },
        },
        alert('ConntriageEvicting', 'warning') {
          // Entries that nobody answers may go, that is what eviction is for. It costs
          // work where that can't be evicted has the table, or where the diagnosis says so.
          expr: |||
            %(evicted)s > %(rate)s
            and (
              %(evicted)s
              and on (job, instance, netns)
              %(firm)s > %(hard)s
              or
              %(evicted)s
              and on (job, instance)
              %(finding)s
            )
          ||| % {
            evicted: q.evicted,
            rate: config.evictedRate,
            firm: q.firm,
            hard: config.hard,
            finding: q.finding('.+', 'critical'),
          },
          'for': '2m',
          keep_firing_for: config.keep,
          labels+: { cause: 'full' },
          annotations+: {
            summary: 'connections that work are evicted on ' + inNetns,
            description: 'The kernel kills {{ $value | humanize }} entries a second to ' +
                         'make room, and not only those that nobody answers. Found ' +
                         'there: ' + text.causes + '.',
            culprit: text.culprit('`.+`'),
            command: text.command('`.+`'),
          },
        },
      ] + bySeverity(
        'ConntriageFlood',
        'flood|scan|spoofed',
        '{{ $labels.cause }} on ' + onHost +
        '{{ with $labels.culprit }} by {{ with $labels.name }}{{ . }}{{ else }}{{ . }}' +
        '{{ end }}{{ end }}',
        'Connections that nobody answers fill the table' + full
      ) + bySeverity(
        'ConntriageLeak',
        'leak|forgotten',
        'connections leak on ' + onHost +
        '{{ with $labels.culprit }}, held by {{ with $labels.name }}{{ . }}{{ else }}{{ . }}' +
        '{{ end }}{{ end }}',
        'Connections that are held and not used fill the table' + full
      ) + [
        alert('ConntriageInvalidStorm', 'warning') {
          expr: |||
            %(invalid)s > %(rate)s
            and
            %(invalid)s > %(share)s * %(inserted)s
          ||| % {
            invalid: q.invalid,
            rate: config.invalidRate,
            share: config.invalidShare,
            inserted: q.rate('conntriage_inserted_total'),
          },
          'for': '5m',
          keep_firing_for: config.keep,
          labels+: { cause: 'invalid' },
          annotations+: {
            summary: '{{ $value | humanize }} INVALID packets a second on ' + inNetns,
            description: 'Packets that fit no connection, most of them: {{ with printf ' +
                         '`topk(1, sum by (reason) (rate(conntriage_invalid_total{job=%q,' +
                         'instance=%q,netns=%q}[' + config.window + '])))` $labels.job ' +
                         '$labels.instance $labels.netns | query }}{{ with first . }}' +
                         '{{ .Labels.reason }}, {{ .Value | humanize }} a second' +
                         '{{ end }}{{ end }}. A firewall that drops INVALID drops them.',
            culprit: text.culprit('`invalid`'),
            command: text.command('`invalid`'),
          },
        },
        alert('ConntriageInsertionClashes', 'warning') {
          // what too long a chain turns away is another matter: cause "buckets"
          expr: |||
            %(failed)s > %(rate)s
            and
            %(failed)s > %(share)s * %(inserted)s
            unless
            2 * %(chain)s > %(failed)s
          ||| % {
            failed: q.rate('conntriage_insert_failed_total'),
            rate: config.clashRate,
            share: config.clashShare,
            inserted: q.rate('conntriage_inserted_total'),
            chain: q.rate('conntriage_chain_too_long_total'),
          },
          'for': '5m',
          keep_firing_for: config.keep,
          labels+: { cause: 'clash' },
          annotations+: {
            summary: '{{ $value | humanize }} insertions a second are lost on ' + inNetns,
            description: 'Two packets asked for the same entry, and the later one was ' +
                         'dropped: name lookups that take five seconds are the usual sign.',
            culprit: text.culprit('`clash`'),
            command: text.command('`clash`'),
          },
        },
        alert('ConntriageFleetCulprit', 'critical') {
          expr: '%s>= %d' % [$.accusedHosts, config.fleetHosts],
          keep_firing_for: config.keep,
          labels+: { cause: 'fleet' },
          annotations+: {
            summary: '{{ $labels.culprit }} is accused by {{ $value }} hosts',
            description: 'One source does it to several hosts at once: ' +
                         text.fleet.hosts + '. Causes: ' + text.fleet.causes + '.',
            culprit: text.fleet.culprit,
            command: text.fleet.command,
          },
        },
        alert('ConntriageFinding', 'warning') {
          expr: q.accused('.+', 'critical') +
                'unless on (job, instance, cause)\n%s\n' % q.finding(named, '.+'),
          'for': '5m',
          keep_firing_for: config.keep,
              annotations+: {
            summary: '{{ $labels.cause }} on ' + onHost,
            description: 'conntriage finds a cause that costs connections, and that no ' +
                         'other alert is about: {{ $labels.cause }} (docs/causes/' +
                         '{{ $labels.cause }}.md).',
            culprit: text.culprit('$labels.cause'),
            command: text.command('$labels.cause'),
          },
        },
      ],
    }],
  },
}
