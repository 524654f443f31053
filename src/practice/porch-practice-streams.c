/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-attribute.h"
#include "porch-practice-dynamodb-private.h"
#include "porch-practice-lambda.h"
#include "porch-practice-streams.h"

/* Streams keep their records for a day */
#define KEEP_USEC (G_USEC_PER_SEC * G_GINT64_CONSTANT (86400))

/* Between two tries of a batch that failed, doubled each time */
#define FIRST_PAUSE_MSEC 100
#define LAST_PAUSE_MSEC  10000

/* Where a mapping stands: written down, so that a restart goes on there. */
typedef struct
{
  char   *id;
  gint64  table_id;
  gint64  position;      /* sequence of the last record that is done with */
  gint64  attempts;      /* at the batch after it */
  gint64  batch;         /* size it was cut down to, 0 for the mapping's own */
} Reader;

/* What a mapping reads at once. */
typedef struct
{
  GPtrArray *records;    /* JsonObject, wanted and young enough */
  GArray    *sequences;  /* of these */
  gint64     last;       /* of all that were looked at */
} Batch;

/* One wake-up at a time is enough. */
static GPrivate waiting = G_PRIVATE_INIT (NULL);

static void
reader_free (Reader *self)
{
  g_free (self->id);
  g_free (self);
}

static void
batch_clear (Batch *batch)
{
  g_clear_pointer (&batch->records, g_ptr_array_unref);
  g_clear_pointer (&batch->sequences, g_array_unref);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Batch, batch_clear)

static void wake (Practice *practice,
                  guint     msec);

static char *
format_sequence (gint64 sequence)
{
  return g_strdup_printf ("%021" G_GINT64_FORMAT, sequence);
}

static JsonObject *
parse_object (const char *text)
{
  g_autoptr(JsonNode) node = json_from_string (text, NULL);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node)) : NULL;
}

static char *
print_object (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* ---- writing ---- */

static JsonObject *
make_record (PracticeTable *table,
             JsonObject    *before,
             JsonObject    *after,
             gboolean       expired)
{
  JsonObject *record = json_object_new ();
  JsonObject *change = json_object_new ();
  gboolean with_new = g_str_equal (table->stream_view, "NEW_IMAGE") || g_str_equal (table->stream_view, "NEW_AND_OLD_IMAGES");
  gboolean with_old = g_str_equal (table->stream_view, "OLD_IMAGE") || g_str_equal (table->stream_view, "NEW_AND_OLD_IMAGES");
  g_autofree char *source = practice_table_stream_arn (table);
  g_autofree char *id = practice_random_id (32, "0123456789abcdef");
  gsize size = (after ? practice_attribute_get_map_size (after) : 0) + (with_old && before ? practice_attribute_get_map_size (before) : 0);

  json_object_set_int_member (change, "ApproximateCreationDateTime", practice_now () / G_USEC_PER_SEC);
  json_object_set_object_member (change, "Keys", practice_table_pick_key (table, after ? after : before));
  if (with_new && after)
    json_object_set_object_member (change, "NewImage", json_object_ref (after));
  if (with_old && before)
    json_object_set_object_member (change, "OldImage", json_object_ref (before));
  json_object_set_int_member (change, "SizeBytes", size);
  json_object_set_string_member (change, "StreamViewType", table->stream_view);

  json_object_set_string_member (record, "eventID", id);
  json_object_set_string_member (record, "eventName", before == NULL ? "INSERT" : after == NULL ? "REMOVE" : "MODIFY");
  json_object_set_string_member (record, "eventVersion", "1.1");
  json_object_set_string_member (record, "eventSource", "aws:dynamodb");
  json_object_set_string_member (record, "awsRegion", table->region);
  json_object_set_object_member (record, "dynamodb", change);
  json_object_set_string_member (record, "eventSourceARN", source);
  if (expired)
    {
      JsonObject *identity = json_object_new ();

      json_object_set_string_member (identity, "type", "Service");
      json_object_set_string_member (identity, "principalId", "dynamodb.amazonaws.com");
      json_object_set_object_member (record, "userIdentity", identity);
    }

  return record;
}

static gboolean
is_change (JsonObject *before,
           JsonObject *after)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (before == NULL || after == NULL)
    return TRUE;
  if (json_object_get_size (before) != json_object_get_size (after))
    return TRUE;

  json_object_iter_init (&iter, before);
  while (json_object_iter_next (&iter, &name, &value))
    if (!json_object_has_member (after, name) || !practice_attribute_equal (value, json_object_get_member (after, name)))
      return TRUE;

  return FALSE;
}

