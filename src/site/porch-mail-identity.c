/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-mail-identity.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-site.h"
#include "porch-stack.h"

#include "aws-error.h"
#include "aws-sesv2.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Between two looks while somebody has to open a link, in seconds; longer from look to look */
#define FIRST_PAUSE  3.0
#define LAST_PAUSE  60.0
#define QUICK_PAUSE  0.5
#define QUICK_LAST   3.0
#define PAUSE_GROWTH 1.3

/* The service informs at most so many addresses of its answer */
#define MAX_CONTACTS 4

/**
 * PorchMailIdentity:
 *
 * A mail address of a form, and whether whoever reads its mail has confirmed it.
 */
struct _PorchMailIdentity
{
  GObject                 parent_instance;

  char                   *mail;
  PorchMailIdentityState  state;
  gboolean                is_known;     /* the service knows the very address, and not only its domain */
  gboolean                is_needed;
  gboolean                is_recipient; /* and not only where mails come from */
};

/**
 * PorchMailIdentities:
 *
 * The mail addresses of a site's form. Mails come from a confirmed one only; as long as the account is new, they also go
 * to confirmed ones only.
 */
struct _PorchMailIdentities
{
  GObject       parent_instance;

  PorchSite    *site;
  GPtrArray    *identities;
  GStrv         mails;        /* NULL: those of the site's form */
  PorchProblem *problem;
  DexFuture    *looking;
  char         *review;
  double        pause;
  guint         timer;
  guint         has_looked   : 1;
  guint         is_sandbox   : 1;
  guint         can_send     : 1;
  guint         is_watching  : 1;
};

enum
{
  IDENTITY_PROP_MAIL = 1,
  IDENTITY_PROP_STATE,
  IDENTITY_PROP_NEEDED,
  N_IDENTITY_PROPS
};

enum
{
  PROP_SITE = 1,
  PROP_LOOKED,
  PROP_SANDBOX,
  PROP_CAN_SEND,
  PROP_READY,
  PROP_REVIEW,
  PROP_PROBLEM,
  PROP_WATCHING,
  N_PROPS
};

static GParamSpec *identity_properties[N_IDENTITY_PROPS];
static GParamSpec *properties[N_PROPS];

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_ENUM_TYPE (PorchMailIdentityState, porch_mail_identity_state,
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_IDENTITY_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_IDENTITY_NOT_ASKED, "not-asked"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_IDENTITY_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_IDENTITY_CONFIRMED, "confirmed"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_IDENTITY_EXPIRED, "expired"),
                    G_DEFINE_ENUM_VALUE (PORCH_MAIL_IDENTITY_RETURNED, "returned"))

G_DEFINE_FINAL_TYPE (PorchMailIdentity, porch_mail_identity, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (PorchMailIdentities, porch_mail_identities, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

/* One address */

static void
porch_mail_identity_finalize (GObject *object)
{
  g_free (PORCH_MAIL_IDENTITY (object)->mail);

  G_OBJECT_CLASS (porch_mail_identity_parent_class)->finalize (object);
}

static void
porch_mail_identity_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchMailIdentity *self = PORCH_MAIL_IDENTITY (object);

  switch (prop_id)
    {
    case IDENTITY_PROP_MAIL:
      g_value_set_string (value, self->mail);
      break;
    case IDENTITY_PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case IDENTITY_PROP_NEEDED:
      g_value_set_boolean (value, self->is_needed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_mail_identity_class_init (PorchMailIdentityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = porch_mail_identity_finalize;
  object_class->get_property = porch_mail_identity_get_property;

  identity_properties[IDENTITY_PROP_MAIL] = g_param_spec_string ("mail", NULL, NULL, NULL, flags);
  identity_properties[IDENTITY_PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_MAIL_IDENTITY_STATE, PORCH_MAIL_IDENTITY_UNKNOWN, flags);
  identity_properties[IDENTITY_PROP_NEEDED] = g_param_spec_boolean ("needed", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_IDENTITY_PROPS, identity_properties);
}

static void
porch_mail_identity_init (PorchMailIdentity *self)
{
}

static void
set_state (PorchMailIdentity      *self,
           PorchMailIdentityState  state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), identity_properties[IDENTITY_PROP_STATE]);
}

static void
set_needed (PorchMailIdentity *self,
            gboolean           needed)
{
  if (self->is_needed == needed)
    return;

  self->is_needed = needed;
  g_object_notify_by_pspec (G_OBJECT (self), identity_properties[IDENTITY_PROP_NEEDED]);
}

/**
 * porch_mail_identity_get_mail:
 * @self: an address
 *
 * Returns: (transfer none): the address
 */
const char *
porch_mail_identity_get_mail (PorchMailIdentity *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITY (self), NULL);

  return self->mail;
}

/**
 * porch_mail_identity_get_state:
 * @self: an address
 *
 * Returns: whether it was confirmed
 */
PorchMailIdentityState
porch_mail_identity_get_state (PorchMailIdentity *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITY (self), PORCH_MAIL_IDENTITY_UNKNOWN);

  return self->state;
}

