/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-practice-internet-private.h"

#include "aws-json.h"
#include "porch-practice-oauth.h"
#include "porch-practice-operations.h"

#include <string.h>

/* The pages of the company where the owner bought the domains that were not bought here: what is done by hand there in
 * life is done by hand here, in the browser. */

#define DEFAULT_TTL 300

/* The key of an imagined signature: RFC 4034, 5.4 */
#define SIGNATURE "60485 13 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A"

static void
append_field (GString    *html,
              const char *label,
              const char *name,
              const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value, -1);

  g_string_append_printf (html, "<p><label>%s <input name=\"%s\" value=\"%s\"></label></p>", label, name, escaped);
}

static void
begin_form (GString    *html,
            const char *path,
            const char *domain)
{
  g_autofree char *escaped = g_markup_escape_text (domain, -1);

  g_string_append_printf (html, "<form method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"domain\" value=\"%s\">", path, escaped);
}

static void
append_record (GString    *html,
               const char *domain,
               JsonObject *record)
{
  JsonArray *values = aws_json_get_array (record, "Values");
  const char *name = aws_json_get_string (record, "Name");
  const char *type = aws_json_get_string (record, "Type");
  g_autofree char *shown = g_markup_escape_text (name, -1);

  g_string_append_printf (html, "<tr><td>%s</td><td>%s</td><td>%" G_GINT64_FORMAT "</td><td>", shown, type, aws_json_get_int (record, "TTL", 0));

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      g_autofree char *value = g_markup_escape_text (json_array_get_string_element (values, i), -1);

      g_string_append_printf (html, "%s%s", i > 0 ? "<br>" : "", value);
    }

  g_string_append (html, "</td><td>");
  begin_form (html, "/registrar/records/remove", domain);
  g_string_append_printf (html, "<input type=\"hidden\" name=\"name\" value=\"%s\"><input type=\"hidden\" name=\"type\" value=\"%s\">"
                          "<button>Remove</button></form></td></tr>", shown, type);
}

static void
append_records (GString    *html,
                Practice   *practice,
                const char *domain)
{
  g_autofree char *zone = g_strconcat (PRACTICE_ELSEWHERE_PREFIX, domain, ".", NULL);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT record FROM zone_records WHERE zone = ? ORDER BY sort, type", "s", zone);

  g_string_append (html, "<h2>Records</h2><table><tr><th>Name</th><th>Type</th><th>Seconds</th><th>Value</th><th></th></tr>");
  while (practice_rows_next (rows))
    {
      g_autoptr(JsonObject) record = practice_parse_object (practice_rows_text (rows, 0));

      if (record != NULL)
        append_record (html, domain, record);
    }

  g_string_append (html, "</table>");
  begin_form (html, "/registrar/records", domain);
  append_field (html, "Name", "name", domain);
  append_field (html, "Type", "type", "CNAME");
  append_field (html, "Value", "value", "");
  append_field (html, "Seconds", "ttl", G_STRINGIFY (DEFAULT_TTL));
  g_string_append (html, "<button id=\"add-record\">Add Record</button></form>");
}

static void
show_domain (PracticeCall *call,
             const char   *domain)
{
  Practice *practice = call->practice;
  g_autofree char *servers = practice_db_lookup (practice->db, "SELECT servers FROM elsewhere WHERE name = ?", "s", domain);
  g_autofree char *ds = practice_db_lookup (practice->db, "SELECT ds FROM elsewhere WHERE name = ?", "s", domain);
  g_autofree char *title = g_markup_escape_text (domain, -1);
  g_autofree char *shown = NULL;
  g_autoptr(GString) html = g_string_new (NULL);

  if (servers == NULL)
    {
      practice_oauth_answer_page (call, SOUP_STATUS_NOT_FOUND, "No Such Domain", "<p>Nobody has bought this domain here.</p>");

      return;
    }

  shown = g_markup_escape_text (g_strdelimit (servers, ",", '\n'), -1);
  g_string_append (html, "<h2>Name Servers</h2>");
  begin_form (html, "/registrar/servers", domain);
  g_string_append_printf (html, "<textarea name=\"servers\" aria-label=\"Name servers\" rows=\"5\" cols=\"60\">%s</textarea>"
                          "<p><button id=\"servers\">Change Name Servers</button></p></form>", shown);
  begin_form (html, "/registrar/signing", domain);
  g_string_append_printf (html, "<p>Signatures (DNSSEC) are %s. <button id=\"signing\" name=\"on\" value=\"%s\">Switch %s</button></p></form>",
                          ds != NULL ? "on" : "off", ds != NULL ? "" : "1", ds != NULL ? "Off" : "On");
  append_records (html, practice, domain);
  practice_oauth_answer_page (call, SOUP_STATUS_OK, title, html->str);
}

