// SPDX-License-Identifier: GPL-2.0
// Expressions that rules, alerts and dashboards share. The labels that a target has beyond
// job and instance (a cluster, a role) stay on everything: "without", never "by".
function(config) {
  local q = self,

  // series NAME, with MATCHERS of our own
  series(name, matchers=''):: name + (
    local all = std.join(',', std.filter(function(m) m != '', [config.selector, matchers]));
    if all == '' then '' else '{' + all + '}'
  ),

  rate(name, window=config.window, matchers='')::
    'rate(%s[%s])' % [q.series(name, matchers), window],

  host:: 'on (job, instance)',
  netns:: 'on (job, instance, netns)',

  // Of the limit, where there is one: 0 is none
  used:: '%s / (%s > 0)' % [q.series('conntriage_entries'), q.series('conntriage_entries_limit')],

  // Of the entries, that the kernel can't evict
  firm:: '1 - %s / (%s > 0)' %
         [q.series('conntriage_entries_evictable'), q.series('conntriage_entries')],

  evicted:: 'sum without (by) (%s)' % q.rate('conntriage_evicted_total'),
  invalid:: 'sum without (reason) (%s)' % q.rate('conntriage_invalid_total'),

  // Everything that the module saw, of all namespaces
  events:: |||
    sum without (netns) (
      %s
      + %s or %s
    )
  ||| % [q.rate('conntriage_inserted_total'), q.invalid, q.rate('conntriage_inserted_total')],

  finding(causes, severity):: q.series(
    'conntriage_finding_info', 'cause=~"%s",severity=~"%s"' % [causes, severity]
  ),

  // Who is accused of it; where no culprit is told, the finding alone
  accused(causes, severity):: |||
    (
      max without (command) (%s)
      and on (job, instance, cause)
      %s
      or on (job, instance, cause)
      max without (severity, certainty) (%s)
    )
  ||| % [
    q.series('conntriage_finding_culprit_info', 'cause=~"%s"' % causes),
    q.finding(causes, severity),
    q.finding(causes, severity),
  ],
}
