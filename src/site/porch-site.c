/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-site-private.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>

/**
 * PorchSite:
 *
 * A website and all that is known of it. The store keeps it between starts; [method@Porch.Site.refresh] asks the cloud.
 */
G_DEFINE_FINAL_TYPE (PorchSite, porch_site, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchSiteState, porch_site_state,
                    G_DEFINE_ENUM_VALUE (PORCH_SITE_CREATING, "creating"),
                    G_DEFINE_ENUM_VALUE (PORCH_SITE_EMPTY, "empty"),
                    G_DEFINE_ENUM_VALUE (PORCH_SITE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (PORCH_SITE_UNREACHABLE, "unreachable"),
                    G_DEFINE_ENUM_VALUE (PORCH_SITE_DELETING, "deleting"),
                    G_DEFINE_ENUM_VALUE (PORCH_SITE_FAILED, "failed"))

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_SLUG,
  PROP_ACCOUNT,
  PROP_REGION,
  PROP_ADDRESS,
  PROP_FREE_ADDRESS,
  PROP_OWN_ADDRESS,
  PROP_CERTIFICATE,
  PROP_UNCONFIRMED_DOMAIN,
  PROP_STATE,
  PROP_PROBLEM,
  PROP_CREATED,
  PROP_LAST_PUBLISHED,
  PROP_LIVE_RELEASE,
  PROP_UNREAD_COUNT,
  PROP_FORM,
  PROP_FORM_ENABLED,
  PROP_FORM_PATH,
  PROP_MAIL_TO,
  PROP_FOLDER,
  PROP_OPERATION,
  PROP_RELEASES,
  PROP_DRAFTS,
  PROP_KEPT_VERSIONS,
  PROP_SINGLE_PAGE,
  PROP_TREATMENTS,
  PROP_MESSAGES,
  PROP_INBOX,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (PorchSite *self,
        guint      property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
porch_site_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  PorchSite *self = PORCH_SITE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_SLUG:
      g_value_set_string (value, self->slug);
      break;
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_REGION:
      g_value_set_string (value, self->region);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_FREE_ADDRESS:
      g_value_set_string (value, self->free_address);
      break;
    case PROP_OWN_ADDRESS:
      g_value_set_boxed (value, self->own_address);
      break;
    case PROP_CERTIFICATE:
      g_value_set_object (value, self->certificate);
      break;
    case PROP_UNCONFIRMED_DOMAIN:
      g_value_set_string (value, self->unconfirmed);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, self->problem);
      break;
    case PROP_CREATED:
      g_value_set_boxed (value, self->created);
      break;
    case PROP_LAST_PUBLISHED:
      g_value_set_boxed (value, self->published);
      break;
    case PROP_LIVE_RELEASE:
      g_value_set_string (value, self->live);
      break;
    case PROP_UNREAD_COUNT:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_FORM:
      g_value_set_boxed (value, self->form);
      break;
    case PROP_FORM_ENABLED:
      g_value_set_boolean (value, porch_form_get_enabled (self->form));
      break;
    case PROP_FORM_PATH:
      g_value_set_string (value, porch_site_get_form_path (self));
      break;
    case PROP_MAIL_TO:
      g_value_set_string (value, self->mail_to);
      break;
    case PROP_FOLDER:
      g_value_set_object (value, self->folder);
      break;
    case PROP_OPERATION:
      g_value_set_object (value, self->operation);
      break;
    case PROP_RELEASES:
      g_value_set_object (value, self->history);
      break;
    case PROP_DRAFTS:
      g_value_set_object (value, porch_site_get_drafts (self));
      break;
    case PROP_KEPT_VERSIONS:
      g_value_set_uint (value, self->kept_versions);
      break;
    case PROP_SINGLE_PAGE:
      g_value_set_boolean (value, self->single_page);
      break;
    case PROP_TREATMENTS:
      g_value_set_boxed (value, self->treatments);
      break;
    case PROP_MESSAGES:
      g_value_set_object (value, porch_site_get_messages (self));
      break;
    case PROP_INBOX:
      g_value_set_object (value, self->inbox);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_site_dispose (GObject *object)
{
  PorchSite *self = PORCH_SITE (object);

  g_clear_object (&self->doctor);
  g_clear_object (&self->operation);
  g_clear_object (&self->inbox);
  g_clear_object (&self->history);
  g_clear_weak_pointer (&self->engine);

  G_OBJECT_CLASS (porch_site_parent_class)->dispose (object);
}

static void
porch_site_finalize (GObject *object)
{
  PorchSite *self = PORCH_SITE (object);

  g_clear_object (&self->store);
  g_clear_object (&self->account);
  g_clear_object (&self->problem);
  g_clear_object (&self->folder);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->own_address, porch_address_unref);
  g_clear_pointer (&self->last_address, porch_address_unref);
  g_clear_pointer (&self->created, g_date_time_unref);
  g_clear_pointer (&self->published, g_date_time_unref);
  g_clear_pointer (&self->outputs, json_object_unref);
  g_clear_pointer (&self->treatments, porch_treatments_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->slug, g_free);
  g_clear_pointer (&self->region, g_free);
  g_clear_pointer (&self->stack, g_free);
  g_clear_pointer (&self->free_address, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->live, g_free);
  g_clear_pointer (&self->unconfirmed, g_free);
  g_clear_pointer (&self->confirm_until, g_date_time_unref);
  g_clear_pointer (&self->form, porch_form_unref);
  g_clear_pointer (&self->mail_to, g_free);

  G_OBJECT_CLASS (porch_site_parent_class)->finalize (object);
}