/**
 * porch_mail_identity_get_needed:
 * @self: an address that was looked at
 *
 * Returns: whether it has to be confirmed before mails go there or come from there
 */
gboolean
porch_mail_identity_get_needed (PorchMailIdentity *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITY (self), FALSE);

  return self->is_needed;
}

/**
 * porch_mail_identity_dup_sentence:
 * @self: an address
 *
 * Returns: (transfer full): how it is with the address, for people
 */
char *
porch_mail_identity_dup_sentence (PorchMailIdentity *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITY (self), NULL);

  if (self->state == PORCH_MAIL_IDENTITY_CONFIRMED)
    return g_strdup (_("Confirmed"));
  if (self->state == PORCH_MAIL_IDENTITY_RETURNED)
    return g_strdup (_("A mail came back from there, so that the provider sends no more to it. Choose another address."));
  if (self->state == PORCH_MAIL_IDENTITY_UNKNOWN)
    return g_strdup (_("Not checked yet"));
  if (!self->is_needed)
    return g_strdup (_("Gets mail, without confirming"));
  if (self->state == PORCH_MAIL_IDENTITY_WAITING)
    return g_strdup (_("A mail was sent there. Open the link in it."));
  if (self->state == PORCH_MAIL_IDENTITY_EXPIRED)
    return g_strdup (_("The link was not opened in time. Send the mail again."));

  return g_strdup (_("Not confirmed yet"));
}

/* All of a form */

static GType
get_item_type (GListModel *model)
{
  return PORCH_TYPE_MAIL_IDENTITY;
}

