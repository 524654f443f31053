/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-kvs.h"

#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-fault.h"
#include "porch-practice-sts.h"

#define ARN_PREFIX       "/key-value-stores/"
#define LONGEST_KEY      512
#define LONGEST_VALUE    1024
#define LARGEST_STORE    (5 * 1024 * 1024)
#define MOST_CHANGES     50
#define LARGEST_CHANGE   (3 * 1024 * 1024)
#define MOST_STORES      200
#define PROVISIONING     20.0   /* seconds at AWS */

G_DEFINE_QUARK (practice-kvs-error-quark, practice_kvs_error)

/* The store */

static char *
new_etag (const char *prefix)
{
  g_autofree char *random = practice_random_id (12, NULL);

  return g_strconcat (prefix, random, NULL);
}

static PracticeKvs *
kvs_from_rows (Practice     *practice,
               PracticeRows *rows)
{
  PracticeKvs *kvs;
  gint64 ready;

  if (!practice_rows_next (rows))
    return NULL;

  kvs = g_new0 (PracticeKvs, 1);
  kvs->name = practice_rows_dup_text (rows, 0);
  kvs->id = practice_rows_dup_text (rows, 1);
  kvs->arn = g_strdup_printf ("arn:aws:cloudfront::%s:key-value-store/%s", practice->account, kvs->id);
  kvs->comment = practice_rows_dup_text (rows, 2);
  kvs->control_etag = practice_rows_dup_text (rows, 3);
  kvs->data_etag = practice_rows_dup_text (rows, 4);
  kvs->created = practice_rows_int (rows, 5);
  kvs->modified = practice_rows_int (rows, 6);
  ready = practice_rows_int (rows, 7);
  kvs->item_count = practice_rows_int (rows, 8);
  kvs->size = practice_rows_int (rows, 9);
  kvs->status = g_strdup (practice_now () >= ready ? "READY" : "PROVISIONING");

  return kvs;
}

void
practice_kvs_free (PracticeKvs *kvs)
{
  if (kvs == NULL)
    return;

  g_free (kvs->name);
  g_free (kvs->id);
  g_free (kvs->arn);
  g_free (kvs->comment);
  g_free (kvs->status);
  g_free (kvs->control_etag);
  g_free (kvs->data_etag);
  g_free (kvs);
}

PracticeKvs *
practice_kvs_lookup (Practice   *practice,
                     const char *name_or_arn)
{
  const char *id = g_str_has_prefix (name_or_arn, "arn:") && strchr (name_or_arn, '/') != NULL
                 ? strchr (name_or_arn, '/') + 1 : name_or_arn;
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(PracticeKvs) kvs = NULL;

  rows = practice_db_query (practice->db,
                            "SELECT name, id, comment, control_etag, data_etag, created, modified, ready, items, size "
                            "FROM stores WHERE id = ?1 OR name = ?1", "s", id);
  kvs = kvs_from_rows (practice, rows);

  /* an ARN must be this account's */
  if (kvs != NULL && id != name_or_arn && !g_str_equal (kvs->arn, name_or_arn))
    return NULL;

  return g_steal_pointer (&kvs);
}

