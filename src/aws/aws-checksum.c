/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-checksum.h"

#include <openssl/evp.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "aws-thread.h"

#define CHUNK (256 * 1024)

/* The reflected polynomials */
#define CRC32_POLYNOMIAL     G_GUINT64_CONSTANT (0xEDB88320)
#define CRC64NVME_POLYNOMIAL G_GUINT64_CONSTANT (0x9A6C9329AC4BC9B5)

/* Eight tables, so that eight bytes are taken at a time. The factors move a block of 16 bytes over four such blocks, and over
 * one, that come after it: one for its first and one for its second half. */
typedef struct
{
  guint64 table[8][256];
  guint64 by_four[2];
  guint64 by_one[2];
} CrcTables;

/* x to the power of @n, modulo the polynomial; reflected, as the polynomial is */
static guint64
crc_power (guint   n,
           guint64 polynomial)
{
  guint64 power = G_GUINT64_CONSTANT (1) << 63;

  while (n-- > 0)
    power = (power & 1) ? (power >> 1) ^ polynomial : power >> 1;

  return power;
}

static void
crc_tables_init (CrcTables *tables,
                 guint64    polynomial)
{
  for (guint i = 0; i < 256; i++)
    {
      guint64 crc = i;

      for (guint bit = 0; bit < 8; bit++)
        crc = (crc & 1) ? (crc >> 1) ^ polynomial : crc >> 1;
      tables->table[0][i] = crc;
    }

  for (guint i = 0; i < 256; i++)
    {
      for (guint n = 1; n < 8; n++)
        tables->table[n][i] = (tables->table[n - 1][i] >> 8) ^ tables->table[0][tables->table[n - 1][i] & 0xff];
    }

  /* The product of two reflected numbers is one bit short of its place */
  for (guint half = 0; half < 2; half++)
    {
      tables->by_four[half] = crc_power (4 * 128 + 64 * (1 - half) - 1, polynomial);
      tables->by_one[half] = crc_power (128 + 64 * (1 - half) - 1, polynomial);
    }
}

static const CrcTables *
crc_tables_get (gboolean wide)
{
  static CrcTables narrow_tables;
  static CrcTables wide_tables;
  static gsize initialized;

  if (g_once_init_enter (&initialized))
    {
      crc_tables_init (&narrow_tables, CRC32_POLYNOMIAL);
      crc_tables_init (&wide_tables, CRC64NVME_POLYNOMIAL);
      g_once_init_leave (&initialized, 1);
    }

  return wide ? &wide_tables : &narrow_tables;
}

static guint64
crc_update (const CrcTables *tables,
            guint64          crc,
            const guint8    *data,
            gsize            length)
{
  for (; length >= 8; data += 8, length -= 8)
    {
      guint64 word;

      memcpy (&word, data, 8);
      word = GUINT64_FROM_LE (word) ^ crc;
      crc = tables->table[7][word & 0xff] ^
            tables->table[6][(word >> 8) & 0xff] ^
            tables->table[5][(word >> 16) & 0xff] ^
            tables->table[4][(word >> 24) & 0xff] ^
            tables->table[3][(word >> 32) & 0xff] ^
            tables->table[2][(word >> 40) & 0xff] ^
            tables->table[1][(word >> 48) & 0xff] ^
            tables->table[0][word >> 56];
    }

  for (; length > 0; data++, length--)
    crc = tables->table[0][(crc ^ *data) & 0xff] ^ (crc >> 8);

  return crc;
}

#ifdef __x86_64__

__attribute__ ((target ("pclmul")))
static inline __m128i
crc64_fold (__m128i block,
            __m128i factors,
            __m128i next)
{
  return _mm_xor_si128 (next, _mm_xor_si128 (_mm_clmulepi64_si128 (block, factors, 0x00),
                                             _mm_clmulepi64_si128 (block, factors, 0x11)));
}

/* Carry-less multiplication as in Gopal and others, “Fast CRC Computation for Generic Polynomials Using PCLMULQDQ” (Intel,
 * 2009): four blocks side by side, then one; what is left of them has the sum of all. At least 64 bytes. */
