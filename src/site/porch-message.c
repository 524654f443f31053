/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-private.h"
#include "porch-field-private.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_PREVIEW 200

/* What a mail program is given to begin an answer with */
#define MAX_QUOTED_LINES 200
#define MAX_QUOTED 8000

#define MAX_LINKS 50

/**
 * PorchMessage:
 *
 * A message that a visitor sent with the contact form of a site. In a list it begins as a place that is filled soon
 * ([method@Porch.Message.is_known]), without what takes room; [method@Porch.Inbox.complete] gets that too.
 */
struct _PorchMessage
{
  GObject         parent_instance;

  char           *id;
  char           *sort_key;
  char           *name;
  char           *mail;
  char           *sender;
  char           *preview;
  char           *page;
  char           *form;
  char           *snippet;          /* what was found in it, while something is searched for */
  char           *fields_text;      /* as kept in the store; parsed when the message is looked at */
  char           *mail_error;
  char           *again;            /* which wish for another mail the state of the mail is of */
  GStrv           reasons;
  GStrv           clues;
  GListStore     *fields;
  GDateTime      *received;
  gint64          key;              /* of its row in the store; 0 if it did not come from there */
  gint64          unread_at;        /* when each flag was decided, in milliseconds since 1970; 0 for never */
  gint64          archived_at;
  gint64          spam_at;
  PorchMailState  mail_state;
  gboolean        unread;
  gboolean        archived;
  gboolean        spam;
  gboolean        given_up;
};

G_DEFINE_FINAL_TYPE (PorchMessage, porch_message, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchMailState, porch_mail_state,
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_SENT, "sent"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_FAILED, "failed"))

G_DEFINE_ENUM_TYPE (PorchSpamSource, porch_spam_source,
                    G_DEFINE_ENUM_VALUE (PORCH_SPAM_BY_FORM, "form"),
                    G_DEFINE_ENUM_VALUE (PORCH_SPAM_BY_FILTER, "filter"),
                    G_DEFINE_ENUM_VALUE (PORCH_SPAM_BY_PERSON, "person"))