PracticeKvs *
practice_kvs_create (Practice    *practice,
                     const char  *name,
                     const char  *comment,
                     GError     **error)
{
  g_autoptr(PracticeKvs) present = practice_kvs_lookup (practice, name);
  g_autofree char *count = practice_db_lookup (practice->db, "SELECT count(*) FROM stores", NULL);
  g_autofree char *id = practice_uuid ();
  g_autofree char *control = new_etag ("ET");
  g_autofree char *data = new_etag ("KV");
  gint64 now = practice_now ();

  if (!g_regex_match_simple ("^[a-zA-Z0-9-_]{1,64}$", name, G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT))
    {
      g_set_error_literal (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_INVALID,
                           "The name of a key value store has 1 to 64 letters, digits, hyphens and underscores.");

      return NULL;
    }

  if (present != NULL)
    {
      g_set_error (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_EXISTS,
                   "The key value store %s already exists.", name);

      return NULL;
    }

  if (atoi (count) >= MOST_STORES)
    {
      g_set_error_literal (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_FAILED,
                           "This account has as many key value stores as it may have.");

      return NULL;
    }

  if (!practice_db_run (practice->db, error,
                        "INSERT INTO stores (id, name, comment, control_etag, data_etag, created, modified, ready, items, size) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                        "sssssiii", id, name, comment != NULL ? comment : "", control, data, now, now,
                        now + practice_scale_delay (practice, PROVISIONING) * G_GINT64_CONSTANT (1000)))
    return NULL;

  return practice_kvs_lookup (practice, name);
}

static gboolean
fail_not_found (const char  *name,
                GError     **error)
{
  g_set_error (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_NOT_FOUND, "The key value store %s was not found.", name);

  return FALSE;
}

gboolean
practice_kvs_update (Practice    *practice,
                     const char  *name,
                     const char  *comment,
                     GError     **error)
{
  g_autofree char *etag = new_etag ("ET");

  if (!practice_db_run (practice->db, error,
                        "UPDATE stores SET comment = ?, control_etag = ?, modified = ? WHERE name = ?",
                        "ssis", comment != NULL ? comment : "", etag, practice_now (), name))
    return FALSE;

  return practice_db_changes (practice->db) > 0 || fail_not_found (name, error);
}

gboolean
practice_kvs_delete (Practice    *practice,
                     const char  *name,
                     GError     **error)
{
  g_autoptr(PracticeKvs) kvs = practice_kvs_lookup (practice, name);
  g_autofree char *user = NULL;

  if (kvs == NULL)
    return fail_not_found (name, error);

  user = practice_db_lookup (practice->db, "SELECT function FROM store_users WHERE store = ? LIMIT 1", "s", kvs->id);
  if (user != NULL)
    {
      g_set_error (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_IN_USE,
                   "The key value store %s is in use by the function %s.", name, user);

      return FALSE;
    }

  return practice_db_run (practice->db, error, "DELETE FROM stores WHERE id = ?", "s", kvs->id);
}

gboolean
practice_kvs_associate (Practice    *practice,
                        const char  *arn,
                        const char  *function,
                        GError     **error)
{
  g_autoptr(PracticeKvs) kvs = practice_kvs_lookup (practice, arn);

  if (kvs == NULL)
    return fail_not_found (arn, error);

  return practice_db_run (practice->db, error, "INSERT OR IGNORE INTO store_users (store, function) VALUES (?, ?)",
                          "ss", kvs->id, function);
}

void
practice_kvs_dissociate (Practice   *practice,
                         const char *function)
{
  practice_db_run (practice->db, NULL, "DELETE FROM store_users WHERE function = ?", "s", function);
}

char *
practice_kvs_get (Practice   *practice,
                  const char *arn,
                  const char *key)
{
  const char *id = strchr (arn, '/') != NULL ? strchr (arn, '/') + 1 : arn;

  return practice_db_lookup (practice->db, "SELECT value FROM store_items WHERE store = ? AND key = ?", "ss", id, key);
}

/* The data API */

static void
answer_validation (PracticeCall *call,
                   const char   *message)
{
  practice_call_answer_error (call, 400, "ValidationException", "%s", message);
}

/* "/key-value-stores/<ARN>[/keys[/<key>]]": the ARN is one segment, its own slash encoded */
static gboolean
split_path (PracticeCall  *call,
            char         **arn,
            gboolean      *keys,
            char         **key)
{
  const char *path = call->raw_path;
  const char *end;

  if (!g_str_has_prefix (path, ARN_PREFIX))
    return FALSE;

  path += strlen (ARN_PREFIX);
  end = strchr (path, '/');
  *arn = aws_uri_decode (path, end != NULL ? end - path : -1, FALSE);
  *keys = FALSE;
  *key = NULL;
  if (**arn == '\0' || end == NULL)
    return **arn != '\0';

  if (!g_str_has_prefix (end, "/keys") || (end[5] != '\0' && end[5] != '/'))
    return FALSE;

  *keys = TRUE;
  if (end[5] == '/' && end[6] != '\0')
    *key = aws_uri_decode (end + 6, -1, FALSE);

  return TRUE;
}