static void
show_domains (PracticeCall *call)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db, "SELECT name FROM elsewhere ORDER BY name", NULL);
  g_autoptr(GString) html = g_string_new ("<p>A company that sells names on the internet. What you change here, you would change in the"
                                          " account that you have with yours.</p><ul>");

  while (practice_rows_next (rows))
    {
      g_autofree char *name = g_markup_escape_text (practice_rows_text (rows, 0), -1);

      g_string_append_printf (html, "<li><a href=\"/registrar?domain=%s\">%s</a></li>", name, name);
    }

  g_string_append (html, "</ul><form method=\"post\" action=\"/registrar/domains\">");
  append_field (html, "A domain that you have already", "domain", "");
  g_string_append (html, "<button id=\"add-domain\">Add Domain</button></form>");
  practice_oauth_answer_page (call, SOUP_STATUS_OK, "Practice Registrar", html->str);
}

static void
show (PracticeCall *call)
{
  const char *domain = practice_call_get_query (call, "domain");

  if (domain != NULL)
    show_domain (call, domain);
  else
    show_domains (call);
}

/* The form, if it names a domain that is there. Answers otherwise. */
static GHashTable *
take_form (PracticeCall  *call,
           const char   **domain)
{
  g_autoptr(GHashTable) form = practice_oauth_dup_form (call);
  g_autofree char *known = NULL;

  *domain = form != NULL ? g_hash_table_lookup (form, "domain") : NULL;
  if (*domain != NULL)
    known = practice_db_lookup (call->practice->db, "SELECT name FROM elsewhere WHERE name = ?", "s", *domain);

  if (known != NULL)
    return g_steal_pointer (&form);

  practice_oauth_answer_page (call, SOUP_STATUS_NOT_FOUND, "No Such Domain", "<p>Nobody has bought this domain here.</p>");

  return NULL;
}

static void
finish (PracticeCall *call,
        const char   *domain,
        gboolean      good,
        GError      **error)
{
  if (good)
    {
      practice_oauth_redirect (call, "/registrar", "domain", domain, NULL);
    }
  else
    {
      g_autofree char *message = g_markup_escape_text ((*error)->message, -1);

      practice_oauth_answer_page (call, SOUP_STATUS_BAD_REQUEST, "Not Changed", message);
    }
}

static gboolean
check_domain (Practice    *practice,
              const char  *domain,
              GError     **error)
{
  g_autofree char *normal = domain != NULL ? practice_dns_normalize (domain, NULL) : NULL;
  g_autofree char *bought = domain != NULL ? practice_db_lookup (practice->db, "SELECT name FROM domains WHERE name = ?", "s", domain) : NULL;
  const char *dot = domain != NULL ? strchr (domain, '.') : NULL;

  if (normal != NULL && bought == NULL && dot != NULL && g_str_equal (dot, ".localhost"))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       bought != NULL ? "That domain was bought with the account itself." : "Domains here are like “bakery.localhost”.");

  return FALSE;
}

