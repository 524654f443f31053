/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-oauth.h"

#include "aws-json.h"
#include "aws-uri.h"

char *
practice_oauth_encode (gconstpointer data,
                       gsize         length)
{
  g_autofree char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return g_steal_pointer (&text);
}

guint8 *
practice_oauth_decode (const char *text,
                       gsize      *length)
{
  g_autoptr(GString) padded = g_string_new (text);

  if (strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != padded->len || padded->len % 4 == 1)
    return NULL;

  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');

  return g_base64_decode (padded->str, length);
}

char *
practice_oauth_hash (const char *text)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) text, strlen (text));
  g_checksum_get_digest (checksum, digest, &length);

  return practice_oauth_encode (digest, length);
}

static gboolean
matches (const char *text,
         const char *pattern)
{
  return text != NULL && g_regex_match_simple (pattern, text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

gboolean
practice_oauth_is_loopback (const char *uri)
{
  return matches (uri, "^http://127\\.0\\.0\\.1:[1-9][0-9]{0,4}/oauth/callback$");
}

gboolean
practice_oauth_is_challenge (const char *challenge)
{
  return matches (challenge, "^[A-Za-z0-9_-]{43}$");
}

/* Pages */

static const char head[] =
  "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
  "<style>:root{color-scheme:light dark}body{font:1.1em system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em}"
  "button{font:inherit;padding:.4em 1.5em}</style><title>";

void
practice_oauth_answer_page (PracticeCall *call,
                            guint         status,
                            const char   *title,
                            const char   *html)
{
  g_autofree char *page = g_strdup_printf ("%s%s</title></head><body><h1>%s</h1>%s</body></html>\n", head, title, title, html);

  practice_call_set_header (call, "Cache-Control", "no-store");
  practice_call_answer_text (call, status, "text/html; charset=utf-8", page);
}

void
practice_oauth_answer_form (PracticeCall *call,
                            const char   *text,
                            const char   *field,
                            GHashTable   *parameters)
{
  g_autoptr(GString) html = g_string_new (NULL);
  g_autofree char *safe = g_markup_escape_text (text, -1);
  GHashTableIter iter;
  gpointer name, value;

  g_string_append_printf (html, "<p>%s</p><form method=\"post\" action=\"%s\">", safe, call->raw_path);

  g_hash_table_iter_init (&iter, parameters);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *safe_name = g_markup_escape_text (name, -1);
      g_autofree char *safe_value = g_markup_escape_text (value, -1);

      if (g_strcmp0 (name, field) != 0)
        g_string_append_printf (html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", safe_name, safe_value);
    }

  if (field != NULL)
    {
      const char *known = g_hash_table_lookup (parameters, field);
      g_autofree char *safe_value = g_markup_escape_text (known != NULL ? known : "", -1);

      g_string_append_printf (html, "<p><label>Code <input name=\"%s\" id=\"%s\" value=\"%s\"></label></p>",
                              field, field, safe_value);
    }

  g_string_append (html, "<button name=\"decision\" value=\"allow\" id=\"allow\">Allow</button> "
                         "<button name=\"decision\" value=\"deny\" id=\"deny\">Deny</button></form>");

  practice_oauth_answer_page (call, SOUP_STATUS_OK, "Practice Sign-In", html->str);
}

GHashTable *
practice_oauth_dup_form (PracticeCall *call)
{
  const char *type = practice_call_get_header (call, "Content-Type");
  g_autofree char *text = NULL;

  if (call->body == NULL || type == NULL || !g_str_has_prefix (type, "application/x-www-form-urlencoded"))
    return NULL;

  text = g_strndup (g_bytes_get_data (call->body, NULL), g_bytes_get_size (call->body));

  return practice_parse_pairs (text);
}

void
practice_oauth_redirect (PracticeCall *call,
                         const char   *uri,
                         ...)
{
  g_autoptr(GString) location = g_string_new (uri);
  const char *name;
  va_list arguments;
  char separator = '?';

  va_start (arguments, uri);
  while ((name = va_arg (arguments, const char *)) != NULL)
    {
      g_string_append_printf (location, "%c%s=", separator, name);
      aws_uri_append_encoded (location, va_arg (arguments, const char *), -1, FALSE);
      separator = '&';
    }
  va_end (arguments);

  practice_call_set_header (call, "Location", location->str);
  practice_call_set_header (call, "Cache-Control", "no-store");
  practice_call_answer_empty (call, SOUP_STATUS_FOUND);
}

/* Records */

gboolean
practice_oauth_put (PracticeCall *call,
                    const char   *kind,
                    const char   *id,
                    JsonObject   *record,
                    gint64        expires)
{
  g_autoptr(JsonObject) owned = record;
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (owned);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr(GError) error = NULL;

  if (practice_db_run (call->practice->db, &error,
                       "INSERT OR REPLACE INTO sign_ins (kind, id, record, expires) VALUES (?, ?, ?, ?)",
                       "sssi", kind, id, text, expires))
    return TRUE;

  practice_call_answer_internal (call, error);

  return FALSE;
}

JsonObject *
practice_oauth_dup (PracticeCall *call,
                    const char   *kind,
                    const char   *id,
                    gboolean     *has_ended)
{
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (id == NULL)
    return NULL;

  rows = practice_db_query (call->practice->db, "SELECT record, expires FROM sign_ins WHERE kind = ? AND id = ?", "ss", kind, id);
  if (!practice_rows_next (rows))
    return NULL;

  if (has_ended != NULL)
    *has_ended = practice_rows_int (rows, 1) != 0 && practice_rows_int (rows, 1) <= practice_call_now (call);

  bytes = g_bytes_new (practice_rows_text (rows, 0), strlen (practice_rows_text (rows, 0)));

  return aws_json_load_object (bytes, NULL);
}

void
practice_oauth_remove (PracticeCall *call,
                       const char   *kind,
                       const char   *id)
{
  g_autoptr(GError) error = NULL;

  if (!practice_db_run (call->practice->db, &error, "DELETE FROM sign_ins WHERE kind = ? AND id = ?", "ss", kind, id))
    g_warning ("A sign-in could not be forgotten: %s", error->message);
}

void
practice_oauth_show (PracticeCall *call,
                     const char   *wrong,
                     const char   *text)
{
  if (wrong != NULL)
    practice_oauth_answer_page (call, SOUP_STATUS_BAD_REQUEST, "Invalid Request", wrong);
  else
    practice_oauth_answer_form (call, text, NULL, call->query);
}

void
practice_oauth_decide (PracticeCall *call,
                       GHashTable   *form,
                       const char   *wrong,
                       const char   *kind,
                       gint64        seconds,
                       const char   *denied)
{
  const char *redirect_uri, *state;
  g_autofree char *code = NULL;
  JsonObject *record;

  if (wrong != NULL)
    {
      practice_oauth_answer_page (call, SOUP_STATUS_BAD_REQUEST, "Invalid Request", wrong);
      return;
    }

  redirect_uri = g_hash_table_lookup (form, "redirect_uri");
  state = g_hash_table_lookup (form, "state");

  if (g_strcmp0 (g_hash_table_lookup (form, "decision"), "allow") != 0)
    {
      if (denied != NULL)
        practice_oauth_redirect (call, redirect_uri, "error", "access_denied", "error_description", denied, "state", state, NULL);
      else
        practice_oauth_redirect (call, redirect_uri, "error", "access_denied", "state", state, NULL);
      return;
    }

  code = practice_random_id (64, NULL);
  record = json_object_new ();
  json_object_set_string_member (record, "clientId", g_hash_table_lookup (form, "client_id"));
  json_object_set_string_member (record, "redirectUri", redirect_uri);
  json_object_set_string_member (record, "challenge", g_hash_table_lookup (form, "code_challenge"));

  if (practice_oauth_put (call, kind, code, record, practice_call_now (call) + seconds * G_USEC_PER_SEC))
    practice_oauth_redirect (call, redirect_uri, "code", code, "state", state, NULL);
}

gboolean
practice_oauth_init (Practice  *practice,
                     GError   **error)
{
  return practice_db_script (practice->db,
                             "CREATE TABLE IF NOT EXISTS sign_ins ("
                             "  kind TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, expires INTEGER NOT NULL,"
                             "  PRIMARY KEY (kind, id)) WITHOUT ROWID;", error) &&
         practice_db_run (practice->db, error, "DELETE FROM sign_ins WHERE expires != 0 AND expires < ?",
                          "i", practice_now () - G_USEC_PER_SEC * G_GINT64_CONSTANT (86400)) &&
         practice_signin_init (practice, error) &&
         practice_sso_init (practice, error);
}