static void
porch_site_class_init (PorchSiteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_site_get_property;
  object_class->dispose = porch_site_dispose;
  object_class->finalize = porch_site_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_SLUG] = g_param_spec_string ("slug", NULL, NULL, NULL, flags);
  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT, flags);
  properties[PROP_REGION] = g_param_spec_string ("region", NULL, NULL, NULL, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_FREE_ADDRESS] = g_param_spec_string ("free-address", NULL, NULL, NULL, flags);
  properties[PROP_OWN_ADDRESS] = g_param_spec_boxed ("own-address", NULL, NULL, PORCH_TYPE_ADDRESS, flags);
  properties[PROP_CERTIFICATE] = g_param_spec_object ("certificate", NULL, NULL, PORCH_TYPE_CERTIFICATE, flags);
  properties[PROP_UNCONFIRMED_DOMAIN] = g_param_spec_string ("unconfirmed-domain", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_SITE_STATE, PORCH_SITE_CREATING, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_CREATED] = g_param_spec_boxed ("created", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_LAST_PUBLISHED] = g_param_spec_boxed ("last-published", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_LIVE_RELEASE] = g_param_spec_string ("live-release", NULL, NULL, NULL, flags);
  properties[PROP_UNREAD_COUNT] = g_param_spec_uint ("unread-count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_FORM] = g_param_spec_boxed ("form", NULL, NULL, PORCH_TYPE_FORM, flags);
  properties[PROP_FORM_ENABLED] = g_param_spec_boolean ("form-enabled", NULL, NULL, FALSE, flags);
  properties[PROP_FORM_PATH] = g_param_spec_string ("form-path", NULL, NULL, NULL, flags);
  properties[PROP_MAIL_TO] = g_param_spec_string ("mail-to", NULL, NULL, NULL, flags);
  properties[PROP_FOLDER] = g_param_spec_object ("folder", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_OPERATION] = g_param_spec_object ("operation", NULL, NULL, PORCH_TYPE_OPERATION, flags);
  properties[PROP_RELEASES] = g_param_spec_object ("releases", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_DRAFTS] = g_param_spec_object ("drafts", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_KEPT_VERSIONS] =
    g_param_spec_uint ("kept-versions", NULL, NULL, PORCH_SITE_MIN_KEPT_VERSIONS, PORCH_SITE_MAX_KEPT_VERSIONS,
                       PORCH_SITE_DEFAULT_KEPT_VERSIONS, flags);
  properties[PROP_SINGLE_PAGE] = g_param_spec_boolean ("single-page", NULL, NULL, FALSE, flags);
  properties[PROP_TREATMENTS] = g_param_spec_boxed ("treatments", NULL, NULL, PORCH_TYPE_TREATMENTS, flags);
  properties[PROP_MESSAGES] = g_param_spec_object ("messages", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_INBOX] = g_param_spec_object ("inbox", NULL, NULL, PORCH_TYPE_INBOX, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_site_init (PorchSite *self)
{
  self->outputs = json_object_new ();
  self->form = porch_form_new ();
  self->kept_versions = PORCH_SITE_DEFAULT_KEPT_VERSIONS;
}

PorchSite *
porch_site_new (PorchEngine  *engine,
                PorchAccount *account,
                const char   *id,
                const char   *name,
                const char   *region)
{
  PorchSite *self = g_object_new (PORCH_TYPE_SITE, NULL);

  g_set_weak_pointer (&self->engine, engine);
  self->store = g_object_ref (porch_engine_get_store (engine));
  self->account = g_object_ref (account);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->region = g_strdup (region);
  self->slug = g_strdup ("");
  self->created = g_date_time_new_now_utc ();
  self->history = porch_history_new (self->store, id);
  self->inbox = porch_inbox_new (self);

  return self;
}

void
porch_site_set_time (PorchSite   *self,
                     GDateTime  **where,
                     gint64       seconds,
                     const char  *property)
{
  if ((*where != NULL ? g_date_time_to_unix (*where) : 0) == seconds)
    return;

  g_clear_pointer (where, g_date_time_unref);
  *where = seconds > 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;
  g_object_notify (G_OBJECT (self), property);
}

/* Keeps a change that nobody waits for; the worst that a failure costs is one more question to the cloud */
static void
save_later (PorchSite *self)
{
  dex_future_disown (porch_site_save (self));
}

void
porch_site_set_state (PorchSite      *self,
                      PorchSiteState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  notify (self, PROP_STATE);
}

void
porch_site_set_problem (PorchSite    *self,
                        const GError *error)
{
  g_autoptr(PorchProblem) problem = error != NULL ? porch_problem_from_error (error) : NULL;

  if (g_set_object (&self->problem, problem))
    notify (self, PROP_PROBLEM);
}

void
porch_site_set_operation (PorchSite      *self,
                          PorchOperation *operation)
{
  if (g_set_object (&self->operation, operation))
    notify (self, PROP_OPERATION);
}

void
porch_site_set_stack_name (PorchSite  *self,
                           const char *name)
{
  g_set_str (&self->stack, name);
}

void
porch_site_set_name (PorchSite  *self,
                     const char *name)
{
  g_autofree char *clean = g_strstrip (g_strdup (name));

  if (g_set_str (&self->name, clean))
    notify (self, PROP_NAME);
}

void
porch_site_set_slug (PorchSite  *self,
                     const char *slug)
{
  if (g_set_str (&self->slug, slug))
    notify (self, PROP_SLUG);
}

/* Swallows @form */
void
porch_site_take_form (PorchSite *self,
                      PorchForm *form)
{
  g_autoptr(PorchForm) before = self->form;
  g_autofree char *mail_to = porch_form_dup_mail_to (form);

  self->form = form;

  if (porch_form_equal (before, form))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  notify (self, PROP_FORM);

  if (porch_form_get_enabled (before) != porch_form_get_enabled (form))
    notify (self, PROP_FORM_ENABLED);

  if (!g_str_equal (porch_form_get_path (before), porch_form_get_path (form)))
    notify (self, PROP_FORM_PATH);

  if (g_set_str (&self->mail_to, *mail_to != '\0' ? mail_to : NULL))
    notify (self, PROP_MAIL_TO);

  g_object_thaw_notify (G_OBJECT (self));
}

void
porch_site_set_unread (PorchSite *self,
                       guint      unread)
{
  if (self->unread == unread)
    return;

  self->unread = unread;
  notify (self, PROP_UNREAD_COUNT);
}

gint64
porch_site_get_synced (PorchSite *self)
{
  return self->synced;
}

void
porch_site_set_synced (PorchSite *self,
                       gint64     synced)
{
  self->synced = synced;
}

/* What the resources say about the site: where everything is, and how the form is set. */
void
porch_site_take_answer (PorchSite *self,
                        AwsStack  *answer)
{
  static const char * const keys[] = { "Bucket", "DistributionId", "DistributionHost", "StoreArn", "PublisherRole",
                                       "EdgeFunction", "Table", "ApiHost" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *value = aws_stack_get_output (answer, keys[i]);

      if (value != NULL)
        json_object_set_string_member (self->outputs, keys[i], value);
      else if (g_str_equal (keys[i], "StoreArn") || g_str_equal (keys[i], "PublisherRole"))
        json_object_remove_member (self->outputs, keys[i]);
    }

  json_object_set_string_member (self->outputs, "Stack", aws_stack_get_id (answer));
  g_set_str (&self->stack, aws_stack_get_name (answer));
  porch_site_take_form (self, porch_form_new_from_stack (answer));
  porch_site_update_address (self);
}

/* The port of the practice cloud may differ from one start to the next. */
void
porch_site_update_address (PorchSite *self)
{
  const char *host = aws_json_get_string (self->outputs, "DistributionHost");
  g_autofree char *free_address = host != NULL ? porch_account_dup_address (self->account, host) : NULL;
  g_autofree char *own_address = NULL;

  /* Until the own address has worked once, it is not the one to share */
  if (self->last_address != NULL && porch_address_get_state (self->last_address) != PORCH_ADDRESS_SETTING_UP)
    own_address = porch_account_dup_address (self->account, porch_address_get_ascii (self->last_address));

  if (g_set_str (&self->free_address, free_address))
    notify (self, PROP_FREE_ADDRESS);

  if (g_set_str (&self->address, own_address != NULL ? own_address : free_address))
    notify (self, PROP_ADDRESS);

  porch_history_set_address (self->history, self->address);
}

/* Takes over the own address; NULL if there is only the free one. */
void
porch_site_set_own_address (PorchSite    *self,
                            PorchAddress *address)
{
  if (porch_address_equal (self->own_address, address))
    return;

  g_clear_pointer (&self->own_address, porch_address_unref);
  self->own_address = address != NULL ? porch_address_ref (address) : NULL;
  notify (self, PROP_OWN_ADDRESS);

  if (address == NULL || porch_address_get_state (address) != PORCH_ADDRESS_SETTING_UP)
    porch_site_set_last_address (self, address);

  if (address == NULL)
    porch_site_set_certificate (self, NULL);
}

/* The own address that worked last, which may still be the one to share while another is set up. */
PorchAddress *
porch_site_get_last_address (PorchSite *self)
{
  return self->last_address;
}

void
porch_site_set_last_address (PorchSite    *self,
                             PorchAddress *address)
{
  if (porch_address_equal (self->last_address, address))
    return;

  g_clear_pointer (&self->last_address, porch_address_unref);
  self->last_address = address != NULL ? porch_address_ref (address) : NULL;
  porch_site_update_address (self);
}

void
porch_site_set_certificate (PorchSite        *self,
                            PorchCertificate *certificate)
{
  if (g_set_object (&self->certificate, certificate))
    notify (self, PROP_CERTIFICATE);
}

/**
 * porch_site_get_id:
 * @self: a site
 *
 * Returns: (transfer none): what it is called in scripts, in the store and on its resources
 */
const char *
porch_site_get_id (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->id;
}

/**
 * porch_site_get_name:
 * @self: a site
 *
 * Returns: (transfer none): what the person calls it
 */
const char *
porch_site_get_name (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->name;
}

/**
 * porch_site_get_slug:
 * @self: a site
 *
 * Returns: (transfer none): its name as it appears in addresses
 */
const char *
porch_site_get_slug (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->slug;
}

/**
 * porch_site_get_account:
 * @self: a site
 *
 * Returns: (transfer none): where it lives
 */
PorchAccount *
porch_site_get_account (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->account;
}

/**
 * porch_site_get_region:
 * @self: a site
 *
 * Returns: (transfer none): its region
 */
const char *
porch_site_get_region (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->region;
}

/**
 * porch_site_get_address:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the address to open in a browser: the own one once it works, else the free one;
 *   `NULL` as long as there is none
 */
const char *
porch_site_get_address (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->address;
}

/**
 * porch_site_get_free_address:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the address that came with the site, `NULL` as long as there is none
 */
const char *
porch_site_get_free_address (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->free_address;
}

/**
 * porch_site_get_own_address:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the address with a name of the owner's, from the moment at which it begins to be
 *   set up; `NULL` if there is only the free one
 */
PorchAddress *
porch_site_get_own_address (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->own_address;
}

/**
 * porch_site_get_certificate:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the certificate of its own address as the last refresh saw it
 */
PorchCertificate *
porch_site_get_certificate (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->certificate;
}

/**
 * porch_site_get_doctor:
 * @self: a site
 *
 * Returns: (transfer none): what looks after its own address; the same one each time
 */
PorchDomainDoctor *
porch_site_get_doctor (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  if (self->doctor == NULL)
    self->doctor = porch_domain_doctor_new (self);

  return self->doctor;
}

/**
 * porch_site_get_state:
 * @self: a site
 *
 * Returns: what it is to its owner
 */
PorchSiteState
porch_site_get_state (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), PORCH_SITE_UNREACHABLE);

  return self->state;
}