__attribute__ ((target ("pclmul")))
static guint64
crc64_update_folding (guint64       crc,
                      const guint8 *data,
                      gsize         length)
{
  const CrcTables *tables = crc_tables_get (TRUE);
  const __m128i by_four = _mm_set_epi64x (tables->by_four[1], tables->by_four[0]);
  const __m128i by_one = _mm_set_epi64x (tables->by_one[1], tables->by_one[0]);
  const __m128i *blocks = (const __m128i *) data;
  gsize n_blocks = length / 16;
  __m128i state[4];
  guint8 rest[16];

  for (guint i = 0; i < 4; i++)
    state[i] = _mm_loadu_si128 (blocks++);
  state[0] = _mm_xor_si128 (state[0], _mm_set_epi64x (0, crc));

  for (n_blocks -= 4; n_blocks >= 4; n_blocks -= 4, blocks += 4)
    {
      for (guint i = 0; i < 4; i++)
        state[i] = crc64_fold (state[i], by_four, _mm_loadu_si128 (blocks + i));
    }

  for (guint i = 1; i < 4; i++)
    state[i] = crc64_fold (state[i - 1], by_one, state[i]);
  for (; n_blocks > 0; n_blocks--)
    state[3] = crc64_fold (state[3], by_one, _mm_loadu_si128 (blocks++));

  _mm_storeu_si128 ((__m128i *) rest, state[3]);
  crc = crc_update (tables, 0, rest, sizeof rest);

  return crc_update (tables, crc, (const guint8 *) blocks, length % 16);
}

#endif

static guint64
crc64_update (guint64       crc,
              const guint8 *data,
              gsize         length)
{
#ifdef __x86_64__
  if (length >= 1024 && __builtin_cpu_supports ("pclmul"))
    return crc64_update_folding (crc, data, length);
#endif

  return crc_update (crc_tables_get (TRUE), crc, data, length);
}

/**
 * aws_crc32:
 * @crc: the sum so far, 0 at first
 * @data: more data
 * @length: its length
 *
 * Continues a CRC-32 as used by zlib, S3 and DynamoDB.
 *
 * Returns: the sum including @data
 */
guint32
aws_crc32 (guint32       crc,
           gconstpointer data,
           gsize         length)
{
  return ~(guint32) crc_update (crc_tables_get (FALSE), (guint32) ~crc, data, length);
}

/**
 * aws_crc64nvme:
 * @crc: the sum so far, 0 at first
 * @data: more data
 * @length: its length
 *
 * Continues a CRC-64/NVME.
 *
 * Returns: the sum including @data
 */
guint64
aws_crc64nvme (guint64       crc,
               gconstpointer data,
               gsize         length)
{
  return ~crc64_update (~crc, data, length);
}

/**
 * aws_crc32_base64:
 * @crc: a sum
 *
 * Returns: (transfer full): the sum as checksum headers want it
 */
char *
aws_crc32_base64 (guint32 crc)
{
  guint32 big = GUINT32_TO_BE (crc);

  return g_base64_encode ((const guchar *) &big, sizeof big);
}

/**
 * aws_crc64nvme_base64:
 * @crc: a sum
 *
 * Returns: (transfer full): the sum as checksum headers want it
 */
char *
aws_crc64nvme_base64 (guint64 crc)
{
  guint64 big = GUINT64_TO_BE (crc);

  return g_base64_encode ((const guchar *) &big, sizeof big);
}

/* Looking an algorithm up costs more than hashing a small body, so it is done once */
static const EVP_MD *
digest_algorithm (const char *name)
{
  static EVP_MD *sha256;
  static EVP_MD *md5;
  static gsize initialized;

  if (g_once_init_enter (&initialized))
    {
      sha256 = EVP_MD_fetch (NULL, "SHA256", NULL);
      md5 = EVP_MD_fetch (NULL, "MD5", NULL);
      g_once_init_leave (&initialized, 1);
    }

  return g_str_equal (name, "MD5") ? md5 : sha256;
}

static guint
digest (const char    *algorithm,
        gconstpointer  data,
        gsize          length,
        guchar         result[EVP_MAX_MD_SIZE])
{
  guint size = 0;

  if (!EVP_Digest (data ? data : "", length, result, &size, digest_algorithm (algorithm), NULL))
    g_error ("%s is not available", algorithm);

  return size;
}

/**
 * aws_hex_encode:
 * @data: bytes
 * @length: how many
 *
 * Returns: (transfer full): the bytes in lower-case hexadecimal
 */
char *
aws_hex_encode (gconstpointer data,
                gsize         length)
{
  static const char digits[] = "0123456789abcdef";
  const guint8 *bytes = data;
  char *hex = g_malloc (length * 2 + 1);

  for (gsize i = 0; i < length; i++)
    {
      hex[i * 2] = digits[bytes[i] >> 4];
      hex[i * 2 + 1] = digits[bytes[i] & 15];
    }
  hex[length * 2] = '\0';

  return hex;
}

/**
 * aws_hex_decode:
 * @hex: hexadecimal text
 * @data: (array length=length): where to write
 * @length: how many bytes are wanted
 *
 * Reads hexadecimal text that must be exactly as long as wanted.
 *
 * Returns: whether it was
 */
gboolean
aws_hex_decode (const char *hex,
                guint8     *data,
                gsize       length)
{
  g_return_val_if_fail (hex != NULL, FALSE);

  if (strlen (hex) != length * 2)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isxdigit (hex[i * 2]) || !g_ascii_isxdigit (hex[i * 2 + 1]))
        return FALSE;
      data[i] = g_ascii_xdigit_value (hex[i * 2]) << 4 | g_ascii_xdigit_value (hex[i * 2 + 1]);
    }

  return TRUE;
}

