// SPDX-License-Identifier: GPL-2.0
// Three dashboards: which host, what about it, and what happened there at 03:12
{
  local config = self._config,
  local p = (import 'panels.libsonnet')(config),
  local q = (import 'queries.libsonnet')(config),
  local window = config.window,

  // Of the chosen host, and of the chosen namespaces
  local host(name, matchers='') = q.series(name, std.join(',', std.filter(
    function(m) m != '', ['instance=~"$host"', matchers]
  ))),
  local netns(name, matchers='') = host(name, std.join(',', std.filter(
    function(m) m != '', ['netns=~"$netns"', matchers]
  ))),
  local rate(series) = 'rate(%s[$__rate_interval])' % series,
  local orNone(expr) = '%s or vector(0)' % expr,

  local hostVariable(all) = p.variable(
    'host', 'host', 'label_values(%s, instance)' % q.series('conntriage_build_info'), all
  ),
  local netnsVariable = p.variable(
    'netns', 'namespace', 'label_values(%s, netns)' % host('conntriage_entries'), true
  ),

  local alarm = [[null, 'green'], [1, 'red']],
  local share = [[null, 'green'], [0.85, 'orange'], [0.95, 'red']],
  local status = p.words([['0', 'ok'], ['1', 'warning'], ['2', 'critical'], ['3', 'unknown']]),

  local findings = p.table('findings', host('conntriage_finding_info'),
                           ['instance', 'cause', 'severity', 'certainty']),
  local culprits = p.table('who, and what to type', host('conntriage_finding_culprit_info'),
                           ['instance', 'cause', 'name', 'culprit', 'command']),
  local events(title, event, count=10) = p.lines(title, [p.target(
    'topk(%d, sum by (source, name) (%s))' %
    [count, host('conntriage_source_events_per_second', 'event="%s"' % event)],
    '{{source}} {{name}}'
  )], 'ops'),
  local incidents = p.mark('incident', 'changes(%s[1m]) > 0' % host('conntriage_incidents_total')),

  grafanaDashboards+:: {
    'conntriage-fleet.json': p.dashboard(
      'fleet',
      'conntriage / fleet',
      'Which hosts lose connections, or soon will, and who does it to several of them',
      [hostVariable(true)],
      [
        p.size(4, 4, p.stat('hosts', 'count(%s)' % host('conntriage_build_info'))),
        p.size(4, 4, p.stat('critical', orNone('count(%s == 2)' % host('conntriage_status')),
                            colors=alarm)),
        p.size(4, 4, p.stat('refusing', orNone(
          'count(instance:conntriage_refused:rate%s{instance=~"$host"} > 0)' % window
        ), colors=alarm)),
        p.size(4, 4, p.stat('fullest table', 'max(instance:conntriage_entries:max_ratio' +
                                             '{instance=~"$host"})', 'percentunit', share)),
        p.size(4, 4, p.stat('without the module', orNone(
          'count(%s == 0)' % host('conntriage_module_up')
        ), colors=[[null, 'green'], [1, 'orange']])),
        p.size(4, 4, p.stat('oldest news', 'max(time() - %s)' %
                                           host('conntriage_snapshot_timestamp_seconds'),
                            's', [[null, 'green'], [config.stale, 'red']])),
        p.size(12, 8, findings),
        p.size(12, 8, culprits),
        p.size(8, 8, p.table('accused by several hosts', 'sort_desc(culprit:conntriage_hosts:count > 1)',
                             ['culprit', 'Value'])),
        p.size(8, 8, p.table('full next', 'sort(%s < +Inf)' %
                                          host('conntriage_seconds_until_full'),
                             ['instance', 'Value'], 's')),
        p.size(8, 8, p.lines('fullest tables', [p.target(
          'topk(10, instance:conntriage_entries:max_ratio{instance=~"$host"})', '{{instance}}'
        )], 'percentunit')),
      ] + [
        p.size(12, 8, p.lines(row[0], [p.target(
          'topk(10, instance:conntriage_%s:rate%s{instance=~"$host"})' % [row[1], window],
          '{{instance}}'
        )], row[2]))
        for row in [
          ['new connections', 'inserted', 'ops'],
          ['refused packets', 'refused', 'pps'],
          ['evicted connections', 'evicted', 'ops'],
          ['INVALID packets', 'invalid', 'pps'],
        ]
      ]
    ),

    'conntriage-host.json': p.dashboard(
      'host',
      'conntriage / host',
      'One host: what its table holds, what comes and what is lost, and who does it',
      [hostVariable(false), netnsVariable],
      [
        p.size(4, 4, p.stat('status', 'max(%s)' % host('conntriage_status'), colors=[
          [null, 'green'],
          [1, 'orange'],
          [2, 'red'],
          [3, 'purple'],
        ]) + status),
        p.size(4, 4, p.stat('fullest table', 'max(%s / %s)' % [
          netns('conntriage_entries'),
          netns('conntriage_entries_limit'),
        ], 'percentunit', share)),
        p.size(4, 4, p.stat('full in', 'min(%s)' % host('conntriage_seconds_until_full'), 's',
                            [[null, 'red'], [600, 'orange'], [config.fullWithin, 'green']])),
        p.size(4, 4, p.stat('an incident lasts', 'max(%s)' % host('conntriage_incident_active'),
                            colors=alarm) + p.words([['0', 'no'], ['1', 'yes']])),
        p.size(4, 4, p.stat('module', 'min(%s)' % host('conntriage_module_up'),
                            colors=[[null, 'red'], [1, 'green']]) +
                     p.words([['0', 'absent'], ['1', 'loaded']])),
        p.size(4, 4, p.stat('read', 'max(time() - %s)' %
                                    host('conntriage_snapshot_timestamp_seconds'), 's',
                            [[null, 'green'], [config.stale, 'red']])),
        p.size(12, 6, findings),
        p.size(12, 6, culprits),
        p.size(12, 8, p.lines('entries and limit', [
          p.target(netns('conntriage_entries'), '{{netns}}'),
          p.target(netns('conntriage_entries_limit') + ' < +Inf', '{{netns}}, limit'),
          p.target(netns('conntriage_entries_evictable'), '{{netns}}, evictable'),
        ])),
        p.size(12, 8, p.stacked('what the entries are', [p.target(
          'sum by (stage) (%s)' % netns('conntriage_entries_by_stage'), '{{stage}}'
        )])),
        p.size(12, 8, p.lines('new connections', [p.target(
          rate(netns('conntriage_inserted_total')), '{{netns}}'
        )], 'ops')),
        p.size(12, 8, p.lines('lost', [
          p.target(rate(netns('conntriage_refused_total')), '{{netns}}, refused'),
          p.target(rate(netns('conntriage_evicted_total')), '{{netns}}, evicted by {{by}}'),
          p.target(rate(netns('conntriage_insert_failed_total')), '{{netns}}, insertion failed'),
        ], 'ops')),
        p.size(12, 8, p.stacked('INVALID packets', [p.target(
          'sum by (reason) (%s)' % rate(netns('conntriage_invalid_total')), '{{reason}}'
        )], 'pps')),
        p.size(12, 8, p.lines('clashes that were resolved, chains too long', [
          p.target(rate(netns('conntriage_clashes_total')), '{{netns}}, resolved'),
          p.target(rate(netns('conntriage_chain_too_long_total')), '{{netns}}, chain too long'),
        ], 'ops')),
        p.size(24, 1, p.row('sources (with --top)')),
        p.size(12, 8, events('who opens connections', 'inserted')),
        p.size(12, 8, events('who sends INVALID packets', 'invalid')),
        p.size(24, 1, p.row('conntriage itself')),
        p.size(8, 6, p.lines('what the module lost', [p.target(
          rate(host('conntriage_lost_total')), '{{what}}'
        )])),
        p.size(8, 6, p.states('probes that are armed', [p.target(
          host('conntriage_probe_armed'), '{{probe}}'
        )])),
        p.size(4, 6, p.stat('memory', 'max(%s)' % host('conntriage_module_memory_bytes'), 'bytes')),
        p.size(4, 6, p.stat('sources seen', 'max(%s)' % host('conntriage_sources'))),
      ],
      annotations=[incidents]
    ),

    'conntriage-incident.json': p.dashboard(
      'incident',
      'conntriage / incident',
      'One spell of evictions or refusals: since when, who caused it, who suffered, what helps',
      [hostVariable(false), netnsVariable],
      [
        p.size(6, 4, p.stat('an incident lasts', 'max(%s)' % host('conntriage_incident_active'),
                            colors=alarm) + p.words([['0', 'no'], ['1', 'yes']])),
        p.size(6, 4, p.stat('began', 'max(%s) * 1000' %
                                     host('conntriage_incident_start_timestamp_seconds'),
                            'dateTimeFromNow', [[null, 'blue']])),
        p.size(6, 4, p.stat('incidents since the module was loaded', 'max(%s)' %
                                                                     host('conntriage_incidents_total'),
                            colors=[[null, 'blue']])),
        p.size(6, 4, p.stat('refused in this time', 'sum(increase(%s[$__range]))' %
                                                    netns('conntriage_refused_total'), colors=alarm)),
        p.size(24, 6, culprits),
        p.size(12, 8, p.lines('refused and evicted', [
          p.target(rate(netns('conntriage_refused_total')), '{{netns}}, refused'),
          p.target(rate(netns('conntriage_evicted_total')), '{{netns}}, evicted by {{by}}'),
        ], 'ops')),
        p.size(12, 8, p.lines('how full', [p.target(
          '%s / %s' % [netns('conntriage_entries'), netns('conntriage_entries_limit')],
          '{{netns}}'
        )], 'percentunit')),
        p.size(12, 8, events('who is refused', 'refused')),
        p.size(12, 8, events('who makes the kernel evict', 'evicting')),
        p.size(12, 8, events('whose connections are evicted', 'evicted')),
        p.size(12, 8, events('who opens connections', 'inserted')),
        p.size(12, 8, p.states('findings', [p.target(
          'max by (cause) (%s) + max by (cause) (%s or %s * 0)' % [
            host('conntriage_finding_info'),
            host('conntriage_finding_info', 'severity="critical"'),
            host('conntriage_finding_info'),
          ], '{{cause}}'
        )])),
        p.size(12, 8, p.stacked('what the entries are', [p.target(
          'sum by (stage) (%s)' % netns('conntriage_entries_by_stage'), '{{stage}}'
        )])),
      ],
      from='now-1h',
      annotations=[incidents]
    ),
  },
}
