/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

guint32  aws_crc32             (guint32        crc,
                                gconstpointer  data,
                                gsize          length);
guint64  aws_crc64nvme         (guint64        crc,
                                gconstpointer  data,
                                gsize          length);
char    *aws_crc32_base64      (guint32        crc);
char    *aws_crc64nvme_base64  (guint64        crc);

char    *aws_sha256_hex        (gconstpointer  data,
                                gsize          length);
char    *aws_sha256_base64     (gconstpointer  data,
                                gsize          length);
char    *aws_md5_base64        (gconstpointer  data,
                                gsize          length);
char    *aws_md5_hex           (gconstpointer  data,
                                gsize          length);
char    *aws_hex_encode        (gconstpointer  data,
                                gsize          length);
gboolean aws_hex_decode        (const char    *hex,
                                guint8        *data,
                                gsize          length);
char    *aws_base64_from_hex   (const char    *hex);

/* A digest over data that comes in pieces: "SHA256" or "MD5". */
typedef struct _AwsDigest AwsDigest;

AwsDigest *aws_digest_new           (const char    *algorithm);
AwsDigest *aws_digest_new_composite (gsize          part_size);
void       aws_digest_update        (AwsDigest     *self,
                                     gconstpointer  data,
                                     gsize          length);
char      *aws_digest_finish_hex    (AwsDigest     *self);
GBytes    *aws_digest_dup_parts     (AwsDigest     *self);
void       aws_digest_free          (AwsDigest     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AwsDigest, aws_digest_free)

/* How many bytes a SHA-256 has */
#define AWS_SHA256_SIZE 32

/**
 * AwsFileSums:
 * @length: bytes read
 * @sha256: hex SHA-256, as [func@file_sums_load] was told to make it
 * @crc64nvme: CRC-64/NVME
 */
typedef struct
{
  guint64 length;
  char    sha256[65];
  guint64 crc64nvme;
} AwsFileSums;

#define AWS_TYPE_FILE_SUMS (aws_file_sums_get_type ())

GType      aws_file_sums_get_type (void) G_GNUC_CONST;
DexFuture *aws_file_sums_load     (GFile     *file,
                                   goffset    offset,
                                   goffset    length,
                                   AwsDigest *digest) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