enum
{
  PROP_ID = 1,
  PROP_RECEIVED,
  PROP_SENDER,
  PROP_SENDER_NAME,
  PROP_SENDER_MAIL,
  PROP_TEXT,
  PROP_PREVIEW,
  PROP_PAGE,
  PROP_FIELDS,
  PROP_UNREAD,
  PROP_ARCHIVED,
  PROP_SPAM,
  PROP_MAIL_STATE,
  PROP_MAIL_ERROR,
  PROP_SUMMARY,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char * const mail_states[] = { "none", "waiting", "sent", "failed" };

const char *
porch_mail_state_to_string (PorchMailState state)
{
  return mail_states[state];
}

static void
porch_message_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchMessage *self = PORCH_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_RECEIVED:
      g_value_set_boxed (value, self->received);
      break;
    case PROP_SENDER:
      g_value_set_string (value, self->sender);
      break;
    case PROP_SENDER_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_SENDER_MAIL:
      g_value_set_string (value, self->mail);
      break;
    case PROP_TEXT:
      g_value_set_string (value, porch_message_get_text (self));
      break;
    case PROP_PREVIEW:
      g_value_set_string (value, self->preview);
      break;
    case PROP_PAGE:
      g_value_set_string (value, self->page);
      break;
    case PROP_FIELDS:
      g_value_set_object (value, porch_message_get_fields (self));
      break;
    case PROP_UNREAD:
      g_value_set_boolean (value, self->unread);
      break;
    case PROP_ARCHIVED:
      g_value_set_boolean (value, self->archived);
      break;
    case PROP_SPAM:
      g_value_set_boolean (value, self->spam);
      break;
    case PROP_MAIL_STATE:
      g_value_set_enum (value, self->mail_state);
      break;
    case PROP_MAIL_ERROR:
      g_value_set_string (value, self->mail_error);
      break;
    case PROP_SUMMARY:
      g_value_set_string (value, porch_message_get_summary (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_message_finalize (GObject *object)
{
  PorchMessage *self = PORCH_MESSAGE (object);

  g_clear_object (&self->fields);
  g_clear_pointer (&self->received, g_date_time_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->sort_key, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->mail, g_free);
  g_clear_pointer (&self->sender, g_free);
  g_clear_pointer (&self->preview, g_free);
  g_clear_pointer (&self->page, g_free);
  g_clear_pointer (&self->form, g_free);
  g_clear_pointer (&self->snippet, g_free);
  g_clear_pointer (&self->fields_text, g_free);
  g_clear_pointer (&self->mail_error, g_free);
  g_clear_pointer (&self->again, g_free);
  g_clear_pointer (&self->reasons, g_strfreev);
  g_clear_pointer (&self->clues, g_strfreev);

  G_OBJECT_CLASS (porch_message_parent_class)->finalize (object);
}

static void
porch_message_class_init (PorchMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_message_get_property;
  object_class->finalize = porch_message_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_RECEIVED] = g_param_spec_boxed ("received", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_SENDER] = g_param_spec_string ("sender", NULL, NULL, NULL, flags);
  properties[PROP_SENDER_NAME] = g_param_spec_string ("sender-name", NULL, NULL, NULL, flags);
  properties[PROP_SENDER_MAIL] = g_param_spec_string ("sender-mail", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_PREVIEW] = g_param_spec_string ("preview", NULL, NULL, NULL, flags);
  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, NULL, flags);
  properties[PROP_FIELDS] = g_param_spec_object ("fields", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_UNREAD] = g_param_spec_boolean ("unread", NULL, NULL, FALSE, flags);
  properties[PROP_ARCHIVED] = g_param_spec_boolean ("archived", NULL, NULL, FALSE, flags);
  properties[PROP_SPAM] = g_param_spec_boolean ("spam", NULL, NULL, FALSE, flags);
  properties[PROP_MAIL_STATE] = g_param_spec_enum ("mail-state", NULL, NULL, PORCH_TYPE_MAIL_STATE,
                                                   PORCH_MAIL_NONE, flags);
  properties[PROP_MAIL_ERROR] = g_param_spec_string ("mail-error", NULL, NULL, NULL, flags);
  properties[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * PorchMessage::changed:
   * @self: a message
   *
   * Something of it is not what it was: it became known or complete, or somebody did something with it.
   */
  signals[CHANGED] = g_signal_new ("changed", PORCH_TYPE_MESSAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
porch_message_init (PorchMessage *self)
{
}

static void
update_sender (PorchMessage *self)
{
  if (self->name != NULL && *self->name != '\0')
    g_set_str (&self->sender, self->name);
  else if (self->mail != NULL && *self->mail != '\0')
    g_set_str (&self->sender, self->mail);
  else
    g_set_str (&self->sender, _("A visitor"));
}

static PorchMailState
parse_mail_state (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (mail_states); i++)
    if (g_strcmp0 (text, mail_states[i]) == 0)
      return i;

  return PORCH_MAIL_NONE;
}

static GStrv
split_lines (const char *text)
{
  return text != NULL && *text != '\0' ? g_strsplit (text, "\n", -1) : NULL;
}

/* A place in a list, to be filled by porch_message_take_row(). */
PorchMessage *
porch_message_new_for_key (gint64 key)
{
  PorchMessage *self = g_object_new (PORCH_TYPE_MESSAGE, NULL);

  self->key = key;

  return self;
}

/* What a visitor wrote never changes, but the key of what is deleted may be given to another message. */
static void
take_words (PorchMessage *self,
            PorchRows    *rows,
            guint         row)
{
  if (g_strcmp0 (self->id, porch_rows_get_string (rows, row, 1)) == 0)
    return;

  g_clear_object (&self->fields);
  g_clear_pointer (&self->fields_text, g_free);
  g_clear_pointer (&self->received, g_date_time_unref);
  g_set_str (&self->id, porch_rows_get_string (rows, row, 1));
  g_set_str (&self->sort_key, porch_rows_get_string (rows, row, 2));
  self->received = g_date_time_new_from_unix_utc_usec (porch_rows_get_int (rows, row, 3) * 1000);
  g_set_str (&self->name, porch_rows_get_string (rows, row, 4));
  g_set_str (&self->mail, porch_rows_get_string (rows, row, 5));
  g_set_str (&self->preview, porch_rows_get_string (rows, row, 6));
  g_set_str (&self->page, porch_rows_get_string (rows, row, 7));
  g_set_str (&self->form, porch_rows_get_string (rows, row, 8));
  update_sender (self);
}

/* Fills it with a row of PORCH_MESSAGE_HEAD or, @is_whole, of PORCH_MESSAGE_COLUMNS. */
void
porch_message_take_row (PorchMessage *self,
                        PorchRows    *rows,
                        guint         row,
                        gboolean      is_whole)
{
  take_words (self, rows, row);
  self->key = porch_rows_get_int (rows, row, 0);
  self->unread = porch_rows_get_int (rows, row, 9) != 0;
  self->archived = porch_rows_get_int (rows, row, 10) != 0;
  self->spam = porch_rows_get_int (rows, row, 11) != 0;
  self->mail_state = parse_mail_state (porch_rows_get_string (rows, row, 12));
  g_set_str (&self->mail_error, porch_rows_get_string (rows, row, 13));
  self->given_up = porch_rows_get_int (rows, row, 14) != 0;
  self->spam_at = porch_rows_get_int (rows, row, 15);
  g_clear_pointer (&self->reasons, g_strfreev);
  self->reasons = split_lines (porch_rows_get_string (rows, row, 16));
  g_clear_pointer (&self->clues, g_strfreev);
  self->clues = split_lines (porch_rows_get_string (rows, row, 17));

  if (is_whole && self->fields_text == NULL)
    {
      /* Whoever asked before was told of none */
      g_clear_object (&self->fields);
      self->fields_text = g_strdup (porch_rows_get_string (rows, row, 18));
    }

  porch_message_emit_changed (self);
}

PorchMessage *
porch_message_new_from_row (PorchRows *rows,
                            guint      row)
{
  PorchMessage *self = g_object_new (PORCH_TYPE_MESSAGE, NULL);

  porch_message_take_row (self, rows, row, TRUE);

  return self;
}

/* [["name", "value"], ["topics", ["a", "b"]]]: in the order of the form, and with nothing lost */
static char *
fields_to_text (GListModel *fields)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_array (builder);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);
      const char * const *values = porch_field_get_values (field);

      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, porch_field_get_name (field));

