/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-xml.h"
#include "porch-practice-fault.h"
#include "porch-practice-route53.h"

G_BEGIN_DECLS

/* A record set as it is kept, a JSON object: Name and Type as strings, TTL as a number and Values as an array of strings, or
 * AliasTarget with HostedZoneId, DNSName and EvaluateTargetHealth; SetIdentifier and Routing (XML) where there are any. */

/* Names are kept in lower case, with escapes and a dot at the end; NULL with an error for what is none. */
char       *practice_dns_normalize       (const char   *name,
                                          GError      **error);
/* "com.example.www." of "www.example.com.": the order of lists */
char       *practice_dns_sort_key        (const char   *name);

JsonObject *practice_record_read         (AwsXmlNode   *node,
                                          const char   *action,
                                          GError      **error);
gboolean    practice_record_check        (Practice     *practice,
                                          JsonObject   *record,
                                          const char   *zone_name,
                                          GError      **error);
void        practice_record_append       (JsonObject   *record,
                                          GString      *xml);
gboolean    practice_record_equal        (JsonObject   *a,
                                          JsonObject   *b);

void        practice_route53_list_records   (PracticeCall *call,
                                             const char   *zone_id);
void        practice_route53_change_records (PracticeCall *call,
                                             const char   *zone_id,
                                             const char   *zone_name);

gboolean    practice_record_check_conflicts (Practice     *practice,
                                          const char   *zone_id,
                                          const char   *zone_name,
                                          JsonObject   *record,
                                          GError      **error);

/* The record set that answers for a name (normal form) in a zone, a star's among them; NULL if there is none. */
JsonObject *practice_record_find         (Practice     *practice,
                                          const char   *zone_id,
                                          const char   *name,
                                          const char   *type);

/* Puts a record that needs no check. */
gboolean    practice_record_put          (Practice     *practice,
                                          const char   *zone_id,
                                          JsonObject   *record,
                                          GError      **error);

void        practice_route53_answer      (PracticeCall *call,
                                          guint         status,
                                          const char   *root,
                                          GString      *inner);
void        practice_route53_refuse      (PracticeCall *call,
                                          const GError *error);
/* Notes a change and appends its ChangeInfo. */
gboolean    practice_route53_add_change  (PracticeCall *call,
                                          const char   *comment,
                                          GString      *xml,
                                          GError      **error);
gboolean    practice_route53_get_limit   (PracticeCall *call,
                                          gint64        most,
                                          gint64       *limit);

G_END_DECLS
