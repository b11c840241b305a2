/* SPDX-License-Identifier: GPL-2.0 */
/* How the page looks. */
#ifndef CONNTRIAGE_REPORT_STYLE_H
#define CONNTRIAGE_REPORT_STYLE_H

extern const char style_css[];		/* the style sheet */
extern const char style_digest[];	/* "sha256-...", of exactly that: for the policy */

#endif