static guint
get_n_items (GListModel *model)
{
  return PORCH_MAIL_IDENTITIES (model)->identities->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  PorchMailIdentities *self = PORCH_MAIL_IDENTITIES (model);

  return position < self->identities->len ? g_object_ref (g_ptr_array_index (self->identities, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
porch_mail_identities_dispose (GObject *object)
{
  PorchMailIdentities *self = PORCH_MAIL_IDENTITIES (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  dex_clear (&self->looking);
  g_clear_object (&self->site);
  g_clear_object (&self->problem);

  G_OBJECT_CLASS (porch_mail_identities_parent_class)->dispose (object);
}

static void
porch_mail_identities_finalize (GObject *object)
{
  PorchMailIdentities *self = PORCH_MAIL_IDENTITIES (object);

  g_ptr_array_unref (self->identities);
  g_strfreev (self->mails);
  g_free (self->review);

  G_OBJECT_CLASS (porch_mail_identities_parent_class)->finalize (object);
}

static void
porch_mail_identities_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  PorchMailIdentities *self = PORCH_MAIL_IDENTITIES (object);

  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, self->site);
      break;
    case PROP_LOOKED:
      g_value_set_boolean (value, self->has_looked);
      break;
    case PROP_SANDBOX:
      g_value_set_boolean (value, self->is_sandbox);
      break;
    case PROP_CAN_SEND:
      g_value_set_boolean (value, self->can_send);
      break;
    case PROP_READY:
      g_value_set_boolean (value, porch_mail_identities_get_ready (self));
      break;
    case PROP_REVIEW:
      g_value_set_string (value, self->review);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, self->problem);
      break;
    case PROP_WATCHING:
      g_value_set_boolean (value, self->is_watching);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_mail_identities_class_init (PorchMailIdentitiesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = porch_mail_identities_dispose;
  object_class->finalize = porch_mail_identities_finalize;
  object_class->get_property = porch_mail_identities_get_property;

  properties[PROP_SITE] = g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE, flags);
  properties[PROP_LOOKED] = g_param_spec_boolean ("looked", NULL, NULL, FALSE, flags);
  properties[PROP_SANDBOX] = g_param_spec_boolean ("sandbox", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_SEND] = g_param_spec_boolean ("can-send", NULL, NULL, TRUE, flags);
  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);
  properties[PROP_REVIEW] = g_param_spec_string ("review", NULL, NULL, NULL, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_WATCHING] = g_param_spec_boolean ("watching", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_mail_identities_init (PorchMailIdentities *self)
{
  self->identities = g_ptr_array_new_with_free_func (g_object_unref);
  self->can_send = TRUE;
}

static PorchMailIdentity *
find_listed (PorchMailIdentities *self,
             const char          *mail)
{
  for (guint i = 0; i < self->identities->len; i++)
    {
      PorchMailIdentity *identity = g_ptr_array_index (self->identities, i);

      if (g_ascii_strcasecmp (identity->mail, mail) == 0)
        return identity;
    }

  return NULL;
}

static void
add_mail (PorchMailIdentities *self,
          const char          *mail,
          gboolean             is_recipient)
{
  PorchMailIdentity *identity;

  if (mail == NULL || *mail == '\0')
    return;

  if ((identity = find_listed (self, mail)) == NULL)
    {
      identity = g_object_new (PORCH_TYPE_MAIL_IDENTITY, NULL);
      identity->mail = g_strdup (mail);
      identity->is_needed = self->identities->len == 0;
      g_ptr_array_add (self->identities, identity);
    }

  identity->is_recipient |= is_recipient;
}

/* The sender comes first. */
static void
fill (PorchMailIdentities *self)
{
  PorchForm *form = porch_site_get_form (self->site);
  const char * const *mails = self->mails != NULL ? (const char * const *) self->mails : porch_form_get_mails (form);
  guint n_before = self->identities->len;

  g_ptr_array_set_size (self->identities, 0);

  if (self->mails == NULL)
    add_mail (self, porch_form_get_sender (form), FALSE);

  for (guint i = 0; mails[i] != NULL; i++)
    add_mail (self, mails[i], TRUE);

  self->has_looked = FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->identities->len);
}

static gboolean
has_same_mails (PorchMailIdentities *self,
                GPtrArray           *before)
{
  if (before->len != self->identities->len)
    return FALSE;

  for (guint i = 0; i < before->len; i++)
    if (g_strcmp0 (PORCH_MAIL_IDENTITY (g_ptr_array_index (before, i))->mail,
                   PORCH_MAIL_IDENTITY (g_ptr_array_index (self->identities, i))->mail) != 0)
      return FALSE;

  return TRUE;
}

static void
form_changed_cb (PorchMailIdentities *self)
{
  if (self->mails != NULL || self->site == NULL)
    return;

  fill (self);

  if (self->is_watching)
    {
      porch_mail_identities_set_watching (self, FALSE);
      porch_mail_identities_set_watching (self, TRUE);
    }
}

/**
 * porch_mail_identities_new:
 * @site: a site
 *
 * Returns: (transfer full): the addresses of its form, the sender first; nothing is asked yet
 */
PorchMailIdentities *
porch_mail_identities_new (PorchSite *site)
{
  PorchMailIdentities *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_MAIL_IDENTITIES, NULL);
  self->site = g_object_ref (site);
  g_signal_connect_object (site, "notify::form", G_CALLBACK (form_changed_cb), self, G_CONNECT_SWAPPED);
  fill (self);

  return self;
}