/* Called inside the transaction of the write. */
gboolean
practice_stream_append (Practice       *practice,
                        PracticeTable  *table,
                        JsonObject     *before,
                        JsonObject     *after,
                        gboolean        expired,
                        GError        **error)
{
  g_autoptr(JsonObject) record = NULL;
  g_autofree char *text = NULL;

  if (table->stream_view == NULL || !is_change (before, after))
    return TRUE;

  record = make_record (table, before, after, expired);
  text = print_object (record);
  if (!practice_db_run (practice->db, error, "INSERT INTO dynamodb_stream (table_id, created, record) VALUES (?, ?, ?)",
                        "iis", table->id, practice_now (), text))
    return FALSE;

  wake (practice, 0);

  return TRUE;
}

static PracticeTable *
lookup_stream (Practice   *practice,
               const char *stream_arn)
{
  const char *mark = strstr (stream_arn, "/stream/");
  g_autofree char *table_arn = mark ? g_strndup (stream_arn, mark - stream_arn) : NULL;
  g_autoptr(PracticeTable) table = table_arn ? practice_table_lookup (practice, "", table_arn) : NULL;
  g_autofree char *own = table ? practice_table_stream_arn (table) : NULL;

  return g_strcmp0 (own, stream_arn) == 0 ? g_steal_pointer (&table) : NULL;
}

gboolean
practice_stream_exists (Practice   *practice,
                        const char *stream_arn)
{
  g_autoptr(PracticeTable) table = lookup_stream (practice, stream_arn);

  return table != NULL;
}

gboolean
practice_stream_start_mapping (Practice    *practice,
                               const char  *id,
                               const char  *stream_arn,
                               gboolean     from_now,
                               GError     **error)
{
  g_autoptr(PracticeTable) table = lookup_stream (practice, stream_arn);

  if (!practice_db_run (practice->db, error,
                        "INSERT INTO stream_readers (id, table_id, position) "
                        "SELECT ?1, ?2, CASE ?3 WHEN 1 THEN (SELECT coalesce(max(sequence), 0) FROM dynamodb_stream) ELSE 0 END",
                        "sii", id, table->id, (gint64) from_now))
    return FALSE;

  wake (practice, 0);

  return TRUE;
}

gboolean
practice_stream_end_mapping (Practice    *practice,
                             const char  *id,
                             GError     **error)
{
  return practice_db_run (practice->db, error, "DELETE FROM stream_readers WHERE id = ?", "s", id);
}

/* ---- delivering ---- */

static gboolean
is_wanted (PracticeResource *mapping,
           JsonObject       *record)
{
  JsonObject *criteria = aws_json_get_object (mapping->properties, "FilterCriteria");
  JsonArray *filters = criteria ? aws_json_get_array (criteria, "Filters") : NULL;

  if (filters == NULL || json_array_get_length (filters) == 0)
    return TRUE;

  for (guint i = 0; i < json_array_get_length (filters); i++)
    {
      const char *text = practice_property_string (aws_json_array_get_object (filters, i), "Pattern");
      g_autoptr(JsonObject) pattern = text ? parse_object (text) : NULL;

      if (pattern == NULL || practice_filter_matches (pattern, record))
        return TRUE;
    }

  return FALSE;
}