/**
 * aws_base64_from_hex:
 * @hex: a digest in hexadecimal
 *
 * Returns: (transfer full) (nullable): the digest in Base64, or %NULL if @hex is none
 */
char *
aws_base64_from_hex (const char *hex)
{
  guint8 bytes[EVP_MAX_MD_SIZE];
  gsize length;

  g_return_val_if_fail (hex != NULL, NULL);

  length = strlen (hex) / 2;
  if (length > sizeof bytes || !aws_hex_decode (hex, bytes, length))
    return NULL;

  return g_base64_encode (bytes, length);
}

/**
 * aws_sha256_hex:
 * @data: (nullable): bytes
 * @length: how many
 *
 * Returns: (transfer full): their SHA-256 in hexadecimal
 */
char *
aws_sha256_hex (gconstpointer data,
                gsize         length)
{
  guchar result[EVP_MAX_MD_SIZE];

  return aws_hex_encode (result, digest ("SHA256", data, length, result));
}

/**
 * aws_sha256_base64:
 * @data: (nullable): bytes
 * @length: how many
 *
 * Returns: (transfer full): their SHA-256 in Base64
 */
char *
aws_sha256_base64 (gconstpointer data,
                   gsize         length)
{
  guchar result[EVP_MAX_MD_SIZE];

  return g_base64_encode (result, digest ("SHA256", data, length, result));
}

/**
 * aws_md5_hex:
 * @data: (nullable): bytes
 * @length: how many
 *
 * Returns: (transfer full): their MD5 in hexadecimal
 */
char *
aws_md5_hex (gconstpointer data,
             gsize         length)
{
  guchar result[EVP_MAX_MD_SIZE];

  return aws_hex_encode (result, digest ("MD5", data, length, result));
}

/**
 * aws_md5_base64:
 * @data: (nullable): bytes
 * @length: how many
 *
 * Returns: (transfer full): their MD5 in Base64
 */
char *
aws_md5_base64 (gconstpointer data,
                gsize         length)
{
  guchar result[EVP_MAX_MD_SIZE];

  return g_base64_encode (result, digest ("MD5", data, length, result));
}

struct _AwsDigest
{
  EVP_MD_CTX *context;
  EVP_MD_CTX *part;        /* these three of a composite one */
  gsize       part_size;
  gsize       in_part;
  GByteArray *parts;
};

/**
 * aws_digest_new:
 * @algorithm: `SHA256` or `MD5`
 *
 * Begins a digest.
 *
 * Returns: (transfer full): the digest
 */
AwsDigest *
aws_digest_new (const char *algorithm)
{
  AwsDigest *self = g_new0 (AwsDigest, 1);

  self->context = EVP_MD_CTX_new ();
  if (!EVP_DigestInit_ex2 (self->context, digest_algorithm (algorithm), NULL))
    g_error ("%s is not available", algorithm);

  return self;
}

/**
 * aws_digest_new_composite:
 * @part_size: how many bytes each part has but the last
 *
 * Begins a SHA-256 of the SHA-256s of all parts, which is how S3 sums up an object that came in parts (its "composite"
 * checksum). Who sends the parts needs the sums of each, and so no byte is summed up twice.
 *
 * Returns: (transfer full): the digest
 */
AwsDigest *
aws_digest_new_composite (gsize part_size)
{
  AwsDigest *self;

  g_return_val_if_fail (part_size > 0, NULL);

  self = aws_digest_new ("SHA256");
  self->part = EVP_MD_CTX_new ();
  self->part_size = part_size;
  self->parts = g_byte_array_new ();

  return self;
}

static void
end_part (AwsDigest *self)
{
  guchar sum[EVP_MAX_MD_SIZE];

  if (self->in_part == 0)
    return;

  EVP_DigestFinal_ex (self->part, sum, NULL);
  EVP_DigestUpdate (self->context, sum, AWS_SHA256_SIZE);
  g_byte_array_append (self->parts, sum, AWS_SHA256_SIZE);
  self->in_part = 0;
}

static void
update_parts (AwsDigest    *self,
              const guint8 *data,
              gsize         length)
{
  while (length > 0)
    {
      gsize n = MIN (length, self->part_size - self->in_part);

      if (self->in_part == 0)
        EVP_DigestInit_ex2 (self->part, digest_algorithm ("SHA256"), NULL);

      EVP_DigestUpdate (self->part, data, n);
      self->in_part += n;
      data += n;
      length -= n;

      if (self->in_part == self->part_size)
        end_part (self);
    }
}

