/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form.h"
#include "porch-error.h"
#include "porch-plan.h"

#include "aws-cloudformation.h"
#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What the parameters of the site's resources take, see data/stacks/site.json */
#define PATH_PATTERN   "^(?!/_porchlight/visits$)(/[A-Za-z0-9_-]{1,60}){1,4}$"
#define THANKS_PATTERN "^/(?!/)[A-Za-z0-9._~%/-]{0,200}$"
#define MAX_OWNERS     1000

/**
 * PorchForm:
 *
 * How a site takes messages from its visitors. Never changes.
 */
struct _PorchForm
{
  GStrv           mails;
  char           *path;
  char           *sender;     /* NULL: the first of the mails */
  char           *thanks;     /* NULL: the built-in page */
  PorchSpamLevel  spam_level;
  guint           days;
  gboolean        is_enabled;
};

static const char * const levels[] = { "off", "low", "normal", "high" };

G_DEFINE_BOXED_TYPE (PorchForm, porch_form, porch_form_ref, porch_form_unref)

/**
 * porch_spam_level_to_string:
 * @level: a level
 *
 * Returns: (transfer none): `off`, `low`, `normal` or `high`
 */
const char *
porch_spam_level_to_string (PorchSpamLevel level)
{
  g_return_val_if_fail (level < G_N_ELEMENTS (levels), "normal");

  return levels[level];
}

/**
 * porch_spam_level_from_string:
 * @text: (nullable): what [func@Porch.spam_level_to_string] made
 *
 * Returns: the level; the normal one for anything else
 */
PorchSpamLevel
porch_spam_level_from_string (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_strcmp0 (text, levels[i]) == 0)
      return i;

  return PORCH_SPAM_NORMAL;
}

/**
 * porch_form_new:
 *
 * Returns: (transfer full): a form that is off, and otherwise as suits most sites
 */
PorchForm *
porch_form_new (void)
{
  PorchForm *self = g_atomic_rc_box_new0 (PorchForm);

  self->mails = g_new0 (char *, 1);
  self->path = g_strdup (PORCH_FORM_DEFAULT_PATH);
  self->spam_level = PORCH_SPAM_NORMAL;

  return self;
}

/**
 * porch_form_ref:
 * @self: a form
 *
 * Returns: (transfer full): the same
 */