      if (porch_field_is_list (field))
        {
          json_builder_begin_array (builder);
          for (guint j = 0; values[j] != NULL; j++)
            json_builder_add_string_value (builder, values[j]);
          json_builder_end_array (builder);
        }
      else
        {
          json_builder_add_string_value (builder, porch_field_get_value (field));
        }

      json_builder_end_array (builder);
    }

  json_builder_end_array (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static void
add_parsed_field (GListStore *fields,
                  JsonArray  *pair)
{
  const char *name = aws_json_array_get_string (pair, 0);
  JsonNode *value = json_array_get_length (pair) > 1 ? json_array_get_element (pair, 1) : NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(PorchField) field = NULL;
  g_auto(GStrv) values = NULL;

  if (name == NULL || value == NULL)
    return;

  if (JSON_NODE_HOLDS_ARRAY (value))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
      g_strv_builder_add (builder, aws_json_array_get_string (json_node_get_array (value), i));
  else
    g_strv_builder_add (builder, json_node_get_string (value));

  values = g_strv_builder_end (builder);
  field = porch_field_new (name, (const char * const *) values, JSON_NODE_HOLDS_ARRAY (value));
  g_list_store_append (fields, field);
}

static GListStore *
parse_fields (const char *text)
{
  GListStore *fields = g_list_store_new (PORCH_TYPE_FIELD);
  g_autoptr(JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;

  for (guint i = 0; root != NULL && JSON_NODE_HOLDS_ARRAY (root) && i < json_array_get_length (json_node_get_array (root)); i++)
    {
      JsonNode *pair = json_array_get_element (json_node_get_array (root), i);

      if (JSON_NODE_HOLDS_ARRAY (pair))
        add_parsed_field (fields, json_node_get_array (pair));
    }

  return fields;
}

static void
add_item_field (GListStore *fields,
                AwsItem    *map,
                const char *name)
{
  g_auto(GStrv) list = aws_item_dup_strings (map, name);
  const char *text = aws_item_get_string (map, name);
  const char *single[] = { text, NULL };
  g_autoptr(PorchField) field = NULL;

  if (text == NULL && list == NULL)
    return;

  field = text != NULL ? porch_field_new (name, single, FALSE)
                       : porch_field_new (name, (const char * const *) list, TRUE);
  g_list_store_append (fields, field);
}

static GListStore *
read_fields (AwsItem *item)
{
  GListStore *fields = g_list_store_new (PORCH_TYPE_FIELD);
  g_autoptr(AwsItem) map = aws_item_dup_map (item, "fields");
  g_auto(GStrv) order = aws_item_dup_strings (item, "order");
  g_auto(GStrv) names = map != NULL ? aws_item_dup_names (map) : NULL;

  for (guint i = 0; map != NULL && order != NULL && order[i] != NULL; i++)
    add_item_field (fields, map, order[i]);

  /* Written by something that keeps no order */
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (order == NULL || !g_strv_contains ((const char * const *) order, names[i]))
      add_item_field (fields, map, names[i]);

  return fields;
}

static const char *
find_field (GListModel         *fields,
            const char * const *names)
{
  for (guint n = 0; names[n] != NULL; n++)
    for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
      {
        g_autoptr(PorchField) field = g_list_model_get_item (fields, i);

        if (g_ascii_strcasecmp (porch_field_get_name (field), names[n]) == 0 && *porch_field_get_value (field) != '\0')
          return porch_field_get_value (field);
      }

  return NULL;
}

static char *
make_name (GListModel *fields)
{
  static const char * const whole[] = { "name", "full_name", "your_name", NULL };
  static const char * const first[] = { "given_name", "first_name", NULL };
  static const char * const last[] = { "family_name", "last_name", NULL };
  const char *name = find_field (fields, whole);
  const char *given = find_field (fields, first);
  const char *family = find_field (fields, last);
  char *result;

  if (name != NULL)
    result = g_strdup (name);
  else if (given != NULL && family != NULL)
    result = g_strdup_printf ("%s %s", given, family);
  else
    result = g_strdup (given != NULL ? given : family);

  return result != NULL ? g_strdelimit (result, "\r\n\t", ' ') : NULL;
}

static const char *
find_text (GListModel *fields)
{
  static const char * const names[] = { "message", "text", "comment", "comments", "body", NULL };
  const char *text = find_field (fields, names);

  /* A form of the person's own may call it anything: the longest field is most likely it */
  for (guint i = 0; text == NULL && i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);

      if (strchr (porch_field_get_value (field), '\n') != NULL || strlen (porch_field_get_value (field)) > 60)
        text = porch_field_get_value (field);
    }

  return text;
}

static char *
make_preview (GListModel *fields)
{
  static const char * const subject[] = { "subject", NULL };
  const char *text = find_text (fields);
  g_autofree char *preview = NULL;
  g_autoptr(GRegex) spaces = g_regex_new ("\\s+", G_REGEX_OPTIMIZE, G_REGEX_MATCH_DEFAULT, NULL);
  g_autofree char *line = NULL;

  if (text == NULL)
    text = find_field (fields, subject);

  if (text == NULL && g_list_model_get_n_items (fields) > 0)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, 0);

      text = porch_field_get_value (field);
    }

  line = g_regex_replace_literal (spaces, text != NULL ? text : "", -1, 0, " ", G_REGEX_MATCH_DEFAULT, NULL);
  preview = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), MAX_PREVIEW));

  return g_strdup (g_strstrip (preview));
}

