/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-digest.h"

#include <openssl/evp.h>
#include <string.h>

#include "aws-checksum.h"

typedef struct
{
  const char  *name;
  gsize        length;
  guint64      polynomial;   /* reflected; of CRCs */
} SumKind;

static const SumKind kinds[PRACTICE_N_SUMS] = {
  [PRACTICE_SUM_CRC32] = { "CRC32", 4, G_GUINT64_CONSTANT (0xedb88320) },
  [PRACTICE_SUM_CRC32C] = { "CRC32C", 4, G_GUINT64_CONSTANT (0x82f63b78) },
  [PRACTICE_SUM_CRC64NVME] = { "CRC64NVME", 8, G_GUINT64_CONSTANT (0x9a6c9329ac4bc9b5) },
  [PRACTICE_SUM_SHA1] = { "SHA1", 20, 0 },
  [PRACTICE_SUM_SHA256] = { "SHA256", 32, 0 },
  [PRACTICE_SUM_MD5] = { "MD5", 16, 0 },
};

struct _PracticeDigest
{
  guint        sums;
  guint64      crcs[PRACTICE_SUM_CRC64NVME + 1];
  EVP_MD_CTX  *contexts[PRACTICE_N_SUMS];
};

const char *
practice_sum_get_name (PracticeSum sum)
{
  return kinds[sum].name;
}

gsize
practice_sum_get_length (PracticeSum sum)
{
  return kinds[sum].length;
}

gboolean
practice_sum_is_crc (PracticeSum sum)
{
  return kinds[sum].polynomial != 0;
}

gboolean
practice_sum_parse (const char  *name,
                    PracticeSum *sum)
{
  for (guint i = 0; i < PRACTICE_N_CHECKSUMS; i++)
    if (g_ascii_strcasecmp (kinds[i].name, name) == 0)
      {
        *sum = i;

        return TRUE;
      }

  return FALSE;
}

/* Eight bytes at a time, by eight tables */
static guint32
update_crc32c (guint32       crc,
               const guint8 *data,
               gsize         length)
{
  static guint32 tables[8][256];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < 256; i++)
        {
          guint32 value = i;

          for (guint bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? (value >> 1) ^ (guint32) kinds[PRACTICE_SUM_CRC32C].polynomial : value >> 1;
          tables[0][i] = value;
        }
      for (guint table = 1; table < 8; table++)
        for (guint i = 0; i < 256; i++)
          tables[table][i] = (tables[table - 1][i] >> 8) ^ tables[0][tables[table - 1][i] & 0xff];
      g_once_init_leave (&ready, 1);
    }

  crc = ~crc;
  for (; length >= 8; data += 8, length -= 8)
    {
      guint32 low;
      guint32 high;

      memcpy (&low, data, 4);
      memcpy (&high, data + 4, 4);
      low = GUINT32_FROM_LE (low) ^ crc;
      high = GUINT32_FROM_LE (high);
      crc = tables[7][low & 0xff] ^ tables[6][(low >> 8) & 0xff] ^
            tables[5][(low >> 16) & 0xff] ^ tables[4][low >> 24] ^
            tables[3][high & 0xff] ^ tables[2][(high >> 8) & 0xff] ^
            tables[1][(high >> 16) & 0xff] ^ tables[0][high >> 24];
    }
  for (; length > 0; data++, length--)
    crc = (crc >> 8) ^ tables[0][(crc ^ *data) & 0xff];

  return ~crc;
}

/* Looking an algorithm up costs more than hashing a small body, so it is done once */
static const EVP_MD *
find_algorithm (PracticeSum sum)
{
  static EVP_MD *algorithms[PRACTICE_N_SUMS];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (PracticeSum i = PRACTICE_SUM_SHA1; i < PRACTICE_N_SUMS; i++)
        algorithms[i] = EVP_MD_fetch (NULL, kinds[i].name, NULL);
      g_once_init_leave (&ready, 1);
    }

  return algorithms[sum];
}

PracticeDigest *
practice_digest_new (guint sums)
{
  PracticeDigest *digest = g_new0 (PracticeDigest, 1);

  digest->sums = sums;
  for (PracticeSum i = PRACTICE_SUM_SHA1; i < PRACTICE_N_SUMS; i++)
    if ((sums & (1u << i)) != 0)
      {
        digest->contexts[i] = EVP_MD_CTX_new ();
        EVP_DigestInit_ex (digest->contexts[i], find_algorithm (i), NULL);
      }

  return digest;
}

