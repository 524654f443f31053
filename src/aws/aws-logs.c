/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-logs.h"

#include "aws-document.h"
#include "aws-operations-private.h"

static const AwsShape describe_log_groups_input[] = {
  { "logGroupNamePrefix" },
  { "nextToken" },
  { "limit", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape log_group_members[] = {
  { "logGroupName" },
  { "creationTime", AWS_SHAPE_INTEGER },
  { "retentionInDays", AWS_SHAPE_INTEGER },
  { "arn" },
  { "storedBytes", AWS_SHAPE_INTEGER },
  { "logGroupClass" },
  { "logGroupArn" },
  { NULL }
};

static const AwsShape describe_log_groups_output[] = {
  { "logGroups", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (log_group_members) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation describe_log_groups = {
  "logs", "DescribeLogGroups", .input = describe_log_groups_input, .output = describe_log_groups_output,
  .pages = { "logGroups", "nextToken" },
};

static const AwsShape describe_log_streams_input[] = {
  { "logGroupName" },
  { "logStreamNamePrefix" },
  { "orderBy" },
  { "descending", AWS_SHAPE_BOOLEAN },
  { "nextToken" },
  { "limit", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape log_stream_members[] = {
  { "logStreamName" },
  { "creationTime", AWS_SHAPE_INTEGER },
  { "firstEventTimestamp", AWS_SHAPE_INTEGER },
  { "lastEventTimestamp", AWS_SHAPE_INTEGER },
  { "lastIngestionTime", AWS_SHAPE_INTEGER },
  { "arn" },
  { NULL }
};

static const AwsShape describe_log_streams_output[] = {
  { "logStreams", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (log_stream_members) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation describe_log_streams = {
  "logs", "DescribeLogStreams", .input = describe_log_streams_input, .output = describe_log_streams_output,
  .pages = { "logStreams", "nextToken" },
};

static const AwsShape filter_log_events_input[] = {
  { "logGroupName" },
  { "logStreamNames", AWS_LIST_OF ({ NULL }) },
  { "logStreamNamePrefix" },
  { "startTime", AWS_SHAPE_INTEGER },
  { "endTime", AWS_SHAPE_INTEGER },
  { "filterPattern" },
  { "nextToken" },
  { "limit", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape filtered_event_members[] = {
  { "logStreamName" },
  { "timestamp", AWS_SHAPE_INTEGER },
  { "message" },
  { "ingestionTime", AWS_SHAPE_INTEGER },
  { "eventId" },
  { NULL }
};

static const AwsShape filter_log_events_output[] = {
  { "events", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (filtered_event_members) }) },
  { "nextToken" },
  { NULL }
};

static const AwsOperation filter_log_events = {
  "logs", "FilterLogEvents", .input = filter_log_events_input, .output = filter_log_events_output,
  .pages = { "events", "nextToken" },
};

static const AwsShape get_log_events_input[] = {
  { "logGroupName" },
  { "logStreamName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "startTime", AWS_SHAPE_INTEGER },
  { "endTime", AWS_SHAPE_INTEGER },
  { "nextToken" },
  { "limit", AWS_SHAPE_INTEGER },
  { "startFromHead", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape event_members[] = {
  { "timestamp", AWS_SHAPE_INTEGER },
  { "message" },
  { "ingestionTime", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape get_log_events_output[] = {
  { "events", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (event_members) }) },
  { "nextForwardToken" },
  { "nextBackwardToken" },
  { NULL }
};

static const AwsOperation get_log_events = {
  "logs", "GetLogEvents", .input = get_log_events_input, .output = get_log_events_output,
};

static const AwsShape put_retention_policy_input[] = {
  { "logGroupName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "retentionInDays", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation put_retention_policy = {
  "logs", "PutRetentionPolicy", .input = put_retention_policy_input,
};

const AwsOperation * const aws_logs_operations[] = {
  &describe_log_groups,
  &describe_log_streams,
  &filter_log_events,
  &get_log_events,
  &put_retention_policy,
  NULL
};

/* Milliseconds since 1970 */
static GDateTime *
dup_time (JsonObject *object,
          const char *name)
{
  gint64 msec = aws_json_get_int (object, name, 0);

  return msec > 0 && msec < G_MAXINT64 / 1000 ? g_date_time_new_from_unix_utc_usec (msec * 1000) : NULL;
}

AWS_DEFINE_DOCUMENT (AwsLogGroup, aws_log_group)

/**
 * aws_log_group_get_name:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsLogGroup, aws_log_group, name, "logGroupName")

/**
 * aws_log_group_get_arn:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsLogGroup, aws_log_group, arn, "arn")

/**
 * aws_log_group_get_retention:
 * @self: a group
 *
 * Returns: after how many days messages are deleted, 0 for never
 */
AWS_DOCUMENT_INT (AwsLogGroup, aws_log_group, retention, "retentionInDays")

/**
 * aws_log_group_get_size:
 * @self: a group
 *
 * Returns: what is kept, in bytes
 */
AWS_DOCUMENT_INT (AwsLogGroup, aws_log_group, size, "storedBytes")

/**
 * aws_log_group_dup_created:
 * @self: a group
 *
 * Returns: (transfer full) (nullable): when it was made
 */
GDateTime *
aws_log_group_dup_created (AwsLogGroup *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_time (self->document.object, "creationTime");
}

AWS_DEFINE_DOCUMENT (AwsLogStream, aws_log_stream)

/**
 * aws_log_stream_get_name:
 * @self: a stream
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsLogStream, aws_log_stream, name, "logStreamName")

/**
 * aws_log_stream_get_arn:
 * @self: a stream
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsLogStream, aws_log_stream, arn, "arn")

/**
 * aws_log_stream_dup_created:
 * @self: a stream
 *
 * Returns: (transfer full) (nullable): when it was made
 */
GDateTime *
aws_log_stream_dup_created (AwsLogStream *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_time (self->document.object, "creationTime");
}

/**
 * aws_log_stream_dup_first_event:
 * @self: a stream
 *
 * Returns: (transfer full) (nullable): the time of its first message
 */
GDateTime *
aws_log_stream_dup_first_event (AwsLogStream *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_time (self->document.object, "firstEventTimestamp");
}

/**
 * aws_log_stream_dup_last_event:
 * @self: a stream
 *
 * Returns: (transfer full) (nullable): the time of its last message; known some time later only
 */
GDateTime *
aws_log_stream_dup_last_event (AwsLogStream *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_time (self->document.object, "lastEventTimestamp");
}

AWS_DEFINE_DOCUMENT (AwsLogEvent, aws_log_event)

/**
 * aws_log_event_get_message:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the text
 */
AWS_DOCUMENT_STRING (AwsLogEvent, aws_log_event, message, "message")

/**
 * aws_log_event_get_stream:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): the name of its stream, if several were asked for
 */
AWS_DOCUMENT_STRING (AwsLogEvent, aws_log_event, stream, "logStreamName")

/**
 * aws_log_event_get_id:
 * @self: an event
 *
 * Returns: (transfer none) (nullable): its number, if several streams were asked for
 */
AWS_DOCUMENT_STRING (AwsLogEvent, aws_log_event, id, "eventId")

/**
 * aws_log_event_dup_time:
 * @self: an event
 *
 * Returns: (transfer full) (nullable): when it was written
 */
GDateTime *
aws_log_event_dup_time (AwsLogEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_time (self->document.object, "timestamp");
}

/**
 * aws_log_event_dup_ingested:
 * @self: an event
 *
 * Returns: (transfer full) (nullable): when it arrived
 */
GDateTime *
aws_log_event_dup_ingested (AwsLogEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_time (self->document.object, "ingestionTime");
}

/* Gets pages of one stream until there is none. */
typedef struct
{
  AwsClient  *client;
  JsonObject *input;
  JsonArray  *events;
} Reading;

static void
reading_clear (Reading *self)
{
  g_object_unref (self->client);
  json_object_unref (self->input);
  json_array_unref (self->events);
}

static void
reading_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, (GDestroyNotify) reading_clear);
}

static void
set_time (JsonObject *input,
          const char *name,
          GDateTime  *time)
{
  if (time != NULL)
    aws_input_set_int (input, name, g_date_time_to_unix_usec (time) / 1000);
}

/**
 * aws_logs_describe_log_groups:
 * @client: the client
 * @prefix: (nullable): what names begin with
 *
 * Lists groups of logs, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@LogGroup]
 */
DexFuture *
aws_logs_describe_log_groups (AwsClient  *client,
                              const char *prefix)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  aws_input_set_string (input, "logGroupNamePrefix", prefix);

  return aws_operation_call_documents (&describe_log_groups, client, input, AWS_TYPE_LOG_GROUP);
}

/**
 * aws_logs_describe_log_streams:
 * @client: the client
 * @group: the name of a group
 * @prefix: (nullable): what names begin with; not together with @newest_first
 * @newest_first: whether the stream with the newest message comes first; else they are sorted by name
 *
 * Lists the streams of a group, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@LogStream]
 */
DexFuture *
aws_logs_describe_log_streams (AwsClient  *client,
                               const char *group,
                               const char *prefix,
                               gboolean    newest_first)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (group != NULL);
  dex_return_error_if_fail (prefix == NULL || !newest_first);

  input = json_object_new ();
  aws_input_set_string (input, "logGroupName", group);
  aws_input_set_string (input, "logStreamNamePrefix", prefix);
  aws_input_set_string (input, "orderBy", newest_first ? "LastEventTime" : "LogStreamName");
  aws_input_set_bool (input, "descending", newest_first);

  return aws_operation_call_documents (&describe_log_streams, client, input, AWS_TYPE_LOG_STREAM);
}

/**
 * aws_logs_filter_log_events:
 * @client: the client
 * @group: the name of a group
 * @streams: (nullable): the names of streams, at most 100; %NULL for all
 * @pattern: (nullable): a pattern, like `ERROR` or `"no such table"`
 * @start: (nullable): the first time, %NULL for all
 * @end: (nullable): the time after the last one, %NULL for all
 *
 * Finds messages in the streams of a group, all pages. A page may be empty and not be the last.
 *
 * Returns: a future of a `GPtrArray` of [struct@LogEvent]
 */
DexFuture *
aws_logs_filter_log_events (AwsClient          *client,
                            const char         *group,
                            const char * const *streams,
                            const char         *pattern,
                            GDateTime          *start,
                            GDateTime          *end)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (group != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "logGroupName", group);
  aws_input_set_strings (input, "logStreamNames", streams);
  aws_input_set_string (input, "filterPattern", pattern);
  set_time (input, "startTime", start);
  set_time (input, "endTime", end);

  return aws_operation_call_documents (&filter_log_events, client, input, AWS_TYPE_LOG_EVENT);
}

/* There is always a next token; the end has been reached when it is the one that was sent. */
static DexFuture *
read_page (DexFuture *completed,
           gpointer   user_data)
{
  Reading *self = user_data;
  JsonObject *answer = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonArray *events = aws_json_get_array (answer, "events");
  const char *token = aws_json_get_string (answer, "nextForwardToken");

  for (guint i = 0; events != NULL && i < json_array_get_length (events); i++)
    json_array_add_element (self->events, json_node_copy (json_array_get_element (events, i)));

  if (token == NULL || g_strcmp0 (token, aws_json_get_string (self->input, "nextToken")) == 0)
    return NULL;

  json_object_set_string_member (self->input, "nextToken", token);

  return aws_operation_call (&get_log_events, self->client, json_object_ref (self->input));
}

static DexFuture *
collect_events (DexFuture *completed,
                gpointer   user_data)
{
  Reading *self = user_data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, aws_document_new_list (self->events));
}

/**
 * aws_logs_get_log_events:
 * @client: the client
 * @group: the name of a group
 * @stream: the name of a stream
 * @start: (nullable): the first time, %NULL for all
 * @end: (nullable): the time after the last one, %NULL for all
 *
 * Reads the messages of one stream from the first to the last, all pages.
 *
 * Returns: a future of a `GPtrArray` of [struct@LogEvent]
 */
DexFuture *
aws_logs_get_log_events (AwsClient  *client,
                         const char *group,
                         const char *stream,
                         GDateTime  *start,
                         GDateTime  *end)
{
  Reading *self;
  DexFuture *future;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (group != NULL);
  dex_return_error_if_fail (stream != NULL);

  self = g_atomic_rc_box_new0 (Reading);
  self->client = g_object_ref (client);
  self->events = json_array_new ();
  self->input = json_object_new ();
  aws_input_set_string (self->input, "logGroupName", group);
  aws_input_set_string (self->input, "logStreamName", stream);
  aws_input_set_bool (self->input, "startFromHead", TRUE);
  set_time (self->input, "startTime", start);
  set_time (self->input, "endTime", end);

  future = aws_operation_call (&get_log_events, client, json_object_ref (self->input));
  future = dex_future_then_loop (future, read_page, g_atomic_rc_box_acquire (self), reading_unref);

  return dex_future_then (future, collect_events, self, reading_unref);
}

/**
 * aws_logs_put_retention_policy:
 * @client: the client
 * @group: the name of a group
 * @days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or one of the longer ones of the service
 *
 * Has the messages of a group deleted after some days.
 *
 * Returns: a future of %TRUE
 */
DexFuture *
aws_logs_put_retention_policy (AwsClient  *client,
                               const char *group,
                               guint       days)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (group != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "logGroupName", group);
  aws_input_set_int (input, "retentionInDays", days);

  return aws_operation_call_done (&put_retention_policy, client, input);
}