static void
take_mail_state (PorchMessage *self,
                 AwsItem      *item)
{
  g_autoptr(AwsItem) mail = aws_item_dup_map (item, "mail");
  const char *state = mail != NULL ? aws_item_get_string (mail, "state") : NULL;

  if (g_strcmp0 (state, "mailed") == 0)
    self->mail_state = PORCH_MAIL_SENT;
  else if (g_strcmp0 (state, "failed") == 0)
    self->mail_state = PORCH_MAIL_FAILED;
  else if (g_strcmp0 (state, "sending") == 0)
    self->mail_state = PORCH_MAIL_WAITING;
  else
    self->mail_state = PORCH_MAIL_NONE;

  self->mail_error = g_strdup (mail != NULL ? aws_item_get_string (mail, "error") : NULL);
  self->again = g_strdup (mail != NULL ? aws_item_get_string (mail, "again") : NULL);
  self->given_up = mail != NULL && aws_item_get_bool (mail, "givenUp");
}

static void
take_flags (PorchMessage *self,
            AwsItem      *item)
{
  self->unread = aws_item_get_bool (item, "unread");
  self->archived = aws_item_get_bool (item, "archived");
  self->spam = aws_item_get_bool (item, "spam");
  self->unread_at = aws_item_get_int (item, "unreadAt", 0);
  self->archived_at = aws_item_get_int (item, "archivedAt", 0);
  self->spam_at = aws_item_get_int (item, "spamAt", 0);
  self->reasons = aws_item_dup_strings (item, "why");
  self->clues = aws_item_dup_strings (item, "clues");
}