static const char *
name_operation (PracticeCall *call)
{
  static const struct
  {
    const char *method;
    gboolean    keys;
    gboolean    key;
    const char *name;
  } operations[] = {
    { "GET", FALSE, FALSE, "DescribeKeyValueStore" },
    { "GET", TRUE, FALSE, "ListKeys" },
    { "POST", TRUE, FALSE, "UpdateKeys" },
    { "GET", TRUE, TRUE, "GetKey" },
    { "PUT", TRUE, TRUE, "PutKey" },
    { "DELETE", TRUE, TRUE, "DeleteKey" },
  };
  g_autofree char *arn = NULL;
  g_autofree char *key = NULL;
  gboolean keys;

  if (!split_path (call, &arn, &keys, &key))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].method, call->method) && operations[i].keys == keys &&
        operations[i].key == (key != NULL))
      return operations[i].name;

  return NULL;
}

static void
set_counts (JsonObject  *object,
            PracticeKvs *kvs)
{
  json_object_set_int_member (object, "ItemCount", kvs->item_count);
  json_object_set_int_member (object, "TotalSizeInBytes", kvs->size);
}

static void
describe_store (PracticeCall *call,
                PracticeKvs  *kvs,
                const char   *key)
{
  JsonObject *object = json_object_new ();

  set_counts (object, kvs);
  json_object_set_string_member (object, "KvsARN", kvs->arn);
  json_object_set_double_member (object, "Created", kvs->created / (double) G_USEC_PER_SEC);
  json_object_set_double_member (object, "LastModified", kvs->modified / (double) G_USEC_PER_SEC);
  json_object_set_string_member (object, "Status", kvs->status);
  practice_call_set_header (call, "ETag", kvs->data_etag);
  practice_call_answer_json (call, 200, object);
}

static void
get_key (PracticeCall *call,
         PracticeKvs  *kvs,
         const char   *key)
{
  g_autofree char *value = practice_kvs_get (call->practice, kvs->arn, key);
  JsonObject *object;

  if (value == NULL)
    {
      practice_call_answer_error (call, 404, "ResourceNotFoundException", "Key %s was not found", key);

      return;
    }

  object = json_object_new ();
  json_object_set_string_member (object, "Key", key);
  json_object_set_string_member (object, "Value", value);
  set_counts (object, kvs);
  practice_call_answer_json (call, 200, object);
}

static void
list_keys (PracticeCall *call,
           PracticeKvs  *kvs,
           const char   *key)
{
  const char *most = practice_call_get_query (call, "MaxResults");
  const char *token = practice_call_get_query (call, "NextToken");
  g_autofree char *after = NULL;
  g_autofree char *last = NULL;
  g_autoptr(PracticeRows) rows = NULL;
  JsonObject *object;
  JsonArray *items;
  gint64 limit = 10;
  gint64 count = 0;
  gsize length = 0;

  if (most != NULL && !g_ascii_string_to_signed (most, 10, 1, 50, &limit, NULL))
    {
      answer_validation (call, "MaxResults must be a number from 1 to 50");

      return;
    }

  if (token != NULL)
    {
      g_autofree guint8 *raw = g_base64_decode (token, &length);

      after = g_strndup ((const char *) raw, length);
      if (length == 0 || !g_utf8_validate (after, -1, NULL))
        {
          answer_validation (call, "NextToken is not valid");

          return;
        }
    }

  object = json_object_new ();
  items = json_array_new ();
  rows = practice_db_query (call->practice->db, "SELECT key, value FROM store_items WHERE store = ? AND key > ? ORDER BY key",
                            "ss", kvs->id, after != NULL ? after : "");
  while (practice_rows_next (rows))
    {
      JsonObject *item;

      if (count++ == limit)
        {
          g_autofree char *next = g_base64_encode ((const guchar *) last, strlen (last));

          json_object_set_string_member (object, "NextToken", next);
          break;
        }

      item = json_object_new ();
      g_set_str (&last, practice_rows_text (rows, 0));
      json_object_set_string_member (item, "Key", last);
      json_object_set_string_member (item, "Value", practice_rows_text (rows, 1));
      json_array_add_object_element (items, item);
    }
  json_object_set_array_member (object, "Items", items);
  practice_call_answer_json (call, 200, object);
}