/**
 * porch_site_get_problem:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): why the last refresh failed
 */
PorchProblem *
porch_site_get_problem (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->problem;
}

/**
 * porch_site_get_created:
 * @self: a site
 *
 * Returns: (transfer none): when it was made
 */
GDateTime *
porch_site_get_created (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->created;
}

/**
 * porch_site_get_last_published:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): when what visitors see was last changed
 */
GDateTime *
porch_site_get_last_published (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->published;
}

/**
 * porch_site_get_live_release:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the release that visitors see
 */
const char *
porch_site_get_live_release (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->live;
}

/**
 * porch_site_get_unread_count:
 * @self: a site
 *
 * Returns: how many messages nobody has read
 */
guint
porch_site_get_unread_count (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), 0);

  return self->unread;
}

/**
 * porch_site_get_form_enabled:
 * @self: a site
 *
 * Returns: whether it takes messages
 */
gboolean
porch_site_get_form_enabled (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), FALSE);

  return porch_form_get_enabled (self->form);
}

/**
 * porch_site_get_form:
 * @self: a site
 *
 * Returns: (transfer none): how it takes messages
 */
PorchForm *
porch_site_get_form (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->form;
}

/**
 * porch_site_get_form_path:
 * @self: a site
 *
 * Returns: (transfer none): where its form is sent to
 */
