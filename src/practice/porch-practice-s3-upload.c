/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "aws-checksum.h"

/* A body goes to its file while it arrives. The file has no owner until a row names it, and files without one are
 * removed at the next start: so an upload that is cut off, killed or refused leaves nothing. */
struct _PracticeUpload
{
  Practice         *practice;
  char             *file;
  char             *path;            /* of the file: it may be removed when the rest of the server is gone */
  int               fd;
  gint64            size;
  int               write_error;     /* errno */
  PracticeDigest   *digest;
  PracticeSum       sum;
  gboolean          asked;
  char             *expected;        /* of the checksum; NULL: in the trailer, or none */
  char             *trailer;         /* name of the trailer to come */
  PracticeChunked  *chunked;
  PracticeChunkedResult chunked_result;
  gint64            promised;        /* decoded length; -1: not said */
  gboolean          too_large;
};

static void
upload_free (gpointer data)
{
  PracticeUpload *upload = data;

  if (upload->fd >= 0)
    close (upload->fd);
  if (upload->path != NULL)
    g_unlink (upload->path);
  g_clear_pointer (&upload->chunked, practice_chunked_free);
  practice_digest_free (upload->digest);
  g_free (upload->file);
  g_free (upload->path);
  g_free (upload->expected);
  g_free (upload->trailer);
  g_free (upload);
}

static char *
checksum_header (PracticeSum sum)
{
  g_autofree char *lower = g_ascii_strdown (practice_sum_get_name (sum), -1);

  return g_strconcat ("x-amz-checksum-", lower, NULL);
}

static gboolean
is_base64_of (const char *text,
              gsize       length)
{
  gsize size;
  g_autofree guint8 *value = g_base64_decode (text, &size);
  g_autofree char *again = size > 0 ? g_base64_encode (value, size) : NULL;

  return size == length && g_strcmp0 (again, text) == 0;
}

gboolean
practice_s3_find_checksum (PracticeCall  *call,
                           PracticeSum   *sum,
                           const char   **value)
{
  *value = NULL;

  for (PracticeSum i = 0; i < PRACTICE_N_CHECKSUMS; i++)
    {
      g_autofree char *name = checksum_header (i);
      const char *header = practice_call_get_header (call, name);

      if (header == NULL)
        continue;

      if (*value != NULL)
        {
          practice_call_answer_error (call, 400, "InvalidRequest",
                                      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");

          return FALSE;
        }

      if (!is_base64_of (header, practice_sum_get_length (i)))
        {
          practice_call_answer_error (call, 400, "InvalidRequest", "Value for %s header is invalid.", name);

          return FALSE;
        }

      *sum = i;
      *value = header;
    }

  return TRUE;
}

static gboolean
check_md5_header (PracticeCall *call)
{
  const char *md5 = practice_call_get_header (call, "Content-MD5");
  g_autoptr(GString) extra = g_string_new (NULL);

  if (md5 == NULL || is_base64_of (md5, practice_sum_get_length (PRACTICE_SUM_MD5)))
    return TRUE;

  aws_xml_append_element (extra, "Content-MD5", md5);
  practice_call_answer_error_extra (call, 400, "InvalidDigest", extra->str, NULL, "The Content-MD5 you specified was invalid.");

  return FALSE;
}

static void
answer_bad_sum (PracticeCall *call,
                const char   *name)
{
  practice_call_answer_error (call, 400, "BadDigest", "The %s you specified did not match the calculated checksum.", name);
}

static void
answer_bad_md5 (PracticeCall *call,
                const char   *expected,
                const char   *calculated)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  aws_xml_append_element (extra, "ExpectedDigest", expected);
  aws_xml_append_element (extra, "CalculatedDigest", calculated);
  practice_call_answer_error_extra (call, 400, "BadDigest", extra->str, NULL,
                                    "The Content-MD5 you specified did not match what we received.");
}

static void
answer_bad_sha256 (PracticeCall *call,
                   const char   *expected,
                   const char   *calculated)
{
  g_autoptr(GString) extra = g_string_new (NULL);

  aws_xml_append_element (extra, "ClientComputedContentSHA256", expected);
  aws_xml_append_element (extra, "S3ComputedContentSHA256", calculated);
  practice_call_answer_error_extra (call, 400, "XAmzContentSHA256Mismatch", extra->str, NULL,
                                    "The provided 'x-amz-content-sha256' header does not match what was computed.");
}

