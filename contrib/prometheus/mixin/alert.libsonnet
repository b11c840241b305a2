// SPDX-License-Identifier: GPL-2.0
// alert(NAME, SEVERITY): the frame that every alert has
function(config) function(name, severity) {
  alert: name,
  labels: { severity: severity },
  annotations: { runbook_url: config.runbooks + name + '.md' },
}