PorchMessage *
porch_message_new_from_item (AwsItem *item)
{
  static const char * const mail_fields[] = { "email", "e_mail", "e-mail", "mail", "email_address", "your_email", NULL };
  PorchMessage *self;
  const char *id = aws_item_get_string (item, "id");
  const char *received = aws_item_get_string (item, "received");
  GDateTime *time = received != NULL ? g_date_time_new_from_iso8601 (received, NULL) : NULL;

  /* Not one of ours, damaged, or a test of the form that nobody wrote */
  if (time == NULL || aws_item_get_string (item, "sk") == NULL || aws_item_has (item, "proof"))
    {
      g_clear_pointer (&time, g_date_time_unref);
      return NULL;
    }

  self = g_object_new (PORCH_TYPE_MESSAGE, NULL);
  self->sort_key = g_strdup (aws_item_get_string (item, "sk"));
  self->id = g_strdup (id != NULL ? id : self->sort_key);
  self->received = time;
  self->fields = read_fields (item);
  self->fields_text = fields_to_text (G_LIST_MODEL (self->fields));
  self->name = make_name (G_LIST_MODEL (self->fields));
  self->mail = g_strdup (find_field (G_LIST_MODEL (self->fields), mail_fields));
  self->preview = make_preview (G_LIST_MODEL (self->fields));
  self->page = g_strdup (aws_item_get_string (item, "page"));
  self->form = g_strdup (aws_item_get_string (item, "form"));
  take_flags (self, item);
  take_mail_state (self, item);
  update_sender (self);

  return self;
}

/* Says that it is not what it was, to those who follow single properties and to those who follow all of it. */
void
porch_message_emit_changed (PorchMessage *self)
{
  g_object_freeze_notify (G_OBJECT (self));

  for (guint i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);

  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What the row in the list says below the sender while something is searched for; nothing for the beginning. */
void
porch_message_set_snippet (PorchMessage *self,
                           const char   *snippet)
{
  g_set_str (&self->snippet, snippet);
}

/* Shows at once what is about to be kept. */
void
porch_message_set_flags (PorchMessage *self,
                         gboolean      unread,
                         gboolean      archived,
                         gboolean      spam)
{
  if (self->unread == !!unread && self->archived == !!archived && self->spam == !!spam)
    return;

  if (self->spam != !!spam)
    self->spam_at = g_get_real_time () / 1000;

  self->unread = !!unread;
  self->archived = !!archived;
  self->spam = !!spam;
  porch_message_emit_changed (self);
}

gint64
porch_message_get_key (PorchMessage *self)
{
  return self->key;
}

gint64
porch_message_get_unread_at (PorchMessage *self)
{
  return self->unread_at;
}

gint64
porch_message_get_archived_at (PorchMessage *self)
{
  return self->archived_at;
}

gint64
porch_message_get_spam_at (PorchMessage *self)
{
  return self->spam_at;
}

const char *
porch_message_get_again (PorchMessage *self)
{
  return self->again;
}

const char *
porch_message_get_sort_key (PorchMessage *self)
{
  return self->sort_key;
}

/* The fields in the form in which the store keeps them. */
char *
porch_message_dup_fields (PorchMessage *self)
{
  return g_strdup (self->fields_text);
}

/* What the search looks through. */
char *
porch_message_dup_words (PorchMessage *self)
{
  GListModel *fields = porch_message_get_fields (self);
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);

      g_string_append (words, porch_field_get_value (field));
      g_string_append_c (words, '\n');
    }

  return g_string_free (g_steal_pointer (&words), FALSE);
}

/**
 * porch_message_get_id:
 * @self: a message
 *
 * Returns: (transfer none): its receipt, which the visitor was given too
 */
const char *
porch_message_get_id (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->id;
}

