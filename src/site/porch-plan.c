/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-plan.h"
#include "porch-area.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-template.h"
#include "porch-thread.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAME 60
#define MAX_SLUG 32

/**
 * PorchPlan:
 *
 * What the person chose for a new site. Nothing happens until it is given to [method@Porch.Engine.create_site].
 */
struct _PorchPlan
{
  GObject       parent_instance;

  PorchAccount *account;
  GFile        *folder;
  GFile        *source;
  char         *name;
  char         *template;
  char         *mail_to;
  char         *region;
  char         *area;
  gboolean      with_form;
};

G_DEFINE_FINAL_TYPE (PorchPlan, porch_plan, G_TYPE_OBJECT)

enum
{
  PROP_ACCOUNT = 1,
  PROP_NAME,
  PROP_TEMPLATE,
  PROP_FOLDER,
  PROP_WITH_FORM,
  PROP_MAIL_TO,
  PROP_REGION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_plan_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  PorchPlan *self = PORCH_PLAN (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_TEMPLATE:
      g_value_set_string (value, self->template);
      break;
    case PROP_FOLDER:
      g_value_set_object (value, self->folder);
      break;
    case PROP_WITH_FORM:
      g_value_set_boolean (value, self->with_form);
      break;
    case PROP_MAIL_TO:
      g_value_set_string (value, self->mail_to);
      break;
    case PROP_REGION:
      g_value_set_string (value, porch_plan_get_region (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_plan_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  PorchPlan *self = PORCH_PLAN (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      porch_plan_set_account (self, g_value_get_object (value));
      break;
    case PROP_NAME:
      porch_plan_set_name (self, g_value_get_string (value));
      break;
    case PROP_TEMPLATE:
      porch_plan_set_template (self, g_value_get_string (value));
      break;
    case PROP_FOLDER:
      porch_plan_set_folder (self, g_value_get_object (value));
      break;
    case PROP_WITH_FORM:
      porch_plan_set_with_form (self, g_value_get_boolean (value));
      break;
    case PROP_MAIL_TO:
      porch_plan_set_mail_to (self, g_value_get_string (value));
      break;
    case PROP_REGION:
      porch_plan_set_region (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_plan_finalize (GObject *object)
{
  PorchPlan *self = PORCH_PLAN (object);

  g_clear_object (&self->account);
  g_clear_object (&self->folder);
  g_clear_object (&self->source);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->template, g_free);
  g_clear_pointer (&self->mail_to, g_free);
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->area, g_free);

  G_OBJECT_CLASS (porch_plan_parent_class)->finalize (object);
}

static void
porch_plan_class_init (PorchPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = porch_plan_get_property;
  object_class->set_property = porch_plan_set_property;
  object_class->finalize = porch_plan_finalize;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TEMPLATE] = g_param_spec_string ("template", NULL, NULL, NULL, flags);
  properties[PROP_FOLDER] = g_param_spec_object ("folder", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_WITH_FORM] = g_param_spec_boolean ("with-form", NULL, NULL, FALSE, flags);
  properties[PROP_MAIL_TO] = g_param_spec_string ("mail-to", NULL, NULL, NULL, flags);
  properties[PROP_REGION] = g_param_spec_string ("region", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_plan_init (PorchPlan *self)
{
}

/**
 * porch_plan_new:
 * @account: (nullable): where the site will live
 *
 * Returns: (transfer full): an empty plan
 */
PorchPlan *
porch_plan_new (PorchAccount *account)
{
  return g_object_new (PORCH_TYPE_PLAN, "account", account, NULL);
}

/**
 * porch_plan_get_account:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): where the site will live
 */
PorchAccount *
porch_plan_get_account (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  return self->account;
}

/**
 * porch_plan_set_account:
 * @self: a plan
 * @account: (nullable): where the site will live
 *
 * Sets the account.
 */
void
porch_plan_set_account (PorchPlan    *self,
                        PorchAccount *account)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  if (g_set_object (&self->account, account))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
}

/**
 * porch_plan_get_name:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the name of the site
 */
const char *
porch_plan_get_name (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  return self->name;
}

/**
 * porch_plan_set_name:
 * @self: a plan
 * @name: (nullable): the name of the site
 *
 * Sets the name.
 */
void
porch_plan_set_name (PorchPlan  *self,
                     const char *name)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  if (g_set_str (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * porch_plan_get_template:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the id of the template to start from
 */
const char *
porch_plan_get_template (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  return self->template;
}

/**
 * porch_plan_set_template:
 * @self: a plan
 * @id: (nullable): the id of the template to start from
 *
 * Sets the template. If there is a folder too, the folder wins; with neither the site starts empty.
 */
void
porch_plan_set_template (PorchPlan  *self,
                         const char *id)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  if (g_set_str (&self->template, id))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEMPLATE]);
}

/**
 * porch_plan_get_folder:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the folder to start from
 */
GFile *
porch_plan_get_folder (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  return self->folder;
}

/**
 * porch_plan_set_folder:
 * @self: a plan
 * @folder: (nullable): the folder to start from
 *
 * Sets the folder.
 */
void
porch_plan_set_folder (PorchPlan *self,
                       GFile     *folder)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  if (g_set_object (&self->folder, folder))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDER]);
}

