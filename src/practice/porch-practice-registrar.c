/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-practice-internet-private.h"

#include "aws-json.h"
#include "porch-practice-cloudfront.h"
#include "porch-practice-oauth.h"
#include "porch-practice-operations.h"

#include <string.h>

/* The pages of the company where the owner bought the domains that were not bought here: what is done by hand there in
 * life is done by hand here, in the browser. */

#define DEFAULT_TTL 300

/* The key of an imagined signature: RFC 4034, 5.4 */
#define SIGNATURE "60485 13 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A"

static const char head[] =
  "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><style>"
  ":root{color-scheme:light dark}*{box-sizing:border-box}"
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}"
  "h1{line-height:1.2}h2{margin:2rem 0 .5rem;font-size:1.2rem}p{margin:.5rem 0}ul{list-style:none;margin:0;padding:0}"
  "section h2{margin:.25rem 0 .5rem}section,li.record{border:1px solid #8886;border-radius:.75rem;padding:.75rem 1rem;margin:.75rem 0}"
  "li.record{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center}li.record div{flex:1 1 14rem}"
  "li.record code{display:block}small{opacity:.8}form{margin:0}"
  "label{display:block;margin:.5rem 0}input,select,textarea{display:block;width:100%;font:inherit;border:1px solid #8888;border-radius:.5rem;padding:.4rem .6rem;margin-top:.15rem}"
  "button{font:inherit;padding:.45rem 1rem;border-radius:.5rem;border:1px solid #8888;margin:.25rem .25rem .25rem 0;cursor:pointer}"
  "body{background:light-dark(#fff,#1d1d20);color:light-dark(#222,#eee)}a{color:light-dark(#1a5fb4,#99c1f1)}</style><title>";

static void
answer_page (PracticeCall *call,
             guint         status,
             const char   *title,
             const char   *html)
{
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  g_autofree char *page = g_strdup_printf ("%s%s</title></head><body><main><h1>%s</h1>%s</main></body></html>\n", head, escaped, escaped, html);

  practice_call_set_header (call, "Cache-Control", "no-store");
  practice_call_answer_text (call, status, "text/html; charset=utf-8", page);
}

static void
answer_problem (PracticeCall *call,
                guint         status,
                const char   *title,
                const char   *domain,
                const char   *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_autofree char *shown = domain != NULL ? g_markup_escape_text (domain, -1) : NULL;
  g_autofree char *html = g_strdup_printf ("<p role=\"alert\">%s</p><p><a href=\"/registrar%s%s\">Back</a></p>", escaped,
                                           shown != NULL ? "?domain=" : "", shown != NULL ? shown : "");

  answer_page (call, status, title, html);
}

static void
append_field (GString    *html,
              const char *label,
              const char *name,
              const char *value,
              const char *hint)
{
  g_autofree char *escaped = g_markup_escape_text (value, -1);

  g_string_append_printf (html, "<label>%s <small>%s</small><input name=\"%s\" value=\"%s\" autocapitalize=\"off\" autocomplete=\"off\""
                          " spellcheck=\"false\"></label>", label, hint, name, escaped);
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
  const char *type = aws_json_get_string (record, "Type");
  const char *full = aws_json_get_string (record, "Name");
  g_autofree char *bare = g_strndup (full, strlen (full) - 1);
  g_autofree char *name = g_markup_escape_text (bare, -1);

  g_string_append_printf (html, "<li class=\"record\"><div><strong>%s</strong> %s <small>%" G_GINT64_FORMAT " seconds</small>", type, name,
                          aws_json_get_int (record, "TTL", 0));

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      g_autofree char *value = g_markup_escape_text (json_array_get_string_element (values, i), -1);

      g_string_append_printf (html, "<code>%s</code>", value);
    }

  g_string_append (html, "</div>");

  /* The company's own, which no domain is without */
  if (g_str_equal (type, "SOA") || (g_str_equal (type, "NS") && g_str_equal (bare, domain)))
    {
      g_string_append (html, "</li>");

      return;
    }

  begin_form (html, "/registrar/records/remove", domain);
  g_string_append_printf (html, "<input type=\"hidden\" name=\"name\" value=\"%s\"><input type=\"hidden\" name=\"type\" value=\"%s\">"
                          "<button aria-label=\"Remove %s %s\">Remove</button></form></li>", name, type, type, name);
}