static void
read_batch (Practice         *practice,
            PracticeResource *mapping,
            Reader           *reader,
            Batch            *batch)
{
  gint64 limit = reader->batch ? reader->batch : practice_property_int (mapping->properties, "BatchSize", 100);
  gint64 age = practice_property_int (mapping->properties, "MaximumRecordAgeInSeconds", -1);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db,
                                                    "SELECT sequence, created, record FROM dynamodb_stream WHERE table_id = ? AND sequence > ? ORDER BY sequence",
                                                    "ii", reader->table_id, reader->position);

  batch->records = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  batch->sequences = g_array_new (FALSE, FALSE, sizeof (gint64));
  batch->last = reader->position;

  while (batch->records->len < limit && practice_rows_next (rows))
    {
      gint64 sequence = practice_rows_int (rows, 0);
      gboolean too_old = age >= 0 && practice_rows_int (rows, 1) < practice_now () - age * G_USEC_PER_SEC;
      g_autoptr(JsonObject) record = parse_object (practice_rows_text (rows, 2));
      g_autofree char *number = format_sequence (sequence);

      batch->last = sequence;
      if (record == NULL || too_old)
        continue;

      json_object_set_string_member (json_object_get_object_member (record, "dynamodb"), "SequenceNumber", number);
      if (is_wanted (mapping, record))
        {
          g_ptr_array_add (batch->records, g_steal_pointer (&record));
          g_array_append_val (batch->sequences, sequence);
        }
    }
}

static gboolean
reports_failures (PracticeResource *mapping)
{
  JsonArray *types = aws_json_get_array (mapping->properties, "FunctionResponseTypes");

  return types && json_array_get_length (types) > 0 &&
         g_strcmp0 (aws_json_array_get_string (types, 0), "ReportBatchItemFailures") == 0;
}

/* Index of the first record that failed by what the function returned; the number of records when none did. */
static guint
first_failure (Batch      *batch,
               const char *result)
{
  g_autoptr(JsonNode) node = json_from_string (result, NULL);
  JsonArray *failures;
  guint first = batch->records->len;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return first;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return 0;
  if (!json_object_has_member (json_node_get_object (node), "batchItemFailures") ||
      json_object_get_null_member (json_node_get_object (node), "batchItemFailures"))
    return first;

  failures = aws_json_get_array (json_node_get_object (node), "batchItemFailures");
  for (guint i = 0; failures && i < json_array_get_length (failures); i++)
    {
      JsonObject *failure = aws_json_array_get_object (failures, i);
      const char *id = failure ? aws_json_get_string (failure, "itemIdentifier") : NULL;
      guint at;

      for (at = 0; id && at < batch->records->len; at++)
        {
          g_autofree char *number = format_sequence (g_array_index (batch->sequences, gint64, at));

          if (g_str_equal (number, id))
            break;
        }

      /* Something that can't be read as a record of the batch fails all of it */
      if (id == NULL || at == batch->records->len)
        return 0;
      first = MIN (first, at);
    }

  return failures ? first : 0;
}

static guint
invoke (Practice         *practice,
        PracticeResource *mapping,
        Batch            *batch)
{
  g_autoptr(JsonObject) event = json_object_new ();
  JsonArray *records = json_array_new ();
  g_autofree char *text = NULL, *result = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < batch->records->len; i++)
    json_array_add_object_element (records, json_object_ref (g_ptr_array_index (batch->records, i)));
  json_object_set_array_member (event, "Records", records);
  text = print_object (event);

  result = practice_lambda_invoke (practice, mapping->region, practice_property_string (mapping->properties, "FunctionName"), text, &error);
  if (result == NULL)
    {
      g_debug ("A function for a stream failed: %s", error->message);
      return 0;
    }

  return reports_failures (mapping) ? first_failure (batch, result) : batch->records->len;
}

static void
save_reader (Practice *practice,
             Reader   *reader)
{
  practice_db_run (practice->db, NULL, "UPDATE stream_readers SET position = ?, attempts = ?, batch = ? WHERE id = ?",
                   "iiis", reader->position, reader->attempts, reader->batch, reader->id);
}

