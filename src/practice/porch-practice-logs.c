/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-logs.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"

/* CloudWatch Logs. Times in the tables and on the wire are milliseconds. */

#define SWEEP_MSEC  (60 * 1000)
#define KEEP_EVENTS 20000
#define DAY_MSEC    (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define PAGE_BYTES  (1024 * 1024)
/* What each message counts besides its text */
#define EVENT_BYTES 26

static const char BAD[] = "InvalidParameterException";

static gint64
now_msec (void)
{
  return practice_now () / 1000;
}

static gboolean
refuse (GError     **error,
        const char  *message)
{
  return practice_refuse_as (error, 400, BAD, "%s", message);
}

/* ---- groups and streams ---- */

gboolean
practice_log_group_exists (Practice   *practice,
                           const char *region,
                           const char *name)
{
  g_autofree char *found = practice_db_lookup (practice->db, "SELECT name FROM log_groups WHERE region = ? AND name = ?", "ss", region, name);

  return found != NULL;
}

gboolean
practice_log_group_put (Practice    *practice,
                        const char  *region,
                        const char  *name,
                        gint64       days,
                        GError     **error)
{
  return practice_db_run (practice->db, error,
                          "INSERT INTO log_groups (region, name, created, retention) VALUES (?, ?, ?, ?) "
                          "ON CONFLICT DO UPDATE SET retention = excluded.retention",
                          "ssii", region, name, now_msec (), days);
}

gboolean
practice_log_group_delete (Practice    *practice,
                           const char  *region,
                           const char  *name,
                           GError     **error)
{
  return practice_db_run (practice->db, error, "DELETE FROM log_events WHERE region = ? AND log_group = ?", "ss", region, name) &&
         practice_db_run (practice->db, error, "DELETE FROM log_streams WHERE region = ? AND log_group = ?", "ss", region, name) &&
         practice_db_run (practice->db, error, "DELETE FROM log_groups WHERE region = ? AND name = ?", "ss", region, name);
}

static gboolean
stream_exists (Practice   *practice,
               const char *region,
               const char *group,
               const char *name)
{
  g_autofree char *found = practice_db_lookup (practice->db, "SELECT name FROM log_streams WHERE region = ? AND log_group = ? AND name = ?",
                                               "sss", region, group, name);

  return found != NULL;
}

static gboolean
add_stream (Practice    *practice,
            const char  *region,
            const char  *group,
            const char  *name,
            GError     **error)
{
  return practice_db_run (practice->db, error, "INSERT OR IGNORE INTO log_streams (region, log_group, name, created) VALUES (?, ?, ?, ?)",
                          "sssi", region, group, name, now_msec ());
}

static gboolean
add_event (Practice    *practice,
           const char  *region,
           const char  *group,
           const char  *stream,
           gint64       time,
           const char  *text,
           GError     **error)
{
  return practice_db_run (practice->db, error,
                          "INSERT INTO log_events (region, log_group, stream, time, ingested, text) VALUES (?, ?, ?, ?, ?, ?)",
                          "sssiis", region, group, stream, time, now_msec (), text);
}

void
practice_log_write (Practice   *practice,
                    const char *region,
                    const char *group,
                    const char *stream,
                    gint64      time,
                    const char *text)
{
  if (!stream_exists (practice, region, group, stream))
    {
      practice_db_run (practice->db, NULL, "INSERT OR IGNORE INTO log_groups (region, name, created, retention) VALUES (?, ?, ?, 0)",
                       "ssi", region, group, now_msec ());
      add_stream (practice, region, group, stream, NULL);
    }

  add_event (practice, region, group, stream, time / 1000, text, NULL);
}

static char *
make_group_arn (PracticeCall *call,
                const char   *name)
{
  return g_strdup_printf ("arn:aws:logs:%s:%s:log-group:%s", call->region, call->practice->account, name);
}

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  const char *name = aws_json_get_string (input, "logGroupName");
  g_autofree char *arn = make_group_arn (call, name != NULL ? name : "");

  return g_strconcat (arn, ":*", NULL);
}