/**
 * porch_message_get_received:
 * @self: a message
 *
 * Returns: (transfer none): when it arrived
 */
GDateTime *
porch_message_get_received (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->received;
}

/**
 * porch_message_get_sender:
 * @self: a message
 *
 * Returns: (transfer none): the name of the sender, or else the mail address, or else words for a stranger
 */
const char *
porch_message_get_sender (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->sender;
}

/**
 * porch_message_get_sender_name:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the name, if one was given
 */
const char *
porch_message_get_sender_name (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->name;
}

/**
 * porch_message_get_sender_mail:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the mail address, if one was given
 */
const char *
porch_message_get_sender_mail (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->mail;
}

/**
 * porch_message_get_subject:
 * @self: a complete message
 *
 * Returns: (transfer none) (nullable): what the sender called it, if the form asks for that
 */
const char *
porch_message_get_subject (PorchMessage *self)
{
  static const char * const names[] = { "subject", NULL };

  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return find_field (porch_message_get_fields (self), names);
}

/**
 * porch_message_get_text:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): what the sender wrote, the field that is most likely the message itself
 */
const char *
porch_message_get_text (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return find_text (porch_message_get_fields (self));
}

/**
 * porch_message_get_preview:
 * @self: a message
 *
 * Returns: (transfer none): its beginning in one line
 */
const char *
porch_message_get_preview (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->preview;
}

/**
 * porch_message_get_page:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the page of the site from which it was sent
 */
const char *
porch_message_get_page (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->page;
}

/**
 * porch_message_get_form:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the name of the form, `contact` if it has none of its own
 */
const char *
porch_message_get_form (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->form;
}

/**
 * porch_message_get_summary:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the line below the sender: the beginning, or what was found in it
 */
const char *
porch_message_get_summary (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->snippet != NULL ? self->snippet : self->preview;
}

/**
 * porch_message_is_known:
 * @self: a message
 *
 * Returns: whether it has been filled; until then its sender and the like are `NULL`
 */
gboolean
porch_message_is_known (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), FALSE);

  return self->id != NULL;
}

/**
 * porch_message_is_complete:
 * @self: a message
 *
 * Returns: whether all that was sent is there, not only what a list shows
 */
gboolean
porch_message_is_complete (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), FALSE);

  return self->fields_text != NULL;
}

/**
 * porch_message_get_fields:
 * @self: a message
 *
 * Returns: (transfer none): a list of [class@Porch.Field], in the order of the form
 */
GListModel *
porch_message_get_fields (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  if (self->fields == NULL)
    self->fields = parse_fields (self->fields_text);

  return G_LIST_MODEL (self->fields);
}

/**
 * porch_message_get_unread:
 * @self: a message
 *
 * Returns: whether nobody has read it
 */
gboolean
porch_message_get_unread (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), FALSE);

  return self->unread;
}

/**
 * porch_message_get_archived:
 * @self: a message
 *
 * Returns: whether it was put away
 */
gboolean
porch_message_get_archived (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), FALSE);

  return self->archived;
}

/**
 * porch_message_get_spam:
 * @self: a message
 *
 * Returns: whether it was marked as spam, by a person or by the form's trap
 */
gboolean
porch_message_get_spam (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), FALSE);

  return self->spam;
}

/**
 * porch_message_get_mail_state:
 * @self: a message
 *
 * Returns: what became of the mail about it
 */
PorchMailState
porch_message_get_mail_state (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), PORCH_MAIL_NONE);

  return self->mail_state;
}

/**
 * porch_message_get_mail_error:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): why the mail about it failed
 */
const char *
porch_message_get_mail_error (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return self->mail_error;
}

/**
 * porch_message_get_given_up:
 * @self: a message
 *
 * Returns: whether its mail is not tried again by itself
 */
gboolean
porch_message_get_given_up (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), FALSE);

  return self->given_up;
}

/**
 * porch_message_get_spam_source:
 * @self: a message
 *
 * A decision of the filter has the time of arrival, so that it is older than any that a person makes.
 *
 * Returns: who decided whether it is spam
 */
PorchSpamSource
porch_message_get_spam_source (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), PORCH_SPAM_BY_FORM);

  if (self->spam_at == 0 || self->received == NULL)
    return PORCH_SPAM_BY_FORM;

  return self->spam_at <= g_date_time_to_unix_usec (self->received) / 1000 ? PORCH_SPAM_BY_FILTER : PORCH_SPAM_BY_PERSON;
}