gboolean
practice_s3_check_integrity (PracticeCall *call,
                             gboolean      needed)
{
  const char *md5 = practice_call_get_header (call, "Content-MD5");
  const char *sha256 = practice_auth_get_sha256 (call->auth);
  const char *value;
  PracticeSum sum = PRACTICE_SUM_CRC32;
  g_autoptr(PracticeDigest) digest = NULL;
  g_autofree char *hex = NULL;
  g_autofree char *actual_md5 = NULL;
  g_autofree char *actual = NULL;

  if (!check_md5_header (call) || !practice_s3_find_checksum (call, &sum, &value))
    return FALSE;

  if (needed && md5 == NULL && value == NULL)
    {
      practice_call_answer_error (call, 400, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");

      return FALSE;
    }

  digest = practice_digest_new ((1u << PRACTICE_SUM_SHA256) | (1u << PRACTICE_SUM_MD5) | (1u << sum));
  practice_digest_update (digest, g_bytes_get_data (call->body, NULL), g_bytes_get_size (call->body));
  hex = practice_digest_finish_hex (digest, PRACTICE_SUM_SHA256);
  actual_md5 = practice_digest_finish_base64 (digest, PRACTICE_SUM_MD5);
  if (value != NULL)
    actual = sum == PRACTICE_SUM_SHA256 ? aws_base64_from_hex (hex) : practice_digest_finish_base64 (digest, sum);

  if (sha256 != NULL && !g_str_equal (sha256, hex))
    answer_bad_sha256 (call, sha256, hex);
  else if (md5 != NULL && !g_str_equal (md5, actual_md5))
    answer_bad_md5 (call, md5, actual_md5);
  else if (value != NULL && !g_str_equal (value, actual))
    answer_bad_sum (call, practice_sum_get_name (sum));
  else
    return TRUE;

  return FALSE;
}

/* A body to disk */

static gboolean
open_file (PracticeUpload *upload)
{
  upload->file = practice_s3_new_file (upload->practice);
  upload->path = practice_s3_file_path (upload->practice, upload->file);
  upload->fd = g_open (upload->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (upload->fd < 0)
    upload->write_error = errno;

  return upload->fd >= 0;
}

static gboolean
write_data (gconstpointer data,
            gsize         length,
            gpointer      user_data)
{
  PracticeUpload *upload = user_data;
  const char *bytes = data;

  if (upload->write_error != 0 || upload->too_large || length == 0)
    return upload->write_error == 0 && !upload->too_large;

  upload->size += length;
  if (upload->size > S3_LARGEST_PUT)
    {
      upload->too_large = TRUE;

      return FALSE;
    }

  if (upload->fd < 0 && !open_file (upload))
    return FALSE;

  practice_digest_update (upload->digest, data, length);
  while (length > 0)
    {
      gssize written = write (upload->fd, bytes, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          upload->write_error = errno;

          return FALSE;
        }
      bytes += written;
      length -= written;
    }

  return TRUE;
}

/* Which checksum the client promised, in a header or in the trailer to come. Without one, S3 itself takes CRC64NVME. */
static gboolean
choose_checksum (PracticeCall   *call,
                 PracticeUpload *upload)
{
  const char *trailer = practice_call_get_header (call, "x-amz-trailer");
  const char *algorithm = practice_call_get_header (call, "x-amz-sdk-checksum-algorithm");
  PracticePayload payload = practice_auth_get_payload (call->auth);
  gboolean has_trailer = payload == PRACTICE_PAYLOAD_CHUNKED_TRAILER || payload == PRACTICE_PAYLOAD_UNSIGNED_TRAILER;
  const char *value;

  upload->sum = PRACTICE_SUM_CRC64NVME;
  if (!check_md5_header (call) || !practice_s3_find_checksum (call, &upload->sum, &value))
    return FALSE;

  upload->asked = value != NULL;
  upload->expected = g_strdup (value);

  if (trailer != NULL)
    {
      PracticeSum sum;

      if (!has_trailer || value != NULL || !g_str_has_prefix (trailer, "x-amz-checksum-") ||
          !practice_sum_parse (trailer + strlen ("x-amz-checksum-"), &sum))
        {
          practice_call_answer_error (call, 400, "InvalidRequest",
                                      "The value specified in the x-amz-trailer header is not supported");

          return FALSE;
        }

      upload->sum = sum;
      upload->asked = TRUE;
      upload->trailer = g_ascii_strdown (trailer, -1);
    }

  if (algorithm != NULL && !upload->asked)
    {
      practice_call_answer_error (call, 400, "InvalidRequest",
                                  "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.");

      return FALSE;
    }

  return TRUE;
}

static gboolean
find_length (PracticeCall   *call,
             PracticeUpload *upload)
{
  const char *decoded = practice_call_get_header (call, "x-amz-decoded-content-length");
  gint64 length = -1;

  upload->promised = -1;
  if (upload->chunked != NULL)
    {
      if (decoded == NULL || !g_ascii_string_to_signed (decoded, 10, 0, G_MAXINT64, &length, NULL))
        {
          practice_call_answer_error (call, 411, "MissingContentLength", "You must provide the Content-Length HTTP header.");

          return FALSE;
        }
    }
  else if (soup_message_headers_get_encoding (call->headers) != SOUP_ENCODING_CONTENT_LENGTH)
    {
      /* a PUT without a body and without a length is an empty object to SDKs, but S3 wants to hear it */
      practice_call_answer_error (call, 411, "MissingContentLength", "You must provide the Content-Length HTTP header.");

      return FALSE;
    }
  else
    {
      length = soup_message_headers_get_content_length (call->headers);
    }

  if (length > S3_LARGEST_PUT)
    {
      g_autofree char *extra = g_strdup_printf ("<ProposedSize>%" G_GINT64_FORMAT "</ProposedSize>"
                                                "<MaxSizeAllowed>%" G_GINT64_FORMAT "</MaxSizeAllowed>", length, S3_LARGEST_PUT);

      practice_call_answer_error_extra (call, 400, "EntityTooLarge", extra, NULL,
                                        "Your proposed upload exceeds the maximum allowed size");

      return FALSE;
    }

  upload->promised = length;

  return TRUE;
}

gboolean
practice_s3_begin_body (PracticeCall *call)
{
  PracticeUpload *upload;
  PracticePayload payload;
  g_autofree char *bucket = NULL;
  g_autofree char *key = NULL;

  if (!g_str_equal (call->operation, "PutObject") && !g_str_equal (call->operation, "UploadPart"))
    return FALSE;

  practice_s3_split_address (call, &bucket, &key);
  if (!practice_auth_check (call) || !practice_s3_check_bucket (call, bucket))
    return FALSE;

  /* nobody's gigabytes are kept only to be refused then */
  if (!practice_s3_caller_may (call, "s3:PutObject", bucket, key))
    {
      practice_s3_answer_denied (call, "s3:PutObject", bucket, key);

      return FALSE;
    }

  upload = g_new0 (PracticeUpload, 1);
  upload->practice = call->practice;
  upload->fd = -1;
  call->upload = upload;
  call->free_upload = upload_free;

  payload = practice_auth_get_payload (call->auth);
  if (payload == PRACTICE_PAYLOAD_CHUNKED || payload == PRACTICE_PAYLOAD_CHUNKED_TRAILER ||
      payload == PRACTICE_PAYLOAD_UNSIGNED_TRAILER)
    upload->chunked = practice_chunked_new (payload, call->auth, write_data, upload);

  if (!choose_checksum (call, upload) || !find_length (call, upload))
    {
      upload->digest = practice_digest_new (0);

      return FALSE;
    }

  upload->digest = practice_digest_new ((1u << PRACTICE_SUM_MD5) | (1u << upload->sum) |
                                        (payload == PRACTICE_PAYLOAD_HASHED ? 1u << PRACTICE_SUM_SHA256 : 0));

  return TRUE;
}

void
practice_s3_receive_body (PracticeCall *call,
                          GBytes       *piece)
{
  PracticeUpload *upload = call->upload;

  if (upload->chunked == NULL)
    write_data (g_bytes_get_data (piece, NULL), g_bytes_get_size (piece), upload);
  else if (upload->chunked_result == PRACTICE_CHUNKED_GOOD)
    upload->chunked_result = practice_chunked_feed (upload->chunked, g_bytes_get_data (piece, NULL),
                                                    g_bytes_get_size (piece));
}

static gboolean
check_chunks (PracticeCall   *call,
              PracticeUpload *upload)
{
  PracticeChunkedResult result = upload->chunked_result;

  if (result == PRACTICE_CHUNKED_GOOD)
    result = practice_chunked_finish (upload->chunked);

  switch (result)
    {
    case PRACTICE_CHUNKED_GOOD:
      break;

    case PRACTICE_CHUNKED_SMALL:
      practice_call_answer_error (call, 403, "InvalidChunkSizeError",
                                  "Only the last chunk is allowed to have a size less than 8192 bytes");
      return FALSE;

    case PRACTICE_CHUNKED_SIGNATURE:
      practice_call_answer_error (call, 403, "SignatureDoesNotMatch",
                                  "The request signature we calculated does not match the signature you provided. "
                                  "Check your key and signing method.");
      return FALSE;

    case PRACTICE_CHUNKED_MALFORMED:
    default:
      practice_call_answer_error (call, 400, "IncompleteBody",
                                  "The request body terminated unexpectedly");
      return FALSE;
    }

  if (upload->promised >= 0 && upload->promised != upload->size)
    {
      practice_call_answer_error (call, 400, "IncompleteBody",
                                  "You did not provide the number of bytes specified by the Content-Length HTTP header");

      return FALSE;
    }

  if (upload->trailer != NULL)
    {
      const char *value = practice_chunked_get_trailer (upload->chunked, upload->trailer);

      if (value == NULL)
        {
          practice_call_answer_error (call, 400, "MalformedTrailerError",
                                      "The request contained trailing data that was not well-formed or did not conform to our published schema.");

          return FALSE;
        }

      if (!is_base64_of (value, practice_sum_get_length (upload->sum)))
        {
          practice_call_answer_error (call, 400, "InvalidRequest", "Value for %s trailing header is invalid.", upload->trailer);

          return FALSE;
        }

      g_set_str (&upload->expected, value);
    }

  return TRUE;
}

/* In the order in which S3 reports them */
static gboolean
check_sums (PracticeCall   *call,
            PracticeUpload *upload,
            PracticeBody   *body)
{
  const char *sha256 = practice_auth_get_sha256 (call->auth);
  const char *md5 = practice_call_get_header (call, "Content-MD5");
  g_autofree char *md5_base64 = NULL;

  body->sum = upload->sum;
  body->asked = upload->asked;
  body->md5 = practice_digest_finish_hex (upload->digest, PRACTICE_SUM_MD5);
  md5_base64 = aws_base64_from_hex (body->md5);

  if (sha256 != NULL)
    {
      g_autofree char *hex = practice_digest_finish_hex (upload->digest, PRACTICE_SUM_SHA256);

      if (!g_str_equal (hex, sha256))
        {
          answer_bad_sha256 (call, sha256, hex);

          return FALSE;
        }
      if (upload->sum == PRACTICE_SUM_SHA256)
        body->value = aws_base64_from_hex (hex);
    }

  if (body->value == NULL)
    body->value = practice_digest_finish_base64 (upload->digest, upload->sum);

  if (md5 != NULL && !g_str_equal (md5, md5_base64))
    {
      answer_bad_md5 (call, md5, md5_base64);

      return FALSE;
    }

  if (upload->expected != NULL && !g_str_equal (upload->expected, body->value))
    {
      answer_bad_sum (call, practice_sum_get_name (upload->sum));

      return FALSE;
    }

  return TRUE;
}

gboolean
practice_s3_end_body (PracticeCall *call,
                      PracticeBody *body)
{
  PracticeUpload *upload = call->upload;

  if (upload->write_error != 0)
    {
      g_autoptr(GError) error = g_error_new (PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_STATE,
                                             "the body can’t be kept: %s", g_strerror (upload->write_error));

      practice_call_answer_internal (call, error);

      return FALSE;
    }

  if (upload->too_large)
    {
      practice_call_answer_error (call, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");

      return FALSE;
    }

  if ((upload->chunked != NULL && !check_chunks (call, upload)) ||
      !check_sums (call, upload, body))
    return FALSE;

  body->size = upload->size;
  body->segments = upload->file != NULL ? g_strdup_printf ("%s:%" G_GINT64_FORMAT, upload->file, upload->size)
                                        : g_strdup ("");

  /* full disks are sometimes told only here */
  if (upload->fd >= 0 && close (g_steal_fd (&upload->fd)) != 0)
    {
      practice_call_answer_internal (call, NULL);

      return FALSE;
    }

  g_clear_pointer (&upload->path, g_free);

  return TRUE;
}

void
practice_body_clear (PracticeBody *body)
{
  g_clear_pointer (&body->segments, g_free);
  g_clear_pointer (&body->md5, g_free);
  g_clear_pointer (&body->value, g_free);
}