PorchForm *
porch_form_ref (PorchForm *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_form (gpointer data)
{
  PorchForm *self = data;

  g_strfreev (self->mails);
  g_free (self->path);
  g_free (self->sender);
  g_free (self->thanks);
}

/**
 * porch_form_unref:
 * @self: (transfer full): a form
 *
 * Lets go of it.
 */
void
porch_form_unref (PorchForm *self)
{
  g_atomic_rc_box_release_full (self, clear_form);
}

static PorchForm *
copy (const PorchForm *self)
{
  PorchForm *new = g_atomic_rc_box_new0 (PorchForm);

  new->mails = g_strdupv (self->mails);
  new->path = g_strdup (self->path);
  new->sender = g_strdup (self->sender);
  new->thanks = g_strdup (self->thanks);
  new->spam_level = self->spam_level;
  new->days = self->days;
  new->is_enabled = self->is_enabled;

  return new;
}

/* Without spaces around and without empty or repeated ones */
static GStrv
split_mails (const char *text)
{
  g_auto(GStrv) parts = g_strsplit_set (text != NULL ? text : "", ",;\n", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0' && g_hash_table_add (seen, parts[i]))
      g_strv_builder_add (builder, parts[i]);

  return g_strv_builder_end (builder);
}

static char *
dup_text (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/**
 * porch_form_new_from_json:
 * @object: (nullable): what [method@Porch.Form.to_json] made
 *
 * Reads a form. What is missing is as it always is.
 *
 * Returns: (transfer full): the form
 */
PorchForm *
porch_form_new_from_json (JsonObject *object)
{
  PorchForm *self = porch_form_new ();

  if (object == NULL)
    return self;

  self->is_enabled = aws_json_get_bool (object, "enabled");
  g_strfreev (self->mails);
  self->mails = split_mails (aws_json_get_string (object, "mailTo"));
  self->sender = dup_text (aws_json_get_string (object, "sender"));
  self->thanks = dup_text (aws_json_get_string (object, "thanks"));
  self->spam_level = porch_spam_level_from_string (aws_json_get_string (object, "spamLevel"));
  self->days = CLAMP (aws_json_get_int (object, "days", 0), 0, PORCH_FORM_MAX_DAYS);

  if (aws_json_get_string (object, "path") != NULL)
    g_set_str (&self->path, aws_json_get_string (object, "path"));

  return self;
}

/**
 * porch_form_to_json:
 * @self: a form
 *
 * Returns: (transfer full): the form, to be kept
 */
JsonObject *
porch_form_to_json (const PorchForm *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *mail_to = porch_form_dup_mail_to (self);

  json_object_set_boolean_member (object, "enabled", self->is_enabled);
  json_object_set_string_member (object, "path", self->path);
  json_object_set_string_member (object, "mailTo", mail_to);
  json_object_set_string_member (object, "spamLevel", porch_spam_level_to_string (self->spam_level));
  json_object_set_int_member (object, "days", self->days);

  if (self->sender != NULL)
    json_object_set_string_member (object, "sender", self->sender);
  if (self->thanks != NULL)
    json_object_set_string_member (object, "thanks", self->thanks);

  return object;
}

/**
 * porch_form_equal:
 * @a: a form
 * @b: another
 *
 * Returns: whether both are set alike
 */
gboolean
porch_form_equal (const PorchForm *a,
                  const PorchForm *b)
{
  return a == b ||
         (a->is_enabled == b->is_enabled && a->days == b->days && a->spam_level == b->spam_level &&
          g_strv_equal ((const char * const *) a->mails, (const char * const *) b->mails) &&
          g_str_equal (a->path, b->path) && g_strcmp0 (a->sender, b->sender) == 0 &&
          g_strcmp0 (a->thanks, b->thanks) == 0);
}

/**
 * porch_form_get_enabled:
 * @self: a form
 *
 * Returns: whether visitors can write
 */
gboolean
porch_form_get_enabled (const PorchForm *self)
{
  return self->is_enabled;
}

/**
 * porch_form_get_path:
 * @self: a form
 *
 * Returns: (transfer none): where on the site it is sent to, with a slash before it
 */
const char *
porch_form_get_path (const PorchForm *self)
{
  return self->path;
}

/**
 * porch_form_get_mails:
 * @self: a form
 *
 * Returns: (transfer none) (array zero-terminated=1): who is told about messages
 */
const char * const *
porch_form_get_mails (const PorchForm *self)
{
  return (const char * const *) self->mails;
}

/**
 * porch_form_dup_mail_to:
 * @self: a form
 *
 * Returns: (transfer full): who is told about messages, with commas between, "" for nobody
 */
char *
porch_form_dup_mail_to (const PorchForm *self)
{
  return g_strjoinv (", ", self->mails);
}

/**
 * porch_form_get_sender:
 * @self: a form
 *
 * Returns: (transfer none) (nullable): where its mails come from: the first of those that get them, unless another was
 *   set
 */
const char *
porch_form_get_sender (const PorchForm *self)
{
  return self->sender != NULL ? self->sender : self->mails[0];
}

/**
 * porch_form_get_thanks:
 * @self: a form
 *
 * Returns: (transfer none) (nullable): the page of the site that visitors see afterwards, with a slash before it; %NULL
 *   for the built-in one
 */
const char *
porch_form_get_thanks (const PorchForm *self)
{
  return self->thanks;
}

/**
 * porch_form_get_spam_level:
 * @self: a form
 *
 * Returns: how soon a message is marked as spam
 */
PorchSpamLevel
porch_form_get_spam_level (const PorchForm *self)
{
  return self->spam_level;
}

/**
 * porch_form_get_days:
 * @self: a form
 *
 * Returns: after how many days a message is deleted by itself; 0 for never
 */
guint
porch_form_get_days (const PorchForm *self)
{
  return self->days;
}

/**
 * porch_form_with_enabled:
 * @self: a form
 * @enabled: whether visitors can write
 *
 * Returns: (transfer full): the same form, on or off
 */
PorchForm *
porch_form_with_enabled (const PorchForm *self,
                         gboolean         enabled)
{
  PorchForm *new = copy (self);

  new->is_enabled = !!enabled;

  return new;
}

/**
 * porch_form_with_path:
 * @self: a form
 * @path: where on the site it is sent to
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the same form at another path; %NULL with %PORCH_ERROR_FORM_PATH if it can't be one
 */
PorchForm *
porch_form_with_path (const PorchForm  *self,
                      const char       *path,
                      GError          **error)
{
  PorchForm *new;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_regex_match_simple (PATH_PATTERN, path, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_FORM_PATH,
                   _("“%s” is not a path of letters, digits, dashes and underscores, such as /contact."), path);
      return NULL;
    }

  new = copy (self);
  g_set_str (&new->path, path);

  return new;
}

/**
 * porch_form_with_mails:
 * @self: a form
 * @mails: mail addresses, with commas between
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the same form with others who are told about messages; %NULL with
 *   %PORCH_ERROR_MAIL if mail can't be sent there
 */
PorchForm *
porch_form_with_mails (const PorchForm  *self,
                       const char       *mails,
                       GError          **error)
{
  g_auto(GStrv) parts = split_mails (mails);
  g_autofree char *joined = g_strjoinv (",", parts);
  PorchForm *new;

  if (!porch_plan_check_mail (joined, error))
    return NULL;

  if (strlen (joined) > MAX_OWNERS)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_MAIL, _("These are too many addresses."));
      return NULL;
    }

  new = copy (self);
  g_strfreev (new->mails);
  new->mails = g_steal_pointer (&parts);

  return new;
}

/**
 * porch_form_with_sender:
 * @self: a form
 * @sender: (nullable): where mails come from, %NULL for the first address that gets them
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the same form with another sender; %NULL with %PORCH_ERROR_MAIL if that is none
 */