/**
 * aws_digest_update:
 * @self: a digest
 * @data: (nullable): more data
 * @length: its length
 *
 * Takes more data in.
 */
void
aws_digest_update (AwsDigest     *self,
                   gconstpointer  data,
                   gsize          length)
{
  g_return_if_fail (self != NULL);

  if (self->part != NULL)
    update_parts (self, data, length);
  else if (length > 0)
    EVP_DigestUpdate (self->context, data, length);
}

/**
 * aws_digest_finish_hex:
 * @self: a digest
 *
 * Ends the digest; it can't take more data afterwards.
 *
 * Returns: (transfer full): the digest in hexadecimal
 */
char *
aws_digest_finish_hex (AwsDigest *self)
{
  guchar result[EVP_MAX_MD_SIZE];
  guint size = 0;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->part != NULL)
    end_part (self);

  EVP_DigestFinal_ex (self->context, result, &size);

  return aws_hex_encode (result, size);
}

/**
 * aws_digest_dup_parts:
 * @self: a composite digest that is finished
 *
 * Returns: (transfer full) (nullable): the SHA-256s of its parts, %AWS_SHA256_SIZE bytes each, or %NULL if it has no parts
 */
GBytes *
aws_digest_dup_parts (AwsDigest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->parts != NULL ? g_bytes_new (self->parts->data, self->parts->len) : NULL;
}

/**
 * aws_digest_free:
 * @self: (nullable): a digest
 *
 * Frees a digest, finished or not.
 */
void
aws_digest_free (AwsDigest *self)
{
  if (self == NULL)
    return;

  EVP_MD_CTX_free (self->context);
  EVP_MD_CTX_free (self->part);
  g_clear_pointer (&self->parts, g_byte_array_unref);
  g_free (self);
}

static AwsFileSums *
aws_file_sums_copy (AwsFileSums *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (AwsFileSums, aws_file_sums, aws_file_sums_copy, g_free)

typedef struct
{
  GFile     *file;
  goffset    offset;
  goffset    length;
  AwsDigest *digest;   /* nullable */
} FileRange;

static void
file_range_free (gpointer data)
{
  FileRange *range = data;

  g_clear_object (&range->file);
  g_clear_pointer (&range->digest, aws_digest_free);
  g_free (range);
}

static DexFuture *
load_sums (gpointer user_data)
{
  FileRange *range = user_data;
  g_autoptr(GFileInputStream) stream = NULL;
  g_autofree char *buffer = NULL;
  g_autofree char *hex = NULL;
  g_autoptr(GError) error = NULL;
  AwsFileSums *sums;
  guint64 crc64nvme = 0;
  guint64 done = 0;
  gssize got = 0;

  if (!(stream = g_file_read (range->file, NULL, &error)) ||
      (range->offset > 0 && !g_seekable_seek (G_SEEKABLE (stream), range->offset, G_SEEK_SET, NULL, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  buffer = g_malloc (CHUNK);
  while (range->length < 0 || done < (guint64) range->length)
    {
      gsize wanted = range->length < 0 ? CHUNK : MIN (CHUNK, (guint64) range->length - done);

      got = g_input_stream_read (G_INPUT_STREAM (stream), buffer, wanted, NULL, &error);
      if (got <= 0)
        break;

      if (range->digest != NULL)
        aws_digest_update (range->digest, buffer, got);
      crc64nvme = aws_crc64nvme (crc64nvme, buffer, got);
      done += got;
    }
  if (got < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));

  sums = g_new0 (AwsFileSums, 1);
  sums->length = done;
  sums->crc64nvme = crc64nvme;

  if (range->digest != NULL)
    {
      hex = aws_digest_finish_hex (range->digest);
      g_strlcpy (sums->sha256, hex, sizeof sums->sha256);
    }

  return dex_future_new_take_boxed (AWS_TYPE_FILE_SUMS, sums);
}

/**
 * aws_file_sums_load:
 * @file: a file
 * @offset: where to begin
 * @length: how many bytes to read at most, or -1 for the rest
 * @digest: (transfer full) (nullable): the SHA-256 to make of it, or %NULL to leave that empty: it takes most of the time
 *
 * Reads a file on a worker thread and sums it up.
 *
 * Returns: (transfer full): resolves to an [struct@AwsFileSums], or rejects with a `G_IO_ERROR`
 */
DexFuture *
aws_file_sums_load (GFile     *file,
                    goffset    offset,
                    goffset    length,
                    AwsDigest *digest)
{
  FileRange *range;

  dex_return_error_if_fail (G_IS_FILE (file));
  dex_return_error_if_fail (offset >= 0);

  range = g_new0 (FileRange, 1);
  range->file = g_object_ref (file);
  range->offset = offset;
  range->length = length;
  range->digest = digest;

  return aws_thread_run (load_sums, range, file_range_free);
}
