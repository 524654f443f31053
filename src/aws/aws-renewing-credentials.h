/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_RENEWING_CREDENTIALS (aws_renewing_credentials_get_type ())

G_DECLARE_DERIVABLE_TYPE (AwsRenewingCredentials, aws_renewing_credentials, AWS, RENEWING_CREDENTIALS, GObject)

/**
 * AwsRenewingCredentialsClass:
 * @renew: resolves to new [struct@AwsCredentials]; never called while an earlier call is underway
 *
 * Credentials that end, and others that follow them.
 */
struct _AwsRenewingCredentialsClass
{
  GObjectClass   parent_class;

  DexFuture   *(*renew) (AwsRenewingCredentials *self);

  gpointer       padding[4];
};

/* For the kinds of them */
AwsClient      *aws_renewing_credentials_get_client  (AwsRenewingCredentials *self);
AwsCredentials *aws_renewing_credentials_get_current (AwsRenewingCredentials *self);
gboolean        aws_renewing_credentials_is_rejected (AwsRenewingCredentials *self,
                                                      AwsCredentials         *credentials);
gint64          aws_renewing_credentials_get_now     (AwsRenewingCredentials *self);
gboolean        aws_renewing_credentials_ends_within (AwsRenewingCredentials *self,
                                                      GDateTime              *end,
                                                      GTimeSpan               margin);
void            aws_renewing_credentials_pause       (AwsRenewingCredentials *self);

/* For whoever has them */
void            aws_renewing_credentials_forget      (AwsRenewingCredentials *self);

G_END_DECLS