void
practice_digest_update (PracticeDigest *digest,
                        gconstpointer   data,
                        gsize           length)
{
  if ((digest->sums & (1u << PRACTICE_SUM_CRC32)) != 0)
    digest->crcs[PRACTICE_SUM_CRC32] = aws_crc32 (digest->crcs[PRACTICE_SUM_CRC32], data, length);
  if ((digest->sums & (1u << PRACTICE_SUM_CRC32C)) != 0)
    digest->crcs[PRACTICE_SUM_CRC32C] = update_crc32c (digest->crcs[PRACTICE_SUM_CRC32C], data, length);
  if ((digest->sums & (1u << PRACTICE_SUM_CRC64NVME)) != 0)
    digest->crcs[PRACTICE_SUM_CRC64NVME] = aws_crc64nvme (digest->crcs[PRACTICE_SUM_CRC64NVME], data, length);

  for (guint i = PRACTICE_SUM_SHA1; i < PRACTICE_N_SUMS; i++)
    if (digest->contexts[i] != NULL)
      EVP_DigestUpdate (digest->contexts[i], data, length);
}

static void
store_crc (guint64  crc,
           gsize    length,
           guint8  *value)
{
  for (gsize i = 0; i < length; i++)
    value[i] = (guint8) (crc >> (8 * (length - 1 - i)));
}

gsize
practice_digest_finish (PracticeDigest *digest,
                        PracticeSum     sum,
                        guint8         *value)
{
  g_return_val_if_fail ((digest->sums & (1u << sum)) != 0, 0);

  digest->sums &= ~(1u << sum);
  if (practice_sum_is_crc (sum))
    store_crc (digest->crcs[sum], kinds[sum].length, value);
  else
    EVP_DigestFinal_ex (digest->contexts[sum], value, NULL);

  return kinds[sum].length;
}

char *
practice_digest_finish_base64 (PracticeDigest *digest,
                               PracticeSum     sum)
{
  guint8 value[EVP_MAX_MD_SIZE];
  gsize length = practice_digest_finish (digest, sum, value);

  return g_base64_encode (value, length);
}

char *
practice_digest_finish_hex (PracticeDigest *digest,
                            PracticeSum     sum)
{
  guint8 value[EVP_MAX_MD_SIZE];
  gsize length = practice_digest_finish (digest, sum, value);

  return aws_hex_encode (value, length);
}

void
practice_digest_free (PracticeDigest *digest)
{
  for (guint i = 0; i < PRACTICE_N_SUMS; i++)
    EVP_MD_CTX_free (digest->contexts[i]);
  g_free (digest);
}

/* Product of two polynomials over GF(2) modulo the CRC's, all with the highest power in bit 0 */
static guint64
multiply (guint64 a,
          guint64 b,
          guint64 polynomial,
          guint64 one)
{
  guint64 product = 0;

  for (guint64 bit = one; bit != 0 && a != 0; bit >>= 1)
    {
      if ((a & bit) != 0)
        {
          product ^= b;
          a &= ~bit;
        }
      b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
    }

  return product;
}

static gboolean
load_crc (const char *base64,
          gsize       length,
          guint64    *crc)
{
  gsize size;
  g_autofree guint8 *value = g_base64_decode (base64, &size);

  *crc = 0;
  for (gsize i = 0; i < size; i++)
    *crc = (*crc << 8) | value[i];

  return size == length;
}

char *
practice_crc_combine (PracticeSum  sum,
                      const char  *first,
                      const char  *second,
                      guint64      second_length)
{
  const SumKind *kind = &kinds[sum];
  guint64 one = G_GUINT64_CONSTANT (1) << (kind->length * 8 - 1);
  guint64 power = one;
  guint64 square = one >> 8;   /* x^8: one byte */
  guint64 a;
  guint64 b;
  guint8 value[8];

  if (!load_crc (first, kind->length, &a) || !load_crc (second, kind->length, &b))
    return NULL;

  /* appending n bytes multiplies what came before by x^8n */
  for (; second_length > 0; second_length >>= 1)
    {
      if ((second_length & 1) != 0)
        power = multiply (power, square, kind->polynomial, one);
      square = multiply (square, square, kind->polynomial, one);
    }

  store_crc (multiply (a, power, kind->polynomial, one) ^ b, kind->length, value);

  return g_base64_encode (value, kind->length);
}