const char *
porch_site_get_form_path (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return porch_form_get_path (self->form);
}

/**
 * porch_site_get_mail_to:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): who is told about messages
 */
const char *
porch_site_get_mail_to (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->mail_to;
}

/**
 * porch_site_get_folder:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the folder that was published last
 */
GFile *
porch_site_get_folder (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->folder;
}

/**
 * porch_site_get_operation:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): what is underway with it, or waits to be taken up again
 */
PorchOperation *
porch_site_get_operation (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->operation;
}

/**
 * porch_site_get_releases:
 * @self: a site
 *
 * Returns: (transfer none): a list of [class@Porch.Release], newest first
 */
GListModel *
porch_site_get_releases (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return G_LIST_MODEL (self->history);
}

/**
 * porch_site_get_drafts:
 * @self: a site
 *
 * Returns: (transfer none): a list of [class@Porch.Draft], the first to end comes first
 */
GListModel *
porch_site_get_drafts (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->history != NULL ? porch_history_get_drafts (self->history) : NULL;
}

/**
 * porch_site_get_messages:
 * @self: a site
 *
 * Returns: (transfer none): a list of [class@Porch.Message], newest first, as its inbox shows them
 */
GListModel *
porch_site_get_messages (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->inbox != NULL ? porch_inbox_get_messages (self->inbox) : NULL;
}