/* The group that an input names, by name or ARN, when it is there */
static char *
read_group (PracticeCall  *call,
            JsonObject    *input,
            GError       **error)
{
  const char *identifier = aws_json_get_string (input, "logGroupIdentifier");
  const char *name = identifier != NULL ? identifier : practice_input_require (input, "logGroupName", BAD, error);
  g_autofree char *prefix = make_group_arn (call, "");

  if (name == NULL)
    return NULL;
  if (identifier != NULL && g_str_has_prefix (identifier, prefix))
    name = identifier + strlen (prefix);

  if (practice_log_group_exists (call->practice, call->region, name))
    return g_strdup (name);

  practice_refuse (error, PRACTICE_FAULT_RESOURCE_NOT_FOUND, "The specified log group does not exist.");

  return NULL;
}

static gboolean
is_name (const char *name,
         gsize       limit,
         const char *forbidden)
{
  return strlen (name) <= limit && strpbrk (name, forbidden) == NULL;
}

static JsonObject *
create_log_group (PracticeCall  *call,
                  JsonObject    *input,
                  GError       **error)
{
  const char *name = practice_input_require (input, "logGroupName", BAD, error);

  if (name == NULL)
    return NULL;

  if (!g_regex_match_simple ("^[\\.\\-_/#A-Za-z0-9]{1,512}$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    refuse (error, "1 validation error detected: Value at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
  else if (practice_log_group_exists (call->practice, call->region, name))
    practice_refuse_as (error, 400, "ResourceAlreadyExistsException", "The specified log group already exists");
  else if (practice_log_group_put (call->practice, call->region, name, 0, error))
    return json_object_new ();

  return NULL;
}

static JsonObject *
delete_log_group (PracticeCall  *call,
                  JsonObject    *input,
                  GError       **error)
{
  g_autofree char *group = read_group (call, input, error);

  return group != NULL && practice_log_group_delete (call->practice, call->region, group, error) ? json_object_new () : NULL;
}

static JsonObject *
describe_group (PracticeCall *call,
                PracticeRows *rows)
{
  JsonObject *group = json_object_new ();
  g_autofree char *arn = make_group_arn (call, practice_rows_text (rows, 0));
  g_autofree char *with_star = g_strconcat (arn, ":*", NULL);

  json_object_set_string_member (group, "logGroupName", practice_rows_text (rows, 0));
  json_object_set_int_member (group, "creationTime", practice_rows_int (rows, 1));
  if (practice_rows_int (rows, 2) > 0)
    json_object_set_int_member (group, "retentionInDays", practice_rows_int (rows, 2));
  json_object_set_int_member (group, "metricFilterCount", 0);
  json_object_set_string_member (group, "arn", with_star);
  json_object_set_string_member (group, "logGroupArn", arn);
  json_object_set_string_member (group, "logGroupClass", "STANDARD");
  json_object_set_int_member (group, "storedBytes", practice_rows_int (rows, 3));

  return group;
}

static JsonObject *
describe_log_groups (PracticeCall  *call,
                     JsonObject    *input,
                     GError       **error)
{
  const char *prefix = aws_json_get_string (input, "logGroupNamePrefix");
  const char *pattern = aws_json_get_string (input, "logGroupNamePattern");
  g_autoptr(JsonObject) output = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *groups;
  guint begin, length, at = 0;

  if (prefix != NULL && pattern != NULL)
    {
      refuse (error, "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
      return NULL;
    }
  if (!practice_page_read (input, "nextToken", "limit", 50, BAD, &begin, &length, error))
    return NULL;

  output = json_object_new ();
  groups = json_array_new ();
  json_object_set_array_member (output, "logGroups", groups);
  rows = practice_db_query (call->practice->db,
                            "SELECT name, created, retention, (SELECT coalesce(sum(length(text) + 26), 0) FROM log_events "
                            "  WHERE log_events.region = log_groups.region AND log_group = name) FROM log_groups "
                            "WHERE region = ?1 AND (?2 IS NULL OR substr(name, 1, length(?2)) = ?2) AND (?3 IS NULL OR instr(name, ?3) > 0) ORDER BY name",
                            "sss", call->region, prefix, pattern);
  for (; practice_rows_next (rows); at++)
    if (at >= begin && at - begin < length)
      json_array_add_object_element (groups, describe_group (call, rows));

  practice_page_end (output, "nextToken", begin, length, at);

  return g_steal_pointer (&output);
}

static JsonObject *
put_retention_policy (PracticeCall  *call,
                      JsonObject    *input,
                      GError       **error)
{
  static const gint64 allowed[] = { 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 };
  g_autofree char *group = read_group (call, input, error);
  gint64 days = practice_property_int (input, "retentionInDays", 0);

  if (group == NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (days == allowed[i])
      return practice_log_group_put (call->practice, call->region, group, days, error) ? json_object_new () : NULL;

  refuse (error, "1 validation error detected: Value at 'retentionInDays' failed to satisfy constraint: Member must be one of the allowed numbers of days");

  return NULL;
}

static JsonObject *
delete_retention_policy (PracticeCall  *call,
                         JsonObject    *input,
                         GError       **error)
{
  g_autofree char *group = read_group (call, input, error);

  return group != NULL && practice_log_group_put (call->practice, call->region, group, 0, error) ? json_object_new () : NULL;
}

static JsonObject *
create_log_stream (PracticeCall  *call,
                   JsonObject    *input,
                   GError       **error)
{
  g_autofree char *group = read_group (call, input, error);
  const char *name = group != NULL ? practice_input_require (input, "logStreamName", BAD, error) : NULL;

  if (name == NULL)
    return NULL;

  if (!is_name (name, 512, ":*"))
    refuse (error, "1 validation error detected: Value at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*");
  else if (stream_exists (call->practice, call->region, group, name))
    practice_refuse_as (error, 400, "ResourceAlreadyExistsException", "The specified log stream already exists");
  else if (add_stream (call->practice, call->region, group, name, error))
    return json_object_new ();

  return NULL;
}

/* Group and stream of an input, when they are there */
static gboolean
read_stream (PracticeCall  *call,
             JsonObject    *input,
             char         **group,
             const char   **stream,
             GError       **error)
{
  *group = read_group (call, input, error);
  *stream = *group != NULL ? practice_input_require (input, "logStreamName", BAD, error) : NULL;

  if (*stream == NULL)
    return FALSE;

  return stream_exists (call->practice, call->region, *group, *stream) ||
         practice_refuse (error, PRACTICE_FAULT_RESOURCE_NOT_FOUND, "The specified log stream does not exist.");
}

static JsonObject *
delete_log_stream (PracticeCall  *call,
                   JsonObject    *input,
                   GError       **error)
{
  g_autofree char *group = NULL;
  const char *stream;
  PracticeDb *db = call->practice->db;

  return read_stream (call, input, &group, &stream, error) &&
         practice_db_run (db, error, "DELETE FROM log_events WHERE region = ? AND log_group = ? AND stream = ?", "sss", call->region, group, stream) &&
         practice_db_run (db, error, "DELETE FROM log_streams WHERE region = ? AND log_group = ? AND name = ?", "sss", call->region, group, stream)
         ? json_object_new () : NULL;
}

static JsonObject *
describe_stream (PracticeCall *call,
                 const char   *group,
                 PracticeRows *rows)
{
  JsonObject *stream = json_object_new ();
  g_autofree char *arn = make_group_arn (call, group);
  g_autofree char *own = g_strconcat (arn, ":log-stream:", practice_rows_text (rows, 0), NULL);

  json_object_set_string_member (stream, "logStreamName", practice_rows_text (rows, 0));
  json_object_set_int_member (stream, "creationTime", practice_rows_int (rows, 1));
  json_object_set_string_member (stream, "arn", own);
  json_object_set_int_member (stream, "storedBytes", 0);
  if (!practice_rows_is_null (rows, 2))
    {
      json_object_set_int_member (stream, "firstEventTimestamp", practice_rows_int (rows, 2));
      json_object_set_int_member (stream, "lastEventTimestamp", practice_rows_int (rows, 3));
      json_object_set_int_member (stream, "lastIngestionTime", practice_rows_int (rows, 4));
    }

  return stream;
}

static JsonObject *
describe_log_streams (PracticeCall  *call,
                      JsonObject    *input,
                      GError       **error)
{
  const char *prefix = aws_json_get_string (input, "logStreamNamePrefix");
  gboolean by_time = g_strcmp0 (aws_json_get_string (input, "orderBy"), "LastEventTime") == 0;
  g_autofree char *group = read_group (call, input, error), *sql = NULL;
  g_autoptr(JsonObject) output = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *streams;
  guint begin, length, at = 0;

  if (group == NULL || !practice_page_read (input, "nextToken", "limit", 50, BAD, &begin, &length, error))
    return NULL;
  if (by_time && prefix != NULL)
    {
      refuse (error, "Cannot order by LastEventTime with a logStreamNamePrefix.");
      return NULL;
    }

  output = json_object_new ();
  streams = json_array_new ();
  json_object_set_array_member (output, "logStreams", streams);
  sql = g_strdup_printf ("SELECT name, created, min(time), max(time) AS latest, max(ingested) FROM log_streams LEFT JOIN log_events "
                         "  ON log_events.region = log_streams.region AND log_events.log_group = log_streams.log_group AND stream = name "
                         "WHERE log_streams.region = ?1 AND log_streams.log_group = ?2 AND (?3 IS NULL OR substr(name, 1, length(?3)) = ?3) "
                         "GROUP BY name ORDER BY %s %s, name",
                         by_time ? "coalesce(latest, created)" : "name", aws_json_get_bool (input, "descending") ? "DESC" : "ASC");
  rows = practice_db_query (call->practice->db, sql, "sss", call->region, group, prefix);
  for (; practice_rows_next (rows); at++)
    if (at >= begin && at - begin < length)
      json_array_add_object_element (streams, describe_stream (call, group, rows));

  practice_page_end (output, "nextToken", begin, length, at);

  return g_steal_pointer (&output);
}

/* ---- messages ---- */

/* What is older than two weeks or more than two hours ahead is not taken. */
static gboolean
check_events (JsonArray  *events,
              gint64     *too_old,
              gint64     *too_new,
              GError    **error)
{
  gint64 last = G_MININT64;

  *too_old = -1;
  *too_new = -1;
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = aws_json_array_get_object (events, i);
      gint64 time = aws_json_get_int (event, "timestamp", -1);
      const char *message = aws_json_get_string (event, "message");

      if (time < 0 || message == NULL || *message == '\0')
        return refuse (error, "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must not be null");
      if (strlen (message) + EVENT_BYTES > PAGE_BYTES)
        return refuse (error, "Log event too large.");
      if (time < last)
        return refuse (error, "Log events in a single PutLogEvents request must be in chronological order.");

      last = time;
      if (time < now_msec () - 14 * DAY_MSEC)
        *too_old = i + 1;
      if (time > now_msec () + DAY_MSEC / 12 && *too_new < 0)
        *too_new = i;
    }

  return TRUE;
}

static JsonObject *
put_log_events (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  JsonArray *events = aws_json_get_array (input, "logEvents");
  g_autofree char *group = NULL, *token = NULL;
  g_autoptr(JsonObject) output = NULL;
  const char *stream;
  gint64 too_old, too_new;

  if (!read_stream (call, input, &group, &stream, error))
    return NULL;
  if (events == NULL || json_array_get_length (events) == 0 || json_array_get_length (events) > 10000)
    {
      refuse (error, "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and 10000");
      return NULL;
    }
  if (!check_events (events, &too_old, &too_new, error) || !practice_db_begin (call->practice->db, error))
    return NULL;

  for (gint64 i = MAX (too_old, 0); i < (too_new >= 0 ? too_new : json_array_get_length (events)); i++)
    {
      JsonObject *event = aws_json_array_get_object (events, i);

      add_event (call->practice, call->region, group, stream, aws_json_get_int (event, "timestamp", 0), aws_json_get_string (event, "message"), NULL);
    }
  if (!practice_db_commit (call->practice->db, error))
    return NULL;

  output = json_object_new ();
  token = practice_random_id (56, "0123456789");
  json_object_set_string_member (output, "nextSequenceToken", token);
  if (too_old >= 0 || too_new >= 0)
    {
      JsonObject *rejected = json_object_new ();

      if (too_old >= 0)
        json_object_set_int_member (rejected, "tooOldLogEventEndIndex", too_old);
      if (too_new >= 0)
        json_object_set_int_member (rejected, "tooNewLogEventStartIndex", too_new);
      json_object_set_object_member (output, "rejectedLogEventsInfo", rejected);
    }

  return g_steal_pointer (&output);
}

/* "TIME.ID" of the message that a page ended with */
static gboolean
read_position (const char *text,
               gint64     *time,
               gint64     *id)
{
  char *end = NULL;

  *time = g_ascii_strtoll (text, &end, 10);
  if (end == text || *end != '.')
    return FALSE;

  text = end + 1;
  *id = g_ascii_strtoll (text, &end, 10);

  return end != text && *end == '\0';
}

static JsonObject *
describe_event (PracticeRows *rows)
{
  JsonObject *event = json_object_new ();

  json_object_set_int_member (event, "timestamp", practice_rows_int (rows, 1));
  json_object_set_int_member (event, "ingestionTime", practice_rows_int (rows, 2));
  json_object_set_string_member (event, "message", practice_rows_text (rows, 3));

  return event;
}

#define SELECT_EVENTS "SELECT id, time, ingested, text, stream FROM log_events WHERE region = ?1 AND log_group = ?2 "

/* From the position on, or up to it backwards; what is found is in the order of time either way. */
static JsonArray *
read_events (PracticeCall *call,
             JsonObject   *input,
             const char   *group,
             const char   *stream,
             gboolean      backwards,
             gint64       *times,
             gint64       *ids,
             gint64        limit)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *events = json_array_new ();
  gint64 first[2] = { times[0], ids[0] };
  gsize bytes = 0;

  rows = practice_db_query (call->practice->db,
                            backwards ? SELECT_EVENTS "AND stream = ?3 AND time >= ?4 AND time < ?5 AND (time, id) < (?6, ?7) ORDER BY time DESC, id DESC"
                                      : SELECT_EVENTS "AND stream = ?3 AND time >= ?4 AND time < ?5 AND (time, id) > (?6, ?7) ORDER BY time, id",
                            "sssiiii", call->region, group, stream, aws_json_get_int (input, "startTime", 0),
                            aws_json_get_int (input, "endTime", G_MAXINT64), first[0], first[1]);
  while (found->len < limit && practice_rows_next (rows))
    {
      bytes += strlen (practice_rows_text (rows, 3)) + EVENT_BYTES;
      if (bytes > PAGE_BYTES && found->len > 0)
        break;

      times[found->len == 0 ? 0 : 1] = practice_rows_int (rows, 1);
      ids[found->len == 0 ? 0 : 1] = practice_rows_int (rows, 0);
      if (found->len == 0)
        {
          times[1] = times[0];
          ids[1] = ids[0];
        }
      g_ptr_array_add (found, describe_event (rows));
    }

  for (guint i = 0; i < found->len; i++)
    json_array_add_object_element (events, json_object_ref (g_ptr_array_index (found, backwards ? found->len - 1 - i : i)));

  return events;
}

/* Pages of one stream can be turned both ways, without end: past the last one the token stays as it is. */
static JsonObject *
get_log_events (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  const char *token = aws_json_get_string (input, "nextToken");
  gboolean backwards = token != NULL ? *token == 'b' : !aws_json_get_bool (input, "startFromHead");
  gint64 times[2] = { backwards ? G_MAXINT64 : -1, 0 }, ids[2] = { 0, 0 };
  g_autofree char *group = NULL, *forward = NULL, *back = NULL;
  g_autoptr(JsonObject) output = NULL;
  const char *stream;
  JsonArray *events;
  gint64 limit;

  if (!read_stream (call, input, &group, &stream, error) ||
      !practice_input_number (input, "limit", 1, 10000, 10000, BAD, &limit, error))
    return NULL;
  if (token != NULL && (!strchr ("fb", *token) || *token == '\0' || token[1] != '/' || !read_position (token + 2, &times[0], &ids[0])))
    {
      refuse (error, "The specified nextToken is invalid.");
      return NULL;
    }

  times[1] = times[0];
  ids[1] = ids[0];
  events = read_events (call, input, group, stream, backwards, times, ids, limit);
  /* What is written from now on comes after nothing */
  if (token == NULL && json_array_get_length (events) == 0)
    times[0] = times[1] = -1;
  forward = g_strdup_printf ("f/%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, times[backwards ? 0 : 1], ids[backwards ? 0 : 1]);
  back = g_strdup_printf ("b/%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, times[backwards ? 1 : 0], ids[backwards ? 1 : 0]);

  output = json_object_new ();
  json_object_set_array_member (output, "events", events);
  json_object_set_string_member (output, "nextForwardToken", forward);
  json_object_set_string_member (output, "nextBackwardToken", back);

  return g_steal_pointer (&output);
}

/* Terms of a filter pattern: all plain ones must be there, one of those with "?", none of those with "-". */
static gboolean
pattern_matches (const char *pattern,
                 const char *text)
{
  g_auto(GStrv) terms = g_regex_split_simple ("((?:[?-])?(?:\"[^\"]*\"|[^\\s\"]+))", pattern, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
  gboolean optional = FALSE, met = FALSE;

  for (guint i = 0; terms[i] != NULL; i++)
    {
      const char *term = g_strstrip (terms[i]);
      char sign = *term == '?' || *term == '-' ? *term : '\0';
      g_autofree char *word = g_strdup (sign ? term + 1 : term);
      gboolean there;

      if (*word == '"' && strlen (word) > 1)
        {
          memmove (word, word + 1, strlen (word));
          word[strlen (word) - 1] = '\0';
        }
      if (*word == '\0')
        continue;

      there = strstr (text, word) != NULL;
      optional |= sign == '?';
      met |= sign == '?' && there;
      if ((sign == '\0' && !there) || (sign == '-' && there))
        return FALSE;
    }

  return !optional || met;
}

static gboolean
is_wanted (JsonObject   *input,
           PracticeRows *rows)
{
  JsonArray *names = aws_json_get_array (input, "logStreamNames");
  const char *prefix = aws_json_get_string (input, "logStreamNamePrefix");
  const char *pattern = aws_json_get_string (input, "filterPattern");
  const char *stream = practice_rows_text (rows, 4);
  gboolean named = names == NULL;

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    named |= g_strcmp0 (aws_json_array_get_string (names, i), stream) == 0;

  return named && (prefix == NULL || g_str_has_prefix (stream, prefix)) &&
         (pattern == NULL || pattern_matches (pattern, practice_rows_text (rows, 3)));
}

static gboolean
check_filter (JsonObject  *input,
              gint64      *time,
              gint64      *id,
              GError     **error)
{
  const char *token = aws_json_get_string (input, "nextToken");
  const char *pattern = aws_json_get_string (input, "filterPattern");

  *time = -1;
  *id = 0;
  if (token != NULL && !read_position (token, time, id))
    return refuse (error, "The specified nextToken is invalid.");
  if (aws_json_get_string (input, "logStreamNamePrefix") != NULL && aws_json_get_array (input, "logStreamNames") != NULL)
    return refuse (error, "logStreamNamePrefix and logStreamNames parameters cannot be used together.");
  if (pattern != NULL && (strchr ("{[%", *pattern) && *pattern != '\0'))
    return refuse (error, "The practice cloud knows patterns of words only, none of fields or regular expressions.");

  return TRUE;
}

static JsonObject *
filter_log_events (PracticeCall  *call,
                   JsonObject    *input,
                   GError       **error)
{
  g_autofree char *group = read_group (call, input, error);
  g_autoptr(JsonObject) output = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *events;
  gint64 time, id, limit, seen = 0;

  if (group == NULL || !practice_input_number (input, "limit", 1, 10000, 10000, BAD, &limit, error) ||
      !check_filter (input, &time, &id, error))
    return NULL;

  output = json_object_new ();
  events = json_array_new ();
  json_object_set_array_member (output, "events", events);
  json_object_set_array_member (output, "searchedLogStreams", json_array_new ());
  rows = practice_db_query (call->practice->db,
                            SELECT_EVENTS "AND time >= ?3 AND time < ?4 AND (time, id) > (?5, ?6) ORDER BY time, id",
                            "ssiiii", call->region, group, aws_json_get_int (input, "startTime", 0),
                            aws_json_get_int (input, "endTime", G_MAXINT64), time, id);
  while (practice_rows_next (rows))
    {
      /* A page ends after many messages that nobody wants too */
      if (json_array_get_length (events) == limit || seen++ == 10000)
        {
          g_autofree char *token = g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, time, id);

          json_object_set_string_member (output, "nextToken", token);
          break;
        }

      time = practice_rows_int (rows, 1);
      id = practice_rows_int (rows, 0);
      if (is_wanted (input, rows))
        {
          JsonObject *event = describe_event (rows);
          g_autofree char *number = g_strdup_printf ("%056" G_GINT64_FORMAT, id);

          json_object_set_string_member (event, "logStreamName", practice_rows_text (rows, 4));
          json_object_set_string_member (event, "eventId", number);
          json_array_add_object_element (events, event);
        }
    }

  return g_steal_pointer (&output);
}

static const PracticeOperation operations[] = {
  { "CreateLogGroup", create_log_group },
  { "DeleteLogGroup", delete_log_group },
  { "DescribeLogGroups", describe_log_groups },
  { "PutRetentionPolicy", put_retention_policy },
  { "DeleteRetentionPolicy", delete_retention_policy },
  { "CreateLogStream", create_log_stream },
  { "DeleteLogStream", delete_log_stream },
  { "DescribeLogStreams", describe_log_streams },
  { "PutLogEvents", put_log_events },
  { "GetLogEvents", get_log_events },
  { "FilterLogEvents", filter_log_events },
  { NULL, }
};

static void
handle (PracticeCall *call)
{
  practice_operations_handle (call, operations, "logs", dup_resource);
}

static const PracticeService service = {
  .name = "logs",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "Logs_20140328",
  .handle = handle,
};

/* What is past its days goes, and so does what is too much for a computer at home. */
static gboolean
sweep_cb (gpointer data)
{
  Practice *practice = data;

  practice_db_run (practice->db, NULL,
                   "DELETE FROM log_events WHERE EXISTS (SELECT 1 FROM log_groups WHERE log_groups.region = log_events.region "
                   "  AND name = log_group AND retention > 0 AND time < ? - retention * 86400000)",
                   "i", now_msec ());
  practice_db_run (practice->db, NULL, "DELETE FROM log_events WHERE id <= (SELECT max(id) FROM log_events) - ?", "i", (gint64) KEEP_EVENTS);
  practice_later (practice, SWEEP_MSEC, sweep_cb, practice, NULL);

  return G_SOURCE_REMOVE;
}

gboolean
practice_logs_init (Practice  *practice,
                    GError   **error)
{
  g_autofree char *listed = NULL;

  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS log_groups (region TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,"
                           "  retention INTEGER NOT NULL, PRIMARY KEY (region, name)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS log_streams (region TEXT NOT NULL, log_group TEXT NOT NULL, name TEXT NOT NULL,"
                           "  created INTEGER NOT NULL, PRIMARY KEY (region, log_group, name)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS log_events (id INTEGER PRIMARY KEY AUTOINCREMENT, region TEXT NOT NULL, log_group TEXT NOT NULL,"
                           "  stream TEXT NOT NULL, time INTEGER NOT NULL, ingested INTEGER NOT NULL, text TEXT NOT NULL);"
                           "CREATE INDEX IF NOT EXISTS log_events_by_time ON log_events (region, log_group, time, id);"
                           "DROP TABLE IF EXISTS function_log;",
                           error))
    return FALSE;

  /* Groups of stacks from before there was a list of them */
  listed = practice_db_get_setting (practice->db, "log-groups");
  if (listed == NULL &&
      (!practice_db_run (practice->db, error,
                         "INSERT OR IGNORE INTO log_groups SELECT region, id, created / 1000, coalesce(json_extract(properties, '$.RetentionInDays'), 0) "
                         "FROM resources WHERE type = 'AWS::Logs::LogGroup'", NULL) ||
       !practice_db_set_setting (practice->db, "log-groups", "listed", error)))
    return FALSE;

  practice_register_service (practice, &service);
  practice_later (practice, SWEEP_MSEC, sweep_cb, practice, NULL);

  return TRUE;
}
