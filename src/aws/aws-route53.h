/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_HOSTED_ZONE  (aws_hosted_zone_get_type ())
#define AWS_TYPE_RECORD_SET   (aws_record_set_get_type ())
#define AWS_TYPE_RECORD_BATCH (aws_record_batch_get_type ())
#define AWS_TYPE_ZONE_CHANGE  (aws_zone_change_get_type ())
#define AWS_TYPE_ZONE_SIGNING (aws_zone_signing_get_type ())

/* Where aliases for distributions point */
#define AWS_ROUTE53_CLOUDFRONT_ZONE "Z2FDTNDATAQYW2"

/* The DNS of a domain. */
AWS_DECLARE_BOXED (AwsHostedZone, aws_hosted_zone)

const char   *aws_hosted_zone_get_id               (AwsHostedZone *self);
char         *aws_hosted_zone_dup_name             (AwsHostedZone *self);
const char   *aws_hosted_zone_get_caller_reference (AwsHostedZone *self);
const char   *aws_hosted_zone_get_comment          (AwsHostedZone *self);
gboolean      aws_hosted_zone_is_private           (AwsHostedZone *self);
gint64        aws_hosted_zone_get_record_count     (AwsHostedZone *self);
GStrv         aws_hosted_zone_dup_name_servers     (AwsHostedZone *self);
const char   *aws_hosted_zone_get_change_id        (AwsHostedZone *self);

/* The records of one name and type. Immutable. */
AWS_DECLARE_BOXED (AwsRecordSet, aws_record_set)

AwsRecordSet *aws_record_set_new                   (const char         *name,
                                                    const char         *type,
                                                    guint               ttl,
                                                    const char * const *values);
AwsRecordSet *aws_record_set_new_text              (const char         *name,
                                                    guint               ttl,
                                                    const char         *text);
AwsRecordSet *aws_record_set_new_alias             (const char         *name,
                                                    const char         *type,
                                                    const char         *target_zone_id,
                                                    const char         *target);
char         *aws_record_set_dup_name              (AwsRecordSet       *self);
const char   *aws_record_set_get_record_type       (AwsRecordSet       *self);
gint64        aws_record_set_get_ttl               (AwsRecordSet       *self);
GStrv         aws_record_set_dup_values            (AwsRecordSet       *self);
GStrv         aws_record_set_dup_texts             (AwsRecordSet       *self);
const char   *aws_record_set_get_identifier        (AwsRecordSet       *self);
gboolean      aws_record_set_is_alias              (AwsRecordSet       *self);
const char   *aws_record_set_get_alias_zone_id     (AwsRecordSet       *self);
char         *aws_record_set_dup_alias_target      (AwsRecordSet       *self);

/**
 * AwsRecordAction:
 * @AWS_RECORD_ACTION_CREATE: makes records, refused if there are some of that name and type
 * @AWS_RECORD_ACTION_UPSERT: makes records, or replaces those of that name and type
 * @AWS_RECORD_ACTION_DELETE: deletes records that are exactly these
 */
typedef enum
{
  AWS_RECORD_ACTION_CREATE,
  AWS_RECORD_ACTION_UPSERT,
  AWS_RECORD_ACTION_DELETE,
} AwsRecordAction;

/* Changes that are made all or not at all. */
AWS_DECLARE_BOXED (AwsRecordBatch, aws_record_batch)

AwsRecordBatch *aws_record_batch_new               (const char      *comment);
void            aws_record_batch_add               (AwsRecordBatch  *self,
                                                    AwsRecordAction  action,
                                                    AwsRecordSet    *records);
guint           aws_record_batch_get_length        (AwsRecordBatch  *self);

/* How far a change has got. */
AWS_DECLARE_BOXED (AwsZoneChange, aws_zone_change)

const char   *aws_zone_change_get_id               (AwsZoneChange *self);
gboolean      aws_zone_change_is_in_sync           (AwsZoneChange *self);
GDateTime    *aws_zone_change_dup_submitted        (AwsZoneChange *self);

/* Whether the answers of a zone are signed. */
AWS_DECLARE_BOXED (AwsZoneSigning, aws_zone_signing)

const char   *aws_zone_signing_get_status          (AwsZoneSigning *self);
const char   *aws_zone_signing_get_message         (AwsZoneSigning *self);
GStrv         aws_zone_signing_dup_ds_records      (AwsZoneSigning *self);

/* How names and texts are written */
char         *aws_dns_name_decode                  (const char *name);
gboolean      aws_dns_name_equal                   (const char *a,
                                                    const char *b);
char         *aws_dns_text_quote                   (const char *text);
char         *aws_dns_text_unquote                 (const char *value);

DexFuture    *aws_route53_create_zone              (AwsClient          *client,
                                                    const char         *name,
                                                    const char         *caller_reference,
                                                    const char         *comment) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_get_zone                 (AwsClient          *client,
                                                    const char         *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_list_zones               (AwsClient          *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_find_zones               (AwsClient          *client,
                                                    const char         *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_count_zones              (AwsClient          *client) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_delete_zone              (AwsClient          *client,
                                                    const char         *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_list_records             (AwsClient          *client,
                                                    const char         *zone_id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_change_records           (AwsClient          *client,
                                                    const char         *zone_id,
                                                    AwsRecordBatch     *batch) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_get_change               (AwsClient          *client,
                                                    const char         *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_change_tags              (AwsClient          *client,
                                                    const char         *zone_id,
                                                    const char * const *set_tags,
                                                    const char * const *remove_keys) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_list_tags                (AwsClient          *client,
                                                    const char         *zone_id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *aws_route53_get_signing              (AwsClient          *client,
                                                    const char         *zone_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
