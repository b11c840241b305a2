// SPDX-License-Identifier: GPL-2.0
// Grafana's dashboard model, as far as these dashboards use it: schemaVersion 39, which
// Grafana 10.4 and newer read as it is. ../tests/dashboard-schema.json has the same as a
// schema, and fails on a field that isn't one of Grafana's.
function(config) {
  local p = self,
  local source = { type: 'prometheus', uid: '${datasource}' },

  // A query; legend "" is Grafana's own
  target(expr, legend=''):: {
    datasource: source,
    expr: expr,
    legendFormat: if legend == '' then '__auto' else legend,
    range: true,
    instant: false,
  },
  instant(expr):: p.target(expr) { range: false, instant: true, format: 'table' },

  local refs(targets) = std.mapWithIndex(
    function(i, t) t { refId: std.char(std.codepoint('A') + i) }, targets
  ),
  local panel(type, title, targets, unit) = {
    type: type,
    title: title,
    datasource: source,
    targets: refs(targets),
    fieldConfig: { defaults: { unit: unit }, overrides: [] },
    options: {},
  },

  lines(title, targets, unit='short'):: panel('timeseries', title, targets, unit) {
    fieldConfig+: { defaults+: { min: 0, custom: { fillOpacity: 10, lineWidth: 1 } } },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  },
  stacked(title, targets, unit='short'):: p.lines(title, targets, unit) {
    fieldConfig+: { defaults+: { custom+: {
      fillOpacity: 60,
      stacking: { mode: 'normal', group: 'A' },
    } } },
  },
  // COLORS: [[from value, color], ...]
  stat(title, expr, unit='short', colors=[[null, 'green']])::
    panel('stat', title, [p.target(expr) { range: false, instant: true }], unit) {
      fieldConfig+: { defaults+: {
        color: { mode: 'thresholds' },
        thresholds: { mode: 'absolute', steps: [{ value: c[0], color: c[1] } for c in colors] },
      } },
      options: {
        colorMode: 'background',
        graphMode: 'none',
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      },
    },
  words(values):: { fieldConfig+: { defaults+: { mappings: [{
    type: 'value',
    options: {
      [v[0]]: { text: v[1], index: i }
      for i in std.range(0, std.length(values) - 1)
      for v in [values[i]]
    },
  }] } } },
  states(title, targets):: panel('state-timeline', title, targets, 'short') {
    fieldConfig+: { defaults+: {
      color: { mode: 'thresholds' },
      thresholds: { mode: 'absolute', steps: [
        { value: null, color: 'green' },
        { value: 1, color: 'orange' },
        { value: 2, color: 'red' },
      ] },
    } },
    options: { showValue: 'never', mergeValues: true },
  },
  // COLUMNS: labels in order, and Value where it means something
  table(title, expr, columns, unit='short'):: panel('table', title, [p.instant(expr)], unit) {
    options: { showHeader: true },
    transformations: [{
      id: 'filterFieldsByName',
      options: { include: { names: columns } },
    }, {
      id: 'organize',
      options: {
        indexByName: { [columns[i]]: i for i in std.range(0, std.length(columns) - 1) },
      },
    }],
  },

  row(title):: { type: 'row', title: title, collapsed: false, panels: [], height: 1, width: 24 },
  size(width, height, panel):: panel { width:: width, height:: height },

  // From left to right, and on the next line what doesn't fit
  local place(panels) = std.foldl(
    function(acc, panel)
      local width = panel.width, height = panel.height;
      local wraps = acc.x + width > 24;
      local x = if wraps then 0 else acc.x, y = if wraps then acc.y + acc.tall else acc.y;
      {
        x: x + width,
        y: y,
        tall: if wraps then height else std.max(acc.tall, height),
        out: acc.out + [panel {
          width:: width,
          height:: height,
          id: std.length(acc.out) + 1,
          gridPos: { x: x, y: y, w: width, h: height },
        }],
      },
    panels,
    { x: 0, y: 0, tall: 0, out: [] }
  ).out,

  local datasource = {
    name: 'datasource',
    type: 'datasource',
    query: config.datasource,
    label: 'data source',
  },
  variable(name, label, query, all):: {
    name: name,
    label: label,
    type: 'query',
    datasource: source,
    query: { query: query, refId: 'variable-' + name },
    refresh: 2,  // when the time range changes
    sort: 1,
    includeAll: all,
    multi: all,
    [if all then 'allValue']: '.+',
    [if all then 'current']: { text: 'All', value: '$__all' },
  },

  // Links to the other two keep what is chosen
  dashboard(name, title, description, variables, panels, from='now-6h', annotations=[]):: {
    uid: 'conntriage-' + name,
    title: title,
    description: description,
    tags: config.tags,
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    timezone: 'browser',
    refresh: config.refresh,
    time: { from: from, to: 'now' },
    templating: { list: [datasource] + variables },
    annotations: { list: annotations },
    links: [{
      type: 'dashboards',
      title: 'conntriage',
      icon: 'external link',
      tooltip: '',
      tags: config.tags,
      asDropdown: false,
      includeVars: true,
      keepTime: true,
      targetBlank: false,
    }],
    panels: place(panels),
  },
  // A mark where EXPR is not 0
  mark(name, expr):: {
    name: name,
    datasource: source,
    enable: true,
    expr: expr,
    iconColor: 'red',
    titleFormat: name,
    step: '15s',
  },
}
