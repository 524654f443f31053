/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-cloudfront.h"
#include "porch-practice-resources.h"

G_BEGIN_DECLS

/* ---- porch-practice-cloudfront.c: what all operations of the control plane have in common ---- */

void      cloudfront_answer_document      (PracticeCall     *call,
                                           guint             status,
                                           const char       *root,
                                           GString          *inner);
AwsXml   *cloudfront_parse_body           (PracticeCall     *call,
                                           const char       *root);
gboolean  cloudfront_check_version        (PracticeCall     *call,
                                           const char       *etag);
gboolean  cloudfront_get_limit            (PracticeCall     *call,
                                           gint64           *limit);

/* ---- porch-practice-cloudfront-function.c ---- */

#define CLOUDFRONT_FUNCTION_TYPE "AWS::CloudFront::Function"

/* What is wrong with a function, NULL if nothing is; @code and @status are the API's. */
char       *practice_function_check           (Practice         *practice,
                                               JsonObject       *properties,
                                               const char      **code,
                                               guint            *status);
JsonObject *practice_function_next_attributes (const char       *id,
                                               JsonObject       *properties,
                                               JsonObject       *known,
                                               gboolean          publish);
gboolean    practice_function_use_stores      (Practice         *practice,
                                               const char       *id,
                                               JsonObject       *properties,
                                               JsonObject       *attributes,
                                               GError          **error);
JsonObject *practice_function_get_live        (PracticeResource *function);

void        cloudfront_list_functions         (PracticeCall     *call,
                                               GStrv             parts);
void        cloudfront_describe_function      (PracticeCall     *call,
                                               GStrv             parts);
void        cloudfront_get_function           (PracticeCall     *call,
                                               GStrv             parts);
void        cloudfront_update_function        (PracticeCall     *call,
                                               GStrv             parts);
void        cloudfront_publish_function       (PracticeCall     *call,
                                               GStrv             parts);
void        cloudfront_test_function          (PracticeCall     *call,
                                               GStrv             parts);

/* ---- porch-practice-cloudfront-domain.c ---- */

void        cloudfront_list_domain_conflicts     (PracticeCall  *call,
                                                  GStrv          parts);
void        cloudfront_update_domain_association (PracticeCall  *call,
                                                  GStrv          parts);

G_END_DECLS