/**
 * porch_site_get_history:
 * @self: a site
 *
 * Returns: (transfer none): its releases
 */
PorchHistory *
porch_site_get_history (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->history;
}

/**
 * porch_site_get_inbox:
 * @self: a site
 *
 * Returns: (transfer none): its messages
 */
PorchInbox *
porch_site_get_inbox (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->inbox;
}

/**
 * porch_site_set_folder:
 * @self: a site
 * @folder: (nullable): a folder
 *
 * Remembers the folder that was published last.
 */
void
porch_site_set_folder (PorchSite *self,
                       GFile     *folder)
{
  g_return_if_fail (PORCH_IS_SITE (self));

  if (!g_set_object (&self->folder, folder))
    return;

  notify (self, PROP_FOLDER);
  save_later (self);
}

/**
 * porch_site_set_live:
 * @self: a site
 * @release: (nullable): the release that visitors see now
 * @date: (nullable): when it went live, `NULL` if that is not known
 *
 * Takes over what is live.
 */
void
porch_site_set_live (PorchSite    *self,
                     PorchRelease *release,
                     GDateTime    *date)
{
  gboolean is_other;

  g_return_if_fail (PORCH_IS_SITE (self));

  is_other = g_set_str (&self->live, release != NULL ? porch_release_get_id (release) : NULL);

  if (is_other)
    notify (self, PROP_LIVE_RELEASE);

  if (date == NULL && release != NULL)
    date = is_other || self->published == NULL ? porch_release_get_date (release) : self->published;

  porch_site_set_time (self, &self->published, date != NULL ? g_date_time_to_unix (date) : 0, "last-published");

  if (self->state != PORCH_SITE_CREATING && self->state != PORCH_SITE_DELETING)
    porch_site_set_state (self, release != NULL ? PORCH_SITE_LIVE : PORCH_SITE_EMPTY);

  save_later (self);
}

