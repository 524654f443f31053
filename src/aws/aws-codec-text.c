/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Single values as text, and what all protocols do with members. */

#include "aws-codec-private.h"

#include <math.h>
#include <string.h>

#include "aws-error.h"
#include "aws-xml.h"

/* The name of a member on the wire. */
const char *
aws_shape_get_wire_name (const AwsShape *shape)
{
  return shape->wire_name != NULL ? shape->wire_name : shape->name;
}

/* Whether a shape is one value and not several. */
gboolean
aws_shape_is_scalar (const AwsShape *shape)
{
  return shape->type < AWS_SHAPE_DOCUMENT;
}

/* Says that a value to be sent is not of its type. */
void
aws_codec_fail_input (const AwsShape  *shape,
                      const char      *wanted,
                      GError         **error)
{
  if (shape->name != NULL)
    g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "“%s” is not %s", shape->name, wanted);
  else
    g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "An element is not %s", wanted);
}

/* Says that a value that was received is not of its type. */
void
aws_codec_fail_output (const AwsShape  *shape,
                       const char      *wanted,
                       GError         **error)
{
  if (shape->name != NULL)
    g_set_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "“%s” in the answer is not %s", shape->name, wanted);
  else
    g_set_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "An element in the answer is not %s", wanted);
}

/* Seconds since 1970 in one of the forms of the protocols; fractions of seconds only where there are any. */
char *
aws_codec_format_time (double        seconds,
                       AwsTimeFormat format)
{
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *text = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 milliseconds;

  if (!(fabs (seconds) < 1e12))
    return NULL;

  milliseconds = llround (seconds * 1000);
  if (format == AWS_TIME_EPOCH)
    return g_strdup (milliseconds % 1000 == 0
                     ? g_ascii_formatd (number, sizeof number, "%.0f", seconds)
                     : g_ascii_formatd (number, sizeof number, "%.3f", seconds));

  time = g_date_time_new_from_unix_utc_usec (milliseconds * 1000);
  if (time == NULL)
    return NULL;

  if (format == AWS_TIME_RFC_822)
    {
      static const char * const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
      static const char * const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

      text = g_date_time_format (time, "%H:%M:%S GMT");

      return g_strdup_printf ("%s, %02d %s %04d %s", days[g_date_time_get_day_of_week (time) - 1],
                              g_date_time_get_day_of_month (time), months[g_date_time_get_month (time) - 1],
                              g_date_time_get_year (time), text);
    }

  text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return milliseconds % 1000 == 0
         ? g_strconcat (text, "Z", NULL)
         : g_strdup_printf ("%s.%03dZ", text, g_date_time_get_microsecond (time) / 1000);
}

/* The fewest digits that read as the same number */
static char *
format_double (double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (number))
    return g_strdup ("NaN");
  if (isinf (number))
    return g_strdup (number > 0 ? "Infinity" : "-Infinity");

  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_dtostr (text, sizeof text, number);

  return g_strdup (text);
}

static gboolean
is_number (JsonNode *value)
{
  return JSON_NODE_HOLDS_VALUE (value) &&
         (json_node_get_value_type (value) == G_TYPE_INT64 || json_node_get_value_type (value) == G_TYPE_DOUBLE);
}

static char *
write_number (const AwsShape  *shape,
              JsonNode        *value,
              GError         **error)
{
  if (is_number (value) && (shape->type == AWS_SHAPE_DOUBLE || json_node_get_value_type (value) == G_TYPE_INT64))
    return json_node_get_value_type (value) == G_TYPE_INT64
           ? g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value))
           : format_double (json_node_get_double (value));

  if (shape->type == AWS_SHAPE_DOUBLE && json_node_get_string (value) != NULL)
    {
      const char *text = json_node_get_string (value);

      if (g_str_equal (text, "NaN") || g_str_equal (text, "Infinity") || g_str_equal (text, "-Infinity"))
        return g_strdup (text);
    }

  aws_codec_fail_input (shape, "a number", error);

  return NULL;
}