/**
 * porch_message_get_reasons:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): what the form’s rules found: `honeypot`, `fast`, `links`, `repeats`
 */
const char * const *
porch_message_get_reasons (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return (const char * const *) self->reasons;
}

/**
 * porch_message_get_clues:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the words by which the filter recognised it
 */
const char * const *
porch_message_get_clues (PorchMessage *self)
{
  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  return (const char * const *) self->clues;
}

/* The text with a sign before each line, for an answer */
static char *
quote (PorchMessage *self)
{
  const char *text = porch_message_get_text (self);
  g_autoptr(GString) quoted = g_string_new (NULL);
  g_autoptr(GDateTime) local = g_date_time_to_local (self->received);
  /* Translators: the day on which a message was written, as in 5 March 2025; see the manual of g_date_time_format() */
  g_autofree char *day = g_date_time_format (local, C_("day of a quoted message", "%-d %B %Y"));
  g_auto(GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", MAX_QUOTED_LINES);

  /* Translators: begins the quoted text in an answer: a day and a name */
  g_string_append_printf (quoted, _("On %s, %s wrote:"), day, self->sender);
  g_string_append (quoted, "\r\n\r\n");

  for (guint i = 0; lines[i] != NULL && quoted->len < MAX_QUOTED; i++)
    g_string_append_printf (quoted, "> %s\r\n", g_strchomp (lines[i]));

  return g_string_free (g_steal_pointer (&quoted), FALSE);
}

/**
 * porch_message_dup_reply_uri:
 * @self: a message
 *
 * Returns: (transfer full) (nullable): a `mailto:` address that begins an answer, `NULL` if there is nobody to answer
 */
char *
porch_message_dup_reply_uri (PorchMessage *self)
{
  static const char * const subject_fields[] = { "subject", NULL };
  const char *subject;
  g_autofree char *mail = NULL;
  g_autofree char *words = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *text = NULL;
  g_autofree char *body = NULL;
  g_autofree char *quoted = NULL;

  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  if (self->mail == NULL || strpbrk (self->mail, "@") == NULL || strpbrk (self->mail, " ,;<>\r\n?&") != NULL)
    return NULL;

  subject = find_field (porch_message_get_fields (self), subject_fields);
  words = subject != NULL ? g_strdup_printf (_("Re: %s"), subject) : g_strdup (_("Your message"));
  g_strdelimit (words, "\r\n", ' ');

  text = quote (self);
  mail = g_uri_escape_string (self->mail, "@", FALSE);
  escaped = g_uri_escape_string (words, NULL, FALSE);
  body = g_strconcat ("\r\n\r\n", text, NULL);
  quoted = g_uri_escape_string (body, NULL, FALSE);

  return g_strdup_printf ("mailto:%s?subject=%s&body=%s", mail, escaped, quoted);
}

static void
append_line (GString    *text,
             const char *label,
             const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (text, strchr (value, '\n') != NULL ? "%s:\n%s\n" : "%s: %s\n", label, value);
}

/**
 * porch_message_dup_plain_text:
 * @self: a complete message
 *
 * Returns: (transfer full): all of it as plain text, to be copied
 */
char *
porch_message_dup_plain_text (PorchMessage *self)
{
  GListModel *fields;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GDateTime) local = NULL;
  g_autofree char *received = NULL;

  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  fields = porch_message_get_fields (self);
  local = g_date_time_to_local (self->received);
  /* Translators: day and time of a message, as in 5 March 2025 14:05 */
  received = g_date_time_format (local, C_("day and time", "%-d %B %Y %H:%M"));
  append_line (text, _("Received"), received);
  append_line (text, _("Page"), self->page);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);

      append_line (text, porch_field_get_label (field), porch_field_get_value (field));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Where a link really leads: the host in the letters of the internet, everything else in plain signs */
