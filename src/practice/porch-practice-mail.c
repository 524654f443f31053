/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-mail.h"

#include <string.h>

/**
 * PorchPracticeMail:
 *
 * A mail that a site of the practice cloud sent. It went nowhere but into the outbox, a folder of RFC 5322 files.
 */
struct _PorchPracticeMail
{
  GObject    parent_instance;

  char      *id;
  char      *subject;
  char      *sender;
  char      *recipients;
  char      *reply_to;
  GDateTime *received;
  char      *text;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_SUBJECT,
  PROP_SENDER,
  PROP_RECIPIENTS,
  PROP_REPLY_TO,
  PROP_RECEIVED,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchPracticeMail, porch_practice_mail, G_TYPE_OBJECT)

/* ---- writing ---- */

static gboolean
is_plain (const char *text)
{
  for (const char *at = text; *at; at++)
    if ((guchar) *at > 126 || (guchar) *at < 32)
      return FALSE;

  return TRUE;
}

/* A header with text for people: as encoded words (RFC 2047) when it is not plain ASCII or too long for a line. */
static void
append_header_text (GString    *mail,
                    const char *name,
                    const char *text)
{
  const char *start = text;

  g_string_append_printf (mail, "%s:", name);
  if (is_plain (text) && strlen (text) + strlen (name) < 900)
    {
      g_string_append_printf (mail, " %s\r\n", text);
      return;
    }

  while (*start)
    {
      const char *end = start;
      g_autofree char *word = NULL;

      /* 75 characters at most, and no character torn apart */
      while (*end && g_utf8_next_char (end) - start <= 45)
        end = g_utf8_next_char (end);
      word = g_base64_encode ((const guchar *) start, end - start);
      g_string_append_printf (mail, "%s =?UTF-8?B?%s?=", start == text ? "" : "\r\n", word);
      start = end;
    }
  g_string_append (mail, "\r\n");
}

/* "Zoë <zoe@example.org>": only the name may need encoding. */
static void
append_address (GString    *mail,
                const char *address)
{
  const char *bracket = strrchr (address, '<');
  g_autofree char *name = NULL;
  g_autofree char *word = NULL;

  if (bracket == NULL || is_plain (address))
    {
      g_string_append (mail, address);
      return;
    }

  name = g_strstrip (g_strndup (address, bracket - address));
  if (g_str_has_prefix (name, "\"") && g_str_has_suffix (name, "\"") && strlen (name) > 1)
    {
      name[strlen (name) - 1] = '\0';
      word = g_base64_encode ((guchar *) name + 1, strlen (name + 1));
    }
  else
    {
      word = g_base64_encode ((guchar *) name, strlen (name));
    }
  g_string_append_printf (mail, "=?UTF-8?B?%s?= %s", word, bracket);
}

static void
append_addresses (GString            *mail,
                  const char         *name,
                  const char * const *addresses)
{
  if (addresses == NULL || addresses[0] == NULL)
    return;

  g_string_append_printf (mail, "%s: ", name);
  for (guint i = 0; addresses[i]; i++)
    {
      if (i > 0)
        g_string_append (mail, ",\r\n ");
      append_address (mail, addresses[i]);
    }
  g_string_append (mail, "\r\n");
}

static void
append_part (GString    *mail,
             const char *type,
             const char *text)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  g_string_append_printf (mail, "Content-Type: %s; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
  for (gsize at = 0; at < strlen (encoded); at += 76)
    g_string_append_printf (mail, "%.76s\r\n", encoded + at);
}

/**
 * porch_practice_mail_format:
 * @letter: what to send
 *
 * Returns: (transfer full): the mail in the form of RFC 5322
 */
