/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"

G_BEGIN_DECLS

#define AWS_TYPE_DPOP_KEY (aws_dpop_key_get_type ())

/* The key that a session is bound to (RFC 9449): whoever has the refresh token alone can do nothing with it. */
AWS_DECLARE_BOXED (AwsDpopKey, aws_dpop_key)

AwsDpopKey *aws_dpop_key_new       (void);
AwsDpopKey *aws_dpop_key_from_pem  (const char  *pem,
                                    GError     **error);
char       *aws_dpop_key_to_pem    (AwsDpopKey  *self);
char       *aws_dpop_key_dup_proof (AwsDpopKey  *self,
                                    const char  *method,
                                    const char  *url,
                                    gint64       seconds);

G_END_DECLS