static void
append_types (GString *html)
{
  static const struct { const char *type; const char *text; } types[] = {
    { "CNAME", "CNAME: another name" },
    { "A", "A: an address" },
    { "AAAA", "AAAA: an address of version 6" },
    { "ALIAS", "ALIAS: the addresses of another name, also for the domain itself" },
    { "FORWARD", "FORWARD: visitors are sent on to another name" },
    { "MX", "MX: mail" },
    { "TXT", "TXT: text in quotation marks" },
    { "CAA", "CAA: who may issue certificates" },
    { "NS", "NS: name servers of a part of the domain" },
    { "SRV", "SRV: a service" },
  };

  g_string_append (html, "<label>Type<select name=\"type\">");
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_string_append_printf (html, "<option value=\"%s\">%s</option>", types[i].type, types[i].text);
  g_string_append (html, "</select></label>");
}

static void
append_records (GString    *html,
                Practice   *practice,
                const char *domain)
{
  g_autofree char *zone = g_strconcat (PRACTICE_ELSEWHERE_PREFIX, domain, ".", NULL);
  g_autofree char *hint = g_strdup_printf ("such as www, or @ for %s itself", domain);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT record FROM zone_records WHERE zone = ? ORDER BY sort, type", "s", zone);

  g_string_append (html, "<h2>Records</h2><p>They count as long as the name servers are those of Pretended Names.</p><ul>");
  while (practice_rows_next (rows))
    {
      g_autoptr(JsonObject) record = practice_parse_object (practice_rows_text (rows, 0));

      if (record != NULL)
        append_record (html, domain, record);
    }

  g_string_append (html, "</ul><section><h2>New Record</h2>");
  g_string_append (html, "<div id=\"add-record-form\">");
  begin_form (html, "/registrar/records", domain);
  append_field (html, "Name", "name", "", hint);
  append_types (html);
  append_field (html, "Value", "value", "", "");
  append_field (html, "Seconds", "ttl", G_STRINGIFY (DEFAULT_TTL), "for which others may remember it");
  g_string_append (html, "<button id=\"add-record\">Add Record</button></form></div></section>");
}

/* For what takes hours or months in life */
static void
append_times (GString    *html,
              const char *domain)
{
  static const struct { const char *time; const char *text; } times[] = {
    { "1h", "An Hour" }, { "1d", "A Day" }, { "3d", "Three Days" }, { "180d", "Half a Year" },
  };

  g_string_append (html, "<h2>Let Time Pass</h2><p>What waits for a time, such as old answers that others remember, certificates and orders, is"
                         " older then.</p>");
  begin_form (html, "/registrar/time", domain != NULL ? domain : "");
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_string_append_printf (html, "<button name=\"time\" value=\"%s\">%s</button>", times[i].time, times[i].text);
  g_string_append (html, "</form>");
}

static void
show_domain (PracticeCall *call,
             const char   *domain)
{
  Practice *practice = call->practice;
  g_autofree char *servers = practice_db_lookup (practice->db, "SELECT servers FROM elsewhere WHERE name = ?", "s", domain);
  g_autofree char *ds = practice_db_lookup (practice->db, "SELECT ds FROM elsewhere WHERE name = ?", "s", domain);
  g_autofree char *shown = NULL;
  g_autoptr(GString) html = g_string_new ("<p><a href=\"/registrar\">All Domains</a></p><section><h2>Name Servers</h2>");

  if (servers == NULL)
    {
      answer_problem (call, SOUP_STATUS_NOT_FOUND, "No Such Domain", NULL, "Nobody has bought this domain here.");

      return;
    }

  shown = g_markup_escape_text (g_strdelimit (servers, ",", '\n'), -1);
  begin_form (html, "/registrar/servers", domain);
  g_string_append_printf (html, "<label>One in each line<textarea name=\"servers\" aria-label=\"Name servers\" rows=\"5\" autocapitalize=\"off\""
                          " spellcheck=\"false\">%s</textarea></label>"
                          "<button id=\"servers\">Change Name Servers</button></form></section>", shown);
  g_string_append (html, "<section><h2>Signatures (DNSSEC)</h2>");
  begin_form (html, "/registrar/signing", domain);
  g_string_append_printf (html, "<p>They are %s. <button id=\"signing\" name=\"on\" value=\"%s\">Switch Signatures %s</button></p></form></section>",
                          ds != NULL ? "on" : "off", ds != NULL ? "" : "1", ds != NULL ? "Off" : "On");
  append_records (html, practice, domain);
  append_times (html, domain);
  answer_page (call, SOUP_STATUS_OK, domain, html->str);
}