char *
porch_practice_mail_format (const PorchPracticeLetter *letter)
{
  g_autoptr(GString) mail = g_string_new (NULL);
  g_autofree char *date = NULL;
  g_autofree char *boundary = g_strconcat ("part-", letter->id, NULL);
  const char * const sender[] = { letter->sender, NULL };
  static const char *days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  date = g_strdup_printf ("%s, %d %s %d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week (letter->date) - 1],
                          g_date_time_get_day_of_month (letter->date), months[g_date_time_get_month (letter->date) - 1],
                          g_date_time_get_year (letter->date), g_date_time_get_hour (letter->date),
                          g_date_time_get_minute (letter->date), g_date_time_get_second (letter->date));

  g_string_append_printf (mail, "Date: %s\r\nMessage-ID: <%s@practice.localhost>\r\n", date, letter->id);
  append_addresses (mail, "From", sender);
  append_addresses (mail, "To", letter->to);
  append_addresses (mail, "Cc", letter->cc);
  append_addresses (mail, "Reply-To", letter->reply_to);
  append_header_text (mail, "Subject", letter->subject);
  g_string_append (mail, "MIME-Version: 1.0\r\n");

  if (letter->text && letter->html)
    {
      g_string_append_printf (mail, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
      append_part (mail, "text/plain", letter->text);
      g_string_append_printf (mail, "--%s\r\n", boundary);
      append_part (mail, "text/html", letter->html);
      g_string_append_printf (mail, "--%s--\r\n", boundary);
    }
  else
    {
      append_part (mail, letter->html ? "text/html" : "text/plain", letter->html ? letter->html : letter->text ? letter->text : "");
    }

  return g_string_free (g_steal_pointer (&mail), FALSE);
}

/* ---- reading ---- */

static void
append_bytes (GString    *text,
              const char *word)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (word, &length);

  g_string_append_len (text, (char *) bytes, length);
}

/* Turns the encoded words that append_header_text() made back into text. */
static char *
decode_words (const char *value)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean after_word = FALSE;

  while (*value)
    {
      const char *end = g_str_has_prefix (value, "=?UTF-8?B?") ? strstr (value, "?=") : NULL;
      gsize blank = strspn (value, " \t\r\n");

      if (end)
        {
          g_autofree char *word = g_strndup (value + 10, end - value - 10);

          append_bytes (text, word);
          value = end + 2;
          after_word = TRUE;
        }
      else if (after_word && blank > 0 && g_str_has_prefix (value + blank, "=?UTF-8?B?"))
        {
          value += blank;
        }
      else
        {
          g_string_append_c (text, *value++);
          after_word = FALSE;
        }
    }

  return g_utf8_make_valid (text->str, text->len);
}

static char *
find_header (const char *head,
             const char *name)
{
  g_auto(GStrv) lines = g_strsplit (head, "\r\n", -1);
  g_autoptr(GString) value = NULL;
  gsize length = strlen (name);

  for (guint i = 0; lines[i]; i++)
    {
      if (value != NULL && (*lines[i] == ' ' || *lines[i] == '\t'))
        g_string_append_printf (value, " %s", g_strchug (lines[i]));
      else if (value != NULL)
        break;
      else if (g_ascii_strncasecmp (lines[i], name, length) == 0 && lines[i][length] == ':')
        value = g_string_new (g_strchug (lines[i] + length + 1));
    }

  return value ? decode_words (value->str) : NULL;
}

/* The text of the first part that is text/plain, else of the only part. */
static char *
find_text (const char *head,
           const char *body)
{
  g_autofree char *type = find_header (head, "Content-Type");
  const char *boundary = type ? strstr (type, "boundary=\"") : NULL;
  g_autofree char *part = g_strdup (body);

  if (boundary)
    {
      g_autofree char *name = g_strndup (boundary + 10, strcspn (boundary + 10, "\""));
      g_autofree char *mark = g_strconcat ("--", name, NULL);
      const char *start = strstr (body, mark);
      const char *content = start ? strstr (start, "\r\n\r\n") : NULL;
      const char *end = content ? strstr (content, mark) : NULL;

      g_free (part);
      part = end ? g_strndup (content + 4, end - content - 4) : g_strdup ("");
    }

  {
    g_autoptr(GString) text = g_string_new (NULL);

    append_bytes (text, part);
    return g_utf8_make_valid (text->str, text->len);
  }
}

static GDateTime *
parse_id_time (const char *id)
{
  g_autofree char *text = NULL;

  /* The file name begins with the time: 20261120T101500.123 */
  if (strlen (id) < 19)
    return NULL;
  text = g_strdup_printf ("%.4s-%.2s-%.2sT%.2s:%.2s:%.6sZ", id, id + 4, id + 6, id + 9, id + 11, id + 13);

  return g_date_time_new_from_iso8601 (text, NULL);
}

/**
 * porch_practice_mail_load:
 * @path: a file of the outbox
 * @error: return location for an error
 *
 * Returns: (transfer full): the mail, or %NULL when it can't be read
 */
