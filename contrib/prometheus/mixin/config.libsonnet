// SPDX-License-Identifier: GPL-2.0
// What a site may want to change. To do so, write a file beside mixin.libsonnet,
//   (import 'mixin.libsonnet') + { _config+:: { window: '10m' } }
// and give it to ../render.
{
  _config:: {
    // Matchers of every series of ours, for a Prometheus that holds more than one fleet:
    // 'cluster="a"'
    selector: '',

    // The job that scrapes "conntriage exporter" (../prometheus.yml calls it so). What
    // comes by node_exporter has that one's job and needs no name here.
    exporterSelector: 'job="conntriage"',

    // What rates are taken over: four times the interval of scraping, at least, and of
    // the timer of conntriage-metrics, which writes once a minute
    window: '5m',

    // How long an alert that rests on a finding outlives it: one diagnosis that misses
    // it doesn't send "resolved"
    keep: '2m',

    // In front of NAME.md. A link in a mail wants an address: where your people read
    // docs/runbooks
    runbooks: 'docs/runbooks/',

    // The thresholds of the reader ("conntriage thresholds", userspace/judge/thresholds.h),
    // for the same reasons. Fractions are texts: jsonnet makes 0.69999999999999996 of 0.7
    hard: '0.70',  // of the entries can't be evicted: a full table costs work
    tight: '0.85',  // of the limit: a table with more room than this refuses nobody
    invalidRate: 20,  // INVALID packets a second ...
    invalidShare: '0.25',  // ... and of new connections
    clashRate: '0.1',  // lost insertions a second ...
    clashShare: '0.001',  // ... and of new connections
    lostShare: '0.01',  // of events, that the module lost

    fullWithin: 3600,  // s
    evictedRate: 1,  // entries a second: fewer are not noticed by anybody
    missedShare: '0.1',  // of the time, that the module didn't watch
    stale: 300,  // s: five runs of the timer

    // A culprit of so many hosts is the fleet's
    fleetHosts: 3,
    // What makes it one: its rows are of who sends what nobody answers, or nonsense
    fleetCauses: 'flood|scan|invalid',
    // Addresses that are somebody else on each host: containers behind a bridge,
    // libvirt's network, link-local ones
    localAddresses: [
      '127[.].*',
      '169[.]254[.].*',
      '172[.](1[7-9]|2[0-9]|3[01])[.].*',
      '10[.]88[.].*',
      '192[.]168[.]122[.].*',
      'fe80:.*',
      '::1',
    ],

    // Of Grafana's
    datasource: 'prometheus',
    refresh: '30s',
    tags: ['conntriage'],
  },
}