/* Writes. The ETag is the whole store's. A stale one is a ConflictException: the documentation lists "Resource is not in
 * expected state" (409) as the only error of a write that can be about it. */
static gboolean
check_etag (PracticeCall *call,
            PracticeKvs  *kvs)
{
  const char *etag = practice_call_get_header (call, "If-Match");
  g_autofree char *bare = NULL;

  if (etag == NULL || *etag == '\0')
    {
      answer_validation (call, "If-Match is required");

      return FALSE;
    }

  bare = g_strdup (etag);
  g_strstrip (g_strdelimit (bare, "\"", ' '));
  if (!call->stale_etag && g_str_equal (bare, kvs->data_etag))
    return TRUE;

  practice_call_answer_error (call, 409, "ConflictException", "The If-Match version is not the current one of the key value store");

  return FALSE;
}

static gboolean
check_item (PracticeCall *call,
            const char   *key,
            const char   *value,
            gboolean      put)
{
  if (key == NULL || *key == '\0' || strlen (key) > LONGEST_KEY)
    answer_validation (call, "Key must have 1 to 512 bytes");
  else if (put && value == NULL)
    answer_validation (call, "Value is required");
  else if (put && strlen (value) > LONGEST_VALUE)
    answer_validation (call, "Value must have at most 1024 bytes");
  else
    return TRUE;

  return FALSE;
}

/* Counts again and gives the store its new ETag. */
static gboolean
renew_store (Practice     *practice,
             PracticeKvs  *kvs,
             GError      **error)
{
  g_autofree char *etag = new_etag ("KV");

  return practice_db_run (practice->db, error,
                          "UPDATE stores SET data_etag = ?, modified = ?, "
                          "items = (SELECT count(*) FROM store_items WHERE store = stores.id), "
                          "size = (SELECT coalesce (sum (length (CAST (key AS BLOB)) + length (CAST (value AS BLOB))), 0) "
                          "        FROM store_items WHERE store = stores.id) "
                          "WHERE id = ?", "sis", etag, practice_now (), kvs->id);
}

/* Ends the transaction and answers. */
static void
finish_write (PracticeCall *call,
              PracticeKvs  *kvs)
{
  g_autoptr(PracticeKvs) now = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *object;

  if (!renew_store (call->practice, kvs, &error))
    {
      practice_db_rollback (call->practice->db);
      practice_call_answer_internal (call, error);

      return;
    }

  now = practice_kvs_lookup (call->practice, kvs->arn);
  if (now->size > LARGEST_STORE)
    {
      practice_db_rollback (call->practice->db);
      practice_call_answer_error (call, 402, "ServiceQuotaExceededException", "A key value store holds at most 5 MB");

      return;
    }

  if (!practice_db_commit (call->practice->db, &error))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  object = json_object_new ();
  set_counts (object, now);
  practice_call_set_header (call, "ETag", now->data_etag);
  practice_call_answer_json (call, 200, object);
}

