// SPDX-License-Identifier: GPL-2.0
// All of it: prometheusRules, prometheusAlerts and grafanaDashboards, as mixins have them
(import 'config.libsonnet') +
(import 'rules.libsonnet') +
(import 'alerts.libsonnet') +
(import 'health.libsonnet') +
(import 'dashboards.libsonnet')