static void
add_domain (PracticeCall *call)
{
  g_autoptr(GHashTable) form = practice_oauth_dup_form (call);
  const char *typed = form != NULL ? g_hash_table_lookup (form, "domain") : NULL;
  g_autofree char *domain = typed != NULL ? g_ascii_strdown (typed, -1) : NULL;
  g_autoptr(GError) error = NULL;

  finish (call, domain, check_domain (call->practice, domain, &error) && practice_elsewhere_add (call->practice, domain, &error), &error);
}

static void
change_servers (PracticeCall *call)
{
  const char *domain;
  g_autoptr(GHashTable) form = take_form (call, &domain);
  g_autoptr(GString) servers = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) lines = NULL;

  if (form == NULL)
    return;

  lines = g_strsplit_set (g_hash_table_contains (form, "servers") ? g_hash_table_lookup (form, "servers") : "", ", \r\n\t", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *name = g_ascii_strdown (lines[i], -1);

      if (g_str_has_suffix (name, "."))
        name[strlen (name) - 1] = '\0';
      if (*name != '\0')
        g_string_append_printf (servers, "%s%s", servers->len > 0 ? "," : "", name);
    }

  if (strchr (servers->str, ',') == NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "At least two name servers are needed.");

  finish (call, domain,
          error == NULL && practice_db_run (call->practice->db, &error, "UPDATE elsewhere SET servers = ? WHERE name = ?", "ss",
                                            servers->str, domain),
          &error);
}

static void
change_signing (PracticeCall *call)
{
  const char *domain;
  g_autoptr(GHashTable) form = take_form (call, &domain);
  g_autoptr(GError) error = NULL;
  const char *on;

  if (form == NULL)
    return;

  on = g_hash_table_lookup (form, "on");
  finish (call, domain,
          practice_db_run (call->practice->db, &error, "UPDATE elsewhere SET ds = ? WHERE name = ?", "ss",
                           on != NULL && *on != '\0' ? SIGNATURE : NULL, domain),
          &error);
}

static void
add_record (PracticeCall *call)
{
  const char *domain;
  g_autoptr(GHashTable) form = take_form (call, &domain);
  g_autoptr(GError) error = NULL;
  const char *name;
  const char *type;
  const char *value;
  const char *ttl;

  if (form == NULL)
    return;

  name = g_hash_table_lookup (form, "name");
  type = g_hash_table_lookup (form, "type");
  value = g_hash_table_lookup (form, "value");
  ttl = g_hash_table_lookup (form, "ttl");

  if (name == NULL || type == NULL || value == NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Name, type and value are needed.");

  finish (call, domain,
          error == NULL && practice_elsewhere_put_record (call->practice, domain, name, type,
                                                          ttl != NULL ? g_ascii_strtoll (ttl, NULL, 10) : DEFAULT_TTL, value, &error),
          &error);
}

static void
remove_record (PracticeCall *call)
{
  const char *domain;
  g_autoptr(GHashTable) form = take_form (call, &domain);
  g_autoptr(GError) error = NULL;

  if (form == NULL)
    return;

  if (!g_hash_table_contains (form, "name") || !g_hash_table_contains (form, "type"))
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Name and type are needed.");

  finish (call, domain,
          error == NULL && practice_elsewhere_remove_records (call->practice, domain, g_hash_table_lookup (form, "name"),
                                                              g_hash_table_lookup (form, "type"), &error),
          &error);
}

static const PracticeService registrar_service = {
  .name = "registrar",
  .protocol = PRACTICE_PROTOCOL_SITE,
  .handle = practice_call_answer_unknown_operation,
};

static const PracticeRoute registrar_routes[] = {
  { "GET", "/registrar", NULL, show },
  { "POST", "/registrar/domains", NULL, add_domain },
  { "POST", "/registrar/servers", NULL, change_servers },
  { "POST", "/registrar/signing", NULL, change_signing },
  { "POST", "/registrar/records", NULL, add_record },
  { "POST", "/registrar/records/remove", NULL, remove_record },
  { NULL }
};

void
practice_registrar_init (Practice *practice)
{
  practice_register_routes (practice, &registrar_service, registrar_routes);
}