static gboolean
write_item (PracticeCall *call,
            PracticeKvs  *kvs,
            const char   *key,
            const char   *value)
{
  g_autoptr(GError) error = NULL;
  gboolean good;

  if (value != NULL)
    good = practice_db_run (call->practice->db, &error, "INSERT OR REPLACE INTO store_items (store, key, value) VALUES (?, ?, ?)",
                            "sss", kvs->id, key, value);
  else
    good = practice_db_run (call->practice->db, &error, "DELETE FROM store_items WHERE store = ? AND key = ?", "ss", kvs->id, key);

  if (good)
    return TRUE;

  practice_db_rollback (call->practice->db);
  practice_call_answer_internal (call, error);

  return FALSE;
}

/**
 * practice_kvs_put:
 * @practice: the practice cloud
 * @arn: a store
 * @key: a key
 * @value: its value
 * @etag: what the store is expected to be
 * @error: return location for an error
 *
 * Writes one key for something that runs here, by the rules of the calls.
 *
 * Returns: (transfer full) (nullable): the store as it is now
 */
PracticeKvs *
practice_kvs_put (Practice    *practice,
                  const char  *arn,
                  const char  *key,
                  const char  *value,
                  const char  *etag,
                  GError     **error)
{
  g_autoptr(PracticeKvs) kvs = practice_kvs_lookup (practice, arn);

  if (kvs == NULL)
    practice_refuse_as (error, 404, "ResourceNotFoundException", "The key value store was not found: %s", arn);
  else if (*key == '\0' || strlen (key) > LONGEST_KEY || strlen (value) > LONGEST_VALUE)
    practice_refuse_as (error, 400, "ValidationException", "Key must have 1 to 512 bytes, Value at most 1024");
  else if (!g_str_equal (etag, kvs->data_etag))
    practice_refuse_as (error, 409, "ConflictException", "The If-Match version is not the current one of the key value store");
  else if (practice_db_run (practice->db, error, "INSERT OR REPLACE INTO store_items (store, key, value) VALUES (?, ?, ?)", "sss", kvs->id, key, value) &&
           renew_store (practice, kvs, error))
    return practice_kvs_lookup (practice, arn);

  return NULL;
}

static gboolean
begin_write (PracticeCall *call)
{
  g_autoptr(GError) error = NULL;

  if (practice_db_begin (call->practice->db, &error))
    return TRUE;

  practice_call_answer_internal (call, error);

  return FALSE;
}

static void
put_key (PracticeCall *call,
         PracticeKvs  *kvs,
         const char   *key)
{
  const char *value = aws_json_get_string (call->json, "Value");

  if (check_item (call, key, value, TRUE) && check_etag (call, kvs) &&
      begin_write (call) && write_item (call, kvs, key, value))
    finish_write (call, kvs);
}

static void
delete_key (PracticeCall *call,
            PracticeKvs  *kvs,
            const char   *key)
{
  g_autofree char *present = NULL;

  if (!check_item (call, key, NULL, FALSE) || !check_etag (call, kvs))
    return;

  if (!(present = practice_kvs_get (call->practice, kvs->arn, key)))
    practice_call_answer_error (call, 404, "ResourceNotFoundException", "Key %s was not found", key);
  else if (begin_write (call) && write_item (call, kvs, key, NULL))
    finish_write (call, kvs);
}

static gboolean
check_changes (PracticeCall *call,
               JsonArray    *list,
               gboolean      put,
               GHashTable   *seen,
               gsize        *size)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *change = aws_json_array_get_object (list, i);
      const char *key = change != NULL ? aws_json_get_string (change, "Key") : NULL;
      const char *value = change != NULL ? aws_json_get_string (change, "Value") : NULL;

      if (!check_item (call, key, value, put))
        return FALSE;
      if (!g_hash_table_add (seen, (gpointer) key))
        {
          answer_validation (call, "A key may be named only once");

          return FALSE;
        }
      *size += strlen (key) + (value != NULL ? strlen (value) : 0);
    }

  return TRUE;
}