/* A value as text: in XML, forms, addresses and headers. @usual is the format of times without one of their own. */
char *
aws_codec_write_text (const AwsShape  *shape,
                      JsonNode        *value,
                      AwsTimeFormat    usual,
                      GError         **error)
{
  gboolean is_value = JSON_NODE_HOLDS_VALUE (value);
  char *text = NULL;

  if (is_value && (shape->type == AWS_SHAPE_INTEGER || shape->type == AWS_SHAPE_DOUBLE))
    return write_number (shape, value, error);

  if (is_value && shape->type == AWS_SHAPE_BOOLEAN && json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    text = g_strdup (json_node_get_boolean (value) ? "true" : "false");
  else if (is_value && shape->type == AWS_SHAPE_TIMESTAMP && is_number (value))
    text = aws_codec_format_time (json_node_get_double (value), shape->time_format != AWS_TIME_DEFAULT ? shape->time_format : usual);
  else if (is_value && (shape->type == AWS_SHAPE_STRING || shape->type == AWS_SHAPE_BLOB))
    text = g_strdup (json_node_get_string (value));

  if (text == NULL)
    aws_codec_fail_input (shape,
                          shape->type == AWS_SHAPE_BOOLEAN ? "a truth value" : shape->type == AWS_SHAPE_TIMESTAMP ? "a time" : "a text",
                          error);

  return text;
}

static JsonNode *
take_double (double number)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (number == floor (number) && fabs (number) < 9e15)
    json_node_set_int (node, (gint64) number);
  else
    json_node_set_double (node, number);

  return node;
}

static JsonNode *
read_number (const AwsShape  *shape,
             const char      *text,
             GError         **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  char *end = NULL;
  gint64 number;
  double real;

  if (g_ascii_string_to_signed (stripped, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return json_node_init_int (json_node_alloc (), number);

  real = g_ascii_strtod (stripped, &end);
  if (shape->type == AWS_SHAPE_DOUBLE && end != stripped && *end == '\0')
    {
      /* What is no number in JSON stays a text */
      if (!isfinite (real))
        return json_node_init_string (json_node_alloc (), isnan (real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity");

      return json_node_init_double (json_node_alloc (), real);
    }

  aws_codec_fail_output (shape, "a number", error);

  return NULL;
}

static JsonNode *
read_time (const AwsShape  *shape,
           const char      *text,
           GError         **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autoptr(GDateTime) time = aws_time_parse (stripped);

  if (time == NULL)
    {
      aws_codec_fail_output (shape, "a time", error);
      return NULL;
    }

  return take_double (g_date_time_to_unix_usec (time) / (double) G_USEC_PER_SEC);
}

/* The opposite of aws_codec_write_text(); times are taken in any of their forms. */
JsonNode *
aws_codec_read_text (const AwsShape  *shape,
                     const char      *text,
                     GError         **error)
{
  gboolean is_true = g_ascii_strcasecmp (text, "true") == 0;

  switch (shape->type)
    {
    case AWS_SHAPE_INTEGER:
    case AWS_SHAPE_DOUBLE:
      return read_number (shape, text, error);

    case AWS_SHAPE_TIMESTAMP:
      return read_time (shape, text, error);

    case AWS_SHAPE_BOOLEAN:
      if (is_true || g_ascii_strcasecmp (text, "false") == 0)
        return json_node_init_boolean (json_node_alloc (), is_true);
      aws_codec_fail_output (shape, "a truth value", error);
      return NULL;

    case AWS_SHAPE_STRING:
    case AWS_SHAPE_BLOB:
      return json_node_init_string (json_node_alloc (), text);

    case AWS_SHAPE_DOCUMENT:
    case AWS_SHAPE_STRUCTURE:
    case AWS_SHAPE_LIST:
    case AWS_SHAPE_MAP:
    default:
      aws_codec_fail_output (shape, "a single value", error);
      return NULL;
    }
}

/* What the input says for a member of a structure: @value is %NULL if nothing. Free it. */
gboolean
aws_codec_get_member (const AwsShape  *member,
                      JsonObject      *input,
                      JsonNode       **value,
                      GError         **error)
{
  JsonNode *node = input != NULL ? json_object_get_member (input, member->name) : NULL;

  *value = NULL;
  if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
    {
      *value = json_node_ref (node);
      return TRUE;
    }

  if (member->flags & AWS_SHAPE_TOKEN)
    {
      g_autofree char *token = g_uuid_string_random ();

      *value = json_node_init_string (json_node_alloc (), token);
      return TRUE;
    }

  if (member->flags & AWS_SHAPE_REQUIRED)
    {
      g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "“%s” is missing", member->name);
      return FALSE;
    }

  return TRUE;
}

/* Whether a table knows all members of a structure that is to be sent. */
gboolean
aws_codec_check_names (const AwsShape  *members,
                       JsonObject      *input,
                       GError         **error)
{
  g_autoptr(GList) names = input != NULL ? json_object_get_members (input) : NULL;

  for (GList *each = names; each != NULL; each = each->next)
    {
      const AwsShape *member = members;

      while (member != NULL && member->name != NULL && !g_str_equal (member->name, each->data))
        member++;

      if (member == NULL || member->name == NULL)
        {
          g_set_error (error, AWS_ERROR, AWS_ERROR_INVALID, "“%s” is not known here", (const char *) each->data);
          return FALSE;
        }
    }

  return TRUE;
}