/**
 * porch_plan_get_source:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): what the person chose, if it is not the folder itself
 */
GFile *
porch_plan_get_source (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  return self->source;
}

/**
 * porch_plan_set_source:
 * @self: a plan
 * @source: (nullable): what the person chose: an archive that the folder was unpacked from, or the project that made it
 *
 * Lets the site remember an archive or a project instead of the folder in it, for the next time.
 */
void
porch_plan_set_source (PorchPlan *self,
                       GFile     *source)
{
  g_return_if_fail (PORCH_IS_PLAN (self));
  g_return_if_fail (source == NULL || G_IS_FILE (source));

  g_set_object (&self->source, source);
}

/**
 * porch_plan_get_with_form:
 * @self: a plan
 *
 * Returns: whether the site gets a contact form
 */
gboolean
porch_plan_get_with_form (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), FALSE);

  return self->with_form;
}

/**
 * porch_plan_set_with_form:
 * @self: a plan
 * @with_form: whether the site gets a contact form
 *
 * Sets whether there is a contact form.
 */
void
porch_plan_set_with_form (PorchPlan *self,
                          gboolean   with_form)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  if (self->with_form == !!with_form)
    return;

  self->with_form = !!with_form;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WITH_FORM]);
}

/**
 * porch_plan_get_mail_to:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the mail address that is told about messages
 */
const char *
porch_plan_get_mail_to (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  return self->mail_to;
}

/**
 * porch_plan_set_mail_to:
 * @self: a plan
 * @mail_to: (nullable): the mail address that is told about messages
 *
 * Sets the mail address. Without one, messages are kept and not mailed.
 */
void
porch_plan_set_mail_to (PorchPlan  *self,
                        const char *mail_to)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  if (g_set_str (&self->mail_to, mail_to))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAIL_TO]);
}

/**
 * porch_plan_get_region:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the region; that of the account if none was chosen
 */
const char *
porch_plan_get_region (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  if (self->region != NULL)
    return self->region;

  return self->account != NULL ? porch_account_get_region (self->account) : NULL;
}

/**
 * porch_plan_set_region:
 * @self: a plan
 * @region: (nullable): the region
 *
 * Sets the region.
 */
void
porch_plan_set_region (PorchPlan  *self,
                       const char *region)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  if (g_set_str (&self->region, region))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REGION]);
}

/**
 * porch_plan_get_area:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): where most visitors are, see porch_area_find(); where the region is, if nothing was
 *   chosen
 */
const char *
porch_plan_get_area (PorchPlan *self)
{
  g_return_val_if_fail (PORCH_IS_PLAN (self), NULL);

  return self->area != NULL ? self->area : porch_area_find_of_region (porch_plan_get_region (self))->id;
}

/**
 * porch_plan_set_area:
 * @self: a plan
 * @area: (nullable): where most visitors are
 *
 * Sets the part of the world to which the site is delivered best.
 */
void
porch_plan_set_area (PorchPlan  *self,
                     const char *area)
{
  g_return_if_fail (PORCH_IS_PLAN (self));

  g_set_str (&self->area, area);
}

/**
 * porch_plan_check_name:
 * @name: (nullable): a name
 * @error: return location
 *
 * Returns: whether a site can be called so; else %FALSE with %PORCH_ERROR_NAME
 */
gboolean
porch_plan_check_name (const char  *name,
                       GError     **error)
{
  g_autofree char *clean = name != NULL ? g_strstrip (g_strdup (name)) : NULL;

  if (clean == NULL || *clean == '\0')
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NAME, _("The site needs a name."));
  else if (!g_utf8_validate (clean, -1, NULL))
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NAME, _("The name has signs that can’t be read."));
  else if (g_utf8_strlen (clean, -1) > MAX_NAME)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NAME,
                 _("The name is longer than %d characters."), MAX_NAME);
  else if (g_regex_match_simple ("[\\x00-\\x1f\\x7f]", clean, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NAME, _("A name is one line of text."));
  else
    return TRUE;

  return FALSE;
}

