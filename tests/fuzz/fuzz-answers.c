/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The readers of answers: each operation that there is takes anything for its answer, and says so if it is none. */

#include <string.h>

#include "aws-error.h"
#include "aws-operation.h"
#include "fuzz-util.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) output = NULL;
  const AwsOperation * const *operations;
  const char *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *name = NULL;
  char *dot;
  const AwsOperation *operation = NULL;
  guint n_operations;

  /* The first line is "service.Operation", or any number for one of them */
  if (line_end == NULL)
    return 0;
  name = g_strndup ((const char *) data, line_end - (const char *) data);
  dot = strchr (name, '.');
  if (dot != NULL)
    {
      *dot = '\0';
      operation = aws_operation_find (name, dot + 1);
    }
  if (operation == NULL)
    {
      operations = aws_operation_list (&n_operations);
      operation = operations[g_str_hash (name) % n_operations];
    }

  response = read_answer (line_end + 1, size - (line_end + 1 - (const char *) data));
  output = aws_operation_read_response (operation, response, &error);
  if (output == NULL)
    g_assert_true (error != NULL && error->domain == AWS_ERROR);
  else
    g_assert_no_error (error);

  return 0;
}
