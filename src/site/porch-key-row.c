/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account.h"
#include "porch-error.h"

#include "aws-credentials.h"

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <string.h>

/* More rows than an account can have users are no file of keys */
#define MAX_ROWS 5000

/**
 * PorchKeyRow:
 *
 * A pair of keys from a file or from the clipboard, and whose it is, if that is written there.
 */
struct _PorchKeyRow
{
  GObject  parent_instance;

  char    *user;
  char    *key_id;
  char    *secret;
};

G_DEFINE_FINAL_TYPE (PorchKeyRow, porch_key_row, G_TYPE_OBJECT)

enum
{
  PROP_USER = 1,
  PROP_KEY_ID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_key_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchKeyRow *self = PORCH_KEY_ROW (object);

  switch (prop_id)
    {
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_KEY_ID:
      g_value_set_string (value, self->key_id);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_key_row_finalize (GObject *object)
{
  PorchKeyRow *self = PORCH_KEY_ROW (object);

  if (self->secret != NULL)
    OPENSSL_cleanse (self->secret, strlen (self->secret));

  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->key_id, g_free);
  g_clear_pointer (&self->secret, g_free);

  G_OBJECT_CLASS (porch_key_row_parent_class)->finalize (object);
}

static void
porch_key_row_class_init (PorchKeyRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_key_row_get_property;
  object_class->finalize = porch_key_row_finalize;

  properties[PROP_USER] = g_param_spec_string ("user", NULL, NULL, NULL, flags);
  properties[PROP_KEY_ID] = g_param_spec_string ("key-id", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_key_row_init (PorchKeyRow *self)
{
}

/**
 * porch_key_row_get_user:
 * @self: a pair of keys
 *
 * Returns: (transfer none) (nullable): whose it is
 */
const char *
porch_key_row_get_user (PorchKeyRow *self)
{
  g_return_val_if_fail (PORCH_IS_KEY_ROW (self), NULL);

  return self->user;
}

/**
 * porch_key_row_get_key_id:
 * @self: a pair of keys
 *
 * Returns: (transfer none): the public half
 */
const char *
porch_key_row_get_key_id (PorchKeyRow *self)
{
  g_return_val_if_fail (PORCH_IS_KEY_ROW (self), NULL);

  return self->key_id;
}

/**
 * porch_key_row_get_secret:
 * @self: a pair of keys
 *
 * Returns: (transfer none): the secret half; never to be shown
 */
const char *
porch_key_row_get_secret (PorchKeyRow *self)
{
  g_return_val_if_fail (PORCH_IS_KEY_ROW (self), NULL);

  return self->secret;
}

/* Adds a pair if it can be one; else says why not */
static gboolean
add_row (GListStore  *rows,
         const char  *user,
         const char  *key_id,
         const char  *secret,
         GError     **error)
{
  g_autoptr(PorchKeyRow) row = NULL;

  if (!porch_account_check_key_id (key_id, error) || !porch_account_check_secret (secret, error))
    return FALSE;

  row = g_object_new (PORCH_TYPE_KEY_ROW, NULL);
  row->user = user != NULL && *user != '\0' ? g_strdup (user) : NULL;
  row->key_id = g_strdup (key_id);
  row->secret = g_strdup (secret);
  g_list_store_append (rows, row);

  return TRUE;
}

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_KEYS, message);

  return FALSE;
}

/* The cells of a line. They may be in quotes, where two stand for one. */
static GStrv
split_row (const char *line,
           char        separator)
{
  g_autoptr(GStrvBuilder) cells = g_strv_builder_new ();
  g_autoptr(GString) cell = g_string_new (NULL);
  gboolean is_quoted = FALSE;

  for (const char *at = line; *at != '\0'; at++)
    {
      if (*at == '"' && is_quoted && at[1] == '"')
        g_string_append_c (cell, *at++);
      else if (*at == '"')
        is_quoted = !is_quoted;
      else if (*at == separator && !is_quoted)
        {
          g_strv_builder_add (cells, g_strstrip (cell->str));
          g_string_truncate (cell, 0);
        }
      else
        g_string_append_c (cell, *at);
    }

  g_strv_builder_add (cells, g_strstrip (cell->str));

  return g_strv_builder_end (cells);
}

/* “Access key ID”, “AccessKeyId” and “access_key_id” are one name */
static int
find_column (GStrv       header,
             const char *name)
{
  for (guint i = 0; header[i] != NULL; i++)
    {
      g_autoptr(GString) letters = g_string_new (NULL);

      for (const char *at = header[i]; *at != '\0'; at++)
        if (g_ascii_isalnum (*at))
          g_string_append_c (letters, g_ascii_tolower (*at));

      if (g_str_equal (letters->str, name))
        return i;
    }

  return -1;
}

static char *
dup_cell (GStrv cells,
          int   column)
{
  return column >= 0 && column < (int) g_strv_length (cells) ? aws_credentials_clean_text (cells[column]) : NULL;
}

static gboolean
parse_csv_row (GListStore  *rows,
               GStrv        header,
               const char  *line,
               char         separator,
               GError     **error)
{
  g_auto(GStrv) cells = split_row (line, separator);
  g_autofree char *key_id = dup_cell (cells, find_column (header, "accesskeyid"));
  g_autofree char *secret = dup_cell (cells, find_column (header, "secretaccesskey"));
  int user = find_column (header, "username");

  if (key_id == NULL || secret == NULL)
    return fail (error, _("The line with the keys is cut off."));

  return add_row (rows, user >= 0 && user < (int) g_strv_length (cells) ? cells[user] : NULL, key_id, secret, error);
}

static gboolean
parse_csv (GListStore  *rows,
           GStrv        lines,
           char         separator,
           GError     **error)
{
  g_auto(GStrv) header = split_row (lines[0], separator);
  g_autoptr(GError) first_error = NULL;
  gboolean has_keys = find_column (header, "accesskeyid") >= 0 && find_column (header, "secretaccesskey") >= 0;

  if (!has_keys && find_column (header, "password") >= 0)
    return fail (error, _("This file has the password for the browser, not the keys. The right one is usually called “…_accessKeys.csv”."));

  if (!has_keys)
    return fail (error, _("This file is not one with keys: it has no columns “Access key ID” and “Secret access key”."));

  if (lines[1] == NULL)
    return fail (error, _("There are no keys in this text."));

  /* Users without keys leave their cells empty */
  for (guint i = 1; lines[i] != NULL && i <= MAX_ROWS; i++)
    parse_csv_row (rows, header, lines[i], separator, first_error == NULL ? &first_error : NULL);

  if (g_list_model_get_n_items (G_LIST_MODEL (rows)) > 0)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&first_error));

  return FALSE;
}