/**
 * porch_mail_identities_get_site:
 * @self: addresses
 *
 * Returns: (transfer none): whose form it is
 */
PorchSite *
porch_mail_identities_get_site (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), NULL);

  return self->site;
}

/**
 * porch_mail_identities_set_mails:
 * @self: addresses
 * @mails: (nullable) (array zero-terminated=1): others than those of the form, the sender first
 *
 * Looks after other addresses, such as those that somebody is choosing.
 */
void
porch_mail_identities_set_mails (PorchMailIdentities *self,
                                 const char * const  *mails)
{
  g_return_if_fail (PORCH_IS_MAIL_IDENTITIES (self));

  g_strfreev (self->mails);
  self->mails = g_strdupv ((char **) mails);
  fill (self);
}

/**
 * porch_mail_identities_get_looked:
 * @self: addresses
 *
 * Returns: whether the cloud has told how it is with them
 */
gboolean
porch_mail_identities_get_looked (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), FALSE);

  return self->has_looked;
}

/**
 * porch_mail_identities_get_sandbox:
 * @self: addresses that were looked at
 *
 * Returns: whether mails of this account go to confirmed addresses only, as they do where the account is new
 */
gboolean
porch_mail_identities_get_sandbox (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), FALSE);

  return self->is_sandbox;
}

/**
 * porch_mail_identities_get_can_send:
 * @self: addresses that were looked at
 *
 * Returns: whether the account may send mail at all; it may be kept from it after complaints
 */
gboolean
porch_mail_identities_get_can_send (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), FALSE);

  return self->can_send;
}

static gboolean
is_hindered (PorchMailIdentity *identity)
{
  return identity->state == PORCH_MAIL_IDENTITY_RETURNED ||
         (identity->is_needed && identity->state != PORCH_MAIL_IDENTITY_CONFIRMED);
}

/**
 * porch_mail_identities_get_ready:
 * @self: addresses
 *
 * Returns: whether all of them get mail
 */
gboolean
porch_mail_identities_get_ready (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), FALSE);

  if (!self->has_looked || !self->can_send || self->identities->len == 0)
    return FALSE;

  for (guint i = 0; i < self->identities->len; i++)
    if (is_hindered (g_ptr_array_index (self->identities, i)))
      return FALSE;

  return TRUE;
}

/**
 * porch_mail_identities_get_hindrance:
 * @self: addresses
 *
 * Returns: (transfer none) (nullable): the first of them that gets no mail, or that none can come from; %NULL if all is
 *   well, or not known
 */
PorchMailIdentity *
porch_mail_identities_get_hindrance (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), NULL);

  for (guint i = 0; self->has_looked && i < self->identities->len; i++)
    if (is_hindered (g_ptr_array_index (self->identities, i)))
      return g_ptr_array_index (self->identities, i);

  return NULL;
}

/**
 * porch_mail_identities_get_review:
 * @self: addresses that were looked at
 *
 * Returns: (transfer none) (nullable): how it is with asking that mails may go to everybody: `PENDING`, `GRANTED`,
 *   `DENIED` or `FAILED`; %NULL if nobody asked
 */
const char *
porch_mail_identities_get_review (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), NULL);

  return self->review;
}

/**
 * porch_mail_identities_needs_production:
 * @self: addresses that were looked at
 *
 * A mail from the owner's confirmed address to itself goes for ever. Only where others are to get mails too, and have not
 * confirmed, it matters that the account is new.
 *
 * Returns: whether somebody gets no mails because the account is new
 */