PorchForm *
porch_form_with_sender (const PorchForm  *self,
                        const char       *sender,
                        GError          **error)
{
  PorchForm *new;

  if (sender != NULL && strchr (sender, ',') != NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_MAIL, _("“%s” is not a mail address."), sender);
      return NULL;
    }

  if (sender != NULL && !porch_plan_check_mail (sender, error))
    return NULL;

  new = copy (self);
  g_set_str (&new->sender, sender);

  return new;
}

/**
 * porch_form_with_thanks:
 * @self: a form
 * @thanks: (nullable): a page of the site such as `/thanks/`, %NULL for the built-in one
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the same form with another page that is shown afterwards; %NULL with
 *   %PORCH_ERROR_FORM_PATH if it can't be one
 */
PorchForm *
porch_form_with_thanks (const PorchForm  *self,
                        const char       *thanks,
                        GError          **error)
{
  g_autofree char *escaped = NULL;
  PorchForm *new;

  if (thanks != NULL && *thanks != '\0')
    {
      escaped = g_uri_escape_string (thanks, "/%", FALSE);

      if (strpbrk (thanks, "\\?#") != NULL ||
          !g_regex_match_simple (THANKS_PATTERN, escaped, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
        {
          g_set_error (error, PORCH_ERROR, PORCH_ERROR_FORM_PATH, _("“%s” is not a page of the site, such as /thanks.html."), thanks);
          return NULL;
        }
    }

  new = copy (self);
  g_set_str (&new->thanks, escaped);

  return new;
}

/**
 * porch_form_with_spam_level:
 * @self: a form
 * @level: how soon a message is marked as spam
 *
 * Returns: (transfer full): the same form with another level
 */
PorchForm *
porch_form_with_spam_level (const PorchForm *self,
                            PorchSpamLevel   level)
{
  PorchForm *new = copy (self);

  g_return_val_if_fail (level < G_N_ELEMENTS (levels), new);

  new->spam_level = level;

  return new;
}

/**
 * porch_form_with_days:
 * @self: a form
 * @days: after how many days a message is deleted by itself, at most %PORCH_FORM_MAX_DAYS; 0 for never
 *
 * Returns: (transfer full): the same form; holds for messages that come from then on
 */
PorchForm *
porch_form_with_days (const PorchForm *self,
                      guint            days)
{
  PorchForm *new = copy (self);

  new->days = MIN (days, PORCH_FORM_MAX_DAYS);

  return new;
}

/**
 * porch_form_new_from_stack:
 * @stack: what the cloud says about the site's resources
 *
 * Returns: (transfer full): the form as the resources have it
 */
PorchForm *
porch_form_new_from_stack (AwsStack *stack)
{
  PorchForm *self = porch_form_new ();
  const char *path = aws_stack_get_parameter (stack, "FormPath");
  const char *days = aws_stack_get_parameter (stack, "MessageDays");
  const char *sender = aws_stack_get_parameter (stack, "Sender");

  self->is_enabled = g_strcmp0 (aws_stack_get_parameter (stack, "FormEnabled"), "true") == 0;
  g_strfreev (self->mails);
  self->mails = split_mails (aws_stack_get_parameter (stack, "Owner"));
  self->sender = g_strcmp0 (sender, self->mails[0]) != 0 ? dup_text (sender) : NULL;
  self->thanks = dup_text (aws_stack_get_parameter (stack, "ThanksPath"));
  self->spam_level = porch_spam_level_from_string (aws_stack_get_parameter (stack, "SpamLevel"));
  self->days = days != NULL ? MIN (g_ascii_strtoull (days, NULL, 10), PORCH_FORM_MAX_DAYS) : 0;

  if (path != NULL && *path != '\0')
    g_set_str (&self->path, path);

  return self;
}

/**
 * porch_form_build_parameters:
 * @self: a form
 *
 * Returns: (transfer full): the parameters of the site's resources that make it so
 */
JsonObject *
porch_form_build_parameters (const PorchForm *self)
{
  JsonObject *parameters = json_object_new ();
  g_autofree char *owner = g_strjoinv (",", self->mails);
  g_autofree char *days = g_strdup_printf ("%u", self->days);
  const char *sender = porch_form_get_sender (self);

  json_object_set_string_member (parameters, "FormEnabled", self->is_enabled ? "true" : "false");
  json_object_set_string_member (parameters, "FormPath", self->path);
  json_object_set_string_member (parameters, "ThanksPath", self->thanks != NULL ? self->thanks : "");
  json_object_set_string_member (parameters, "Owner", owner);
  json_object_set_string_member (parameters, "Sender", sender != NULL ? sender : "");
  json_object_set_string_member (parameters, "SpamLevel", porch_spam_level_to_string (self->spam_level));
  json_object_set_string_member (parameters, "MessageDays", days);

  return parameters;
}

/**
 * porch_form_check:
 * @self: a form
 * @error: return location
 *
 * Returns: whether it can work: one that is on needs somebody who is told; else %FALSE with %PORCH_ERROR_MAIL
 */
gboolean
porch_form_check (const PorchForm  *self,
                  GError          **error)
{
  if (!self->is_enabled || self->mails[0] != NULL)
    return TRUE;

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_MAIL, _("A mail address is missing."));

  return FALSE;
}