static gboolean
write_changes (PracticeCall *call,
               PracticeKvs  *kvs,
               JsonArray    *list,
               gboolean      put)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonObject *change = aws_json_array_get_object (list, i);

      if (!write_item (call, kvs, aws_json_get_string (change, "Key"), put ? aws_json_get_string (change, "Value") : NULL))
        return FALSE;
    }

  return TRUE;
}

static void
update_keys (PracticeCall *call,
             PracticeKvs  *kvs,
             const char   *key)
{
  JsonArray *puts = aws_json_get_array (call->json, "Puts");
  JsonArray *deletes = aws_json_get_array (call->json, "Deletes");
  guint count = (puts != NULL ? json_array_get_length (puts) : 0) + (deletes != NULL ? json_array_get_length (deletes) : 0);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gsize size = 0;

  if (count == 0)
    {
      answer_validation (call, "At least one of Puts and Deletes is needed");

      return;
    }

  if (count > MOST_CHANGES)
    {
      answer_validation (call, "At most 50 keys can be changed at once");

      return;
    }

  if (!check_changes (call, puts, TRUE, seen, &size) || !check_changes (call, deletes, FALSE, seen, &size))
    return;

  if (size > LARGEST_CHANGE)
    {
      answer_validation (call, "At most 3 MB can be changed at once");

      return;
    }

  if (check_etag (call, kvs) && begin_write (call) &&
      write_changes (call, kvs, puts, TRUE) && write_changes (call, kvs, deletes, FALSE))
    finish_write (call, kvs);
}

static void
handle_kvs (PracticeCall *call)
{
  static const struct
  {
    const char  *name;
    void       (*handle) (PracticeCall *call, PracticeKvs *kvs, const char *key);
  } operations[] = {
    { "DescribeKeyValueStore", describe_store },
    { "ListKeys", list_keys },
    { "UpdateKeys", update_keys },
    { "GetKey", get_key },
    { "PutKey", put_key },
    { "DeleteKey", delete_key },
  };
  g_autoptr(PracticeKvs) kvs = NULL;
  g_autofree char *arn = NULL;
  g_autofree char *key = NULL;
  g_autofree char *action = g_strconcat ("cloudfront-keyvaluestore:", call->operation, NULL);
  gboolean keys;

  split_path (call, &arn, &keys, &key);
  if (!g_str_has_prefix (arn, "arn:aws:cloudfront::"))
    {
      answer_validation (call, "The ARN of the key value store is not valid");

      return;
    }

  if (!practice_call_has_new_token (call))
    {
      practice_call_answer_error (call, 403, "AccessDeniedException", "Authentication failed");

      return;
    }

  if (!practice_call_authorize (call, action, arn))
    return;

  if (!(kvs = practice_kvs_lookup (call->practice, arn)))
    {
      practice_call_answer_error (call, 404, "ResourceNotFoundException", "Key value store %s was not found", arn);

      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].name, call->operation))
      operations[i].handle (call, kvs, key);
}

static const PracticeService kvs_service = {
  .name = "cloudfront-keyvaluestore",
  .protocol = PRACTICE_PROTOCOL_REST_JSON,
  .handle = handle_kvs,
  .name_operation = name_operation,
  .asymmetric_only = TRUE,
  .message_member = "Message",
};

gboolean
practice_kvs_init (Practice  *practice,
                   GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS stores ("
                           "  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, comment TEXT NOT NULL, control_etag TEXT NOT NULL,"
                           "  data_etag TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, ready INTEGER NOT NULL,"
                           "  items INTEGER NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS store_items ("
                           "  store TEXT NOT NULL REFERENCES stores ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,"
                           "  PRIMARY KEY (store, key)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS store_users ("
                           "  store TEXT NOT NULL REFERENCES stores ON DELETE CASCADE, function TEXT NOT NULL,"
                           "  PRIMARY KEY (store, function)) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_register_service (practice, &kvs_service);

  return TRUE;
}
