// SPDX-License-Identifier: GPL-2.0
// Recording rules: what dashboards draw over weeks and a central Prometheus takes from
// those of the sites. Named level:metric:operations. The alerts don't read them: they
// would be one evaluation late.
{
  local config = self._config,
  local q = (import 'queries.libsonnet')(config),
  local record(name, expr) = { record: name, expr: expr },
  local window = config.window,

  prometheusRules+:: {
    groups+: [{
      name: 'conntriage-rules',
      rules: [
        record('netns:conntriage_entries:ratio', q.used),
        record('netns:conntriage_entries_firm:ratio', q.firm),
      ] + [
        record('netns:conntriage_%s:rate%s' % [what, window],
               q.rate('conntriage_%s_total' % what))
        for what in ['inserted', 'refused', 'insert_failed']
      ] + [
        record('netns:conntriage_evicted:rate' + window, q.evicted),
        record('netns:conntriage_invalid:rate' + window, q.invalid),
        record('instance:conntriage_entries:max_ratio',
               'max without (netns) (netns:conntriage_entries:ratio)'),
      ] + [
        record('instance:conntriage_%s:rate%s' % [what, window],
               'sum without (netns) (netns:conntriage_%s:rate%s)' % [what, window])
        for what in ['inserted', 'refused', 'evicted', 'invalid']
      ] + [
        // how many hosts accuse somebody; a host that is asked both ways counts once
        record('culprit:conntriage_hosts:count', $.accusedHosts),
      ],
    }],
  },

  accusedHosts:: |||
    count by (culprit) (
      count by (culprit, host) (
        label_replace(
          %s,
          "host", "$1", "instance", "(.+?)(:[0-9]+)?"
        )
      )
    )
  ||| % q.series('conntriage_finding_culprit_info', 'cause=~"%s",culprit=~".*[.:].*",culprit!~"%s"' % [
    config.fleetCauses,
    std.join('|', config.localAddresses),
  ]),
}