/**
 * porch_site_get_engine:
 * @self: a site
 *
 * Returns: (transfer none): the engine it belongs to
 */
PorchEngine *
porch_site_get_engine (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->engine;
}

/**
 * porch_site_get_store:
 * @self: a site
 *
 * Returns: (transfer none): the local record
 */
PorchStore *
porch_site_get_store (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->store;
}

/**
 * porch_site_dup_client:
 * @self: a site
 *
 * Returns: (transfer full): a client for its account and region
 */
AwsClient *
porch_site_dup_client (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return porch_account_dup_client_for_region (self->account, self->region);
}

/**
 * porch_site_dup_address_client:
 * @self: a site
 *
 * Returns: (transfer full): a client for what addresses are made of: zones, domains and certificates, wherever the site is
 */
AwsClient *
porch_site_dup_address_client (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return porch_account_dup_client_for_region (self->account, PORCH_CERTIFICATE_REGION);
}

/**
 * porch_site_dup_dns:
 * @self: a site
 *
 * Returns: (transfer full): what asks the name servers of the internet, or of the practice cloud's internet for a site there
 */
PorchDns *
porch_site_dup_dns (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return porch_engine_dup_dns (self->engine, self->account);
}

/**
 * porch_site_get_stack:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the name of its stack
 */
const char *
porch_site_get_stack (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return self->stack;
}

/**
 * porch_site_get_bucket:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): where its files are
 */
const char *
porch_site_get_bucket (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return aws_json_get_string (self->outputs, "Bucket");
}

/**
 * porch_site_get_distribution_host:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the host of its free address; in the practice cloud with a port
 */
const char *
porch_site_get_distribution_host (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return aws_json_get_string (self->outputs, "DistributionHost");
}

/**
 * porch_site_get_store_arn:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): where the pointer to the live release is
 */
const char *
porch_site_get_store_arn (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return aws_json_get_string (self->outputs, "StoreArn");
}

/**
 * porch_site_get_edge_function:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the function of the edge, which holds the pointer where there is no store
 */
const char *
porch_site_get_edge_function (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return aws_json_get_string (self->outputs, "EdgeFunction");
}

/**
 * porch_site_get_distribution:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the id of its distribution
 */
const char *
porch_site_get_distribution (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return aws_json_get_string (self->outputs, "DistributionId");
}

/**
 * porch_site_get_publisher_role:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): the role that may switch the live release
 */
const char *
porch_site_get_publisher_role (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return aws_json_get_string (self->outputs, "PublisherRole");
}

/**
 * porch_site_get_table:
 * @self: a site
 *
 * Returns: (transfer none) (nullable): where its messages are
 */
const char *
porch_site_get_table (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return aws_json_get_string (self->outputs, "Table");
}