static char *
normalize_link (const char *text)
{
  g_autofree char *trimmed = g_strdup (text);
  g_autofree char *whole = NULL;
  g_autofree char *host = NULL;
  g_autoptr(GUri) uri = NULL;
  g_autoptr(GUri) plain = NULL;

  for (gsize length = strlen (trimmed); length > 0 && strchr (".,;:!?)]}'*", trimmed[length - 1]) != NULL; length--)
    trimmed[length - 1] = '\0';

  whole = g_ascii_strncasecmp (trimmed, "www.", 4) == 0 ? g_strconcat ("http://", trimmed, NULL) : g_strdup (trimmed);
  uri = g_uri_parse (whole, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (host = g_hostname_to_ascii (g_uri_get_host (uri))) == NULL)
    return NULL;

  plain = g_uri_build (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), g_uri_get_userinfo (uri), host, g_uri_get_port (uri),
                       g_uri_get_path (uri), g_uri_get_query (uri), g_uri_get_fragment (uri));
  g_clear_pointer (&whole, g_free);
  whole = g_uri_to_string (plain);

  return g_uri_escape_string (whole, "%:/?#[]@!$&'()*+,;=", FALSE);
}

/**
 * porch_message_dup_links:
 * @self: a complete message
 *
 * The addresses of the web in what was written, at most 50, each once. None of them is anything but text until somebody
 * who has seen where it leads opens it.
 *
 * Returns: (transfer full): where they lead, in plain ASCII
 */
GStrv
porch_message_dup_links (PorchMessage *self)
{
  g_autoptr(GRegex) pattern = g_regex_new ("(?:https?://|\\bwww\\.)[^\\s<>\"“”«»]+", G_REGEX_CASELESS | G_REGEX_OPTIMIZE,
                                           G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr(GPtrArray) links = g_ptr_array_new_null_terminated (4, g_free, TRUE);
  GListModel *fields;

  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  fields = porch_message_get_fields (self);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);
      g_autoptr(GMatchInfo) match = NULL;

      for (g_regex_match (pattern, porch_field_get_value (field), G_REGEX_MATCH_DEFAULT, &match);
           g_match_info_matches (match) && links->len < MAX_LINKS;
           g_match_info_next (match, NULL))
        {
          g_autofree char *text = g_match_info_fetch (match, 0);
          g_autofree char *link = normalize_link (text);

          if (link != NULL && !g_ptr_array_find_with_equal_func (links, link, g_str_equal, NULL))
            g_ptr_array_add (links, g_steal_pointer (&link));
        }
    }

  return (GStrv) g_ptr_array_free (g_steal_pointer (&links), FALSE);
}

static JsonArray *
strings_to_json (GStrv strings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);

  return array;
}

/**
 * porch_message_to_json:
 * @self: a message
 *
 * Returns: (transfer full): all of it, with the fields as sent
 */
JsonObject *
porch_message_to_json (PorchMessage *self)
{
  JsonObject *json;
  JsonObject *sent;
  GListModel *fields;
  g_autofree char *received = NULL;

  g_return_val_if_fail (PORCH_IS_MESSAGE (self), NULL);

  json = json_object_new ();
  sent = json_object_new ();
  fields = porch_message_get_fields (self);
  received = g_date_time_format_iso8601 (self->received);

  json_object_set_string_member (json, "id", self->id);
  json_object_set_string_member (json, "received", received);
  json_object_set_string_member (json, "name", self->name);
  json_object_set_string_member (json, "mail", self->mail);
  json_object_set_string_member (json, "preview", self->preview);
  json_object_set_string_member (json, "page", self->page);
  json_object_set_string_member (json, "form", self->form);
  json_object_set_boolean_member (json, "unread", self->unread);
  json_object_set_boolean_member (json, "archived", self->archived);
  json_object_set_boolean_member (json, "spam", self->spam);
  json_object_set_string_member (json, "mailState", mail_states[self->mail_state]);
  json_object_set_string_member (json, "mailError", self->mail_error);
  json_object_set_boolean_member (json, "mailGivenUp", self->given_up);
  json_object_set_array_member (json, "why", strings_to_json (self->reasons));
  json_object_set_array_member (json, "clues", strings_to_json (self->clues));

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(PorchField) field = g_list_model_get_item (fields, i);
      const char * const *values = porch_field_get_values (field);

      if (porch_field_is_list (field))
        {
          json_object_set_array_member (sent, porch_field_get_name (field), strings_to_json ((GStrv) values));
        }
      else
        {
          json_object_set_string_member (sent, porch_field_get_name (field), porch_field_get_value (field));
        }
    }

  json_object_set_object_member (json, "fields", sent);

  return json;
}