gboolean
porch_mail_identities_needs_production (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), FALSE);

  for (guint i = 1; self->is_sandbox && i < self->identities->len; i++)
    {
      PorchMailIdentityState state = PORCH_MAIL_IDENTITY (g_ptr_array_index (self->identities, i))->state;

      if (state != PORCH_MAIL_IDENTITY_CONFIRMED && state != PORCH_MAIL_IDENTITY_RETURNED)
        return TRUE;
    }

  return FALSE;
}

/**
 * porch_mail_identities_get_problem:
 * @self: addresses
 *
 * Returns: (transfer none) (nullable): why the last look told nothing
 */
PorchProblem *
porch_mail_identities_get_problem (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), NULL);

  return self->problem;
}

static PorchMailIdentityState
to_state (AwsEmailIdentity *answer)
{
  const char *status = aws_email_identity_get_status (answer);

  if (aws_email_identity_is_verified (answer))
    return PORCH_MAIL_IDENTITY_CONFIRMED;
  if (g_strcmp0 (status, "FAILED") == 0 || g_strcmp0 (status, "NOT_STARTED") == 0)
    return PORCH_MAIL_IDENTITY_EXPIRED;

  return PORCH_MAIL_IDENTITY_WAITING;
}

/* NULL without an error: not known */
static AwsEmailIdentity *
await_identity (AwsClient   *client,
                const char  *name,
                GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  AwsEmailIdentity *answer = dex_await_boxed (aws_sesv2_get_identity (client, name), &local_error);

  if (answer == NULL && !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));

  return answer;
}