/* Name=value, name: value, or the bare values one after another */
static gboolean
parse_lines (GListStore  *rows,
             GStrv        lines,
             GError     **error)
{
  g_autofree char *key_id = NULL;
  g_autofree char *secret = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *separator = strpbrk (lines[i], "=:\t");
      g_autofree char *value = aws_credentials_clean_text (separator != NULL && separator[1] != '\0' ? separator + 1 : lines[i]);

      if (key_id == NULL && porch_account_check_key_id (value, NULL) && strlen (value) < 40)
        key_id = g_steal_pointer (&value);
      else if (secret == NULL && porch_account_check_secret (value, NULL))
        secret = g_steal_pointer (&value);
    }

  if (key_id == NULL || secret == NULL)
    return fail (error, _("There are no keys in this text."));

  return add_row (rows, NULL, key_id, secret, error);
}

static GStrv
split_lines (const char *text)
{
  g_auto(GStrv) lines = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    text += 3;

  lines = g_strsplit_set (text, "\r\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_strv_builder_add (builder, lines[i]);

  return g_strv_builder_end (builder);
}

/**
 * porch_account_list_keys:
 * @text: a file that the console offers, or keys as they were copied
 * @error: return location
 *
 * Finds the keys in a text: in the files that the console offers and offered, those of other tools with the same columns,
 * and what is pasted by hand.
 *
 * Returns: (transfer full): a list of [class@Porch.KeyRow] with at least one of them, or %NULL with %PORCH_ERROR_KEYS
 */
GListModel *
porch_account_list_keys (const char  *text,
                         GError     **error)
{
  g_autoptr(GListStore) rows = NULL;
  g_auto(GStrv) lines = NULL;
  gboolean found;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    {
      fail (error, _("This is not a text file."));
      return NULL;
    }

  lines = split_lines (text);

  if (lines[0] == NULL)
    {
      fail (error, _("There is nothing in it."));
      return NULL;
    }

  rows = g_list_store_new (PORCH_TYPE_KEY_ROW);

  if (strchr (lines[0], ',') != NULL)
    found = parse_csv (rows, lines, ',', error);
  else if (strchr (lines[0], ';') != NULL)
    found = parse_csv (rows, lines, ';', error);
  else
    found = parse_lines (rows, lines, error);

  return found ? G_LIST_MODEL (g_steal_pointer (&rows)) : NULL;
}

/**
 * porch_account_parse_keys:
 * @text: a file that the console offers, or keys as they were copied
 * @key_id: (out): the access key id
 * @secret: (out): the secret access key
 * @error: return location
 *
 * Finds the first pair of keys in a text, see [func@porch_account_list_keys].
 *
 * Returns: %TRUE if both keys were found; else %FALSE with %PORCH_ERROR_KEYS
 */
gboolean
porch_account_parse_keys (const char  *text,
                          char       **key_id,
                          char       **secret,
                          GError     **error)
{
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(PorchKeyRow) row = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (key_id != NULL && secret != NULL, FALSE);

  if ((rows = porch_account_list_keys (text, error)) == NULL)
    return FALSE;

  row = g_list_model_get_item (rows, 0);
  *key_id = g_strdup (row->key_id);
  *secret = g_strdup (row->secret);

  return TRUE;
}