/* Names that distributions of other accounts have */
static void
append_claims (GString  *html,
               Practice *practice)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT name, disabled FROM claims ORDER BY name", NULL);

  g_string_append (html, "<h2>Names in Use Elsewhere</h2><p>What another company once set up for a name, and never took back.</p><ul>");
  while (practice_rows_next (rows))
    {
      g_autofree char *name = g_markup_escape_text (practice_rows_text (rows, 0), -1);
      gboolean disabled = practice_rows_int (rows, 1) != 0;

      g_string_append_printf (html, "<li class=\"record\"><div>%s <small>%s</small></div><form method=\"post\" action=\"/registrar/claims\">"
                              "<input type=\"hidden\" name=\"name\" value=\"%s\"><button name=\"disabled\" value=\"%s\">%s</button>"
                              "<button name=\"off\" value=\"1\">Remove</button></form></li>", name, disabled ? "switched off" : "in use", name,
                              disabled ? "" : "1", disabled ? "Switch On" : "Switch Off");
    }

  g_string_append (html, "</ul><section><form method=\"post\" action=\"/registrar/claims\">");
  append_field (html, "A name that somebody else uses", "name", "", "such as www.bakery.localhost");
  g_string_append (html, "<button id=\"add-claim\">Add Name</button></form></section>");
}

static void
show_domains (PracticeCall *call)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db, "SELECT name FROM elsewhere ORDER BY name", NULL);
  g_autoptr(GString) html = g_string_new ("<p>A company that sells names on the internet. What you change here, you would change in the"
                                          " account that you have with yours.</p><h2>Domains</h2><ul>");

  while (practice_rows_next (rows))
    {
      g_autofree char *name = g_markup_escape_text (practice_rows_text (rows, 0), -1);

      g_string_append_printf (html, "<li class=\"record\"><a href=\"/registrar?domain=%s\">%s</a></li>", name, name);
    }

  g_string_append (html, "</ul><section><form method=\"post\" action=\"/registrar/domains\">");
  append_field (html, "A domain that you have already", "domain", "", "such as bakery.localhost");
  g_string_append (html, "<button id=\"add-domain\">Add Domain</button></form></section>");
  append_claims (html, call->practice);
  append_times (html, NULL);
  answer_page (call, SOUP_STATUS_OK, "Pretended Names", html->str);
}

static void
show (PracticeCall *call)
{
  const char *domain = practice_call_get_query (call, "domain");

  if (domain != NULL && *domain != '\0')
    show_domain (call, domain);
  else
    show_domains (call);
}

/* A form of these pages; answers those that come from other pages, which a browser names. */
static GHashTable *
take_any_form (PracticeCall *call)
{
  const char *origin = practice_call_get_header (call, "Origin");
  g_autofree char *own = g_strconcat ("http://", call->authority, NULL);
  GHashTable *form = NULL;

  if (origin == NULL || g_ascii_strcasecmp (origin, own) == 0)
    form = practice_oauth_dup_form (call);

  if (form == NULL)
    answer_problem (call, SOUP_STATUS_FORBIDDEN, "Not Changed", NULL, "That was no form of this page.");

  return form;
}

/* The form, if it names a domain that is there. Answers otherwise. */
static GHashTable *
take_form (PracticeCall  *call,
           const char   **domain)
{
  g_autoptr(GHashTable) form = take_any_form (call);
  g_autofree char *known = NULL;

  if (form == NULL)
    return NULL;

  if ((*domain = g_hash_table_lookup (form, "domain")) != NULL)
    known = practice_db_lookup (call->practice->db, "SELECT name FROM elsewhere WHERE name = ?", "s", *domain);

  if (known != NULL)
    return g_steal_pointer (&form);

  answer_problem (call, SOUP_STATUS_NOT_FOUND, "No Such Domain", NULL, "Nobody has bought this domain here.");

  return NULL;
}