/* Whoever owns the domain has confirmed all its addresses. */
static gboolean
await_domain (AwsClient          *client,
              PorchMailIdentity  *identity,
              gboolean           *is_confirmed,
              GError            **error)
{
  const char *at = strrchr (identity->mail, '@');
  g_autoptr(AwsEmailIdentity) answer = NULL;
  g_autoptr(GError) local_error = NULL;

  *is_confirmed = FALSE;

  if (at == NULL)
    return TRUE;

  if ((answer = await_identity (client, at + 1, &local_error)) != NULL)
    *is_confirmed = aws_email_identity_is_verified (answer);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Who may not ask, or gets no answer, learns of it when a mail is missed */
static gboolean
await_returned (AwsClient         *client,
                PorchMailIdentity *identity)
{
  g_autoptr(GError) error = NULL;

  return identity->is_recipient && dex_await_boolean (aws_sesv2_is_suppressed (client, identity->mail), &error);
}

static gboolean
await_look (AwsClient          *client,
            PorchMailIdentity  *identity,
            GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(AwsEmailIdentity) answer = await_identity (client, identity->mail, &local_error);
  PorchMailIdentityState state = answer != NULL ? to_state (answer) : PORCH_MAIL_IDENTITY_NOT_ASKED;
  gboolean is_confirmed;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  identity->is_known = answer != NULL;

  if (state != PORCH_MAIL_IDENTITY_CONFIRMED)
    {
      if (!await_domain (client, identity, &is_confirmed, error))
        return FALSE;
      if (is_confirmed)
        state = PORCH_MAIL_IDENTITY_CONFIRMED;
    }

  if ((state == PORCH_MAIL_IDENTITY_CONFIRMED || !identity->is_needed) && await_returned (client, identity))
    state = PORCH_MAIL_IDENTITY_RETURNED;

  set_state (identity, state);

  return TRUE;
}

static void
set_flag (PorchMailIdentities *self,
          gboolean             is_set,
          gboolean             value,
          guint                property)
{
  if (is_set != value)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
take_account (PorchMailIdentities *self,
              AwsEmailAccount     *account)
{
  gboolean was_sandbox = self->is_sandbox;
  gboolean could_send = self->can_send;

  self->is_sandbox = !aws_email_account_has_production_access (account);
  self->can_send = aws_email_account_can_send (account);
  set_flag (self, was_sandbox, self->is_sandbox, PROP_SANDBOX);
  set_flag (self, could_send, self->can_send, PROP_CAN_SEND);

  if (g_set_str (&self->review, aws_email_account_get_review_status (account)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVIEW]);
}

/* Others may be chosen while the cloud is asked. */
static GPtrArray *
hold_all (PorchMailIdentities *self)
{
  GPtrArray *identities = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->identities->len; i++)
    g_ptr_array_add (identities, g_object_ref (g_ptr_array_index (self->identities, i)));

  return identities;
}

static gboolean
await_all (PorchMailIdentities  *self,
           AwsClient            *client,
           GError              **error)
{
  g_autoptr(GPtrArray) identities = hold_all (self);
  g_autoptr(AwsEmailAccount) account = dex_await_boxed (aws_sesv2_get_account (client), error);

  if (account == NULL)
    return FALSE;

  for (guint i = 0; i < identities->len; i++)
    if (!await_look (client, g_ptr_array_index (identities, i), error))
      return FALSE;

  take_account (self, account);

  for (guint i = 0; i < identities->len; i++)
    set_needed (g_ptr_array_index (identities, i), i == 0 || self->is_sandbox);

  /* Others were chosen meanwhile: they are looked at next time */
  if (has_same_mails (self, identities))
    self->has_looked = TRUE;

  return TRUE;
}

static void
set_problem (PorchMailIdentities *self,
             const GError        *error)
{
  g_autoptr(PorchProblem) problem = error != NULL ? porch_problem_from_error (error) : NULL;

  if (g_set_object (&self->problem, problem))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static DexFuture *
look_fiber (gpointer user_data)
{
  PorchMailIdentities *self = user_data;
  g_autoptr(AwsClient) client = self->site != NULL ? porch_site_dup_client (self->site) : NULL;
  gboolean was_ready = porch_mail_identities_get_ready (self);
  gboolean had_looked = self->has_looked;
  g_autoptr(GError) error = NULL;

  if (client == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s", _("The site is gone."));

  await_all (self, client, &error);
  set_problem (self, error);
  set_flag (self, had_looked, self->has_looked, PROP_LOOKED);
  set_flag (self, was_ready, porch_mail_identities_get_ready (self), PROP_READY);

  return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : dex_future_new_true ();
}

/**
 * porch_mail_identities_look:
 * @self: addresses
 *
 * Asks the cloud how it is with them.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with an `AWS_ERROR`
 */
DexFuture *
porch_mail_identities_look (PorchMailIdentities *self)
{
  dex_return_error_if_fail (PORCH_IS_MAIL_IDENTITIES (self));

  return porch_fiber_spawn (look_fiber, g_object_ref (self), g_object_unref, NULL);
}

static gboolean
await_mail_sent (PorchMailIdentities  *self,
                 AwsClient            *client,
                 PorchMailIdentity    *identity,
                 GError              **error)
{
  const char * const tags[] = { PORCH_STACK_TAG, PORCH_STACK_TAG_VALUE, NULL };
  g_autoptr(GError) local_error = NULL;
  g_autoptr(AwsEmailIdentity) answer = NULL;

  /* The service sends its mail only when it learns of an address */
  if (identity->is_known && !dex_await (aws_sesv2_delete_identity (client, identity->mail), &local_error) &&
      !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_clear_error (&local_error);
  answer = dex_await_boxed (aws_sesv2_create_identity (client, identity->mail, tags), &local_error);

  if (answer == NULL && !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_ALREADY_EXISTS))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  identity->is_known = TRUE;
  set_state (identity, PORCH_MAIL_IDENTITY_WAITING);

  return TRUE;
}

static DexFuture *
ask_fiber (gpointer user_data)
{
  PorchMailIdentities *self = user_data;
  g_autoptr(AwsClient) client = porch_site_dup_client (self->site);
  g_autoptr(GPtrArray) identities = NULL;
  g_autoptr(GError) error = NULL;

  if (!dex_await (porch_mail_identities_look (self), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  identities = hold_all (self);

  for (guint i = 0; i < identities->len; i++)
    {
      PorchMailIdentity *identity = g_ptr_array_index (identities, i);

      if (identity->is_needed && identity->state != PORCH_MAIL_IDENTITY_CONFIRMED &&
          identity->state != PORCH_MAIL_IDENTITY_WAITING && identity->state != PORCH_MAIL_IDENTITY_RETURNED &&
          !await_mail_sent (self, client, identity, &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_true ();
}

/**
 * porch_mail_identities_ask:
 * @self: addresses
 *
 * Has a mail with a link sent to each address that must be confirmed and has none that works. To be called again it is
 * harmless.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with an `AWS_ERROR`
 */
DexFuture *
porch_mail_identities_ask (PorchMailIdentities *self)
{
  dex_return_error_if_fail (PORCH_IS_MAIL_IDENTITIES (self));

  return porch_fiber_spawn (ask_fiber, g_object_ref (self), g_object_unref, NULL);
}

typedef struct
{
  PorchMailIdentities *identities;
  char                *mail;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->identities);
  g_free (asking->mail);
  g_free (asking);
}

static PorchMailIdentity *
find (PorchMailIdentities *self,
      const char          *mail)
{
  for (guint i = 0; i < self->identities->len; i++)
    {
      PorchMailIdentity *identity = g_ptr_array_index (self->identities, i);

      if (g_str_equal (identity->mail, mail))
        return identity;
    }

  return NULL;
}

static DexFuture *
ask_again_fiber (gpointer user_data)
{
  Asking *asking = user_data;
  PorchMailIdentities *self = asking->identities;
  g_autoptr(AwsClient) client = porch_site_dup_client (self->site);
  g_autoptr(PorchMailIdentity) identity = NULL;
  g_autoptr(GError) error = NULL;

  g_set_object (&identity, find (self, asking->mail));

  if (identity == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_MAIL, _("“%s” is no address of this form."), asking->mail);

  /* The link may have been opened this moment: what is confirmed is never taken away */
  if (!await_look (client, identity, &error) ||
      (identity->state != PORCH_MAIL_IDENTITY_CONFIRMED && identity->state != PORCH_MAIL_IDENTITY_RETURNED &&
       !await_mail_sent (self, client, identity, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (self->is_watching)
    {
      porch_mail_identities_set_watching (self, FALSE);
      porch_mail_identities_set_watching (self, TRUE);
    }

  return dex_future_new_true ();
}

/**
 * porch_mail_identities_ask_again:
 * @self: addresses
 * @mail: one of them
 *
 * Has another mail with a link sent. The link of the one before does not work any more then.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with %PORCH_ERROR_MAIL or an `AWS_ERROR`
 */
DexFuture *
porch_mail_identities_ask_again (PorchMailIdentities *self,
                                 const char          *mail)
{
  Asking *asking;

  dex_return_error_if_fail (PORCH_IS_MAIL_IDENTITIES (self));
  dex_return_error_if_fail (mail != NULL);

  asking = g_new0 (Asking, 1);
  asking->identities = g_object_ref (self);
  asking->mail = g_strdup (mail);

  return porch_fiber_spawn (ask_again_fiber, asking, asking_free, NULL);
}

/* Where nobody far away is asked, nobody has to wait */
static gboolean
is_quick (PorchMailIdentities *self)
{
  return porch_account_get_endpoint (porch_site_get_account (self->site)) != NULL;
}

static gboolean timer_cb (gpointer user_data);

static DexFuture *
watched_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchMailIdentities *self = user_data;

  if (!self->is_watching || self->site == NULL)
    return NULL;

  /* Nothing is waited for any more, unless somebody waits to be let out of what binds new accounts */
  if (porch_mail_identities_get_ready (self) && g_strcmp0 (self->review, "PENDING") != 0)
    return NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (1000 * self->pause, timer_cb, self);
  self->pause = MIN (self->pause * PAUSE_GROWTH, is_quick (self) ? QUICK_LAST : LAST_PAUSE);

  return NULL;
}

static void
start_look (PorchMailIdentities *self)
{
  dex_clear (&self->looking);
  self->looking = dex_future_finally (porch_mail_identities_look (self), watched_cb, self, NULL);
}

static gboolean
timer_cb (gpointer user_data)
{
  PorchMailIdentities *self = user_data;

  self->timer = 0;
  start_look (self);

  return G_SOURCE_REMOVE;
}

/**
 * porch_mail_identities_set_watching:
 * @self: addresses
 * @watching: whether to look again and again, less and less often, until all is confirmed
 *
 * Begins or ends to watch.
 */
void
porch_mail_identities_set_watching (PorchMailIdentities *self,
                                    gboolean             watching)
{
  g_return_if_fail (PORCH_IS_MAIL_IDENTITIES (self));

  if (self->is_watching == !!watching)
    return;

  self->is_watching = !!watching;
  g_clear_handle_id (&self->timer, g_source_remove);
  dex_clear (&self->looking);

  if (self->is_watching)
    {
      self->pause = is_quick (self) ? QUICK_PAUSE : FIRST_PAUSE;
      start_look (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHING]);
}

/**
 * porch_mail_identities_get_watching:
 * @self: addresses
 *
 * Returns: whether they are watched
 */
gboolean
porch_mail_identities_get_watching (PorchMailIdentities *self)
{
  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), FALSE);

  return self->is_watching;
}

/**
 * porch_mail_identities_dup_reason:
 * @self: addresses
 *
 * Returns: (transfer full): what is true about these mails, for whoever decides whether they may go to everybody
 */
char *
porch_mail_identities_dup_reason (PorchMailIdentities *self)
{
  g_autoptr(GString) mails = g_string_new (NULL);

  g_return_val_if_fail (PORCH_IS_MAIL_IDENTITIES (self), NULL);

  for (guint i = 0; i < self->identities->len; i++)
    g_string_append_printf (mails, "%s%s", i > 0 ? ", " : "",
                            PORCH_MAIL_IDENTITY (g_ptr_array_index (self->identities, i))->mail);

  /* Read by people at the provider, in English */
  return g_strdup_printf ("The contact form of my website %s sends a mail for each message that a visitor writes. "
                          "The mails go only to those who look after the website: %s. "
                          "Visitors, customers and lists get no mail. I expect a few mails a day.",
                          porch_site_get_address (self->site), mails->str);
}

static DexFuture *
requested_cb (DexFuture *future,
              gpointer   user_data)
{
  return porch_mail_identities_look (user_data);
}

/**
 * porch_mail_identities_request_production:
 * @self: addresses
 *
 * Asks that mails may go to everybody. People at the provider decide about it, mostly within a day; they are told the
 * site's address, that its mails are no advertising, and whom to answer. See
 * [method@Porch.MailIdentities.dup_reason] for what they may want to know.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with an `AWS_ERROR`
 */
DexFuture *
porch_mail_identities_request_production (PorchMailIdentities *self)
{
  g_autoptr(AwsClient) client = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) contacts = NULL;

  dex_return_error_if_fail (PORCH_IS_MAIL_IDENTITIES (self));

  for (guint i = 0; i < MIN (self->identities->len, MAX_CONTACTS); i++)
    g_strv_builder_add (builder, PORCH_MAIL_IDENTITY (g_ptr_array_index (self->identities, i))->mail);

  client = porch_site_dup_client (self->site);
  contacts = g_strv_builder_end (builder);

  return dex_future_then (aws_sesv2_request_production_access (client, porch_site_get_address (self->site), "EN",
                                                               (const char * const *) contacts),
                          requested_cb, g_object_ref (self), g_object_unref);
}