/* What comes after a batch of which the records from @failed on were not handled. Returns the pause before the next try. */
static guint
settle (PracticeResource *mapping,
        Reader           *reader,
        Batch            *batch,
        guint             failed)
{
  gint64 most = practice_property_int (mapping->properties, "MaximumRetryAttempts", -1);
  guint left = batch->records->len - failed;
  guint pause;

  if (left == 0)
    {
      reader->position = batch->last;
      reader->attempts = 0;
      reader->batch = 0;
      return 0;
    }

  /* What was handled before the first failure is done with */
  if (failed > 0)
    {
      reader->position = g_array_index (batch->sequences, gint64, failed) - 1;
      reader->batch = left;
      reader->attempts = 0;
    }
  else if (left > 1 && practice_property_bool (mapping->properties, "BisectBatchOnFunctionError", FALSE))
    {
      /* Halving a batch doesn't count as a try */
      reader->batch = (left + 1) / 2;
      return FIRST_PAUSE_MSEC;
    }

  if (failed == 0 && most >= 0 && reader->attempts >= most)
    {
      g_debug ("Records were given up after %" G_GINT64_FORMAT " tries", reader->attempts + 1);
      reader->position = batch->last;
      reader->attempts = 0;
      reader->batch = 0;
      return 0;
    }

  reader->attempts++;
  pause = FIRST_PAUSE_MSEC << MIN (reader->attempts - 1, 7);

  return MIN (pause, LAST_PAUSE_MSEC);
}

/* One batch of one mapping. Returns how long to wait for the next: 0 at once, G_MAXUINT when there is nothing. */
static guint
deliver (Practice         *practice,
         PracticeResource *mapping,
         Reader           *reader)
{
  g_auto(Batch) batch = { NULL, };
  guint pause;

  if (!practice_property_bool (mapping->properties, "Enabled", TRUE))
    return G_MAXUINT;

  read_batch (practice, mapping, reader, &batch);
  if (batch.records->len == 0)
    {
      if (batch.last == reader->position)
        return G_MAXUINT;
      reader->position = batch.last;
      save_reader (practice, reader);
      return 0;
    }

  pause = settle (mapping, reader, &batch, invoke (practice, mapping, &batch));
  save_reader (practice, reader);

  return pause;
}

static GPtrArray *
load_readers (Practice *practice)
{
  GPtrArray *readers = g_ptr_array_new_with_free_func ((GDestroyNotify) reader_free);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT id, table_id, position, attempts, batch FROM stream_readers", NULL);

  while (practice_rows_next (rows))
    {
      Reader *reader = g_new0 (Reader, 1);

      reader->id = practice_rows_dup_text (rows, 0);
      reader->table_id = practice_rows_int (rows, 1);
      reader->position = practice_rows_int (rows, 2);
      reader->attempts = practice_rows_int (rows, 3);
      reader->batch = practice_rows_int (rows, 4);
      g_ptr_array_add (readers, reader);
    }

  return readers;
}

static gboolean
deliver_cb (gpointer data)
{
  Practice *practice = data;
  g_autoptr(GPtrArray) readers = load_readers (practice);
  g_autoptr(GPtrArray) mappings = practice_resource_list (practice, PRACTICE_MAPPING_TYPE, NULL);
  guint pause = G_MAXUINT;

  g_private_set (&waiting, NULL);
  practice_db_run (practice->db, NULL, "DELETE FROM dynamodb_stream WHERE created < ?", "i", practice_now () - KEEP_USEC);

  for (guint i = 0; i < readers->len; i++)
    for (guint j = 0; j < mappings->len; j++)
      {
        Reader *reader = g_ptr_array_index (readers, i);
        PracticeResource *mapping = g_ptr_array_index (mappings, j);

        if (g_str_equal (reader->id, mapping->id))
          pause = MIN (pause, deliver (practice, mapping, reader));
      }

  if (pause != G_MAXUINT)
    wake (practice, pause);

  return G_SOURCE_REMOVE;
}

/* An earlier wake-up replaces a later one. */
static void
wake (Practice *practice,
      guint     msec)
{
  gpointer old = g_private_get (&waiting);

  if (old && msec > 0)
    return;
  if (old)
    practice_cancel_later (practice, old);

  g_private_set (&waiting, practice_later (practice, msec, deliver_cb, practice, NULL));
}

gboolean
practice_streams_init (Practice  *practice,
                       GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS stream_readers (id TEXT PRIMARY KEY, table_id INTEGER NOT NULL,"
                           "  position INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, batch INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;",
                           error))
    return FALSE;

  wake (practice, 0);

  return TRUE;
}

void
practice_streams_shutdown (Practice *practice)
{
  g_private_set (&waiting, NULL);
}
