/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "aws-xml.h"

static const char * const months[] = {
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

/* "Fri, 24 May 2013 00:00:00 GMT" */
static GDateTime *
parse_rfc1123 (const char *text)
{
  const char *comma = strchr (text, ',');
  char month[4] = { 0 };
  int day, year, hour, minute, second;

  if (comma == NULL || sscanf (comma + 1, "%2d %3s %4d %2d:%2d:%2d", &day, month, &year, &hour, &minute, &second) != 6)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (months); i++)
    {
      if (g_ascii_strcasecmp (months[i], month) == 0)
        return g_date_time_new_utc (year, i + 1, day, hour, minute, second);
    }

  return NULL;
}

/**
 * aws_time_from_seconds:
 * @seconds: seconds since 1970, with a fraction
 *
 * Returns: (transfer full) (nullable): the time in UTC, or %NULL outside of the years that a date can have
 */
GDateTime *
aws_time_from_seconds (double seconds)
{
  /* In microseconds it fits 64 bits; not a number fails too */
  if (!(fabs (seconds) < 1e12))
    return NULL;

  return g_date_time_new_from_unix_utc_usec ((gint64) (seconds * G_USEC_PER_SEC));
}

/**
 * aws_time_parse:
 * @text: a time
 *
 * Reads a time in any of the forms that the services use: ISO 8601 with or without fraction and offset,
 * RFC 1123, or seconds since 1970.
 *
 * Returns: (transfer full) (nullable): the time in UTC, or %NULL if it is none
 */
GDateTime *
aws_time_parse (const char *text)
{
  g_autoptr(GTimeZone) utc = NULL;
  g_autoptr(GDateTime) time = NULL;
  char *end = NULL;
  double seconds;

  g_return_val_if_fail (text != NULL, NULL);

  if (strchr (text, ',') != NULL)
    return parse_rfc1123 (text);

  utc = g_time_zone_new_utc ();
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time != NULL)
    return g_date_time_to_utc (time);

  seconds = g_ascii_strtod (text, &end);

  return end != text && *end == '\0' ? aws_time_from_seconds (seconds) : NULL;
}

/**
 * aws_time_format:
 * @time: a time
 *
 * Returns: (transfer full): the time in ISO 8601 and UTC, with milliseconds
 */
char *
aws_time_format (GDateTime *time)
{
  g_autoptr(GDateTime) utc = NULL;
  g_autofree char *seconds = NULL;

  g_return_val_if_fail (time != NULL, NULL);

  utc = g_date_time_to_utc (time);
  seconds = g_date_time_format (utc, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, g_date_time_get_microsecond (utc) / 1000);
}
