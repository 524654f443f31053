/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The checksums that S3 knows, over bodies that come in pieces. */
typedef enum
{
  PRACTICE_SUM_CRC32,
  PRACTICE_SUM_CRC32C,
  PRACTICE_SUM_CRC64NVME,
  PRACTICE_SUM_SHA1,
  PRACTICE_SUM_SHA256,
  PRACTICE_SUM_MD5,
  PRACTICE_N_SUMS,
} PracticeSum;

/* x-amz-checksum-*: all but MD5 */
#define PRACTICE_N_CHECKSUMS PRACTICE_SUM_MD5

typedef struct _PracticeDigest PracticeDigest;

const char     *practice_sum_get_name     (PracticeSum      sum);           /* "CRC64NVME" */
gboolean        practice_sum_parse        (const char      *name,           /* any case */
                                           PracticeSum     *sum);
gsize           practice_sum_get_length   (PracticeSum      sum);           /* bytes */
gboolean        practice_sum_is_crc       (PracticeSum      sum);

/* @sums: 1 << PracticeSum, or-ed */
PracticeDigest *practice_digest_new       (guint            sums);
void            practice_digest_update    (PracticeDigest  *digest,
                                           gconstpointer    data,
                                           gsize            length);
/* Ends that sum: it can be read once. @value has room for 32 bytes. Returns the length. */
gsize           practice_digest_finish    (PracticeDigest  *digest,
                                           PracticeSum      sum,
                                           guint8          *value);
char           *practice_digest_finish_base64 (PracticeDigest *digest,
                                           PracticeSum      sum);
char           *practice_digest_finish_hex (PracticeDigest *digest,
                                           PracticeSum      sum);
void            practice_digest_free      (PracticeDigest  *digest);

/* The CRC of two stretches one after the other, from theirs; base64 in and out. */
char           *practice_crc_combine      (PracticeSum      sum,
                                           const char      *first,
                                           const char      *second,
                                           guint64          second_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeDigest, practice_digest_free)

G_END_DECLS
