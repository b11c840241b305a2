// SPDX-License-Identifier: GPL-2.0
// What ../render writes: paths, and what is in these files
local made = 'made by contrib/prometheus/render of contrib/prometheus/mixin: change that';

local rules(groups) =
  '# SPDX-License-Identifier: GPL-2.0\n# %s\n' % made +
  std.manifestYamlDoc({ groups: groups }, quote_keys=false) + '\n';

// A line for each panel and variable: what a change is about can be seen in a diff
local lines(list) =
  '[\n' + std.join(',\n', [std.manifestJsonMinified(x) for x in list]) + '\n]';
local dashboard(d) =
  '{\n"templating": {"list": %s},\n"panels": %s,\n' % [lines(d.templating.list), lines(d.panels)] +
  std.join(',\n', [
    '"%s": %s' % [key, std.manifestJsonMinified(d[key])]
    for key in std.objectFields(d)
    if key != 'panels' && key != 'templating'
  ]) + '\n}\n';

function(mixin) {
  'rules/conntriage-rules.yaml': rules(mixin.prometheusRules.groups),
  'rules/conntriage-alerts.yaml': rules(mixin.prometheusAlerts.groups),
} + {
  ['dashboards/' + name]: dashboard(mixin.grafanaDashboards[name])
  for name in std.objectFields(mixin.grafanaDashboards)
}