static gboolean
is_mail (const char *mail)
{
  return strlen (mail) <= 254 &&
         g_regex_match_simple ("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                               "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$",
                               mail, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/**
 * porch_plan_check_mail:
 * @mail: (nullable): one mail address, or several separated by commas
 * @error: return location
 *
 * Returns: whether mail can be sent there; else %FALSE with %PORCH_ERROR_MAIL
 */
gboolean
porch_plan_check_mail (const char  *mail,
                       GError     **error)
{
  g_auto(GStrv) parts = g_strsplit (mail != NULL ? mail : "", ",", -1);

  if (g_strv_length (parts) > 10)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_MAIL, _("There can be ten addresses at most."));
      return FALSE;
    }

  for (guint i = 0; parts[i] != NULL; i++)
    if (!is_mail (g_strstrip (parts[i])))
      {
        if (*parts[i] == '\0')
          g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_MAIL, _("A mail address is missing."));
        else
          g_set_error (error, PORCH_ERROR, PORCH_ERROR_MAIL, _("“%s” is not a mail address."), parts[i]);
        return FALSE;
      }

  if (parts[0] == NULL)
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_MAIL, _("A mail address is missing."));

  return parts[0] != NULL;
}

static gboolean
check_folder (gpointer   data,
              GError   **error)
{
  GFile *folder = data;
  g_autofree char *name = g_file_get_parse_name (folder);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GFileInfo) info = NULL;
  g_autoptr(GFileEnumerator) children = NULL;
  g_autoptr(GFileInfo) child = NULL;

  info = g_file_query_info (folder, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, NULL, &local_error);

  if (info != NULL && g_file_info_get_file_type (info) != G_FILE_TYPE_DIRECTORY)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE, _("“%s” is not a folder."), name);
  else if (info == NULL && g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE, _("There is no folder “%s”."), name);
  else if (info == NULL ||
           (children = g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NONE,
                                                  NULL, &local_error)) == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE, _("“%s” can’t be read (%s)."),
                 name, local_error->message);
  else if ((child = g_file_enumerator_next_file (children, NULL, NULL)) == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_EMPTY, _("“%s” is empty."), name);
  else
    return TRUE;

  return FALSE;
}

/**
 * porch_plan_check_folder:
 * @folder: a folder
 *
 * A first look: whether it is there and can be read. What is in it is looked at by [class@Porch.Folder].
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_FOLDER_UNREADABLE or
 *   %PORCH_ERROR_FOLDER_EMPTY
 */
DexFuture *
porch_plan_check_folder (GFile *folder)
{
  dex_return_error_if_fail (G_IS_FILE (folder));

  return porch_thread_run (check_folder, g_object_ref (folder), g_object_unref);
}

static gboolean
check_choices (PorchPlan  *self,
               GError    **error)
{
  g_autoptr(PorchTemplate) template = self->template != NULL ? porch_template_find (self->template) : NULL;

  if (self->account == NULL)
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no account to make the site in."));
  else if (self->folder == NULL && self->template != NULL && template == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no template “%s”."), self->template);
  else
    return porch_plan_check_name (self->name, error) &&
           porch_account_check_region (porch_plan_get_region (self), error) &&
           (!self->with_form || self->mail_to == NULL || *self->mail_to == '\0' ||
            porch_plan_check_mail (self->mail_to, error));

  return FALSE;
}

static DexFuture *
check_fiber (gpointer user_data)
{
  PorchPlan *self = user_data;
  g_autoptr(GError) error = NULL;

  if (!check_choices (self, &error) ||
      (self->folder != NULL && !dex_await (porch_plan_check_folder (self->folder), &error)) ||
      !dex_await (porch_account_check (self->account), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * porch_plan_check:
 * @self: a plan
 *
 * Checks everything that can be checked before something is made, the account included.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with what has to be changed
 */
DexFuture *
porch_plan_check (PorchPlan *self)
{
  dex_return_error_if_fail (PORCH_IS_PLAN (self));

  return porch_fiber_spawn (check_fiber, g_object_ref (self), g_object_unref, NULL);
}

/**
 * porch_plan_dup_slug:
 * @name: (nullable): the name of a site
 *
 * Returns: (transfer full): the name in small letters, digits and dashes, as it appears in addresses
 */
char *
porch_plan_dup_slug (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name != NULL ? name : "", NULL);
  g_autoptr(GString) slug = g_string_new (NULL);

  for (const char *letter = ascii; *letter != '\0' && slug->len < MAX_SLUG; letter++)
    {
      if (g_ascii_isalnum (*letter))
        g_string_append_c (slug, g_ascii_tolower (*letter));
      else if (slug->len > 0 && slug->str[slug->len - 1] != '-' && *letter != '\'')
        g_string_append_c (slug, '-');
    }

  while (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);

  /* A name in letters without a Latin form leaves nothing */
  if (slug->len == 0)
    g_string_append (slug, "site");

  return g_string_free (g_steal_pointer (&slug), FALSE);
}
