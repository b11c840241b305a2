// SPDX-License-Identifier: GPL-2.0
// What ../render writes: paths, and what is in these files. The manifest functions of std
// take ten seconds for the alerts; std.toString() is jsonnet's own, and what it prints of a
// value is JSON, which is YAML.
local made = 'made by contrib/prometheus/render of contrib/prometheus/mixin: change that';

local json(value) =
  local list = std.toString([value]);
  std.substr(list, 1, std.length(list) - 2);
local pair(key, value) = key + ': ' + json(value);
local block(indent, key, text) =
  indent + key + ': |\n' +
  std.join('', [indent + '  ' + line + '\n' for line in std.split(text, '\n') if line != '']);

local rule(r) =
  local head = if std.objectHas(r, 'alert') then 'alert' else 'record';
  '  - ' + pair(head, r[head]) + '\n' + std.join('', [
    if key == 'annotations' then
      '    annotations:\n' + std.join('', [
        '      ' + pair(name, r.annotations[name]) + '\n'
        for name in std.objectFields(r.annotations)
      ])
    else if key == 'expr' && std.length(std.findSubstr('\n', r.expr)) > 0 then
      block('    ', key, r.expr)
    else
      '    ' + pair(key, r[key]) + '\n'
    for key in std.objectFields(r)
    if key != head
  ]);

local rules(groups) =
  '# SPDX-License-Identifier: GPL-2.0\n# %s\ngroups:\n' % made + std.join('', [
    '- ' + pair('name', group.name) + '\n  rules:\n' + std.join('', [rule(r) for r in group.rules])
    for group in groups
  ]);

// A line for each panel and variable: what a change is about can be seen in a diff
local lines(list) = '[\n' + std.join(',\n', [std.toString(x) for x in list]) + '\n]';
local dashboard(d) =
  '{\n"templating": {"list": %s},\n"panels": %s,\n' % [lines(d.templating.list), lines(d.panels)] +
  std.join(',\n', [
    '"%s": %s' % [key, json(d[key])]
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
