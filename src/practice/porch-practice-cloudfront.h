/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

typedef enum
{
  PRACTICE_CLOUDFRONT_ERROR_FAILED,
  PRACTICE_CLOUDFRONT_ERROR_NOT_FOUND,      /* NoSuchDistribution */
  PRACTICE_CLOUDFRONT_ERROR_NOT_DISABLED,   /* DistributionNotDisabled */
  PRACTICE_CLOUDFRONT_ERROR_ALIAS_TAKEN,    /* CNAMEAlreadyExists */
  PRACTICE_CLOUDFRONT_ERROR_INVALID,
} PracticeCloudfrontError;

#define PRACTICE_CLOUDFRONT_ERROR (practice_cloudfront_error_quark ())
GQuark                practice_cloudfront_error_quark         (void);

/* A distribution. Its configuration is kept in the form of a template's DistributionConfig, references resolved. */
typedef struct
{
  char        *id;            /* E... */
  char        *arn;
  char        *label;         /* host is "<label>.localhost" */
  char        *domain_name;   /* "<label>.localhost:<port>" */
  JsonObject  *config;
  char        *etag;
  gint64       created;
  gint64       modified;
  gboolean     deployed;      /* "Deployed" rather than "InProgress" */
} PracticeDistribution;

gboolean              practice_cloudfront_init                (Practice              *practice,
                                                               GError               **error);

/* @label may be NULL: the lower-case id. @config is copied. The new state is "InProgress" for a while (scaled delay),
 * but serves at once. */
PracticeDistribution *practice_cloudfront_create_distribution (Practice              *practice,
                                                               const char            *label,
                                                               JsonObject            *config,
                                                               GError               **error);
gboolean              practice_cloudfront_update_distribution (Practice              *practice,
                                                               const char            *id,
                                                               JsonObject            *config,
                                                               GError               **error);
gboolean              practice_cloudfront_delete_distribution (Practice              *practice,
                                                               const char            *id,
                                                               GError               **error);
PracticeDistribution *practice_cloudfront_lookup              (Practice              *practice,
                                                               const char            *id);
/* By "<label>.localhost" or by an alias; @host without the port. */
PracticeDistribution *practice_cloudfront_lookup_host         (Practice              *practice,
                                                               const char            *host);
/* A name that a distribution of another account has; @off for no longer. */
gboolean              practice_cloudfront_set_claim           (Practice              *practice,
                                                               const char            *name,
                                                               gboolean               off,
                                                               gboolean               disabled,
                                                               GError               **error);
gboolean              practice_cloudfront_is_claimed          (Practice              *practice,
                                                               const char            *name,
                                                               gboolean              *disabled);
/* The configuration as the API's XML, without its root. */
void                  practice_distribution_append_config     (PracticeDistribution  *distribution,
                                                               GString               *xml);
void                  practice_distribution_free              (PracticeDistribution  *distribution);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeDistribution, practice_distribution_free)

G_END_DECLS