PorchPracticeMail *
porch_practice_mail_load (const char  *path,
                          GError     **error)
{
  g_autofree char *contents = NULL;
  g_autofree char *head = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(PorchPracticeMail) self = NULL;
  const char *body;

  if (!g_file_get_contents (path, &contents, NULL, error))
    return NULL;

  body = strstr (contents, "\r\n\r\n");
  if (body == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” is not a mail", name);
      return NULL;
    }

  head = g_strndup (contents, body - contents);
  self = g_object_new (PORCH_TYPE_PRACTICE_MAIL, NULL);
  self->id = g_str_has_suffix (name, ".eml") ? g_strndup (name, strlen (name) - 4) : g_strdup (name);
  self->subject = find_header (head, "Subject");
  self->sender = find_header (head, "From");
  self->recipients = find_header (head, "To");
  self->reply_to = find_header (head, "Reply-To");
  self->received = parse_id_time (self->id);
  self->text = find_text (head, body + 4);

  return g_steal_pointer (&self);
}

static int
compare_mails (gconstpointer a,
               gconstpointer b)
{
  const PorchPracticeMail *first = *(const PorchPracticeMail * const *) a;
  const PorchPracticeMail *second = *(const PorchPracticeMail * const *) b;

  return strcmp (second->id, first->id);
}

/**
 * porch_practice_mail_list:
 * @folder: an outbox
 *
 * Returns: (transfer full) (element-type PorchPracticeMail): the mails in it, newest first
 */
GPtrArray *
porch_practice_mail_list (const char *folder)
{
  GPtrArray *mails = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      PorchPracticeMail *mail = g_str_has_suffix (name, ".eml") ? porch_practice_mail_load (path, NULL) : NULL;

      if (mail)
        g_ptr_array_add (mails, mail);
    }
  g_ptr_array_sort (mails, compare_mails);

  return mails;
}

static void
porch_practice_mail_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchPracticeMail *self = PORCH_PRACTICE_MAIL (object);
  const char *texts[N_PROPS] = {
    [PROP_ID] = self->id, [PROP_SUBJECT] = self->subject, [PROP_SENDER] = self->sender,
    [PROP_RECIPIENTS] = self->recipients, [PROP_REPLY_TO] = self->reply_to, [PROP_TEXT] = self->text,
  };

  if (property_id == PROP_RECEIVED)
    g_value_set_boxed (value, self->received);
  else
    g_value_set_string (value, texts[property_id]);
}

static void
porch_practice_mail_finalize (GObject *object)
{
  PorchPracticeMail *self = PORCH_PRACTICE_MAIL (object);

  g_free (self->id);
  g_free (self->subject);
  g_free (self->sender);
  g_free (self->recipients);
  g_free (self->reply_to);
  g_clear_pointer (&self->received, g_date_time_unref);
  g_free (self->text);

  G_OBJECT_CLASS (porch_practice_mail_parent_class)->finalize (object);
}

static void
porch_practice_mail_class_init (PorchPracticeMailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const struct { guint id; const char *name; } texts[] = {
    { PROP_ID, "id" }, { PROP_SUBJECT, "subject" }, { PROP_SENDER, "sender" },
    { PROP_RECIPIENTS, "recipients" }, { PROP_REPLY_TO, "reply-to" }, { PROP_TEXT, "text" },
  };

  object_class->get_property = porch_practice_mail_get_property;
  object_class->finalize = porch_practice_mail_finalize;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    props[texts[i].id] = g_param_spec_string (texts[i].name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_RECEIVED] = g_param_spec_boxed ("received", NULL, NULL, G_TYPE_DATE_TIME, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
porch_practice_mail_init (PorchPracticeMail *self)
{
}

const char *
porch_practice_mail_get_id (PorchPracticeMail *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE_MAIL (self), NULL);

  return self->id;
}

const char *
porch_practice_mail_get_subject (PorchPracticeMail *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE_MAIL (self), NULL);

  return self->subject;
}

const char *
porch_practice_mail_get_sender (PorchPracticeMail *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE_MAIL (self), NULL);

  return self->sender;
}

/**
 * porch_practice_mail_get_recipients:
 * @self: a mail
 *
 * Returns: (nullable): the addresses, separated by commas
 */
const char *
porch_practice_mail_get_recipients (PorchPracticeMail *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE_MAIL (self), NULL);

  return self->recipients;
}

const char *
porch_practice_mail_get_reply_to (PorchPracticeMail *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE_MAIL (self), NULL);

  return self->reply_to;
}

GDateTime *
porch_practice_mail_get_received (PorchPracticeMail *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE_MAIL (self), NULL);

  return self->received;
}

const char *
porch_practice_mail_get_text (PorchPracticeMail *self)
{
  g_return_val_if_fail (PORCH_IS_PRACTICE_MAIL (self), NULL);

  return self->text;
}