static void
finish (PracticeCall *call,
        const char   *domain,
        gboolean      good,
        GError      **error)
{
  if (good)
    practice_oauth_redirect (call, "/registrar", "domain", domain != NULL ? domain : "", NULL);
  else
    answer_problem (call, SOUP_STATUS_BAD_REQUEST, "Not Changed", domain, (*error)->message);
}

static gboolean
check_domain (Practice    *practice,
              const char  *domain,
              GError     **error)
{
  g_autofree char *normal = domain != NULL ? practice_dns_normalize (domain, NULL) : NULL;
  const char *dot = domain != NULL ? strchr (domain, '.') : NULL;
  gboolean good = normal != NULL && dot != NULL && g_str_equal (dot, ".localhost");

  if (good && !practice_internet_is_taken (practice, domain))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       good ? "Somebody has that name already." : "Domains here are like “bakery.localhost”.");

  return FALSE;
}

static void
add_domain (PracticeCall *call)
{
  g_autoptr(GHashTable) form = take_any_form (call);
  const char *typed;
  g_autofree char *domain = NULL;
  g_autoptr(GError) error = NULL;

  if (form == NULL)
    return;

  typed = g_hash_table_lookup (form, "domain");
  domain = typed != NULL ? g_ascii_strdown (typed, -1) : NULL;
  g_clear_pointer (&form, g_hash_table_unref);

  if (check_domain (call->practice, domain, &error) && practice_elsewhere_add (call->practice, domain, &error))
    practice_oauth_redirect (call, "/registrar", "domain", domain, NULL);
  else
    answer_problem (call, SOUP_STATUS_BAD_REQUEST, "Not Added", NULL, error->message);
}

static void
pass_time (PracticeCall *call)
{
  g_autoptr(GHashTable) form = take_any_form (call);
  g_autoptr(GError) error = NULL;
  const char *domain;
  gint64 seconds;

  if (form == NULL)
    return;

  domain = g_hash_table_lookup (form, "domain");
  if ((seconds = practice_parse_time (g_hash_table_lookup (form, "time"))) < 0)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Times here are like “90m”, “72h” or “180d”.");

  finish (call, domain, error == NULL && practice_pass_time (call->practice, seconds, &error), &error);
}

static void
change_claim (PracticeCall *call)
{
  g_autoptr(GHashTable) form = take_any_form (call);
  g_autofree char *name = NULL;
  g_autofree char *normal = NULL;
  g_autoptr(GError) error = NULL;
  const char *typed;
  const char *disabled;

  if (form == NULL)
    return;

  typed = g_hash_table_lookup (form, "name");
  disabled = g_hash_table_lookup (form, "disabled");
  if (typed == NULL || !(normal = practice_dns_normalize (typed, NULL)))
    {
      answer_problem (call, SOUP_STATUS_BAD_REQUEST, "Not Changed", NULL, "That is not a name on the internet.");

      return;
    }

  name = g_strndup (normal, strlen (normal) - 1);
  finish (call, NULL,
          practice_cloudfront_set_claim (call->practice, name, g_hash_table_contains (form, "off"),
                                         disabled != NULL && *disabled != '\0', &error),
          &error);
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

/* Short names are completed as most companies do it. */
static char *
complete_name (const char *typed,
               const char *domain)
{
  g_autofree char *name = g_strstrip (g_ascii_strdown (typed, -1));
  gsize length;

  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  length = strlen (name);

  if (length == 0 || g_str_equal (name, "@"))
    return g_strdup (domain);

  if (g_str_has_suffix (name, domain) && (length == strlen (domain) || name[length - strlen (domain) - 1] == '.'))
    return g_steal_pointer (&name);

  return g_strconcat (name, ".", domain, NULL);
}

static void
add_record (PracticeCall *call)
{
  const char *domain;
  g_autoptr(GHashTable) form = take_form (call, &domain);
  g_autoptr(GError) error = NULL;
  g_autofree char *complete = NULL;
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
  else
    complete = complete_name (name, domain);

  finish (call, domain,
          error == NULL && practice_elsewhere_put_record (call->practice, domain, complete, type,
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
  { "POST", "/registrar/claims", NULL, change_claim },
  { "POST", "/registrar/time", NULL, pass_time },
  { NULL }
};

void
practice_registrar_init (Practice *practice)
{
  practice_register_routes (practice, &registrar_service, registrar_routes);
}
