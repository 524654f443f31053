/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The reader of JSON: whatever it takes for a document can be asked for anything, and can be written again. */

#include <string.h>

#include "aws-error.h"
#include "aws-json.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
ask (JsonObject *object)
{
  g_autoptr(GList) names = json_object_get_members (object);

  for (GList *each = names; each != NULL; each = each->next)
    {
      const char *name = each->data;
      g_autoptr(GDateTime) time = aws_json_dup_time (object, name);
      const char *text = aws_json_get_string (object, name);
      JsonArray *array = aws_json_get_array (object, name);
      JsonObject *inner = aws_json_get_object (object, name);

      g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
      aws_json_get_int (object, name, 0);
      aws_json_get_bool (object, name);
      for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
        {
          JsonObject *element = aws_json_array_get_object (array, i);

          aws_json_array_get_string (array, i);
          if (element != NULL)
            ask (element);
        }
      if (inner != NULL)
        ask (inner);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = aws_json_load (bytes, &error);
  g_autoptr(JsonObject) object = aws_json_load_object (bytes, NULL);

  g_assert_true ((node == NULL) == (error != NULL));
  if (object != NULL)
    ask (object);
  if (node != NULL)
    {
      g_autoptr(GBytes) written = aws_json_to_bytes (node);

      g_assert_cmpuint (g_bytes_get_size (written), >, 0);
    }

  return 0;
}
