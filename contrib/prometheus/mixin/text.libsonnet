// SPDX-License-Identifier: GPL-2.0
// The words of an alert: Prometheus' templates that ask for cause, culprit and command
// when the alert is evaluated. Without --census or --top these series aren't there; then
// the text says what to type on the host.
{
  local m = self,

  // The rows of who is accused of one of these causes on the alert's host. CAUSES is a
  // word of the template: `flood|scan`, or $labels.cause
  local culprits(causes) =
    'printf `conntriage_finding_culprit_info{job=%q,instance=%q,cause=~%q}` ' +
    '$labels.job $labels.instance ' + causes + ' | query | sortByLabel "culprit"',

  // "web-3 (10.0.1.66)", or the address alone
  local person =
    '{{ if and .Labels.name (ne .Labels.name .Labels.culprit) }}{{ .Labels.name }} ' +
    '({{ .Labels.culprit }}){{ else }}{{ .Labels.culprit }}{{ end }}',

  unknown:: 'not known yet (--census and --top tell it)',

  culprit(causes)::
    '{{ with ' + culprits(causes) + ' }}{{ range $i, $row := . }}{{ if $i }}, {{ end }}' +
    '{{ with $row }}' + person + '{{ end }}{{ end }}{{ else }}' + m.unknown + '{{ end }}',

  // What the first of them ends by; the reader's own diagnosis where nobody told
  command(causes)::
    '{{ with ' + culprits(causes) + ' }}{{ with first . }}{{ with .Labels.command }}{{ . }}' +
    '{{ else }}' + m.ask + '{{ end }}{{ end }}{{ else }}' + m.ask + '{{ end }}',

  ask:: 'conntriage    # as root, on {{ $labels.instance }}',

  // The causes that were found on the alert's host
  causes::
    '{{ with printf `count by (cause) (conntriage_finding_info{job=%q,instance=%q})` ' +
    '$labels.job $labels.instance | query | sortByLabel "cause" }}' +
    '{{ range $i, $row := . }}{{ if $i }}, {{ end }}' +
    '{{ $row.Labels.cause }}{{ end }}{{ else }}not known yet (--census tells it){{ end }}',

  // Of an alert that no host has: $labels.culprit is accused by several
  fleet:: {
    local rows(by, sorted=by) =
      'printf `count by (' + by + ') (conntriage_finding_culprit_info{culprit=%q})` ' +
      '$labels.culprit | query | sortByLabel "' + sorted + '"',
    local list(by) =
      '{{ range $i, $row := ' + rows(by) + ' }}{{ if $i }}, {{ end }}' +
      '{{ $row.Labels.' + by + ' }}{{ end }}',

    hosts: list('instance'),
    causes: list('cause'),
    culprit: '{{ with ' + rows('culprit, name', 'name') + ' }}{{ with first . }}' + person +
             '{{ end }}{{ else }}{{ $labels.culprit }}{{ end }}',
    command: '{{ with ' + rows('command') + ' }}{{ with first . }}{{ with .Labels.command }}' +
             '{{ . }}    # on each of them{{ else }}conntriage    # as root, on each of them' +
             '{{ end }}{{ end }}{{ end }}',
  },
}
