/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The mapper of HTTP answers to errors: something comes out of every answer that a person can be shown. */

#include <string.h>

#include "aws-error-private.h"
#include "fuzz-util.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(AwsResponse) response = read_answer ((const char *) data, size);
  g_autoptr(GError) error = aws_error_new_for_response (response);
  g_autoptr(GError) copy = g_error_copy (error);

  g_assert_true (error->domain == AWS_ERROR);
  g_assert_true (*error->message != '\0');
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpstr (aws_error_get_code_string (copy), ==, aws_error_get_code_string (error));
  aws_error_is_retryable (error);

  return 0;
}
